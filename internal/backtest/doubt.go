package backtest

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
)

// resamples is how often provinces are drawn anew.
const resamples = 2000

// Provinces is how many different series some answered trials are of. The trials of
// one hang together: one storm moves all of a year, and the years share a history.
func Provinces(trials []Trial) int { return len(byProvince(trials)) }

// ProvinceYears is how many different pairs of a series and a year some answered
// trials are of.
func ProvinceYears(trials []Trial) int {
	seen := map[[2]int]bool{}
	for n := range trials {
		if t := &trials[n]; t.Answered {
			seen[[2]int{t.Series, t.Year}] = true
		}
	}
	return len(seen)
}

// A cluster is the answered trials of a series, and those within the 90 % interval.
type cluster struct{ series, within, trials int }

// byProvince counts the answered trials of each series, in the order of series.
func byProvince(trials []Trial) []cluster {
	counts := map[int]cluster{}
	for n := range trials {
		t := &trials[n]
		if !t.Answered {
			continue
		}
		c := counts[t.Series]
		c.series, c.trials = t.Series, c.trials+1
		if t.Quantiles[0] <= t.Outcome && t.Outcome <= t.Quantiles[4] {
			c.within++
		}
		counts[t.Series] = c
	}
	return slices.SortedFunc(maps.Values(counts), func(a, b cluster) int { return cmp.Compare(a.series, b.series) })
}

// Doubt is the interval in which the coverage of the 90 % interval lies in 95 of
// a hundred samples of as many provinces, drawn with replacement; ok is false where
// there are not two to draw from.
func Doubt(trials []Trial, seed uint64) (low, high float64, ok bool) {
	all := byProvince(trials)
	if len(all) < 2 {
		return 0, 1, false
	}
	r := rand.New(rand.NewPCG(seed, resamples))
	shares := make([]float64, resamples)
	for n := range shares {
		var within, of int
		for range all {
			one := all[r.IntN(len(all))]
			within, of = within+one.within, of+one.trials
		}
		shares[n] = ratio(float64(within), of)
	}
	slices.Sort(shares)
	return shares[resamples*25/1000], shares[resamples*975/1000-1], true
}
