package engine_test

import (
	"fmt"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// manyFeeders is a base of so many feeders with 100 customers each, and an hour
// without supply on each, one after the other.
func manyFeeders(n int) refInput {
	in := refCase(nil, outage.RepeatedReject)
	for i := range n {
		feeder := fmt.Sprintf("f%03d", i)
		in.Base = append(in.Base, refServed(feeder, "a", "rural", 100))
		e := refOut(fmt.Sprint("E", i), "2022-05-01 00:00", "", 10)
		e.Feeder, e.Start = feeder, e.Start+int64(i)*refHour
		e.End = e.Start + refHour
		in.Deliveries[0].Events = append(in.Deliveries[0].Events, e)
	}
	return in
}

// derived is the number of groups whose pieces an action derives.
func derived(e *engine.Engine, action func()) int {
	before := e.Derived()
	action()
	return e.Derived() - before
}

// The clock moves on at the cost of the groups in which something is out: each
// is taken out of the sums and put in again.
func TestAdvanceDerivesWhatIsDue(t *testing.T) {
	t.Parallel()
	const feeders = 100
	in := manyFeeders(feeders)
	first := in.Deliveries[0].Events[0].Start
	tests := []struct {
		name     string
		from, to int64 // after the first start
		want     int
	}{
		{"nothing has begun", -10 * refHour, -refHour, 0},
		{"not at all", 10*refHour + 5, 10*refHour + 5, 0},
		{"within one outage", 10*refHour + 5, 10*refHour + 1800, 2},
		{"from one outage into the next", 10*refHour + 5, 11*refHour + 5, 4},
		{"over five outages, to the instant at which a sixth begins", 10 * refHour, 15 * refHour, 12},
		{"all is over", feeders * refHour, feeders*refHour + 9, 0},
		{"all is over for a year", feeders * refHour, feeders*refHour + 365*24*refHour, 0},
		{"all is over, into the days ahead", feeders * refHour, feeders*refHour + 900*24*refHour, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newEngine(t, in, 2)
			deliver(t, e, in.Deliveries[0])
			e.Advance(first + tt.from)
			got := derived(e, func() { e.Advance(first + tt.to) })
			if got > tt.want {
				t.Errorf("derived %d groups, want %d at most", got, tt.want)
			}
			in := in
			in.AsOf = first + tt.to
			if diff := gocmp.Diff(answer(t, in, 1), answerOf(e, in)); diff != "" {
				t.Errorf("at once (-) and moved on (+):\n%s", diff)
			}
		})
	}
}

// One more event on a big state derives the group of its feeder only.
func TestOneMoreEventDerivesItsGroup(t *testing.T) {
	t.Parallel()
	in := manyFeeders(1000)
	more := refDelivery{Events: []outage.Event{refOut("more", "2022-05-20 08:00", "2022-05-20 10:00", 95)}}
	more.Events[0].Feeder = "f464" // out at 08:00 already, on its own
	moved := more.Events[0]
	moved.Feeder = "f001"
	tests := []struct {
		name string
		then []refDelivery
		want int // taken out and put in
	}{
		{"on one feeder", []refDelivery{more}, 2},
		{"the same again", []refDelivery{more, more}, 4},
		{"on an unknown feeder", []refDelivery{{Events: []outage.Event{refOut("x", "2022-05-20 08:00", "2022-05-20 10:00", 9)}}}, 1},
		{"moved by a revision", []refDelivery{more, {Events: []outage.Event{revisedBy(moved, 1)}}}, 6},
		{"rejected", []refDelivery{{Events: []outage.Event{refOut("bad", "2022-05-20 08:00", "2022-05-20 07:00", 1)}}}, 0},
	}
	tests[2].then[0].Events[0].Feeder, tests[2].then[0].Events[0].Area = "nobody's", "a"
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := loaded(t, in, 2)
			got := derived(e, func() {
				for _, d := range tt.then {
					deliver(t, e, d)
					e.Advance(in.AsOf)
				}
			})
			if got > tt.want {
				t.Errorf("derived %d groups, want %d at most", got, tt.want)
			}
			in := in
			in.Deliveries = append(in.Deliveries[:1:1], tt.then...)
			if diff := gocmp.Diff(answer(t, in, 1), answerOf(e, in)); diff != "" {
				t.Errorf("at once (-) and one more (+):\n%s", diff)
			}
		})
	}
}

func revisedBy(e outage.Event, revision int64) outage.Event {
	e.Revision = revision
	return e
}

// An outage without length interrupts once the clock has passed it, also where
// the clock stood at its very instant.
func TestAdvancePastOutageWithoutLength(t *testing.T) {
	t.Parallel()
	in := refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject,
		refOut("A", "2022-05-01 08:00", "2022-05-01 08:00", 4))
	for _, from := range []string{"2022-05-01 07:59:59", "2022-05-01 08:00:00", "2022-05-01 08:00:01"} {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			e := newEngine(t, in, 2)
			deliver(t, e, in.Deliveries[0])
			e.Advance(refAt(from))
			e.Advance(in.AsOf)
			if got := e.Tally(everything(e), nil).Pool(strataOf(e, ""), e.Bands()).Momentary().Interruptions; got != 4*reliability.Milli {
				t.Errorf("%d thousandths of customers interrupted, want 4000", got)
			}
		})
	}
}

// Where nothing ever happened, every window is empty, at a midnight too.
func TestTallyWithoutRows(t *testing.T) {
	t.Parallel()
	for _, asOf := range []string{"2022-05-01 00:00", "2022-05-01 12:00"} {
		t.Run(asOf, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("tally: %v", r)
				}
			}()
			in := refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject).asOf(asOf)
			e := loaded(t, in, 2)
			if got := *tallyTotal(e.Tally(everything(e), nil)); got != (reliability.Block{}) {
				t.Errorf("sums = %+v", got)
			}
			if got := *tallyTotal(e.Tally(years()[" 2022"], nil)); got != (reliability.Block{}) {
				t.Errorf("sums of 2022 = %+v", got)
			}
		})
	}
}

// A clock that stands still, or moves while nothing is out or begins, derives
// nothing; wherever it came from, the answer is that of a fresh engine.
func TestLawClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := newEngine(t, in, 2)
		for _, d := range in.Deliveries {
			deliver(t, e, d)
		}
		for range rapid.IntRange(1, 5).Draw(t, "moves of the clock") {
			from, asOf := e.AsOf(), drawInstant(t, in, "clock")
			quiet := e.Derived() > 0 && from < asOf && quietBetween(in, e, from, asOf)
			got := derived(e, func() { e.Advance(asOf) })
			if quiet && got > 0 {
				t.Fatalf("derived %d groups though nothing is out from %d to %d", got, from, asOf)
			}
			if got := derived(e, func() { e.Advance(asOf) }); got > 0 {
				t.Fatalf("derived %d groups though the clock stands still", got)
			}
			in.AsOf = asOf
			mustEqual(t, in, answer(t, in, 2), answerOf(e, in))
		}
	})
}

// quietBetween says whether nothing is out, begins or ends from one instant up
// to another.
func quietBetween(in refInput, e *engine.Engine, from, to int64) bool {
	for _, d := range in.Deliveries {
		if d.Repeated == outage.RepeatedRemaining {
			return false // a row lasts until all that say who is still out have ended
		}
	}
	for i := range e.Rows() {
		ev, _ := e.Event(i)
		if e.Outcome(i) == engine.Accepted && ev.Start <= to && ev.End >= from {
			return false
		}
	}
	return true
}
