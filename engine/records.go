package engine

import (
	"cmp"
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// A deriver turns groups into pieces. It keeps its working memory and is for
// one goroutine.
type deriver struct {
	e       *Engine
	piecer  *reliability.Piecer
	records []reliability.Record
	place   reliability.Place
	groups  map[int32][]reliability.Restored // of rows that give who is still out, by row
	some    []int32                          // rows of a part of the time
	ends    map[int32]int64                  // of the outages that begin there, by unit
	events  []uint32
	order   order
	watch   *watcher // nil until needed
	closed  *int64   // the instant at which outages without an end are taken to be over; nil: they go on
}

func (e *Engine) deriver() *deriver {
	return &deriver{
		e: e, piecer: reliability.NewPiecer(e.base, e.opts.Bands, e.asOf),
		groups: map[int32][]reliability.Restored{}, ends: map[int32]int64{},
	}
}

// pieces emits the pieces of a group; the second argument of emit is the row.
func (d *deriver) pieces(g *group, emit func(*reliability.Piece, int32)) {
	d.order.sort(d.e, g)
	d.restore(g)
	d.records = d.records[:0]
	for _, i := range g.rows {
		d.add(i)
	}
	if d.closed != nil {
		d.close(*d.closed)
	}
	d.piecer.Pieces(d.records, func(p *reliability.Piece) { emit(p, int32(d.records[p.Record].Row)) })
}

// compareSteps puts the row first of which somebody is back first.
func compareSteps(x, y []outage.Step, end int64) int {
	first := func(steps []outage.Step) int64 {
		for _, s := range steps {
			if s.Restored > 0 {
				return s.At
			}
		}
		return end
	}
	return cmp.Or(cmp.Compare(first(x), first(y)), slices.CompareFunc(x, y, func(a, b outage.Step) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Restored, b.Restored))
	}))
}

// add makes the records of row i.
func (d *deriver) add(i int32) {
	e := d.e
	r := e.rows.at(i)
	if unit := e.numbers.unit[r.unit]; unit != reliability.Nowhere {
		d.records = append(d.records, reliability.Record{
			Event: r.event, Row: uint32(i), Start: int64(r.start), End: r.end(), Unit: unit, Single: r.marks&shared == 0,
			Cell: reliability.Nowhere, Stratum: reliability.Nowhere, Feeder: reliability.Nowhere, Nature: r.nature,
		})
		return
	}
	e.base.Place(e.claim(i, r), &d.place)
	rec := reliability.Record{
		Event: e.eventNumber(i), Row: uint32(i), Start: int64(r.start), End: r.end(), Unit: reliability.Nowhere,
		Cell: reliability.Nowhere, Stratum: d.place.Stratum, Feeder: d.place.Feeder, Nature: r.nature,
	}
	if rec.Feeder == reliability.Nowhere && r.feeder == 0 {
		rec.Feeder = e.base.AreaRest(e.numbers.area[r.area])
	}
	from := len(d.records)
	switch steps := e.extra(i).steps; {
	case r.marks&remaining != 0:
		for _, g := range d.groups[i] {
			rec.Start, rec.End = g.Start, g.End
			d.split(rec, g.Customers*reliability.Milli)
		}
	case r.customers < 0 && len(steps) == 0:
		d.whole(rec)
	default:
		d.steps(rec, steps)
	}
	if len(d.records) == from+1 {
		d.records[from].Single = r.marks&shared == 0
	}
}

// eventNumber tells events apart; a row without an id is an event of its own.
func (e *Engine) eventNumber(i int32) uint32 {
	if n := e.rows.at(i).event; n != noEvent {
		return n
	}
	return 1<<31 | uint32(i)
}

// whole interrupts all customers of the cells that a row means.
func (d *deriver) whole(rec reliability.Record) {
	for k, cell := range d.place.Cells {
		rec.Cell, rec.Milli, rec.Split = cell, d.place.Weights[k], len(d.place.Cells) > 1
		d.records = append(d.records, rec)
	}
}

// steps makes a group of customers of every step, and of those whom the steps
// leave out until the end.
func (d *deriver) steps(rec reliability.Record, steps []outage.Step) {
	left := int64(d.e.rows.at(int32(rec.Row)).customers) * reliability.Milli
	if left < 0 {
		left = d.place.Total()
	}
	end, from := rec.End, len(d.records)
	for _, s := range steps {
		if s.Restored > 0 {
			rec.End = s.At
			d.split(rec, s.Restored*reliability.Milli)
			left -= s.Restored * reliability.Milli
		}
	}
	if left > 0 || len(d.records) == from {
		rec.End = end
		d.split(rec, left)
	}
}

