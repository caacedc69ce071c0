package engine

import (
	"sort"

	"github.com/saidi-exporter/saidi/outage"
)

// A Delivered is what has become of the rows of one part, as of now. Title and
// total rows are not among them.
type Delivered struct {
	Account int // number among [Engine.Deliveries]
	Counts
	Reasons map[outage.Reason]int // of the rejected rows
}

// partByID finds a part by the store's number; ok is false where it has no rows
// or is not known.
func (e *Engine) partByID(id int64) (n int, from, to int32, ok bool) {
	list := e.parts.list
	n = sort.Search(len(list), func(i int) bool { return list[i].id >= id })
	if n == len(list) || list[n].id != id {
		return 0, 0, 0, false
	}
	to = int32(e.rows.len())
	if n+1 < len(list) {
		to = list[n+1].first
	}
	return n, list[n].first, to, true
}

// Delivered says what has become of the rows of the part that the store knows by
// id; ok is false where it has none. Parts must have been delivered in the order
// of their ids.
func (e *Engine) Delivered(id int64) (d *Delivered, ok bool) {
	n, from, to, ok := e.partByID(id)
	if !ok {
		return nil, false
	}
	d = &Delivered{Account: int(e.parts.list[n].account), Reasons: map[outage.Reason]int{}}
	d.Rows = int(to - from)
	for i := from; i < to; i++ {
		d.take(e.rows.at(i).outcome)
		if e.rows.at(i).outcome == Rejected {
			d.Reasons[e.extra(i).rejection.reason]++
		}
	}
	return d, true
}

func (d *Delivered) take(o Outcome) {
	switch o {
	case Accepted:
		d.Accepted++
	case Rejected:
		d.Rejected++
	case Duplicate:
		d.Duplicate++
	case Superseded:
		d.Superseded++
	case Cancelled:
		d.Cancelled++
	case Excluded:
		d.Excluded++
	}
}

// DeliveredAfter lists the parts with rows that the store knows by higher numbers
// than id, in order.
func (e *Engine) DeliveredAfter(id int64) []int64 {
	list := e.parts.list
	var ids []int64
	for _, p := range list[sort.Search(len(list), func(i int) bool { return list[i].id > id }):] {
		ids = append(ids, p.id)
	}
	return ids
}

// RejectsOf lists the rows of a part that are rejected now, in their order.
func (e *Engine) RejectsOf(id int64) []RejectedRow {
	_, from, to, _ := e.partByID(id)
	var list []RejectedRow
	for i := from; i < to; i++ {
		if e.rows.at(i).outcome == Rejected {
			list = append(list, e.rejectedRow(i))
		}
	}
	return list
}

// rejectedRow is row i, which is rejected.
func (e *Engine) rejectedRow(i int32) RejectedRow {
	ev, origin := e.Event(int(i))
	why := *e.extra(i).rejection
	if header, ok := e.accountOf(i).Headers[why.column]; ok && why.print == 0 {
		why.column = header // the base or the row's company said no: in the file's own words
	}
	return RejectedRow{Origin: origin, Event: ev, Column: why.column, Value: why.value, Reason: why.reason}
}
