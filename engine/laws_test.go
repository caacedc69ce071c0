package engine_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// The laws hold for any base and any rows. Each is checked on as many cases as
// -rapid.checks says, 100 by default; for a longer run:
// go test ./engine -run Law -rapid.checks 20000.

// instantsOf lists the instants of a case at which anything happens, midnights
// among them.
func instantsOf(in refInput) []int64 {
	all := []int64{in.AsOf}
	for _, d := range in.Deliveries {
		for _, e := range d.Events {
			all = append(all, e.Start, e.End)
			for _, s := range e.Steps {
				all = append(all, s.At)
			}
		}
	}
	for _, row := range in.Base {
		all = append(all, row.ValidFrom, row.ValidTo)
	}
	all = slices.DeleteFunc(all, func(t int64) bool { return t == outage.Open || t == outage.AlwaysFrom })
	for d := period.DayOf(slices.Min(all), in.Zone); d <= period.DayOf(slices.Max(all), in.Zone); d++ {
		all = append(all, d.Start(in.Zone))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// drawInstant draws one of these instants, a second beside one, or any second
// between the first and the last.
func drawInstant(t *rapid.T, in refInput, label string) int64 {
	all := instantsOf(in)
	if rapid.Bool().Draw(t, label+" anywhere") {
		return rapid.Int64Range(all[0]-86400, all[len(all)-1]+86400).Draw(t, label)
	}
	return rapid.SampledFrom(all).Draw(t, label) + rapid.Int64Range(-1, 1).Draw(t, label+" beside")
}

// mustEqual compares what two ways of loading the same rows come to.
func mustEqual(t *rapid.T, in refInput, want, got refAnswer) {
	t.Helper()
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatalf("(-want +got):\n%s\nbase %+v\ndeliveries %+v\nas-of %d", diff, in.Base, in.Deliveries, in.AsOf)
	}
}

// Rows come in any order within a file, unless the last one of a key holds.
func TestLawOrderOfRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		want := answer(t, in, 2)
		for i, d := range in.Deliveries {
			if d.Repeated != outage.RepeatedLatest {
				in.Deliveries[i].Events = rapid.Permutation(d.Events).Draw(t, "order")
			}
		}
		mustEqual(t, in, want, answer(t, in, 2))
	})
}

// A delivery may come in batches of any size, with texts interned anew or not.
func TestLawBatches(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := newEngine(t, in, 2)
		for _, d := range in.Deliveries {
			deliverWith(t, e, d, 0, func(load *engine.Load) error { return addInBatches(t, load, d.Events) })
		}
		e.Advance(in.AsOf)
		mustEqual(t, in, answer(t, in, 2), answerOf(e, in))
	})
}

// Batches of one dictionary may come in another order than they were filled in.
func TestBatchFilledBefore(t *testing.T) {
	t.Parallel()
	in := refInput{Zone: time.UTC, Base: []outage.Customers{refServed("F1", "a", "rural", 10), refServed("F2", "a", "rural", 10)}}
	e := newEngine(t, in, 1)
	d := outage.NewDict()
	early, late := outage.NewBatch(d), outage.NewBatch(d)
	event := func(b *outage.Batch, id, feeder string) {
		b.Append(&outage.Event{ID: id, Feeder: feeder, Start: 1_600_000_000, End: 1_600_000_060, Customers: 1, Served: outage.Missing})
	}
	event(early, "E1", "F1")
	event(late, "E2", "F2")
	load := e.Begin()
	for _, b := range []*outage.Batch{late, early} {
		if err := load.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := load.Commit(&outage.Delivery{Rows: 2}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"F2", "F1"} {
		if got, _ := e.Event(i); got.Feeder != want || e.Outcome(i) != engine.Accepted {
			t.Errorf("row %d is on feeder %q and %s, want %q and accepted", i, got.Feeder, e.Outcome(i), want)
		}
	}
}

func addInBatches(t *rapid.T, load *engine.Load, events []outage.Event) error {
	b := outage.NewBatch(outage.NewDict())
	for from := 0; from < len(events); {
		if rapid.Bool().Draw(t, "new dictionary") {
			b = outage.NewBatch(outage.NewDict())
		}
		to := rapid.IntRange(from+1, len(events)).Draw(t, "batch up to")
		fill(b, events[from:to], outage.Row(from+1))
		if err := load.Add(b); err != nil {
			return err
		}
		b.Reset()
		from = to
	}
	return nil
}

// copies puts so many copies of a case beside each other, with areas, feeders,
// units and events of their own, so that there are groups enough for several
// workers.
func copies(in refInput, n int) refInput {
	out := in
	out.Base, out.Deliveries = nil, make([]refDelivery, len(in.Deliveries))
	for copied := range n {
		for _, row := range in.Base {
			row.Feeder, row.Unit = numbered(row.Feeder, copied), numbered(row.Unit, copied)
			row.Area = outage.Area(numbered(string(row.Area), copied))
			out.Base = append(out.Base, row)
		}
		for i, d := range in.Deliveries {
			out.Deliveries[i].Repeated, out.Deliveries[i].WholeFeeder = d.Repeated, d.WholeFeeder
			for _, e := range d.Events {
				e.ID, e.Area = numbered(e.ID, copied), numbered(e.Area, copied)
				e.Feeder, e.Unit = numbered(e.Feeder, copied), numbered(e.Unit, copied)
				out.Deliveries[i].Events = append(out.Deliveries[i].Events, e)
			}
		}
	}
	return out
}

func numbered(name string, n int) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf("%s#%d", name, n)
}

