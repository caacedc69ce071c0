package forecast

import (
	"math"
	"math/rand/v2"
)

// A block is some days of the time to come that are drawn together, so that what
// lasts for days stays together: at most a week.
type block struct {
	from, to int   // days of the history, half-open
	sources  []int // days at which blocks of the past begin that could come again, the last first
	byYear   []weeksOfYear
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
	defer b.gather(o)
	length := b.to - b.from
	reach := reach(knownFrom, knownTo)
	for u := b.from - week; u >= knownFrom; u -= week {
		if u+length > knownTo {
			continue
		}
		back := float64(b.from - u)
		if math.Abs(back-yearLength*math.Round(back/yearLength)) <= reach {
			b.sources = append(b.sources, u)
		}
	}
	if len(b.sources) > 0 {
		return
	}
	for u := knownTo - length; u >= knownFrom; u-- {
		b.sources = append(b.sources, u)
	}
}

// pick draws one of the weeks, each by the weight of its year.
func (b *block) pick(r *rand.Rand, weights []float64) int {
	var total float64
	for _, g := range b.byYear {
		total += weights[g.year] * float64(g.to-g.from)
	}
	left := r.Float64() * total
	for _, g := range b.byYear {
		weight := weights[g.year]
		if all := weight * float64(g.to-g.from); left >= all {
			left -= all
			continue
		}
		return b.sources[min(g.to-1, g.from+int(left/weight))]
	}
	return b.sources[len(b.sources)-1]
}

// gather notes which of the weeks lie in which year; they stand from the last to the
// first.
func (b *block) gather(o *Origin) {
	for i, u := range b.sources {
		k := o.yearOf(u)
		if last := len(b.byYear) - 1; last >= 0 && b.byYear[last].year == k {
			b.byYear[last].to = i + 1
			continue
		}
		b.byYear = append(b.byYear, weeksOfYear{k, i, i + 1})
	}
}

// weeksOfYear are those of the weeks of a block, by their places, that lie in a year,
// counted back.
type weeksOfYear struct{ year, from, to int }
