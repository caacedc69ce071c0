package engine

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// A Census counts rows by area and by the year in which they start. Rows of
// which area or year cannot be told are counted apart, since they may belong
// anywhere.
type Census struct{ cells map[censusKey]RowCount }

type censusKey struct {
	area outage.Area // empty where it cannot be told
	year int         // noYear where it cannot be told
}

const noYear = -1

// RowCount says how many rows were read, title and total rows and those of
// no outage apart, and how many of them do not count in full.
type RowCount struct {
	Read     int
	Rejected int
	OverBase int // accepted rows with more customers than the base has
	Accepted int // rows in force that start before as-of
}

func (c *RowCount) add(o RowCount) {
	c.Read += o.Read
	c.Rejected += o.Rejected
	c.OverBase += o.OverBase
	c.Accepted += o.Accepted
}

// Rows adds up the rows of areas in a year, and those that may belong there.
func (c *Census) Rows(areas []outage.Area, year int) RowCount {
	var sum RowCount
	for key, n := range c.cells {
		if (key.area == "" || slices.Contains(areas, key.area)) && (key.year == noYear || key.year == year) {
			sum.add(n)
		}
	}
	return sum
}

// Census looks through all rows.
func (e *Engine) Census(ys period.YearStart) *Census {
	c := &Census{cells: map[censusKey]RowCount{}}
	years := yearFinder{ys: ys, e: e}
	for i := range int32(e.rows.len()) {
		r := e.rows.at(i)
		if r.outcome == Excluded || r.outcome == Skipped || r.outcome == Fresh {
			continue
		}
		key := censusKey{area: e.areaOf(i), year: noYear}
		if e.startKnown(i) {
			key.year = years.of(int64(r.start))
		}
		n := c.cells[key]
		n.Read++
		switch r.outcome {
		case Rejected:
			n.Rejected++
		case Accepted:
			if r.flags&outage.OverBase != 0 {
				n.OverBase++
			}
			if int64(r.start) < e.asOf {
				n.Accepted++
			}
		}
		c.cells[key] = n
	}
	return c
}

// startKnown says whether the start of a row can be believed.
func (e *Engine) startKnown(i int32) bool {
	r := e.rows.at(i)
	if r.outcome != Rejected {
		return r.start != 0
	}
	why := e.extra(i).rejection.reason
	return r.start != 0 && why != outage.ImplausibleYear && why != outage.AfterReceived
}

// areaOf is the area in which the customers of a row are, empty where it names
// none that is known. The first of several counts.
func (e *Engine) areaOf(i int32) outage.Area {
	r := e.rows.at(i)
	if r.area != 0 && r.flags&outage.ContradictsBase == 0 {
		return outage.Area(e.areas.Text(outage.Ref(r.area)))
	}
	strata := e.StrataOf(int(i))
	if len(strata) == 0 {
		return ""
	}
	area, _ := e.base.Stratum(strata[0])
	return area
}

// StrataOf lists the strata in which the customers of row i are; none where
// neither its feeder nor its area is known to the base.
func (e *Engine) StrataOf(i int) []int {
	var p reliability.Place
	r := e.rows.at(int32(i))
	e.learn(r)
	if !e.base.Place(e.claim(int32(i)), &p) {
		return nil
	}
	switch {
	case p.Unit != reliability.Nowhere:
		return []int{e.base.UnitStratum(p.Unit, int64(r.start))}
	case p.Stratum != reliability.Nowhere:
		return []int{int(p.Stratum)}
	}
	var all []int
	for _, cell := range p.Cells {
		all = append(all, e.base.Cells()[cell].Stratum)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// A yearFinder remembers the year that it found last.
type yearFinder struct {
	ys   period.YearStart
	e    *Engine
	span period.Period
	year int
}

func (f *yearFinder) of(t int64) int {
	if !f.span.Holds(t) {
		f.year = f.ys.YearOf(t, f.e.opts.Zone)
		f.span = f.ys.Year(f.year, f.e.opts.Zone)
	}
	return f.year
}
