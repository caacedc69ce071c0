package e2e

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/wording"
)

// The year of an area whose cap is passed, whose source dies and comes back, and
// whose data is corrected: what fires in Prometheus and whom Alertmanager tells.
func testAlerts(t *testing.T, s *station) {
	a := s.startAlertmanager(t)
	province := newProvince(t)
	province.deliver(t, "xining", "2022-11-14T07:30", "")
	province.deliver(t, "rest", "2022-11-14T07:30", "")
	exporter := province.serve(t, "2022-11-14T08:00")
	p := s.startPrometheus(t, t.TempDir(), exporter.address(), a.address)
	x := &story{province, exporter, p, a}

	x.step(t, "all is calm", "2022-11-14T08:00", nil, nil)

	province.deliver(t, "xining", "2022-11-15T07:30", "BIG,XN-rural,xining,rural,2022-11-14T20:00:00+08:00,2022-11-15T07:00:00+08:00,1000,fault_internal,")
	province.deliver(t, "rest", "2022-11-15T07:30", "")
	x.step(t, "eleven hours in the countryside of Xining", "2022-11-15T08:00",
		append(passed(), "SaidiBurnFast xining rural cap 24h", "SaidiBurnFast xining rural reduction 24h"),
		[]string{
			"bureau firing SaidiCapExceeded xining rural cap", "bureau firing SaidiLimitPassed xining rural reduction",
			"operator firing SaidiBudgetSpent xining rural cap", "operator firing SaidiBudgetSpent xining rural reduction",
		})
	x.checkTexts(t)

	province.lose(t, "xining")
	province.deliver(t, "rest", "2022-11-18T07:30", "")
	x.step(t, "the source of Xining is dead for three days", "2022-11-18T08:00",
		append(passed(), "SaidiDataStale qinghai", "SaidiDataStale xining"),
		[]string{"operator firing SaidiDataStale qinghai", "operator firing SaidiDataStale xining"})
	x.checkPending(t, []string{"SaidiProjectionOverLimit xining rural cap", "SaidiProjectionOverLimit xining rural reduction", "SaidiSourceFailing daily-xining"})
	x.checkHeld(t, "suppressed", "SaidiDataStale xining")
	s.checkSick(t, p)

	province.bringBack(t, "xining")
	province.deliver(t, "xining", "2022-11-18T08:30", "")
	x.step(t, "it is back with a week's data", "2022-11-18T09:00", passed(),
		[]string{"operator resolved SaidiDataStale qinghai", "operator resolved SaidiDataStale xining"})
	x.checkHeld(t, "active", "")

	province.deliver(t, "xining", "2022-11-18T09:30", "BIG,XN-rural,xining,rural,2022-11-14T20:00:00+08:00,2022-11-14T20:10:00+08:00,1000,fault_internal,2")
	x.step(t, "it was ten minutes", "2022-11-18T10:00", nil,
		[]string{
			"bureau resolved SaidiCapExceeded xining rural cap", "bureau resolved SaidiLimitPassed xining rural reduction",
			"operator resolved SaidiBudgetSpent xining rural cap", "operator resolved SaidiBudgetSpent xining rural reduction",
		})
	p.logScrapes(t)
}

// passed are the alerts of the targets whose limits are passed, as long as the
// outage is one of the last seven days and not of the last.
func passed() []string {
	return []string{
		"SaidiBudgetSpent xining rural cap", "SaidiBudgetSpent xining rural reduction",
		"SaidiBurnMonthly xining rural cap 30d", "SaidiBurnMonthly xining rural reduction 30d",
		"SaidiBurnSlow xining rural cap 7d", "SaidiBurnSlow xining rural reduction 7d",
		"SaidiCapExceeded xining rural cap",
		"SaidiLimitPassed xining rural reduction",
		"SaidiReductionOffTarget xining rural reduction",
	}
}

// A story is the programs that take part in it.
type story struct {
	province     *province
	exporter     *exporter
	prometheus   *prometheus
	alertmanager *alertmanager
}

