package arch

import (
	"fmt"
	"strings"
)

// A layer is the place of one package, or of all packages in one folder, in the
// way of the data. A package imports only layers of lower rank.
type layer struct {
	pattern string // a path in the module, "/*" for each package below it, "/..." for all of them
	rank    int
	reason  string // why it knows nothing of the layers beside and above it
}

// layers is the table of the packages.
func layers() []layer {
	return []layer{
		{"internal/arch", 0, "the rules of the module depend on none of its parts"},
		{"internal/realdata", 0, "where data stays that tests read depends on no meaning"},
		{"internal/spelling", 0, "what a word is near to depends on no meaning"},
		{"internal/strictyaml", 1, "how settings are written depends on no meaning"},
		{"internal/program", 0, "how programs are started for tests depends on nothing that they do"},
		{"internal/testcluster", 1, "servers for tests know nothing of what is put into them"},
		{"period", 0, "days and years are the ground of everything and know no events"},
		{"outage", 1, "the words of the field know neither files nor indices"},
		{"reliability", 2, "the counting rules are pure and know no targets, files or clocks"},
		{"ingest/*", 2, "a format turns bytes into rows and knows no other format and no mapping"},
		{"ingest", 3, "reading files knows neither where they come from nor what is counted"},
		{"source/*", 3, "a source delivers bytes and knows no indices and no other source"},
		{"store", 3, "the store keeps what was told and when, and knows neither HTTP nor metrics"},
		{"store/clickhouse", 4, "a store in a cluster keeps what was told as any other, and knows nothing of what is counted but in which group a row is"},
		{"engine", 3, "the state between events and sums knows no targets and no files"},
		{"forecast", 3, "a forecast is of numbers and knows neither targets nor where they are shown"},
		{"simulate", 4, "a synthetic province must not know how it is judged"},
		{"policy", 4, "a policy judges sums, wherever the events came from and however it is shown"},
		{"snapshot", 5, "an answer does not know how it is shown"},
		{"wording", 5, "words are those of the field and know nothing of what is shown in them"},
		{"chart", 4, "a drawing is of numbers and knows nothing of what they mean"},
		{"geography", 0, "where areas lie depends on nothing that happens there"},
		{"metrics", 6, "metrics show one answer and know no other way of showing it"},
		{"report", 6, "reports show one answer and know no other way of showing it"},
		{"compliance", 6, "the report that is handed in shows one answer and knows no other way of showing it"},
		{"web", 7, "pages show answers and hand out reports; they know neither dashboards nor how the program runs"},
		{"dashboards", 7, "dashboards know names, not how the program runs"},
		{"internal/backtest", 6, "what judges forecasts is used by the command that shows it, and shows nothing else"},
		{"internal/cluster", 7, "how processes share the work knows neither how answers are shown nor how the program runs"},
		{"internal/app", 8, "the life cycle knows neither flags nor commands"},
		{"internal/chaos", 9, "what kills the program knows nothing of it but what it answers, and is used by nobody"},
		{"internal/load", 9, "what measures the program knows nothing of it but what it answers and the store below, and is used by nobody"},
		{"internal/browse", 9, "browser tests stand beside the commands and are used by nobody"},
		{"internal/shard", 9, "tests of several shards and processes stand beside the commands and are used by nobody"},
		{"internal/e2e", 9, "end-to-end tests stand beside the commands and are used by nobody"},
		{"bench", 9, "benchmarks stand beside the commands and are used by nobody"},
		{"cmd/...", 9, "a command is used by nobody"},
	}
}

// place finds the layer of a package by its path in the module.
func place(table []layer, path string) (layer, bool) {
	for _, l := range table {
		if matches(l.pattern, path) {
			return l, true
		}
	}
	return layer{}, false
}

// matches says whether a path is, or lies below, what the pattern names.
func matches(pattern, path string) bool {
	if root, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == root || strings.HasPrefix(path, root+"/")
	}
	if folder, ok := strings.CutSuffix(pattern, "/*"); ok {
		rest, below := strings.CutPrefix(path, folder+"/")
		return below && !strings.Contains(rest, "/")
	}
	return path == pattern
}

// matchesAny says whether one of the patterns matches the path.
func matchesAny(patterns []string, path string) bool {
	for _, p := range patterns {
		if matches(p, path) {
			return true
		}
	}
	return false
}

// checkLayers says which imports within the module go sideways or up, and which
// packages have no place.
func checkLayers(table []layer, pkgs []Package) []string {
	var denials []string
	for _, p := range pkgs {
		from, ok := place(table, p.Path)
		if !ok {
			denials = append(denials, fmt.Sprintf("%s has no place in the table of layers: give it a rank and a reason", p.Path))
			continue
		}
		for _, path := range p.Local {
			to, ok := place(table, path)
			if ok && to.rank >= from.rank {
				denials = append(denials, fmt.Sprintf("%s (rank %d) must not import %s (rank %d): %s", p.Path, from.rank, path, to.rank, from.reason))
			}
		}
	}
	return denials
}
