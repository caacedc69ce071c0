package browse

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// The numbers of the overview are those of the report, its map shows the verdicts,
// and the link to the other language leads to the same page.
func testOverview(t *testing.T, s *station) {
	s.inEach(t, func(t *testing.T, x *tab, l wording.Language) {
		r := x.together(in(l, "/"))
		if facts := x.facts("main > dl.facts"); !strings.Contains(facts[l.Say("page.as-of")], asShown(r.Provenance.AsOf)) {
			t.Errorf("as of %q, want %s", facts[l.Say("page.as-of")], r.Provenance.AsOf)
		}
		checkTargets(t, x, r, l)
		checkTallies(t, x, r, l)
		checkScopes(t, x, r, l)
		checkBehind(t, x, l)
		for _, choice := range []string{string(policy.Duty), string(policy.Aspiration), "rural"} {
			checkMap(t, x, r, l, choice)
		}
		other := languages()[1-slices.Index(languages(), l)]
		x.at(in(l, "/area/xining?class=urban"))
		x.press(`header li.other a`)
		if want := "/area/xining?class=urban&lang=" + string(other); x.where() != want {
			t.Errorf("the other language is at %s, want %s", x.where(), want)
		}
	})
}

// asShown is an RFC 3339 instant as pages write it.
func asShown(at string) string {
	return strings.TrimSuffix(strings.Replace(at[:len("2006-01-02T15:04:05")], "T", " ", 1), ":00")
}

// press clicks a link and waits for the page that it leads to.
func (x *tab) press(selector string) {
	x.t.Helper()
	x.leave(func() { eval[bool](x, `(document.querySelector(`+quoted(selector)+`).click(), true)`) })
}

// leave does what makes the browser go to another page, and waits until it is
// there.
func (x *tab) leave(how func()) {
	x.t.Helper()
	eval[bool](x, `window.still = true`)
	how()
	program.Eventually(x.t, answerTime, "the next page", func() error {
		if state := eval[string](x, `window.still ? "still" : document.readyState`); state != "complete" {
			return fmt.Errorf("it is %s", state)
		}
		return nil
	})
	x.checkAt(x.where())
}

// checkTargets holds the table of targets against the report.
func checkTargets(t *testing.T, x *tab, r *snapshot.Snapshot, l wording.Language) {
	t.Helper()
	shown, names := map[string]row{}, names(l)
	rows := x.rows("table.targets")
	for _, row := range rows {
		strength, _, _ := strings.Cut(row[group], " · ")
		shown[row[l.Say("column.area")]+" "+row[l.Say("column.class")]+" "+strength] = row
	}
	if len(shown) != len(rows) || len(rows) != len(r.Targets) || len(rows) == 0 {
		t.Errorf("%d targets are shown, %d of them apart, want %d", len(rows), len(shown), len(r.Targets))
	}
	for i := range r.Targets {
		target := &r.Targets[i]
		key := names[target.Scope] + " " + names[target.Class] + " " + l.Word(wording.Strength, target.Strength)
		row, ok := shown[key]
		if !ok {
			t.Errorf("%s is not shown", key)
			continue
		}
		checkTarget(t, key, row, target, l)
	}
}

func checkTarget(t *testing.T, key string, row row, target *snapshot.Target, l wording.Language) {
	t.Helper()
	if got, want := row[l.Say("column.verdict")], l.Word(wording.Verdict, target.Verdict); !strings.HasSuffix(got, want) {
		t.Errorf("%s is %q, want %s", key, got, want)
	}
	var used, left, miss *float64
	if share, ok := target.Used(); ok {
		used = &share
	}
	if target.BudgetRemaining != nil {
		left = hours(*target.BudgetRemaining)
	}
	for _, n := range []struct {
		column   string
		want     *float64
		factor   float64
		decimals int
	}{
		{"column.hours", target.ValueHours, 1, 2},
		{"column.limit", target.LimitHours, 1, 2},
		{"column.used", used, 100, 1},
		{"column.change", minus(target.Reduction), 100, 1},
		{"column.left", left, 1, 0},
	} {
		checkNumber(t, key+", "+l.Say(n.column), row[l.Say(n.column)], n.want, n.factor, n.decimals)
	}
	yearEnd := row[l.Say("column.year-end")]
	if p := target.Projection; p != nil {
		miss = p.MissProbability
		median, span, _ := strings.Cut(yearEnd, " ")
		low, high, _ := strings.Cut(span, "–")
		for i, q := range []string{"0.5", "0.05", "0.95"} {
			checkNumber(t, key+", year end "+q, []string{median, low, high}[i], new(p.Quantiles[q]), 1, 2)
		}
	} else if yearEnd != absent {
		t.Errorf("%s: the year ends at %q, want %s", key, yearEnd, absent)
	}
	checkNumber(t, key+", "+l.Say("column.miss"), row[l.Say("column.miss")], miss, 100, 1)
}

// checkTallies counts the verdicts of the report again.
func checkTallies(t *testing.T, x *tab, r *snapshot.Snapshot, l wording.Language) {
	t.Helper()
	rows := x.rows("table.tally")
	for _, strength := range policy.Strengths() {
		for _, verdict := range policy.Verdicts() {
			want, asked := 0, false
			for _, target := range r.Targets {
				asked = asked || target.Strength == string(strength)
				if target.Strength == string(strength) && target.Verdict == string(verdict) {
					want++
				}
			}
			i := slices.IndexFunc(rows, func(r row) bool {
				return strings.HasSuffix(r[l.Say("column.verdict")], l.Word(wording.Verdict, string(verdict)))
			})
			if i < 0 || asked && rows[i][l.Word(wording.Strength, string(strength))] != strconv.Itoa(want) {
				t.Errorf("%s, %s: counted %d, shown in %v", strength, verdict, want, rows)
			}
		}
	}
}

