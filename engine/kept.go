package engine

import (
	"math"
	"slices"
	"sort"

	"github.com/saidi-exporter/saidi/reliability"
)

// A kept piece is one that is looked at again without its group being derived:
// one that goes on at as-of, or one of a row that has no end.
type kept struct {
	piece reliability.Piece
	row   int32
	runs  bool // it ends only because as-of is there
}

// keep keeps a piece of the group that is being derived, where it is one of
// these.
func (d *deriver) keep(g *group, p *reliability.Piece, row int32) {
	runs := p.To == d.e.asOf && p.From < p.To && d.records[p.Record].End > d.e.asOf
	if runs || p.Milli != 0 && d.e.rows.at(row).open() {
		g.kept = append(g.kept, kept{*p, row, runs})
	}
}

// at is the piece as it is at as-of.
func (k *kept) at(asOf int64) *reliability.Piece {
	if k.runs {
		k.piece.To = asOf
	}
	return &k.piece
}

// goesOn says whether a group is counted on from as-of to t by what runs in it:
// nothing begins or ends up to t and the base stays as it is, so that its sums grow
// with the time. What begins at t itself counts for nothing yet, but may be the
// largest part of an event, in which the event is counted.
func (e *Engine) goesOn(g *group, t, still int64) bool { return g.next > t && still >= t }

// stillUntil is the instant until which neither the base changes nor, where what
// stands out is kept by years, a year begins.
func (e *Engine) stillUntil() int64 {
	t := int64(math.MaxInt64)
	changes := e.changesOfBase()
	if i := sort.Search(len(changes), func(i int) bool { return changes[i] >= e.asOf }); i < len(changes) {
		t = changes[i]
	}
	if w := e.opts.Watch; w != nil && e.asOf != math.MinInt64 {
		t = min(t, w.Years.Year(w.Years.YearOf(e.asOf, e.opts.Zone), e.opts.Zone).To-1)
	}
	return t
}

// goOn adds to the sums what runs in a group, from an instant to as-of.
func (e *Engine) goOn(g *group, from int64) {
	for i := range g.kept {
		k := &g.kept[i]
		if !k.runs {
			continue
		}
		p := k.piece
		p.From, p.To, p.Interrupted, p.Events = from, e.asOf, 0, 0
		e.sums.Add(&p, 1)
		if e.opts.Watch != nil && p.Milli > 0 {
			g.watched = e.goOnWatched(g.watched, &p, k.row)
		}
	}
}

// goOnWatched adds a piece that lies in one year to what is kept of a group.
func (e *Engine) goOnWatched(k *watched, p *reliability.Piece, row int32) *watched {
	if k == nil {
		k = &watched{}
	}
	c := cost{year: int32(e.opts.Watch.Years.YearOf(p.From, e.opts.Zone)), stratum: e.areaStratum(p.Stratum), milli: p.Seconds()}
	c.name = int32(e.cause(e.rows.at(row)).responsible)
	k.causes = addCost(k.causes, c)
	c.name = e.feederCost(p, row)
	k.feeders = addCost(k.feeders, c)
	return k
}

// addCost adds to the cost of the same year, area and name in a list that is in
// order.
func addCost(list []cost, c cost) []cost {
	i, found := slices.BinarySearchFunc(list, c, compareCosts)
	if found {
		list[i].milli += c.milli
		return list
	}
	return slices.Insert(list, i, c)
}
