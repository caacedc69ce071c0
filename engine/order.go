package engine

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// An order sorts the rows of groups, and keeps its memory.
type order struct {
	keys []uint64
	rows []int32
}

// sort puts the rows of a group in the order in which customers are handed out
// within a band: start, source, event id, feeder and stage, bytewise; rows that
// are equal in these by unit and the rest of their fields. Starts, which tell
// most rows apart, are sorted first, on their own.
func (o *order) sort(e *Engine, g *group) {
	if g.sorted {
		return
	}
	o.keys = o.keys[:0]
	for k, i := range g.rows {
		o.keys = append(o.keys, uint64(e.rows.at(i).start)<<32|uint64(k))
	}
	if !slices.IsSorted(o.keys) {
		slices.Sort(o.keys)
		o.rows = append(o.rows[:0], g.rows...)
		for k, key := range o.keys {
			g.rows[k] = o.rows[uint32(key)]
		}
	}
	for from := 0; from < len(o.keys); {
		to := from + 1
		for to < len(o.keys) && o.keys[to]>>32 == o.keys[from]>>32 {
			to++
		}
		if run := g.rows[from:to]; len(run) > 1 && !slices.IsSortedFunc(run, e.compareRows) {
			slices.SortFunc(run, e.compareRows)
		}
		from = to
	}
	g.sorted = true
}

// compareRows compares two rows that start together.
func (e *Engine) compareRows(i, j int32) int {
	x, y := e.rows.at(i), e.rows.at(j)
	if x.event != y.event || x.event == noEvent {
		if c := e.compareEvents(i, j); c != 0 {
			return c
		}
	}
	if c := e.compareTexts(x.feeder, y.feeder); c != 0 {
		return c
	}
	if (x.marks|y.marks)&hasExtra != 0 {
		if c := e.compareTexts(e.extra(i).stage, e.extra(j).stage); c != 0 {
			return c
		}
	}
	if c := e.compareUnits(x.unit, y.unit); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(x.length, y.length), cmp.Compare(x.customers, y.customers), cmp.Compare(x.nature, y.nature),
		e.compareCauses(x, y), compareSteps(e.extra(i).steps, e.extra(j).steps, x.end()), cmp.Compare(i, j),
	)
}

func (e *Engine) compareCauses(x, y *row) int {
	if x.cause == y.cause {
		return 0
	}
	a, b := e.cause(x), e.cause(y)
	return cmp.Or(e.compareTexts(a.responsible, b.responsible), e.compareTexts(a.technical, b.technical))
}

func (e *Engine) compareEvents(i, j int32) int {
	if c := e.compareTexts(e.source(i), e.source(j)); c != 0 {
		return c
	}
	return bytes.Compare(e.events.id(e.rows.at(i).event), e.events.id(e.rows.at(j).event))
}

func (e *Engine) compareTexts(x, y outage.Ref) int {
	if x == y {
		return 0
	}
	return strings.Compare(e.dict.Text(x), e.dict.Text(y))
}

// compareUnits compares the names of two units, or their numbers where these are
// in the same order.
func (e *Engine) compareUnits(x, y outage.Ref) int {
	if x == y {
		return 0
	}
	u, v := e.numbers.unit[x], e.numbers.unit[y]
	if u != reliability.Nowhere && v != reliability.Nowhere && e.base.NamedInOrder(u, v) {
		return cmp.Compare(u, v)
	}
	return e.compareTexts(x, y)
}
