package snapshot

import (
	"slices"
	"sort"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// An overlapping finds rows that have the same customers out as others. By unit
// that is any time that two rows share. Where customers are but a number it is a
// time at which two rows of a cell together ask for more than the cell has in
// service: up to that, they may be different ones.
type overlapping struct {
	*planner
	changes []int64 // instants at which the base changes, in order
	open    occupied
	plan    occupied
	feeders map[string]bool // on which outages without end are; true where it is not known of which units
}

// An occupied is what some rows have out, by unit and cell.
type occupied struct {
	units map[int32][]claim
	cells map[int32]*occupancy
}

// A claim is what one row has out for a time.
type claim struct {
	from, to int64
	row      int // of the plan, or of what was told
}

// An occupancy is the customers out of one cell: milli[i] from times[i] on.
type occupancy struct {
	claims []claim
	times  []int64
	milli  []int64
	most   int64 // at one instant
}

func newOccupied() occupied {
	return occupied{units: map[int32][]claim{}, cells: map[int32]*occupancy{}}
}

// dropOverlaps rejects, in the order of the files, the rows that overlap an outage
// without end or a row before.
func (c *planner) dropOverlaps(proposed *engine.Engine, t *engine.Trial) {
	o := &overlapping{planner: c, changes: c.e.Base().Changes(), open: newOccupied(), plan: newOccupied(), feeders: map[string]bool{}}
	for _, h := range t.Open {
		o.open.add(h, h.Row)
		ev, _ := c.e.Event(h.Row)
		for _, f := range []string{ev.Feeder, o.feederOf(h.Cell)} {
			o.feeders[f] = o.feeders[f] || h.Unit == reliability.Nowhere
		}
	}
	delete(o.feeders, "")
	holds := map[int][]engine.Hold{} // by number in the engine proposed
	for _, h := range proposed.Holds() {
		h.To = max(h.To, h.From+1) // one without length has its customers at its instant
		holds[h.Row] = append(holds[h.Row], h)
	}
	for i := range c.rows {
		if r := &c.rows[i]; r.counts() {
			o.look(i, r, holds[r.trial])
		}
	}
}

// look rejects a row that overlaps, or takes it in.
func (o *overlapping) look(i int, r *plannedRow, holds []engine.Hold) {
	if row, ok := o.clash(&o.open, r, holds); ok {
		ev, at := o.e.Event(row)
		o.reject(r, policy.OverlapsOpen, "start", placeOf(at.Path, at.Sheet, at.Row, ev.ID))
		return
	}
	if row, ok := o.clash(&o.plan, r, holds); ok {
		other := &o.rows[row]
		d := o.q.Deliveries[other.delivery].Delivery
		sheet, at := d.Place(other.Row)
		o.reject(r, policy.OverlapsPlan, "start", placeOf(d.Path, sheet, at, other.ID))
		return
	}
	if unit := o.unitOf(r); unit != reliability.Nowhere {
		o.plan.units[unit] = append(o.plan.units[unit], claim{r.Start, max(r.End, r.Start+1), i})
	}
	for _, h := range holds {
		o.plan.add(h, i)
		if o.isBeside(r.Feeder, h) || o.isBeside(o.feederOf(h.Cell), h) {
			r.flag(policy.BesideOpen)
		}
	}
}

// isBeside says whether an outage without end is on a feeder, and may be one of
// the customers of a hold: units are known not to be each other.
func (o *overlapping) isBeside(feeder string, h engine.Hold) bool {
	ofNumber, ok := o.feeders[feeder]
	return ofNumber || ok && h.Unit == reliability.Nowhere
}

func (o *overlapping) unitOf(r *plannedRow) int32 {
	if r.Unit == "" {
		return reliability.Nowhere
	}
	return o.e.Base().UnitNumber(r.Unit)
}

// feederOf is the name of the feeder of a cell, empty where there is none.
func (o *overlapping) feederOf(cell int32) string {
	if cell == reliability.Nowhere {
		return ""
	}
	return o.e.Base().Cells()[cell].Feeder
}

// clash finds the first row of some with which a row overlaps; the outages without
// end count beside those of the plan.
func (o *overlapping) clash(with *occupied, r *plannedRow, holds []engine.Hold) (row int, found bool) {
	if unit := o.unitOf(r); unit != reliability.Nowhere {
		if row, found = firstAt(with.units[unit], r.Start, max(r.End, r.Start+1)); found {
			return row, true
		}
	}
	for _, h := range holds {
		cell := with.cells[h.Cell]
		if cell == nil || h.Milli == 0 {
			continue
		}
		if o.roomy(cell, h, holds) {
			continue
		}
		for _, t := range o.instants(cell, h, holds) {
			others := cell.at(t)
			if others == 0 {
				continue
			}
			total := others + heldAt(holds, h.Cell, t)
			if with != &o.open {
				total += o.open.cells[h.Cell].at(t)
			}
			if total > o.e.Base().Cells()[h.Cell].InService(t) {
				return firstAt(cell.claims, t, t+1)
			}
		}
	}
	return 0, false
}

// roomy says for most that a cell has customers enough for all that ever ask for
// any.
func (o *overlapping) roomy(cell *occupancy, h engine.Hold, holds []engine.Hold) bool {
	k := sort.Search(len(o.changes), func(k int) bool { return o.changes[k] > h.From })
	if k < len(o.changes) && o.changes[k] < h.To {
		return false
	}
	asked := cell.most
	if open := o.open.cells[h.Cell]; open != nil {
		asked += open.most
	}
	for _, own := range holds {
		asked += own.Milli
	}
	return asked <= o.e.Base().Cells()[h.Cell].InService(h.From)
}

// instants lists the instants during a hold at which what is out of its cell, or
// who is in service there, may change.
func (o *overlapping) instants(cell *occupancy, h engine.Hold, holds []engine.Hold) []int64 {
	list := []int64{h.From}
	for _, times := range [][]int64{cell.times, o.changes} {
		for k := sort.Search(len(times), func(k int) bool { return times[k] > h.From }); k < len(times) && times[k] < h.To; k++ {
			list = append(list, times[k])
		}
	}
	for _, own := range holds {
		if own.From > h.From && own.From < h.To {
			list = append(list, own.From)
		}
	}
	return list
}

// heldAt is what holds ask for of a cell at an instant.
func heldAt(holds []engine.Hold, cell int32, t int64) (milli int64) {
	for _, h := range holds {
		if h.Cell == cell && h.From <= t && t < h.To {
			milli += h.Milli
		}
	}
	return milli
}

// firstAt is the first row of some claims that has something out between two
// instants.
func firstAt(claims []claim, from, to int64) (row int, found bool) {
	for _, c := range claims {
		if c.from < to && from < c.to {
			return c.row, true
		}
	}
	return 0, false
}

// add takes in what a row has out.
func (s *occupied) add(h engine.Hold, row int) {
	if h.To == outage.Open && h.Unit != reliability.Nowhere { // of what was told; a plan's units are taken from their rows
		s.units[h.Unit] = append(s.units[h.Unit], claim{h.From, h.To, row})
	}
	if h.Cell == reliability.Nowhere || h.Milli == 0 {
		return
	}
	if s.cells[h.Cell] == nil {
		s.cells[h.Cell] = &occupancy{}
	}
	cell := s.cells[h.Cell]
	cell.claims = append(cell.claims, claim{h.From, h.To, row})
	first, last := cell.cut(h.From), cell.cut(h.To)
	for k := first; k < last; k++ {
		cell.milli[k] += h.Milli
		cell.most = max(cell.most, cell.milli[k])
	}
}

// cut makes an instant one of the times, and gives its place.
func (c *occupancy) cut(t int64) int {
	k, found := slices.BinarySearch(c.times, t)
	if !found {
		before := c.at(t)
		c.times, c.milli = slices.Insert(c.times, k, t), slices.Insert(c.milli, k, before)
	}
	return k
}

// at is the customers out at an instant; it is safe on nil.
func (c *occupancy) at(t int64) int64 {
	if c == nil {
		return 0
	}
	k := sort.Search(len(c.times), func(k int) bool { return c.times[k] > t })
	if k == 0 {
		return 0
	}
	return c.milli[k-1]
}
