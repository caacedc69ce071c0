package backtest

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// resamples is how often province-years are drawn anew.
const resamples = 2000

// ProvinceYears is how many different pairs of a province and a year some trials
// are of. The trials of one hang together: one storm moves all of them.
func ProvinceYears(trials []Trial) int { return len(byProvinceYear(trials)) }

// byProvinceYear counts answered trials and those within the 90 % interval.
func byProvinceYear(trials []Trial) [][2]int {
	counts := map[[2]int]*[2]int{}
	var keys [][2]int
	for n := range trials {
		t := &trials[n]
		if !t.Answered {
			continue
		}
		key := [2]int{t.Series, t.Year}
		if counts[key] == nil {
			counts[key] = &[2]int{}
			keys = append(keys, key)
		}
		counts[key][1]++
		if t.Quantiles[0] <= t.Outcome && t.Outcome <= t.Quantiles[4] {
			counts[key][0]++
		}
	}
	slices.SortFunc(keys, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	var all [][2]int
	for _, key := range keys {
		all = append(all, *counts[key])
	}
	return all
}

// Doubt is the interval in which the coverage of the 90 % interval lies in 95 of
// a hundred samples of as many province-years, drawn with replacement.
func Doubt(trials []Trial, seed uint64) (low, high float64) {
	all := byProvinceYear(trials)
	if len(all) == 0 {
		return 0, 1
	}
	r := rand.New(rand.NewPCG(seed, resamples))
	shares := make([]float64, resamples)
	for n := range shares {
		var within, of int
		for range all {
			one := all[r.IntN(len(all))]
			within, of = within+one[0], of+one[1]
		}
		shares[n] = ratio(float64(within), of)
	}
	slices.Sort(shares)
	return shares[resamples*25/1000], shares[resamples*975/1000-1]
}
