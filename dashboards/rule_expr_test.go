package dashboards

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/metrics"
)

// A ruleExpr is what an expression of PromQL speaks of.
type ruleExpr struct {
	metrics  []string            // in the order in which they come
	matched  map[string][]string // by metric: the labels of its matchers
	labels   []string            // of by, on, ignoring and their like
	made     []string            // strings outside of matchers: what label_replace makes
	numbers  []string            // not those of durations
	function []string
}

var (
	ruleToken  = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9][0-9.a-z]*|=~|!~|!=|==|<=|>=|\S`)
	ruleWord   = regexp.MustCompile(`^[a-zA-Z_:]`)
	ruleNumber = regexp.MustCompile(`^[0-9.]+$`)
)

// readExpr takes an expression apart as far as the tests need it.
func readExpr(text string) ruleExpr {
	e := ruleExpr{matched: map[string][]string{}}
	tokens := append(ruleToken.FindAllString(text, -1), "")
	list := func(i int, end string) (words []string, after int) {
		for ; tokens[i] != end; i++ {
			if ruleWord.MatchString(tokens[i]) {
				words = append(words, tokens[i])
			}
		}
		return words, i
	}
	for i := 0; i < len(tokens)-1; i++ {
		token, next := tokens[i], tokens[i+1]
		switch {
		case slices.Contains([]string{"by", "without", "on", "ignoring", "group_left", "group_right"}, token):
			var words []string
			words, i = list(i+1, ")")
			e.labels = append(e.labels, words...)
		case slices.Contains([]string{"and", "or", "unless", "offset"}, token):
		case ruleWord.MatchString(token) && (next == "(" || next == "by" || next == "without"):
			e.function = append(e.function, token)
		case ruleWord.MatchString(token):
			e.metrics = append(e.metrics, token)
			if next == "{" {
				var words []string
				words, i = list(i+2, "}")
				e.matched[token] = append(e.matched[token], words...)
			}
		case ruleNumber.MatchString(token):
			e.numbers = append(e.numbers, token)
		case strings.HasPrefix(token, `"`):
			e.made = append(e.made, strings.Trim(token, `"`))
		}
	}
	return e
}

