package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// A Census counts rows by area and by the year in which they start. Rows of
// which area or year cannot be told are counted apart, since they may belong
// anywhere.
type Census struct {
	cells map[censusKey]RowCount
	told  map[censusKey]bool // areas and years in which an accepted row starts or lasts
}

type censusKey struct {
	areas string // ids between line feeds: a row may be of several; empty where none can be told
	year  int    // noYear where it cannot be told
}

const noYear = -1

// RowCount says how many rows are in force or would be if they were not rejected.
// Rows that others repeat, replace or withdraw are none of these, so that telling
// something twice changes nothing; nor are rows that start after as-of.
type RowCount struct {
	InForce  int
	Rejected int
	OverBase int // of those in force, with more customers than the base has, which may have none
}

func (c *RowCount) add(o RowCount) {
	c.InForce += o.InForce
	c.Rejected += o.Rejected
	c.OverBase += o.OverBase
}

// Rows adds up the rows of an area and year, and those that may belong there.
func (c *Census) Rows(area outage.Area, year int) RowCount {
	var sum RowCount
	for key, n := range c.cells {
		if (key.year == noYear || key.year == year) && (key.areas == "" || key.names(area)) {
			sum.add(n)
		}
	}
	return sum
}

func (k censusKey) names(area outage.Area) bool {
	if !strings.Contains(k.areas, between) {
		return k.areas == string(area)
	}
	return slices.Contains(strings.Split(k.areas, between), string(area))
}

// between stands between the areas of a key.
const between = "\n"

// Has says whether an accepted row starts in an area and year, or lasts into it,
// before as-of.
func (c *Census) Has(area outage.Area, year int) bool {
	return c.told[censusKey{string(area), year}]
}

// Census takes the rows that are over from what is kept of them, and looks
// through the others.
func (e *Engine) Census(ys period.YearStart) *Census {
	k := e.counter(ys)
	if e.books.ys != ys {
		e.books.ys, e.books.made = ys, false
	}
	k.census = e.readBooks().over.census()
	for i, r := range e.lateRows {
		if !e.startKnown(i) || int64(r.start) < e.asOf {
			k.add(i, e.asOf)
		}
	}
	return k.census
}

// A censusCounter adds rows to a census.
type censusCounter struct {
	e      *Engine
	census *Census
	years  yearFinder
}

func (e *Engine) counter(ys period.YearStart) *censusCounter {
	return &censusCounter{
		e: e, years: e.yearFinder(ys),
		census: &Census{cells: map[censusKey]RowCount{}, told: map[censusKey]bool{}},
	}
}

// add counts row i, which starts before the instant asOf if that can be told.
func (k *censusCounter) add(i int32, asOf int64) {
	r := k.e.rows.at(i)
	if r.outcome != Accepted && r.outcome != Rejected {
		return
	}
	areas := k.e.areasOf(i)
	key := censusKey{areas: areas, year: noYear}
	if k.e.startKnown(i) {
		key.year = k.years.of(int64(r.start))
	}
	n := k.census.cells[key]
	if r.outcome == Rejected {
		n.Rejected++
	} else {
		n.InForce++
		if r.overBase() {
			n.OverBase++
		}
		k.census.tell(areas, key.year, k.years.of(min(max(r.end()-1, int64(r.start)), asOf-1)))
	}
	k.census.cells[key] = n
}

// A GrowingCensus is the census of one instant after another.
type GrowingCensus struct {
	*censusCounter
	rows    []int32 // still to come, by start
	lasting []int32 // rows in force that last beyond the instant
}

// GrowingCensus looks through all rows and sorts them by their start.
func (e *Engine) GrowingCensus(ys period.YearStart) *GrowingCensus {
	g := &GrowingCensus{censusCounter: e.counter(ys)}
	for i := range int32(e.rows.len()) {
		if e.startKnown(i) {
			g.rows = append(g.rows, i)
		} else {
			g.add(i, e.asOf)
		}
	}
	slices.SortFunc(g.rows, func(i, j int32) int { return cmp.Compare(e.rows.at(i).start, e.rows.at(j).start) })
	return g
}

// Until is the census as of an instant, which is none before that of the last
// call. It is g's own and changes with the next one.
func (g *GrowingCensus) Until(asOf int64) *Census {
	for _, i := range g.lasting {
		r := g.e.rows.at(i)
		g.census.tell(g.e.areasOf(i), g.years.of(int64(r.start)), g.years.of(min(r.end()-1, asOf-1)))
	}
	n := 0
	for ; n < len(g.rows) && int64(g.e.rows.at(g.rows[n]).start) < asOf; n++ {
		g.add(g.rows[n], asOf)
		if g.e.rows.at(g.rows[n]).outcome == Accepted {
			g.lasting = append(g.lasting, g.rows[n])
		}
	}
	g.rows = g.rows[n:]
	g.lasting = slices.DeleteFunc(g.lasting, func(i int32) bool { return g.e.rows.at(i).end() <= asOf })
	return g.census
}

// tell notes that a row of some areas is known from one year to another.
func (c *Census) tell(areas string, from, to int) {
	for year := from; year <= to; year++ {
		key := censusKey{areas, year}
		if c.told[key] {
			continue
		}
		c.told[key] = true
		for area := range strings.SplitSeq(areas, between) {
			c.told[censusKey{area, year}] = true
		}
	}
}

// startKnown says whether the start of a row can be believed: that of a rejected
// one is 0 where it could not be read.
func (e *Engine) startKnown(i int32) bool {
	r := e.rows.at(i)
	if r.outcome != Rejected {
		return true
	}
	why := e.extra(i).rejection.reason
	return r.start != 0 && why != outage.ImplausibleYear && why != outage.AfterReceived
}

// areasOf lists the areas in which the customers of a row are, between line
// feeds; empty where it names none that is known.
func (e *Engine) areasOf(i int32) string {
	r := e.rows.at(i)
	if r.area != 0 && r.flags&outage.ContradictsBase == 0 {
		return e.areas.Text(outage.Ref(r.area))
	}
	if u := e.numbers.unit[r.unit]; u != reliability.Nowhere {
		area, _ := e.base.Stratum(e.base.UnitStratum(u, int64(r.start)))
		return string(area)
	}
	if f := e.numbers.feeder[r.feeder]; f != reliability.Nowhere && e.areaOfFeeder[f] >= 0 {
		area, _ := e.base.Stratum(int(e.areaOfFeeder[f]) * len(e.base.Classes))
		return string(area)
	}
	var areas []string
	for _, s := range e.StrataOf(int(i)) {
		if area, _ := e.base.Stratum(s); !slices.Contains(areas, string(area)) {
			areas = append(areas, string(area))
		}
	}
	return strings.Join(areas, between)
}

// StrataOf lists the strata in which the customers of row i are, up to as-of; none
// where neither its feeder nor its area is known to the base.
func (e *Engine) StrataOf(i int) []int {
	var p reliability.Place
	r := e.rows.at(int32(i))
	if !e.base.Place(e.claim(int32(i), r), &p) {
		return nil
	}
	switch {
	case p.Unit != reliability.Nowhere:
		return e.base.UnitStrata(p.Unit, int64(r.start), min(r.end(), max(e.asOf, int64(r.start)+1)))
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
