package engine

import (
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// RowsOf lists the rows of an event in the order in which they came; none where
// nothing was told of it. A row without an id is of no event. Rows that could not
// be read are listed where there are no others.
func (e *Engine) RowsOf(source, id string) []int {
	if id == "" {
		return nil
	}
	if ref, ok := e.dict.Known(source); ok {
		n, ok := e.events.find(ref, []byte(id[:min(len(id), longestID)]))
		if ok && e.events.list[n].last != noRow {
			return e.SameEvent(int(e.events.list[n].last))
		}
	}
	return e.unreadOf(source, id)
}

// unreadOf lists the rows of an event of which none could be read.
func (e *Engine) unreadOf(source, id string) []int {
	var all []int
	for _, i := range e.rejected() {
		if ev, _ := e.Event(int(i)); ev.Source == source && ev.ID == id {
			all = append(all, int(i))
		}
	}
	slices.Sort(all)
	return all
}

// find gives the number of an event; ok is false where it is not known.
func (e *events) find(source outage.Ref, id []byte) (n uint32, ok bool) {
	hash := e.hash(source, id)
	mask := uint32(len(e.slots) - 1)
	for at := hash & mask; e.slots[at].event != 0; at = (at + 1) & mask {
		if n := e.slots[at].event - 1; e.slots[at].hash == hash && e.is(n, source, id) {
			return n, true
		}
	}
	return 0, false
}

// Rejection says why row i is rejected; ok is false where it is not.
func (e *Engine) Rejection(i int) (r RejectedRow, ok bool) {
	if e.rows.at(int32(i)).outcome != Rejected {
		return r, false
	}
	return e.rejectedRow(int32(i)), true
}

// ExplainRows lists what some rows add, wherever that is, as [Engine.Explain]
// does: by row, area and class.
func (e *Engine) ExplainRows(rows []int, w period.Period, set reliability.IndexSet, major *Major) []Contribution {
	x := e.explanation(nil, w, set, major)
	if x == nil {
		return nil
	}
	for s := range x.wanted {
		x.wanted[s] = true
	}
	asked := map[int32]bool{}
	var groups []int32
	for _, i := range rows {
		if r := e.rows.at(int32(i)); r.outcome == Accepted {
			asked[int32(i)] = true
			groups = append(groups, e.groupOf(r))
		}
	}
	x.within = func(_ *reliability.Piece, row int32) bool { return asked[row] }
	slices.Sort(groups)
	a, d := &adder{x: x}, e.deriver()
	var list []Contribution
	for _, n := range slices.Compact(groups) {
		a.group(d, &e.groups[n], func(c *Contribution, within bool) {
			if within {
				list = append(list, *c)
			}
		})
	}
	slices.SortFunc(list, func(a, b Contribution) int { return compareLines(&a, &b) })
	return list
}

// ExcludedRows lists the rows that are of no outage, in the order in which they
// came, and what they speak of: customers times time up to as-of, in
// thousandths of customer-seconds, of which nothing counts.
func (e *Engine) ExcludedRows() (rows []int, milli int64) {
	var sum wide
	if e.partial != nil && !e.partial.ask.Exclusions {
		e.miss(period.Period{From: math.MinInt64, To: e.asOf})
	}
	for i := range int32(e.rows.len()) {
		r := e.rows.at(i)
		if r.outcome != Excluded {
			continue
		}
		rows = append(rows, int(i))
		lasted := max(min(r.end(), e.asOf), int64(r.start)) - int64(r.start)
		sum.add(uint64(max(0, r.customers))*uint64(lasted), 1)
	}
	return rows, sum.milli()
}

// milli is w in thousandths, or the largest number there is.
func (w wide) milli() int64 {
	if w.high > 0 || w.low > math.MaxInt64/reliability.Milli {
		return math.MaxInt64
	}
	return int64(w.low) * reliability.Milli
}
