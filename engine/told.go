package engine

import "slices"

// A Mark says which row a row is, whatever else an engine holds: two engines that
// were told the same parts have the same marks.
type Mark struct {
	Delivery int64 // by which the store knows the part; 0 of a file
	Row      int   // of the part, from 0
}

// Mark gives the mark of row i.
func (e *Engine) Mark(i int) Mark {
	p := e.parts.list[e.partNumber(int32(i))]
	return Mark{Delivery: p.id, Row: i - int(p.first)}
}

// Find gives the row of a mark; ok is false where the part was not told. Parts
// must have been delivered in the order of their ids.
func (e *Engine) Find(m Mark) (i int, ok bool) {
	_, from, to, ok := e.partByID(m.Delivery)
	i = int(from) + m.Row
	return i, ok && i < int(to)
}

// SameEvent lists the rows of the event of row i in the order in which they came;
// a row without an id of an event is alone.
func (e *Engine) SameEvent(i int) []int {
	r := e.rows.at(int32(i))
	if r.event == noEvent {
		return []int{i}
	}
	var all []int
	for k := e.events.list[r.event].last; k != noRow; k = e.rows.at(k).next {
		all = append(all, int(k))
	}
	slices.Reverse(all)
	return all
}
