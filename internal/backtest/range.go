package backtest

import (
	"math"
	"slices"
)

// RangeName is what the range of thumb is called: what the rule that knows most, the
// last of [Naive], says is still to come, times how much more or less came elsewhere.
const RangeName = "range of thumb"

// A rangeKey is what ranges of thumb are told apart by: the half of the series that
// they are learnt from, the month and the size of the target.
type rangeKey struct {
	half, month int
	size        string
}

// half says in which half of the series a trial is. The halves take turns by four,
// as made-up provinces with a short history come in fours: so each has all of them.
func half(t *Trial) int { return t.Series / 4 % 2 }

// addRanges gives each trial the range of thumb that the other half of the series
// teaches, so that nobody learns from the province by which he is judged. Where that
// half has nothing of the month and size there is none.
func addRanges(trials []Trial) {
	learnt := ratios(trials)
	for n := range trials {
		t := &trials[n]
		if all := learnt[rangeKey{1 - half(t), t.Month, t.Size}]; len(all) > 0 {
			t.Ranged, t.Range = true, t.rangeOf(all)
		}
	}
}

// ratios are what came over what the rule said was still to come, in ascending
// order. Where it said that nothing would come there is no ratio.
func ratios(trials []Trial) map[rangeKey][]float64 {
	all := map[rangeKey][]float64{}
	for n := range trials {
		t := &trials[n]
		if said := t.saidRest(); said > 0 {
			key := rangeKey{half(t), t.Month, t.Size}
			all[key] = append(all[key], float64(t.Outcome-t.Happened)/said)
		}
	}
	for _, of := range all {
		slices.Sort(of)
	}
	return all
}

// saidRest is what the last of [Naive] says is still to come.
func (t *Trial) saidRest() float64 { return float64(t.Naive[len(t.Naive)-1] - t.Happened) }

// rangeOf is what has happened, and the rest that the rule says times the quantiles
// of some ratios at [Shares].
func (t *Trial) rangeOf(ascending []float64) (q [5]int64) {
	for n, share := range Shares() {
		ratio := ascending[int(share*float64(len(ascending)))]
		q[n] = t.Happened + int64(math.Round(t.saidRest()*ratio))
	}
	return q
}