// step moves the clock and waits until exactly these alerts fire and exactly
// these letters have come. Whatever else comes within two evaluations more is an
// error too.
func (x *story) step(t *testing.T, what, clock string, firing, letters []string) {
	t.Helper()
	x.alertmanager.inbox.empty()
	x.exporter.set(t, clock)
	slices.Sort(firing)
	slices.Sort(letters)
	compare := func() error {
		diff := cmp.Diff(firing, x.inState(t, "firing")) + cmp.Diff(letters, x.letters())
		if diff != "" {
			return fmt.Errorf("alerts or letters (-want +got):\n%s\nthe exporter says:\n%s", diff, x.exporter.log.Last(2<<10))
		}
		return nil
	}
	program.Eventually(t, soon, what+": the clock of "+clock, func() error {
		if at, _ := x.prometheus.one(t, "outage_snapshot_as_of_timestamp_seconds", 0); at != float64(x.exporter.now().Unix()) {
			return fmt.Errorf("as-of is %v", at)
		}
		return nil
	})
	program.Eventually(t, soon, what, compare)
	x.prometheus.evaluated(t)
	x.prometheus.evaluated(t)
	if err := compare(); err != nil {
		t.Errorf("%s: a moment later: %v", what, err)
	}
}

// inState lists the alerts of Prometheus that are firing or pending.
func (x *story) inState(t *testing.T, state string) []string {
	t.Helper()
	var all []string
	for _, r := range x.prometheus.rules(t) {
		for _, a := range r.Alerts {
			if a.State == state {
				all = append(all, alertName(a.Labels))
			}
		}
	}
	slices.Sort(all)
	return all
}

