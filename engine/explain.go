package engine

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// A Contribution is what one row adds to a number in one area and class.
type Contribution struct {
	Row           int // for [Engine.Event]
	Area          outage.Area
	Class         outage.Class
	Milli         int64 // customer-seconds, in thousandths
	Interruptions int64 // customers interrupted, in thousandths
	Customers     int64 // the most customers out at one instant by this row, of what counts here, in thousandths
	From, To      int64 // what of the row lies in the window, UTC seconds
	NotCounted    int64 // customer-seconds of the row that others hold or the base does not have, in thousandths
}

// Explain lists what the rows add to the customer-seconds and interruptions that
// a set counts in the strata and window given, largest first. The list adds up
// to the number exactly. It is nil where the set needs major event days and
// there is no threshold.
func (e *Engine) Explain(strata []int, w period.Period, set reliability.IndexSet, major *Major) []Contribution {
	x := e.explanation(strata, w, set, major)
	if x == nil {
		return nil
	}
	parts := make([][]Contribution, e.opts.Workers)
	x.each(func(worker int, c *Contribution, _ bool) { parts[worker] = append(parts[worker], *c) })
	list := slices.Concat(parts...)
	slices.SortFunc(list, func(a, b Contribution) int {
		return cmp.Or(cmp.Compare(b.Milli, a.Milli), cmp.Compare(b.Interruptions, a.Interruptions), compareLines(&a, &b))
	})
	return list
}

// compareLines is the order of contributions that are equal in what matters.
func compareLines(a, b *Contribution) int {
	return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Area, b.Area), cmp.Compare(a.Class, b.Class))
}

// Part is what some rows add, by stratum, to the customer-seconds in thousandths
// that a set counts in a window. It derives the groups only of those that have an
// end.
func (e *Engine) Part(rows []int, w period.Period, set reliability.IndexSet, major *Major) []int64 {
	wanted := map[int32]bool{}
	var open, closed []int32 // their groups
	for _, i := range rows {
		r := e.rows.at(int32(i))
		wanted[int32(i)] = true
		if g := e.groupOf(r); e.partial != nil || r.open() && e.groups[g].counted {
			open = append(open, g)
		} else {
			closed = append(closed, g)
		}
	}
	slices.Sort(open)
	slices.Sort(closed)
	x, d := &explanation{e: e, set: set, window: w, major: major}, e.deriver()
	sums := make([]int64, e.base.Strata())
	add := func(p *reliability.Piece, row int32) {
		if wanted[row] && set.Counts(p.Nature, p.Band, e.opts.Bands) {
			sums[p.Stratum] += x.of(p).Milli
		}
	}
	closed = slices.Compact(closed)
	for _, g := range closed {
		d.pieces(&e.groups[g], add)
	}
	for _, g := range slices.Compact(open) {
		if _, done := slices.BinarySearch(closed, g); done {
			continue
		}
		for i := range e.groups[g].kept {
			add(e.groups[g].kept[i].at(e.asOf), e.groups[g].kept[i].row)
		}
	}
	return sums
}

// An explanation is of what a set counts in some strata and a window.
type explanation struct {
	e      *Engine
	set    reliability.IndexSet
	window period.Period
	major  *Major
	wanted []bool
	// within says whether a piece is among those that are asked for; nil: all are.
	within func(p *reliability.Piece, row int32) bool
}

// explanation is nil where the set needs major event days and there is no
// threshold.
func (e *Engine) explanation(strata []int, w period.Period, set reliability.IndexSet, major *Major) *explanation {
	w = w.Overlap(period.Period{From: w.From, To: e.asOf})
	if set.ExceptMajor && (major == nil || !major.covers(w)) {
		return nil
	}
	x := &explanation{e: e, set: set, window: w, major: major, wanted: make([]bool, e.base.Strata())}
	for _, s := range strata {
		x.wanted[s] = true
	}
	return x
}

// each gives what every row adds in every stratum that is wanted, as far as its
// pieces are within what is asked for; within is false where none is. The workers
// call emit at the same time; what it gets is valid during the call only.
func (x *explanation) each(emit func(worker int, c *Contribution, within bool)) {
	adders := make([]*adder, x.e.opts.Workers)
	x.e.parallel(x.groups(), func(worker int, d *deriver, g *group) {
		if adders[worker] == nil {
			adders[worker] = &adder{x: x}
		}
		adders[worker].group(d, g, func(c *Contribution, within bool) { emit(worker, c, within) })
	})
}

// groups lists the groups in which something is out, or begins, in the window and
// of which a part may lie in a stratum that is wanted.
func (x *explanation) groups() []int32 {
	near := x.e.near(x.wanted)
	return slices.DeleteFunc(x.e.groupsWhere(x.window.From, x.window.To), func(n int32) bool { return int(n) < len(near) && !near[n] })
}

// near says of every group of the base whether it has customers in an area of the
// strata given. What the groups beyond have lies in any area.
func (e *Engine) near(strata []bool) []bool {
	areas := make([]bool, len(strata)/max(1, len(e.base.Classes))+1)
	for s, wanted := range strata {
		if wanted {
			areas[s/len(e.base.Classes)] = true
		}
	}
	near := make([]bool, e.base.Groups())
	cells := e.base.Cells()
	for i := range cells {
		if areas[cells[i].Stratum/len(e.base.Classes)] {
			near[cells[i].Group] = true
		}
	}
	return near
}

