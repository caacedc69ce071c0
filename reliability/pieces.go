package reliability

import (
	"cmp"
	"math"
	"slices"
)

// A Piecer turns the records of one allocation group after another into
// pieces. It keeps its working memory and is for one goroutine.
type Piecer struct {
	base    *Base
	bands   Bands
	asOf    int64
	records []Record
	emit    func(*Piece)

	band    []Band // of each record, by its merged outage
	byUnit  []int32
	scatter scatter
	lone    []bool // records of units that touch no other, where there is enough
	enough  bool   // all records are of units, of which nobody can take anything from another
	demands []demand
	other   []demand // demands on their way into order
	ofUnits bool     // some demands are of units
	sweep   sweep
	piece   Piece // what is being emitted
	byEvent []uint64
	cells   []eventCell
}

// NewPiecer works for a base with the thresholds given, up to the instant asOf.
func NewPiecer(base *Base, bands Bands, asOf int64) *Piecer {
	return &Piecer{base: base, bands: bands, asOf: asOf}
}

// Pieces emits the pieces of the records of one allocation group. The records
// are in the order of start, source, event id, feeder and stage, bytewise. A
// record that starts after as-of takes no part, time from as-of on does not
// count, and the recorded duration decides the band. The emitted piece is valid
// during the call only.
func (p *Piecer) Pieces(records []Record, emit func(*Piece)) {
	for len(records) > 0 && records[len(records)-1].Start > p.asOf {
		records = records[:len(records)-1]
	}
	p.records, p.emit = records, emit
	p.band = slices.Grow(p.band[:0], len(records))[:len(records)]
	p.byUnit, p.demands, p.ofUnits = p.byUnit[:0], p.demands[:0], false
	for i := range records {
		if r := &records[i]; r.Unit != Nowhere {
			p.byUnit = append(p.byUnit, int32(i))
		} else {
			p.count(int32(i), r)
		}
	}
	p.enough = len(p.byUnit) == len(records)
	p.units()
	p.allot()
	p.countEvents()
}

// count places the demand of a record without unit.
func (p *Piecer) count(i int32, r *Record) {
	band := p.bands.Of(duration(r.Start, r.End))
	p.band[i] = band
	to := min(r.End, p.asOf)
	if r.Start >= p.asOf {
		return
	}
	if r.Cell == Nowhere {
		p.send(Piece{
			Record: i, Unit: Nowhere, Cell: Nowhere, Stratum: r.Stratum, From: r.Start, To: to,
			Milli: r.Milli, Booked: r.Start, Interrupted: r.Milli, Nature: r.Nature, Band: band,
		})
		return
	}
	p.demands = append(p.demands, demand{
		cell: r.Cell, from: r.Start, to: to, milli: r.Milli, booked: r.Start, record: i, unit: Nowhere, band: band, starts: true,
	})
}

// send emits a piece from memory that is used again.
func (p *Piecer) send(piece Piece) {
	p.piece = piece
	p.emit(&p.piece)
}

// units merges the records of every unit and places their demands.
func (p *Piecer) units() {
	p.scatter.sort(p.byUnit, func(i int32) int32 { return p.records[i].Unit })
	p.lone = slices.Grow(p.lone[:0], len(p.records))[:len(p.records)]
	clear(p.lone)
	for from := 0; from < len(p.byUnit); {
		to := p.mergedEnd(from)
		if to == from+1 && p.enough {
			p.lone[p.byUnit[from]] = true
		} else {
			p.merged(p.byUnit[from:to])
		}
		from = to
	}
	p.loners()
}

// loners takes the records of units that touch no other, in the order of time, in
// which days follow each other.
func (p *Piecer) loners() {
	for i, lone := range p.lone {
		if lone && !p.alone(int32(i)) {
			p.merged([]int32{int32(i)})
		}
	}
}

// alone is the short way of a record of a unit that touches no other, where
// there are customers enough and the base does not move the unit meanwhile; false
// where that is not so.
func (p *Piecer) alone(i int32) bool {
	r := &p.records[i]
	h := &p.base.units.homes[r.Unit]
	if h.cell == Nowhere || !h.within(r.Start, r.End) {
		return false
	}
	p.band[i] = p.bands.Of(duration(r.Start, r.End))
	if r.Start < p.asOf && h.milli > 0 {
		p.piece = Piece{
			Record: i, Unit: r.Unit, Cell: h.cell, Stratum: h.stratum,
			From: r.Start, To: min(r.End, p.asOf), Milli: h.milli, Booked: r.Start, Interrupted: h.milli,
			Nature: r.Nature, Band: p.band[i], Split: r.Split,
		}
		p.emit(&p.piece)
	}
	return true
}

