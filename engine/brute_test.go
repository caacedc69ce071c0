package engine

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// What the engine keeps and moves with the clock, worked out anew from all rows
// and all groups in the plainest way.

// BruteQuality is what [Engine.Quality] says of the rows.
func (e *Engine) BruteQuality() *Quality {
	q := &Quality{RejectedReasons: map[outage.Reason]int{}, Flags: map[string]int{}}
	for i := range e.accounts {
		q.Rows += e.accounts[i].Rows
		q.Skipped += e.accounts[i].Skipped
	}
	var none float64
	for i := range int32(e.rows.len()) {
		switch r := e.rows.at(i); r.outcome {
		case Rejected:
			q.RejectedReasons[e.extra(i).rejection.reason]++
			q.Rejected++
		case Accepted:
			q.Accepted++
			for _, code := range r.flags.Codes() {
				q.Flags[code]++
			}
			switch {
			case int64(r.start) > e.asOf:
				q.Pending++
			case r.open() && int64(r.start) < e.asOf:
				q.Open = append(q.Open, int(i))
				if e.asOf-int64(r.start) > e.opts.StaleAfter {
					q.Stale = append(q.Stale, int(i))
				}
			}
		case Excluded:
			q.Excluded++
			none += float64(max(0, r.customers)) * float64(max(min(r.end(), e.asOf), int64(r.start))-int64(r.start))
		case Duplicate:
			q.Duplicate++
		case Superseded:
			q.Superseded++
		case Cancelled:
			q.Cancelled++
		}
	}
	q.NoOutage = none / 3600
	slices.SortFunc(q.Open, e.byStart)
	slices.SortFunc(q.Stale, e.byStart)
	if e.sums != nil {
		q.Loss = e.sums.Loss
		q.addSeconds(e.sums)
	}
	return q
}

// BruteReasons is what [Engine.RejectedReasons] says.
func (e *Engine) BruteReasons(account int) map[outage.Reason]int {
	reasons := map[outage.Reason]int{}
	for i := range int32(e.rows.len()) {
		if e.rows.at(i).outcome == Rejected && e.accountOf(i) == e.accounts[account] {
			reasons[e.extra(i).rejection.reason]++
		}
	}
	return reasons
}

// BruteRejected lists the rows of [Engine.Rejects].
func (e *Engine) BruteRejected() []Origin {
	var list []int32
	for i := range int32(e.rows.len()) {
		if e.rows.at(i).outcome == Rejected {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(i, j int32) int {
		return cmp.Or(cmp.Compare(e.partNumber(i), e.partNumber(j)), cmp.Compare(e.rows.at(i).place, e.rows.at(j).place))
	})
	var origins []Origin
	for _, i := range list {
		_, o := e.Event(int(i))
		origins = append(origins, o)
	}
	return origins
}

// BruteCensus is [Engine.Census].
func (e *Engine) BruteCensus(ys period.YearStart) *Census {
	c := &Census{cells: map[censusKey]RowCount{}, told: map[censusKey]bool{}}
	for i := range int32(e.rows.len()) {
		r := e.rows.at(i)
		known := e.startKnown(i)
		if r.outcome != Accepted && r.outcome != Rejected || known && int64(r.start) >= e.asOf {
			continue
		}
		key := censusKey{areas: e.bruteAreas(i), year: noYear}
		if known {
			key.year = ys.YearOf(int64(r.start), e.opts.Zone)
		}
		n := c.cells[key]
		if r.outcome == Rejected {
			n.Rejected++
		} else {
			n.InForce++
			if r.flags&(outage.OverBase|outage.OutOfService) != 0 && r.customers != 0 {
				n.OverBase++
			}
			c.tell(key.areas, key.year, ys.YearOf(min(max(r.end()-1, int64(r.start)), e.asOf-1), e.opts.Zone))
		}
		c.cells[key] = n
	}
	return c
}

// bruteAreas is areasOf without its short way.
func (e *Engine) bruteAreas(i int32) string {
	r := e.rows.at(i)
	if r.area != 0 && r.flags&outage.ContradictsBase == 0 {
		return e.areas.Text(outage.Ref(r.area))
	}
	if u := e.numbers.unit[r.unit]; u != reliability.Nowhere {
		area, _ := e.base.Stratum(e.base.UnitStratum(u, int64(r.start)))
		return string(area)
	}
	var areas []string
	for _, s := range e.StrataOf(int(i)) {
		if area, _ := e.base.Stratum(s); !slices.Contains(areas, string(area)) {
			areas = append(areas, string(area))
		}
	}
	return strings.Join(areas, between)
}

// Same says whether two censuses are equal.
func (c *Census) Same(o *Census) bool {
	return maps.Equal(c.cells, o.cells) && maps.Equal(c.told, o.told)
}

// BruteSilences is [Engine.Silences].
func (e *Engine) BruteSilences(w period.Period) []Silence {
	w.To = min(w.To, e.asOf)
	hours := int(w.Seconds() / silenceStep)
	if hours == 0 || hours > longestSilence {
		return nil
	}
	active := map[string][]bool{}
	e.activeRows(w, hours, active)
	var all []Silence
	for area, hour := range active {
		for _, s := range silences(hour[:hours]) {
			all = append(all, Silence{outage.Area(area), period.Period{From: w.From + int64(s[0])*silenceStep, To: w.From + int64(s[1])*silenceStep}})
		}
	}
	slices.SortFunc(all, func(a, b Silence) int { return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.From, b.From)) })
	return all
}

