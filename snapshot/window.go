package snapshot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
)

// The names of windows.
const (
	YearToDate      = "ytd"        // the running year up to as-of
	PriorYearToDate = "prior_ytd"  // the year before, up to the same date and clock
	WholeYear       = "year"       // a complete year
	PriorYear       = "prior_year" // the year before a complete one
	Month           = "month"      // one month
	Custom          = "custom"     // as asked for
)

// A window is a span of time with the name under which it is shown.
type window struct {
	name string
	period.Period
}

// windows chooses what is shown: a window asked for; or of the year, that of
// the instant before as-of where none is asked for, the year to date and the
// same of the year before while it runs, itself and the year before once it is
// complete, and the months of both. While a closed year is not yet settled it
// is shown beside the running one. Windows that lie wholly before the first row
// and declared period say nothing and are left out.
func windows(e *engine.Engine, asOf int64, p *policy.Policy, o Options) []window {
	if o.Window != nil {
		return known([]window{{Custom, upTo(*o.Window, asOf)}}, e, p)
	}
	shown := years(asOf, p, o)
	var all []window
	for _, year := range shown {
		all = append(all, yearWindows(year, asOf, p)...)
	}
	all = append(all, months(shown[0], asOf, p)...)
	return known(all, e, p)
}

// years lists the years that are shown: one asked for; else that of the instant
// before as-of and, while it is not yet settled, the one before. None with a
// window of its own.
func years(asOf int64, p *policy.Policy, o Options) []int {
	switch {
	case o.Window != nil:
		return nil
	case o.Year != nil:
		return []int{*o.Year}
	}
	year := p.YearStart.YearOf(asOf-1, p.Zone)
	if start := p.YearStart.Year(year, p.Zone).From; asOf-start < p.Settle {
		return []int{year, year - 1}
	}
	return []int{year}
}

// looked gives the window of which data is looked at most closely, cut at as-of,
// and the one of the same kind before.
func (b *builder) looked(o Options) (now, before period.Period) {
	if o.Window != nil {
		now = upTo(*o.Window, b.asOf)
		return now, period.Period{From: now.From, To: now.From}
	}
	year := b.years(o)[0]
	return upTo(b.year(year), b.asOf), b.year(year - 1)
}

func (b *builder) windows(o Options) []window { return windows(b.e, b.asOf, b.p, o) }
func (b *builder) years(o Options) []int      { return years(b.asOf, b.p, o) }
func (b *builder) year(y int) period.Period   { return b.p.YearStart.Year(y, b.p.Zone) }

// upTo cuts a window at an instant.
func upTo(w period.Period, t int64) period.Period {
	return period.Period{From: w.From, To: max(w.From, min(w.To, t))}
}

func yearWindows(year int, asOf int64, p *policy.Policy) []window {
	this, before := p.YearStart.Year(year, p.Zone), p.YearStart.Year(year-1, p.Zone)
	if asOf >= this.To {
		return []window{{WholeYear, this}, {PriorYear, before}}
	}
	return []window{
		{YearToDate, period.Period{From: this.From, To: asOf}},
		{PriorYearToDate, period.Period{From: before.From, To: period.YearBefore(asOf, p.Zone)}},
	}
}

func months(year int, asOf int64, p *policy.Policy) []window {
	var all []window
	for _, y := range []int{year - 1, year} {
		for _, m := range p.YearStart.Months(y, p.Zone) {
			if m.To = min(m.To, asOf); m.From < m.To {
				all = append(all, window{Month, m})
			}
		}
	}
	return all
}

// known keeps the windows that end after the day of the first row, or a declared
// period, has begun: of the time before, nothing is known, which is not the same
// as no outage.
func known(all []window, e *engine.Engine, p *policy.Policy) []window {
	begin, ok := begins(e, p.Zone)
	if !ok {
		return nil
	}
	return slices.DeleteFunc(all, func(w window) bool { return w.To <= begin })
}

// begins is the instant from which on something is known: the beginning of the
// day of the first row, or of the first declared period.
func begins(e *engine.Engine, zone *time.Location) (t int64, ok bool) {
	t, declared := coverageOf(e).begin()
	first, ok := e.FirstStart()
	if ok {
		if day := period.DayOf(first, zone).Start(zone); !declared || day < t {
			t = day
		}
	}
	return t, ok || declared
}

// FindWindow gives the window of a name as [Build] shows it; ok is false where
// it shows none, or several (months).
func FindWindow(name string, e *engine.Engine, p *policy.Policy, o Options) (w period.Period, ok bool) {
	for _, shown := range windows(e, e.AsOf(), p, o) {
		if shown.name == name && name != Month {
			return shown.Period, true
		}
	}
	return period.Period{}, false
}

// monthLayout is how a calendar month is given.
const monthLayout = "2006-01"

// ParseWindow reads what of the time is asked for: a window as [FindWindow] knows
// it, and what [ParseDates] reads. An empty text means the year of the instant
// before as-of, as far as it goes. It is an error if the report shows no such
// window, or nothing can be known of it.
func ParseWindow(text string, e *engine.Engine, p *policy.Policy) (period.Period, error) {
	if text == "" {
		for _, name := range []string{YearToDate, WholeYear} {
			if w, ok := FindWindow(name, e, p, Options{}); ok {
				return w, nil
			}
		}
		return period.Period{}, errors.New("no row was accepted in the year of as-of: give FROM..TO")
	}
	if w, ok, err := ParseDates(text, e, p); ok || err != nil {
		return w, err
	}
	w, ok := FindWindow(text, e, p, Options{})
	if !ok {
		known := append(shown(e, p), "a month (2022-06)", "FROM..TO")
		return w, fmt.Errorf("%q: the report as of %s shows no such window; give %s", text, clock(e.AsOf(), p.Zone), strings.Join(known, ", "))
	}
	return w, nil
}

// ParseDates reads a calendar month (2022-06) or FROM..TO, which may end after
// as-of but not begin there; ok is false where a text is neither.
func ParseDates(text string, e *engine.Engine, p *policy.Policy) (w period.Period, ok bool, err error) {
	switch month, failed := time.Parse(monthLayout, text); {
	case failed == nil:
		w = MonthOf(month.Year(), month.Month(), p.Zone)
	case !strings.Contains(text, ".."):
		return w, false, nil
	default:
		if w, err = period.Parse(text, p.Zone); err != nil {
			return w, false, err
		}
	}
	if w.From >= e.AsOf() {
		return w, false, fmt.Errorf("%q: the window begins at or after as-of, %s: nothing is known of it", text, clock(e.AsOf(), p.Zone))
	}
	return w, true, nil
}

// MonthOf is a calendar month.
func MonthOf(year int, month time.Month, zone *time.Location) period.Period {
	first, next := period.DayOfDate(year, month, 1), period.DayOfDate(year, month+1, 1)
	return period.Period{From: first.Start(zone), To: next.Start(zone)}
}

// clock writes an instant for messages.
func clock(t int64, zone *time.Location) string {
	return time.Unix(t, 0).In(zone).Format("2006-01-02 15:04")
}

// shown lists the windows that the report shows, months apart.
func shown(e *engine.Engine, p *policy.Policy) []string {
	var names []string
	for _, name := range []string{YearToDate, PriorYearToDate, WholeYear, PriorYear} {
		if _, ok := FindWindow(name, e, p, Options{}); ok {
			names = append(names, name)
		}
	}
	return names
}
