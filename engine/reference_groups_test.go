package engine_test

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// ---- Rules 7 and 8: groups of customers that go out and come back together.

// A refGroup is out from one instant to another, possibly outage.Open. Of a
// unit that the base knows, cell and customers are the base's at each instant.
type refGroup struct {
	row        *refRow
	unit       string // empty where the base knows none
	from, to   int64
	cell       refCell
	milli      int64 // thousandths of customers
	uncapped   bool
	band       int
	booked     int64 // the start of the outage, of a unit the merged one
	interrupts bool
}

// A refCount is the work on one answer.
type refCount struct {
	in     refInput
	base   refBase
	groups []*refGroup // in the order of rule 4
	days   []refDay
	answer refAnswer
}

// band is by the recorded duration, as-of or not; exactly a threshold is below.
func (c *refCount) band(from, to int64) int {
	switch {
	case to == outage.Open:
		return 2
	case to-from <= c.in.Momentary:
		return 0
	case to-from <= c.in.IEEE:
		return 1
	}
	return 2
}

// split turns rows into groups. Rows that give the customers still out are
// read together, those of a known unit always each by itself.
func (c *refCount) split(rows []*refRow) []*refGroup {
	var units, counts []*refGroup
	stillOut := map[[4]string][]*refRow{}
	for _, r := range rows {
		switch {
		case c.base.knowsUnit(r.Unit):
			units = append(units, &refGroup{row: r, unit: r.Unit, from: r.Start, to: r.End})
		case r.mode == outage.RepeatedRemaining:
			key := [4]string{r.Source, r.ID, r.Feeder, r.Unit}
			stillOut[key] = append(stillOut[key], r)
		default:
			counts = append(counts, c.put(refSteps(r))...)
		}
	}
	for _, rows := range stillOut {
		counts = append(counts, c.put(refStillOut(rows))...)
	}
	c.merge(units)
	groups := slices.Concat(units, counts)
	slices.SortFunc(groups, refOrder)
	return groups
}

// A refStage is a part of a row's customers (whole ones, or outage.Missing)
// with its own time.
type refStage struct {
	row       *refRow
	from, to  int64
	customers int64
}

// refSteps gives each step its group from the start, and what the steps leave
// a group to the end. Groups of nobody are dropped unless all are. The steps
// of a row without customers mean nothing.
func refSteps(r *refRow) []refStage {
	if r.Customers == outage.Missing {
		return []refStage{{r, r.Start, r.End, r.Customers}}
	}
	var stages []refStage
	rest := r.Customers
	for _, s := range r.Steps {
		rest -= s.Restored
		if s.Restored > 0 {
			stages = append(stages, refStage{r, r.Start, s.At, s.Restored})
		}
	}
	if rest > 0 || len(stages) == 0 {
		stages = append(stages, refStage{r, r.Start, r.End, rest})
	}
	return stages
}

// refStillOut reads rows each of which says how many are still out, from its
// start to its end or the next row's start, whichever is first; between rows
// nobody is. Who went out first is back first; a rise interrupts others. If
// nobody ever is out, one group of nobody is from the first start to the last
// end.
func refStillOut(rows []*refRow) []refStage {
	slices.SortFunc(rows, func(a, b *refRow) int { return cmp.Compare(a.Start, b.Start) })
	var out, back []refStage
	var total int64
	change := func(at, count int64, r *refRow) {
		for ; total > count; total-- { // one customer after the other
			back = append(back, refStage{out[0].row, out[0].from, at, 1})
			out = out[1:]
		}
		for ; total < count; total++ {
			out = append(out, refStage{r, at, outage.Open, 1})
		}
	}
	for i, r := range rows {
		change(r.Start, r.Customers, r)
		followed := i+1 < len(rows) && rows[i+1].Start <= r.End
		if !followed && r.End != outage.Open {
			change(r.End, 0, r)
		}
	}
	if len(back)+len(out) == 0 {
		return []refStage{{rows[0], rows[0].Start, rows[len(rows)-1].End, 0}}
	}
	return refTogether(append(back, out...))
}

// refTogether joins neighbours that went out by one row and came back at once.
func refTogether(single []refStage) []refStage {
	var stages []refStage
	for _, s := range single {
		if n := len(stages) - 1; n >= 0 && stages[n].row == s.row && stages[n].from == s.from && stages[n].to == s.to {
			stages[n].customers += s.customers
			continue
		}
		stages = append(stages, s)
	}
	return stages
}

// put places stages into the cells of their rows.
func (c *refCount) put(stages []refStage) []*refGroup {
	var groups []*refGroup
	for _, s := range stages {
		p, _ := c.base.place(s.row.Event)
		for i, milli := range c.base.share(p, s.customers) {
			groups = append(groups, &refGroup{
				row: s.row, from: s.from, to: s.to, cell: p.cells[i], milli: milli, uncapped: p.uncapped,
				band: c.band(s.from, s.to), booked: s.from, interrupts: true,
			})
		}
	}
	return groups
}

// merge finds the outages of each unit: records that touch or overlap are one,
// with one band and one day to book it on, and the first alone interrupts.
func (c *refCount) merge(units []*refGroup) {
	slices.SortFunc(units, func(a, b *refGroup) int { return cmp.Or(cmp.Compare(a.unit, b.unit), refOrder(a, b)) })
	for len(units) > 0 {
		first, reach, n := units[0], units[0].to, 1
		for ; n < len(units) && units[n].unit == first.unit && units[n].from <= reach; n++ {
			reach = max(reach, units[n].to)
		}
		for _, g := range units[:n] {
			g.booked, g.band, g.interrupts = first.from, c.band(first.from, reach), g == first
		}
		units = units[n:]
	}
}
