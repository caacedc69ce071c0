package engine

import (
	"slices"
	"sort"

	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// reachBits makes the stretches of a group of which the last end is kept.
const reachBits = 6

// setReach notes the last end of the rows of every stretch of a group, which is
// sorted.
func (e *Engine) setReach(g *group) {
	g.reach = slices.Grow(g.reach[:0], len(g.rows)>>reachBits+1)
	for k, i := range g.rows {
		end, _ := e.until(i)
		if k&(1<<reachBits-1) == 0 {
			g.reach = append(g.reach, end)
			continue
		}
		last := len(g.reach) - 1
		g.reach[last] = max(g.reach[last], end)
	}
}

// touching gives the rows of a counted group that start up to an instant and end
// at another or later, in order.
func (e *Engine) touching(g *group, from, to int64, yield func(i int32) bool) {
	for block, end := range g.reach {
		first := block << reachBits
		if end < from {
			continue
		}
		for _, i := range g.rows[first:min(first+1<<reachBits, len(g.rows))] {
			if int64(e.rows.at(i).start) > to {
				return
			}
			if end, _ := e.until(i); end >= from && !yield(i) {
				return
			}
		}
	}
}

// hasWithin says whether something is out, or begins, in a group between two
// instants.
func (e *Engine) hasWithin(g *group, from, to int64) bool {
	if !g.counted {
		return slices.ContainsFunc(g.rows, func(i int32) bool {
			end, _ := e.until(i)
			return int64(e.rows.at(i).start) < to && end >= from
		})
	}
	found := false
	e.touching(g, from, to-1, func(int32) bool {
		found = true
		return false
	})
	return found
}

// piecesWithin emits the pieces of a group from which all can be counted that a
// part of the time holds: what passes there, what begins there, and the whole of
// what begins there. What else it emits may be wrong.
//
// Customers are handed out at every instant among the rows that are out at that
// instant, so that others matter in two ways only: they may make one outage of a
// unit with a row of the part, which decides its band and when it began, and they
// may be of the same event, which counts once.
func (d *deriver) piecesWithin(g *group, part period.Period, emit func(*reliability.Piece, int32)) {
	if !g.counted {
		d.pieces(g, emit)
		return
	}
	to := d.endOf(g, part)
	margin := max(d.e.opts.Bands.Momentary, d.e.opts.Bands.IEEE) + 1 // within it an outage is long whatever else belongs to it
	some := group{sorted: true, rows: d.some[:0]}
	d.e.touching(g, part.From-margin, to+margin, func(i int32) bool {
		some.rows = append(some.rows, i)
		return true
	})
	if d.addEvents(g, &some); len(some.rows) > 0 {
		d.pieces(&some, emit)
	}
	d.some = some.rows
}

// endOf is the end of the last outage that begins in a part of the time, or of the
// part.
func (d *deriver) endOf(g *group, part period.Period) int64 {
	e := d.e
	to := part.To
	clear(d.ends)
	first := sort.Search(len(g.rows), func(k int) bool { return int64(e.rows.at(g.rows[k]).start) >= part.From })
	for _, i := range g.rows[first:] {
		r := e.rows.at(i)
		start, unit := int64(r.start), e.numbers.unit[r.unit]
		if start > to {
			break
		}
		end, _ := e.until(i)
		switch last, ok := d.ends[unit]; {
		case start >= part.To && (unit == reliability.Nowhere || !ok || start > last):
			continue
		case unit != reliability.Nowhere:
			d.ends[unit] = max(last, end)
		}
		to = max(to, min(end, e.asOf))
	}
	return to
}

// addEvents adds to some rows of a group the others of their events.
func (d *deriver) addEvents(g, some *group) {
	e := d.e
	d.events = d.events[:0]
	for _, i := range some.rows {
		if r := e.rows.at(i); r.marks&shared != 0 {
			d.events = append(d.events, r.event)
		}
	}
	if len(d.events) == 0 {
		return
	}
	slices.Sort(d.events)
	n := len(some.rows)
	for _, event := range slices.Compact(d.events) {
		for i := e.events.list[event].last; i != noRow; i = e.rows.at(i).next {
			if r := e.rows.at(i); r.outcome == Accepted && &e.groups[e.groupOf(r)] == g {
				some.rows = append(some.rows, i)
			}
		}
	}
	if len(some.rows) > n {
		slices.Sort(some.rows)
		some.rows, some.sorted = slices.Compact(some.rows), false
	}
}
