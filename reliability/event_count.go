package reliability

import (
	"cmp"
	"slices"
)

// An eventCell is the demand of an event in one cell of one feeder, and its
// first record there.
type eventCell struct {
	feeder, cell, stratum, record int32
	milli                         int64
}

// countEvents counts every event once a feeder, in its largest cell, by its
// first record there.
func (p *Piecer) countEvents() {
	p.byEvent = p.byEvent[:0]
	for i := range p.records {
		if p.records[i].Single {
			c := p.eventCell(int32(i))
			p.countEvent(&c)
		} else {
			p.byEvent = append(p.byEvent, uint64(p.records[i].Event)<<32|uint64(i))
		}
	}
	if !slices.IsSorted(p.byEvent) {
		slices.Sort(p.byEvent)
	}
	for from := 0; from < len(p.byEvent); {
		to, event := from+1, p.byEvent[from]>>32
		for to < len(p.byEvent) && p.byEvent[to]>>32 == event {
			to++
		}
		p.countShared(p.byEvent[from:to])
		from = to
	}
}

// countShared counts the event of several records, the lower halves of the
// list, on each of its feeders.
func (p *Piecer) countShared(records []uint64) {
	p.cells = p.cells[:0]
	c := p.eventCell(int32(uint32(records[0])))
	for _, key := range records[1:] {
		next := p.eventCell(int32(uint32(key)))
		if next.sameAs(&c) {
			c.milli += next.milli
			continue
		}
		p.addCell(&c)
		c = next
	}
	p.addCell(&c)
	slices.SortFunc(p.cells, func(x, y eventCell) int {
		return cmp.Or(cmp.Compare(x.feeder, y.feeder), cmp.Compare(y.milli, x.milli), cmp.Compare(x.stratum, y.stratum))
	})
	for i := range p.cells {
		if i == 0 || p.cells[i].feeder != p.cells[i-1].feeder {
			p.countEvent(&p.cells[i])
		}
	}
}

// addCell adds the demand of some records to that of the others in their cell.
func (p *Piecer) addCell(c *eventCell) {
	for i := range p.cells {
		if p.cells[i].sameAs(c) {
			p.cells[i].milli += c.milli
			return
		}
	}
	p.cells = append(p.cells, *c)
}

func (c *eventCell) sameAs(o *eventCell) bool {
	return c.feeder == o.feeder && c.cell == o.cell && c.stratum == o.stratum
}

// countEvent counts an event by its first record in its largest cell; one that
// starts there at as-of does not count yet.
func (p *Piecer) countEvent(largest *eventCell) {
	first := &p.records[largest.record]
	if first.Start >= p.asOf {
		return
	}
	p.send(Piece{
		Record: largest.record, Unit: first.Unit, Cell: largest.cell, Stratum: largest.stratum,
		From: first.Start, To: first.Start, Booked: first.Start, Events: 1, Nature: first.Nature, Band: p.band[largest.record],
	})
}

// eventCell is where the event of a record counts: on the feeder and in the cell
// that the customers have when it starts.
func (p *Piecer) eventCell(i int32) eventCell {
	r := &p.records[i]
	if r.Unit != Nowhere {
		if h := &p.base.units.homes[r.Unit]; h.cell != Nowhere && h.serves(r.Start) {
			return eventCell{feeder: h.feeder, cell: h.cell, stratum: h.stratum, record: i, milli: h.milli}
		}
		span, inService := p.base.units.at(r.Unit, r.Start)
		cell := &p.base.cells[span.cell]
		c := eventCell{feeder: cell.feeder, cell: span.cell, stratum: int32(cell.Stratum), record: i}
		if inService {
			c.milli = span.milli
		}
		return c
	}
	c := eventCell{feeder: r.Feeder, cell: r.Cell, stratum: r.Stratum, record: i, milli: r.Milli}
	if r.Cell != Nowhere {
		c.stratum = int32(p.base.cells[r.Cell].Stratum)
	}
	return c
}
