package engine_test

import (
	"cmp"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// A refDelivery is one transfer of rows, in the order of the file.
type refDelivery struct {
	Repeated    outage.Repeated
	WholeFeeder bool
	Events      []outage.Event
}

// A refInput is all that the counting rules depend on; deliveries are in the
// order of receipt, AsOf is in UTC seconds, the thresholds in seconds.
type refInput struct {
	Base            []outage.Customers
	Deliveries      []refDelivery
	AsOf            int64
	Zone            *time.Location
	Momentary, IEEE int64
}

// A refKey names one sum. Day is a local date, 2006-01-02; Band is 0 up to the
// momentary threshold, 1 up to that of IEEE 1366, 2 for longer or open.
type refKey struct {
	Area   string
	Class  string
	Day    string
	Nature outage.Nature
	Band   int
}

// A refSums is in thousandths of customer-seconds (Seconds where they fall,
// Booked on the day of the start), thousandths of customers, and events.
type refSums struct{ Seconds, Booked, Interruptions, Events int64 }

// A refAnswer has no entry in Sums that is all zero, and all six names in
// Outcomes. OverlapExcess and OverBase are thousandths of customer-seconds,
// Open counts the accepted open rows that start before as-of.
type refAnswer struct {
	Sums                    map[refKey]refSums
	OverlapExcess, OverBase int64
	Open                    int
	Outcomes                map[string]int
}

// reference applies the counting rules to tiny inputs in the plainest way: at
// every instant at which anything changes it hands out the customers anew.
func reference(in refInput) refAnswer {
	c := refCount{in: in, base: in.Base, answer: refAnswer{Sums: map[refKey]refSums{}, Outcomes: map[string]int{
		"accepted": 0, "rejected": 0, "duplicate": 0, "superseded": 0, "cancelled": 0, "excluded": 0,
	}}}
	var counted []*refRow
	for _, r := range refSettle(in) {
		c.answer.Outcomes[r.outcome]++
		// A row that starts after as-of is pending: accepted, but without any part.
		if r.outcome != "accepted" || r.Start > in.AsOf {
			continue
		}
		counted = append(counted, r)
		if r.End == outage.Open && r.Start < in.AsOf {
			c.answer.Open++
		}
	}
	c.groups = c.split(counted)
	c.days = refDaysOf(c.groups, in.AsOf, in.Zone)
	c.overTime()
	c.atStarts()
	c.countEvents()
	return c.answer
}

// ---- Rule 1: days.

// A refDay begins at the first instant that bears its date.
type refDay struct {
	start int64
	date  string
}

// refDaysOf lists the days around the groups up to as-of, by reading the date
// minute by minute: clocks change, and days begin, on whole minutes. A date
// that comes back after a later one was seen is no new day.
func refDaysOf(groups []*refGroup, asOf int64, zone *time.Location) []refDay {
	first := asOf
	for _, g := range groups {
		first = min(first, g.from, g.booked)
	}
	var days []refDay
	for t := (first - 2*86400) / 60 * 60; t <= asOf; t += 60 {
		date := time.Unix(t, 0).In(zone).Format(time.DateOnly)
		if len(days) == 0 || date > days[len(days)-1].date {
			days = append(days, refDay{t, date})
		}
	}
	return days
}

// day is the date of the last day that has begun at t.
func (c *refCount) day(t int64) string {
	date := ""
	for _, d := range c.days {
		if d.start <= t {
			date = d.date
		}
	}
	return date
}

// ---- Rule 2: the base.

// A refCell is the customers of one feeder in one area and class. The feeder
// is empty where the base of the area names none.
type refCell struct{ feeder, area, class string }

type refBase []outage.Customers

func refCellOf(row outage.Customers) refCell {
	return refCell{row.Feeder, string(row.Area), string(row.Class)}
}

func refValid(row outage.Customers, at int64) bool { return row.ValidFrom <= at && at < row.ValidTo }

func (b refBase) any(is func(outage.Customers) bool) bool { return slices.ContainsFunc(b, is) }

func (b refBase) knowsUnit(unit string) bool {
	return unit != "" && b.any(func(row outage.Customers) bool { return row.Unit == unit })
}

// service is the customers in service of a cell: all its valid rows add up,
// feeder rows as well as unit rows.
func (b refBase) service(cell refCell, at int64) int64 {
	var sum int64
	for _, row := range b {
		if refCellOf(row) == cell && refValid(row, at) {
			sum += row.Customers
		}
	}
	return sum
}

// unitAt is the row of a unit that is valid at an instant; where there is none
// the unit has no customers then.
func (b refBase) unitAt(unit string, at int64) (outage.Customers, bool) {
	for _, row := range b {
		if row.Unit == unit && refValid(row, at) {
			return row, true
		}
	}
	return outage.Customers{}, false
}

// unitNear is the cell of a unit and its customers at an instant. Where no row
// is valid then, the cell is that of the first row valid after, else of the
// last before, with no customers.
func (b refBase) unitNear(unit string, at int64) (cell refCell, customers int64) {
	if row, ok := b.unitAt(unit, at); ok {
		return refCellOf(row), row.Customers
	}
	var before, after *outage.Customers
	for i, row := range b {
		switch {
		case row.Unit != unit:
		case row.ValidFrom > at && (after == nil || row.ValidFrom < after.ValidFrom):
			after = &b[i]
		case row.ValidFrom <= at && (before == nil || row.ValidFrom > before.ValidFrom):
			before = &b[i]
		}
	}
	return refCellOf(*cmp.Or(after, before)), 0
}

// ---- Rule 3: where a row without a known unit counts.

// A refPlace is the cells of a row and the instant at which their customers
// decide; uncapped is the made-up cell of a feeder that the base does not know.
type refPlace struct {
	cells    []refCell
	at       int64
	uncapped bool
}

// place finds the cells of a row: of its feeder where the base knows it (then
// no matter whether the area is known); else of the area it names where the
// base of the area names no feeders; where that does name some, a cell of its
// own. It is false where the area is not in the base either.
func (b refBase) place(e outage.Event) (refPlace, bool) {
	inFeeder := func(row outage.Customers) bool { return e.Feeder != "" && row.Feeder == e.Feeder }
	inArea := func(row outage.Customers) bool { return e.Area != "" && string(row.Area) == e.Area }
	withFeeder := func(row outage.Customers) bool { return inArea(row) && row.Feeder != "" }
	switch {
	case b.any(inFeeder):
		return b.placeAmong(e, inFeeder), true
	case !b.any(inArea):
		return refPlace{}, false
	case b.any(withFeeder):
		class := cmp.Or(e.Class, string(outage.Unclassified))
		return refPlace{[]refCell{{e.Feeder, e.Area, class}}, e.Start, true}, true
	}
	return b.placeAmong(e, inArea), true
}

// placeAmong takes the cells with customers in service at the start, or at the
// first later instant at which any has some, or, if never, the first cell by
// area and class. Of those it keeps the ones of the area named, if any, then
// the ones of the class named, if any: on a contradiction the base wins.
func (b refBase) placeAmong(e outage.Event, in func(outage.Customers) bool) refPlace {
	var all []refCell
	instants := []int64{e.Start}
	for _, row := range b {
		if in(row) {
			all = append(all, refCellOf(row))
			instants = append(instants, max(e.Start, row.ValidFrom))
		}
	}
	slices.SortFunc(all, refCompareCells)
	all = slices.Compact(all)
	p := refPlace{cells: all[:1], at: e.Start}
	slices.Sort(instants)
	for _, t := range instants {
		if served := refKeep(all, func(c refCell) bool { return b.service(c, t) > 0 }); served != nil {
			p = refPlace{cells: served, at: t}
			break
		}
	}
	if kept := refKeep(p.cells, func(c refCell) bool { return c.area == e.Area }); kept != nil {
		p.cells = kept
	}
	if kept := refKeep(p.cells, func(c refCell) bool { return c.class == e.Class }); kept != nil {
		p.cells = kept
	}
	return p
}

func refKeep(cells []refCell, keep func(refCell) bool) []refCell {
	var kept []refCell
	for _, c := range cells {
		if keep(c) {
			kept = append(kept, c)
		}
	}
	return kept
}

func refCompareCells(a, b refCell) int {
	return cmp.Or(cmp.Compare(a.area, b.area), cmp.Compare(a.class, b.class), cmp.Compare(a.feeder, b.feeder))
}

// share divides customers over the cells of a place, in thousandths: the
// cumulative share of cell k is floor(1000 · customers · served up to k / all
// served). Missing customers are all in service, exactly as the base has them.
func (b refBase) share(p refPlace, customers int64) []int64 {
	if len(p.cells) == 1 && customers != outage.Missing {
		return []int64{1000 * customers}
	}
	var total, cum, given int64
	for _, c := range p.cells {
		total += b.service(c, p.at)
	}
	shares := make([]int64, len(p.cells))
	for i, c := range p.cells {
		if customers == outage.Missing {
			shares[i] = 1000 * b.service(c, p.at)
			continue
		}
		cum += b.service(c, p.at)
		shares[i] = 1000*customers*cum/total - given
		given += shares[i]
	}
	return shares
}