// letters lists who was told of what since the last step, each once.
func (x *story) letters() []string {
	all := map[string]bool{}
	for _, l := range x.alertmanager.inbox.all() {
		all[l.Receiver+" "+l.Status+" "+alertName(l.Labels)] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// alertName is an alert's name and what it is about.
func alertName(labels map[string]string) string {
	words := []string{labels["alertname"]}
	for _, name := range []string{"scope", "class", "rule", "burn_window", "source"} {
		if labels[name] != "" {
			words = append(words, labels[name])
		}
	}
	return strings.Join(words, " ")
}

func (x *story) checkPending(t *testing.T, want []string) {
	t.Helper()
	if diff := cmp.Diff(want, x.inState(t, "pending")); diff != "" {
		t.Errorf("pending alerts (-want +got):\n%s", diff)
	}
}

// checkTexts holds the letters of the cap to the names of the area and class in
// both languages, and to the numbers.
func (x *story) checkTexts(t *testing.T) {
	t.Helper()
	for _, l := range x.alertmanager.inbox.all() {
		if l.Labels["alertname"] != "SaidiCapExceeded" {
			continue
		}
		for name, want := range map[string]string{
			"summary":        "Xining, Rural: above the cap of 2022 with 13.00 hours a customer",
			"summary_zh":     "西宁市农村：已超过 2022 年上限，13.00 小时/户",
			"description":    "11.00 hours",
			"description_zh": "11.00 小时",
		} {
			if !strings.Contains(l.Annotations[name], want) {
				t.Errorf("%s is %q, want %q in it", name, l.Annotations[name], want)
			}
		}
	}
}

// checkHeld checks the state of the cap's alert in Alertmanager, and by which
// other one it is held back; empty: by none.
func (x *story) checkHeld(t *testing.T, state, by string) {
	t.Helper()
	const about = "SaidiCapExceeded xining rural cap"
	program.Eventually(t, soon, about+" is "+state, func() error {
		prints, byName := map[string]string{}, map[string]held{}
		for _, h := range x.alertmanager.alerts(t) {
			prints[h.Fingerprint] = alertName(h.Labels)
			byName[alertName(h.Labels)] = h
		}
		got, names := byName[about], ""
		for _, print := range got.Status.InhibitedBy {
			names += prints[print]
		}
		if got.Status.State != state || names != by {
			return fmt.Errorf("it is %q, held back by %q", got.Status.State, names)
		}
		return nil
	})
}

// checkSick draws the English dashboards as they are now and looks for what is
// wrong in them.
func (s *station) checkSick(t *testing.T, p *prometheus) {
	t.Helper()
	out := t.TempDir()
	p.scrapedAWhile(t)
	m := &moment{p: p, at: float64(time.Now().Unix())}
	s.draw(t, m, showing{wording.English, "en-GB", "xining", "rural", false}, out, writeDashboards(t, wording.English))
	for _, want := range []struct{ board, panel, line string }{
		{"quality", "#1", "1"}, // sources down
		{"quality", "#3", "1"}, // areas with stale data
	} {
		text, err := os.ReadFile(filepath.Join(out, "saidi-"+want.board+"-en.txt"))
		if err != nil {
			t.Fatal(err)
		}
		lines, err := shownPanel(string(text), want.panel)
		if err != nil || lines[0] != want.line {
			t.Errorf("%s, panel %s shows %q, want %q: %v", want.board, want.panel, lines, want.line, err)
		}
	}
}

// A province is the files of a small province of twenty cells with a thousand
// customers each: three outages a month, of eight minutes in 2021 and of four in
// 2022, a row that ends before it begins, and two senders of the latest, one of
// them of Xining alone.
type province struct{ dir string }

const eventHeader = "event_id,feeder_id,area,class,start,end,customers,nature,revision\n"

// provinceConfig follows the files of a province.
const provinceConfig = `base: base.csv
sources:
  - name: archive
    files: archive.csv
    covers: {from: 2021-01-01, to: 2022-11-08}
  - name: daily-xining
    files: xining
    each_covers: 168h
    areas: [xining]
  - name: daily-rest
    files: rest
    each_covers: 168h
    areas: [haidong, haixi, huangnan, hainan, haibei, golog, yushu]
data_age_limit: 36h
refresh: 1s
rescan: 1s
`

func newProvince(t *testing.T) *province {
	t.Helper()
	p := &province{t.TempDir()}
	var base, archive strings.Builder
	base.WriteString("feeder_id,area,class,customers\n")
	archive.WriteString(eventHeader)
	for _, c := range cells() {
		fmt.Fprintf(&base, "%s,%s,%s,1000\n", c.feeder, c.area, c.class)
		for n := range 22 * 3 {
			month, day := n/3, 5+10*(n%3)
			year, minutes := 2021+month/12, 8-4*(month/12)
			on := fmt.Sprintf("%d-%02d-%02d", year, 1+month%12, day)
			fmt.Fprintf(&archive, "M%02d-%s,%[2]s,%[3]s,%[4]s,%[5]sT09:00:00+08:00,%[5]sT09:%02[6]d:00+08:00,1000,planned_maintenance,\n",
				n, c.feeder, c.area, c.class, on, minutes)
		}
	}
	archive.WriteString("WRONG,XN-town,xining,town,2021-05-05T09:00:00+08:00,2021-05-05T08:00:00+08:00,10,fault_internal,\n")
	p.write(t, "base.csv", "2022-11-08T00:00", base.String())
	p.write(t, "archive.csv", "2022-11-08T00:00", archive.String())
	writeFile(t, filepath.Join(p.dir, "saidi.yaml"), []byte(provinceConfig))
	return p
}

// A cell is an area and a class with the one feeder that it has.
type cell struct{ feeder, area, class string }

// cells are those for which the policy of Qinghai sets a duty.
func cells() []cell {
	var all []cell
	for _, area := range []string{"xining", "haidong", "haixi", "huangnan", "hainan", "haibei", "golog", "yushu"} {
		classes := []string{"town", "rural"}
		if area == "xining" || area == "haidong" {
			classes = append(classes, "urban-core", "urban")
		}
		for _, class := range classes {
			feeder := strings.ToUpper(area[:2]) + area[2:] + "-" + class
			if area == "xining" {
				feeder = "XN-" + class
			}
			all = append(all, cell{feeder, area, class})
		}
	}
	return all
}

// deliver puts a file into a sender's folder, written at an instant in the zone
// of Qinghai: one short outage, and a row more.
func (p *province) deliver(t *testing.T, sender, written, row string) {
	t.Helper()
	c := cells()[0]
	if sender != "xining" {
		c = cells()[4]
	}
	at := instant(t, written)
	start := at.AddDate(0, 0, -1)
	text := eventHeader + fmt.Sprintf("D%s-%s,%[2]s,%s,%s,%s,%s,20,fault_internal,\n",
		at.Format("0102T1504"), c.feeder, c.area, c.class, rfc3339(start), rfc3339(start.Add(tenMinutes)))
	if row != "" {
		text += row + "\n"
	}
	p.write(t, filepath.Join(sender, at.Format("2006-01-02T1504")+".csv"), written, text)
}

// write makes a file appear as a whole, written at an instant in the zone of
// Qinghai.
func (p *province) write(t *testing.T, name, written, text string) {
	t.Helper()
	path, at := filepath.Join(p.dir, name), instant(t, written)
	writeFile(t, path+".tmp", []byte(text))
	if err := os.Chtimes(path+".tmp", at, at); err != nil {
		t.Fatal(err)
	}
	p.rename(t, path+".tmp", path)
}

// lose makes the folder of a sender go, and bringBack puts it there
// again as it was.
func (p *province) lose(t *testing.T, sender string) {
	t.Helper()
	p.rename(t, filepath.Join(p.dir, sender), filepath.Join(p.dir, "lost-"+sender))
}

func (p *province) bringBack(t *testing.T, sender string) {
	t.Helper()
	p.rename(t, filepath.Join(p.dir, "lost-"+sender), filepath.Join(p.dir, sender))
}

func (p *province) rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}
