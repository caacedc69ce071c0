package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/wording"
)

// What goes wrong while the program serves leaves the last good numbers in
// place, and is told on the page, in metrics and by alerts.
func testFaults(t *testing.T, s *station) {
	dir := t.TempDir()
	config, broken := filepath.Join(dir, "saidi.yaml"), filepath.Join(dir, "events", "broken.parquet")
	start := time.Now().Add(-2 * time.Hour)
	writeFile(t, filepath.Join(dir, "base.csv"), []byte("feeder_id,area,class,customers\nF1,xining,rural,1000\n"))
	writeFile(t, filepath.Join(dir, "events", "good.csv"),
		[]byte(eventHeader+fmt.Sprintf("E1,F1,xining,rural,%s,%s,500,fault_internal,\n", rfc3339(start), rfc3339(start.Add(time.Hour)))))
	const good = "base: base.csv\nsources:\n  - {name: daily, files: events}\nrefresh: 1s\nrescan: 1s\n"
	writeFile(t, config, []byte(good))
	exporter := s.startSaidi(t, "--config="+config)
	p := s.startPrometheus(t, t.TempDir(), exporter.address, "127.0.0.1:1")
	f := &faulty{exporter, p}

	f.check(t, "in order", "", map[string]float64{sourceUp: 1, sourceFaults: 0, reloaded: 1})

	writeFile(t, broken, []byte("PAR1 and then nothing that a reader of columns could read"))
	f.check(t, "a corrupt file", broken, map[string]float64{sourceUp: 0, sourceFaults: 1, reloaded: 1, pendingAlert("SaidiSourceFailing"): 1})

	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	f.check(t, "the corrupt file is gone", "", map[string]float64{sourceUp: 1, sourceFaults: 0, reloaded: 1})

	writeFile(t, config, []byte("polcy: qinghai.yaml\n"+good))
	exporter.Signal(syscall.SIGHUP)
	f.check(t, "a wrong key", "saidi.yaml:1: unknown key &#34;polcy&#34;", map[string]float64{sourceUp: 1, reloaded: 0, firingAlert("SaidiConfigReloadFailed"): 1})

	writeFile(t, config, []byte(good))
	exporter.Signal(syscall.SIGHUP)
	f.check(t, "the configuration is mended", "", map[string]float64{sourceUp: 1, reloaded: 1})
}

const (
	sourceUp     = `outage_source_up{source="daily"}`
	sourceFaults = `outage_source_faults{source="daily"}`
	reloaded     = `outage_config_last_reload_successful`
)

func pendingAlert(name string) string {
	return fmt.Sprintf(`ALERTS{alertname=%q,alertstate="pending"}`, name)
}

func firingAlert(name string) string {
	return fmt.Sprintf(`ALERTS{alertname=%q,alertstate="firing"}`, name)
}

// lasting is what holds whatever goes wrong. The outage is one of this year or,
// in the first hours of January, of the last.
func lasting() map[string]float64 {
	return map[string]float64{
		`up{job="saidi"}`: 1,
		`sum(outage_served_customers{area="xining",class="rural"})`:                   1000,
		`sum(outage_events{area="xining",window=~"ytd|year"})`:                        1,
		`sum(outage_customer_interruption_seconds{area="xining",window=~"ytd|year"})`: 500 * 3600,
	}
}

// A faulty is an exporter with what goes wrong, and its Prometheus.
type faulty struct {
	exporter *saidi
	p        *prometheus
}

// check waits until the page tells of a fault, or of none, and Prometheus has
// these values and those that last.
func (f *faulty) check(t *testing.T, what, onPage string, want map[string]float64) {
	t.Helper()
	program.Eventually(t, soon, what, func() error {
		page, err := get(t, "http://"+f.exporter.address+"/?lang=en")
		if err != nil {
			return err
		}
		if (onPage == "") != strings.Contains(string(page), wording.English.Say("page.no-faults")) || !strings.Contains(string(page), onPage) {
			return fmt.Errorf("the page does not tell so, want %q on it", onPage)
		}
		for _, values := range []map[string]float64{want, lasting()} {
			for promql, value := range values {
				if got, ok := f.p.one(t, promql, 0); !ok || got != value {
					return fmt.Errorf("%s is %v (there: %v), want %v", promql, got, ok, value)
				}
			}
		}
		return nil
	})
}
