package snapshot

import (
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/forecast"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
)

// An examiner gathers the evidence for targets.
type examiner struct {
	*builder
	census *engine.Census
	cover  coverage
	open   []openRow
	stale  map[period.Period][]int64 // what the stale rows add in a window, by stratum
	now    []int64                   // customers in service at as-of, by stratum; nil until needed
	series *forecast.History         // nil until needed
	ahead  *outlook                  // nil until needed
	storms map[stormKey]stormYear    // of base years, as far as they were asked for
}

// An openRow is a row that has no end yet.
type openRow struct {
	row    int
	start  int64
	stale  bool
	strata []int
}

func (b *builder) examiner(q *engine.Quality) *examiner {
	x := &examiner{builder: b, census: b.e.Census(b.p.YearStart), cover: coverageOf(b.e), stale: map[period.Period][]int64{}, storms: map[stormKey]stormYear{}}
	stale := map[int]bool{}
	for _, i := range q.Stale {
		stale[i] = true
	}
	for _, i := range q.Open {
		ev, _ := b.e.Event(i)
		x.open = append(x.open, openRow{row: i, start: ev.Start, stale: stale[i], strata: b.e.StrataOf(i)})
	}
	return x
}

// A subject is the scope and class of a target.
type subject struct {
	areas  []outage.Area
	strata []int
}

func (x *examiner) subject(t *policy.Target) subject {
	areas := x.p.MembersOf(t.Scope)
	return subject{areas: areas, strata: x.strata(areas, x.p.ClassFilter(t.Class))}
}

// evidence gathers what is known of a target in its year.
func (x *examiner) evidence(s policy.Standing, of subject) *policy.Evidence {
	asOf := x.asOf
	year := x.year(s.Year)
	before := x.year(s.Year - 1)
	e := &policy.Evidence{AsOf: asOf, Year: year}
	e.Now = x.span(of, s.Year, upTo(year, asOf))
	e.Before = x.span(of, s.Year-1, before)
	e.BeforeToDate = e.Before
	if asOf < year.To {
		e.BeforeToDate = x.span(of, s.Year-1, upTo(before, period.YearBefore(asOf, x.p.Zone)))
	}
	if s.Rule == policy.Reduction {
		e.Base = x.span(of, s.BaseYear, x.year(s.BaseYear))
		if asOf < year.To {
			x.parts(s, of, e)
		}
	}
	x.count(of, e)
	if e.Stale > 0 && e.Now.Value.Exists() && x.set.AnyLength(x.e.Bands()) {
		e.Floor = e.Now.Value.Less(x.stalePart(e.Year, e.Now.Period, of))
	}
	return e
}

// stalePart is what the stale outages of a year add to a subject in a window, in
// thousandths of customer-seconds.
func (x *examiner) stalePart(year, w period.Period, of subject) int64 {
	parts, ok := x.stale[w]
	if !ok {
		var rows []int
		for _, r := range x.open {
			if r.stale && r.start < year.To {
				rows = append(rows, r.row)
			}
		}
		parts = x.e.Part(rows, w, x.set, x.major)
		x.stale[w] = parts
	}
	var sum int64
	for _, s := range of.strata {
		sum += parts[s]
	}
	return sum
}

// count counts the outages of the year in a subject that have no end yet.
func (x *examiner) count(of subject, e *policy.Evidence) {
	for _, r := range x.open {
		switch {
		case r.start >= e.Year.To, !slices.ContainsFunc(r.strata, func(k int) bool { return slices.Contains(of.strata, k) }):
		case r.stale:
			e.Stale++
		default:
			e.Open++
		}
	}
}

// parts takes the year and the base year up to the same local date and clock.
func (x *examiner) parts(s policy.Standing, of subject, e *policy.Evidence) {
	through := x.cover.through(of.areas, e.AsOf)
	e.Part = x.span(of, s.Year, upTo(e.Year, through))
	through = period.YearsBefore(through, s.Year-s.BaseYear, x.p.Zone)
	e.PartBase = x.span(of, s.BaseYear, upTo(x.year(s.BaseYear), through))
}

// span is what is known of a subject in a window, which lies in a year.
func (x *examiner) span(of subject, year int, w period.Period) policy.Span {
	tally := x.tally(w)
	s := policy.Span{Period: w}
	for _, area := range of.areas {
		m := x.cover.member(area, w)
		rows := x.census.Rows(area, year)
		m.Rows, m.Bad = rows.InForce+rows.Rejected, rows.Rejected+rows.OverBase
		s.Areas = append(s.Areas, m)
		if x.served(area, of.strata, tally) == 0 || x.silent(area, year, w) {
			s.Without = append(s.Without, area)
		}
	}
	pool := tally.Pool(of.strata, x.e.Bands())
	if sums, ok := pool.Of(x.set); ok && len(s.Without) == 0 {
		s.Value = policy.Average(sums.Seconds, pool.Service, w.Seconds())
	}
	return s
}

// silentAll says whether nothing is known of an area in any year of a window.
func (x *examiner) silentAll(area outage.Area, w period.Period) bool {
	for y := x.p.YearStart.YearOf(w.From, x.p.Zone); y <= x.p.YearStart.YearOf(w.To-1, x.p.Zone); y++ {
		if !x.silent(area, y, w) {
			return false
		}
	}
	return true
}

// silent says whether nothing is known of an area in a year: no accepted row,
// and no declared period in the window.
func (x *examiner) silent(area outage.Area, year int, w period.Period) bool {
	return !x.census.Has(area, year) && x.cover.member(area, w).Covered == 0
}
