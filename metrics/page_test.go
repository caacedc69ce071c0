package metrics_test

import (
	"flag"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

var update = flag.Bool("update", false, "write the golden files anew")

// openMetrics is what Prometheus accepts first.
const openMetrics = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"

// fataler is what tests, benchmarks and laws have in common.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func page(t fataler, s *metrics.State) *metrics.Page {
	t.Helper()
	p, err := metrics.NewPage(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// exposition is a page as it is served with nothing behind it.
func exposition(t fataler, p *metrics.Page, accept string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	metrics.Handler(func() *metrics.Page { return p }, prometheus.NewRegistry()).ServeHTTP(w, r)
	text, err := io.ReadAll(w.Body)
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("status %d, %v: %s", w.Code, err, text)
	}
	return string(text)
}

// samples lists the samples of one family, as they are written without its name.
func samples(t fataler, s *metrics.State, name string) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(exposition(t, page(t, s), "")) {
		rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), name)
		if ok && (rest[0] == '{' || rest[0] == ' ') {
			all = append(all, rest)
		}
	}
	return all
}

// golden holds text against a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	golden(t, "rich.prom", exposition(t, page(t, rich()), "text/plain"))
	golden(t, "rich.om", exposition(t, page(t, rich()), openMetrics))
	bare := rich()
	bare.Snapshot = nil
	golden(t, "starting.prom", exposition(t, page(t, bare), "text/plain"))
	bare.Store = nil
	golden(t, "starting-without-store.prom", exposition(t, page(t, bare), "text/plain"))
}

// Every family has a sample in the rich state, and each sample has exactly the
// labels that the family says, in families and samples that are sorted.
func TestSamplesHaveTheLabelsOfTheirFamily(t *testing.T) {
	t.Parallel()
	want := map[string]metrics.Family{}
	for _, f := range metrics.Families() {
		want[f.Name] = f
	}
	got, err := page(t, rich()).Gather()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(got, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) }) {
		t.Error("the families are not sorted")
	}
	for _, f := range got {
		family, ok := want[f.GetName()]
		delete(want, f.GetName())
		if !ok || f.GetHelp() != family.Help || strings.ToLower(f.GetType().String()) != string(family.Kind) {
			t.Errorf("%s: %s, %q, want %+v", f.GetName(), f.GetType(), f.GetHelp(), family)
		}
		for _, m := range f.Metric {
			var labels []string
			for _, l := range m.Label {
				labels = append(labels, l.GetName())
			}
			if diff := cmp.Diff(slices.Sorted(slices.Values(family.Labels)), labels); diff != "" {
				t.Errorf("%s (-want +got):\n%s", f.GetName(), diff)
			}
			if (m.Counter != nil) != (family.Kind == metrics.Counter) || m.TimestampMs != nil {
				t.Errorf("%s: %v", f.GetName(), m)
			}
		}
	}
	for name := range want {
		t.Errorf("%s has no sample", name)
	}
}

// Without a store no family of it has a sample, and all others have theirs.
func TestWithoutAStore(t *testing.T) {
	t.Parallel()
	s := rich()
	s.Store = nil
	families, err := page(t, s).Gather()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, f := range families {
		there[f.GetName()] = true
	}
	without := 0
	for _, f := range metrics.Families() {
		of := strings.HasPrefix(f.Name, "outage_store_") || strings.HasPrefix(f.Name, "outage_cluster_") || strings.HasPrefix(f.Name, "outage_push_")
		if got, want := there[f.Name], !of; got != want {
			t.Errorf("%s is there: %t, want %t", f.Name, got, want)
		}
		if of {
			without++
		}
	}
	if without == 0 {
		t.Error("there is no family of a store, so that nothing was tested")
	}
}

