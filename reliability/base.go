package reliability

import (
	"fmt"
	"sort"

	"github.com/saidi-exporter/saidi/outage"
)

// A Base knows who is served: the cells of every feeder, the units, and how
// many customers each had when. It does not change after [NewBase].
type Base struct {
	rows    []*outage.Customers // while it is built
	cells   []Cell
	feeders []Feeder
	units   units
	areas   []areaBase

	feederByName map[string]int32
	areaByID     map[outage.Area]int32
	classByID    map[outage.Class]int32

	// Classes are the classes of the strata in order, Unclassified among them.
	Classes []outage.Class
	// Duplicates is the number of rows of units dropped because another is
	// equal to them in every field.
	Duplicates int

	groups     int
	groupNames []string // by number, see [Base.GroupNames]
	service    []steps  // customers in service of each stratum
}

// A Cell is the customers of one feeder in one area and class; with an empty
// feeder, those of an area and class without any.
type Cell struct {
	Feeder  string
	Area    outage.Area
	Class   outage.Class
	Stratum int
	Group   int // the allocation group it belongs to
	feeder  int32
	area    int32
	class   int32
	service steps
}

// InService is the number of customers of c at the instant t, in thousandths.
func (c *Cell) InService(t int64) int64 { return c.service.at(t) }

// A Feeder is what events name: a feeder of the base, or the customers of an
// area that have none.
type Feeder struct {
	Name  string
	Area  outage.Area // of customers without feeder; else empty
	cells []int32     // in the order of area, then class
}

type areaBase struct {
	id    outage.Area
	rest  int32 // stands for a feeder of the customers without feeder, if there are any
	whole bool  // rest is all of the area: its base names no feeders
}

// steps is a function of time that is constant between instants: values[i]
// holds from times[i] on, and nothing before times[0].
type steps struct {
	times  []int64
	values []int64
}

func (s *steps) at(t int64) int64 {
	i := sort.Search(len(s.times), func(i int) bool { return s.times[i] > t }) - 1
	if i < 0 {
		return 0
	}
	return s.values[i]
}

// Cells are all cells of the base; the index of a cell is its number in
// pieces.
func (b *Base) Cells() []Cell { return b.cells }

// Feeders are the feeders of the base, and the areas without feeders.
func (b *Base) Feeders() []Feeder { return b.feeders }

// CellFeeder is the feeder of a cell, as a number of [Base.Feeders].
func (b *Base) CellFeeder(cell int32) int32 { return b.cells[cell].feeder }

// Groups is the number of allocation groups of the base; records in different
// groups do not influence each other.
func (b *Base) Groups() int { return b.groups }

// Areas lists the areas of the base in order.
func (b *Base) Areas() []outage.Area {
	ids := make([]outage.Area, len(b.areas))
	for i := range b.areas {
		ids[i] = b.areas[i].id
	}
	return ids
}

// HasArea says whether the base serves anybody in area at any time.
func (b *Base) HasArea(area outage.Area) bool { _, ok := b.areaByID[area]; return ok }

// Strata is the number of strata: every area with every class.
func (b *Base) Strata() int { return len(b.areas) * len(b.Classes) }

// Stratum gives the area and class of stratum s.
func (b *Base) Stratum(s int) (outage.Area, outage.Class) {
	return b.areas[s/len(b.Classes)].id, b.Classes[s%len(b.Classes)]
}

// stratumOf gives the stratum of an area of the base and a class; a class that
// no stratum has counts as unclassified.
func (b *Base) stratumOf(area, class int32) int { return int(area)*len(b.Classes) + int(class) }

// ServiceSeconds is ∫ customers in service dt over [from, to) of each stratum,
// in customer-seconds. Divided by the length it is the number of equivalent
// customers (等效用户数).
func (b *Base) ServiceSeconds(from, to int64) []int64 {
	sums := make([]int64, b.Strata())
	for i := range sums {
		sums[i] = b.service[i].integral(from, to)
	}
	return sums
}

// integral is in whole units of the base, which counts no parts of customers.
func (s *steps) integral(from, to int64) int64 {
	var sum int64
	for i, start := range s.times {
		end := to
		if i+1 < len(s.times) {
			end = min(end, s.times[i+1])
		}
		sum += s.values[i] / Milli * max(0, end-max(start, from))
	}
	return sum
}

// A BaseError is a contradiction within the customer base.
type BaseError struct {
	Row     outage.Customers // where it shows
	Other   *outage.Customers
	Problem string
}

// Error names both places.
func (e *BaseError) Error() string {
	text := fmt.Sprintf("%s: %s", rowPlace(&e.Row), e.Problem)
	if e.Other != nil {
		text += fmt.Sprintf(" (the other is %s)", rowPlace(e.Other))
	}
	return text
}

func rowPlace(r *outage.Customers) string {
	path := r.Path
	if path == "" {
		path = "base"
	}
	if r.Sheet != "" {
		path += ", sheet " + r.Sheet
	}
	return fmt.Sprintf("%s, row %d", path, r.Row)
}

// Populated says whether a stratum ever has a cell.
func (b *Base) Populated(stratum int) bool {
	for i := range b.cells {
		if b.cells[i].Stratum == stratum {
			return true
		}
	}
	return false
}
