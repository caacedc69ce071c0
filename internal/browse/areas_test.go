package browse

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// The numbers of the page of each area, group and the whole are those of the report:
// in one language of all customers, in the other of a class.
func testAreas(t *testing.T, s *station) {
	p := policy.Qinghai()
	scopes := []string{p.Whole.ID}
	for _, g := range p.Groups {
		scopes = append(scopes, g.ID)
	}
	for _, a := range p.Areas {
		scopes = append(scopes, string(a.ID))
	}
	s.inEach(t, func(t *testing.T, x *tab, l wording.Language) {
		for _, scope := range scopes {
			checkArea(t, x, l, scope, map[wording.Language]string{wording.Chinese: all, wording.English: "rural"}[l])
		}
	})
}

// An area is a page of a scope and class, what it is to show, and how it is called
// in an error.
type area struct {
	*tab
	t            *testing.T
	l            wording.Language
	r            *snapshot.Snapshot
	scope, class string
}

func checkArea(t *testing.T, x *tab, l wording.Language, scope, class string) {
	t.Helper()
	a := &area{tab: x, t: t, l: l, scope: scope, class: class}
	a.r = x.together(a.path())
	now, prior := a.entry(snapshot.YearToDate), a.entry(snapshot.PriorYearToDate)
	if now == nil || prior == nil {
		t.Fatalf("%s %s: the report has no index of it", scope, class)
	}
	figures := a.facts("dl.figures")
	a.number("hours", first(figures[l.Say("area.hours")]), now.SAIDIHours, 2)
	a.number("SAIFI", first(figures[l.Say("page.saifi")]), now.SAIFI, 3)
	a.number("before", first(figures[l.Say("page.before")]), prior.SAIDIHours, 2)
	a.cards()
	a.months()
	a.natures(now, prior)
	a.indices(now, prior)
	a.feeders()
}

// first is the first word of a text.
func first(text string) string {
	word, _, _ := strings.Cut(strings.ReplaceAll(text, "\n", " "), " ")
	return word
}

// number holds a number of the page against one of the report.
func (a *area) number(what, text string, want *float64, decimals int) {
	a.t.Helper()
	checkNumber(a.t, fmt.Sprintf("%s: %s %s: %s", a.l, a.scope, a.class, what), text, want, 1, decimals)
}

// entry is the report's of a window.
func (a *area) entry(window string) *snapshot.Entry {
	i := slices.IndexFunc(a.r.Indices, func(e snapshot.Entry) bool {
		return e.Scope == a.scope && e.Class == a.class && e.Window == window
	})
	if i < 0 {
		return nil
	}
	return &a.r.Indices[i]
}

// say is a word of the catalogue.
func (a *area) say(key string) string { return a.l.Say(key) }

// A card is a target as the page of an area shows it.
type card struct {
	Head  string   `json:"head"`
	Class string   `json:"class"`
	Lead  string   `json:"lead"`
	Parts []string `json:"parts"` // of the budget
}

// cards holds the targets and their budgets against the report.
func (a *area) cards() {
	a.t.Helper()
	cards := eval[[]card](a.tab, `[...document.querySelectorAll(".card")].map(c => ({
		head: c.querySelector("h4").innerText, class: c.querySelector("h4 bdi").innerText, lead: c.querySelector(".lead").innerText,
		parts: [...c.querySelectorAll(".budget tbody td")].map(d => d.innerText.trim()),
	}))`)
	n := 0
	for i := range a.r.Targets {
		target := &a.r.Targets[i]
		if target.Scope != a.scope || a.class != all && target.Class != a.class {
			continue
		}
		n++
		word, strength, class := a.l.Word(wording.Verdict, target.Verdict), a.l.Word(wording.Strength, target.Strength), names(a.l)[target.Class]
		at := slices.IndexFunc(cards, func(c card) bool { return c.Class == class && strings.Contains(c.Head, word+" "+strength+" · ") })
		if at < 0 {
			a.t.Errorf("%s %s: no card of %s %s, %s", a.scope, a.class, strength, class, word)
			continue
		}
		lead := strings.Fields(cards[at].Lead)
		a.number("value", lead[0], target.ValueHours, 2)
		a.number("limit", lead[2], target.LimitHours, 2)
		a.budget(class+" "+strength, cards[at].Parts, target)
	}
	if n != len(cards) {
		a.t.Errorf("%s %s: %d cards, want %d", a.scope, a.class, len(cards), n)
	}
}

// budget holds the parts of a budget against the report: all of it, what is
// pre-arranged, and faults. What was used by outages of unknown nature stands beside
// what faults have used.
func (a *area) budget(what string, shown []string, target *snapshot.Target) {
	a.t.Helper()
	if target.Budgets == nil {
		return
	}
	p, f := target.Budgets.PreArranged, target.Budgets.Fault
	want := []snapshot.Milli{
		*target.Budget, *target.Budget - *target.BudgetRemaining, p.Scheduled + f.Scheduled, *target.BudgetRemaining,
		p.Budget, p.Used, p.Scheduled, p.Remaining, f.Budget, f.Used, f.Scheduled, f.Remaining,
	}
	const usedByFaults = 9
	if len(shown) != len(want) {
		a.t.Errorf("%s %s: the budget of %s has %d numbers, want %d", a.scope, a.class, what, len(shown), len(want))
		return
	}
	faults, unknown, apart := strings.Cut(shown[usedByFaults], "+")
	if apart {
		i := slices.IndexFunc(a.r.Indices, func(e snapshot.Entry) bool {
			return e.Scope == target.Scope && e.Class == target.Class && e.Window == snapshot.YearToDate
		})
		part := a.r.Indices[i].ByNature["unknown"].CustomerSeconds
		shown[usedByFaults], want[usedByFaults] = strings.TrimSpace(faults), f.Used-part
		a.number(what+", unknown", strings.TrimSpace(unknown), hours(part), 0)
	}
	for k := range want {
		a.number(fmt.Sprintf("%s, part %d of the budget", what, k), shown[k], hours(want[k]), 0)
	}
}

