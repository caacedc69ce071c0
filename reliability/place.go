package reliability

import (
	"math"

	"github.com/saidi-exporter/saidi/outage"
)

// Nowhere is the number of a feeder, unit or cell that there is not.
const Nowhere = -1

// A Claim is what a row says about where its customers are, as numbers of the
// base; Nowhere stands for what it does not name or the base does not know.
type Claim struct {
	Unit      int32
	Feeder    int32
	Area      int32
	Class     int32
	NamesUnit bool // it names a unit, known or not
	NamesArea bool // it names an area, known or not
	NamesFeed bool // it names a feeder, known or not
	Start     int64
}

// FeederNumber, AreaNumber and ClassNumber give the numbers for a [Claim].
func (b *Base) FeederNumber(name string) int32 {
	if f, ok := b.feederByName[name]; ok {
		return f
	}
	return Nowhere
}

// UnitNumber gives the number of a unit of the base, or Nowhere.
func (b *Base) UnitNumber(name string) int32 {
	return b.units.number(name)
}

// AreaNumber gives the number of an area of the base, or Nowhere.
func (b *Base) AreaNumber(id outage.Area) int32 {
	if a, ok := b.areaByID[id]; ok {
		return a
	}
	return Nowhere
}

// ClassNumber gives the number of a class of the strata, or Nowhere.
func (b *Base) ClassNumber(id outage.Class) int32 {
	if c, ok := b.classByID[id]; ok {
		return c
	}
	return Nowhere
}

// A Place is where the base finds the customers of a row: a unit; the cells of
// a feeder or of an area without feeders, with the customers in service by
// which they are weighed; or, for a feeder that the base does not know, a
// stratum without a cap.
type Place struct {
	Unit    int32
	Feeder  int32
	Stratum int32 // only where Unit and Feeder are Nowhere
	Cells   []int32
	Weights []int64 // thousandths of customers in service, of each cell
	Flags   outage.Flags
}

// Total is the number of customers in service in all cells, in thousandths.
func (p *Place) Total() int64 {
	var sum int64
	for _, w := range p.Weights {
		sum += w
	}
	return sum
}

// Place finds where the customers of a row are; ok is false where neither its
// feeder nor its area is known to the base. The slices of p are reused. Where
// row and base contradict each other the base wins, flagged.
func (b *Base) Place(c Claim, p *Place) (ok bool) {
	*p = Place{Unit: Nowhere, Feeder: Nowhere, Stratum: Nowhere, Cells: p.Cells[:0], Weights: p.Weights[:0]}
	if c.Unit != Nowhere {
		p.Unit, p.Flags = c.Unit, b.UnitFlags(c)
		return true
	}
	if c.NamesUnit {
		p.Flags |= outage.UnknownUnit
	}
	p.Feeder = c.Feeder
	if p.Feeder == Nowhere && c.Area != Nowhere {
		p.Feeder = b.AreaFeeder(c.Area)
	}
	switch {
	case p.Feeder != Nowhere:
		b.placeCells(c, p)
		return true
	case c.Area == Nowhere:
		return false
	}
	p.Flags |= outage.UnknownFeeder
	class := c.Class
	if class == Nowhere {
		class = b.classByID[outage.Unclassified]
	}
	p.Stratum = int32(b.stratumOf(c.Area, class))
	return true
}

// AtHome says for most rows that [Base.UnitFlags] finds nothing: the unit is in
// service at t in the one place that it ever has, and the row, which names neither
// area nor class, names its feeder or none.
func (b *Base) AtHome(unit int32, t int64, feeder int32, namesFeeder bool) bool {
	h := &b.units.homes[unit]
	return h.cell != Nowhere && h.serves(t) && (!namesFeeder || feeder == h.feeder)
}

