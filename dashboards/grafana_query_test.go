package dashboards_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/metrics"
)

// A selector is a metric with its matchers as {label, operator, value}.
type selector struct {
	metric   string
	matchers [][3]string
}

// An expression is what the tests look at in PromQL.
type expression struct {
	selectors []selector
	labels    []string // of by, on, group_left, …
	strings   []string // outside matchers, such as the label that label_replace makes
	functions []string
}

var (
	token    = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[a-zA-Z_:][\w:]*|[=!]~|!=|[0-9.]+|\S`)
	word     = regexp.MustCompile(`^[a-zA-Z_:]`)
	grouping = []string{"by", "without", "on", "ignoring", "group_left", "group_right"}
	operator = []string{"and", "or", "unless", "bool", "offset"}
)

// parse takes PromQL apart as far as these tests need.
func parse(promql string) expression {
	var e expression
	tokens := append(token.FindAllString(promql, -1), "", "")
	for i := 0; i < len(tokens)-2; i++ {
		this, next := tokens[i], tokens[i+1]
		switch {
		case strings.HasPrefix(this, `"`):
			e.strings = append(e.strings, strings.Trim(this, `"`))
		case !word.MatchString(this) || slices.Contains(operator, this):
		case slices.Contains(grouping, this):
			for i++; tokens[i] != ")" && tokens[i] != ""; i++ {
				if word.MatchString(tokens[i]) {
					e.labels = append(e.labels, tokens[i])
				}
			}
		case next == "(" || slices.Contains(grouping, next):
			e.functions = append(e.functions, this)
		default:
			s := selector{metric: this}
			if next == "{" {
				for i += 2; tokens[i] != "}" && tokens[i] != ""; i++ {
					if word.MatchString(tokens[i]) {
						s.matchers = append(s.matchers, [3]string{tokens[i], tokens[i+1], strings.Trim(tokens[i+2], `"`)})
						i += 2
					}
				}
			}
			e.selectors = append(e.selectors, s)
		}
	}
	return e
}

// ask gives every query of the dashboards to f with its place.
func ask(t *testing.T, f func(place, promql string)) {
	t.Helper()
	wrapped := regexp.MustCompile(`^(?:query_result\((.*)\)|label_values\((.*), \w+\))$`)
	for _, b := range boards(t) {
		for _, v := range b.Templating.List {
			if of, ok := v.Query.(map[string]any); ok {
				text, _ := of["query"].(string)
				match := wrapped.FindStringSubmatch(text)
				if match == nil {
					t.Errorf("%s: variable %s: %q", b.UID, v.Name, text)
					continue
				}
				f(b.UID+": variable "+v.Name, match[1]+match[2])
			}
		}
		for _, p := range b.Panels {
			for _, target := range p.Targets {
				f(b.UID+": "+p.Title+" "+target.RefID, target.Expr)
			}
		}
	}
}

// families are those of the program by name, and that of every Go program with
// a version.
func families() map[string]metrics.Family {
	all := map[string]metrics.Family{metrics.BuildInfo: {Name: metrics.BuildInfo, Labels: []string{"version"}}}
	for _, f := range metrics.Families() {
		all[f.Name] = f
	}
	return all
}

func TestParse(t *testing.T) {
	t.Parallel()
	e := parse(`max by (a, b) (x{c=~"d|e",f="(g)"}[5m]) or on (h) group_left (i) label_replace(y, "j", "$1", "k", "l") > bool 3`)
	if len(e.selectors) != 2 || e.selectors[0].metric != "x" || len(e.selectors[0].matchers) != 2 || e.selectors[0].matchers[1] != [3]string{"f", "=", "(g)"} || e.selectors[1].metric != "y" {
		t.Errorf("selectors: %+v", e.selectors)
	}
	if want := []string{"a", "b", "h", "i"}; !slices.Equal(e.labels, want) {
		t.Errorf("labels: %q, want %q", e.labels, want)
	}
	if want := []string{"max", "label_replace"}; !slices.Equal(e.functions, want) {
		t.Errorf("functions: %q, want %q", e.functions, want)
	}
	if !slices.Contains(e.strings, "j") {
		t.Errorf("strings: %q", e.strings)
	}
}

