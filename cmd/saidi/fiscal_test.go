package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A policy of another shape is a file alone: a fiscal year, a zone with daylight
// saving, an IEEE index, minutes, other areas and classes, a fixed base year and
// a published base. The hours are worked by hand:
//
//	River overhead, 1000 customers: 2022: 3 h for all (four minutes in September
//	  are momentary); 2023: 2.5 h for all and, over the spring change of the
//	  clock, 1 h for 500: 3.0 h
//	River underground: 1 h, then 57 minutes
//	Hill, 400 customers: 4 h, as the clock went back; then 4 h on the last evening
//	  of the year, all booked on the day of the start
//	Company, 2023: (3000 + 475 + 1600) h / 1900 = 2.6710526… h
func TestFiscalPolicy(t *testing.T) {
	t.Parallel()
	s := answer(t, "report", "--policy", "../../examples/fiscal/policy.yaml", "--base", "../../examples/fiscal/customers.csv",
		"--year", "2023", "--as-of", "2024-08-15", "--covers", "2022-07-01..2024-08-15", "--format", "json", "../../examples/fiscal/events.csv")
	type row struct {
		Scope, Class, Rule, Verdict string
		Value, Limit                float64
		Provisional                 bool
	}
	want := []row{
		{"river", "overhead", "cap", "met", 3, 3, false},
		{"hill", "all", "cap", "met", 4, 5, false},
		{"company", "all", "reduction", "met", 5075.0 / 1900, 2.88, false},
		{"river", "overhead", "reduction", "missed", 3, 2.85, false},
		{"river", "underground", "reduction", "met", 0.95, 0.95, false},
		{"hill", "all", "reduction", "missed", 4, 3.8, false},
	}
	var got []row
	for _, x := range s.Targets {
		got = append(got, row{x.Scope, x.Class, x.Rule, x.Verdict, *x.ValueHours, *x.LimitHours, x.Provisional})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if s.Indices[0].From != "2023-07-01T00:00:00-04:00" || s.Indices[0].To != "2024-07-01T00:00:00-04:00" {
		t.Errorf("the year is %s to %s", s.Indices[0].From, s.Indices[0].To)
	}
}
