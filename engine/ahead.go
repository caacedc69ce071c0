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
	d := e.deriver()
	d.piecer = reliability.NewPiecer(e.base, e.opts.Bands, to)
	d.closed = &e.asOf
	for n := range e.groups {
		g := &e.groups[n]
		if len(g.rows) == 0 || g.counted && (g.quiet <= e.asOf && g.due >= to || g.next == math.MaxInt64) { // nothing in it lasts, or all that does has no end
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

// close ends the records without an end at an instant, or at their start if that
// is later.
func (d *deriver) close(at int64) {
	for i := range d.records {
		if r := &d.records[i]; r.End == outage.Open {
			r.End = max(r.Start, at)
		}
	}
}