// What is gathered belongs to the caller.
func TestGatherIsACopy(t *testing.T) {
	t.Parallel()
	p := page(t, rich())
	before := exposition(t, p, "")
	first, _ := p.Gather()
	for _, f := range first {
		*f.Name, *f.Help, f.Metric = "gone", "gone", nil
	}
	second, _ := p.Gather()
	if len(second[0].Metric) == 0 || second[0].GetName() == "gone" || second[0].GetHelp() == "gone" || exposition(t, p, openMetrics) == "# EOF\n" || exposition(t, p, "") != before {
		t.Errorf("the page has changed: %v", second[0])
	}
}

// The order in which a state lists things does not matter.
func TestLawOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	want := exposition(t, page(t, rich()), "")
	rapid.Check(t, func(t *rapid.T) {
		s := rich()
		d := s.Snapshot.Detail
		s.Snapshot.Indices = rapid.Permutation(s.Snapshot.Indices).Draw(t, "indices")
		s.Snapshot.Targets = rapid.Permutation(s.Snapshot.Targets).Draw(t, "targets")
		d.Cells, d.Causes = rapid.Permutation(d.Cells).Draw(t, "cells"), rapid.Permutation(d.Causes).Draw(t, "causes")
		d.Out, d.Scopes = rapid.Permutation(d.Out).Draw(t, "out"), rapid.Permutation(d.Scopes).Draw(t, "scopes")
		s.Sources = rapid.Permutation(s.Sources).Draw(t, "sources")
		s.Store.Writers = rapid.Permutation(s.Store.Writers).Draw(t, "writers")
		if diff := cmp.Diff(want, exposition(t, page(t, s), "")); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func TestRules(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("线", 250)
	tests := []struct {
		name   string
		change func(*metrics.State)
		family string
		want   []string
	}{
		{"hours are seconds", nil, metrics.TargetLimitSeconds, []string{
			`{class="rural",policy="qinghai-2021-101",rule="cap",scope="qinghai",strength="aspiration",year="2021"} 72000`,
			`{class="rural",policy="qinghai-2021-101",rule="cap",scope="xining",strength="aspiration",year="2021"} 39600`,
			`{class="rural",policy="qinghai-2021-101",rule="cap",scope="xining",strength="aspiration",year="2022"} 18000`,
			`{class="rural",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 36000`,
		}},
		{"expected: half a limit, all of it once the year is complete, nothing while it runs and nobody can say", nil, metrics.TargetExpectedSeconds, []string{
			`{class="rural",policy="qinghai-2021-101",rule="cap",scope="qinghai",strength="aspiration",year="2021"} 72000`,
			`{class="rural",policy="qinghai-2021-101",rule="cap",scope="xining",strength="aspiration",year="2021"} 39600`,
			`{class="rural",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 18000`,
		}},
		{"burn", nil, metrics.TargetBurnRatio, []string{
			`{burn_window="24h",class="rural",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 1.5`,
			`{burn_window="30d",class="rural",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 0.75`,
		}},
		{"thousandths", nil, metrics.TargetBudgetRemainingCustomerSeconds, []string{
			`{class="rural",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} -1.5`,
		}},
		{"quantiles in seconds, of years that run and that are complete", nil, metrics.TargetProjectedSeconds, []string{
			`{class="rural",policy="qinghai-2021-101",probability="0.05",rule="reduction",scope="xining",strength="duty",year="2022"} 28800`,
			`{class="rural",policy="qinghai-2021-101",probability="0.25",rule="reduction",scope="xining",strength="duty",year="2022"} 34200`,
			`{class="rural",policy="qinghai-2021-101",probability="0.5",rule="cap",scope="qinghai",strength="aspiration",year="2021"} 43200`,
			`{class="rural",policy="qinghai-2021-101",probability="0.5",rule="reduction",scope="xining",strength="duty",year="2022"} 39600`,
			`{class="rural",policy="qinghai-2021-101",probability="0.75",rule="reduction",scope="xining",strength="duty",year="2022"} 45000`,
			`{class="rural",policy="qinghai-2021-101",probability="0.95",rule="reduction",scope="xining",strength="duty",year="2022"} 54000`,
		}},
		{"a probability of zero is one, and without a limit there is none", func(s *metrics.State) { s.Snapshot.Targets[0].Projection.MissProbability = nil }, metrics.TargetMissProbabilityRatio, []string{
			`{class="rural",policy="qinghai-2021-101",rule="cap",scope="qinghai",strength="aspiration",year="2021"} 0`,
		}},
		{"a limit is passed on a local day, which begins before that of UTC", nil, metrics.TargetPasses, []string{
			`{class="rural",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 1.6657632e+09`,
		}},
		{"a limit that is passed on no day", func(s *metrics.State) { s.Snapshot.Targets[0].Projection.PassesOn = nil }, metrics.TargetPasses, nil},
		{"a day that is none", func(s *metrics.State) { s.Snapshot.Targets[0].Projection.PassesOn = new("2022-02-30") }, metrics.TargetPasses, nil},
		{"a zone that nobody knows is UTC", func(s *metrics.State) { s.Snapshot.Provenance.Zone = "Nowhere/Town" }, metrics.TargetPasses, []string{
			`{class="rural",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 1.665792e+09`,
		}},
		{"the level of a year, of targets with a projection", func(s *metrics.State) { s.Snapshot.Targets[4].Projection = nil }, metrics.TargetLevelRatio, []string{
			`{class="rural",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 1.125`,
		}},
		{"storms of a base year, without a projection too", func(s *metrics.State) { s.Snapshot.Targets[0].Projection = nil }, metrics.TargetBaseStormRatio, []string{
			`{class="rural",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 0.125`,
		}},
		{"what is scheduled in the running year, to the thousandth", nil, metrics.TargetScheduledCustomerSeconds, []string{
			`{class="rural",part="fault",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 5000`,
			`{class="rural",part="pre-arranged",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 40000.5`,
		}},
		{"parts of a budget, one of them overspent", func(s *metrics.State) { s.Snapshot.Targets[4].Budgets = nil }, metrics.TargetBudgetPartRemainingCustomerSeconds, []string{
			`{class="rural",part="fault",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} -500001.75`,
			`{class="rural",part="pre-arranged",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 500000.25`,
		}},
		{"months of the running year only", nil, metrics.TargetBudgetMonthCustomerSeconds, []string{
			`{class="rural",month="2022-05",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 400000`,
			`{class="rural",month="2022-06",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 450000.125`,
		}},
		{"a month in which nothing was used", nil, metrics.TargetBudgetMonthUsedCustomerSeconds, []string{
			`{class="rural",month="2022-05",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 300000`,
			`{class="rural",month="2022-06",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 0`,
		}},
		{"members of a pooled scope", nil, metrics.TargetBudgetMemberRemainingCustomerSeconds, []string{
			`{area="xining",class="rural",policy="qinghai-2021-101",rule="cap",scope="qinghai",strength="aspiration",year="2021"} 2.5`,
			`{area="yushu",class="rural",policy="qinghai-2021-101",rule="cap",scope="qinghai",strength="aspiration",year="2021"} -0.25`,
		}},
		{"from which probability on there is a risk", nil, metrics.MissProbabilityLimitRatio, []string{
			`{policy="qinghai-2021-101",verdict="at-risk"} 0.2`, `{policy="qinghai-2021-101",verdict="off-track"} 0.8`,
		}},
		{"sums are of cells, and of no month", nil, metrics.CustomerInterruptionSeconds, []string{
			`{area="-",class="unclassified",nature="unknown",window="year"} 1`,
			`{area="xining",class="rural",nature="fault_internal",window="ytd"} 7200.5`,
			`{area="xining",class="rural",nature="planned_maintenance",window="ytd"} 3600`,
		}},
		{"index sets, of no month and no custom window", nil, metrics.CAIDISeconds, []string{
			`{class="all",index="saidi-1",scope="qinghai",window="prior_ytd"} 7200`,
			`{class="all",index="saidi-1",scope="qinghai",window="ytd"} 7200`,
			`{class="all",index="saidi-1",scope="xining",window="prior_year"} 7200`,
			`{class="all",index="saidi-1",scope="xining",window="year"} 7200`,
			`{class="rural",index="saidi-1",scope="xining",window="prior_ytd"} 7200`,
			`{class="rural",index="saidi-1",scope="xining",window="ytd"} 7200`,
		}},
		{"months by local date; none without a value", nil, metrics.MonthSAIDISeconds, []string{
			`{class="all",month="2021-12",scope="qinghai"} 3600`, `{class="all",month="2022-06",scope="qinghai"} 4500`,
		}},
		{"reductions of windows; none without a base", nil, metrics.ReductionRatio, []string{
			`{class="all",scope="xining",window="year"} 0.1`, `{class="rural",scope="xining",window="ytd"} 0.25`,
		}},
		{"reductions of targets; none of a cap, or without a base", nil, metrics.TargetReductionRatio, []string{
			`{class="rural",policy="qinghai-2021-101",rule="reduction",scope="xining",strength="duty",year="2022"} 0.24`,
		}},
		{"a coverage that nobody declares", nil, metrics.CoverageRatio, []string{`{area="xining"} 0.995`}},
		{"a time that is zero", nil, metrics.DataThrough, []string{`{area="xining"} 1.6566012e+09`}},
		{"a source that has told nothing", nil, metrics.LatestEvent, []string{`{source="oms"} 1.65660474e+09`}},
		{"a source that never worked", nil, metrics.IngestLastSuccess, []string{`{source="oms"} 1.6566048e+09`}},
		{"a source that never read", nil, metrics.IngestDurationSeconds, []string{`{source="oms"} 0.25`}},
		{"no reload yet", func(s *metrics.State) { s.ReloadTime = time.Time{} }, metrics.ConfigReloadTimestamp, nil},
		{"uncounted", nil, metrics.UncountedCustomerSeconds, []string{`{reason="over_base"} 12.5`, `{reason="overlap_excess"} 3`}},
		{"limits that are not set", func(s *metrics.State) { s.DataAgeLimit = 0 }, metrics.DataAgeLimitSeconds, nil},
		{"a share that is not set", func(s *metrics.State) { s.InterruptedLimit = 0 }, metrics.InterruptedCustomersLimitRatio, nil},
		{"a fraction that is none", func(s *metrics.State) { s.Snapshot.Detail.Limits.Coverage = policy.Fraction{} }, metrics.CoverageMinimumRatio, nil},
		{"no threshold", func(s *metrics.State) { s.Snapshot.Detail.MajorHours = nil }, metrics.MajorEventDayThresholdSeconds, nil},
		{"the threshold is of the whole", nil, metrics.MajorEventDayThresholdSeconds, []string{`{scope="qinghai"} 1800`}},
		{"what is no number", func(s *metrics.State) {
			s.Snapshot.Indices[0].MAIFI, s.Snapshot.Indices[1].MAIFI = new(math.NaN()), new(math.Inf(1))
			s.Snapshot.Indices = s.Snapshot.Indices[:3]
		}, metrics.MAIFI, []string{`{class="all",scope="xining",window="year"} 0.25`}},
		{"texts from outside", func(s *metrics.State) {
			s.Snapshot.Detail.Feeder = []snapshot.Feeder{
				{Feeder: long + "2", Area: "xining", Window: "ytd", CustomerSeconds: 2000},
				{Feeder: long + "1", Area: "xining", Window: "ytd", CustomerSeconds: 1000},
				{Feeder: "a\xffb", Window: "ytd", CustomerSeconds: 3000},
				{Feeder: "a\nb\x00", Window: "month", CustomerSeconds: 4000},
			}
		}, metrics.FeederCustomerInterruption, []string{
			`{area="-",feeder="a` + "\uFFFD" + `b",window="ytd"} 3`,
			`{area="xining",feeder="` + long[:200*3] + `",window="ytd"} 1`,
			`{area="xining",feeder="` + long[:198*3] + `~2",window="ytd"} 2`,
		}},
		{"a cause of control characters, and one of a month", func(s *metrics.State) {
			s.Snapshot.Detail.Causes[0].Cause = "a\nb\x00"
			s.Snapshot.Detail.Causes = append(s.Snapshot.Detail.Causes, snapshot.Cause{Area: "xining", Cause: "鸟害", Window: "month", CustomerSeconds: 1})
		}, metrics.CauseCustomerInterruptionSeconds, []string{
			`{area="xining",cause="a b ",window="ytd"} 4`, `{area="xining",cause="other",window="ytd"} 1`,
		}},
		{"counters count", nil, metrics.IngestRowsTotal, []string{
			`{outcome="accepted",reason="",source="oms"} 90`, `{outcome="rejected",reason="bad-time",source="oms"} 2`,
		}},
		{"a source that is no stream, and streams with nothing left", nil, metrics.SourcePendingMessages, []string{`{source="stream"} 12`, `{source="stream-2"} 0`}},
		{"nothing applied yet is a number", func(s *metrics.State) { s.Store.Applied = 0 }, metrics.StoreAppliedSequence, []string{" 0"}},
		{"who may not push is a dash", nil, metrics.PushRequestsTotal, []string{
			`{status="2xx",writer="-"} 0`, `{status="4xx",writer="-"} 5`, `{status="5xx",writer="-"} 0`,
			`{status="2xx",writer="control-room"} 40`, `{status="4xx",writer="control-room"} 1`, `{status="5xx",writer="control-room"} 2`,
			`{status="2xx",writer="调度"} 3`, `{status="4xx",writer="调度"} 0`, `{status="5xx",writer="调度"} 0`,
		}},
		{"a writer called dash is another than who may not push", func(s *metrics.State) { s.Store.Writers[2].Name = "-" }, metrics.PushSecondsTotal, []string{
			`{writer="-"} 0.25`, `{writer="-~2"} 0.005`, `{writer="control-room"} 0.5`,
		}},
		{"a writer that never pushed", func(s *metrics.State) { s.Store.Writers = []metrics.Writer{{Name: "new"}} }, metrics.PushBytesTotal, []string{`{writer="new"} 0`}},
		{"a store into which nobody may push", func(s *metrics.State) { s.Store.Writers = nil }, metrics.PushRequestsTotal, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := rich()
			if tt.change != nil {
				tt.change(s)
			}
			if diff := cmp.Diff(slices.Sorted(slices.Values(tt.want)), slices.Sorted(slices.Values(samples(t, s, tt.family)))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.family, diff)
			}
		})
	}
}

