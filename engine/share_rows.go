package engine

import (
	"maps"
	"math/bits"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// row adds row i to what is counted of rows, or keeps it as it is.
func (s *sharer) row(i int32) {
	r := s.e.rows.at(i)
	switch {
	case !r.outcome.inBooks():
	case s.isKept(i, r):
		s.noted[i] = int32(len(s.going.rows))
		s.going.rows = append(s.going.rows, i)
	case r.outcome == Excluded:
		s.folded.none.add(uint64(max(0, r.customers))*uint64(r.length), 1)
	default:
		s.accepted(i, r)
	}
}

// isKept says whether a row is kept as it is: something of it goes on or is ahead,
// or it is listed.
func (s *sharer) isKept(i int32, r *row) bool {
	if _, going := s.noted[i]; going || r.outcome == Rejected || r.isLate(s.e.asOf) {
		return true
	}
	return r.outcome == Excluded && s.ask.Exclusions || r.outcome == Accepted && r.flags != 0 && s.ask.Suspicions
}

// accepted counts an accepted row that is over, as a [book] does.
func (s *sharer) accepted(i int32, r *row) {
	start, areas := int64(r.start), s.e.areasOf(i)
	s.folded.last = max(s.folded.last, start)
	over := int64(0)
	if r.overBase() {
		over = 1
	}
	year, last := s.years.of(start), s.years.of(max(r.end()-1, start))
	s.count(areas, year, [3]int64{1, over, 1})
	for y := year + 1; y <= last; y++ {
		s.count(areas, y, [3]int64{0, 0, 1})
	}
	for flags := uint32(r.flags); flags != 0; flags &= flags - 1 {
		s.folded.flags[bits.TrailingZeros32(flags)]++
	}
	if s.ask.Silences.Holds(start) {
		hour := int((start - s.ask.Silences.From) / silenceStep)
		key := hourKey{hour / hoursTogether, areas}
		n := s.folded.hours[key]
		if n == nil {
			n = new([4]int64)
			s.folded.hours[key] = n
		}
		setHour(n, hour)
	}
}

func (s *sharer) count(areas string, year int, n [3]int64) {
	key := censusKey{areas, year}
	sum := s.folded.census[key]
	s.folded.census[key] = [3]int64{sum[0] + n[0], sum[1] + n[1], sum[2] + n[2]}
}

// accounts counts what became of the rows, and notes where they are from.
func (s *sharer) accounts(rows []int32) {
	e := s.e
	counts := map[int32]*account{}
	sources := map[outage.Ref]bool{}
	for _, i := range rows {
		n := e.parts.list[e.parts.at(i)].account
		a := counts[n]
		if a == nil {
			a = newAccount(nil)
			counts[n] = a
		}
		a.count(e, i, e.rows.at(i).outcome, 1)
		sources[e.source(i)] = true
	}
	for n, a := range counts {
		s.account(n, a)
	}
	for ref := range sources {
		s.folded.add(sourceEntry, e.dict.Text(ref), 1)
	}
	if s.folded.last >= 0 {
		s.folded.add(lastDayEntry, entryText(int64(period.DayOf(s.folded.last, e.opts.Zone))), 1)
	}
}

func (s *sharer) account(n int32, a *account) {
	key, o := entryText(int64(n)), &a.outcomes
	if o[Accepted]+o[Rejected]+o[Duplicate]+o[Superseded] > 0 {
		s.folded.add(outcomesEntry, key, int64(o[Accepted]), int64(o[Rejected]), int64(o[Duplicate]), int64(o[Superseded]))
	}
	if o[Cancelled]+o[Excluded] > 0 {
		s.folded.add(moreEntry, key, int64(o[Cancelled]), int64(o[Excluded]))
	}
	for reason, rows := range a.reasons {
		s.folded.add(reasonEntry, key+" "+string(reason), int64(rows))
	}
}

// identities adds who was interrupted, by what is asked.
func (s *sharer) identities(groups []int32) {
	if !s.e.base.HasUnits() {
		return
	}
	for k, asked := range s.ask.Identities {
		w := asked.Window.Overlap(period.Period{From: asked.Window.From, To: s.e.asOf})
		into := reliability.NewIdentities(len(s.ask.Pools))
		for _, n := range groups {
			if s.e.hasWithin(&s.e.groups[n], w.From, w.To) {
				s.d.identities(&s.e.groups[n], w, s.sets[k], s.pools, into)
			}
		}
		for pool, d := range into {
			for part, n := range identityParts(d) {
				if n != [4]int64{} {
					s.folded.add(identityEntry, entryText(int64(k), int64(pool), int64(part)), n[:]...)
				}
			}
		}
	}
}

// beginFeeders begins what feeders add to numbers; nil where major event days have
// a say, which no group knows of itself.
func (s *sharer) beginFeeders() {
	s.feeders = s.feeders[:0]
	set, ok := reliability.SetByID(s.ask.FeederSet)
	if !ok || set.ExceptMajor {
		return
	}
	all := make([]int, s.e.base.Strata())
	for n := range all {
		all[n] = n
	}
	for _, w := range s.ask.Feeders {
		x := s.e.explanation(all, w, set, nil)
		s.feeders = append(s.feeders, feederSums{x: x, sums: map[costKey]Total{}, seen: map[feederPart]bool{}})
	}
}

// totals adds what the feeders of a group add to numbers.
func (s *sharer) totals(g *group) {
	for n := range s.feeders {
		f := &s.feeders[n]
		if s.e.hasWithin(g, f.x.window.From, f.x.window.To) {
			clear(f.seen)
			s.d.piecesWithin(g, f.x.window, f.add)
		}
	}
}

func (s *sharer) endFeeders() {
	for n := range s.feeders {
		sums := s.feeders[n].sums
		keys := slices.Collect(maps.Keys(sums)) // in any order, as entries are sorted
		for _, k := range keys {
			kind, name := s.feeder(k.name, totalEntry, otherTotalEntry)
			t := sums[k]
			s.folded.add(kind, entryText(int64(n), int64(k.stratum))+" "+name, t.Milli, t.Interruptions, int64(t.Rows))
		}
	}
}
