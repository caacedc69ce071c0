package engine

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// settle decides what the rows from one on are worth, and what the earlier rows
// of the same events are still worth.
//
// Most rows need no look at all the rows of their event: those that are the only
// ones of theirs, and those of an event of this delivery alone that has neither
// revisions nor anything else in an extra. There each subject, a feeder and unit,
// is on its own, and all its rows are in one group; so each group decides about
// its own rows, several at once. The other events are odd, as is one in which a
// subject turns out to have rows that differ: all rows of these are looked at
// together.
func (e *Engine) settle(s *sortedGroups) {
	if e.deliveries[len(e.deliveries)-1].Repeated == outage.RepeatedRemaining {
		s.odd = append(s.odd, e.sharedEvents(s.from)...)
	}
	affected := e.affected(s)
	e.count(slices.DeleteFunc(slices.Clone(affected), func(g int32) bool { return !e.groups[g].counted }), -1)
	for _, i := range s.apart {
		if e.rows.at(i).marks&shared == 0 {
			e.decide(i, e.alone(i))
		}
	}
	odd := append(s.odd, e.decideGroups(s)...)
	slices.Sort(odd)
	for _, n := range slices.Compact(odd) {
		e.settleEvent(e.chainOf(e.events.list[n].last))
	}
	e.shrink()
}

// sharedEvents lists the events of which the rows from one on are not the only
// ones, and makes them odd.
func (e *Engine) sharedEvents(from int32) (list []uint32) {
	for i := from; i < int32(e.rows.len()); i++ {
		if r := e.rows.at(i); r.marks&shared != 0 && r.event != noEvent {
			e.events.setOdd(r.event)
			list = append(list, r.event)
		}
	}
	return list
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

// affected lists the groups that the new rows, and the odd events that they
// touch, have or had a part in.
func (e *Engine) affected(s *sortedGroups) []int32 {
	groups := slices.Clone(s.groups)
	for _, n := range s.odd {
		for i := e.events.list[n].last; i != noRow; i = e.rows.at(i).next {
			if r := e.rows.at(i); i < s.from && r.outcome == Accepted {
				groups = append(groups, e.groupOf(r))
			}
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// alone is the outcome of a row of the last delivery that is the only one of its
// event.
func (e *Engine) alone(i int32) Outcome {
	r := e.rows.at(i)
	switch {
	case e.extra(i).rejection != nil:
		return Rejected
	case r.marks&cancels != 0:
		return Cancelled
	case e.deliveries[len(e.deliveries)-1].Repeated == outage.RepeatedRemaining:
		r.marks |= remaining
	}
	return e.inForce(i)
}

// decide notes the outcome of a row, and puts a row that comes into force into
// its group. The group of one that goes out of force is left in [Engine.shrink].
func (e *Engine) decide(i int32, o Outcome) {
	r := e.rows.at(i)
	if r.outcome == o {
		return
	}
	counts := &e.deliveryOf(i).outcomes
	if r.outcome != Fresh {
		counts[r.outcome]--
	}
	if r.outcome == Accepted {
		e.leaving = append(e.leaving, e.groupOf(r))
	}
	counts[o]++
	r.outcome = o
	if o == Accepted {
		g := &e.groups[e.groupOf(r)]
		g.rows, g.sorted = append(g.rows, i), false
		e.earliest = min(e.earliest, int64(r.start))
	}
}

// shrink drops the rows that are no longer in force from the groups that some
// left.
func (e *Engine) shrink() {
	slices.Sort(e.leaving)
	for _, n := range slices.Compact(e.leaving) {
		g := &e.groups[n]
		g.rows = slices.DeleteFunc(g.rows, func(i int32) bool { return e.rows.at(i).outcome != Accepted })
	}
	e.leaving = e.leaving[:0]
}