// BruteSpan is [Engine.FirstStart] and [Engine.LastStart].
func (e *Engine) BruteSpan() (first, last int64, ok bool) {
	first, last = math.MaxInt64, math.MinInt64
	for i := range int32(e.rows.len()) {
		if r := e.rows.at(i); r.outcome == Accepted {
			first, last, ok = min(first, int64(r.start)), max(last, int64(r.start)), true
		}
	}
	return first, last, ok
}

// BruteOut is [Engine.Out].
func (e *Engine) BruteOut() []Out {
	out := make([]Out, e.base.Strata())
	d := e.deriver()
	d.piecer = reliability.NewPiecer(e.base, e.opts.Bands, e.asOf+1)
	for n := range e.groups {
		e.outOf(out, func(emit func(*reliability.Piece, int32)) { d.pieces(&e.groups[n], emit) })
	}
	return out
}

// BrutePart is [Engine.Part].
func (e *Engine) BrutePart(rows []int, w period.Period, set reliability.IndexSet, major *Major) []int64 {
	x := &explanation{e: e, set: set, window: w, major: major}
	sums := make([]int64, e.base.Strata())
	e.Pieces(func(p *reliability.Piece, row int) {
		if slices.Contains(rows, row) && set.Counts(p.Nature, p.Band, e.opts.Bands) {
			sums[p.Stratum] += x.of(p).Milli
		}
	})
	return sums
}

// BruteTally is the strata of [Engine.Tally] without major event days.
func (e *Engine) BruteTally(w period.Period) []reliability.Block {
	t := e.newTally(w, nil)
	e.Pieces(func(p *reliability.Piece, _ int) { t.AddPiece(p, w, false) })
	return t.Strata
}

// BruteStandout is [Engine.Standout] of an engine that has derived all its groups
// at this instant.
func (e *Engine) BruteStandout(year int) *Standout {
	if e.sums == nil {
		return e.Standout(year)
	}
	d, sums := e.deriver(), reliability.NewDaySums(e.base.Strata(), e.sums.Calendar())
	kept := slices.Clone(e.groups)
	for n := range e.groups {
		if len(e.groups[n].rows) > 0 {
			d.countWatched(sums, &e.groups[n])
		}
	}
	s := e.Standout(year)
	e.groups = kept
	return s
}
