package e2e

import (
	"fmt"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/dashboards"
	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/wording"
)

// A showing is one run of dashview: the four dashboards of a language, of one
// area and class.
type showing struct {
	language    wording.Language
	locale      string
	area, class string
	full        bool // the area has something to show in every panel
}

// checkDashboards draws every dashboard as it was at a moment and holds what it
// shows against what was reported. Xining has everything; Golog, which is shown
// first in English, has no data of the base year.
func (s *station) checkDashboards(t *testing.T, m *moment) {
	t.Helper()
	shows := []showing{
		{wording.Chinese, "zh-CN", "xining", "urban-core", true},
		{wording.English, "en-GB", "golog", "rural", false},
	}
	out := pictures(t)
	var wg sync.WaitGroup
	for _, show := range shows {
		files := writeDashboards(t, show.language)
		wg.Go(func() { s.draw(t, m, show, out, files) })
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	for _, show := range shows {
		checkShown(t, m, show, out)
	}
}

// pictures is the folder that pictures and texts go to: $SAIDI_E2E_OUT, seen from
// the project, or one that goes with the test.
func pictures(t *testing.T) string {
	t.Helper()
	switch out := os.Getenv("SAIDI_E2E_OUT"); {
	case out == "":
		return t.TempDir()
	case filepath.IsAbs(out):
		return out
	default:
		return filepath.Join(program.Root(t), out)
	}
}

// writeDashboards writes the shipped dashboards of a language.
func writeDashboards(t *testing.T, l wording.Language) []string {
	t.Helper()
	files, err := dashboards.Grafana()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var paths []string
	for _, f := range files {
		if path.Dir(f.Path) != "grafana/dashboards/"+string(l) {
			continue
		}
		p := filepath.Join(dir, path.Base(f.Path))
		writeFile(t, p, f.Data)
		paths = append(paths, p)
	}
	if len(paths) != shippedDashboards {
		t.Fatalf("%d dashboards in %s ship, want %d", len(paths), l, shippedDashboards)
	}
	return paths
}

// shippedDashboards is how many there are in each language.
const shippedDashboards = 4

// noResult is how dashview speaks of a query that gives nothing.
const noResult = "no result for: "

// draw runs dashview over the five minutes before the moment. An error or a
// warning of it fails the test. Where the area has everything, so does a query that
// gives nothing, even of a panel that may be empty.
func (s *station) draw(t *testing.T, m *moment, show showing, out string, files []string) {
	at := time.UnixMilli(int64(math.Round(m.at * 1000))).UTC()
	status, found := program.Run(t, s.dashview, append([]string{
		"--prometheus", m.p.url, "--strict", "--locale", show.locale, "--out", out,
		"--from", at.Add(-5 * time.Minute).Format(time.RFC3339Nano), "--to", at.Format(time.RFC3339Nano),
		"--var", "area=" + show.area, "--var", "scope=" + show.area, "--var", "class=" + show.class,
	}, files...)...)
	if status != 0 {
		t.Errorf("dashview ended with status %d:\n%s", status, found)
		return
	}
	if show.full {
		checkEmpty(t, found)
	}
}

// ofStore names what only an exporter with a store has, which the demo is not.
var ofStore = regexp.MustCompile(`outage_store_|outage_cluster_|outage_push_|` + metrics.SourcePendingMessages)

// ofSome names what not every target has: a day on which its limit is passed, and
// a base year with storms, of which one of two queries asks for more than the other.
var ofSome = regexp.MustCompile(metrics.TargetPasses + "|" + metrics.TargetBaseStormRatio)

// checkEmpty holds that every query of every panel has data.
func checkEmpty(t *testing.T, found string) {
	for line := range strings.Lines(found) {
		if strings.Contains(line, noResult) && !ofStore.MatchString(line) && !ofSome.MatchString(line) {
			t.Errorf("a panel lacks data: %s", line)
		}
	}
}

// checkShown holds what the dashboards of a language show against the moment.
func checkShown(t *testing.T, m *moment, show showing, out string) {
	t.Helper()
	l := show.language
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(out, "saidi-"+name+"-"+string(l)+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	checkTargetTable(t, m, l, read("compliance"))
	number := func(board, panel, promql string, factor float64) {
		want, ok := m.p.one(t, promql, m.at)
		got, err := shownNumber(read(board), panel)
		if !ok || err != nil || math.Abs(got-want*factor) > shownTo {
			t.Errorf("%s, %s, panel %s: got %v, want %v (there: %v): %v", l, board, panel, got, want*factor, ok, err)
		}
	}
	number("area", "#1", `outage_saidi_seconds{scope="`+show.area+`",class="all",index="saidi-1",window="ytd"}`, 1.0/secondsPerHour)
	number("area", "#8", `sum(outage_served_customers{area="`+show.area+`"})`, 1)
	number("operations", "#1", `sum(outage_interrupted_customers)`, 1)
	number("operations", "#3", `sum(outage_active_events)`, 1)
	number("quality", "#7", metrics.OpenEvents, 1)
}

// shownTo is how far a number with two decimals may lie from the true one.
const shownTo = 0.005 + 1e-9

// panelHead is the line above what a panel shows.
var panelHead = regexp.MustCompile(`(?m)^## .*\((#[0-9]+), [a-z]+\)$`)

// shownPanel gives the lines of a panel, named by its number.
func shownPanel(text, panel string) ([]string, error) {
	heads := panelHead.FindAllStringSubmatchIndex(text, -1)
	for i, h := range heads {
		if text[h[2]:h[3]] != panel {
			continue
		}
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		return strings.Split(strings.TrimSpace(text[h[1]:end]), "\n"), nil
	}
	return nil, fmt.Errorf("there is no panel %s", panel)
}

// leading is the number at the beginning of what a panel shows.
var leading = regexp.MustCompile(`^-?[0-9][0-9,]*(\.[0-9]+)?`)

// shownNumber reads the one number that a panel shows.
func shownNumber(text, panel string) (float64, error) {
	lines, err := shownPanel(text, panel)
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.ReplaceAll(leading.FindString(lines[0]), ",", ""), 64)
}

// checkTargetTable finds every target of the report in the table of all targets:
// its verdict in words, its names, its value and its limit.
func checkTargetTable(t *testing.T, m *moment, l wording.Language, text string) {
	t.Helper()
	rows := map[string][]string{}
	lines, err := shownPanel(text, "#7")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		cells := strings.Split(line, " | ")
		if len(cells) < 6 {
			t.Fatalf("%s: a row of %d cells: %s", l, len(cells), line)
		}
		rows[strings.Join(cells[1:4], " | ")] = cells
	}
	if len(rows) != len(m.report.Targets) {
		t.Errorf("%s: %d targets are shown, want %d", l, len(rows), len(m.report.Targets))
	}
	names := nameTable(l)
	for _, target := range m.report.Targets {
		key := strings.Join([]string{names[target.Scope], names[target.Class], l.Word(wording.Strength, target.Strength)}, " | ")
		cells, ok := rows[key]
		if !ok {
			t.Errorf("%s: no row of %s", l, key)
			continue
		}
		if want := l.Word(wording.Verdict, target.Verdict); !strings.HasSuffix(cells[0], " "+want) {
			t.Errorf("%s: %s is %q, want %s", l, key, cells[0], want)
		}
		for i, want := range []*float64{target.ValueHours, target.LimitHours} {
			if want == nil {
				continue
			}
			if got, err := strconv.ParseFloat(cells[5+i], 64); err != nil || math.Abs(got-*want) > shownTo {
				t.Errorf("%s: %s shows %s, want %v", l, key, cells[5+i], *want)
			}
		}
	}
}

// nameTable gives the names of scopes and classes of the policy of the demo.
func nameTable(l wording.Language) map[string]string {
	names, p := map[string]string{}, policy.Qinghai()
	note := func(id string, name policy.Text) { names[id] = name.In(string(l)) }
	for _, a := range p.Areas {
		note(string(a.ID), a.Name)
	}
	for _, g := range p.Groups {
		note(g.ID, g.Name)
	}
	for _, c := range p.Classes {
		note(string(c.ID), c.Name)
	}
	return names
}
