package backtest

import (
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/forecast"
	"github.com/saidi-exporter/saidi/period"
)

// A Series is the days of some strata, and which of their years are forecast.
type Series struct {
	Kind    string
	History *forecast.History // all days, those that are to be forecast too
	Seen    int               // the first day that a forecast may see
	Targets []Target
	Years   []Year  // the whole years in order, without a gap
	First   int     // the number in Years of the first that is forecast
	LeftOut []Place // with customers, and too little else to be judged by

	starts period.YearStart
	sums   *sums
}

// A Year is a year in days of the history, half-open.
type Year struct{ Number, From, To int }

// The sizes of targets.
const (
	OneStratum = "stratum"
	OneArea    = "area"
	OneClass   = "class"
	Whole      = "whole"
)

// Sizes lists the sizes of targets, small ones first.
func Sizes() []string { return []string{OneStratum, OneArea, OneClass, Whole} }

// A Target is some strata of which the year's end is asked.
type Target struct {
	Size   string
	Strata []int
}

// A Place is the area and class of a stratum.
type Place struct{ Area, Class string }

// NewSeries makes the series of a history whose strata are at some places. Years
// begin as ys says; those of which the history has only a part are not asked about.
// All but the first three are forecast, of three or fewer the last.
func NewSeries(kind string, h *forecast.History, places []Place, ys period.YearStart) (*Series, error) {
	s := &Series{Kind: kind, History: h, starts: ys, sums: newSums(h), Years: wholeYears(h.First, days(h), ys)}
	if len(s.Years) == 0 {
		return nil, fmt.Errorf("%s: the data have no whole year", kind)
	}
	s.First = min(warmUp, len(s.Years)-1)
	s.Targets = s.targets(places)
	for n, at := range places {
		if !s.empty(n) && !s.enough([]int{n}) {
			s.LeftOut = append(s.LeftOut, at)
		}
	}
	return s, nil
}

// days is the number of days of a history.
func days(h *forecast.History) int {
	if len(h.Strata) == 0 {
		return 0
	}
	return len(h.Strata[0].Known)
}

// wholeYears lists the years that some days from the first on have whole.
func wholeYears(first period.Day, n int, ys period.YearStart) []Year {
	var all []Year
	for number := ys.YearOfDay(first); ; number++ {
		y := Year{number, int(ys.LastDay(number-1) + 1 - first), int(ys.LastDay(number) + 1 - first)}
		if y.To > n {
			return all
		}
		if y.From >= 0 {
			all = append(all, y)
		}
	}
}

// leastDays is on how many days a target has to have had outages in all, and
// leastYears is in how many of the years, in tenths, for it to be asked about.
const (
	leastDays  = 30
	leastYears = 8
)

// targets lists the strata, the areas, the classes and the whole that have enough
// to be judged by; what is the same strata as a smaller one is left out, but the
// whole stands in the place of a class.
func (s *Series) targets(places []Place) []Target {
	all := make([]int, len(places))
	for n := range all {
		all[n] = n
	}
	list := make([]Target, 0, 2*len(all))
	add := func(size string, strata []int) {
		if !s.enough(strata) || slices.ContainsFunc(list, func(t Target) bool { return slices.Equal(t.Strata, strata) }) {
			return
		}
		list = append(list, Target{size, strata})
	}
	alike := func(size string, of func(Place) string) {
		var seen []string
		for _, p := range places {
			if name := of(p); !slices.Contains(seen, name) {
				seen = append(seen, name)
				add(size, slices.DeleteFunc(slices.Clone(all), func(n int) bool { return of(places[n]) != name || s.empty(n) }))
			}
		}
	}
	for n := range all {
		add(OneStratum, []int{n})
	}
	alike(OneArea, func(p Place) string { return p.Area })
	add(Whole, slices.DeleteFunc(slices.Clone(all), s.empty))
	alike(OneClass, func(p Place) string { return p.Class })
	return list
}

// empty says whether a stratum never had customers.
func (s *Series) empty(stratum int) bool {
	return s.sums.served([]int{stratum}, 0, days(s.History)) == 0
}

// enough says whether some strata have customers, and outages on enough days and in
// enough years.
func (s *Series) enough(strata []int) bool {
	some, years := 0, 0
	for day := range days(s.History) {
		if s.sums.total(strata, day, day+1) > 0 {
			some++
		}
	}
	for _, y := range s.Years {
		if s.sums.total(strata, y.From, y.To) > 0 {
			years++
		}
	}
	return s.sums.served(strata, 0, days(s.History)) > 0 && some >= leastDays && 10*years >= leastYears*len(s.Years)
}

// mean is the customer-seconds of an average whole year.
func (s *Series) mean(strata []int) float64 {
	var sum int64
	for _, y := range s.Years {
		sum += s.sums.total(strata, y.From, y.To)
	}
	return float64(sum) / float64(len(s.Years))
}

// origins lists the days on which months begin within a year.
func (s *Series) origins(y Year) []int {
	var all []int
	for day := y.From + 1; day < y.To; day++ {
		if _, _, n := (s.History.First + period.Day(day)).Date(); n == 1 {
			all = append(all, day)
		}
	}
	return all
}