// months holds the table of months against the report, which has a month of this
// year only as far as it has come.
func (a *area) months() {
	a.t.Helper()
	rows := a.rows(`section[aria-labelledby=months] table`)
	if len(rows) != 12 {
		a.t.Fatalf("%s %s: %d months are shown", a.scope, a.class, len(rows))
	}
	year, n := a.entry(snapshot.YearToDate).From[:4], 0
	for i := range a.r.Indices {
		e := &a.r.Indices[i]
		if e.Window != snapshot.Month || e.Scope != a.scope || e.Class != a.class {
			continue
		}
		from, err := time.Parse(time.RFC3339, e.From)
		if err != nil {
			a.t.Fatal(err)
		}
		n++
		row, what := rows[from.Month()-1], e.From[:7]
		a.number(what, row[a.l.Say("explain.in-year", from.Year())], e.SAIDIHours, 2)
		if e.From[:4] == year {
			a.number(what+" customer-hours", row[a.say("page.customer-hours")], hours(e.CustomerSeconds), 0)
		}
	}
	if n < 12 {
		a.t.Errorf("%s %s: the report has %d months", a.scope, a.class, n)
	}
}

// natures holds the table of natures against the report.
func (a *area) natures(now, prior *snapshot.Entry) {
	a.t.Helper()
	rows := a.rows(`section[aria-labelledby=natures] table`)
	if len(rows) != len(now.ByNature) {
		a.t.Errorf("%s %s: %d natures are shown, want %d", a.scope, a.class, len(rows), len(now.ByNature))
	}
	for code, part := range now.ByNature {
		i := slices.IndexFunc(rows, func(r row) bool { return r[a.say("column.nature")] == a.l.Word(wording.Nature, code) })
		if i < 0 {
			a.t.Errorf("%s %s: %s is not shown", a.scope, a.class, code)
			continue
		}
		a.number(code, rows[i][a.say("page.customer-hours")], hours(part.CustomerSeconds), 0)
		a.number(code+" interruptions", rows[i][a.say("column.interrupted")], new(part.Interruptions.Float()), 0)
		a.number(code+" before", rows[i][a.say("area.before-hours")], hours(prior.ByNature[code].CustomerSeconds), 0)
	}
}

// indices holds the table of index sets against the report.
func (a *area) indices(now, prior *snapshot.Entry) {
	a.t.Helper()
	rows := a.rows(`section[aria-labelledby=indices] table`)
	if len(rows) < len(now.ByIndex) || len(rows) == 0 {
		a.t.Errorf("%s %s: %d index sets are shown, want %d", a.scope, a.class, len(rows), len(now.ByIndex))
	}
	for _, row := range rows {
		id := first(cmp.Or(row[a.say("area.set")], "-"))
		a.number(id, row["SAIDI (h)"], now.ByIndex[id].SAIDIHours, 3)
		a.number(id+" SAIFI", row["SAIFI"], now.ByIndex[id].SAIFI, 3)
		a.number(id+" CAIDI", row["CAIDI (h)"], now.ByIndex[id].CAIDIHours, 2)
		a.number(id+" before", row[a.say("page.before")], prior.ByIndex[id].SAIDIHours, 3)
	}
}

// feeders holds the table of the worst feeders against the API.
func (a *area) feeders() {
	a.t.Helper()
	rows, list := a.feedersTogether()
	if len(rows) != len(list.Lines) || len(rows) == 0 {
		a.t.Fatalf("%s %s: %d feeders are shown, want %d", a.scope, a.class, len(rows), len(list.Lines))
	}
	for i, line := range list.Lines {
		if line.Feeder != "" && rows[i][a.say("column.feeder")] != line.Feeder {
			a.t.Errorf("%s %s: feeder %d is %s, want %s", a.scope, a.class, i, rows[i][a.say("column.feeder")], line.Feeder)
		}
		a.number(line.Feeder, rows[i][a.say("page.customer-hours")], hours(line.CustomerSeconds), 0)
		a.number(line.Feeder+" rows", rows[i][a.say("column.rows")], new(float64(line.Rows)), 0)
	}
}

// feedersTogether reads the table of the worst feeders and what the API says of the
// same instant.
func (a *area) feedersTogether() (rows []row, list *snapshot.FeederList) {
	a.t.Helper()
	const tries = 10
	for range tries {
		rows = a.rows(`section[aria-labelledby=feeders] table`)
		list = getJSON[snapshot.FeederList](a.t, a.site, fmt.Sprintf("/api/v1/feeders?scope=%s&class=%s&top=20", a.scope, a.class))
		if list.AsOf == a.r.Provenance.AsOf {
			return rows, list
		}
		a.r = a.together(a.path())
	}
	a.t.Fatalf("%s %s: the numbers changed each of %d times", a.scope, a.class, tries)
	return nil, nil
}

// path is that of the page.
func (a *area) path() string { return in(a.l, "/area/"+a.scope+"?class="+a.class) }
