package reliability

import (
	"cmp"
	"slices"
)

// A scatter puts numbers in the order of small keys and keeps its memory.
type scatter struct {
	counts []int32
	list   []int32
}

// sort orders list, which is ascending, by key, equal ones as they stand. Where
// the keys lie close together it counts them instead of comparing.
func (s *scatter) sort(list []int32, key func(int32) int32) {
	if len(list) < 2 {
		return
	}
	least, most, ordered := key(list[0]), key(list[0]), true
	last := least
	for _, i := range list[1:] {
		k := key(i)
		least, most, ordered, last = min(least, k), max(most, k), ordered && k >= last, k
	}
	switch width := int(most) - int(least) + 1; {
	case ordered:
	case width > 4*len(list):
		slices.SortFunc(list, func(i, j int32) int { return cmp.Or(cmp.Compare(key(i), key(j)), cmp.Compare(i, j)) })
	default:
		s.count(list, key, least, width)
	}
}

// room gives one place more than so many, with nothing in them.
func (s *scatter) room(width int) []int32 {
	s.counts = slices.Grow(s.counts[:0], width+1)[:width+1]
	clear(s.counts)
	return s.counts
}

func (s *scatter) count(list []int32, key func(int32) int32, least int32, width int) {
	s.room(width)
	for _, i := range list {
		s.counts[key(i)-least+1]++
	}
	for k := range width {
		s.counts[k+1] += s.counts[k]
	}
	s.list = append(s.list[:0], list...)
	for _, i := range s.list {
		at := &s.counts[key(i)-least]
		list[*at] = i
		*at++
	}
}
