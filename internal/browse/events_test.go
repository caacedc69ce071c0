package browse

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A number of the overview leads to the rows behind it, which add up to it; they
// can be filtered, sorted and paged, and each leads to its record.
func testEvents(t *testing.T, s *station) {
	s.inEach(t, func(t *testing.T, x *tab, l wording.Language) {
		checkFollowed(t, x, l)
		checkSum(t, x, l)
		x.at(in(l, "/events?scope=xining"))
		checkRows(t, x, l)
		checkFilter(t, x, l)
		checkOrder(t, x, l)
		checkPages(t, x, l)
		x.press(`section[aria-labelledby=rows] tbody th a`)
		if id, told := eval[string](x, `document.querySelector("#which").innerText`), eval[int](x, `document.querySelectorAll("ol.told > li").length`); !strings.Contains(x.where(), url.QueryEscape(id)) || told == 0 {
			t.Errorf("the record at %s is %q, told %d times", x.where(), id, told)
		}
		x.allow(mistaken)
		x.at(in(l, "/events?sort=colour&scope=xining"))
		if text := eval[string](x, `document.querySelector("[role=alert]").innerText + document.querySelector("#scope").value`); !strings.Contains(text, "colour") || !strings.HasSuffix(text, "xining") {
			t.Errorf("an unknown order is answered with %q", text)
		}
	})
}

// checkFollowed follows the first number of the overview to its rows. The clock may
// move between the two, so it has some tries.
func checkFollowed(t *testing.T, x *tab, l wording.Language) {
	t.Helper()
	const tries = 5
	var number, got string
	for range tries {
		x.at(in(l, "/"))
		number = eval[string](x, `document.querySelector("table.targets tbody tr:not(.group) td:nth-of-type(4) a").innerText`)
		x.press(`table.targets tbody tr:not(.group) td:nth-of-type(4) a`)
		if got = x.facts("section[aria-labelledby=number] dl.facts")[l.Say("events.hours")]; got == number && number != "" {
			return
		}
	}
	t.Errorf("the number was %q and its rows make %q, %d times", number, got, tries)
}

// list asks the API for what the page shows.
func (x *tab) list(more ...string) *snapshot.EventList {
	x.t.Helper()
	u, err := url.Parse(x.where())
	if err != nil {
		x.t.Fatal(err)
	}
	query := u.Query()
	for name := range query {
		if query.Get(name) == "" { // as forms have it
			query.Del(name)
		}
	}
	for i := 0; i < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	return getJSON[snapshot.EventList](x.t, x.site, "/api/v1/events?"+query.Encode())
}

// checkSum adds the rows up.
func checkSum(t *testing.T, x *tab, l wording.Language) {
	t.Helper()
	var sum snapshot.Milli
	rows, asOf := 0, ""
	for whole := false; !whole; {
		list := x.list("limit", "1000", "offset", fmt.Sprint(rows))
		if asOf != list.AsOf { // from the beginning, of another snapshot
			asOf, sum = list.AsOf, 0
			if rows > 0 {
				rows = 0
				continue
			}
		}
		for _, line := range list.Lines {
			sum += line.CustomerSeconds
		}
		rows += len(list.Lines)
		if whole = rows == list.Rows; whole && sum != list.CustomerSeconds {
			t.Errorf("%s: %d rows add up to %s, want %s", l, rows, sum, list.CustomerSeconds)
		}
		if len(list.Lines) == 0 {
			t.Fatalf("%d rows of %d", rows, list.Rows)
		}
	}
}

