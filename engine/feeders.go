package engine

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// A FeederTotal is what the rows on one feeder add in one area. Its name is the
// base's or, where the base does not know the place, the one that rows give; empty
// where nobody names one.
type FeederTotal struct {
	Area outage.Area
	Name string
	Total
}

// Feeders lists what every feeder adds to the number that [Engine.Explain]
// explains, the largest first. A row counts once in each area and class of it. It is
// nil where the set needs major event days and there is no threshold.
func (e *Engine) Feeders(strata []int, w period.Period, set reliability.IndexSet, major *Major) []FeederTotal {
	x := e.explanation(strata, w, set, major)
	if x == nil {
		return nil
	}
	if e.partial != nil {
		return e.feedersOfShares(x)
	}
	workers := make([]feederSums, e.opts.Workers)
	for n := range workers {
		workers[n] = feederSums{x: x, sums: map[costKey]Total{}, seen: map[feederPart]bool{}}
	}
	e.parallel(x.groups(), func(worker int, d *deriver, g *group) {
		clear(workers[worker].seen)
		d.piecesWithin(g, x.window, workers[worker].add)
	})
	return e.feederTotals(workers)
}

// feederTotals adds up what the workers found, by name, as a feeder of the base
// may be that of rows elsewhere.
func (e *Engine) feederTotals(workers []feederSums) []FeederTotal {
	type key struct {
		area outage.Area
		name string
	}
	sums := map[key]Total{}
	for n := range workers {
		for k, t := range workers[n].sums {
			area, _ := e.base.Stratum(int(k.stratum))
			at := key{area, e.feederName(k.name)}
			sum := sums[at]
			sum.add(t)
			sums[at] = sum
		}
	}
	list := make([]FeederTotal, 0, len(sums))
	for k, t := range sums {
		list = append(list, FeederTotal{k.area, k.name, t})
	}
	slices.SortFunc(list, func(a, b FeederTotal) int {
		return cmp.Or(cmp.Compare(b.Milli, a.Milli), cmp.Compare(b.Interruptions, a.Interruptions), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Area, b.Area))
	})
	return list
}

// feederSums adds up by feeder and area, for one worker.
type feederSums struct {
	x    *explanation
	sums map[costKey]Total
	seen map[feederPart]bool // parts of the rows of the group
}

// A feederPart is a row in one stratum on one feeder.
type feederPart struct {
	place
	feeder int32
}

// add adds a piece.
func (f *feederSums) add(p *reliability.Piece, row int32) {
	c, ok := f.x.counted(p)
	if !ok {
		return
	}
	t := Total{Milli: c.Milli, Interruptions: c.Interruptions}
	feeder := f.x.e.feederCost(p, row)
	if part := (feederPart{place{row, p.Stratum}, feeder}); !f.seen[part] {
		f.seen[part] = true
		t.Rows = 1
	}
	key := costKey{f.x.e.areaStratum(p.Stratum), feeder}
	sum := f.sums[key]
	sum.add(t)
	f.sums[key] = sum
}
