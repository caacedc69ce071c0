package forecast

import "github.com/saidi-exporter/saidi/period"

// A Part is one of the two kinds of outages that have laws of their own.
type Part int

// The parts.
const (
	Fault       Part = iota // what breaks, and what is of unknown nature
	PreArranged             // what was arranged beforehand (预安排)
)

// PartCount is the number of parts.
const PartCount = 2

// A History is what happened in some strata, day by day.
type History struct {
	First  period.Day // the date of day 0
	Strata []Stratum  // all of as many days
}

// A Stratum is the days of the customers of one area and class.
type Stratum struct {
	Peers     string               // the strata of equal Peers are alike: what happened in one could have happened in another
	Customers []float64            // in service, by day
	Seconds   [PartCount][]float64 // customer-seconds without supply, by day
	Known     []bool               // by day: all outages of it were told
}

// Since is h from a day on, in the same memory; h itself where it begins later.
func (h *History) Since(day period.Day) *History {
	skip := int(day - h.First)
	if skip <= 0 {
		return h
	}
	since := &History{First: day}
	for _, s := range h.Strata {
		n := min(skip, len(s.Known))
		s.Customers, s.Known = s.Customers[n:], s.Known[n:]
		for p := range s.Seconds {
			s.Seconds[p] = s.Seconds[p][n:]
		}
		since.Strata = append(since.Strata, s)
	}
	return since
}

// An Origin is the instant at which one looks ahead, and the year that is looked
// at, in days of a [History].
type Origin struct {
	Today    int     // the day that is under way; those before are whole
	Left     float64 // the part of it that is still to come, 0 … 1; 1 where it begins
	From, To int     // the year, half-open; Today is not after To

	charted []charted // by day, see [Origin.chart]
	faded   []float64 // how much a year weighs, counted back
}

// Ahead is what is known of the time to come in a stratum.
type Ahead struct {
	Customers float64 // in service from now on
	// Scheduled are the customer-seconds of pre-arranged outages that were told
	// already, by day from Today on; it may be short, or nil.
	Scheduled []float64
}
