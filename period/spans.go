package period

import (
	"cmp"
	"slices"
)

// Spans is a set of instants: periods that neither touch nor overlap, in order
// of time. The zero value is empty.
type Spans []Period

// Union gives the instants that lie in at least one of the periods.
func Union(periods []Period) Spans {
	sorted := slices.Clone(periods)
	slices.SortFunc(sorted, func(a, b Period) int { return cmp.Compare(a.From, b.From) })
	var all Spans
	for _, p := range sorted {
		switch last := len(all) - 1; {
		case p.Seconds() == 0:
		case last >= 0 && p.From <= all[last].To:
			all[last].To = max(all[last].To, p.To)
		default:
			all = append(all, p)
		}
	}
	return all
}

// Within is the number of seconds of w that lie in s.
func (s Spans) Within(w Period) int64 {
	var sum int64
	for _, p := range s {
		sum += p.Overlap(w).Seconds()
	}
	return sum
}

// Gaps lists the parts of w that do not lie in s.
func (s Spans) Gaps(w Period) []Period {
	var gaps []Period
	at := w.From
	for _, p := range s {
		p = p.Overlap(w)
		if p.Seconds() == 0 {
			continue
		}
		if p.From > at {
			gaps = append(gaps, Period{From: at, To: p.From})
		}
		at = p.To
	}
	if at < w.To {
		gaps = append(gaps, Period{From: at, To: w.To})
	}
	return gaps
}
