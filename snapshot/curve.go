package snapshot

import (
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// A Curve is how the hours of an average customer came about in a year, day by
// day, beside the year before.
type Curve struct {
	SchemaVersion int          `json:"schema_version"`
	AsOf          string       `json:"as_of"` // RFC 3339
	Scope         string       `json:"scope"`
	Class         string       `json:"class"`
	Index         string       `json:"index"` // the index set that is judged
	Year          int          `json:"year"`
	Days          []CurvePoint `json:"days"`       // of the year, each at the end of a local day; the last of a running year at as-of
	PriorDays     []CurvePoint `json:"prior_days"` // of the whole year before
}

// A CurvePoint is the year to date at the end of a local day.
type CurvePoint struct {
	At    string   `json:"at"`               // RFC 3339: the end of the day, or as-of
	Hours *float64 `json:"saidi_hours"`      // of the year to date; null without customers
	Day   Milli    `json:"customer_seconds"` // that passed on the day
}

// CurveOf gives the curve of a scope and class in the year of the instant before
// as-of; an unknown scope or class is an error. Its last point is the hours of the
// year to date, to the last bit, and so is every other one of what is known now: of
// outages that were under way at its end, the time up to it. An index set that books
// outages on the day on which they start has all of their time on that day.
func CurveOf(e *engine.Engine, p *policy.Policy, scope, class string) (*Curve, error) {
	b := newBuilder(e, p)
	s, _, err := b.asked(Question{Scope: scope, Class: class})
	if err != nil {
		return nil, err
	}
	x := b.examiner(e.Quality())
	return x.curves().of(&s, p.YearStart.YearOf(b.asOf-1, p.Zone)), nil
}

// curves draws curves of several scopes, and works out only once what they have
// in common.
type curves struct {
	*examiner
	begin int64 // from which on something is known; as-of where nothing is
	years map[int][]curveDay
}

// A curveDay is a local day, or as much of it as has passed.
type curveDay struct {
	period.Period
	number  int     // of the calendar of day sums, or −1
	major   bool    // a major event day
	service []int64 // ∫ customers in service dt from the year's beginning to the day's end, by stratum
}

func (x *examiner) curves() *curves {
	c := &curves{examiner: x, begin: x.asOf, years: map[int][]curveDay{}}
	if begin, ok := begins(x.e, x.p.Zone); ok {
		c.begin = begin
	}
	return c
}

// of draws a curve.
func (c *curves) of(s *scope, year int) *Curve {
	return &Curve{
		SchemaVersion: SchemaVersion, AsOf: c.at(c.asOf), Scope: s.id, Class: s.class, Index: c.set.ID, Year: year,
		Days: c.points(s, year), PriorDays: c.points(s, year-1),
	}
}

// days lists the days of a year up to as-of. A date that a zone leaves out has no
// time and is none.
func (c *curves) days(year int) []curveDay {
	if known, ok := c.years[year]; ok {
		return known
	}
	var days []curveDay
	w := upTo(c.year(year), c.asOf)
	service := make([]int64, c.e.Base().Strata())
	for d := period.DayOf(w.From, c.p.Zone); d.Start(c.p.Zone) < w.To; d++ {
		day := curveDay{Period: c.day(d).Overlap(w), number: c.numberOf(d), major: c.major.Days[d]}
		if day.Seconds() == 0 {
			continue
		}
		for i, more := range c.e.Base().ServiceSeconds(day.From, day.To) {
			service[i] += more
		}
		day.service = slices.Clone(service)
		days = append(days, day)
	}
	c.years[year] = days
	return days
}

// numberOf is the number of a day in the day sums, or −1.
func (c *curves) numberOf(d period.Day) int {
	if sums := c.e.Sums(); sums != nil && sums.Calendar().Covers(d.Start(c.p.Zone)) {
		return sums.Calendar().Index(d.Start(c.p.Zone))
	}
	return -1
}

// points are the year to date at the end of every day.
func (c *curves) points(s *scope, year int) []CurvePoint {
	list := []CurvePoint{}
	from, sum := c.year(year).From, reliability.Sums{}
	_, threshold := c.major.Thresholds[year]
	for _, day := range c.days(year) {
		pool := &reliability.Pool{Window: period.Period{From: from, To: day.To}, Bands: c.e.Bands()}
		sums := c.onDay(s, &day)
		sum.Add(sums, 1)
		for _, stratum := range s.strata {
			pool.Service += day.service[stratum]
		}
		point := CurvePoint{At: c.at(day.To), Day: Milli(sums.Seconds)}
		if day.To > c.begin && (threshold || !c.set.ExceptMajor) && !c.unknown(s, year, &day) {
			point.Hours = some(pool.SAIDIHours(sum))
		}
		list = append(list, point)
	}
	return list
}

// onDay is what the judged set counts on a day.
func (c *curves) onDay(s *scope, day *curveDay) reliability.Sums {
	pool := &reliability.Pool{Bands: c.e.Bands(), ExMajor: &reliability.Block{}}
	if day.number < 0 {
		return reliability.Sums{}
	}
	for _, stratum := range s.strata {
		if b := c.e.Sums().Day(stratum, day.number); b != nil {
			pool.Block.Add(b, 1)
		}
	}
	if !day.major {
		pool.ExMajor = &pool.Block
	}
	sums, _ := pool.Of(c.set)
	return sums
}

// unknown says whether nothing is known of a member that has had customers, from
// the beginning of a year to the end of a day.
func (c *curves) unknown(s *scope, year int, day *curveDay) bool {
	w := period.Period{From: c.year(year).From, To: day.To}
	return slices.ContainsFunc(s.areas, func(area outage.Area) bool {
		served := slices.ContainsFunc(s.strata, func(k int) bool {
			of, _ := c.e.Base().Stratum(k)
			return of == area && day.service[k] > 0
		})
		return served && c.silent(area, year, w)
	})
}
