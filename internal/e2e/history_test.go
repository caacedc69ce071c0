package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/snapshot"
)

// Two years are there on the first day: what Prometheus answers of a past instant
// from the history is what a report as of that instant says.
func testHistory(t *testing.T, s *station) {
	dir := t.TempDir()
	program.Output(t, dir, s.saidi, "simulate", "--years", "2020..2022", "--scale", "0.1", "--level", "unit", "--out", dir)
	asOf := func(at string, more ...string) []string {
		in := []string{"--mapping", "mapping.yaml", "--base", "customers.csv", "--as-of", at, "events.csv", "events-late.csv"}
		return append(append([]string{"report"}, more...), in...)
	}
	program.Output(t, dir, s.saidi, asOf("2023-01-01", "--format", "openmetrics", "--out", "history.om")...)
	program.Output(t, dir, s.promtool, promtoolLine(t)...)
	p := s.startPrometheus(t, filepath.Join(dir, "data"), "127.0.0.1:1", "127.0.0.1:1")
	for _, at := range []string{"2021-03-01", "2021-07-01", "2021-12-31", "2022-01-15", "2022-06-20", "2022-10-01", "2022-12-31", "2023-01-01"} {
		var report snapshot.Snapshot
		if err := json.Unmarshal([]byte(program.Output(t, dir, s.saidi, asOf(at, "--format", "json")...)), &report); err != nil {
			t.Fatal(err)
		}
		want, got := historyOf(&report), historyAt(t, p, float64(instant(t, at+"T00:00").Unix()))
		if len(want) < fewestValues {
			t.Errorf("%s: the report has %d values, want %d at least", at, len(want), fewestValues)
		}
		if diff := cmp.Diff(want, got, nearly()); diff != "" {
			t.Errorf("%s (-reported +in Prometheus):\n%s", at, diff)
		}
	}
}

// fewestValues is what eight areas with two classes each have at least.
const fewestValues = 16

// promtoolLine gives the arguments of promtool as the manual has them, but for
// the data folder.
func promtoolLine(t *testing.T) []string {
	t.Helper()
	manual, err := os.ReadFile(filepath.Join(program.Root(t), "docs", "serving.md"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(manual)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] != "promtool" {
			continue
		}
		words[len(words)-1] = "data"
		return words[1:]
	}
	t.Fatal("docs/serving.md does not say how promtool takes the history in")
	return nil
}

// historyOf is what a report says of that which has a history.
func historyOf(s *snapshot.Snapshot) map[string]float64 {
	all := map[string]float64{}
	note := func(value *float64, factor float64, words ...string) {
		if value != nil {
			all[strings.Join(words, " ")] = *value * factor
		}
	}
	windows := historyWindows(s)
	for _, e := range s.Indices {
		if w, ok := windows[e.Window]; ok {
			note(e.SAIDIHours, secondsPerHour, metrics.SAIDISeconds, e.Scope, e.Class, w)
			note(e.SAIFI, 1, metrics.SAIFI, e.Scope, e.Class, w)
		}
	}
	for _, x := range s.Targets {
		key := targetKey(x.Scope, x.Class, x.Rule, x.Strength, strconv.Itoa(x.Year))
		note(x.ValueHours, secondsPerHour, metrics.TargetValueSeconds, key)
		note(x.LimitHours, secondsPerHour, metrics.TargetLimitSeconds, key)
		all[metrics.TargetVerdict+" "+key+" "+x.Verdict] = 1
	}
	return all
}

// historyWindows says which windows of a report the history has, and what it
// calls them: that of the running year, which at the midnight of its end is the
// whole of it.
func historyWindows(s *snapshot.Snapshot) map[string]string {
	running := map[string]string{snapshot.YearToDate: snapshot.YearToDate, snapshot.PriorYearToDate: snapshot.PriorYearToDate}
	for _, e := range s.Indices {
		if e.Window == snapshot.YearToDate {
			return running
		}
	}
	return map[string]string{snapshot.WholeYear: snapshot.YearToDate, snapshot.PriorYear: snapshot.PriorYearToDate}
}

// historyAt is what Prometheus has of the same at an instant.
func historyAt(t *testing.T, p *prometheus, at float64) map[string]float64 {
	t.Helper()
	all := map[string]float64{}
	for _, promql := range []string{
		metrics.SAIDISeconds, metrics.SAIFI, metrics.TargetValueSeconds, metrics.TargetLimitSeconds, metrics.TargetVerdict + " == 1",
	} {
		for _, s := range p.query(t, promql, at) {
			m := s.Metric
			words := []string{m["__name__"], m["scope"], m["class"], m["window"]}
			if m["window"] == "" {
				words = []string{m["__name__"], targetKey(m["scope"], m["class"], m["rule"], m["strength"], m["year"])}
			}
			if m["verdict"] != "" {
				words = append(words, m["verdict"])
			}
			all[strings.Join(words, " ")] = s.Point.value()
		}
	}
	return all
}
