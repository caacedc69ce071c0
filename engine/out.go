package engine

import "github.com/saidi-exporter/saidi/reliability"

// An Out is what is going on in one stratum at as-of.
type Out struct {
	Interrupted int64 // customers without supply, in thousandths
	Events      int   // outages, each counted once a feeder, in its largest part
}

// Out gives, by stratum, who is without supply at the instant as-of: what has
// begun by then and is not over.
func (e *Engine) Out() []Out {
	out := make([]Out, e.base.Strata())
	e.outGroups(func(pieces func(emit func(*reliability.Piece, int32))) { e.outOf(out, pieces) })
	return out
}

// outGroups gives, group by group, what emits the pieces of those in which
// something may be out at as-of. It derives those groups only in which something
// begins or ends at that very instant.
func (e *Engine) outGroups(yield func(pieces func(emit func(*reliability.Piece, int32)))) {
	d := e.deriver()
	d.piecer = reliability.NewPiecer(e.base, e.opts.Bands, e.asOf+1)
	still := e.stillUntil()
	for n := range e.groups {
		switch g := &e.groups[n]; {
		case g.isCut:
			yield(func(emit func(*reliability.Piece, int32)) {
				for i := range g.out {
					emit(&g.out[i].piece, g.out[i].row)
				}
			})
		case !g.counted || g.quiet <= e.asOf && g.due > e.asOf:
		case e.partial != nil, e.goesOn(g, e.asOf+1, still):
			yield(func(emit func(*reliability.Piece, int32)) {
				for i := range g.kept {
					emit(g.kept[i].at(e.asOf+1), g.kept[i].row)
				}
			})
		default:
			yield(func(emit func(*reliability.Piece, int32)) { d.pieces(g, emit) })
		}
	}
}

// isOut says whether a piece is out at as-of.
func (e *Engine) isOut(p *reliability.Piece) bool {
	return p.From <= e.asOf && p.To > e.asOf && p.Milli != 0
}

// outEvent is an event on a feeder.
type outEvent struct {
	event  uint32
	feeder int32 // of the base, or Nowhere
	label  int32 // of a feeder that the base does not know
}

// outOf adds what is out by the pieces of a group.
func (e *Engine) outOf(into []Out, pieces func(emit func(*reliability.Piece, int32))) {
	parts := map[outEvent]map[int32]int64{}
	pieces(func(p *reliability.Piece, row int32) {
		if !e.isOut(p) {
			return
		}
		into[p.Stratum].Interrupted += p.Milli
		key := outEvent{event: e.eventNumber(row), feeder: e.feederOfCell(p.Cell), label: int32(e.rows.at(row).feeder)}
		if p.Cell != reliability.Nowhere {
			key.label = 0
		}
		if parts[key] == nil {
			parts[key] = map[int32]int64{}
		}
		parts[key][p.Stratum] += p.Milli
	})
	for _, strata := range parts {
		var largest int32 = reliability.Nowhere
		for s, milli := range strata {
			if largest == reliability.Nowhere || milli > strata[largest] || milli == strata[largest] && s < largest {
				largest = s
			}
		}
		into[largest].Events++
	}
}

// feederOfCell is the feeder of a cell, or Nowhere.
func (e *Engine) feederOfCell(cell int32) int32 {
	if cell == reliability.Nowhere {
		return reliability.Nowhere
	}
	return e.base.CellFeeder(cell)
}