func TestReadExpr(t *testing.T) {
	t.Parallel()
	got := readExpr(`max by (a, b) (label_replace(x{c="by",d=~"1"} > ignoring (c) group_left (e) y offset 1h, "f", "$1", "a", "")) / 3600 and rate(z[5m]) >= 0.5`)
	want := ruleExpr{
		metrics: []string{"x", "y", "z"}, matched: map[string][]string{"x": {"c", "d"}}, labels: []string{"a", "b", "c", "e"},
		made: []string{"f", "$1", "a", ""}, numbers: []string{"3600", "0.5"}, function: []string{"max", "label_replace", "rate"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(ruleExpr{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// ruleLabels are the labels of every name that an expression may use, by name.
func ruleLabels() map[string][]string {
	known := map[string][]string{"up": {"job", "instance"}}
	for _, f := range metrics.Families() {
		known[f.Name] = f.Labels
	}
	return known
}

// check says what an expression uses that the exporter does not have.
func (e ruleExpr) check(known map[string][]string) []string {
	var wrong []string
	labels := slices.Clone(e.made)
	for _, m := range e.metrics {
		if _, ok := known[m]; !ok {
			wrong = append(wrong, "metric "+m)
		}
		labels = append(labels, known[m]...)
		for _, l := range e.matched[m] {
			if !slices.Contains(known[m], l) {
				wrong = append(wrong, "label "+l+" of "+m)
			}
		}
	}
	for _, l := range e.labels {
		if !slices.Contains(labels, l) {
			wrong = append(wrong, "label "+l)
		}
	}
	return wrong
}

func TestCheckExpr(t *testing.T) {
	t.Parallel()
	known := map[string][]string{"x": {"a"}}
	for text, want := range map[string][]string{
		`max by (a) (x{a="1"})`: nil,
		`max by (b) (x)`:        {"label b"},
		`x{b="1"}`:              {"label b of x"},
		`xs`:                    {"metric xs"},
		`max by (b) (label_replace(x, "b", "$1", "a", ""))`: nil,
	} {
		if diff := cmp.Diff(want, readExpr(text).check(known)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// Every name and label of every expression, and of every query in a text, is one
// that the exporter has.
func TestRuleExpressions(t *testing.T) {
	t.Parallel()
	known := ruleLabels()
	query := regexp.MustCompile("(?:printf `([^`]*)`|query \"([^\"]*)\")")
	for _, r := range shippedRules() {
		for _, wrong := range readExpr(r.Expr).check(known) {
			t.Errorf("%s%s: there is no %s", r.Alert, r.Record, wrong)
		}
		for key, text := range r.Annotations {
			asked := query.FindAllStringSubmatch(text, -1)
			if strings.Count(text, "query") != len(asked) {
				t.Errorf("%s, %s: %d of %d queries are found", r.Alert, key, len(asked), strings.Count(text, "query"))
			}
			for _, q := range asked {
				for _, wrong := range readExpr(strings.ReplaceAll(q[1]+q[2], "%q", `""`)).check(known) {
					t.Errorf("%s, %s: there is no %s", r.Alert, key, wrong)
				}
			}
		}
	}
}

// shippedRules are all rules of both files.
func shippedRules() []rule {
	var all []rule
	for _, g := range slices.Concat(recordGroups(), alertGroups(RuleOptions{Job: DefaultJob, Runbooks: DefaultRunbooks})) {
		all = append(all, g.Rules...)
	}
	return all
}

// Expressions compare series with series. The numbers in them are states (0 and
// 1), the seconds of an hour, and those listed, none of which is a policy's.
func TestRuleNumbers(t *testing.T) {
	t.Parallel()
	listed := map[string][]string{
		"SaidiSnapshotOld":                  {"600"}, // seconds of wall time
		"SaidiRejectsRising":                {"5"},   // rows
		"target:outage_target_verdict:rank": {"5", "4", "3", "2"},
		"policy_scope_strength_year:outage_target_verdict:worst_rank": {"5", "4", "3", "2"},
	}
	for _, r := range shippedRules() {
		var got []string
		for _, n := range readExpr(r.Expr).numbers {
			if !slices.Contains([]string{"0", "1", "3600"}, n) {
				got = append(got, n)
			}
		}
		if diff := cmp.Diff(listed[r.Alert+r.Record], got); diff != "" {
			t.Errorf("%s%s (-listed +used):\n%s", r.Alert, r.Record, diff)
		}
	}
}

// Event time may be simulated, or lag, so it is never held against the clock,
// and only what is measured by the clock has to last, or is an estimate.
func TestRuleTimes(t *testing.T) {
	t.Parallel()
	clock := 0
	for _, r := range shippedRules() {
		e := readExpr(r.Expr)
		if slices.Contains(e.function, "time") {
			clock++
			for _, m := range []string{metrics.SnapshotAsOf, metrics.DataThrough, metrics.LatestEvent} {
				if slices.Contains(e.metrics, m) {
					t.Errorf("%s%s holds %s, which is event time, against the clock", r.Alert, r.Record, m)
				}
			}
		}
		estimate := slices.Contains(e.metrics, metrics.TargetProjectedSeconds)
		if (r.For != "") != estimate && r.Labels["about"] == string(aboutValue) {
			t.Errorf("%s waits for %q: figures do not flap, estimates do", r.Alert, r.For)
		}
	}
	if clock == 0 {
		t.Error("no expression uses the clock, so that nothing was tested")
	}
}

// Every window of an expression is fixed, as values of several must not be added
// up.
func TestRuleWindows(t *testing.T) {
	t.Parallel()
	known := ruleLabels()
	for _, r := range shippedRules() {
		e := readExpr(r.Expr)
		for _, m := range e.metrics {
			if slices.Contains(known[m], metrics.LabelWindow) && !slices.Contains(e.matched[m], metrics.LabelWindow) {
				t.Errorf("%s%s: %s has no window", r.Alert, r.Record, m)
			}
		}
	}
}
