package engine

import (
	"math/bits"
	"slices"
)

// A judge decides about the rows of whole groups, for one worker.
type judge struct {
	e        *Engine
	slots    []uint64 // a hash table of the subjects of a group: a part of the hash, and the place of the row + 1
	earliest int64
	order    order
	odd      []uint32 // events in which a subject has rows that differ
}

// decideGroups decides about the rows that need no look at others of their
// event but those of their subject, and gives the events that turned out odd.
func (e *Engine) decideGroups(s *sortedGroups) (odd []uint32) {
	judges := make([]judge, e.opts.Workers)
	for n := range judges {
		judges[n] = judge{e: e, earliest: e.earliest}
	}
	e.inParallel(len(s.groups), func(worker, k int) { judges[worker].group(&e.groups[s.groups[k]], s.of(k)) })
	for n := range judges {
		j := &judges[n]
		e.earliest = min(e.earliest, j.earliest)
		for _, event := range j.odd {
			e.events.setOdd(event)
		}
		odd = append(odd, j.odd...)
	}
	return odd
}

// group decides about new rows of a group, in the order in which they came, and
// puts those in force behind its others.
func (j *judge) group(g *group, rows []int32) {
	j.clear(len(rows))
	kept := rows[:0]
	for _, i := range rows {
		r := j.e.rows.at(i)
		if r.marks&shared == 0 {
			r.outcome = j.e.alone(i)
		} else if j.e.events.isOdd(r.event) {
			continue
		} else if first, found := j.find(kept, i, r); !found {
			r.outcome = j.e.inForce(i)
		} else if j.e.equal(first, i) {
			r.outcome = Duplicate
		} else {
			j.odd = append(j.odd, r.event)
			continue
		}
		if r.outcome == Accepted || r.outcome == Excluded {
			kept = append(kept, i)
		}
	}
	kept = slices.DeleteFunc(kept, func(i int32) bool { return j.e.rows.at(i).outcome != Accepted })
	if len(g.rows) == 0 {
		g.rows = kept[:len(kept):len(kept)]
	} else {
		g.rows = append(g.rows, kept...)
	}
	g.sorted = len(g.rows) == 0
	j.order.sort(j.e, g)
	if len(g.rows) > 0 {
		j.earliest = min(j.earliest, int64(j.e.rows.at(g.rows[0]).start))
	}
}

// clear empties the table and makes it large enough for so many rows.
func (j *judge) clear(rows int) {
	size := 1 << bits.Len(uint(2*rows))
	if size > cap(j.slots) {
		j.slots = make([]uint64, size)
		return
	}
	j.slots = j.slots[:size]
	clear(j.slots)
}

// find gives the first of the rows kept that is of the same event, feeder and
// unit as row i, which takes its place in the table where there is none.
func (j *judge) find(kept []int32, i int32, r *row) (first int32, found bool) {
	high, low := bits.Mul64(uint64(r.event)<<32|uint64(r.unit), 0x9E3779B97F4A7C15^uint64(r.feeder)<<1)
	hash := high ^ low
	mask := uint64(len(j.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		s := j.slots[at]
		if s == 0 {
			j.slots[at] = hash&^(1<<32-1) | uint64(len(kept)+1)
			return 0, false
		}
		if (s^hash)>>32 != 0 {
			continue
		}
		o := kept[uint32(s)-1]
		if x := j.e.rows.at(o); x.event == r.event && x.unit == r.unit && x.feeder == r.feeder {
			return o, true
		}
	}
}