// checkRows holds the rows of the page against the API.
func checkRows(t *testing.T, x *tab, l wording.Language) {
	t.Helper()
	list, rows := x.list(), x.rows("section[aria-labelledby=rows] table")
	if len(rows) != len(list.Lines) {
		t.Fatalf("%d rows are shown, want %d", len(rows), len(list.Lines))
	}
	for i, line := range list.Lines {
		if line.End == "" {
			continue // it has grown since
		}
		var got row
		for head, text := range rows[i] { // a head may bear the sign of the order
			if strings.HasPrefix(head, l.Say("events.customer-hours")) {
				checkNumber(t, line.EventID, text, hours(line.CustomerSeconds), 1, 2)
			}
		}
		got = rows[i]
		checkNumber(t, line.EventID+" interruptions", got[l.Say("events.interruptions")], new(line.Interruptions.Float()), 1, decimalsOf(line.Interruptions))
		if !strings.Contains(got[l.Say("column.feeder-unit")], line.Feeder) {
			t.Errorf("%s is shown on %q, want %s", line.EventID, got[l.Say("column.feeder-unit")], line.Feeder)
		}
	}
}

// decimalsOf is how many decimals a number of thousandths has.
func decimalsOf(m snapshot.Milli) int {
	_, part, _ := strings.Cut(m.String(), ".")
	return len(part)
}

// checkFilter asks for faults by the form.
func checkFilter(t *testing.T, x *tab, l wording.Language) {
	t.Helper()
	x.leave(func() {
		eval[bool](x, `(document.querySelector("#nature").value = "fault", document.querySelector("form.question").requestSubmit(), true)`)
	})
	list := x.list()
	if list.Matched.Rows == 0 || list.Matched.Rows == list.Rows || !strings.Contains(x.where(), "nature=fault") {
		t.Errorf("%s: the filter leaves %d rows of %d", x.where(), list.Matched.Rows, list.Rows)
	}
	var want []string
	for _, line := range list.Lines {
		want = append(want, l.Word(wording.Nature, line.Nature))
	}
	var got []string
	for _, row := range x.rows("section[aria-labelledby=rows] table") {
		got = append(got, row[l.Say("column.nature")])
	}
	for i := range min(len(got), len(want)) {
		got[i] = got[i][:min(len(got[i]), len(want[i]))] // a cause may follow
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("natures (-want +got):\n%s", diff)
	}
	if text := eval[string](x, `document.querySelector("#matched").innerText`); !strings.Contains(strings.ReplaceAll(text, ",", ""), fmt.Sprint(list.Matched.Rows)) {
		t.Errorf("%q does not say that %d rows are left", text, list.Matched.Rows)
	}
}

// checkOrder sorts by customers, and the other way round.
func checkOrder(t *testing.T, x *tab, l wording.Language) {
	t.Helper()
	for _, want := range []string{"descending", "ascending"} {
		x.press(`section[aria-labelledby=rows] thead th:nth-child(4) a`)
		order := eval[string](x, `document.querySelector("section[aria-labelledby=rows] thead th:nth-child(4)").getAttribute("aria-sort")`)
		customers := eval[[]float64](x, `[...document.querySelectorAll("section[aria-labelledby=rows] tbody tr")].map(r => Number(r.cells[3].innerText.replace(/,/g, "")))`)
		if want == "descending" {
			slices.Reverse(customers)
		}
		if order != want || !slices.IsSorted(customers) || len(customers) < 2 {
			t.Errorf("%s: sorted %s: %v, want %s", l, order, customers, want)
		}
	}
}

// checkPages goes to the next page and back.
func checkPages(t *testing.T, x *tab, l wording.Language) {
	t.Helper()
	first := eval[string](x, `document.querySelector("section[aria-labelledby=rows] tbody").innerText`)
	x.press(`a[rel=next]`)
	list := x.list()
	caption := eval[string](x, `document.querySelector("section[aria-labelledby=rows] caption").innerText`)
	if second := eval[string](x, `document.querySelector("section[aria-labelledby=rows] tbody").innerText`); second == first || list.Offset != 50 || !strings.Contains(caption, "51") {
		t.Errorf("%s: the second page is like the first, begins at %d and is called %q", l, list.Offset, caption)
	}
	x.press(`a[rel=prev]`)
	if again := eval[string](x, `document.querySelector("section[aria-labelledby=rows] tbody").innerText`); again != first {
		t.Errorf("%s: back on the first page the rows are others", l)
	}
}
