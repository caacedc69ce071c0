package engine_test

import (
	"cmp"
	"slices"
)

// ---- Rule 4: who gets the customers.

// refOrder is the longest band first, then start, source, event, feeder as the
// row names it, stage, unit; rows that repeat a key go by their fields, groups
// of one row by their end.
func refOrder(a, b *refGroup) int {
	return cmp.Or(
		cmp.Compare(b.band, a.band),
		cmp.Compare(a.from, b.from),
		cmp.Compare(a.row.Source, b.row.Source),
		cmp.Compare(a.row.ID, b.row.ID),
		cmp.Compare(a.row.Feeder, b.row.Feeder),
		cmp.Compare(a.row.Stage, b.row.Stage),
		cmp.Compare(a.row.Unit, b.row.Unit),
		refFields(a.row, b.row),
		cmp.Compare(a.to, b.to),
	)
}

// refFields numbers the rows of a repeated key. What it leaves out changes no
// sum.
func refFields(a, b *refRow) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Customers, b.Customers),
		cmp.Compare(a.Nature, b.Nature), cmp.Compare(a.Cause, b.Cause))
}

// A refShare is what one group asks of a cell and gets, in thousandths.
type refShare struct {
	*refGroup
	in                  refCell
	asked, got, service int64
}

// active says whether a group is out at an instant, or from that instant on.
// One of no length is out at its instant only, for no time.
func (g *refGroup) active(at int64, instant bool) bool {
	if g.from == g.to {
		return instant && at == g.from
	}
	return g.from <= at && at < g.to
}

// asking lists the active groups in order with what they ask for. The first
// active record of a unit holds it, the others ask nothing. (The records of a
// unit that are active together have one band, so this order is that of the
// records.)
func (c *refCount) asking(at int64, instant bool) []refShare {
	var shares []refShare
	held := map[string]bool{}
	for _, g := range c.groups {
		switch {
		case !g.active(at, instant) || held[g.unit]:
		case g.unit == "":
			shares = append(shares, refShare{refGroup: g, in: g.cell, asked: g.milli})
		default:
			held[g.unit] = true
			if row, ok := c.base.unitAt(g.unit, at); ok {
				shares = append(shares, refShare{refGroup: g, in: refCellOf(row), asked: 1000 * row.Customers})
			}
		}
	}
	return shares
}

// hand gives each in turn what it asks for, as far as the customers in service
// of its cell go.
func (c *refCount) hand(at int64, instant bool) []refShare {
	shares := c.asking(at, instant)
	taken := map[refCell]int64{}
	for i := range shares {
		s := &shares[i]
		if s.uncapped {
			s.got, s.service = s.asked, s.asked
			continue
		}
		s.service = 1000 * c.base.service(s.in, at)
		s.got = min(s.asked, s.service-taken[s.in])
		taken[s.in] += s.got
	}
	return shares
}

// ---- Rules 5, 6 and 8: the sums, all of them before as-of.

func (c *refCount) add(cell refCell, at int64, g *refGroup, sums refSums) {
	if sums == (refSums{}) {
		return
	}
	key := refKey{cell.area, cell.class, c.day(at), g.row.Nature, g.band}
	s := c.answer.Sums[key]
	s.Seconds += sums.Seconds
	s.Booked += sums.Booked
	s.Interruptions += sums.Interruptions
	s.Events += sums.Events
	c.answer.Sums[key] = s
}

// overTime hands out between each two instants at which anything changes. By
// what a group alone asks more than is in service, it is over the base; what
// else it does not get overlaps.
func (c *refCount) overTime() {
	instants := c.instants()
	for i := 0; i+1 < len(instants); i++ {
		from, seconds := instants[i], instants[i+1]-instants[i]
		for _, s := range c.hand(from, false) {
			c.add(s.in, from, s.refGroup, refSums{Seconds: s.got * seconds})
			c.add(s.in, s.booked, s.refGroup, refSums{Booked: s.got * seconds})
			over := max(0, s.asked-s.service)
			c.answer.OverBase += over * seconds
			c.answer.OverlapExcess += (s.asked - s.got - over) * seconds
		}
	}
}

// instants are those from the first start to as-of, in order.
func (c *refCount) instants() []int64 {
	all := []int64{c.in.AsOf}
	first := c.in.AsOf
	for _, g := range c.groups {
		all = append(all, g.from, g.to)
		first = min(first, g.from)
	}
	for _, row := range c.base {
		all = append(all, row.ValidFrom, row.ValidTo)
	}
	for _, d := range c.days {
		all = append(all, d.start)
	}
	all = slices.DeleteFunc(all, func(t int64) bool { return t < first || t > c.in.AsOf })
	slices.Sort(all)
	return slices.Compact(all)
}

// atStarts counts what each group gets at its start, where those of no length
// take part.
func (c *refCount) atStarts() {
	for _, at := range c.instants() {
		if at >= c.in.AsOf {
			return
		}
		for _, s := range c.hand(at, true) {
			if s.from == at && s.interrupts {
				c.add(s.in, at, s.refGroup, refSums{Interruptions: s.got})
			}
		}
	}
}

// countEvents counts each event once a feeder, where the base or the place
// names none once an area: in the cell with the largest demand of all its
// groups at their starts, as its first group there. What starts at as-of is
// not counted.
func (c *refCount) countEvents() {
	type once struct{ source, id, feeder, area string }
	demand := map[once]map[refCell]int64{}
	groups := map[once]map[refCell][]*refGroup{}
	for _, g := range c.groups {
		cell, milli := g.cell, g.milli
		if g.unit != "" {
			near, customers := c.base.unitNear(g.unit, g.from)
			cell, milli = near, 1000*customers
		}
		key := once{source: g.row.Source, id: g.row.ID, feeder: cell.feeder}
		if cell.feeder == "" {
			key.area = cell.area
		}
		if demand[key] == nil {
			demand[key], groups[key] = map[refCell]int64{}, map[refCell][]*refGroup{}
		}
		demand[key][cell] += milli
		groups[key][cell] = append(groups[key][cell], g)
	}
	for key, cells := range demand {
		cell := refLargest(cells)
		if g := slices.MinFunc(groups[key][cell], refFirst); g.from < c.in.AsOf {
			c.add(cell, g.from, g, refSums{Events: 1})
		}
	}
}

// refLargest is the cell with the most, of equal ones the first by area and
// class.
func refLargest(demand map[refCell]int64) refCell {
	var cells []refCell
	for c := range demand {
		cells = append(cells, c)
	}
	return slices.MinFunc(cells, func(a, b refCell) int {
		return cmp.Or(cmp.Compare(demand[b], demand[a]), refCompareCells(a, b))
	})
}

// refFirst orders the groups of one event in one cell: start, then feeder as
// the row names it, stage and unit, then the row's fields and the end.
func refFirst(a, b *refGroup) int {
	return cmp.Or(
		cmp.Compare(a.from, b.from), cmp.Compare(a.row.Feeder, b.row.Feeder), cmp.Compare(a.row.Stage, b.row.Stage),
		cmp.Compare(a.row.Unit, b.row.Unit), refFields(a.row, b.row), cmp.Compare(a.to, b.to),
	)
}
