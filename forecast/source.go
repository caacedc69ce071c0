package forecast

import (
	"math"
	"math/rand/v2"
	"sort"
)

// A block is some days of the time to come that are drawn together, so that what
// lasts for days stays together: at most a week.
type block struct {
	from, to int   // days of the history, half-open
	sources  []int // days at which blocks of the past begin that could come again
	years    []int // of these, counted back
}

// blocks cuts the time from a day to the year's end into weeks.
func (o *Origin) blocks(from int) []block {
	var all []block
	for ; from < o.To; from += week {
		all = append(all, block{from: from, to: min(from+week, o.To)})
	}
	return all
}

// How far from the same time of the year a week of the past may lie, in days, by
// how many years are known; of less than one any week may come again.
const (
	reachOfMany = 35
	reachOfFew  = 52
	manyYears   = 3
)

// reach is how far from the same time of the year weeks are taken.
func reach(knownFrom, knownTo int) float64 {
	switch years := float64(knownTo-knownFrom) / yearLength; {
	case years >= manyYears:
		return reachOfMany
	case years >= 1:
		return reachOfFew
	}
	return yearLength
}

// find finds the weeks of the past that could come again: those that begin on the
// same day of the week, at about the same time of a year.
func (b *block) find(o *Origin, knownFrom, knownTo int) {
	length := b.to - b.from
	reach := reach(knownFrom, knownTo)
	for u := b.from - week; u >= knownFrom; u -= week {
		if u+length > knownTo {
			continue
		}
		back := float64(b.from - u)
		if math.Abs(back-yearLength*math.Round(back/yearLength)) <= reach {
			b.sources, b.years = append(b.sources, u), append(b.years, o.yearOf(u))
		}
	}
	if len(b.sources) > 0 {
		return
	}
	for u := knownTo - length; u >= knownFrom; u-- {
		b.sources, b.years = append(b.sources, u), append(b.years, o.yearOf(u))
	}
}

// pick draws one of the weeks, each by the weight of its year.
func (b *block) pick(r *rand.Rand, weights, sums []float64) int {
	sums = sums[:0]
	var total float64
	for _, k := range b.years {
		total += weights[k]
		sums = append(sums, total)
	}
	return b.sources[min(len(sums)-1, sort.SearchFloat64s(sums, r.Float64()*total))]
}
