package backtest

import (
	"math"

	"github.com/saidi-exporter/saidi/forecast"
)

// Sums add up days from the first to any other, by stratum, so that those of a
// span are a difference.
type sums struct {
	milli [][]int64   // customer-seconds without supply, in thousandths
	days  [][]float64 // customers × days in service
}

func newSums(h *forecast.History) *sums {
	s := &sums{}
	for n := range h.Strata {
		of := &h.Strata[n]
		milli, served := make([]int64, 1, len(of.Known)+1), make([]float64, 1, len(of.Known)+1)
		for day := range of.Known {
			var lost int64
			for part := range of.Seconds {
				lost += int64(math.Round(1000 * of.Seconds[part][day]))
			}
			milli, served = append(milli, milli[day]+lost), append(served, served[day]+of.Customers[day])
		}
		s.milli, s.days = append(s.milli, milli), append(s.days, served)
	}
	return s
}

// total is what some strata lost on the days from one to before another.
func (s *sums) total(strata []int, from, to int) (sum int64) {
	for _, n := range strata {
		sum += s.milli[n][to] - s.milli[n][from]
	}
	return sum
}

// served is customers × days in service.
func (s *sums) served(strata []int, from, to int) (sum float64) {
	for _, n := range strata {
		sum += s.days[n][to] - s.days[n][from]
	}
	return sum
}

// held is what some strata lost on some days, as it would have been in so many
// days with other customers.
func (s *sums) held(strata []int, from, to int, customers []float64, days int) int64 {
	sum := 0.0
	for _, n := range strata {
		if served := s.days[n][to] - s.days[n][from]; served > 0 {
			sum += float64(s.milli[n][to]-s.milli[n][from]) * customers[n] * float64(days) / served
		}
	}
	return int64(math.Round(sum))
}
