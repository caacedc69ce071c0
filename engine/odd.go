package engine

import (
	"math/bits"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// chunks cuts events into as many as a worker takes together.
func (e *Engine) chunks(events []uint32) [][]uint32 {
	return slices.Collect(slices.Chunk(events, max(1, int(e.stretch>>5))))
}

// A ruling is what the identity rules say of the rows of some events, for one
// worker. Its parts that change what others read are carried out afterwards.
type ruling struct {
	rows     []int32
	outcomes []Outcome
	rejected []rejectedRow // for their company
	chain    []int32
}

type rejectedRow struct {
	row int32
	why *rejection
}

// settleOdd decides about all rows of the odd events, which are in order: what the
// rules say of several events at once, and what follows from that one after the
// other.
func (e *Engine) settleOdd(odd []uint32) {
	chunks := e.chunks(odd)
	rulings := make([]ruling, len(chunks))
	e.inParallel(len(rulings), func(_, n int) {
		for _, event := range chunks[n] {
			rulings[n].event(e, event)
		}
	})
	rows := 0
	for n := range rulings {
		for _, r := range rulings[n].rejected {
			e.rejectRow(r.row, r.why)
		}
		rows += len(rulings[n].rows)
	}
	if rows > e.manyRows() {
		e.books.made = false
	}
	if e.books.made || rows < int(e.stretch) {
		for n := range rulings {
			for k, i := range rulings[n].rows {
				e.decide(i, rulings[n].outcomes[k])
			}
		}
		return
	}
	e.carryOut(rulings)
}

// event rules on the rows of one event.
func (r *ruling) event(e *Engine, event uint32) {
	r.chain = r.chain[:0]
	for i := e.events.list[event].last; i != noRow; i = e.rows.at(i).next {
		r.chain = append(r.chain, i)
	}
	slices.Reverse(r.chain)
	from := len(r.rows)
	r.rows = append(r.rows, r.chain...)
	r.outcomes = slices.Grow(r.outcomes, len(r.chain))[:len(r.rows)]
	clear(r.outcomes[from:])
	if !e.retold(r.chain, r.outcomes[from:]) {
		d := &identity{e: e, rows: r.rows[from:], outcome: r.outcomes[from:]}
		d.identify()
		r.rejected = append(r.rejected, d.doomed...)
	}
	for k, i := range r.rows[from:] {
		if e.rows.at(i).marks&foreign != 0 {
			r.outcomes[from+k] = Elsewhere
		}
	}
}

// retold is the short way of an event that was told several times, each time by
// one row of the same feeder, unit and stage in a part of its own, and never
// withdrawn: the highest revision and there the latest row holds, unless it says
// what an earlier one said. It gives false where that is not so.
func (e *Engine) retold(rows []int32, outcomes []Outcome) bool {
	const most = 16
	if len(rows) > most || !e.isRetold(rows) {
		return false
	}
	highest := e.extra(rows[0]).revision
	for _, i := range rows[1:] {
		highest = max(highest, e.extra(i).revision)
	}
	force := -1
	for k, i := range rows {
		switch {
		case e.extra(i).revision < highest:
			outcomes[k] = Superseded
		case e.toldBefore(rows[:k], outcomes, i):
			outcomes[k] = Duplicate
		default:
			if force >= 0 {
				outcomes[force] = Superseded
			}
			force = k
			outcomes[k] = e.inForce(i)
		}
	}
	return true
}

// toldBefore says whether one of some rows, which are not duplicates themselves, is
// equal to row i; those of another revision never are.
func (e *Engine) toldBefore(rows []int32, outcomes []Outcome, i int32) bool {
	for k, j := range rows {
		if outcomes[k] != Duplicate && e.equal(j, i) {
			return true
		}
	}
	return false
}

// isRetold says whether the short way is that of an event.
func (e *Engine) isRetold(rows []int32) bool {
	first, part := e.rows.at(rows[0]), -1
	stage := e.extra(rows[0]).stage
	var mode outage.Repeated
	for k, i := range rows {
		r, before := e.rows.at(i), part
		part = e.partNumber(i)
		of := e.accounts[e.parts.list[part].account].Repeated
		if k == 0 {
			mode = of
		}
		if part == before || of != mode || of == outage.RepeatedRemaining || r.marks&cancels != 0 || r.feeder != first.feeder || r.unit != first.unit {
			return false
		}
		if x := e.extra(i); x.stage != stage || x.rejection != nil && x.rejection.final {
			return false
		}
	}
	return true
}

// carried is what one worker has carried out.
type carried struct {
	counts   map[*account]*account
	entering []int32 // rows that came into force
	leaving  []int32 // groups from which rows went
	rejected []int32
}

// carryOut does for very many rows what [Engine.decide] does for few.
func (e *Engine) carryOut(rulings []ruling) {
	done := make([]carried, len(rulings))
	e.inParallel(len(rulings), func(_, n int) {
		done[n].counts = map[*account]*account{}
		for k, i := range rulings[n].rows {
			done[n].row(e, i, rulings[n].outcomes[k])
		}
	})
	for n := range done {
		for a, more := range done[n].counts {
			a.addOutcomes(more)
		}
		for _, i := range done[n].rejected {
			e.listRejected(i)
		}
		e.leaving = append(e.leaving, done[n].leaving...)
		for _, i := range done[n].entering {
			e.enterGroup(i)
		}
	}
}

// row gives a row its outcome, and notes what else is to be done about it.
func (c *carried) row(e *Engine, i int32, o Outcome) {
	r := e.rows.at(i)
	if r.outcome == o {
		return
	}
	if o == Elsewhere {
		r.outcome = o
		return
	}
	a := e.accountOf(i)
	sum := c.counts[a]
	if sum == nil {
		sum = newAccount(nil)
		c.counts[a] = sum
	}
	if r.outcome != Fresh {
		sum.count(e, i, r.outcome, -1)
	}
	sum.count(e, i, o, 1)
	if r.outcome == Accepted {
		c.leaving = append(c.leaving, e.groupOf(r))
	}
	switch r.outcome = o; o {
	case Accepted:
		c.entering = append(c.entering, i)
	case Rejected:
		c.rejected = append(c.rejected, i)
	}
}

// enterGroup puts a row that came into force into its group.
func (e *Engine) enterGroup(i int32) {
	r := e.rows.at(i)
	g := &e.groups[e.groupOf(r)]
	g.rows, g.sorted = append(g.rows, i), false
	e.earliest = min(e.earliest, int64(r.start))
}

// distinct sorts events and drops those that are there more than once.
func (e *Engine) distinct(list []uint32) []uint32 {
	if len(list) < int(e.stretch) {
		slices.Sort(list)
		return slices.Compact(list)
	}
	marked := make([]uint64, len(e.events.odd))
	for _, n := range list {
		marked[n/64] |= 1 << (n % 64)
	}
	list = list[:0]
	for at, word := range marked {
		for ; word != 0; word &= word - 1 {
			list = append(list, uint32(at*64+bits.TrailingZeros64(word)))
		}
	}
	return list
}
