package snapshot

import (
	"cmp"
	"maps"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/reliability"
)

// costs are what a plan costs, in thousandths of customer-seconds and customers.
type costs struct {
	total         int64
	interruptions int64
	displaced     int64
	byStratum     []stratumCost
	rows          map[int]*rowCost // by number in the trial
	cells         map[int32]*cellCost
	repeats       [][]int64 // customers for whom rules begin to hold, by stratum and rule
}

// A stratumCost is what a plan changes in one area and class.
type stratumCost struct {
	all         int64 // the whole change
	preArranged int64 // that of pre-arranged outages
}

// A rowCost is what one row costs.
type rowCost struct {
	interruptions int64
	notCounted    int64
	places        []placeCost // by stratum
	spans         []rowSpan
}

type placeCost struct {
	stratum int
	milli   int64
}

// A rowSpan is customers of a row in a cell for a time: those who are out and
// count, and those it asks for.
type rowSpan struct {
	from, to     int64
	milli, asked int64
	stratum      int
	cell, unit   int32
}

// A cellCost is what a plan costs in a cell, and what its rows ask for there: they
// differ where the cell has not customers enough for all who are to be out.
type cellCost struct{ cost, asked int64 }

func newCosts(strata, rules int) costs {
	c := costs{byStratum: make([]stratumCost, strata), cells: map[int32]*cellCost{}, rows: map[int]*rowCost{}, repeats: make([][]int64, strata)}
	for s := range c.repeats {
		c.repeats[s] = make([]int64, rules)
	}
	return c
}

// of is what the plan costs in some strata.
func (c *costs) of(strata []int) (milli int64) {
	for _, s := range strata {
		milli += c.byStratum[s].all
	}
	return milli
}

// preArranged is of that the part of pre-arranged outages.
func (c *costs) preArranged(strata []int) (milli int64) {
	for _, s := range strata {
		milli += c.byStratum[s].preArranged
	}
	return milli
}

// isZero says whether the plan changes nothing anywhere.
func (c *costs) isZero() bool {
	return !slices.ContainsFunc(c.byStratum, func(s stratumCost) bool { return s.all != 0 })
}

// take adds what a trial counts in the year, or takes it away (sign −1): what it
// counts with the plan less what it counts without it is what the plan costs.
func (c *planner) take(t *engine.Trial, sign int64) {
	k := &c.costs
	t.Contributions(c.year, c.set, c.major, func(p *reliability.Piece, x *engine.Contribution) {
		s := &k.byStratum[p.Stratum]
		s.all += sign * x.Milli
		if p.Nature.PreArranged() {
			s.preArranged += sign * x.Milli
		}
		k.total += sign * x.Milli
		k.interruptions += sign * x.Interruptions
		cell := k.cell(p.Cell)
		cell.cost += sign * x.Milli
		if x.Row < len(t.Told) {
			k.displaced -= sign * x.Milli
			return
		}
		asked := (p.Milli + p.Overlap) * (p.To - p.From) // those beyond the base do not exist
		if x.Milli == 0 && p.Seconds() > 0 {
			asked = 0 // booked elsewhere
		}
		cell.asked += asked
		k.row(x.Row).take(p, x, asked)
	})
	for s, rules := range t.Standout(c.number).Repeats {
		for rule, n := range rules {
			k.repeats[s][rule] += sign * n
		}
	}
}

// take adds what a piece of the row adds.
func (r *rowCost) take(p *reliability.Piece, x *engine.Contribution, asked int64) {
	r.interruptions += x.Interruptions
	r.notCounted += x.NotCounted
	i := slices.IndexFunc(r.places, func(o placeCost) bool { return o.stratum == int(p.Stratum) })
	if i < 0 {
		i = len(r.places)
		r.places = append(r.places, placeCost{stratum: int(p.Stratum)})
	}
	r.places[i].milli += x.Milli
	if asked > 0 || p.From == p.To {
		r.spans = append(r.spans, rowSpan{p.From, p.To, p.Milli, p.Milli + p.Overlap, int(p.Stratum), p.Cell, p.Unit})
	}
}

// settle lets no row ask for more customers of a cell than it has out there at one
// instant: the others are never out because of it.
func (c *costs) settle() {
	for _, r := range c.rows {
		most := map[int32]int64{}
		for _, s := range r.spans {
			most[s.cell] = max(most[s.cell], s.milli)
		}
		for i := range r.spans {
			s := &r.spans[i]
			if over := s.asked - most[s.cell]; over > 0 {
				c.cells[s.cell].asked -= over * (s.to - s.from)
				s.asked -= over
			}
		}
	}
}

func (c *costs) cell(n int32) *cellCost {
	if c.cells[n] == nil {
		c.cells[n] = &cellCost{}
	}
	return c.cells[n]
}

func (c *costs) row(n int) *rowCost {
	if c.rows[n] == nil {
		c.rows[n] = &rowCost{}
	}
	return c.rows[n]
}

// price fills in what a row costs.
func (c *planner) price(r *plannedRow, out *PlanRow) {
	cost := c.costs.rows[r.trial]
	if cost == nil {
		return
	}
	out.Interruptions, out.NotCounted = Milli(cost.interruptions), Milli(cost.notCounted)
	for _, x := range cost.places {
		area, class := c.e.Base().Stratum(x.stratum)
		out.CustomerSeconds += Milli(x.milli)
		out.Places = append(out.Places, PlanCost{string(area), string(class), Milli(x.milli)})
	}
	slices.SortFunc(out.Places, func(x, y PlanCost) int {
		return cmp.Or(cmp.Compare(y.CustomerSeconds, x.CustomerSeconds), cmp.Compare(x.Area, y.Area), cmp.Compare(x.Class, y.Class))
	})
	out.Customers = Milli(mostOf(cost.spans))
}

// mostOf is the most customers out at one instant.
func mostOf(spans []rowSpan) (most int64) {
	changes := map[int64]int64{}
	for _, s := range spans {
		changes[s.from] += s.milli
		changes[max(s.to, s.from+1)] -= s.milli
	}
	var out int64
	for _, t := range slices.Sorted(maps.Keys(changes)) {
		out += changes[t]
		most = max(most, out)
	}
	return most
}
