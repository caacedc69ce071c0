package backtest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/forecast"
	"github.com/saidi-exporter/saidi/period"
)

// steady is a stratum from 2017 to 2020 that loses one customer-second a day in the
// first year, two in the second, and so on, and has so many customers in each.
func steady(customers ...float64) *forecast.History {
	h := &forecast.History{First: period.DayOfDate(2017, time.January, 1), Strata: make([]forecast.Stratum, 1)}
	of := &h.Strata[0]
	for n, served := range customers {
		for day := period.DayOfDate(2017+n, time.January, 1); day < period.DayOfDate(2018+n, time.January, 1); day++ {
			of.Customers, of.Known = append(of.Customers, served), append(of.Known, true)
			of.Seconds[forecast.Fault] = append(of.Seconds[forecast.Fault], float64(n))
			of.Seconds[forecast.PreArranged] = append(of.Seconds[forecast.PreArranged], 1)
		}
	}
	return h
}

func series(t *testing.T, h *forecast.History, places ...Place) *Series {
	t.Helper()
	s, err := NewSeries("steady", h, places, period.YearStart{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// told is a forecast that knows what comes in 2020, four customer-seconds a day, and
// is beside it by so many customer-seconds a month from June, with a spread.
func told(beside int64, spread [5]int64) Forecaster {
	return func(h *forecast.History, at forecast.Origin, _ []forecast.Ahead) func([]int, int64) (Outlook, bool) {
		_, month, _ := (h.First + period.Day(at.Today)).Date()
		return func(_ []int, happened int64) (Outlook, bool) {
			o := certain(happened + 4000*int64(at.To-at.Today) + 1000*beside*int64(month-time.July))
			for n := range o.Quantiles {
				o.Quantiles[n] += 1000 * spread[n]
			}
			return o, true
		}
	}
}

// At the end of January 2020, 31 days of four customer-seconds have passed and 335
// are to come.
func TestNaiveByHand(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		customers []float64
		seen      int
		naive     [3]int64 // thousandths
		outcome   int64
		limits    []int64
	}{
		{"the same customers", []float64{10, 10, 10, 10}, 0, [3]int64{4000 * 366, 124000 + 3000*335, 124000 + 2000*335}, 4000 * 366, []int64{1010160, 1098000, 1152900}},
		{"twice as many in the last year", []float64{10, 10, 10, 20}, 0, [3]int64{4000 * 366, 124000 + 6000*335, 124000 + 4000*335}, 4000 * 366, []int64{2020320, 2196000, 2305800}},
		{"two years before", []float64{10, 10, 10, 10}, 365, [3]int64{4000 * 366, 124000 + 3000*335, 124000 + 2500*335}, 4000 * 366, []int64{1010160, 1098000, 1152900}},
		{"half a year before", []float64{10, 10, 10, 10}, 900, [3]int64{4000 * 366, 4000 * 366, 4000 * 366}, 4000 * 366, []int64{1010160, 1098000, 1152900}},
	}
	for _, tt := range tests {
		s := series(t, steady(tt.customers...), Place{"a", "rural"})
		s.Seen = tt.seen
		o := s.origin(s.Years[3], 1095+31)
		if got := o.naive([]int{0}); got != tt.naive {
			t.Errorf("%s: the rules of thumb say %d, want %d", tt.name, got, tt.naive)
		}
		if got := o.happened([]int{0}) + o.rest([]int{0}); got != tt.outcome {
			t.Errorf("%s: the outcome is %d, want %d", tt.name, got, tt.outcome)
		}
		if diff := cmp.Diff(tt.limits, o.limits([]int{0})); diff != "" {
			t.Errorf("%s: limits (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Customers who join after the origin count for nobody.
func TestCustomersWhoJoinLater(t *testing.T) {
	t.Parallel()
	h := steady(10, 10, 10, 10)
	for day := 1095 + 100; day < 1095+366; day++ {
		h.Strata[0].Customers[day] = 20
		h.Strata[0].Seconds[forecast.Fault][day] = 7 // with the other one 8, four for each ten
	}
	s := series(t, h, Place{"a", "rural"})
	o := s.origin(s.Years[3], 1095+31)
	if got, want := o.happened([]int{0}), int64(124000); got != want {
		t.Errorf("so far %d, want %d", got, want)
	}
	// 69 days with 10 customers and 266 with 20 lose 276 + 2128; 335 days with 10 lose so much less.
	if got, want := o.rest([]int{0}), int64(1340000); got != want {
		t.Errorf("the rest is %d, want %d", got, want)
	}
}

func TestOriginsAreMonthEnds(t *testing.T) {
	t.Parallel()
	s := series(t, steady(10, 10, 10, 10), Place{"a", "rural"})
	if got, want := s.Years, []Year{{2017, 0, 365}, {2018, 365, 730}, {2019, 730, 1095}, {2020, 1095, 1461}}; !cmp.Equal(got, want) || s.First != 3 {
		t.Fatalf("years %v, the first that is forecast is number %d, want %v and 3", got, s.First, want)
	}
	var dates []string
	for _, day := range s.origins(s.Years[3]) {
		dates = append(dates, (s.History.First + period.Day(day)).String())
	}
	if len(dates) != 11 || dates[0] != "2020-02-01" || dates[10] != "2020-12-01" {
		t.Errorf("origins %v, want the first of each month from February on", dates)
	}
	fiscal, err := NewSeries("fiscal", steady(10, 10, 10, 10), []Place{{"a", "rural"}}, period.YearStart{Month: time.April, Day: 1})
	if err != nil {
		t.Fatal(err)
	}
	last := fiscal.Years[len(fiscal.Years)-1]
	trials := fiscal.try(0, last, told(0, [5]int64{}))
	if len(fiscal.Years) != 3 || trials[0].Month != 1 || trials[10].Month != 11 {
		t.Errorf("years from April %v, months from %d to %d, want three years and 1 to 11", fiscal.Years, trials[0].Month, trials[len(trials)-1].Month)
	}
}

func TestNoWholeYear(t *testing.T) {
	t.Parallel()
	h := steady(10)
	h.First++
	if _, err := NewSeries("short", h, []Place{{"a", "rural"}}, period.YearStart{}); err == nil || err.Error() != "short: the data have no whole year" {
		t.Errorf("error %v", err)
	}
}

// The forecast is shown the days before the origin, those that are not hidden, and
// the customers of the origin.
func TestForecastSeesThePastAlone(t *testing.T) {
	t.Parallel()
	s := series(t, steady(10, 10, 10, 20), Place{"a", "rural"})
	s.Seen = 200
	asked := 0
	s.try(0, s.Years[3], func(h *forecast.History, at forecast.Origin, ahead []forecast.Ahead) func([]int, int64) (Outlook, bool) {
		asked++
		of := h.Strata[0]
		for what, n := range map[string]int{"customers": cap(of.Customers), "known": cap(of.Known), "faults": cap(of.Seconds[0]), "arranged": cap(of.Seconds[1])} {
			if n != at.Today {
				t.Errorf("%d days of %s at day %d", n, what, at.Today)
			}
		}
		if h.First != s.History.First+200 || at.From != 1095-200 || at.To != 1461-200 || at.Left != 1 || ahead[0].Customers != 20 {
			t.Errorf("from %s on, origin %+v, ahead %+v", h.First, at, ahead)
		}
		return func([]int, int64) (Outlook, bool) { return Outlook{}, false }
	})
	if asked != 11 {
		t.Errorf("asked at %d origins, want 11", asked)
	}
}

// Targets are strata, areas, classes and the whole; those that are the same strata
// as another, or have too little, are left out.
func TestTargets(t *testing.T) {
	t.Parallel()
	h := steady(10, 10, 10, 10)
	empty, calm := h.Strata[0], h.Strata[0]
	empty.Customers = make([]float64, len(empty.Known))
	calm.Seconds = [forecast.PartCount][]float64{make([]float64, len(calm.Known)), make([]float64, len(calm.Known))}
	h.Strata = []forecast.Stratum{h.Strata[0], h.Strata[0], h.Strata[0], calm, empty}
	s := series(t, h, Place{"a", "rural"}, Place{"a", "town"}, Place{"b", "rural"}, Place{"b", "town"}, Place{"c", "town"})
	want := []Target{
		{OneStratum, []int{0}}, {OneStratum, []int{1}}, {OneStratum, []int{2}},
		{OneArea, []int{0, 1}}, {OneArea, []int{2, 3}}, {Whole, []int{0, 1, 2, 3}}, {OneClass, []int{0, 2}}, {OneClass, []int{1, 3}},
	}
	if diff := cmp.Diff(want, s.Targets); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Place{{"b", "town"}}, s.LeftOut); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
}
