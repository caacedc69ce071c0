package snapshot

import (
	"cmp"
	"maps"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// A fold adds up what the pieces of two windows, the earlier one first, add to a
// number, by feeder, nature and cause.
type fold struct {
	x       *examiner
	set     reliability.IndexSet
	wanted  []bool // by stratum
	windows [2]period.Period

	feeders           map[feederArea]*amounts
	natures           [outage.NatureCount]amounts
	causes, technical map[string]*amounts
}

// A feederArea is a feeder in one of its areas. Two feeders that the base does not
// know may have one name in two areas.
type feederArea struct {
	feeder string
	area   outage.Area
}

// amounts are thousandths in two windows.
type amounts [2]struct{ seconds, interruptions int64 }

// fold adds up a scope. It derives all pieces again.
func (x *examiner) fold(s *scope, set reliability.IndexSet, ws [2]period.Period) *fold {
	f := &fold{
		x: x, set: set, wanted: make([]bool, x.e.Base().Strata()), windows: ws,
		feeders: map[feederArea]*amounts{}, causes: map[string]*amounts{}, technical: map[string]*amounts{},
	}
	for _, stratum := range s.strata {
		f.wanted[stratum] = true
	}
	x.e.Pieces(f.add)
	return f
}

// add adds a piece to all lists.
func (f *fold) add(p *reliability.Piece, row int) {
	if !f.wanted[p.Stratum] || !f.set.Counts(p.Nature, p.Band, f.x.e.Bands()) {
		return
	}
	var a amounts
	for i, w := range f.windows {
		a[i].seconds, a[i].interruptions = f.within(p, w)
	}
	if a == (amounts{}) {
		return
	}
	ev, _ := f.x.e.Event(row)
	area, _ := f.x.e.Base().Stratum(int(p.Stratum))
	addTo(f.feeders, feederArea{f.feeder(p, ev.Feeder), area}, a)
	f.natures[p.Nature].add(a)
	addTo(f.causes, ev.Cause, a)
	addTo(f.technical, ev.TechnicalCause, a)
}

// within is what a piece adds in a window: its time there, or for sets that book
// on the first day all of it where the outage started there.
func (f *fold) within(p *reliability.Piece, w period.Period) (seconds, interruptions int64) {
	if f.set.StartDay {
		if f.counts(p.Booked, w) {
			seconds = p.Seconds()
		}
	} else {
		seconds = p.Milli * w.Overlap(period.Period{From: p.From, To: p.To}).Seconds()
	}
	if f.counts(p.From, w) {
		interruptions = p.Interrupted
	}
	return seconds, interruptions
}

// counts says whether what happens at an instant counts in a window.
func (f *fold) counts(t int64, w period.Period) bool {
	return w.Holds(t) && (!f.set.ExceptMajor || !f.x.major.Days[period.DayOf(t, f.x.p.Zone)])
}

// feeder is the feeder of a piece: that of the base; where the base does not know
// the place, the one that the row names; none where the base names no feeder.
func (f *fold) feeder(p *reliability.Piece, named string) string {
	if p.Cell == reliability.Nowhere {
		return named
	}
	base := f.x.e.Base()
	return base.Feeders()[base.CellFeeder(p.Cell)].Name
}

func addTo[K comparable](to map[K]*amounts, key K, a amounts) {
	if to[key] == nil {
		to[key] = &amounts{}
	}
	to[key].add(a)
}

func (a *amounts) add(o amounts) {
	for i := range a {
		a[i].seconds += o[i].seconds
		a[i].interruptions += o[i].interruptions
	}
}

func (f *fold) listFeeders(top int, unit *reliability.Pool) Contributors {
	moved := f.reclassified()
	var all []Contributor
	for key, a := range f.feeders {
		all = append(all, Contributor{Name: key.feeder, Area: string(key.area), Reclassified: moved[key.feeder], Shift: a.shift()})
	}
	return ranked(all, top, unit)
}

func (f *fold) listNatures(top int, unit *reliability.Pool) Contributors {
	var all []Contributor
	for n, a := range f.natures {
		if a != (amounts{}) {
			all = append(all, Contributor{Name: outage.Nature(n).String(), Shift: a.shift()})
		}
	}
	return ranked(all, top, unit)
}

func listCauses(causes map[string]*amounts, top int, unit *reliability.Pool) Contributors {
	var all []Contributor
	for name, a := range causes {
		all = append(all, Contributor{Name: name, Shift: a.shift()})
	}
	return ranked(all, top, unit)
}

func (a *amounts) shift() Shift {
	return Shift{
		Before: Milli(a[0].seconds), After: Milli(a[1].seconds), Change: Milli(a[1].seconds - a[0].seconds),
		InterruptionsBefore: Milli(a[0].interruptions), InterruptionsAfter: Milli(a[1].interruptions), InterruptionsChange: Milli(a[1].interruptions - a[0].interruptions),
	}
}

// ranked puts the largest changes first and the rest together. A unit of hours is
// the customers of the earlier window; without customers there are none.
func ranked(all []Contributor, top int, unit *reliability.Pool) Contributors {
	slices.SortFunc(all, func(x, y Contributor) int {
		return cmp.Or(
			cmp.Compare(magnitude(y.Change), magnitude(x.Change)), cmp.Compare(magnitude(y.InterruptionsChange), magnitude(x.InterruptionsChange)),
			cmp.Compare(x.Name, y.Name), cmp.Compare(x.Area, y.Area))
	})
	c := Contributors{Lines: []Contributor{}}
	for i := range all {
		if top > 0 && i >= top {
			c.Rest.add(&all[i].Shift)
			continue
		}
		all[i].Hours = hoursOf(int64(all[i].Change), unit.Service, unit.Window.Seconds())
		c.Lines = append(c.Lines, all[i])
	}
	c.Rest.Hours = hoursOf(int64(c.Rest.Change), unit.Service, unit.Window.Seconds())
	return c
}

// magnitude is how far a change goes, either way.
func magnitude(m Milli) Milli { return max(m, -m) }

func (r *Remainder) add(s *Shift) {
	r.Contributors++
	r.Before += s.Before
	r.After += s.After
	r.Change += s.Change
	r.InterruptionsBefore += s.InterruptionsBefore
	r.InterruptionsAfter += s.InterruptionsAfter
	r.InterruptionsChange += s.InterruptionsChange
}

// reclassified says of every feeder of the base whether it has customers in other
// areas or classes in the later window than in the earlier one, going by the first
// and the last instant of each. A feeder that has nobody in one of them only comes
// or goes.
func (f *fold) reclassified() map[string]bool {
	type places [2]map[int]bool // strata with customers in either window
	feeders := map[string]places{}
	cells := f.x.e.Base().Cells()
	for i := range cells {
		c := &cells[i]
		if c.Feeder == "" {
			continue
		}
		if feeders[c.Feeder][0] == nil {
			feeders[c.Feeder] = places{{}, {}}
		}
		for k, w := range f.windows {
			if c.InService(w.From) > 0 || c.InService(w.To-1) > 0 {
				feeders[c.Feeder][k][c.Stratum] = true
			}
		}
	}
	moved := map[string]bool{}
	for name, p := range feeders {
		moved[name] = len(p[0]) > 0 && len(p[1]) > 0 && !maps.Equal(p[0], p[1])
	}
	return moved
}
