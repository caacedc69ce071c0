package engine

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// settle decides what the rows from one on are worth, and what the earlier rows
// of the same events are still worth.
func (e *Engine) settle(from int32) {
	touched := e.chain(from)
	affected := e.affected(from, touched)
	e.count(slices.DeleteFunc(slices.Clone(affected), func(g int32) bool { return !e.groups[g].counted }), -1)
	for i := from; i < int32(e.rows.len()); i++ {
		if r := e.rows.at(i); r.marks&shared == 0 || r.marks&unkeyed != 0 {
			e.decide(i, e.alone(i))
		}
	}
	for _, slot := range touched {
		e.settleEvent(e.chainOf(e.events.heads[slot].row))
	}
	e.shrink(affected)
}

// chain enters the rows into the table of events, and gives the slots of the
// events that have several rows.
func (e *Engine) chain(from int32) (touched []int) {
	e.reserve(e.rows.len() - int(from))
	for i := from; i < int32(e.rows.len()); i++ {
		r := e.rows.at(i)
		if r.marks&unkeyed != 0 {
			continue
		}
		source, id := e.source(i), e.ids.at(r.id)
		slot := e.slot(source, id)
		before := e.events.heads[slot].row
		if e.events.heads[slot] = (head{row: i, hash: e.hash(source, id)}); before == noRow {
			e.events.count++
			continue
		}
		r.next = before
		r.marks |= shared
		e.rows.at(before).marks |= shared
		touched = append(touched, slot)
	}
	slices.Sort(touched)
	return slices.Compact(touched)
}

// chainOf lists the rows of an event in the order in which they came.
func (e *Engine) chainOf(last int32) []int32 {
	var rows []int32
	for i := last; i != noRow; i = e.rows.at(i).next {
		rows = append(rows, i)
	}
	slices.Reverse(rows)
	return rows
}

// affected lists the groups that the rows from one on, and the events that they
// touch, have or had a part in.
func (e *Engine) affected(from int32, touched []int) []int32 {
	var groups []int32
	add := func(i int32) {
		r := e.rows.at(i)
		if r.marks&cancels != 0 || e.extra(i).rejection != nil {
			return
		}
		groups = append(groups, e.groupOf(i))
	}
	for i := from; i < int32(e.rows.len()); i++ {
		add(i)
	}
	for _, slot := range touched {
		for i := e.events.heads[slot].row; i != noRow; i = e.rows.at(i).next {
			if i < from && e.rows.at(i).outcome == Accepted {
				add(i)
			}
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// alone is the outcome of a row that is the only one of its event.
func (e *Engine) alone(i int32) Outcome {
	r := e.rows.at(i)
	switch {
	case e.extra(i).rejection != nil:
		return Rejected
	case r.marks&cancels != 0:
		return Cancelled
	case e.deliveries[r.delivery].Repeated == outage.RepeatedRemaining:
		r.marks |= remaining
	}
	return e.inForce(i)
}

// decide notes the outcome of a row, and puts a row that comes into force into
// its group. Rows that went out of force leave in [Engine.shrink].
func (e *Engine) decide(i int32, o Outcome) {
	r := e.rows.at(i)
	if r.outcome == o {
		return
	}
	counts := &e.deliveries[r.delivery].outcomes
	if r.outcome != Fresh {
		counts[r.outcome]--
	}
	counts[o]++
	r.outcome = o
	if o == Accepted {
		g := &e.groups[e.groupOf(i)]
		g.rows, g.sorted = append(g.rows, i), false
		e.earliest = min(e.earliest, int64(r.start))
	}
}

// shrink drops the rows from the groups that are no longer in force.
func (e *Engine) shrink(groups []int32) {
	for _, n := range groups {
		g := &e.groups[n]
		g.rows = slices.DeleteFunc(g.rows, func(i int32) bool { return e.rows.at(i).outcome != Accepted })
	}
}
