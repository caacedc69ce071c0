package engine_test

import (
	"reflect"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// What is kept of the rows, and what is counted on with the clock, is what all
// rows and groups come to when they are looked through, after any deliveries,
// corrections, withdrawals and moves of the clock.
func TestLawKept(t *testing.T) {
	t.Parallel()
	var asked keptSeen
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := newEngine(t, in, rapid.IntRange(1, 2).Draw(t, "workers"))
		for n := 0; n < len(in.Deliveries); {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				deliver(t, e, in.Deliveries[n])
				n++
			case 1:
				e.Advance(drawInstant(t, in, "clock"))
			case 2:
				if e.Sums() != nil {
					e.Advance(e.AsOf() + rapid.Int64Range(0, 7200).Draw(t, "clock on"))
				}
			}
			if rapid.Bool().Draw(t, "ask") {
				mustKeep(t, in, e, &asked)
			}
		}
		for range 3 {
			e.Advance(drawInstant(t, in, "clock"))
			mustKeep(t, in, e, &asked)
		}
	})
	if asked.out.Load() == 0 || asked.rejected.Load() == 0 || asked.tallied.Load() == 0 || asked.parts.Load() == 0 {
		t.Errorf("nothing to ask for: out %d, rejected %d, tallied %d, parts %d",
			asked.out.Load(), asked.rejected.Load(), asked.tallied.Load(), asked.parts.Load())
	}
}

// keptSeen counts what there was to compare.
type keptSeen struct{ out, rejected, tallied, parts atomic.Int64 }

func mustKeep(t *rapid.T, in refInput, e *engine.Engine, seen *keptSeen) {
	t.Helper()
	check := func(what string, want, got any) {
		t.Helper()
		if !reflect.DeepEqual(want, got) {
			diff := gocmp.Diff(want, got)
			t.Fatalf("%s, looked through (-) and kept (+):\n%s\nbase %+v\ndeliveries %+v\nas-of %d", what, diff, in.Base, in.Deliveries, e.AsOf())
		}
	}
	q := e.Quality()
	check("quality", e.BruteQuality(), q)
	for i := range e.Deliveries() {
		check("reasons", e.BruteReasons(i), e.RejectedReasons(i))
	}
	var origins []engine.Origin
	for _, r := range e.Rejects() {
		origins = append(origins, r.Origin)
	}
	check("rejected rows", e.BruteRejected(), origins)
	seen.rejected.Add(int64(len(origins)))
	for _, ys := range []period.YearStart{{}, {Month: 4, Day: 1}} {
		if !e.BruteCensus(ys).Same(e.Census(ys)) {
			t.Fatalf("census from %v:\n%+v\n%+v", ys, e.BruteCensus(ys), e.Census(ys))
		}
	}
	first, last, ok := e.BruteSpan()
	gotFirst, _ := e.FirstStart()
	gotLast, gotOK := e.LastStart()
	check("span", [...]any{first, last, ok}, [...]any{gotFirst, gotLast, gotOK})
	w := period.Period{From: drawInstant(t, in, "from"), To: drawInstant(t, in, "to")}
	if w.From > w.To {
		w.From, w.To = w.To, w.From
	}
	check("silences", e.BruteSilences(w), e.Silences(w))
	if e.Sums() == nil {
		return
	}
	mustKeepPieces(t, e, w, check, seen)
	for _, y := range yearsOf(in) {
		check("standout", e.BruteStandout(y), e.Standout(y))
	}
}

// mustKeepPieces compares what comes of pieces, once the clock has moved.
func mustKeepPieces(t *rapid.T, e *engine.Engine, w period.Period, check func(what string, want, got any), seen *keptSeen) {
	t.Helper()
	var counted, rows []int
	for i := range e.Rows() {
		if e.Outcome(i) == engine.Accepted {
			counted = append(counted, i)
		}
	}
	e.Advance(e.AsOf())
	out := e.Out()
	check("out", e.BruteOut(), out)
	for _, o := range out {
		seen.out.Add(o.Interrupted)
	}
	w = w.Overlap(period.Period{From: w.From, To: e.AsOf()})
	if w.From < w.To {
		check("tally", e.BruteTally(w), e.Tally(w, nil).Strata)
		seen.tallied.Add(1)
	}
	if len(counted) > 0 {
		rows = rapid.SliceOfDistinct(rapid.SampledFrom(counted), rapid.ID).Draw(t, "rows")
	}
	set, _ := reliability.SetByID(reliability.SAIDI1)
	check("part", e.BrutePart(rows, w, set, nil), e.Part(rows, w, set, nil))
	seen.parts.Add(int64(len(rows)))
}
