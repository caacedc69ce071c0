package snapshot

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/reliability"
)

// A keeping is customers of a row who can be kept on, each of whom saves as much.
// Those who are out the longest come first.
type keeping struct {
	row       int // of the plan
	level     int // among those of the row
	customers int64
	saves     int64 // all of them together, in thousandths of customer-seconds
	whole     bool  // a unit is kept on as a whole
	kept      int64
}

// each is what one customer saves.
func (k *keeping) each() int64 { return k.saves / k.customers }

// keepOn finds the fewest customers that have to be kept on in a subject so that a
// plan costs so much less there. Whoever is out the longest saves the most, so they
// are taken in that order, in whole customers. Units are kept on as a whole; if they
// differ in size there may be a way with fewer customers, though none of those
// chosen can be left out.
//
// Where a cell has not customers enough for all who are to be out, by the plan or by
// what was told already, others may take the place of those who are kept on. So that
// the plan fits whoever they are, as much is saved on top as could come back in the
// cells in which somebody is kept on; then there may be a way with fewer.
func (c *planner) keepOn(of subject, over int64) []KeepOn {
	var all []keeping
	for i := range c.rows {
		if r := &c.rows[i]; r.counts() {
			all = append(all, c.keepings(i, of)...)
		}
	}
	slices.SortStableFunc(all, func(x, y keeping) int { return cmp.Compare(y.each(), x.each()) })
	need := over
	for range mostRounds {
		for i := range all {
			all[i].kept = 0
		}
		choose(all, need)
		back := c.comesBack(all, of)
		if over+back <= need {
			return c.kept(all, of)
		}
		need = over + back
	}
	for i := range all {
		all[i].kept = all[i].customers
	}
	return c.kept(all, of)
}

// mostRounds bounds how often is looked again who is kept on; each time more is
// saved.
const mostRounds = 100

// comesBack bounds what could come back in the cells in which somebody is kept on.
func (c *planner) comesBack(all []keeping, of subject) (milli int64) {
	touched := map[int32]bool{}
	for i := range all {
		if all[i].kept == 0 {
			continue
		}
		for _, s := range c.costs.rows[c.rows[all[i].row].trial].spans {
			if !touched[s.cell] && slices.Contains(of.strata, s.stratum) {
				touched[s.cell] = true
				milli += max(0, c.costs.cells[s.cell].asked-c.costs.cells[s.cell].cost)
			}
		}
	}
	return milli
}

// choose keeps on as few as save so much, or all. What is last kept on may save more
// than is needed, and then others are let go that are not needed any more.
func choose(all []keeping, need int64) {
	for i := range all {
		if need <= 0 {
			return
		}
		if last := completion(all, i, need); last != nil {
			need -= last.keep(need)
			letGo(all, -need)
			return
		}
		need -= all[i].keep(need)
	}
}

// completion finds whom to keep on last, where so much is needed that one entry
// from a place on can save it: the one with the fewest customers; nil where none
// can that may be among the best. Of a row those who save less come after those
// who save more.
func completion(all []keeping, from int, need int64) (best *keeping) {
	if all[from].saves < need {
		return nil
	}
	for i := range all[from:] {
		k := &all[from+i]
		if k.saves < need || k.level > 0 && slices.ContainsFunc(all[from:from+i], func(o keeping) bool { return o.row == k.row }) {
			continue
		}
		if best == nil || k.needed(need) < best.needed(need) {
			best = k
		}
	}
	return best
}

// needed is how many customers have to be kept on to save so much, or all.
func (k *keeping) needed(need int64) int64 {
	if k.whole || k.saves <= need {
		return k.customers
	}
	return (need + k.each() - 1) / k.each()
}

// keep keeps on as many as are needed to save so much, or all, and gives what they
// save.
func (k *keeping) keep(need int64) (saves int64) {
	k.kept = k.needed(need)
	if k.kept == k.customers {
		return k.saves
	}
	return k.kept * k.each()
}

// letGo lets customers go again, those who save the least first, as long as they
// save no more than the surplus.
func letGo(chosen []keeping, surplus int64) {
	for i := range slices.Backward(chosen) {
		k := &chosen[i]
		switch {
		case k.kept == 0:
		case !k.whole:
			n := min(k.kept, surplus/k.each())
			k.kept -= n
			surplus -= n * k.each()
		case k.saves <= surplus:
			surplus -= k.saves
			k.kept = 0
		}
	}
}

