package browse

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

const workbookKind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// A workbook that is handed in by the form is answered as the API answers it; a
// file that cannot be read is refused on the same page.
func testPlan(t *testing.T, s *station) {
	s.inEach(t, func(t *testing.T, x *tab, l wording.Language) {
		path := proposal(t, s.demo)
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		ask := func() *snapshot.PlanCheck {
			answer, err := s.demo.ask(t, http.MethodPost, "/api/v1/plan", workbookKind, body)
			c := &snapshot.PlanCheck{}
			if err == nil {
				err = json.Unmarshal(answer, c)
			}
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		same := false
		for tries := 0; !same && tries < 10; tries++ {
			before := ask()
			x.at(in(l, "/plan"))
			x.handIn(path)
			if same = before.AsOf == ask().AsOf; same {
				checkPlan(t, x, before, l)
			}
		}
		if !same {
			t.Error("the numbers changed whenever a plan was handed in")
		}
		for _, width := range widths() {
			x.size(width, 900)
			x.checkWidth("/plan, answered", width)
			if folder := os.Getenv("SAIDI_PICTURES"); folder != "" {
				x.picture(folder, "/plan/answered", l, width, "light")
			}
		}
		eval[bool](x, s.rules+"; true")
		x.checkFindings("/plan, answered", look{1920, "light"})
		nonsense := filepath.Join(t.TempDir(), "nonsense.xlsx")
		writeFile(t, nonsense, "this is no workbook")
		x.allow(func(status int64, _ string) bool { return status >= 400 && status < 500 })
		x.handIn(nonsense)
		if got := eval[string](x, `document.querySelector("[role=alert]")?.innerText + (document.querySelector("form #file") ? " form" : "")`); !strings.HasSuffix(got, " form") || len(got) < 20 {
			t.Errorf("nonsense is answered with %q", got)
		}
	})
}

// proposal is a workbook with three outages two days on: two on feeders of Xining,
// and one on a feeder that nobody knows.
func proposal(t *testing.T, site *saidi) string {
	t.Helper()
	list := getJSON[snapshot.FeederList](t, site, "/api/v1/feeders?scope=xining&class=urban&top=10")
	at, err := time.Parse(time.RFC3339, site.report(t).Provenance.AsOf)
	if err != nil || len(list.Lines) < 2 {
		t.Fatalf("%d feeders: %v", len(list.Lines), err)
	}
	at = at.AddDate(0, 0, 2)
	book := excelize.NewFile()
	defer book.Close()
	rows := [][]any{{"event_id", "feeder_id", "start", "end", "customers", "nature"}}
	for i, feeder := range []string{list.Lines[0].Feeder, list.Lines[1].Feeder, "NOBODY-KNOWS"} {
		rows = append(rows, []any{
			"P" + string(rune('1'+i)), feeder, at.Format("2006-01-02 15:04"), at.Add(3 * time.Hour).Format("2006-01-02 15:04"), 20, "planned_maintenance",
		})
	}
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = book.SetSheetRow("Sheet1", cell, &row)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "plan.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// handIn gives a file to the form and waits for the answer.
func (x *tab) handIn(path string) {
	x.t.Helper()
	x.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}))
	x.leave(func() { eval[bool](x, `(document.querySelector("form.question").requestSubmit(), true)`) })
}

// checkPlan holds the answer on the page against that of the API.
func checkPlan(t *testing.T, x *tab, c *snapshot.PlanCheck, l wording.Language) {
	t.Helper()
	if head := eval[string](x, `document.querySelector("#verdict").className`); c.Fits != strings.Contains(head, " met") {
		t.Errorf("the plan fits: %v; the page says %q", c.Fits, head)
	}
	names := names(l)
	targets := x.rows(`section[aria-labelledby=targets] table`)
	if len(targets) != len(c.Targets) || len(targets) == 0 {
		t.Fatalf("%d targets are shown, want %d", len(targets), len(c.Targets))
	}
	for _, target := range c.Targets {
		i := slices.IndexFunc(targets, func(r row) bool {
			return r[l.Say("events.place")] == names[target.Scope]+" · "+names[target.Class]+" "+l.Word(wording.Strength, target.Strength)
		})
		if i < 0 {
			t.Errorf("%s %s, %s is not shown: %q", target.Scope, target.Class, target.Strength, targets)
			continue
		}
		for key, want := range map[string]*snapshot.Milli{
			"column.budget": target.Budget, "column.used-up": target.Used, "column.scheduled": target.Scheduled,
			"column.left-now": target.RemainingBefore, "column.cost": &target.Cost, "column.left-after": target.RemainingAfter,
		} {
			var number *float64
			if want != nil {
				number = hours(*want)
			}
			checkNumber(t, target.Scope+" "+key, targets[i][l.Say(key)], number, 1, 2)
		}
	}
	accepted, rejected := 0, 0
	costs := x.rows(`section[aria-labelledby=costs] table`)
	for _, r := range c.Rows {
		if r.Rejected != nil {
			rejected++
			continue
		}
		i := slices.IndexFunc(costs, func(row row) bool { return row[l.Say("column.event")] == r.EventID })
		if accepted++; i < 0 {
			t.Errorf("%s is not shown", r.EventID)
			continue
		}
		checkNumber(t, r.EventID, costs[i][l.Say("events.customer-hours")], hours(r.CustomerSeconds), 1, 2)
	}
	if shown := len(x.rows(`section[aria-labelledby=rejected] table`)); accepted != len(costs) || rejected != shown || accepted != 2 || rejected != 1 {
		t.Errorf("%d rows count, %d of them are shown; %d are rejected, %d of them are shown", accepted, len(costs), rejected, shown)
	}
}
