package forecast

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// A tail is how large the weeks of storms are: above a threshold by a generalised
// Pareto distribution, which goes on where a short history ends.
type tail struct {
	from         float64 // the threshold, as a sum of days against what is usual
	scale, shape float64 // zero scale: no tail
}

const (
	tailShare   = 0.95 // of the weeks that are no storm
	tailShape   = 0.25 // the shape that is guessed, heavier than an exponential one
	tailWeight  = 10   // how many weeks of storms the guess counts as much as
	tailLargest = 0.6
	fewStorms   = 4
	// What one week becomes when it comes again lies within these times of it.
	tailLeast, tailMost = 0.25, 8
)

// tailOf fits a tail to the weeks of running sums: its shape by probability-weighted
// moments (Hosking and Wallis 1987), drawn towards the guess, and its scale so that
// the mean above the threshold is that of the weeks.
func tailOf(sums []float64, from, to int) tail {
	var weeks []float64
	for day := from + week; day <= to; day += week {
		weeks = append(weeks, sums[day]-sums[day-week])
	}
	if len(weeks) < fewWeeks {
		return tail{}
	}
	slices.Sort(weeks)
	t := tail{from: stat.Quantile(tailShare, stat.Empirical, weeks, nil)}
	var above []float64
	for _, v := range weeks {
		if v > t.from {
			above = append(above, v-t.from)
		}
	}
	n := float64(len(above))
	if len(above) < fewStorms {
		return tail{}
	}
	var a0, a1 float64 // E x and E x(1−F)
	for i, v := range above {
		a0 += v / n
		a1 += v * (n - float64(i) - 1) / (n - 1) / n
	}
	shape := tailShape
	if a0 > 2*a1 {
		shape = 2 - a0/(a0-2*a1)
	}
	shape = min(tailLargest, max(0, (n*shape+tailWeight*tailShape)/(n+tailWeight)))
	t.shape, t.scale = shape, a0*(1-shape)
	return t
}

// again is by how many times a week of the past is larger when it comes again.
func (t *tail) again(r *rand.Rand, sum float64) float64 {
	if t.scale == 0 || sum <= t.from {
		return 1
	}
	u := 1 - r.Float64()
	above := -t.scale * math.Log(u)
	if t.shape > 0 {
		above = t.scale / t.shape * (math.Pow(u, -t.shape) - 1)
	}
	return min(tailMost, max(tailLeast, (t.from+above)/sum))
}