// Of the six verdicts one is 1, and the others 0.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	const at = `policy="qinghai-2021-101",rule="reduction",scope="yushu",strength="duty",verdict=`
	got := map[string]bool{}
	for _, line := range samples(t, rich(), metrics.TargetVerdict) {
		if _, rest, ok := strings.Cut(line, at); ok {
			got[rest] = true
		}
	}
	want := map[string]bool{}
	for _, v := range policy.Verdicts() {
		value := "0"
		if v == policy.CannotTell {
			value = "1"
		}
		want[`"`+string(v)+`",year="2022"} `+value] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNewPageErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*metrics.State)
		want   string
	}{
		{"two targets of one kind", func(s *metrics.State) { s.Snapshot.Targets = append(s.Snapshot.Targets, s.Snapshot.Targets[0]) }, "two samples with the same labels"},
		{"two cells", func(s *metrics.State) {
			s.Snapshot.Detail.Cells = append(s.Snapshot.Detail.Cells, s.Snapshot.Detail.Cells[0])
		}, "two samples with the same labels"},
		{"two sources", func(s *metrics.State) { s.Sources[1].Name = "oms" }, `{source="oms"}: two samples with the same labels`},
		{"two writers", func(s *metrics.State) { s.Store.Writers[1].Name = "" }, `writer="-"}: two samples with the same labels`},
		{"no detail", func(s *metrics.State) { s.Snapshot.Detail = nil }, "the snapshot has no detail"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := rich()
			tt.change(s)
			p, err := metrics.NewPage(s)
			if err == nil || p != nil || !strings.HasPrefix(err.Error(), "page of metrics: ") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
