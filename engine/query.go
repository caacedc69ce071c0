package engine

import (
	"math"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// Tally adds up a window, cut at as-of. Whole days come from the day sums; days
// that the window cuts are derived again, of the groups only that have
// something there. Without major, ExMajor stays nil.
func (e *Engine) Tally(w period.Period, major *Major) *reliability.Tally {
	w = w.Overlap(period.Period{From: math.MinInt64, To: e.asOf})
	t := e.newTally(w, major)
	t.Service = e.base.ServiceSeconds(w.From, w.To)
	if e.sums == nil || w.From >= w.To {
		return t
	}
	c := e.sums.Calendar()
	span := w
	if w.To == e.asOf && c.Covers(w.To-1) { // nothing counts beyond, so the last day is as good as whole
		span.To = c.Start(c.Index(w.To-1) + 1)
	}
	first, last, parts := cut(c, span)
	t.AddDays(e.sums, first, last, major.days())
	e.addParts(t, parts, major)
	return t
}

func (e *Engine) newTally(w period.Period, major *Major) *reliability.Tally {
	t := &reliability.Tally{Window: w, Strata: make([]reliability.Block, e.base.Strata())}
	if major != nil && major.covers(w) {
		t.ExMajor = make([]reliability.Block, e.base.Strata())
	}
	return t
}

// cut splits a window into whole days of the calendar, from number first to
// before last, and the parts of days at its edges.
func cut(c *period.Calendar, w period.Period) (first, last int, parts []period.Period) {
	w = w.Overlap(period.Period{From: c.Start(0), To: c.Start(c.Days())})
	if w.From >= w.To {
		return 0, 0, nil
	}
	first = c.Index(w.From)
	if c.Start(first) < w.From {
		first++
	}
	last = c.Index(w.To - 1)
	if w.To == c.Start(last+1) {
		last++
	}
	if first > last {
		return 0, 0, []period.Period{w}
	}
	if head := (period.Period{From: w.From, To: c.Start(first)}); head.Seconds() > 0 {
		parts = append(parts, head)
	}
	if tail := (period.Period{From: c.Start(last), To: w.To}); tail.Seconds() > 0 {
		parts = append(parts, tail)
	}
	return first, last, parts
}

// addParts counts parts of days from the pieces themselves. The time that
// counts up to as-of lies in whole days where the window ends there, but a
// piece is cut at the edge of any other window.
func (e *Engine) addParts(t *reliability.Tally, parts []period.Period, major *Major) {
	for _, part := range parts {
		if e.partial != nil {
			e.addEdges(t, part, major)
			continue
		}
		groups := e.all()
		tallies := make([]*reliability.Tally, e.opts.Workers)
		day := period.DayOf(part.From, e.opts.Zone)
		e.parallel(groups, func(worker int, d *deriver, g *group) {
			if tallies[worker] == nil {
				tallies[worker] = e.newTally(t.Window, major)
			}
			d.piecesWithin(g, part, func(p *reliability.Piece, _ int32) { tallies[worker].AddPiece(p, part, major.days()[day]) })
		})
		for _, o := range tallies {
			if o != nil {
				t.Merge(o)
			}
		}
	}
}

// Pieces gives every piece, group by group in no fixed order of groups, with
// the row that it comes from. It is what all sums are made of.
func (e *Engine) Pieces(emit func(p *reliability.Piece, row int)) {
	d := e.deriver()
	for _, n := range e.all() {
		d.pieces(&e.groups[n], func(p *reliability.Piece, i int32) { emit(p, int(i)) })
	}
}

// Event gives row i back as it came, with the path, sheet and row number of
// its place.
func (e *Engine) Event(i int) (outage.Event, Origin) {
	r, x := e.rows.at(int32(i)), e.extra(int32(i))
	p := e.parts.list[e.partNumber(int32(i))]
	d := e.accounts[p.account]
	ev := outage.Event{
		Row: r.place, Source: e.dict.Text(e.source(int32(i))), ID: string(e.events.id(r.event)),
		Feeder: e.dict.Text(r.feeder), Unit: e.dict.Text(r.unit),
		Area: e.areas.Text(outage.Ref(r.area)), Class: e.classes.Text(outage.Ref(r.class)),
		Start: int64(r.start), End: r.end(), Customers: int64(r.customers), Nature: r.nature,
		Cause: e.dict.Text(e.cause(r).responsible), TechnicalCause: e.dict.Text(e.cause(r).technical), Stage: e.dict.Text(x.stage),
		Steps: x.steps, Revision: x.revision, Cancelled: r.marks&cancels != 0, CapacityKVA: x.capacity,
		Served: outage.Missing, Flags: r.flags,
	}
	if x.areaWord != 0 {
		ev.Area = e.dict.Text(x.areaWord)
	}
	o := Origin{Path: d.Path, Delivery: p.id}
	o.Sheet, o.Row = d.Place(r.place)
	return ev, o
}

// An Origin is where a row was read.
type Origin struct {
	Path     string
	Sheet    string
	Row      int
	Delivery int64 // by which the store knows the part; 0 of a file
}
