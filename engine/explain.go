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
	Customers     int64 // the most customers out at one instant by this row, in thousandths
	From, To      int64 // what of the row lies in the window, UTC seconds
	NotCounted    int64 // customer-seconds of the row that others hold or the base does not have, in thousandths
}

// Explain lists what the rows add to the customer-seconds and interruptions that
// a set counts in the strata and window given, largest first. The list adds up
// to the number exactly. It is nil where the set needs major event days and
// there is no threshold.
func (e *Engine) Explain(strata []int, w period.Period, set reliability.IndexSet, major *Major) []Contribution {
	w = w.Overlap(period.Period{From: w.From, To: e.asOf})
	if set.ExceptMajor && (major == nil || !major.covers(w)) {
		return nil
	}
	x := &explanation{e: e, set: set, window: w, major: major, wanted: make([]bool, e.base.Strata())}
	for _, s := range strata {
		x.wanted[s] = true
	}
	parts := make([][]Contribution, e.opts.Workers)
	e.parallel(e.groupsWhere(w.From, w.To), func(worker int, d *deriver, g *group) {
		parts[worker] = append(parts[worker], x.group(d, g)...)
	})
	list := slices.Concat(parts...)
	slices.SortFunc(list, func(a, b Contribution) int {
		return cmp.Or(cmp.Compare(b.Milli, a.Milli), cmp.Compare(b.Interruptions, a.Interruptions), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Class, b.Class))
	})
	return list
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
		if g := e.groupOf(r); r.open() && e.groups[g].counted {
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

type explanation struct {
	e      *Engine
	set    reliability.IndexSet
	window period.Period
	major  *Major
	wanted []bool
}

// group adds up the pieces of a group by row and stratum.
func (x *explanation) group(d *deriver, g *group) []Contribution {
	type place struct {
		row     int32
		stratum int32
	}
	at := map[place]int{}
	var list []Contribution
	var spans [][]span
	d.pieces(g, func(p *reliability.Piece, row int32) {
		if !x.wanted[p.Stratum] || !x.set.Counts(p.Nature, p.Band, x.e.opts.Bands) {
			return
		}
		c := x.of(p)
		if c.Milli == 0 && c.Interruptions == 0 && c.NotCounted == 0 {
			return
		}
		i, ok := at[place{row, p.Stratum}]
		if !ok {
			i = len(list)
			at[place{row, p.Stratum}] = i
			c.Row = int(row)
			c.Area, c.Class = x.e.base.Stratum(int(p.Stratum))
			list, spans = append(list, c), append(spans, nil)
		} else {
			list[i].add(c)
		}
		spans[i] = append(spans[i], span{p.From, p.To, p.Milli})
	})
	for i := range list {
		list[i].Customers = most(spans[i])
	}
	return list
}

// A span is customers out for a time.
type span struct{ from, to, milli int64 }

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