// UnitFlags says what is suspicious about a row of a unit that the base knows.
func (b *Base) UnitFlags(c Claim) (flags outage.Flags) {
	h := &b.units.homes[c.Unit]
	number, inService := h.cell, h.serves(c.Start)
	if number == Nowhere || !inService {
		var span *unitSpan
		span, inService = b.units.at(c.Unit, c.Start)
		number = span.cell
	}
	if !inService {
		flags |= outage.OutOfService
	}
	cell := &b.cells[number]
	if c.NamesFeed && c.Feeder != cell.feeder && cell.Feeder != "" || b.differs(c, cell) {
		flags |= outage.ContradictsBase
	}
	return flags
}

// differs says whether a row names another area or class than that of a cell.
func (b *Base) differs(c Claim, cell *Cell) bool {
	return c.NamesArea && c.Area != cell.area || c.Class != Nowhere && c.Class != cell.class
}

// placeCells chooses the cells of p.Feeder that have customers when the row
// starts, of these the ones that the row names, if any.
func (b *Base) placeCells(c Claim, p *Place) {
	cells := b.feeders[p.Feeder].cells
	at := c.Start
	b.inServiceAt(cells, at, p)
	if len(p.Cells) == 0 {
		p.Flags |= outage.OutOfService
		if at = b.nextService(cells, at); at != math.MaxInt64 {
			b.inServiceAt(cells, at, p)
		} else {
			p.Cells, p.Weights = append(p.Cells, cells[0]), append(p.Weights, 0)
		}
	}
	b.keep(p, c.NamesArea, func(cell *Cell) bool { return cell.area == c.Area })
	b.keep(p, c.Class != Nowhere, func(cell *Cell) bool { return cell.class == c.Class })
}

func (b *Base) inServiceAt(cells []int32, t int64, p *Place) {
	for _, i := range cells {
		if n := b.cells[i].InService(t); n > 0 {
			p.Cells, p.Weights = append(p.Cells, i), append(p.Weights, n)
		}
	}
}

// nextService is the first instant after t at which one of the cells has
// customers, or math.MaxInt64.
func (b *Base) nextService(cells []int32, t int64) int64 {
	next := int64(math.MaxInt64)
	for _, i := range cells {
		s := &b.cells[i].service
		for k, at := range s.times {
			if at > t && s.values[k] > 0 {
				next = min(next, at)
				break
			}
		}
	}
	return next
}

// keep drops the cells that the row does not mean; where it means none of
// them, the base wins.
func (b *Base) keep(p *Place, named bool, means func(*Cell) bool) {
	if !named {
		return
	}
	n := 0
	for i, cell := range p.Cells {
		if means(&b.cells[cell]) {
			p.Cells[n], p.Cells[i] = p.Cells[i], p.Cells[n]
			p.Weights[n], p.Weights[i] = p.Weights[i], p.Weights[n]
			n++
		}
	}
	if n == 0 {
		p.Flags |= outage.ContradictsBase
		return
	}
	p.Cells, p.Weights = p.Cells[:n], p.Weights[:n]
}

// Split shares so many thousandths of customers over the cells of p in
// proportion to their weights: cumulative shares are rounded down, so the parts
// add up to the whole.
func (p *Place) Split(milli int64, share func(cell int32, milli int64)) {
	total := p.Total()
	if len(p.Cells) == 1 || total == 0 {
		share(p.Cells[0], milli)
		return
	}
	var weight, given int64
	for i, cell := range p.Cells {
		weight += p.Weights[i]
		upTo := mulDiv(milli, weight, total)
		share(cell, upTo-given)
		given = upTo
	}
}

// FeederGroup is the allocation group of feeder f.
func (b *Base) FeederGroup(f int32) int32 { return int32(b.cells[b.feeders[f].cells[0]].Group) }

// AreaFeeder is the feeder number of an area without feeders, Nowhere for an
// area that has feeders or is not of the base.
func (b *Base) AreaFeeder(area int32) int32 {
	if area == Nowhere || !b.areas[area].whole {
		return Nowhere
	}
	return b.areas[area].rest
}

// AreaRest is the feeder number that stands for the customers without feeder of
// an area, Nowhere where there are none.
func (b *Base) AreaRest(area int32) int32 { return b.areas[area].rest }