// checkScopes holds the table of areas, groups and the whole against the report.
func checkScopes(t *testing.T, x *tab, r *snapshot.Snapshot, l wording.Language) {
	t.Helper()
	names, shown := names(l), map[string]row{}
	for _, row := range x.rows("table.scopes") {
		shown[row[l.Say("column.area")]] = row
	}
	before := map[string]*snapshot.Entry{}
	for i, e := range r.Indices {
		if e.Class == all && e.Window == snapshot.PriorYearToDate {
			before[e.Scope] = &r.Indices[i]
		}
	}
	n := 0
	for i := range r.Indices {
		e := &r.Indices[i]
		if e.Class != all || e.Window != snapshot.YearToDate {
			continue
		}
		n++
		name := names[e.Scope]
		row, prior := shown[name], before[e.Scope]
		checkNumber(t, name, row[l.Say("column.saidi")], e.SAIDIHours, 1, 2)
		checkNumber(t, name+" before", row[l.Say("page.before")], prior.SAIDIHours, 1, 2)
		checkNumber(t, name+" SAIFI", row[l.Say("page.saifi")], e.SAIFI, 1, 2)
		checkNumber(t, name+" customer-hours", row[l.Say("page.customer-hours")], hours(e.CustomerSeconds), 1, 0)
		checkNumber(t, name+" customers", row[l.Say("column.customers")], &e.EquivalentCustomers, 1, 0)
	}
	if n != len(shown) || n == 0 {
		t.Errorf("%d scopes are shown, want %d", len(shown), n)
	}
}

// checkBehind holds every number of hours on the overview against what the rows make
// to which it leads.
func checkBehind(t *testing.T, x *tab, l wording.Language) {
	t.Helper()
	links := eval[[]struct {
		Text string `json:"text"`
		Href string `json:"href"`
	}](x, `[...document.querySelectorAll('td[data-label="`+l.Say("column.hours")+`"] a, td[data-label="`+l.Say("column.saidi")+`"] a')].map(a => ({text: a.innerText, href: a.getAttribute("href")}))`)
	if len(links) < 30 {
		t.Errorf("only %d numbers of hours lead to their rows", len(links))
	}
	for _, link := range links {
		path, query, _ := strings.Cut(link.Href, "?")
		list := getJSON[snapshot.EventList](t, x.site, "/api/v1"+path+"?limit=1&"+query)
		shown, err := strconv.ParseFloat(link.Text, 64)
		if err != nil || list.SAIDIHours == nil || math.Abs(shown-*list.SAIDIHours) > roundedAndGrown {
			t.Errorf("%s is shown as %q, its rows make %v", link.Href, link.Text, list.SAIDIHours)
		}
	}
}

// roundedAndGrown is how far a number with two decimals may lie from a true one that
// was asked for some seconds later, while customers are out.
const roundedAndGrown = 0.0055

// all is the class of all customers.
const all = "all"

// A region is an area on the map.
type region struct {
	ID      string `json:"id"`
	Href    string `json:"href"`
	Class   string `json:"class"`
	Label   string `json:"label"`
	Painted bool   `json:"painted"`
}

// checkMap holds the areas on the map against the worst of the targets by which
// they are coloured.
func checkMap(t *testing.T, x *tab, r *snapshot.Snapshot, l wording.Language, choice string) {
	t.Helper()
	x.at(in(l, "/?map="+choice))
	regions := eval[[]region](x, `[...document.querySelectorAll(".map a")].map(a => {
		const path = a.querySelector("path"), box = path.getBoundingClientRect();
		return {id: a.id, href: a.getAttribute("href"), class: path.getAttribute("class"), label: a.getAttribute("aria-label"), painted: box.width > 5 && box.height > 5 && getComputedStyle(path).fill !== "none"};
	})`)
	areas := policy.Qinghai().Areas
	if len(regions) != len(areas) {
		t.Errorf("the map has %d areas, want %d", len(regions), len(areas))
	}
	for _, g := range regions {
		id := strings.TrimPrefix(g.ID, "region-")
		verdict := worst(r, id, choice)
		if !strings.HasPrefix(g.Href, "/area/"+id+"?") || !g.Painted || !strings.Contains(g.Label, names(l)[id]) {
			t.Errorf("map by %s: %s is %+v", choice, id, g)
		}
		if classes := strings.Fields(g.Class); verdict != "" && (!slices.Contains(classes, verdict) || !strings.Contains(g.Label, l.Word(wording.Verdict, verdict))) {
			t.Errorf("map by %s: %s is %q (%s), want %s", choice, id, g.Class, g.Label, verdict)
		}
	}
}

// worst is the worst verdict on an area by targets of a strength or a class; empty
// without one.
func worst(r *snapshot.Snapshot, area, choice string) string {
	found := len(policy.Verdicts())
	for _, target := range r.Targets {
		if target.Scope == area && (target.Strength == choice || target.Class == choice) {
			found = min(found, slices.Index(policy.Verdicts(), policy.Verdict(target.Verdict)))
		}
	}
	if found == len(policy.Verdicts()) {
		return ""
	}
	return string(policy.Verdicts()[found])
}
