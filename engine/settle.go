package engine

import (
	"slices"

	"github.com/saidi-exporter/saidi/reliability"
)

// settle decides what the rows from one on are worth, and what the earlier rows
// of the same events are still worth.
//
// Most rows need no look at all the rows of their event: those that are the only
// ones of theirs, and those of an event of one part alone that has neither
// revisions nor anything else in an extra. There each subject, a feeder and unit,
// is on its own, and all its rows are in one group; so each group decides about
// its own rows, several at once. The other events are odd, as is one in which a
// subject turns out to have rows that differ: all rows of these are looked at
// together.
func (e *Engine) settle(s *sortedGroups, shares []*share) {
	s.odd = e.distinct(s.odd)
	e.takeOut(e.affected(s))
	for _, i := range s.apart {
		if e.rows.at(i).marks&shared == 0 {
			e.rows.at(i).outcome = e.alone(i)
		}
	}
	odd := e.distinct(append(s.odd, e.decideGroups(s)...))
	e.countOutcomes(shares)
	e.enterNew(s.from)
	e.settleOdd(odd)
	e.shrink()
	e.span = nil
}

// countOutcomes counts what became of the new rows that are decided about, by
// account.
func (e *Engine) countOutcomes(shares []*share) {
	counts := make([]map[*account]*account, len(shares))
	rejected := make([][]int32, len(shares))
	e.inParallel(len(shares), func(_, n int) {
		counts[n] = map[*account]*account{}
		for _, span := range shares[n].stretches {
			rejected[n] = e.countStretch(span, counts[n], rejected[n])
		}
	})
	for _, some := range counts {
		for a, more := range some {
			a.addOutcomes(more)
		}
	}
	for _, some := range rejected {
		for _, i := range some {
			e.listRejected(i)
		}
	}
}

// countStretch counts the outcomes of rows by account, for one worker, and lists
// those rejected.
func (e *Engine) countStretch(span stretch, into map[*account]*account, rejected []int32) []int32 {
	parts := e.cursor(span.from)
	var of, sum *account
	for i := span.from; i < span.to; i++ {
		if a := parts.at(i); a != of {
			if of, sum = a, into[a]; sum == nil {
				sum = newAccount(nil)
				into[a] = sum
			}
		}
		o := e.rows.at(i).outcome
		if o != Fresh && o != Elsewhere {
			sum.count(e, i, o, 1)
		}
		if o == Rejected {
			rejected = append(rejected, i)
		}
	}
	return rejected
}

// addOutcomes adds what another account counts.
func (a *account) addOutcomes(o *account) {
	for k, n := range o.outcomes {
		a.outcomes[k] += n
	}
	for reason, n := range o.reasons {
		a.reasons[reason] += n
	}
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
	if s.from > 0 {
		chunks := e.chunks(s.odd)
		found := make([][]int32, len(chunks))
		e.inParallel(len(chunks), func(_, k int) { found[k] = e.groupsOfEarlier(s.from, chunks[k]) })
		groups = append(groups, slices.Concat(found...)...)
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// groupsOfEarlier lists the groups of the rows of some events that came before
// row from and are in force.
func (e *Engine) groupsOfEarlier(from int32, events []uint32) (groups []int32) {
	for _, n := range events {
		for i := e.events.list[n].last; i != noRow; i = e.rows.at(i).next {
			if r := e.rows.at(i); i < from && r.outcome == Accepted {
				groups = append(groups, e.groupOf(r))
			}
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// takeOut takes the pieces of groups out of the sums, until [Engine.Advance] puts
// them back. If these are most of all, it begins anew with none.
func (e *Engine) takeOut(groups []int32) {
	groups = slices.DeleteFunc(groups, func(g int32) bool { return !e.groups[g].counted })
	counted := 0
	for n := range e.groups {
		if e.groups[n].counted {
			counted++
		}
	}
	if len(groups) <= fewGroups || 2*len(groups) < counted {
		e.count(groups, -1)
		return
	}
	e.sums = reliability.NewDaySums(e.base.Strata(), e.sums.Calendar())
	for n := range e.groups {
		g := &e.groups[n]
		g.counted, g.watched, g.kept = false, nil, nil
	}
}

// alone is the outcome of a new row that is the only one of its event.
func (e *Engine) alone(i int32) Outcome {
	r := e.rows.at(i)
	switch {
	case r.marks&foreign != 0:
		return Elsewhere
	case e.extra(i).rejection != nil:
		return Rejected
	case r.marks&cancels != 0:
		return Cancelled
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
	if o == Elsewhere {
		r.outcome = o
		return
	}
	a := e.accountOf(i)
	if r.outcome != Fresh {
		a.count(e, i, r.outcome, -1)
		e.unbook(i)
	}
	if r.outcome == Accepted {
		e.leaving = append(e.leaving, e.groupOf(r))
	}
	a.count(e, i, o, 1)
	r.outcome = o
	e.book(i)
	if o == Rejected {
		e.listRejected(i)
	}
	if o == Accepted {
		e.enterGroup(i)
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
