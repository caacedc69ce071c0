package engine

import (
	"cmp"
	"slices"
	"sort"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// Watch asks the engine to keep what stands out in each year: what every cause
// and feeder cost, and whom the repeat rules hold for. It is kept by group, so
// that a group in which nothing happens is not looked through again.
type Watch struct {
	Years   period.YearStart
	Repeats []reliability.RepeatRule
}

// A Cost is the customer-seconds, in thousandths, of one cause or feeder in one
// area; of no name where the rows give none.
type Cost struct {
	Area  outage.Area
	Name  string
	Milli int64
}

// A Standout is what stands out in one year up to as-of.
type Standout struct {
	Causes  []Cost // by area, the largest first
	Feeders []Cost // the largest first
	// Repeats are the customers, in thousandths, for whom each rule of the watch
	// holds, by stratum. It is nil where the base knows no units.
	Repeats [][]int64
}

// watched is what is kept of one group.
type watched struct {
	causes, feeders []cost
	repeats         []repeat
}

// cost is what a cause or a feeder cost in a year.
type cost struct {
	year, stratum int32
	name          int32 // of a cause: its text; of a feeder: its number in the base, or −1 − its text
	milli         int64
}

type repeat struct {
	year, stratum, rule int32
	milli               int64
}

// watcher folds the pieces of a group. It is for one goroutine.
type watcher struct {
	e             *Engine
	yearStarts    []int64 // of the years that have days, the first of them firstYear
	firstYear     int
	causes, feeds costs
	units, sorted []unitStart
	places        map[int32]int32 // of units among counts
	counts        []int32
	starts        []reliability.Interruption
}

// unitStart is the beginning of an outage of a unit.
type unitStart struct {
	unit, stratum int32
	place         int32 // of the unit among those of the group
	milli         int64
	reliability.Interruption
}

func (e *Engine) watcher() *watcher {
	if e.opts.Watch == nil {
		return nil
	}
	c, ys := e.sums.Calendar(), e.opts.Watch.Years
	w := &watcher{e: e, places: map[int32]int32{}, firstYear: ys.YearOf(c.Start(0), e.opts.Zone)}
	for y := w.firstYear; ; y++ {
		start := ys.Year(y, e.opts.Zone).From
		if start > e.asOf && y > w.firstYear {
			return w
		}
		w.yearStarts = append(w.yearStarts, start)
	}
}

// year is the index of the year that holds t.
func (w *watcher) year(t int64) int {
	return max(0, sort.Search(len(w.yearStarts), func(i int) bool { return w.yearStarts[i] > t })-1)
}

func (w *watcher) begin() {
	w.causes.list, w.feeds.list, w.units = w.causes.list[:0], w.feeds.list[:0], w.units[:0]
}

// add takes in a piece.
func (w *watcher) add(p *reliability.Piece, row int32) {
	if p.Interrupted > 0 && p.Unit != reliability.Nowhere {
		w.units = append(w.units, unitStart{p.Unit, p.Stratum, 0, p.Interrupted, reliability.Interruption{At: p.From, PreArranged: p.Nature.PreArranged()}})
	}
	if p.Milli == 0 {
		return
	}
	r := w.e.rows.at(row)
	feeder, area := w.e.feederCost(p, row), w.e.areaStratum(p.Stratum)
	for from, y := p.From, w.year(p.From); from < p.To; y++ {
		to := p.To
		if y+1 < len(w.yearStarts) {
			to = min(to, w.yearStarts[y+1])
		}
		milli := p.Milli * (to - from)
		w.causes.add(cost{int32(y + w.firstYear), area, int32(w.e.cause(r).responsible), milli})
		w.feeds.add(cost{int32(y + w.firstYear), area, feeder, milli})
		from = to
	}
}

// feederCost is the name under which a piece costs its feeder something.
func (e *Engine) feederCost(p *reliability.Piece, row int32) int32 {
	if f := e.feederOfCell(p.Cell); f != reliability.Nowhere && e.base.Feeders()[f].Name != "" {
		return f
	}
	return -1 - int32(e.rows.at(row).feeder)
}

// areaStratum stands for all strata of the area of a stratum.
func (e *Engine) areaStratum(stratum int32) int32 {
	return stratum - stratum%int32(len(e.base.Classes))
}

// end gives what is kept of the group whose pieces were added.
func (w *watcher) end() *watched {
	k := &watched{causes: w.causes.folded(), feeders: w.feeds.folded()}
	for list := w.inOrder(); len(list) > 0; {
		n := 1
		for n < len(list) && list[n].unit == list[0].unit {
			n++
		}
		k.repeats = w.ofUnit(list[:n], k.repeats)
		list = list[n:]
	}
	if len(k.causes)+len(k.repeats) == 0 {
		return nil
	}
	return k
}

// inOrder gives the beginnings by unit and time, as they came where these are the
// same. Most come in the order of time, so they are only parted by unit and then
// looked over.
func (w *watcher) inOrder() []unitStart {
	clear(w.places)
	w.counts = w.counts[:0]
	for i := range w.units {
		unit := w.units[i].unit
		place, known := w.places[unit]
		if !known {
			place = int32(len(w.counts))
			w.places[unit] = place
			w.counts = append(w.counts, 0)
		}
		w.units[i].place = place
		w.counts[place]++
	}
	at := int32(0)
	for i, n := range w.counts {
		w.counts[i] = at
		at += n
	}
	w.sorted = append(w.sorted[:0], w.units...)
	for i := range w.units {
		to := &w.counts[w.units[i].place]
		w.sorted[*to] = w.units[i]
		*to++
	}
	from := int32(0)
	for _, to := range w.counts {
		if list := w.sorted[from:to]; !slices.IsSortedFunc(list, compareTimes) {
			slices.SortStableFunc(list, compareTimes)
		}
		from = to
	}
	return w.sorted
}

func compareTimes(x, y unitStart) int { return cmp.Compare(x.At, y.At) }

// costs adds up costs of one year, area and name.
type costs struct {
	list   []cost             // some of the same more than once
	recent [recentCosts]int32 // places in it, by a part of their hash
}

const recentCosts = 256

// add adds a cost, to that of the same where it is found at once.
func (c *costs) add(k cost) {
	at := &c.recent[(uint32(k.year)*7+uint32(k.stratum)*31+uint32(k.name))%recentCosts]
	if int(*at) < len(c.list) && compareCosts(c.list[*at], k) == 0 {
		c.list[*at].milli += k.milli
		return
	}
	*at = int32(len(c.list))
	c.list = append(c.list, k)
}

// folded gives the sums in order, in memory of their own.
func (c *costs) folded() []cost {
	slices.SortFunc(c.list, compareCosts)
	var sums []cost
	for _, k := range c.list {
		if last := len(sums) - 1; last >= 0 && compareCosts(sums[last], k) == 0 {
			sums[last].milli += k.milli
			continue
		}
		sums = append(sums, k)
	}
	return sums
}

// compareCosts compares all but the sums.
func compareCosts(x, y cost) int {
	return cmp.Or(cmp.Compare(x.year, y.year), cmp.Compare(x.stratum, y.stratum), cmp.Compare(x.name, y.name))
}

// ofUnit adds the rules that hold for a unit in each of its years.
func (w *watcher) ofUnit(list []unitStart, into []repeat) []repeat {
	starts := w.starts[:0]
	for i := range list {
		starts = append(starts, list[i].Interruption)
	}
	w.starts = starts
	for first := 0; first < len(list); {
		year := w.year(list[first].At)
		next := first
		for next < len(list) && w.year(list[next].At) == year {
			next++
		}
		for n := range w.e.opts.Watch.Repeats {
			if i, ok := w.e.opts.Watch.Repeats[n].Broken(starts[:next], first); ok {
				into = append(into, repeat{int32(w.firstYear + year), list[i].stratum, int32(n), list[i].milli})
			}
		}
		first = next
	}
	return into
}

// Standout gathers what stands out in a year, up to as-of; nothing without
// [Options.Watch].
func (e *Engine) Standout(year int) *Standout {
	s := &Standout{}
	if e.opts.Watch == nil {
		return s
	}
	if e.base.HasUnits() {
		s.Repeats = make([][]int64, e.base.Strata())
		for i := range s.Repeats {
			s.Repeats[i] = make([]int64, len(e.opts.Watch.Repeats))
		}
	}
	causes, feeders := map[costKey]int64{}, map[costKey]int64{}
	for k := range e.allWatched {
		gather(causes, k.causes, year)
		gather(feeders, k.feeders, year)
		for _, r := range k.repeats {
			if int(r.year) == year && s.Repeats != nil {
				s.Repeats[r.stratum][r.rule] += r.milli
			}
		}
	}
	s.Causes = e.costs(causes, func(n int32) string { return e.dict.Text(outage.Ref(n)) })
	slices.SortStableFunc(s.Causes, func(x, y Cost) int { return cmp.Compare(x.Area, y.Area) })
	s.Feeders = e.costs(feeders, e.feederName)
	return s
}

// allWatched gives what is kept of every group.
func (e *Engine) allWatched(yield func(*watched) bool) {
	if e.partial != nil && !yield(&e.partial.watched) {
		return
	}
	for n := range e.groups {
		if k := e.groups[n].watched; k != nil && !yield(k) {
			return
		}
	}
}

type costKey struct{ stratum, name int32 }

func gather(into map[costKey]int64, list []cost, year int) {
	for _, c := range list {
		if int(c.year) == year {
			into[costKey{c.stratum, c.name}] += c.milli
		}
	}
}

// feederName names a feeder of the base, or one that only rows name.
func (e *Engine) feederName(n int32) string {
	if n >= 0 {
		return e.base.Feeders()[n].Name
	}
	return e.dict.Text(outage.Ref(-1 - n))
}

// costs lists sums, the largest first.
func (e *Engine) costs(sums map[costKey]int64, name func(int32) string) []Cost {
	list := make([]Cost, 0, len(sums))
	for key, milli := range sums {
		area, _ := e.base.Stratum(int(key.stratum))
		list = append(list, Cost{Area: area, Name: name(key.name), Milli: milli})
	}
	slices.SortFunc(list, func(x, y Cost) int {
		return cmp.Or(cmp.Compare(y.Milli, x.Milli), cmp.Compare(x.Area, y.Area), cmp.Compare(x.Name, y.Name))
	})
	return list
}
