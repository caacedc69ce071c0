package snapshot

import (
	"math/big"

	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// Where the threshold of a base year's major event days comes from.
const (
	ByYearsBefore = "years-before" // the daily values of the five years before, as IEEE Std 1366 has it
	ByOwnYear     = "own-year"     // those of the base year itself, where no year before it has data
)

// A stormYear is a year's major event days (2.5 beta) of the whole.
type stormYear struct {
	known bool // there is a threshold
	by    string
	days  []period.Day
	milli []int64 // thousandths of customer-seconds that the judged set counts on them, by stratum
}

// A stormKey names what a storm year was worked out from: a year that is over
// stays as it is, unless outages are booked on the day on which they start.
type stormKey struct {
	year int
	asOf int64
}

// storm gives the storms of a year, worked out once.
func (x *examiner) storm(year int) stormYear {
	key := stormKey{year: year}
	if x.set.StartDay || x.asOf < x.year(year).To {
		key.asOf = x.asOf
	}
	s, ok := x.storms[key]
	if !ok {
		s = x.stormYear(year)
		x.storms[key] = s
	}
	return s
}

func (x *examiner) stormYear(year int) stormYear {
	s := stormYear{by: ByYearsBefore, milli: make([]int64, x.e.Base().Strata())}
	if _, s.known = x.major.Thresholds[year]; s.known {
		for _, d := range x.daysOf(year) {
			if x.major.Days[d] {
				s.days = append(s.days, d)
			}
		}
	} else {
		s.by = ByOwnYear
		s.days, s.known = x.ownStorms(year)
	}
	for _, d := range s.days {
		tally := x.e.Tally(x.day(d), x.major)
		for stratum := range s.milli {
			if sums, ok := tally.Pool([]int{stratum}, x.e.Bands()).Of(x.set); ok {
				s.milli[stratum] += sums.Seconds
			}
		}
	}
	return s
}

// rounding is more than what logarithms of days that are all alike may lose, so
// that none of these is above their mean.
const rounding = 1e-9

// ownStorms are the days of a year above the threshold that its own days give.
func (x *examiner) ownStorms(year int) (days []period.Day, known bool) {
	ieee, _ := reliability.SetByID(reliability.IEEE)
	all := make([]int, x.e.Base().Strata())
	for s := range all {
		all[s] = s
	}
	candidates := x.daysOf(year)
	daily := make([]float64, len(candidates))
	for i, d := range candidates {
		pool := x.e.Tally(x.day(d), nil).Pool(all, x.e.Bands())
		sums, _ := pool.Of(ieee)
		daily[i], _ = pool.SAIDIHours(sums)
	}
	tmed, known := reliability.MajorEventThreshold(daily)
	for i, d := range candidates {
		if known && daily[i] > tmed*(1+rounding) {
			days = append(days, d)
		}
	}
	return days, known
}

// daysOf lists the local days of a year, up to as-of.
func (x *examiner) daysOf(year int) []period.Day {
	w := upTo(x.year(year), x.asOf)
	var all []period.Day
	if w.Seconds() == 0 {
		return nil
	}
	for d := period.DayOf(w.From, x.p.Zone); d <= period.DayOf(w.To-1, x.p.Zone); d++ {
		all = append(all, d)
	}
	return all
}

// day is the time of a local day, up to as-of.
func (x *examiner) day(d period.Day) period.Period { return upTo(d.Period(x.p.Zone), x.asOf) }

// baseStorm says what storms made of the base year of a reduction, where it has
// one that is worked out and not zero.
//
//	share = Σ t·n on the major event days / Σ t·n of the base year
func (x *examiner) baseStorm(s policy.Standing, of subject, e *policy.Evidence) *BaseStorm {
	if s.Rule != policy.Reduction || s.BaseValue != 0 || !e.Base.Value.Exists() {
		return nil
	}
	year := x.storm(s.BaseYear)
	all, ok := x.used(e.Base.Period, of)
	if !ok || all == 0 || !year.known {
		return nil
	}
	var milli int64
	for _, stratum := range of.strata {
		milli += year.milli[stratum]
	}
	b := &BaseStorm{Days: []string{}, ThresholdBy: year.by, Share: float64(milli) / float64(all), StormYear: atLeast(milli, all, s.Reduction)}
	for _, d := range year.days {
		b.Days = append(b.Days, d.String())
	}
	return b
}

// atLeast says exactly whether part / whole is a fraction or more.
func atLeast(part, whole int64, f policy.Fraction) bool {
	left := new(big.Int).Mul(big.NewInt(part), big.NewInt(f.Den))
	right := new(big.Int).Mul(big.NewInt(whole), big.NewInt(f.Num))
	return left.Cmp(right) >= 0
}
