package engine_test

import (
	"cmp"
	"slices"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

func allStrata(e *engine.Engine) []int {
	var all []int
	for s := range e.Base().Strata() {
		all = append(all, s)
	}
	return all
}

// What rows have out adds up to who is out, and what they have added so far is
// what an explanation of the same time says of them.
func TestLawActive(t *testing.T) {
	t.Parallel()
	var seen atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		for range 4 {
			e.Advance(drawInstant(t, in, "as-of"))
			w := period.Period{From: min(drawInstant(t, in, "from"), e.AsOf()), To: e.AsOf()}
			seen.Add(mustBeOut(t, e, w))
		}
		for _, d := range in.Deliveries { // a second after something began, which may still be out
			for _, ev := range d.Events[:min(len(d.Events), 3)] {
				e.Advance(ev.Start + 1)
				seen.Add(mustBeOut(t, e, period.Period{From: ev.Start - 86400, To: e.AsOf()}))
			}
		}
	})
	if seen.Load() == 0 {
		t.Error("no row that is out added anything")
	}
}

// mustBeOut checks what is out, and gives how many rows of it have added anything
// in a window up to as-of.
func mustBeOut(t *rapid.T, e *engine.Engine, w period.Period) (seen int64) {
	t.Helper()
	active := e.Active()
	got := make([]int64, e.Base().Strata())
	for _, a := range active {
		got[a.Stratum] += a.Customers
	}
	want := make([]int64, len(got))
	for s, o := range e.Out() {
		want[s] = o.Interrupted
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatalf("out (-) and the parts of rows (+):\n%s", diff)
	}
	everything, _ := reliability.SetByID(reliability.SAIDI1)
	lines := e.Explain(allStrata(e), w, everything, nil)
	for k, seconds := range e.SecondsOf(active, w) {
		a := active[k]
		var want int64
		if i := slices.IndexFunc(lines, func(c engine.Contribution) bool { return c.Row == a.Row && c.Area == a.Area && c.Class == a.Class }); i >= 0 {
			want = lines[i].Milli
		}
		if seconds != want {
			t.Fatalf("row %d in stratum %d added %d so far, an explanation says %d", a.Row, a.Stratum, seconds, want)
		}
		if seconds > 0 {
			seen++
		}
	}
	return seen
}

// However the lines are sorted and cut into pages, each is there once, and
// without a filter they are those of the explanation.
func TestLawPages(t *testing.T) {
	t.Parallel()
	var seen atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		sets := reliability.Sets()
		set := sets[max(0, rapid.IntRange(-len(sets), len(sets)-1).Draw(t, "set"))]
		w := period.Period{From: drawInstant(t, in, "from"), To: drawInstant(t, in, "to")}
		if w.From >= w.To || rapid.IntRange(0, 2).Draw(t, "all of the time") > 0 {
			w = everything(e)
		}
		major := drawMajor(t, in, e)
		want := e.Explain(allStrata(e), w, set, major)
		sel := &engine.Selection{
			Order: engine.Order(rapid.IntRange(int(engine.BySeconds), int(engine.ByFeeder)).Draw(t, "order")), Ascending: rapid.Bool().Draw(t, "ascending"),
			Limit: rapid.IntRange(1, 2).Draw(t, "page"),
		}
		var got []engine.Contribution
		for {
			page := e.Select(allStrata(e), w, set, major, sel)
			if page == nil {
				if want != nil {
					t.Fatal("an explanation, but no page")
				}
				return
			}
			mustTotal(t, want, page)
			got = append(got, page.List...)
			if sel.Offset += sel.Limit; sel.Offset >= page.Rows {
				break
			}
		}
		mustOrder(t, e, sel, got)
		slices.SortFunc(got, byLine)
		slices.SortFunc(want, byLine)
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("an explanation (-) and its pages (+):\n%s", diff)
		}
		if len(got) > sel.Limit {
			seen.Add(1)
		}
	})
	if seen.Load() == 0 {
		t.Error("nothing took more than a page")
	}
}

func byLine(a, b engine.Contribution) int {
	return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Area, b.Area), cmp.Compare(a.Class, b.Class))
}

// mustTotal compares what a page says of all with an explanation.
func mustTotal(t *rapid.T, want []engine.Contribution, got *engine.Selected) {
	t.Helper()
	total := engine.Total{Rows: len(want)}
	for _, c := range want {
		total.Milli += c.Milli
		total.Interruptions += c.Interruptions
	}
	if got.Matched != total || got.Rows != total.Rows {
		t.Fatalf("%d rows, matched %+v, want %+v", got.Rows, got.Matched, total)
	}
}

// mustOrder makes sure that no line is less than the one before, or greater where
// the greatest come first.
func mustOrder(t *rapid.T, e *engine.Engine, sel *engine.Selection, list []engine.Contribution) {
	t.Helper()
	key := func(c engine.Contribution) (int64, string) {
		ev, _ := e.Event(c.Row)
		switch sel.Order {
		case engine.ByInterruptions:
			return c.Interruptions, ""
		case engine.ByCustomers:
			return c.Customers, ""
		case engine.ByStart:
			return ev.Start, ""
		case engine.ByDuration:
			if ev.End == outage.Open {
				ev.End = e.AsOf()
			}
			return ev.End - ev.Start, ""
		case engine.ByFeeder:
			return 0, ev.Feeder
		}
		return c.Milli, ""
	}
	for i := 1; i < len(list); i++ {
		x, xs := key(list[i-1])
		y, ys := key(list[i])
		c := cmp.Or(cmp.Compare(x, y), cmp.Compare(xs, ys))
		if c > 0 && sel.Ascending || c < 0 && !sel.Ascending {
			t.Fatalf("line %d does not follow the one before", i)
		}
	}
}
