package engine

import (
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// GroupNames lists the names of the groups that have rows which count here, by
// [reliability.Base.GroupName]; whatever becomes of a row, it is in the group of
// the feeder or unit that it names.
func (e *Engine) GroupNames() []string {
	names := e.base.GroupNames()
	seen := make([]bool, len(names)+1)
	for i := range int32(e.rows.len()) {
		if r := e.rows.at(i); r.marks&foreign == 0 {
			seen[1+e.placedIn(r)] = true
		}
	}
	var list []string
	for n, some := range seen {
		switch {
		case some && n == 0:
			list = append(list, "")
		case some:
			list = append(list, names[n-1])
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// placedIn is the group of the base in which a row belongs by the unit or feeder
// that it names, or Nowhere.
func (e *Engine) placedIn(r *row) int32 {
	if u := e.numbers.unit[r.unit]; u != reliability.Nowhere {
		return e.base.UnitGroup(u)
	}
	if f := e.numbers.feeder[r.feeder]; f != reliability.Nowhere {
		return e.base.FeederGroup(f)
	}
	return reliability.Nowhere
}

// Shares gives the shares of the groups of some names, in order, at as-of. Rows
// that count elsewhere are in none. A name without rows has an empty share.
func (e *Engine) Shares(names []string, ask *Ask) []*Share {
	m := newSharing(e, names, ask)
	shares := make([]*Share, len(names))
	sharers := make([]*sharer, e.opts.Workers)
	e.inParallel(len(names), func(worker, k int) {
		if sharers[worker] == nil {
			sharers[worker] = newSharer(m)
		}
		shares[k] = sharers[worker].share(names[k], m.rows[k], m.groups[k])
	})
	return shares
}

// A sharing is what the sharers of one call have in common.
type sharing struct {
	e      *Engine
	ask    *Ask
	rows   [][]int32 // by share, in the order in which they came
	groups [][]int32 // by share: groups of the engine that have rows in force
	hot    []bool    // by day of the calendar
	still  int64     // see [Engine.stillUntil]
	pools  [][]int   // by stratum: the pools that it is in
	sets   []reliability.IndexSet
}

func newSharing(e *Engine, names []string, ask *Ask) *sharing {
	m := &sharing{e: e, ask: ask, rows: make([][]int32, len(names)), groups: make([][]int32, len(names)), still: e.stillUntil()}
	m.place(names)
	m.hot = make([]bool, e.sums.Calendar().Days())
	for day := range m.hot {
		m.hot[day] = slices.ContainsFunc(ask.Hot, func(w period.Period) bool { return w.Holds(e.sums.Calendar().Start(day)) })
	}
	m.pools = make([][]int, e.base.Strata())
	for p, strata := range ask.Pools {
		for _, s := range strata {
			m.pools[s] = append(m.pools[s], p)
		}
	}
	for _, i := range ask.Identities {
		set, _ := reliability.SetByID(i.Set)
		m.sets = append(m.sets, set)
	}
	return m
}

// place parts rows and groups by share.
func (m *sharing) place(names []string) {
	e := m.e
	byName := make(map[string]int32, len(names))
	for k, name := range names {
		byName[name] = int32(k)
	}
	of := make([]int32, e.base.Groups()+1) // share + 1, of no group and of each of the base
	for g, name := range append([]string{""}, e.base.GroupNames()...) {
		if k, ok := byName[name]; ok {
			of[g] = k + 1
		}
	}
	counts := make([]int, len(names)+1)
	for i := range int32(e.rows.len()) {
		if r := e.rows.at(i); r.marks&foreign == 0 {
			counts[of[1+e.placedIn(r)]]++
		}
	}
	for k := range m.rows {
		m.rows[k] = make([]int32, 0, counts[k+1])
	}
	for i := range int32(e.rows.len()) {
		if r := e.rows.at(i); r.marks&foreign == 0 {
			if k := of[1+e.placedIn(r)] - 1; k >= 0 {
				m.rows[k] = append(m.rows[k], i)
			}
		}
	}
	for g := range e.groups {
		k := of[0] - 1 // of what lies beyond the base
		if g < e.base.Groups() {
			k = of[1+g] - 1
		}
		if k >= 0 && len(e.groups[g].rows) > 0 {
			m.groups[k] = append(m.groups[k], int32(g))
		}
	}
}

// A sharer makes one share after the other. It is for one goroutine.
type sharer struct {
	*sharing
	d, out  *deriver   // up to as-of, and the instant after
	ahead   []*deriver // by end of time
	years   yearFinder
	folded  folded
	s       *Share
	going   going
	noted   map[int32]int32 // rows that are kept as they are, by row: the place in going
	kept    []kept          // of the group
	feeders []feederSums    // by window
}

func newSharer(m *sharing) *sharer {
	e := m.e
	s := &sharer{sharing: m, d: e.deriver(), out: e.deriver(), years: e.yearFinder(e.askedYears(m.ask)), noted: map[int32]int32{}}
	s.out.piecer = reliability.NewPiecer(e.base, e.opts.Bands, e.asOf+1)
	for _, to := range m.ask.Ahead {
		d := e.deriver()
		d.piecer = reliability.NewPiecer(e.base, e.opts.Bands, to)
		d.closed = &e.asOf
		s.ahead = append(s.ahead, d)
	}
	return s
}

// askedYears are those by which shares count.
func (e *Engine) askedYears(ask *Ask) period.YearStart {
	if ask.Years == (period.YearStart{}) && e.opts.Watch != nil {
		return e.opts.Watch.Years
	}
	return ask.Years
}

// share makes the share of some rows and groups.
func (s *sharer) share(name string, rows, groups []int32) *Share {
	e := s.e
	s.s = &Share{Name: name, AsOf: e.asOf, Due: math.MaxInt64, First: math.MaxInt64, Last: math.MinInt64}
	s.folded.clear()
	clear(s.noted)
	s.going = going{}
	s.beginFeeders()
	for _, n := range groups {
		s.group(&e.groups[n])
	}
	s.identities(groups)
	for _, i := range rows {
		s.row(i)
	}
	s.accounts(rows)
	s.endFeeders()
	s.s.Days, s.s.Entries = s.folded.days(), s.folded.entries()
	s.s.Going = s.going.encode(s)
	if len(s.ask.Identities)+len(s.ask.Feeders) > 0 && len(rows) > 0 {
		s.s.Due = e.asOf + 1
	}
	return s.s
}
