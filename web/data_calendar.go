package web

import (
	"slices"
	"strconv"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A dataCalendar shows for which days deliveries declare to cover an area, of the
// year that is shown and the one before.
type dataCalendar struct {
	Years  []string // labels, the earlier one first
	Months []string // labels, of the months of a year in order
	Areas  []calendarArea
}

// A calendarArea is the days of one area.
type calendarArea struct {
	Area, Through, Ratio, Prior string
	Years                       []calendarYear
	Gaps                        []string // of both years
}

// A calendarYear is the days of one year as a drawing of one unit a day.
type calendarYear struct {
	Label  string // what it says, for those who cannot see it
	Year   string
	Days   int
	Months []int // on which day each begins
	Spans  []calendarSpan
}

// A calendarSpan is days of one kind: covered, gap, undeclared or future.
type calendarSpan struct {
	Kind, Title         string
	X, Y, Width, Height int
}

// dataCalendar is nil where no window shows which year is meant.
func (t *teller) dataCalendar(s *snapshot.Snapshot) *dataCalendar {
	asOf, err := time.Parse(time.RFC3339, s.Provenance.AsOf)
	e := yearShown(s)
	if e == nil || err != nil || len(s.Quality.Coverage) == 0 {
		return nil
	}
	from, err := time.Parse(time.RFC3339, e.From)
	if err != nil {
		return nil
	}
	begin, c := date(from), &dataCalendar{}
	for m := range 12 {
		c.Months = append(c.Months, strconv.Itoa(int(begin.AddDate(0, m, 0).Month())))
	}
	years := []time.Time{begin.AddDate(-1, 0, 0), begin}
	for _, y := range years {
		c.Years = append(c.Years, strconv.Itoa(y.Year()))
	}
	for i := range s.Quality.Coverage {
		k := s.Quality.Coverage[i]
		k.Gaps = gapsTold(k.Gaps, asOf)
		a := calendarArea{Area: t.scopeName(k.Area), Through: local(k.DataThrough), Ratio: t.share(k.Ratio), Prior: t.share(k.PriorRatio)}
		for _, y := range years {
			a.Years = append(a.Years, t.calendarYear(&k, y, asOf))
		}
		for _, g := range k.Gaps {
			a.Gaps = append(a.Gaps, t.Say("hours.window", local(g.From), local(g.To)))
		}
		a.Gaps = firstOf(a.Gaps, t.Say)
		c.Areas = append(c.Areas, a)
	}
	return c
}

// notYetTold is how long it may take to tell what happened: a gap up to as-of that is
// shorter is none yet.
const notYetTold = time.Hour

// gapsTold leaves out the gap of what nobody can have told by as-of.
func gapsTold(gaps []snapshot.Gap, asOf time.Time) []snapshot.Gap {
	return slices.DeleteFunc(slices.Clone(gaps), func(g snapshot.Gap) bool {
		from, err := time.Parse(time.RFC3339, g.From)
		if err != nil {
			return false
		}
		to, err := time.Parse(time.RFC3339, g.To)
		return err == nil && !to.Before(asOf) && asOf.Sub(from) < notYetTold
	})
}

// date is the date of an instant by its own clock, as midnight in UTC, so that all
// days are equally long.
func date(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

// daysTo is how many days lie between two dates.
func daysTo(from, to time.Time) int { return int(to.Sub(from) / (24 * time.Hour)) }

// calendarYear draws the days of a year: a day with a gap in it is a gap.
func (t *teller) calendarYear(c *snapshot.Coverage, begin, asOf time.Time) calendarYear {
	y := calendarYear{Year: strconv.Itoa(begin.Year()), Days: daysTo(begin, begin.AddDate(1, 0, 0))}
	for m := range 12 {
		y.Months = append(y.Months, daysTo(begin, begin.AddDate(0, m, 0)))
	}
	kinds := make([]string, y.Days)
	past := daysTo(begin, date(asOf.Add(-time.Nanosecond)))
	for d := range kinds {
		switch {
		case d > past:
			kinds[d] = "future"
		case c.Ratio == nil:
			kinds[d] = "undeclared"
		default:
			kinds[d] = "covered"
		}
	}
	gaps := 0
	for _, g := range c.Gaps {
		first, last := gapDays(begin, g)
		if first, last = max(first, 0), min(last, y.Days-1); first <= last {
			gaps++
			for d := first; d <= last; d++ {
				kinds[d] = "gap"
			}
		}
	}
	y.Spans, y.Label = t.calendarSpans(kinds, begin), t.calendarLabel(c, begin.Year(), gaps)
	return y
}

// gapDays are the first and the last day, counted from a date, that a gap touches.
func gapDays(begin time.Time, g snapshot.Gap) (first, last int) {
	from, err := time.Parse(time.RFC3339, g.From)
	if err != nil {
		return 0, -1
	}
	to, err := time.Parse(time.RFC3339, g.To)
	if err != nil {
		return 0, -1
	}
	return daysTo(begin, date(from)), daysTo(begin, date(to.Add(-time.Nanosecond)))
}

// calendarSpans joins days of one kind. The kinds differ in height as well as in
// colour.
func (t *teller) calendarSpans(kinds []string, begin time.Time) []calendarSpan {
	words := map[string]string{"covered": t.Say("data.covered"), "gap": t.Say("data.gap"), "undeclared": t.Say("page.undeclared"), "future": t.Say("data.future")}
	tops := map[string]int{"covered": 4, "gap": 0, "undeclared": 10, "future": 11}
	const bottom = 12
	var all []calendarSpan
	for d := 0; d < len(kinds); {
		end := d
		for end < len(kinds) && kinds[end] == kinds[d] {
			end++
		}
		kind := kinds[d]
		title := t.Say("reason.about", words[kind], t.Say("hours.window", begin.AddDate(0, 0, d).Format(time.DateOnly), begin.AddDate(0, 0, end-1).Format(time.DateOnly)))
		all = append(all, calendarSpan{Kind: kind, Title: title, X: d, Y: tops[kind], Width: end - d, Height: bottom - tops[kind]})
		d = end
	}
	return all
}

// calendarLabel says what the drawing of a year shows.
func (t *teller) calendarLabel(c *snapshot.Coverage, year, gaps int) string {
	switch {
	case c.Ratio == nil:
		return t.Say("data.label-undeclared", year)
	case gaps == 0:
		return t.Say("data.label-whole", year)
	}
	return t.Say("data.label-gaps", year, gaps)
}
