package arch

import "fmt"

// A ban keeps imports out of packages, whatever their ranks.
type ban struct {
	imports []string // patterns of import paths; those of the module without its own path
	in      []string // the packages that must not import them; none means all
	except  []string // the packages that may
	reason  string
}

// bans is the table of what packages must not know.
func bans() []ban {
	outside := []string{"cmd/...", "internal/app"}
	pure := []string{"period", "outage", "reliability", "engine", "forecast"}
	return []ban{
		{[]string{"github.com/apache/arrow/..."}, nil, []string{"ingest/columnar"}, "the library is frozen upstream, so one package alone depends on it"},
		{[]string{"github.com/xuri/excelize/..."}, nil, []string{"ingest/workbook", "simulate", "compliance"}, "one package alone reads workbooks of events, and few write any"},
		{[]string{"os/signal"}, nil, outside, "signals belong to the process, not to its parts"},
		{[]string{"log/..."}, nil, outside, "libraries return what happened and log nothing"},
		{[]string{"flag", "github.com/alecthomas/kingpin/..."}, nil, []string{"cmd/..."}, "flags are the command's alone"},
		{[]string{"os/...", "net/...", "database/sql/...", "io/fs", "io/ioutil", "syscall"}, pure, nil, "it is a pure function of its arguments"},
		{[]string{"ingest/...", "source/...", "store"}, []string{"policy", "engine", "forecast"}, nil, "it knows no files of events"},
		{[]string{"net/http/..."}, []string{"store", "policy", "ingest/..."}, nil, "it knows nothing of HTTP"},
		{[]string{"github.com/prometheus/..."}, []string{"period", "outage", "reliability", "ingest/...", "store", "engine", "forecast", "simulate", "policy", "snapshot"}, nil, "it does not know that Prometheus shows it"},
		{[]string{"engine", "store", "forecast"}, []string{"metrics", "report", "compliance", "web", "dashboards"}, nil, "what shows an answer does not know how it is made"},
		{[]string{"snapshot", "reliability"}, []string{"dashboards"}, nil, "dashboards know names and no values"},
		{[]string{"html/...", "text/template"}, []string{"snapshot"}, nil, "an answer does not know how it is shown"},
	}
}

// checkBans says which packages import what they must not.
func checkBans(rules []ban, pkgs []Package) []string {
	var denials []string
	for _, p := range pkgs {
		for _, b := range rules {
			if (len(b.in) > 0 && !matchesAny(b.in, p.Path)) || matchesAny(b.except, p.Path) {
				continue
			}
			for _, path := range append(p.Local[:len(p.Local):len(p.Local)], p.Foreign...) {
				if matchesAny(b.imports, path) {
					denials = append(denials, fmt.Sprintf("%s must not import %s: %s", p.Path, path, b.reason))
				}
			}
		}
	}
	return denials
}