// split places customers on the cells that the row means.
func (d *deriver) split(rec reliability.Record, milli int64) {
	if d.place.Feeder == reliability.Nowhere {
		rec.Milli = milli
		d.records = append(d.records, rec)
		return
	}
	rec.Split = len(d.place.Cells) > 1
	d.place.Split(milli, func(cell int32, part int64) {
		rec.Cell, rec.Milli = cell, part
		d.records = append(d.records, rec)
	})
}

// restore works out the groups of customers of the rows that give who is still
// out. The rows of one event, feeder and unit belong together, even if they name
// places in different groups.
func (d *deriver) restore(g *group) {
	clear(d.groups)
	if !d.e.givesStillOut {
		return
	}
	for _, i := range g.rows {
		if _, known := d.groups[i]; known || !d.e.stillOut(i) {
			continue
		}
		rows := d.e.stillOutWith(i)
		for _, r := range rows {
			d.groups[int32(r.Row)] = nil
		}
		for _, group := range reliability.Remaining(rows) {
			d.groups[int32(group.Row)] = append(d.groups[int32(group.Row)], group)
		}
	}
}

// stillOut says whether row i gives the customers who are still out.
func (e *Engine) stillOut(i int32) bool {
	r := e.rows.at(i)
	return r.outcome == Accepted && r.marks&remaining != 0 && int64(r.start) <= e.asOf && e.numbers.unit[r.unit] == reliability.Nowhere
}

// stillOutWith lists the rows that belong together with row i, in the order of
// their starts.
func (e *Engine) stillOutWith(i int32) []reliability.Still {
	own := e.rows.at(i)
	chain := []int32{i}
	if own.marks&shared != 0 {
		chain = e.chainOf(e.events.list[own.event].last)
	}
	var rows []reliability.Still
	for _, k := range chain {
		r := e.rows.at(k)
		if r.feeder == own.feeder && r.unit == own.unit && e.stillOut(k) {
			rows = append(rows, reliability.Still{Start: int64(r.start), End: r.end(), Customers: int64(r.customers), Row: uint32(k)})
		}
	}
	slices.SortFunc(rows, func(x, y reliability.Still) int { return cmp.Compare(x.Start, y.Start) })
	return rows
}

// bounds says when a group, whose records are those of d, next changes by itself:
// nothing happens in it from quiet on until due. It also notes how far its rows
// reach.
func (d *deriver) bounds(g *group) {
	g.quiet, g.due, g.next = math.MinInt64, math.MaxInt64, math.MaxInt64
	for k := range d.records {
		r := &d.records[k]
		for _, t := range [...]int64{r.Start, r.End} {
			if t >= d.e.asOf {
				g.next = min(g.next, t)
			}
		}
		if r.Start > d.e.asOf {
			g.due = min(g.due, r.Start)
			continue
		}
		g.quiet = max(g.quiet, r.End, r.Start+1) // one without length counts once as-of has passed it
	}
	if d.e.givesStillOut {
		d.boundsStillOut(g)
	}
	d.e.setReach(g)
}

// boundsStillOut says the same of rows that give who is still out: when the next
// of them starts, others change.
func (d *deriver) boundsStillOut(g *group) {
	for _, i := range g.rows {
		start := int64(d.e.rows.at(i).start)
		if start > d.e.asOf {
			g.due = min(g.due, start)
			continue
		}
		end, due := d.e.until(i)
		g.quiet, g.due = max(g.quiet, end, start+1), min(g.due, due)
	}
	if g.due != math.MaxInt64 {
		g.next = min(g.next, g.due-1) // as what the next row says is known from the instant at which it starts
	}
}

// until gives the instant by which the customers of row i are back as far as is
// known at as-of, and that at which the next row says more of them. Of rows that
// give who is still out that depends on all that belong together.
func (e *Engine) until(i int32) (end, due int64) {
	r := e.rows.at(i)
	end, due = r.end(), math.MaxInt64
	if r.marks&remaining == 0 || r.marks&shared == 0 {
		return end, due
	}
	for k := e.events.list[r.event].last; k != noRow; k = e.rows.at(k).next {
		o := e.rows.at(k)
		if o.outcome != Accepted || o.feeder != r.feeder || o.unit != r.unit {
			continue
		}
		if int64(o.start) > e.asOf {
			due = min(due, int64(o.start))
		}
		end = max(end, o.end())
	}
	return end, due
}
