package engine

import (
	"cmp"
	"maps"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// An Active is what one row has out at as-of in one area and class.
type Active struct {
	Row       int // for [Engine.Event]
	Stratum   int
	Area      outage.Area
	Class     outage.Class
	Customers int64 // in thousandths
}

// A place is a row in one stratum.
type place struct{ row, stratum int32 }

// Active lists what rows have out at the instant as-of, as [Engine.Out] has it,
// the most customers first. Those of a stratum add up to its interrupted
// customers.
func (e *Engine) Active() []Active {
	out := map[place]int64{}
	e.outGroups(func(pieces func(emit func(*reliability.Piece, int32))) {
		pieces(func(p *reliability.Piece, row int32) {
			if e.isOut(p) {
				out[place{row, p.Stratum}] += p.Milli
			}
		})
	})
	list := make([]Active, 0, len(out))
	for at, milli := range out {
		area, class := e.base.Stratum(int(at.stratum))
		list = append(list, Active{Row: int(at.row), Stratum: int(at.stratum), Area: area, Class: class, Customers: milli})
	}
	slices.SortFunc(list, func(a, b Active) int {
		return cmp.Or(cmp.Compare(b.Customers, a.Customers), e.byStart(a.Row, b.Row), cmp.Compare(a.Stratum, b.Stratum))
	})
	return list
}

// SecondsOf gives what each of some parts of rows that are out adds up to in a
// window that ends at as-of, whatever its nature and length, in thousandths of
// customer-seconds. Of a group it looks at what is kept; where one of the rows has
// an end it derives the time since the first of them began.
func (e *Engine) SecondsOf(parts []Active, w period.Period) []int64 {
	sums := map[place]int64{}
	groups := map[int32]int64{} // by the instant from which on they are derived, or as-of
	for _, a := range parts {
		sums[place{int32(a.Row), int32(a.Stratum)}] = 0
		if r := e.rows.at(int32(a.Row)); e.partial == nil && (!r.open() || r.marks&remaining != 0 || !e.groups[e.groupOf(r)].counted) {
			groups[e.groupOf(r)] = e.asOf - 1
		}
	}
	for _, a := range parts {
		n := e.groupOf(e.rows.at(int32(a.Row)))
		if since, derived := groups[n]; derived && since < e.asOf {
			groups[n] = min(since, max(w.From, e.beginning(int32(a.Row))))
		} else {
			groups[n] = e.asOf
		}
	}
	add := func(p *reliability.Piece, row int32) {
		at := place{row, p.Stratum}
		if _, wanted := sums[at]; wanted {
			sums[at] += p.Milli * w.Overlap(period.Period{From: p.From, To: p.To}).Seconds()
		}
	}
	e.sumGroups(groups, w, add)
	list := make([]int64, len(parts))
	for k, a := range parts {
		list[k] = sums[place{int32(a.Row), int32(a.Stratum)}]
	}
	return list
}

// sumGroups emits the pieces of groups from an instant of each on. Where that is
// as-of, those that are kept have all.
func (e *Engine) sumGroups(groups map[int32]int64, w period.Period, add func(*reliability.Piece, int32)) {
	d := e.deriver()
	for _, n := range slices.Sorted(maps.Keys(groups)) {
		g, since := &e.groups[n], groups[n]
		if since < e.asOf {
			d.piecesWithin(g, period.Period{From: since, To: w.To}, add)
			continue
		}
		for i := range g.kept {
			add(g.kept[i].at(e.asOf), g.kept[i].row)
		}
	}
}

// beginning is when the first row of the event of a row starts.
func (e *Engine) beginning(i int32) int64 {
	r := e.rows.at(i)
	first := int64(r.start)
	if r.event == noEvent {
		return first
	}
	for k := e.events.list[r.event].last; k != noRow; k = e.rows.at(k).next {
		first = min(first, int64(e.rows.at(k).start))
	}
	return first
}
