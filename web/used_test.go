package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/snapshot"
)

// The bar ends where the share of the limit lies, and its end where it would leave
// the drawing.
func TestUsed(t *testing.T) {
	t.Parallel()
	hours := func(v float64) *float64 { return &v }
	for name, c := range map[string]struct {
		target snapshot.Target
		want   used
	}{
		"no limit":    {snapshot.Target{ValueHours: hours(1)}, used{Text: "–"}},
		"no value":    {snapshot.Target{LimitHours: hours(1)}, used{Text: "–"}},
		"half":        {snapshot.Target{ValueHours: hours(1), LimitHours: hours(2)}, used{Text: "50.0 %", Code: "within", Bar: "40.0", Limit: "80.0"}},
		"as expected": {snapshot.Target{ValueHours: hours(1), LimitHours: hours(2), ExpectedShare: hours(0.5)}, used{Text: "50.0 %", Code: "within", Bar: "40.0", Limit: "80.0", Expected: "40.0"}},
		"above":       {snapshot.Target{ValueHours: hours(1), LimitHours: hours(2), ExpectedShare: hours(0.25)}, used{Text: "50.0 %", Code: "above", Bar: "40.0", Limit: "80.0", Expected: "20.0"}},
		"the limit":   {snapshot.Target{ValueHours: hours(2), LimitHours: hours(2)}, used{Text: "100.0 %", Code: "within", Bar: "80.0", Limit: "80.0"}},
		"far beyond":  {snapshot.Target{ValueHours: hours(9), LimitHours: hours(2), ExpectedShare: hours(1)}, used{Text: "450.0 %", Code: "beyond", Bar: "100.0", Limit: "80.0", Expected: "80.0"}},
	} {
		if diff := cmp.Diff(c.want, usedOf(&c.target)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A base year is a window of whole days; what has none leads nowhere.
func TestBaseWindow(t *testing.T) {
	t.Parallel()
	year, limit := 2021, 2.7
	for name, c := range map[string]struct {
		target snapshot.Target
		want   string
	}{
		"the year before":  {snapshot.Target{Year: 2022, BaseYear: &year, LimitHours: &limit, From: "2022-01-01T00:00:00+08:00"}, "2021-01-01..2022-01-01"},
		"two years before": {snapshot.Target{Year: 2023, BaseYear: &year, LimitHours: &limit, From: "2023-04-01T00:00:00+08:00"}, "2021-04-01..2022-04-01"},
		"a cap":            {snapshot.Target{Year: 2022, LimitHours: &limit, From: "2022-01-01T00:00:00+08:00"}, ""},
		"no limit":         {snapshot.Target{Year: 2022, BaseYear: &year, From: "2022-01-01T00:00:00+08:00"}, ""},
		"no window":        {snapshot.Target{Year: 2022, BaseYear: &year, LimitHours: &limit}, ""},
	} {
		if got := baseWindow(&c.target); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
