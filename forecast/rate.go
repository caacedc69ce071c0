package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// A worth is what a part of the strata usually is, apart from season and level.
type worth struct {
	rate  []float64 // customer-seconds without supply for each customer and day, by stratum
	doubt []float64 // the variance of that, relative to its square
	cap   []float64 // what a day counts at most, in customer-seconds for each customer; infinite: all of it
}

// seconds is what a day counts.
func (w *worth) seconds(x *Stratum, p Part, s, day int) float64 {
	return min(x.Seconds[p][day], w.cap[s]*x.Customers[day])
}

// fade is how much less a year says of the rates than the one after it.
const fade = 0.75

// fewDays is up to how many days of the years before the days of the year itself
// are taken together with them, to know the rates at all.
const fewDays = 180

// worthOf finds the rates of a part. With capped, days of storms count as much as
// the worst of a hundred others, so that levels are not told from luck.
func worthOf(h *History, o *Origin, p Part, g *season, capped bool) *worth {
	n := len(h.Strata)
	w := &worth{rate: make([]float64, n), doubt: make([]float64, n), cap: make([]float64, n)}
	own := make([]estimate, n)
	for s := range h.Strata {
		w.cap[s] = math.Inf(1)
		if capped {
			w.cap[s] = capOf(&h.Strata[s], o, p)
		}
		own[s] = estimated(&h.Strata[s], o, g, func(day int) float64 { return w.seconds(&h.Strata[s], p, s, day) })
	}
	for s := range h.Strata {
		w.rate[s], w.doubt[s] = believed(own, h, s)
	}
	return w
}

// capOf is the worst of a hundred days, for each customer, or the mean of the days
// with an outage if that is more.
func capOf(x *Stratum, o *Origin, p Part) float64 {
	var all []float64
	var sum, days float64
	o.days(x, func(day int) {
		v := x.Seconds[p][day] / x.Customers[day]
		if all = append(all, v); v > 0 {
			sum += v
			days++
		}
	})
	if days == 0 {
		return math.Inf(1)
	}
	slices.Sort(all)
	return max(sum/days, stat.Quantile(0.99, stat.Empirical, all, nil))
}

// An estimate is a rate as the days of one stratum show it.
type estimate struct {
	rate     float64
	variance float64 // of a day, those within a week together, relative to the square of the rate; [unknownScatter] where nobody can say
	days     float64 // that it rests on
}

// usedYears says from which year back the rates are taken: the one before the one
// that is looked at, or that one if there is little before it.
func usedYears(x *Stratum, o *Origin) int {
	before := 0
	o.days(x, func(day int) {
		if o.yearOf(day) > 0 {
			before++
		}
	})
	if before < fewDays {
		return 0
	}
	return 1
}

func estimated(x *Stratum, o *Origin, g *season, seconds func(day int) float64) estimate {
	from := usedYears(x, o)
	var out, usual, weights, squares float64
	o.days(x, func(day int) {
		k := o.yearOf(day)
		if k < from {
			return
		}
		weight := o.faded[k]
		out += weight * seconds(day)
		usual += weight * x.Customers[day] * g.at(o, day)
		weights += weight
		squares += weight * weight
	})
	if usual == 0 {
		return estimate{}
	}
	e := estimate{rate: out / usual, days: weights * weights / squares}
	e.variance = scatter(x, o, g, e.rate, seconds)
	return e
}

const (
	week     = 7
	fewWeeks = 8 // from which on their scatter says something
)

// scatter is the variance of a day of a stratum, from that of weeks, relative to the
// square of its rate.
func scatter(x *Stratum, o *Origin, g *season, rate float64, seconds func(day int) float64) float64 {
	if rate == 0 {
		return unknownScatter
	}
	var weeks []float64
	var sum, n float64
	o.days(x, func(day int) {
		sum += seconds(day) / (x.Customers[day] * rate * g.at(o, day))
		if n++; n == week {
			weeks = append(weeks, sum/week)
			sum, n = 0, 0
		}
	})
	return scatterOf(weeks)
}

// scatterOf is the variance of a day by means of weeks.
func scatterOf(weeks []float64) float64 {
	if len(weeks) < fewWeeks {
		return unknownScatter
	}
	return max(leastScatter, stat.Variance(weeks, nil)*week)
}

// How much a day scatters where nobody can say, how little it can scatter, and how
// much the rates of peers differ, each relative to the square of the rate.
const (
	unknownScatter = 30
	leastScatter   = 0.05
	peerSpread     = 0.5
)

// doubtTimes is by how many times the variance of a rate that follows from the
// scatter of weeks is too small, as weeks of one season and one year are not
// independent. It was chosen on made-up provinces so that intervals hold what they
// promise, and is judged on others: see docs/backtest.md.
const doubtTimes = 2.5

// believed is the rate of a stratum from its own days and from those of its peers,
// each by how sure it is.
func believed(own []estimate, h *History, s int) (rate, doubt float64) {
	var rates, variances, days float64
	for k := range own {
		if h.Strata[k].Peers == h.Strata[s].Peers && own[k].days > 0 {
			rates += own[k].rate * own[k].days
			variances += own[k].variance * own[k].days
			days += own[k].days
		}
	}
	if days == 0 {
		return 0, 0
	}
	peers, mine := rates/days, own[s]
	if mine.days == 0 {
		return peers, peerSpread
	}
	variance := mine.variance
	if mine.rate == 0 {
		variance = variances / days
	}
	doubt = doubtTimes * variance / mine.days
	trust := peerSpread / (peerSpread + doubt)
	return trust*mine.rate + (1-trust)*peers, doubt * trust
}
