package engine

import (
	"math"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// partial is what an engine has of shares instead of rows.
type partial struct {
	ask        *Ask
	parts      period.Spans          // in which windows may be cut
	edges      [][]reliability.Piece // by part: pieces that are over and lie in it, or are booked there
	ahead      [][]reliability.Piece // by end of time
	census     map[censusKey][3]int64
	hours      map[hourKey][4]int64
	flags      [16]int
	none       wide
	watched    watched
	identities [][]*reliability.Identity // by ask, then pool
	totals     []map[costKey]Total       // by window of the feeders
	lastDay    period.Day
	missed     []period.Period
}

func newPartial(ask *Ask) *partial {
	p := &partial{ask: ask, census: map[censusKey][3]int64{}, hours: map[hourKey][4]int64{}, lastDay: math.MinInt32, ahead: make([][]reliability.Piece, len(ask.Ahead))}
	for range ask.Identities {
		p.identities = append(p.identities, reliability.NewIdentities(len(ask.Pools)))
	}
	for range ask.Feeders {
		p.totals = append(p.totals, map[costKey]Total{})
	}
	return p
}

// Partial says whether e was composed of shares. It cannot advance nor take in
// rows, and does not know most rows, so that nothing may be asked of it that lists,
// explains or selects them.
func (e *Engine) Partial() bool { return e.partial != nil }

// Missed lists the times of which something was asked that the shares do not tell,
// once for every time that it was asked: an answer during which the list grows must
// be refused.
func (e *Engine) Missed() []period.Period {
	if e.partial == nil {
		return nil
	}
	return slices.Clone(e.partial.missed)
}

func (e *Engine) miss(w period.Period) {
	e.partial.missed = append(e.partial.missed, w)
}

func (e *Engine) mustBeWhole() {
	if e.partial != nil {
		panic("engine: one that is composed of shares stays as it is")
	}
}

// lastOfShares is the start of the last row, or that of its day, not after an
// instant at as-of or later.
func (e *Engine) lastOfShares(now int64) int64 {
	if now < e.asOf {
		e.miss(period.Period{From: now, To: e.asOf})
	}
	last := int64(math.MinInt64)
	if e.partial.lastDay != math.MinInt32 {
		last = e.partial.lastDay.Start(e.opts.Zone)
	}
	for i := range int32(e.rows.len()) {
		if r := e.rows.at(i); r.outcome == Accepted && int64(r.start) <= now {
			last = max(last, int64(r.start))
		}
	}
	return last
}

// addEdges counts a part of a day.
func (e *Engine) addEdges(t *reliability.Tally, part period.Period, major *Major) {
	day := period.DayOf(part.From, e.opts.Zone)
	at := slices.IndexFunc(e.partial.parts, func(w period.Period) bool { return w.From <= part.From && part.To <= w.To })
	if at < 0 {
		e.miss(part)
		return
	}
	for i := range e.partial.edges[at] {
		t.AddPiece(&e.partial.edges[at][i], part, major.days()[day])
	}
	for n := range e.groups {
		for i := range e.groups[n].kept {
			if k := &e.groups[n].kept[i]; k.runs {
				t.AddPiece(k.at(e.asOf), part, major.days()[day])
			}
		}
	}
}

// aheadOfShares is [Engine.Ahead] by what shares tell.
func (e *Engine) aheadOfShares(to int64, emit func(*reliability.Piece)) {
	n := slices.Index(e.partial.ask.Ahead, to)
	if n < 0 {
		e.miss(period.Period{From: e.asOf, To: to})
		return
	}
	for i := range e.partial.ahead[n] {
		p := e.partial.ahead[n][i]
		if p.To <= e.asOf || p.From >= to {
			continue
		}
		p.From, p.To = max(p.From, e.asOf), min(p.To, to)
		emit(&p)
	}
}

// mergeShares adds to a book what shares tell of rows that are over.
func (e *Engine) mergeShares(b *book) {
	if e.books.ys != e.askedYears(e.partial.ask) {
		e.miss(period.Period{From: math.MinInt64, To: e.asOf})
	}
	for bit, n := range e.partial.flags {
		b.flags[bit] += n
	}
	b.noOutage.plus(e.partial.none)
	for k, n := range e.partial.census {
		y := &b.place(k.areas).years[k.year-firstYear]
		y.InForce += int(n[0])
		y.OverBase += int(n[1])
		y.told += int(n[2])
	}
}

// activeOfShares marks the hours of a window in which rows that are over start.
func (e *Engine) activeOfShares(w period.Period, hours int, active map[string][]bool) {
	asked := e.partial.ask.Silences
	if w.From != asked.From || w.To != min(asked.To, e.asOf) {
		e.miss(w)
		return
	}
	for k, n := range e.partial.hours {
		for at := range hoursTogether {
			hour := k.block*hoursTogether + at
			if hour > hours || !hasHour(&n, at) {
				continue
			}
			for area := range strings.SplitSeq(k.areas, between) {
				mark(active, area, hour, hours)
			}
		}
	}
}

// identitiesOfShares is [Engine.Identities] by what shares tell.
func (e *Engine) identitiesOfShares(pools [][]int, w period.Period, set reliability.IndexSet) []*reliability.Identity {
	asked := e.partial.ask
	n := slices.IndexFunc(asked.Identities, func(i IdentityAsk) bool {
		return i.Set == set.ID && i.Window.Overlap(period.Period{From: i.Window.From, To: e.asOf}) == w
	})
	if n < 0 {
		e.miss(w)
		return anonymous(len(pools))
	}
	list := reliability.NewIdentities(len(pools))
	for p, pool := range pools {
		k := slices.IndexFunc(asked.Pools, func(of []int) bool { return slices.Equal(of, pool) })
		if k < 0 {
			e.miss(w)
			return anonymous(len(pools))
		}
		list[p].Merge(e.partial.identities[n][k])
	}
	return list
}

// feedersOfShares is [Engine.Feeders] by what shares tell of whole areas.
func (e *Engine) feedersOfShares(x *explanation) []FeederTotal {
	n := slices.IndexFunc(e.partial.ask.Feeders, func(w period.Period) bool {
		return w.Overlap(period.Period{From: w.From, To: e.asOf}) == x.window
	})
	if n < 0 || x.set.ID != e.partial.ask.FeederSet || x.set.ExceptMajor {
		e.miss(x.window)
		return nil
	}
	classes := len(e.base.Classes)
	some := feederSums{sums: map[costKey]Total{}}
	for s := 0; s < len(x.wanted); s += classes {
		of := x.wanted[s : s+classes]
		if slices.Contains(of, true) && slices.Contains(of, false) {
			e.miss(x.window)
			return nil
		}
	}
	for k, total := range e.partial.totals[n] {
		if x.wanted[k.stratum] {
			some.sums[k] = total
		}
	}
	return e.feederTotals([]feederSums{some})
}

// refOf is a reference that is kept as a number.
func refOf(n int32) outage.Ref { return outage.Ref(n) }

// refTo is the reference of a text, which may be new.
func (e *Engine) refTo(text string) int32 {
	ref := e.dict.Intern(text)
	e.numbers.reserve(e.dict.Len())
	return int32(ref)
}
