package e2e

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/snapshot"
)

// The demo under Prometheus: every family is there, every rule can be evaluated,
// what Prometheus has is what the program says, and so is what dashboards show.
func testDemo(t *testing.T, s *station) {
	exporter := s.startSaidi(t, "--demo")
	p := s.startPrometheus(t, t.TempDir(), exporter.address, "127.0.0.1:1")
	p.scrapedAWhile(t)
	if up, _ := p.one(t, `up{job="saidi"}`, 0); up != 1 {
		t.Errorf("up is %v, want 1", up)
	}
	checkFamilies(t, p)
	p.evaluated(t)
	p.logScrapes(t)
	m := takeMoment(t, exporter, p)
	checkTargets(t, m)
	s.checkDashboards(t, m)
	p.evaluated(t)
	p.logScrapes(t)
}

// A saidi is a running exporter.
type saidi struct {
	*program.Program
	address string
}

// startSaidi starts saidi serve and waits for its first snapshot.
func (s *station) startSaidi(t *testing.T, args ...string) *saidi {
	t.Helper()
	address := program.Address(t)
	p := program.StartFor(t, s.saidi, append([]string{"serve", "--web.listen-address=" + address}, args...)...)
	ready(t, p, "http://"+address+"/-/ready")
	return &saidi{p, address}
}

// checkFamilies holds what Prometheus has against the list of families. The demo
// has samples of all but those of a store: its rows name units, causes and
// feeders, some are rejected, and it goes back far enough for a major event day
// threshold and for projections, by some of which a limit is passed.
func checkFamilies(t *testing.T, p *prometheus) {
	t.Helper()
	want, got := map[string]bool{metrics.BuildInfo: true}, map[string]bool{}
	for _, f := range metrics.Families() {
		if !ofStore.MatchString(f.Name) {
			want[f.Name] = true
		}
	}
	for _, s := range p.query(t, `count by (__name__) ({__name__=~"outage_.+"})`, 0) {
		got[s.Metric["__name__"]] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("families in Prometheus (-want +got):\n%s", diff)
	}
}

// A moment is what the program reported, and where Prometheus has the same.
type moment struct {
	report snapshot.Snapshot
	asOf   time.Time
	p      *prometheus
	at     float64 // of the sample, in Unix seconds
}

// takeMoment asks the program for a report until Prometheus has scraped the very
// snapshot that it is of.
func takeMoment(t *testing.T, exporter *saidi, p *prometheus) *moment {
	t.Helper()
	m := &moment{p: p}
	program.Eventually(t, soon, "a report of a snapshot that was scraped", func() error {
		body, err := get(t, "http://"+exporter.address+"/api/v1/report")
		if err != nil {
			return err
		}
		m.report = snapshot.Snapshot{}
		if err := json.Unmarshal(body, &m.report); err != nil {
			return err
		}
		if m.asOf, err = time.Parse(time.RFC3339, m.report.Provenance.AsOf); err != nil {
			return err
		}
		time.Sleep(time.Second) // a scrape
		for _, series := range p.query(t, metrics.SnapshotAsOf+"[30s]", 0) {
			for _, point := range series.Points {
				if point.value() == float64(m.asOf.Unix()) {
					m.at = point.time()
					return nil
				}
			}
		}
		return fmt.Errorf("none of %s", m.report.Provenance.AsOf)
	})
	return m
}

// checkTargets holds the samples of targets against the report of the moment.
func checkTargets(t *testing.T, m *moment) {
	t.Helper()
	want := map[string]float64{}
	for _, target := range m.report.Targets {
		note := func(name string, value *float64, factor float64) {
			if value != nil {
				want[name+" "+targetKey(target.Scope, target.Class, target.Rule, target.Strength, strconv.Itoa(target.Year))] = *value * factor
			}
		}
		note(metrics.TargetValueSeconds, target.ValueHours, secondsPerHour)
		note(metrics.TargetLimitSeconds, target.LimitHours, secondsPerHour)
		note(metrics.TargetRequiredReductionRatio, target.RequiredReduction, 1)
		note(metrics.TargetReductionRatio, target.Reduction, 1)
	}
	got := map[string]float64{}
	for _, name := range []string{metrics.TargetValueSeconds, metrics.TargetLimitSeconds, metrics.TargetRequiredReductionRatio, metrics.TargetReductionRatio} {
		for _, s := range m.p.query(t, name, m.at) {
			got[name+" "+targetKey(s.Metric["scope"], s.Metric["class"], s.Metric["rule"], s.Metric["strength"], s.Metric["year"])] = s.Point.value()
		}
	}
	if len(want) < len(m.report.Targets) {
		t.Errorf("%d values of %d targets", len(want), len(m.report.Targets))
	}
	if diff := cmp.Diff(want, got, nearly()); diff != "" {
		t.Errorf("targets at %s (-reported +in Prometheus):\n%s", m.report.Provenance.AsOf, diff)
	}
}

const secondsPerHour = 3600

func targetKey(scope, class, rule, strength, year string) string {
	return fmt.Sprintf("%s %s %s %s %s", scope, class, rule, strength, year)
}

// nearly lets numbers differ by a billionth, as hours are seconds divided.
func nearly() cmp.Option {
	const share = 1e-9
	return cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= share*max(math.Abs(a), math.Abs(b)) })
}
