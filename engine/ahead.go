package engine

import (
	"math"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// Ahead emits what rows tell of the time from as-of to another instant: the pieces
// of outages that begin after as-of, and of those under way of which the end is
// told, from as-of on. An outage without an end is taken to be over at as-of. The
// emitted piece is valid during the call only.
func (e *Engine) Ahead(to int64, emit func(*reliability.Piece)) {
	if to <= e.asOf {
		return
	}
	if e.partial != nil {
		e.aheadOfShares(to, emit)
		return
	}
	d := e.deriver()
	d.piecer = reliability.NewPiecer(e.base, e.opts.Bands, to)
	d.closed = &e.asOf
	for n := range e.groups {
		g := &e.groups[n]
		if !e.tellsAhead(g, to) {
			continue
		}
		d.pieces(g, func(p *reliability.Piece, _ int32) {
			if p.To <= e.asOf || p.From >= to {
				return
			}
			ahead := *p
			ahead.From, ahead.To = max(p.From, e.asOf), min(p.To, to)
			emit(&ahead)
		})
	}
}

// tellsAhead says whether the rows of a group may tell of the time from as-of to
// another instant: something in it lasts or is to come, and has an end.
func (e *Engine) tellsAhead(g *group, to int64) bool {
	over := g.quiet <= e.asOf && g.due >= to || g.next == math.MaxInt64
	return len(g.rows) > 0 && (!g.counted || !over)
}

// close ends the records without an end at an instant, or at their start if that
// is later.
func (d *deriver) close(at int64) {
	for i := range d.records {
		if r := &d.records[i]; r.End == outage.Open {
			r.End = max(r.Start, at)
		}
	}
}