// keepings lists whom a row has out in a subject, those who save the most first.
// Of its customers the last to be restored are kept on first: with so many of them
// on, at every instant so many fewer are out.
func (c *planner) keepings(row int, of subject) []keeping {
	spans := c.spans(row, of)
	if len(spans) == 0 {
		return nil
	}
	most := askedOf(spans)
	if spans[0].unit != reliability.Nowhere {
		return []keeping{{row: row, customers: most, saves: savedBy(spans, most), whole: true}}
	}
	levels := levelsOf(spans)
	var list []keeping
	from, saved := int64(0), int64(0)
	for _, to := range levels {
		upTo := savedBy(spans, to)
		if upTo > saved {
			list = append(list, keeping{row: row, level: len(list), customers: to - from, saves: upTo - saved})
		}
		from, saved = to, upTo
	}
	return list
}

// spans are the times that a row has in a subject, joined over its cells: so many
// customers between two instants, in order of time. It asks for no more at any of
// them than it has out at one: the others are never out because of it.
func (c *planner) spans(row int, of subject) []rowSpan {
	cost := c.costs.rows[c.rows[row].trial]
	if cost == nil {
		return nil
	}
	var times []int64
	var own []rowSpan
	for _, s := range cost.spans {
		if s.to > s.from && slices.Contains(of.strata, s.stratum) {
			own = append(own, s)
			times = append(times, s.from, s.to)
		}
	}
	slices.Sort(times)
	times = slices.Compact(times)
	var joined []rowSpan
	var most int64
	for i := range len(times) - 1 {
		out := rowSpan{from: times[i], to: times[i+1], unit: own[0].unit}
		for _, s := range own {
			if s.from <= out.from && out.to <= s.to {
				out.milli += s.milli
				out.asked += s.asked
			}
		}
		if out.asked > 0 {
			joined = append(joined, out)
			most = max(most, out.milli)
		}
	}
	if most == 0 {
		return nil
	}
	for i := range joined {
		joined[i].asked = min(joined[i].asked, most)
	}
	return joined
}

// levelsOf lists the numbers of customers between which each customer more who is
// kept on saves as much as the one before, in order.
func levelsOf(spans []rowSpan) []int64 {
	var levels []int64
	for _, s := range spans {
		levels = append(levels, s.asked/reliability.Milli, ceilOf(s.asked))
	}
	slices.Sort(levels)
	levels = slices.Compact(levels)
	if levels[0] == 0 {
		levels = levels[1:]
	}
	return levels
}

// askedOf is the most customers that a row asks for at one time.
func askedOf(spans []rowSpan) (most int64) {
	for _, s := range spans {
		most = max(most, ceilOf(s.asked))
	}
	return most
}

// savedBy is how much less a row asks for if so many customers are kept on.
func savedBy(spans []rowSpan, customers int64) (saved int64) {
	for _, s := range spans {
		saved += min(s.asked, customers*reliability.Milli) * (s.to - s.from)
	}
	return saved
}

// countedLess is how much less of a row then counts: of those it asks for, the ones
// who do not count are no loss.
func countedLess(spans []rowSpan, customers int64) (less int64) {
	for _, s := range spans {
		less += max(0, s.milli-max(0, s.asked-customers*reliability.Milli)) * (s.to - s.from)
	}
	return less
}

// ceilOf gives whole customers, rounded up.
func ceilOf(milli int64) int64 { return (milli + reliability.Milli - 1) / reliability.Milli }

// kept puts together who is kept on, by row in the order of the files.
func (c *planner) kept(all []keeping, of subject) []KeepOn {
	slices.SortFunc(all, func(x, y keeping) int { return cmp.Or(cmp.Compare(x.row, y.row), cmp.Compare(x.level, y.level)) })
	list := []KeepOn{}
	last := -1
	for i := range all {
		k := &all[i]
		if k.kept == 0 {
			continue
		}
		if k.row != last {
			list = append(list, c.keptOf(k.row, of))
			last = k.row
		}
		out := &list[len(list)-1]
		out.Customers += k.kept
		out.Saves = Milli(countedLess(c.spans(k.row, of), out.Customers))
	}
	return list
}

func (c *planner) keptOf(row int, of subject) KeepOn {
	r := &c.rows[row]
	d := c.q.Deliveries[r.delivery].Delivery
	out := KeepOn{Path: d.Path, EventID: r.ID, Of: askedOf(c.spans(row, of))}
	_, out.Row = d.Place(r.Row)
	return out
}
