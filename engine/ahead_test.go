package engine_test

import (
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

// What rows tell of the time ahead is what is counted once that time has come, as
// far as every outage has an end; and asking changes nothing.
func TestLawAhead(t *testing.T) {
	t.Parallel()
	var counted atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		for i := range in.Deliveries {
			d := &in.Deliveries[i]
			if d.Repeated == outage.RepeatedRemaining { // of which the next row tells only when it starts
				d.Repeated = outage.RepeatedReject
			}
			for k := range d.Events {
				if d.Events[k].End == outage.Open {
					d.Events[k].End = d.Events[k].Start + 7200
				}
			}
		}
		e := loaded(t, in, 2)
		span := period.Period{From: drawInstant(t, in, "as-of"), To: drawInstant(t, in, "to")}
		e.Advance(span.From)
		before := e.Tally(period.Period{From: 0, To: span.From}, nil)
		got := make([][outage.NatureCount]int64, e.Base().Strata())
		e.Ahead(span.To, func(p *reliability.Piece) {
			if p.From < span.From || p.To > span.To {
				t.Fatalf("a piece from %d to %d lies outside %v", p.From, p.To, span)
			}
			got[p.Stratum][p.Nature] += p.Seconds()
		})
		mustTally(t, before, e.Tally(period.Period{From: 0, To: span.From}, nil))
		e.Advance(max(span.From, span.To))
		tally := e.Tally(span, nil)
		want := make([][outage.NatureCount]int64, e.Base().Strata())
		for s := range want {
			pool := tally.Pool([]int{s}, e.Bands())
			for n := range outage.NatureCount {
				want[s][n] = pool.Nature(outage.Nature(n)).Seconds
			}
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("ahead differs from what came (-came +ahead):\n%s", diff)
		}
		if !slices.Equal(got, make([][outage.NatureCount]int64, len(got))) {
			counted.Add(1)
		}
	})
	if counted.Load() == 0 && !testing.Short() { // of few cases none may have any
		t.Error("nothing was ahead in any case")
	}
}

// In a live delivery an outage may not start more than a day after it was told; one
// that was arranged beforehand may, up to a year.
func TestToldAhead(t *testing.T) {
	t.Parallel()
	const day = 86400
	received := refAt("2022-05-18 08:00")
	tests := []struct {
		name    string
		nature  outage.Nature
		after   int64
		outcome engine.Outcome
	}{
		{"a fault within a day", outage.FaultInternal, day, engine.Accepted},
		{"a fault after that", outage.FaultInternal, day + 1, engine.Rejected},
		{"planned work within a year", outage.PlannedMaintenance, 366 * day, engine.Accepted},
		{"planned work after that", outage.PlannedMaintenance, 366*day + 1, engine.Rejected},
		{"of unknown nature", outage.Unknown, 2 * day, engine.Rejected},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out := refOut("A", "2022-05-20 08:00", "2022-05-20 10:00", 1)
			out.Nature, out.Start, out.End = tt.nature, received+tt.after, received+tt.after+3600
			in := refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject, out)
			e := newEngine(t, in, 1)
			load := e.Begin()
			load.Received = received
			b := outage.NewBatch(outage.NewDict())
			fill(b, in.Deliveries[0].Events, 1)
			if err := load.Add(b); err != nil {
				t.Fatal(err)
			}
			if err := load.Commit(&outage.Delivery{Rows: 1}); err != nil {
				t.Fatal(err)
			}
			if got := e.Outcome(0); got != tt.outcome {
				t.Errorf("it is %s, want %s", got, tt.outcome)
			}
		})
	}
}

// What is under way counts from as-of to its told end, but not beyond the instant
// that is asked about; without an end it is over; what begins later counts whole.
func TestAhead(t *testing.T) {
	t.Parallel()
	const hour = 3600
	asOf := refAt("2022-05-20 12:00")
	tests := []struct {
		name       string
		start, end int64 // hours from as-of
		want       int64 // customer-hours up to ten hours after as-of
	}{
		{"over", -3, -1, 0},
		{"over at as-of", -3, 0, 0},
		{"under way", -3, 2, 2},
		{"under way for longer than is asked", -3, 12, 10},
		{"begins at as-of", 0, 4, 4},
		{"begins later", 3, 4, 1},
		{"begins later and lasts longer than is asked", 8, 12, 2},
		{"begins after that", 10, 12, 0},
		{"without an end", -3, outage.Open, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out := refOut("A", "2022-05-20 08:00", "2022-05-20 10:00", 1)
			out.Start, out.End = asOf+tt.start*hour, tt.end
			if tt.end != outage.Open {
				out.End = asOf + tt.end*hour
			}
			e := loaded(t, refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject, out), 1)
			e.Advance(asOf)
			var sum int64
			e.Ahead(asOf+10*hour, func(p *reliability.Piece) { sum += p.Seconds() })
			if got := sum / 1000 / hour; got != tt.want {
				t.Errorf("%d customer-hours lie ahead, want %d", got, tt.want)
			}
		})
	}
}

// The clock stops at the very instant at which a larger part of an event begins: the
// event then counts in that part, and no more where it counted before.
func TestClockStopsWherePartBegins(t *testing.T) {
	t.Parallel()
	u1 := refServed("", "a", "town", 0)
	u1.Unit, u1.ValidFrom = "u1", refAt("2022-05-20 12:00")
	u2 := refServed("", "a", "rural", 0)
	u2.Unit = "u2"
	small := refOut("A", "2022-05-20 02:00", "2022-05-20 12:00", 46)
	small.Feeder, small.Unit, small.Area = "", "u1", "a"
	large := refOut("A", "2022-05-20 08:00", "2022-05-20 08:00", 46)
	large.Feeder, large.Area = "", "a"
	in := refCase([]outage.Customers{u1, u2}, outage.RepeatedReject, small, large)
	in.AsOf = refAt("2022-05-20 08:00")
	e := loaded(t, in, 1)
	want := answerOf(e, in)
	e.Advance(refAt("2022-05-20 07:00"))
	e.Advance(in.AsOf)
	if diff := gocmp.Diff(want, answerOf(e, in)); diff != "" {
		t.Errorf("at once and step by step (-want +got):\n%s", diff)
	}
}
