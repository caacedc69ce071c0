package reliability

import (
	"cmp"
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
	byEvent []int32
	demands []demand
	sweep   sweep
	piece   Piece    // what is being emitted
	alone   [1]int32 // the record of an event that has no other
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
	p.byUnit, p.demands = p.byUnit[:0], p.demands[:0]
	for i := range records {
		if r := &records[i]; r.Unit != Nowhere {
			p.byUnit = append(p.byUnit, int32(i))
		} else {
			p.count(int32(i), r)
		}
	}
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
	slices.SortFunc(p.byUnit, func(i, j int32) int {
		return cmp.Or(cmp.Compare(p.records[i].Unit, p.records[j].Unit), cmp.Compare(i, j))
	})
	for from := 0; from < len(p.byUnit); {
		to := p.mergedEnd(from)
		p.merged(p.byUnit[from:to])
		from = to
	}
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
	for _, span := range p.base.units[d.unit].spans {
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
		p.demands = append(p.demands, part)
	}
}

// allot hands out the customers of every cell that has demands.
func (p *Piecer) allot() {
	slices.SortFunc(p.demands, func(x, y demand) int {
		return cmp.Or(cmp.Compare(x.cell, y.cell), cmp.Compare(x.from, y.from), cmp.Compare(x.record, y.record))
	})
	for from := 0; from < len(p.demands); {
		to := from + 1
		for to < len(p.demands) && p.demands[to].cell == p.demands[from].cell {
			to++
		}
		p.sweep.run(p, p.demands[from:to])
		from = to
	}
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

// An eventCell is the demand of an event in one cell of one feeder, and its
// first record there.
type eventCell struct {
	cell, stratum, record int32
	milli                 int64
}

// countEvents counts every event once a feeder, in its largest cell, by its
// first record there.
func (p *Piecer) countEvents() {
	p.byEvent = p.byEvent[:0]
	for i := range p.records {
		if p.records[i].Single {
			p.alone[0] = int32(i)
			p.countEvent(p.alone[:])
		} else {
			p.byEvent = append(p.byEvent, int32(i))
		}
	}
	slices.SortFunc(p.byEvent, func(i, j int32) int {
		return cmp.Or(cmp.Compare(p.records[i].Event, p.records[j].Event), cmp.Compare(p.feeder(i), p.feeder(j)), cmp.Compare(i, j))
	})
	for from := 0; from < len(p.byEvent); {
		to := from + 1
		for to < len(p.byEvent) && p.records[p.byEvent[to]].Event == p.records[p.byEvent[from]].Event &&
			p.feeder(p.byEvent[to]) == p.feeder(p.byEvent[from]) {
			to++
		}
		p.countEvent(p.byEvent[from:to])
		from = to
	}
}

// feeder tells apart the feeders on which an event counts.
func (p *Piecer) feeder(i int32) int32 {
	r := &p.records[i]
	if r.Unit == Nowhere {
		return r.Feeder
	}
	span, _ := p.base.unitAt(r.Unit, r.Start)
	return p.base.cells[span.cell].feeder
}

// countEvent counts an event by its first record in its largest cell; one that
// starts there at as-of does not count yet.
func (p *Piecer) countEvent(records []int32) {
	largest := p.largestCell(records)
	first := &p.records[largest.record]
	if first.Start >= p.asOf {
		return
	}
	p.send(Piece{
		Record: largest.record, Unit: first.Unit, Cell: largest.cell, Stratum: largest.stratum,
		From: first.Start, To: first.Start, Booked: first.Start, Events: 1, Nature: first.Nature, Band: p.band[largest.record],
	})
}

func (p *Piecer) largestCell(records []int32) eventCell {
	if len(records) == 1 {
		return p.eventCell(records[0])
	}
	var cells []eventCell
	for _, i := range records {
		c := p.eventCell(i)
		at := slices.IndexFunc(cells, func(o eventCell) bool { return o.cell == c.cell && o.stratum == c.stratum })
		if at < 0 {
			cells = append(cells, c)
		} else {
			cells[at].milli += c.milli
		}
	}
	return slices.MinFunc(cells, func(x, y eventCell) int {
		return cmp.Or(cmp.Compare(y.milli, x.milli), cmp.Compare(x.stratum, y.stratum))
	})
}

func (p *Piecer) eventCell(i int32) eventCell {
	r := &p.records[i]
	switch {
	case r.Unit != Nowhere:
		span, inService := p.base.unitAt(r.Unit, r.Start)
		c := eventCell{record: i, cell: span.cell, stratum: int32(p.base.cells[span.cell].Stratum)}
		if inService {
			c.milli = span.milli
		}
		return c
	case r.Cell != Nowhere:
		return eventCell{record: i, cell: r.Cell, stratum: int32(p.base.cells[r.Cell].Stratum), milli: r.Milli}
	}
	return eventCell{record: i, cell: Nowhere, stratum: r.Stratum, milli: r.Milli}
}