// copied is what the copies of a case come to.
func copied(one refAnswer, n int) refAnswer {
	all := refAnswer{
		Sums: map[refKey]refSums{}, Outcomes: map[string]int{},
		OverlapExcess: one.OverlapExcess * int64(n), OverBase: one.OverBase * int64(n), Open: one.Open * n,
	}
	for outcome, rows := range one.Outcomes {
		all.Outcomes[outcome] = rows * n
	}
	for key, sums := range one.Sums {
		for i := range n {
			at := key
			at.Area = numbered(key.Area, i)
			all.Sums[at] = sums
		}
	}
	return all
}

// The number of workers changes nothing, and groups do not influence each
// other.
func TestLawWorkers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		const n = 8
		want := copied(answer(t, in, 1), n)
		for _, workers := range []int{1, 2, 8} {
			mustEqual(t, in, want, answer(t, copies(in, n), workers))
		}
	})
}

// The clock may move on, or back, between the deliveries.
func TestLawClockBetweenDeliveries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		mustEqual(t, in, answer(t, in, 2), answerOf(oneByOne(t, in), in))
	})
}

// oneByOne moves the clock about between the deliveries.
func oneByOne(t *rapid.T, in refInput) *engine.Engine {
	e := newEngine(t, in, 2)
	for _, d := range in.Deliveries {
		for range rapid.IntRange(0, 2).Draw(t, "moves of the clock") {
			e.Advance(drawInstant(t, in, "clock"))
		}
		deliver(t, e, d)
	}
	for range rapid.IntRange(0, 2).Draw(t, "moves of the clock") {
		e.Advance(drawInstant(t, in, "clock"))
	}
	e.Advance(in.AsOf)
	return e
}

// Rows with keys of their own may come all at once or one a delivery, in any
// order.
func TestLawOneRowADelivery(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawDistinct(t)
		want := answer(t, in, 2)
		whole := in.Deliveries[0]
		in.Deliveries = nil
		for _, e := range rapid.Permutation(whole.Events).Draw(t, "order") {
			one := whole
			one.Events = []outage.Event{e}
			in.Deliveries = append(in.Deliveries, one)
		}
		mustEqual(t, in, want, answerOf(oneByOne(t, in), in))
	})
}

// drawDistinct draws a case of one delivery whose rows each have an event,
// feeder or unit of their own, and withdraw nothing.
func drawDistinct(t *rapid.T) refInput {
	in := drawCase(t)
	all := in.Deliveries[0]
	all.Events = nil
	seen := map[string]bool{}
	for _, d := range in.Deliveries {
		for _, e := range d.Events {
			key := fmt.Sprintf("%q", []string{e.Source, e.ID, e.Feeder, e.Unit})
			if !e.Cancelled && !seen[key] {
				all.Events = append(all.Events, e)
			}
			seen[key] = true
		}
	}
	in.Deliveries = []refDelivery{all}
	return in
}
