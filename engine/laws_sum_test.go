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

// loaded makes an engine of a case, as of its instant.
func loaded(t fataler, in refInput, workers int) *engine.Engine {
	e := newEngine(t, in, workers)
	for _, d := range in.Deliveries {
		deliver(t, e, d)
	}
	e.Advance(in.AsOf)
	return e
}

// everything is all time up to as-of.
func everything(e *engine.Engine) period.Period {
	return period.Period{From: 0, To: e.AsOf()}
}

// An outage in one cell counts as many customer-seconds as its two halves, cut
// at any second inside.
func TestLawHalves(t *testing.T) {
	t.Parallel()
	var cut atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := drawPlain(t)
		before := secondsOf(t, in)
		if !cutInTwo(t, &in) {
			return
		}
		cut.Add(1)
		if got := secondsOf(t, in); got != before {
			t.Fatalf("%d thousandths of customer-seconds in halves, %d as a whole\nbase %+v\ndeliveries %+v\nas-of %d",
				got, before, in.Base, in.Deliveries, in.AsOf)
		}
	})
	if cut.Load() == 0 {
		t.Error("no case had an outage to cut")
	}
}

func secondsOf(t fataler, in refInput) int64 { return loaded(t, in, 2).Quality().Seconds }

// drawPlain draws a case of one delivery whose rows are each an event of their
// own, so that nothing replaces anything.
func drawPlain(t *rapid.T) refInput {
	in := drawCase(t)
	all := refDelivery{WholeFeeder: in.Deliveries[0].WholeFeeder}
	for _, d := range in.Deliveries {
		for _, e := range d.Events {
			e.ID, e.Cancelled = numbered(e.ID, len(all.Events)), false
			all.Events = append(all.Events, e)
		}
	}
	in.Deliveries = []refDelivery{all}
	return in
}

// cutInTwo cuts one event of the case that can be cut; false if there is none.
func cutInTwo(t *rapid.T, in *refInput) bool {
	events := in.Deliveries[0].Events
	var long []int
	for i, e := range events {
		if e.End > e.Start+1 && len(e.Steps) == 0 && e.Start < in.AsOf {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return false
	}
	i := rapid.SampledFrom(long).Draw(t, "event to cut")
	first, second := events[i], events[i]
	at := rapid.Int64Range(first.Start+1, min(first.End, first.Start+4*86400)-1).Draw(t, "cut at")
	first.End, second.Start = at, at
	second.ID += " again"
	if !sameCellAlways(refBase(in.Base), first, second) {
		return false
	}
	in.Deliveries[0].Events = append(slices.Clone(events), second)
	in.Deliveries[0].Events[i] = first
	return true
}

// sameCellAlways says whether two events are of one unit, or of the same number
// of customers in the same one cell.
func sameCellAlways(base refBase, x, y outage.Event) bool {
	if base.knowsUnit(x.Unit) {
		return true
	}
	p, ok := base.place(x)
	q, _ := base.place(y)
	return ok && x.Customers != outage.Missing && len(p.cells) == 1 && slices.Equal(p.cells, q.cells)
}

// In every pool and window the pre-arranged, fault and unknown parts add up to
// the whole.
func TestLawParts(t *testing.T) {
	t.Parallel()
	sets := map[string]reliability.IndexSet{}
	for _, s := range reliability.Sets() {
		sets[s.ID] = s
	}
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		w := period.Period{From: drawInstant(t, in, "from"), To: drawInstant(t, in, "to")}
		p := e.Tally(w, nil).Pool(drawStrata(t, e), e.Bands())
		whole, _ := p.Of(sets[reliability.SAIDI1])
		var sum reliability.Sums
		for _, id := range []string{reliability.SAIDIS, reliability.SAIDIF, reliability.SAIDIU} {
			part, _ := p.Of(sets[id])
			sum.Add(part, 1)
		}
		if sum != whole {
			t.Fatalf("s + f + u = %+v, saidi-1 = %+v", sum, whole)
		}
		longer, momentary := p.Longer(), p.Momentary()
		longer.Add(momentary, 1)
		if longer != whole {
			t.Fatalf("longer and momentary = %+v, saidi-1 = %+v", longer, whole)
		}
	})
}

// drawStrata draws a pool.
func drawStrata(t *rapid.T, e *engine.Engine) []int {
	all := strataOf(e, "")
	return rapid.Permutation(all).Draw(t, "strata")[:rapid.IntRange(0, len(all)).Draw(t, "pool of")]
}

// The pieces add up to the day sums, and at no instant are more customers of a
// cell out, or interrupted, than are in service.
func TestLawCustomersInService(t *testing.T) {
	t.Parallel()
	var capped atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		var pieces []reliability.Piece
		again := reliability.NewDaySums(e.Base().Strata(), e.Sums().Calendar())
		e.Pieces(func(p *reliability.Piece, _ int) {
			pieces = append(pieces, *p)
			again.Add(p, 1)
		})
		if diff := gocmp.Diff(e.Sums().Total(), again.Total()); diff != "" {
			t.Fatalf("day sums (-) and pieces (+):\n%s", diff)
		}
		if e.Sums().Loss != again.Loss {
			t.Fatalf("loss = %+v, of the pieces %+v", e.Sums().Loss, again.Loss)
		}
		if again.Loss.OverBase+again.Loss.Overlap > 0 {
			capped.Add(1)
		}
		checkService(t, e, pieces, instantsOf(in))
	})
	if capped.Load() == 0 {
		t.Error("no case had more customers out than in service")
	}
}

// checkService sweeps over the pieces; instants are those at which anything
// changes.
func checkService(t *rapid.T, e *engine.Engine, pieces []reliability.Piece, instants []int64) {
	for _, at := range instants {
		out, interrupted := map[int32]int64{}, map[int32]int64{}
		for _, p := range pieces {
			if p.From <= at && at < p.To {
				out[p.Cell] += p.Milli
			}
			if p.From == at {
				interrupted[p.Cell] += p.Interrupted
			}
		}
		for i := range e.Base().Cells() {
			cell := &e.Base().Cells()[i]
			n := cell.InService(at)
			if out[int32(i)] > n || interrupted[int32(i)] > n {
				t.Fatalf("at %d cell %d has %d in service, %d out and %d interrupted, in thousandths", at, i, n, out[int32(i)], interrupted[int32(i)])
			}
		}
	}
}
