package engine_test

import (
	"slices"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

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
	if counted.Load() == 0 {
		t.Error("nothing was ahead in any case")
	}
}
