package snapshot

import (
	"slices"

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
// say nothing and are left out.
func windows(e *engine.Engine, p *policy.Policy, o Options) []window {
	if o.Window != nil {
		return known([]window{{Custom, o.Window.Overlap(period.Period{From: o.Window.From, To: e.AsOf()})}}, e, p)
	}
	year := p.YearStart.YearOf(e.AsOf()-1, p.Zone)
	unsettled := e.AsOf()-p.YearStart.Year(year, p.Zone).From < p.Settle
	if o.Year != nil {
		year, unsettled = *o.Year, false
	}
	all := yearWindows(year, e.AsOf(), p)
	if unsettled {
		all = append(all,
			window{WholeYear, p.YearStart.Year(year-1, p.Zone)},
			window{PriorYear, p.YearStart.Year(year-2, p.Zone)})
	}
	all = append(all, months(year, e.AsOf(), p)...)
	return known(all, e, p)
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

// known keeps the windows that end after the day of the first row has begun: of
// the time before, nothing is known, which is not the same as no outage.
func known(all []window, e *engine.Engine, p *policy.Policy) []window {
	first, ok := e.FirstStart()
	if !ok {
		return nil
	}
	begin := period.DayOf(first, p.Zone).Start(p.Zone)
	return slices.DeleteFunc(all, func(w window) bool { return w.To <= begin })
}

// FindWindow gives the window of a name as [Build] shows it; ok is false where
// it shows none, or several (months).
func FindWindow(name string, e *engine.Engine, p *policy.Policy, o Options) (w period.Period, ok bool) {
	for _, shown := range windows(e, p, o) {
		if shown.name == name && name != Month {
			return shown.Period, true
		}
	}
	return period.Period{}, false
}
