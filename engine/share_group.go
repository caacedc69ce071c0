package engine

import (
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// goingGroup is what goes on in a group of the engine, by rows that are kept.
type goingGroup struct {
	row  int32  // one of those in force, which tells which group it is
	kept []kept // all pieces of rows that last beyond as-of
	out  []kept // what is out at as-of, where that is not what is kept
	cut  bool   // out says what is out
}

// group adds what a group of the engine has.
func (s *sharer) group(g *group) {
	first, last := s.e.groupSpan(g, math.MaxInt64)
	s.s.First, s.s.Last = min(s.s.First, first), max(s.s.Last, last)
	s.costs(g.watched)
	s.pieces(g)
	s.aheadOf(g)
	s.totals(g)
	kept := goingGroup{row: g.rows[0], kept: slices.Clone(s.kept)}
	s.s.Due = min(s.s.Due, s.due(g, &kept))
	if len(kept.kept) == 0 && !kept.cut {
		return
	}
	for _, k := range slices.Concat(kept.kept, kept.out) {
		s.noted[k.row], kept.row = 0, k.row
	}
	if len(kept.kept)+len(kept.out) > 0 {
		s.going.groups = append(s.going.groups, kept)
	}
}

// pieces adds the pieces of a group up to as-of, and keeps those of rows that last
// beyond it.
func (s *sharer) pieces(g *group) {
	e, c := s.e, s.e.sums.Calendar()
	s.kept = s.kept[:0]
	s.d.pieces(g, func(p *reliability.Piece, row int32) {
		s.folded.piece(c, p)
		runs := p.To == e.asOf && p.From < p.To && s.d.records[p.Record].End > e.asOf
		if runs || p.Milli != 0 && e.lasts(row) {
			s.kept = append(s.kept, kept{*p, row, runs})
		}
		if !runs && (p.Milli != 0 || p.Interrupted != 0 || p.Events != 0) && s.isHot(c, p) {
			s.folded.edge(p)
		}
	})
}

// lasts says whether some customers of a row, or of those that say with it who is
// still out, are out beyond as-of.
func (e *Engine) lasts(i int32) bool {
	end, _ := e.until(i)
	return end > e.asOf
}

// isHot says whether a piece lies on a day in which windows may be cut, or is
// booked on one.
func (s *sharer) isHot(c *period.Calendar, p *reliability.Piece) bool {
	for day := c.Index(p.From); day < len(s.hot) && c.Start(day) <= p.To; day++ {
		if s.hot[day] {
			return true
		}
	}
	return s.hot[c.Index(p.Booked)]
}

// due gives the instant from which on the share of a group does not hold, and notes
// what is out where that cannot be told by what is kept.
func (s *sharer) due(g *group, into *goingGroup) int64 {
	e := s.e
	switch {
	case g.quiet <= e.asOf && g.due > e.asOf:
		return g.due
	case e.goesOn(g, e.asOf+1, s.still):
		return min(g.next-1, s.still)
	}
	into.cut = true
	s.out.pieces(g, func(p *reliability.Piece, row int32) {
		if e.isOut(p) {
			into.out = append(into.out, kept{*p, row, false})
		}
	})
	return e.asOf + 1
}

// aheadOf adds what the rows of a group tell of the time from as-of on.
func (s *sharer) aheadOf(g *group) {
	e := s.e
	for n, d := range s.ahead {
		to := s.ask.Ahead[n]
		if to <= e.asOf || !e.tellsAhead(g, to) {
			continue
		}
		d.pieces(g, func(p *reliability.Piece, _ int32) {
			if p.To > e.asOf && p.From < to { // also of nobody, as it says that something begins
				s.folded.tellAhead(n, p)
			}
		})
	}
}

// costs adds what causes and feeders cost, and whom the repeat rules hold for.
func (s *sharer) costs(w *watched) {
	if w == nil {
		return
	}
	for _, c := range w.causes {
		s.folded.add(causeEntry, entryText(int64(c.year), int64(c.stratum))+" "+s.e.dict.Text(refOf(c.name)), c.milli)
	}
	for _, c := range w.feeders {
		kind, name := s.feeder(c.name, feederEntry, otherFeederEntry)
		s.folded.add(kind, entryText(int64(c.year), int64(c.stratum))+" "+name, c.milli)
	}
	for _, r := range w.repeats {
		s.folded.add(repeatEntry, entryText(int64(r.year), int64(r.stratum), int64(r.rule)), r.milli)
	}
}

// feeder gives the kind and the name of an entry of a feeder: its number in the
// base, or the text of one that only rows name.
func (s *sharer) feeder(n int32, known, other uint8) (kind uint8, name string) {
	if n >= 0 {
		return known, entryText(int64(n))
	}
	return other, s.e.dict.Text(refOf(-1 - n))
}
