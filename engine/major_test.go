package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// majorCase is a hundred customers, all out from 08:00 on the days given for so
// many seconds.
func majorCase(days map[string]int64) refInput {
	in := refCase([]outage.Customers{refServed("f1", "a", "rural", 100)}, outage.RepeatedReject)
	for day, seconds := range days {
		e := refOut(day, day+" 08:00", "", 100)
		e.End = e.Start + seconds
		in.Deliveries[0].Events = append(in.Deliveries[0].Events, e)
	}
	return in
}

func TestMajor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		days  map[string]int64  // SAIDI in seconds
		tmed  map[int][]float64 // by year: the daily SAIDI in hours that make the threshold
		major []string
	}{
		{"no year before", map[string]int64{"2022-05-01": 3600, "2022-05-02": 7200}, nil, nil},
		{"one day in the year before", map[string]int64{"2021-05-01": 3600, "2022-05-02": 7200}, nil, nil},
		{"exactly the threshold is no major event", map[string]int64{"2021-05-01": 3600, "2021-06-01": 3600, "2022-05-01": 3600}, map[int][]float64{2022: {1, 1}}, nil},
		{"a second more is one", map[string]int64{"2021-05-01": 3600, "2021-06-01": 3600, "2022-05-01": 3600, "2022-05-02": 3601}, map[int][]float64{2022: {1, 1}}, []string{"2022-05-02"}},
		{"momentary days are left out", map[string]int64{"2021-05-01": 3600, "2021-06-01": 3600, "2021-07-01": 300, "2022-05-02": 3601}, map[int][]float64{2022: {1, 1}}, []string{"2022-05-02"}},
		{"booked on the day of the start", map[string]int64{"2021-05-01": 3600, "2021-06-01": 3600, "2022-05-01": 40 * 3600}, map[int][]float64{2022: {1, 1}}, []string{"2022-05-01"}},
		{"five years before, not purged", map[string]int64{
			"2016-05-01": 36000, "2017-05-01": 3600, "2017-06-01": 3600, "2018-05-01": 1800, "2019-05-01": 1800, "2020-05-01": 900, "2021-05-01": 86000, "2022-05-01": 900,
		}, map[int][]float64{
			2018: {10, 1, 1}, 2019: {10, 1, 1, 0.5}, 2020: {10, 1, 1, 0.5, 0.5}, 2021: {10, 1, 1, 0.5, 0.5, 0.25}, 2022: {1, 1, 0.5, 0.5, 0.25, 86.0 / 3.6},
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := loaded(t, majorCase(tt.days), 2).Major(period.YearStart{})
			if len(m.Thresholds) != len(tt.tmed) {
				t.Errorf("thresholds %v, want them for %d years", m.Thresholds, len(tt.tmed))
			}
			for year, daily := range tt.tmed {
				want, ok := reliability.MajorEventThreshold(daily)
				if got := m.Thresholds[year]; !ok || !near(got, want) {
					t.Errorf("threshold of %d = %v, want %v", year, got, want)
				}
			}
			got := fmt.Sprint(majorDays(m))
			if want := fmt.Sprint(tt.major); tt.tmed[2021] == nil && got != want {
				t.Errorf("major event days %s, want %s", got, want)
			}
		})
	}
}

// majorDays lists the days in order.
func majorDays(m *engine.Major) []string {
	var days []string
	for d := period.DayOfDate(2010, time.January, 1); d < period.DayOfDate(2024, time.January, 1); d++ {
		if m.Days[d] {
			days = append(days, d.String())
		}
	}
	return days
}

// Without major event days an index counts the rest of the year, and does not
// exist where a year has no threshold.
func TestExceptMajor(t *testing.T) {
	t.Parallel()
	e := loaded(t, majorCase(map[string]int64{"2021-05-01": 3600, "2021-06-01": 3600, "2022-05-01": 3600, "2022-05-02": 7200}), 2)
	m := e.Major(period.YearStart{})
	set, _ := reliability.SetByID(reliability.IEEEExMED)
	strata := strataOf(e, "")
	sums, ok := e.Tally(years()[" 2022"], m).Pool(strata, e.Bands()).Of(set)
	if want := (reliability.Sums{Seconds: refHours(100), Booked: refHours(100), Interruptions: 100_000, Events: 1}); !ok || sums != want {
		t.Errorf("2022: %+v, %t, want %+v", sums, ok, want)
	}
	for name, w := range map[string]period.Period{"2021": years()[" 2021"], "both years": {From: years()[" 2021"].From, To: years()[" 2022"].To}} {
		if sums, ok := e.Tally(w, m).Pool(strata, e.Bands()).Of(set); ok {
			t.Errorf("%s: %+v though 2021 has no threshold", name, sums)
		}
	}
	if _, ok := e.Tally(years()[" 2022"], nil).Pool(strata, e.Bands()).Of(set); ok {
		t.Error("there are sums without thresholds")
	}
}
