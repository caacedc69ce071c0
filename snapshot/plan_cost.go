package snapshot

import (
	"cmp"
	"maps"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/period"
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
	repeats       [][]int64 // customers for whom rules begin to hold, by stratum and rule; nil without units
}

// A stratumCost is what a plan changes in one area and class.
type stratumCost struct {
	all         int64 // the whole change
	preArranged int64 // that of pre-arranged outages
}

// A rowCost is what one row costs.
type rowCost struct {
	contributions []engine.Contribution // by area and class
	spans         []rowSpan
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

func newCosts(strata int) costs {
	return costs{byStratum: make([]stratumCost, strata), cells: map[int32]*cellCost{}, rows: map[int]*rowCost{}}
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

// A measure is what an engine counts in the year.
type measure struct {
	sums    []reliability.Sums // by stratum
	rows    []engine.Contribution
	repeats [][]int64
}

func (c *planner) measure(e *engine.Engine) measure {
	m := measure{sums: make([]reliability.Sums, e.Base().Strata()), repeats: e.Standout(c.number).Repeats}
	all := make([]int, len(m.sums))
	tally := e.Tally(c.year, c.major)
	for s := range m.sums {
		all[s] = s
		m.sums[s], _ = tally.Pool(all[s:s+1], e.Bands()).Of(c.set)
	}
	m.rows = e.Explain(all, c.year, c.set, c.major)
	return m
}

// compare takes the difference of what a trial counts without and with the plan.
func (c *planner) compare(t *engine.Trial, before, after measure) {
	k := &c.costs
	for s := range k.byStratum {
		k.byStratum[s].all = after.sums[s].Seconds - before.sums[s].Seconds
		k.total += k.byStratum[s].all
		k.interruptions += after.sums[s].Interruptions - before.sums[s].Interruptions
	}
	k.takeRows(t, before.rows, -1)
	k.takeRows(t, after.rows, 1)
	k.repeats = after.repeats
	for s := range after.repeats {
		for rule := range after.repeats[s] {
			k.repeats[s][rule] -= before.repeats[s][rule]
		}
	}
	t.Pieces(func(p *reliability.Piece, row int) {
		if row >= len(t.Told) && c.countsPiece(p) {
			r := k.row(row)
			asked := p.Milli + p.OverBase + p.Overlap
			r.spans = append(r.spans, rowSpan{p.From, p.To, p.Milli, asked, int(p.Stratum), p.Cell, p.Unit})
			k.cell(p).asked += asked * (p.To - p.From)
		}
	})
}

// takeCells adds what an engine counts in each cell, or takes it away.
func (c *planner) takeCells(e *engine.Engine, sign int64) {
	e.Pieces(func(p *reliability.Piece, _ int) {
		if c.countsPiece(p) {
			c.costs.cell(p).cost += sign * p.Seconds()
		}
	})
}

func (k *costs) cell(p *reliability.Piece) *cellCost {
	if k.cells[p.Cell] == nil {
		k.cells[p.Cell] = &cellCost{}
	}
	return k.cells[p.Cell]
}

// countsPiece says whether the index set that is judged counts a piece of the year.
func (c *planner) countsPiece(p *reliability.Piece) bool {
	return p.To > c.year.From && c.set.Counts(p.Nature, p.Band, c.e.Bands()) && c.booked(p)
}

// booked says whether the time of a piece that passes in the year is booked in it.
func (c *planner) booked(p *reliability.Piece) bool {
	if !c.set.StartDay {
		return true
	}
	return c.year.Holds(p.Booked) && !(c.set.ExceptMajor && c.major.Days[period.DayOf(p.Booked, c.p.Zone)])
}

// takeRows adds what rows add, or takes it away.
func (k *costs) takeRows(t *engine.Trial, list []engine.Contribution, sign int64) {
	for _, x := range list {
		s := t.Base().AreaNumber(x.Area)*int32(len(t.Base().Classes)) + t.Base().ClassNumber(x.Class)
		ev, _ := t.Event(x.Row)
		if ev.Nature.PreArranged() {
			k.byStratum[s].preArranged += sign * x.Milli
		}
		if x.Row < len(t.Told) {
			k.displaced -= sign * x.Milli
			continue
		}
		r := k.row(x.Row)
		r.contributions = append(r.contributions, x)
	}
}

func (k *costs) row(n int) *rowCost {
	if k.rows[n] == nil {
		k.rows[n] = &rowCost{}
	}
	return k.rows[n]
}

// price fills in what a row costs.
func (c *planner) price(r *plannedRow, out *PlanRow) {
	cost := c.costs.rows[r.trial]
	if cost == nil {
		return
	}
	for _, x := range cost.contributions {
		out.CustomerSeconds += Milli(x.Milli)
		out.Interruptions += Milli(x.Interruptions)
		out.NotCounted += Milli(x.NotCounted)
		out.Places = append(out.Places, PlanCost{string(x.Area), string(x.Class), Milli(x.Milli)})
	}
	slices.SortStableFunc(out.Places, func(x, y PlanCost) int { return cmp.Compare(y.CustomerSeconds, x.CustomerSeconds) })
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
