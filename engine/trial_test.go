package engine_test

import (
	"math"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// A trial for rows of all groups counts up to as-of what the engine itself counts
// there, whatever the rules of identity made of its rows, and the engine stays as
// it is. Rows that are left out as they were over long before change nothing since.
func TestLawTrialCountsTheSame(t *testing.T) {
	t.Parallel()
	all, _ := reliability.SetByID(reliability.SAIDI1)
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		e.Advance(in.AsOf)
		before := answerOf(e, in)
		var rows []int
		for i := range e.Rows() {
			if e.Outcome(i) == engine.Accepted {
				rows = append(rows, i)
			}
		}
		since := int64(math.MinInt64)
		if rapid.Bool().Draw(t, "since") {
			since = drawInstant(t, in, "since")
		}
		trial, err := e.Trial(e, rows, since, nil)
		if err != nil {
			t.Fatal(err)
		}
		mustEqual(t, in, before, answerOf(e, in))
		trial.Advance(in.AsOf)
		told := map[int]bool{}
		for _, i := range trial.Told {
			told[i] = true
		}
		w := period.Period{From: since, To: in.AsOf}
		sums := func(e *engine.Engine, counts func(row int) bool) []int64 {
			sums := make([]int64, e.Base().Strata())
			e.Contributions(w, all, nil, func(p *reliability.Piece, c *engine.Contribution) {
				if counts(c.Row) {
					sums[p.Stratum] += c.Milli
				}
			})
			return sums
		}
		got := sums(trial.Engine, func(int) bool { return true })
		if diff := gocmp.Diff(sums(e, func(i int) bool { return told[i] }), got); diff != "" {
			t.Fatalf("engine (-) and trial (+):\n%s\nbase %+v\ndeliveries %+v\nas-of %d, since %d", diff, in.Base, in.Deliveries, in.AsOf, since)
		}
		for _, h := range trial.Open {
			if ev, _ := e.Event(h.Row); ev.Start > in.AsOf || h.From > in.AsOf || h.To < math.MaxInt64 {
				t.Fatalf("%+v is out at as-of, and its row starts at %d", h, ev.Start)
			}
		}
	})
}

// Rows that give who is still out do so in a trial, too: 120 customers out at 08:00,
// 60 still at 09:30, 20 at 11:00 and until 14:00 are 330 customer-hours.
func TestTrialOfStillOut(t *testing.T) {
	t.Parallel()
	base, err := reliability.NewBase([]outage.Customers{{Feeder: "F1", Area: "a", Class: "rural", Customers: 120, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(base, engine.Options{Zone: time.UTC})
	const eight = 1640995200 + 8*3600
	b := outage.NewBatch(outage.NewDict())
	for i, row := range [][3]int64{{0, 21600, 120}, {5400, 21600, 60}, {10800, 21600, 20}} {
		b.Append(&outage.Event{Row: outage.Row(i), ID: "E1", Feeder: "F1", Start: eight + row[0], End: eight + row[1], Customers: row[2], Served: outage.Missing})
	}
	l := e.Begin()
	if err := l.Add(b); err != nil {
		t.Fatal(err)
	}
	if err := l.Commit(&outage.Delivery{Repeated: outage.RepeatedRemaining}); err != nil {
		t.Fatal(err)
	}
	e.Advance(eight + 86400)
	trial, err := e.Trial(e, []int{0}, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	trial.Advance(eight + 86400)
	var got int64
	trial.Pieces(func(p *reliability.Piece, _ int) { got += p.Seconds() })
	if want := int64(330 * 3600 * reliability.Milli); got != want {
		t.Errorf("trial counts %d, want %d", got, want)
	}
}

// No row is given more than it asks for.
func TestLawHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 1)
		e.Advance(in.AsOf)
		asked, given := map[int]int64{}, map[int]int64{}
		for _, h := range e.Holds() {
			asked[h.Row] += h.Milli * (h.To - h.From)
		}
		e.Pieces(func(p *reliability.Piece, row int) { given[row] += p.Seconds() })
		for row, milli := range given {
			if asked[row] < milli {
				t.Fatalf("row %d asks for %d and is given %d", row, asked[row], milli)
			}
		}
	})
}