// Every metric and every label of a query exists.
func TestQueriesSpeakOfWhatIsExported(t *testing.T) {
	t.Parallel()
	exported := families()
	ask(t, func(place, promql string) {
		e := parse(promql)
		known := e.strings
		for _, s := range e.selectors {
			f, ok := exported[s.metric]
			if !ok {
				t.Errorf("%s: %s is not exported: %s", place, s.metric, promql)
			}
			known = append(known, f.Labels...)
			for _, m := range s.matchers {
				if !slices.Contains(f.Labels, m[0]) {
					t.Errorf("%s: %s has no label %s: %s", place, s.metric, m[0], promql)
				}
			}
		}
		for _, label := range e.labels {
			if !slices.Contains(known, label) {
				t.Errorf("%s: nothing here has the label %s: %s", place, label, promql)
			}
		}
	})
}

// Every family is shown somewhere.
func TestEveryFamilyIsShown(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	ask(t, func(_, promql string) {
		for _, s := range parse(promql).selectors {
			shown[s.metric] = true
		}
	})
	for _, f := range metrics.Families() {
		if got, want := shown[f.Name], f.Unused == ""; got != want {
			t.Errorf("%s is shown: %t, want %t", f.Name, got, want)
		}
	}
}

// Windows are never added up or mixed, nor are index sets.
func TestQueriesFixWindowAndIndex(t *testing.T) {
	t.Parallel()
	windows := []string{"ytd", "prior_ytd", "year", "prior_year", "$window", "prior_$window"}
	exported := families()
	ask(t, func(place, promql string) {
		e := parse(promql)
		for _, s := range e.selectors {
			if f := exported[s.metric]; slices.Contains(f.Labels, metrics.LabelWindow) && !slices.ContainsFunc(s.matchers, func(m [3]string) bool {
				return m[0] == metrics.LabelWindow && m[1] == "=" && slices.Contains(windows, m[2])
			}) {
				t.Errorf("%s: %s without a window: %s", place, s.metric, promql)
			}
			if f := exported[s.metric]; slices.Contains(f.Labels, metrics.LabelIndex) && s.metric != metrics.PolicyInfo && !slices.Contains(e.labels, metrics.LabelIndex) &&
				!slices.Contains(s.matchers, [3]string{metrics.LabelIndex, "=", "$index"}) {
				t.Errorf("%s: %s without an index set: %s", place, s.metric, promql)
			}
		}
	})
}

// The clock of the data may be simulated, or behind: only what is in wall time
// is compared with time().
func TestWallTimeOnly(t *testing.T) {
	t.Parallel()
	wall := []string{metrics.SnapshotComputed, metrics.IngestLastSuccess, metrics.ConfigReloadTimestamp}
	compared := 0
	ask(t, func(place, promql string) {
		e := parse(promql)
		if !slices.Contains(e.functions, "time") {
			return
		}
		compared++
		for _, s := range e.selectors {
			if !slices.Contains(wall, s.metric) {
				t.Errorf("%s: %s is compared with time(): %s", place, s.metric, promql)
			}
		}
	})
	if compared == 0 {
		t.Error("no query uses time(): this test tests nothing")
	}
}

// Two exporters, and history without job and instance, show the same: every
// query begins by joining what differs in nothing else.
func TestQueriesJoinReplicas(t *testing.T) {
	t.Parallel()
	aggregations := []string{"max", "min", "sum", "count"}
	ask(t, func(place, promql string) {
		e := parse(promql)
		if strings.HasPrefix(place, "saidi-") && strings.Contains(place, "variable ") && !slices.Contains(e.functions, "max") {
			return // label_values
		}
		if !slices.ContainsFunc(e.functions, func(f string) bool { return slices.Contains(aggregations, f) }) {
			t.Errorf("%s: nothing is aggregated: %s", place, promql)
		}
	})
}