// An adder adds up the pieces of one group after the other by row and stratum. It
// keeps its memory and is for one goroutine.
type adder struct {
	x     *explanation
	d     *deriver
	first []int32 // by record: the first that it adds to of the list, or −1
	list  []added
	spans []span
	some  []span
}

// added is what a row adds in a stratum.
type added struct {
	Contribution
	stratum int32
	next    int32 // of the list, that the same record adds to in another stratum, or −1
	last    int32 // of its spans, or −1; each knows the one before
}

// group adds up the pieces of a group.
func (a *adder) group(d *deriver, g *group, emit func(c *Contribution, within bool)) {
	a.d, a.first, a.list, a.spans = d, a.first[:0], a.list[:0], a.spans[:0]
	d.piecesWithin(g, a.x.window, a.add)
	for i := range a.list {
		n := &a.list[i]
		n.Area, n.Class = a.x.e.base.Stratum(int(n.stratum))
		n.Customers = a.most(n.last)
		emit(&n.Contribution, n.last >= 0)
	}
}

// add adds a piece, if it is wanted, counts, and adds anything.
func (a *adder) add(p *reliability.Piece, row int32) {
	c, ok := a.x.counted(p)
	if !ok {
		return
	}
	n := a.of(p, row)
	if a.x.within != nil && !a.x.within(p, row) {
		return
	}
	if n.last < 0 {
		n.From, n.To = c.From, c.To
	}
	n.add(c)
	a.spans = append(a.spans, span{max(p.From, c.From), min(p.To, c.To), p.Milli, n.last})
	n.last = int32(len(a.spans) - 1)
}

// of is what the row of a piece adds in its stratum, by whichever of its records,
// which stand together.
func (a *adder) of(p *reliability.Piece, row int32) *added {
	records := a.d.records
	for len(a.first) < len(records) {
		a.first = append(a.first, -1)
	}
	from := int(p.Record)
	for from > 0 && records[from-1].Row == records[from].Row {
		from--
	}
	for k := from; k < len(records) && records[k].Row == records[from].Row; k++ {
		for i := a.first[k]; i >= 0; i = a.list[i].next {
			if a.list[i].stratum == p.Stratum {
				return &a.list[i]
			}
		}
	}
	a.list = append(a.list, added{Contribution: Contribution{Row: int(row)}, stratum: p.Stratum, next: a.first[p.Record], last: -1})
	a.first[p.Record] = int32(len(a.list) - 1)
	return &a.list[len(a.list)-1]
}

// most is the most customers out at one instant, by the spans up to one.
func (a *adder) most(last int32) int64 {
	if last < 0 {
		return 0
	}
	if a.spans[last].before < 0 {
		return a.spans[last].milli
	}
	a.some = a.some[:0]
	for ; last >= 0; last = a.spans[last].before {
		a.some = append(a.some, a.spans[last])
	}
	return most(a.some)
}

// A span is customers out for a time.
type span struct {
	from, to, milli int64
	before          int32 // the place of the span before of the same row and stratum, or −1
}

// most is the most customers out at one instant. Spans are few, and the most
// are out where one begins.
func most(spans []span) int64 {
	var most int64
	for _, s := range spans {
		var out int64
		for _, o := range spans {
			if o.from <= s.from && (s.from < o.to || s.from == o.from) {
				out += o.milli
			}
		}
		most = max(most, out)
	}
	return most
}

func (c *Contribution) add(o Contribution) {
	c.Milli += o.Milli
	c.Interruptions += o.Interruptions
	c.NotCounted += o.NotCounted
	c.From, c.To = min(c.From, o.From), max(c.To, o.To)
}

// counted is what a piece adds; ok is false where that is nothing, or it is not
// asked for.
func (x *explanation) counted(p *reliability.Piece) (c Contribution, ok bool) {
	if !x.wanted[p.Stratum] || !x.set.Counts(p.Nature, p.Band, x.e.opts.Bands) {
		return c, false
	}
	c = x.of(p)
	return c, c.Milli != 0 || c.Interruptions != 0 || c.NotCounted != 0
}

// of is what a piece adds: its time in the window, or for sets that book on the
// first day all of it where the outage started in the window.
func (x *explanation) of(p *reliability.Piece) Contribution {
	part := x.window.Overlap(period.Period{From: p.From, To: p.To})
	c := Contribution{From: part.From, To: part.To, NotCounted: (p.OverBase + p.Overlap) * part.Seconds()}
	c.Milli = p.Milli * part.Seconds()
	if x.set.StartDay {
		c.Milli, c.From, c.To = 0, p.From, p.To
		if x.counts(p.Booked) {
			c.Milli = p.Seconds()
		}
	}
	if x.window.Holds(p.From) && (!x.set.ExceptMajor || x.counts(p.From)) {
		c.Interruptions = p.Interrupted
	}
	return c
}

func (x *explanation) counts(t int64) bool {
	if x.set.ExceptMajor && x.major.Days[period.DayOf(t, x.e.opts.Zone)] {
		return false
	}
	return x.window.Holds(t)
}