// mergedEnd finds the end of the run of records that touch or overlap, from
// one on.
func (p *Piecer) mergedEnd(from int) int {
	first := &p.records[p.byUnit[from]]
	end, to := first.End, from+1
	for ; to < len(p.byUnit); to++ {
		r := &p.records[p.byUnit[to]]
		if r.Unit != first.Unit || r.Start > end {
			break
		}
		end = max(end, r.End)
	}
	return to
}

// merged places the demands of one merged outage: at every instant the first
// of the records that are active holds the unit.
func (p *Piecer) merged(run []int32) {
	start, end := p.records[run[0]].Start, int64(0)
	for _, i := range run {
		end = max(end, p.records[i].End)
	}
	band := p.bands.Of(duration(start, end))
	held, instant := start, start-1 // the unit is held up to held; instant: held by a record without length
	for n, i := range run {
		r := &p.records[i]
		p.band[i] = band
		d := demand{from: max(r.Start, held), to: min(r.End, p.asOf), booked: start, record: i, unit: r.Unit, band: band, starts: n == 0}
		switch {
		case d.from >= p.asOf || r.End < d.from || d.from == instant && r.End == instant:
			continue
		case r.Start == r.End:
			instant = r.Start
		case r.End == d.from:
			continue
		}
		d.yields = d.from == instant && r.Start != r.End
		held = max(held, r.End)
		p.demandUnit(d)
	}
}

// demandUnit cuts a demand where the base moves the unit.
func (p *Piecer) demandUnit(d demand) {
	for _, span := range p.base.units.of(d.unit) {
		part := d
		part.from, part.to = max(d.from, span.from), min(d.to, span.to)
		instant := d.from == d.to && span.from <= d.from && d.from < span.to
		if part.from >= part.to && !instant {
			continue
		}
		part.milli = span.milli
		part.starts = d.starts && part.from == d.from
		part.yields = d.yields && part.from == d.from
		part.cell = span.cell
		if p.enough {
			p.give(&part)
			continue
		}
		p.demands, p.ofUnits = append(p.demands, part), true
	}
}

// give is the short way where all records of the group are of units: at every
// instant one record holds a unit, and a cell serves no fewer customers than its
// units have, so that every demand gets what it asks for.
func (p *Piecer) give(d *demand) {
	d.given = d.milli
	if d.starts {
		d.interrupted = d.milli
	}
	p.put(d, d.from, d.to)
}

// allot hands out the customers of every cell that has demands.
func (p *Piecer) allot() {
	p.sortDemands()
	for from := 0; from < len(p.demands); {
		to := from + 1
		for to < len(p.demands) && p.demands[to].cell == p.demands[from].cell {
			to++
		}
		p.sweep.run(p, p.demands[from:to])
		from = to
	}
}

// sortDemands sorts the demands by cell, beginning and record. Those of records
// without unit are in the order of beginning and record as they come, so that they
// are only put where their cell is.
func (p *Piecer) sortDemands() {
	least, most := int32(math.MaxInt32), int32(0)
	for i := range p.demands {
		least, most = min(least, p.demands[i].cell), max(most, p.demands[i].cell)
	}
	switch width := int(most) - int(least) + 1; {
	case least >= most && !p.ofUnits:
	case p.ofUnits || width > 4*len(p.demands):
		slices.SortFunc(p.demands, func(x, y demand) int {
			return cmp.Or(cmp.Compare(x.cell, y.cell), cmp.Compare(x.from, y.from), cmp.Compare(x.record, y.record))
		})
	default:
		p.scatterDemands(least, width)
	}
}

// scatterDemands sorts the demands by cell, of so many from the least on, those of
// one as they stand.
func (p *Piecer) scatterDemands(least int32, width int) {
	next := p.scatter.room(width)
	for i := range p.demands {
		next[p.demands[i].cell-least+1]++
	}
	for k := range width {
		next[k+1] += next[k]
	}
	p.other = slices.Grow(p.other[:0], len(p.demands))[:len(p.demands)]
	for i := range p.demands {
		at := &next[p.demands[i].cell-least]
		p.other[*at] = p.demands[i]
		*at++
	}
	p.demands, p.other = p.other, p.demands
}

// put emits what a demand was given between two instants.
func (p *Piecer) put(d *demand, from, to int64) {
	if d.given == 0 && d.interrupted == 0 && d.over == 0 && d.overlap == 0 {
		return
	}
	r := &p.records[d.record]
	p.send(Piece{
		Record: d.record, Unit: d.unit, Cell: d.cell, Stratum: int32(p.base.cells[d.cell].Stratum), From: from, To: to,
		Milli: d.given, Booked: d.booked, Interrupted: d.interrupted, OverBase: d.over, Overlap: d.overlap,
		Nature: r.Nature, Band: d.band, Split: r.Split,
	})
	d.interrupted = 0
}
