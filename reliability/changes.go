package reliability

import (
	"maps"
	"slices"
)

// Changes lists the instants, in order, at which the customers in service of a
// cell change, or a unit comes, goes or moves.
func (b *Base) Changes() []int64 {
	all := map[int64]bool{}
	var last [2]int64 // most units come and go at the same times
	for i := range b.cells {
		for _, t := range b.cells[i].service.times {
			all[t] = true
		}
	}
	for i := range b.units.spans {
		if span := [2]int64{b.units.spans[i].from, b.units.spans[i].to}; span != last {
			all[span[0]], all[span[1]], last = true, true, span
		}
	}
	return slices.Sorted(maps.Keys(all))
}
