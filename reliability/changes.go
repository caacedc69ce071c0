package reliability

import (
	"maps"
	"slices"
)

// Changes lists the instants, in order, at which the customers in service of a
// cell change, or a unit comes, goes or moves.
func (b *Base) Changes() []int64 {
	all := map[int64]bool{}
	for i := range b.cells {
		for _, t := range b.cells[i].service.times {
			all[t] = true
		}
	}
	for i := range b.units.spans {
		all[b.units.spans[i].from], all[b.units.spans[i].to] = true, true
	}
	return slices.Sorted(maps.Keys(all))
}
