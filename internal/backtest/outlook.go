package backtest

import (
	"math"
	"sort"

	"github.com/saidi-exporter/saidi/forecast"
)

// Shares are the probabilities of the quantiles that are judged.
func Shares() [5]float64 { return [5]float64{0.05, 0.25, 0.5, 0.75, 0.95} }

// An Outlook is what a forecast says of the year of a target.
type Outlook struct {
	Quantiles [5]int64                  // at [Shares]
	Over      func(limit int64) float64 // the probability of more than a limit
}

// A Forecaster looks ahead from an origin. What it gives is asked about one target
// after the other, with what has happened there in the year so far; ok is false
// where it does not know.
type Forecaster func(h *forecast.History, at forecast.Origin, ahead []forecast.Ahead) func(strata []int, happened int64) (o Outlook, ok bool)

// Model is the forecast of the program.
func Model(o forecast.Options) Forecaster {
	return func(h *forecast.History, at forecast.Origin, ahead []forecast.Ahead) func([]int, int64) (Outlook, bool) {
		m := forecast.New(h, at, ahead, o)
		return func(strata []int, happened int64) (Outlook, bool) {
			p, ok := m.Project(&forecast.Question{Strata: strata, Happened: happened, Limit: happened})
			if !ok {
				return Outlook{}, false
			}
			return outlookOf(p), true
		}
	}
}

func outlookOf(p *forecast.Projection) Outlook {
	var o Outlook
	for n, share := range Shares() {
		o.Quantiles[n] = p.Quantile(share)
	}
	o.Over = func(limit int64) float64 {
		// The draw number n, from 1, is the quantile at any share that ends within it.
		within := sort.Search(p.Draws, func(n int) bool { return p.Quantile((float64(n)+0.5)/float64(p.Draws)) > limit })
		return 1 - float64(within)/float64(p.Draws)
	}
	return o
}

// Pinball is the mean pinball loss of quantiles at [Shares] where the outcome is y:
// each loses its distance from y, times its share where y is above it and times
// the rest where y is below. It is in the unit of y, and 0 only where all are y.
func Pinball(quantiles [5]int64, y int64) float64 {
	sum := 0.0
	for n, share := range Shares() {
		d := float64(y - quantiles[n])
		sum += math.Max(share*d, (share-1)*d)
	}
	return sum / float64(len(quantiles))
}
