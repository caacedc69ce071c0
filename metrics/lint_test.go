package metrics_test

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/saidi-exporter/saidi/metrics"
)

// promtool runs promtool on a text and gives what it says.
func promtool(t fataler, input string, args ...string) (said string, err error) {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("promtool is missing: apt-get install -y prometheus")
	}
	run := exec.Command(path, args...)
	run.Stdin = strings.NewReader(input)
	out, err := run.CombinedOutput()
	return string(out), err
}

// Prometheus's own tool finds nothing wrong with a page, nor with one of texts
// that try to break it.
func TestPromtool(t *testing.T) {
	t.Parallel()
	hostile := rich()
	hostile.Snapshot.Detail.Feeder[0].Feeder = "\xff\x00\"\n\\" + strings.Repeat("长", 1000)
	hostile.Sources[1].Name = "a\x00\xfe\"b"
	hostile.Store.Writers[1].Name = "\xfe\n\"\\}" + strings.Repeat("写", 1000)
	for name, s := range map[string]*metrics.State{"rich": rich(), "hostile": hostile, "shipped": shipped(full(2))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if said, err := promtool(t, exposition(t, page(t, s), ""), "check", "metrics"); err != nil || said != "" {
				t.Errorf("promtool check metrics: %v\n%s", err, said)
			}
		})
	}
	if said, err := promtool(t, "# TYPE x_hours gauge\nx_hours 1\n", "check", "metrics"); err == nil {
		t.Errorf("promtool accepts hours: %s", said)
	}
}

// promlint's library finds nothing either; it knows newer rules.
func TestPromlint(t *testing.T) {
	t.Parallel()
	families, err := page(t, rich()).Gather()
	if err != nil {
		t.Fatal(err)
	}
	problems, err := promlint.NewWithMetricFamilies(families).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// Names and labels keep the rules that promlint does not know: base units only,
// no year in a name, and the order in which labels are written is unambiguous.
func TestNames(t *testing.T) {
	t.Parallel()
	unit := regexp.MustCompile(`_(percent|percentage|hour|hours|minutes|days|milliseconds|ms|kwh)(_|$)`)
	year := regexp.MustCompile(`(19|20)[0-9]{2}`)
	legal := regexp.MustCompile(`^outage_[a-z0-9_]*[a-z0-9]$`)
	seen := map[string]bool{}
	for _, f := range metrics.Families() {
		for _, name := range append([]string{f.Name}, f.Labels...) {
			if unit.MatchString(name) || year.MatchString(name) {
				t.Errorf("%s: has a unit that is not of the base, or a year", name)
			}
		}
		if !legal.MatchString(f.Name) || seen[f.Name] || f.Help == "" {
			t.Errorf("%s: not a legal name, or twice, or without help", f.Name)
		}
		seen[f.Name] = true
		if strings.HasSuffix(f.Name, "_total") != (f.Kind == metrics.Counter) {
			t.Errorf("%s is a %s", f.Name, f.Kind)
		}
		labels := map[string]bool{}
		for _, l := range f.Labels {
			labels[l] = true
		}
		if len(labels) != len(f.Labels) {
			t.Errorf("%s: a label stands twice: %v", f.Name, f.Labels)
		}
	}
	for _, bad := range []string{"outage_saidi_hours", "outage_coverage_percent"} {
		if !unit.MatchString(bad) {
			t.Errorf("%s is not found", bad)
		}
	}
}
