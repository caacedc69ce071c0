package engine

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// Identities works out, for each pool of strata, who was interrupted in a
// window by what a set counts. It looks through the pieces once for all pools;
// where the base knows no units, nobody has an identity.
func (e *Engine) Identities(pools [][]int, w period.Period, set reliability.IndexSet) []*reliability.Identity {
	if !e.base.HasUnits() {
		return anonymous(len(pools))
	}
	w = w.Overlap(period.Period{From: w.From, To: e.asOf})
	if e.partial != nil {
		return e.identitiesOfShares(pools, w, set)
	}
	byStratum := make([][]int, e.base.Strata())
	for p, strata := range pools {
		for _, s := range strata {
			byStratum[s] = append(byStratum[s], p)
		}
	}
	parts := make([][]*reliability.Identity, e.opts.Workers)
	for i := range parts {
		parts[i] = reliability.NewIdentities(len(pools))
	}
	e.parallel(e.groupsWhere(w.From, w.To), func(worker int, d *deriver, g *group) {
		d.identities(g, w, set, byStratum, parts[worker])
	})
	for _, part := range parts[1:] {
		for p := range part {
			parts[0][p].Merge(part[p])
		}
	}
	return parts[0]
}

func anonymous(n int) []*reliability.Identity {
	list := reliability.NewIdentities(n)
	for _, d := range list {
		d.Anonymous = true
	}
	return list
}

// ofUnit is what one unit went through in one stratum.
type ofUnit struct {
	unit, stratum int32
	times         int
	seconds       int64
	milli         int64
}

// identities folds the pieces of a group by unit. A unit is in one group only.
func (d *deriver) identities(g *group, w period.Period, set reliability.IndexSet, byStratum [][]int, into []*reliability.Identity) {
	var list []ofUnit
	d.pieces(g, func(p *reliability.Piece, _ int32) {
		if !set.Counts(p.Nature, p.Band, d.e.opts.Bands) {
			return
		}
		u := ofUnit{unit: p.Unit, stratum: p.Stratum, milli: max(p.Milli, p.Interrupted)}
		if p.Milli > 0 {
			u.seconds = w.Overlap(period.Period{From: p.From, To: p.To}).Seconds()
		}
		if p.Interrupted > 0 && w.Holds(p.From) {
			u.times = 1
		}
		if u.seconds == 0 && u.times == 0 {
			return
		}
		if p.Unit == reliability.Nowhere {
			for _, pool := range byStratum[p.Stratum] {
				into[pool].Anonymous = true
			}
			return
		}
		list = append(list, u)
	})
	slices.SortFunc(list, func(a, b ofUnit) int { return cmp.Compare(a.unit, b.unit) })
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].unit == list[0].unit {
			n++
		}
		addUnit(list[:n], byStratum, into)
		list = list[n:]
	}
}

// addUnit adds what one unit went through to every pool that has a part in it.
func addUnit(list []ofUnit, byStratum [][]int, into []*reliability.Identity) {
	sums := map[int]ofUnit{}
	for _, u := range list {
		for _, pool := range byStratum[u.stratum] {
			s := sums[pool]
			sums[pool] = ofUnit{times: s.times + u.times, seconds: s.seconds + u.seconds, milli: max(s.milli, u.milli)}
		}
	}
	for pool, s := range sums {
		into[pool].Add(s.milli, s.times, s.seconds)
	}
}
