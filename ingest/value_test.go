package ingest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
)

func TestCustomers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       int64 // -2: rejected
	}{
		{"plain", "125", 125}, {"zero", "0", 0}, {"none", "", outage.Missing}, {"a word for none", "无", outage.Missing},
		{"thousands", "1,234", 1234}, {"full width", "１２３", 123}, {"from a spreadsheet", "123.0", 123},
		{"unit", "125户", 125}, {"spaces", "  125 ", 125}, {"all of it", " １，２３４ 户", 1234},
		{"negative", "-1", -2}, {"negative and not missing", "-1.0", -2}, {"a fraction", "12.5", -2}, {"decimal comma", "1,5", -2},
		{"a word", "many", -2}, {"too many", "1000000001", -2}, {"far too many", "99999999999999999999", -2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := read(t, "event_id\tstart\t停电户数(户)\nE1\t2021-01-05 08:03:00\t"+tt.text+"\n", shanghai(t))
			if tt.want == -2 {
				if len(r.Rejected) != 1 || r.Rejected[0].Reason != outage.BadCustomers || r.Rejected[0].Column != "停电户数(户)" {
					t.Errorf("got %+v, want a rejection for the customers", r)
				}
				return
			}
			if len(r.Events) != 1 || r.Events[0].Customers != tt.want {
				t.Errorf("got %+v, want %d customers", r, tt.want)
			}
		})
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	header := "event_id,start,area,class,nature,feeder_id,cancelled\n"
	tests := []struct {
		name, cells string
		want        outage.Event
	}{
		{"known", "西宁市,市区,计划检修,F1,否", outage.Event{Area: "xining", Class: "urban", Nature: outage.PlannedMaintenance, Feeder: "F1"}},
		{"code of a county", "630102,城镇,02,F1,0", outage.Event{Area: "xining", Class: "town", Nature: outage.FaultInternal, Feeder: "F1"}},
		{"unknown", "城东供电所,郊区,谜,F1,", outage.Event{Area: "城东供电所", Feeder: "F1", Flags: outage.UnknownArea | outage.UnknownClass | outage.UnknownNature}},
		{"empty", ",-,,123.0,", outage.Event{Feeder: "123"}},
		{"cancelled", "西宁市,市区,计划检修,F1,已取消", outage.Event{Area: "xining", Class: "urban", Nature: outage.PlannedMaintenance, Feeder: "F1", Cancelled: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := tt.want
			want.ID, want.Row, want.Start, want.End = "E1", 2, instant(t, "2021-01-05T08:03:00+08:00"), outage.Open
			want.Customers, want.Served = outage.Missing, outage.Missing
			got := one(t, header+"E1,2021-01-05 08:03:00,"+tt.cells+"\n", shanghai(t))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRejections(t *testing.T) {
	t.Parallel()
	header := "event_id,start,end,customers,revision,cancelled,capacity_kva,customers_served,steps,unit_id\n"
	tests := []struct {
		name, row     string
		want          outage.Reason
		column, value string
	}{
		{"no id", ",2021-01-05 08:00:00,,1,,,,,,U", outage.MissingValue, "event_id", ""},
		{"end before start", "E1,2021-01-05 08:00:00,2021-01-05 07:00:00,1,,,,,,U", outage.EndBeforeStart, "end", "2021-01-05 07:00:00"},
		{"bad end", "E1,2021-01-05 08:00:00,later,1,,,,,,U", outage.BadTime, "end", "later"},
		{"bad revision", "E1,2021-01-05 08:00:00,,1,two,,,,,U", outage.BadNumber, "revision", "two"},
		{"neither yes nor no", "E1,2021-01-05 08:00:00,,1,,maybe,,,,U", outage.BadFlag, "cancelled", "maybe"},
		{"bad capacity", "E1,2021-01-05 08:00:00,,1,,,much,,,U", outage.BadNumber, "capacity_kva", "much"},
		{"bad served", "E1,2021-01-05 08:00:00,,1,,,,-3,,U", outage.BadNumber, "customers_served", "-3"},
		{"steps are not JSON", "E1,2021-01-05 08:00:00,,1,,,,,x,U", outage.BadSteps, "steps", "x"},
		{"steps before the start", `E1,2021-01-05 08:00:00,,1,,,,,"[{""at"":""2021-01-05 07:00:00"",""restored"":1}]",U`, outage.BadSteps, "steps", `[{"at":"2021-01-05 07:00:00","restored":1}]`},
		{"steps restore too many", `E1,2021-01-05 08:00:00,,1,,,,,"[{""at"":""2021-01-05 09:00:00"",""restored"":2}]",U`, outage.StepsExceed, "steps", `[{"at":"2021-01-05 09:00:00","restored":2}]`},
		{"too few fields", "E1,2021-01-05 08:00:00", outage.Malformed, "", "E1,2021-01-05 08:00:00"},
		{"too many fields", "E1,2021-01-05 08:00:00,,1,,,,,,U,more", outage.Malformed, "", "E1,2021-01-05 08:00:00,,1,,,,,,U,more"},
		{"quotes", `E1,"2021-01-05 08:00:00"x,,1,,,,,,U`, outage.Malformed, "", `E1,"2021-01-05 08:00:00"x,,1,,,,,,U`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := read(t, header+tt.row+"\n", shanghai(t))
			if len(r.Rejected) != 1 {
				t.Fatalf("got %+v, want a rejection", r.Events)
			}
			got := r.Rejected[0]
			if got.Reason != tt.want || got.Column != tt.column || got.Value != tt.value || got.Row != 2 {
				t.Errorf("got %s in %q with %q, want %s in %q with %q", got.Reason, got.Column, got.Value, tt.want, tt.column, tt.value)
			}
			if tt.want != outage.Malformed && got.Unit != "U" {
				t.Errorf("unit %q, want U", got.Unit)
			}
		})
	}
}

// A cancelled row needs nothing but its id.
func TestCancelledRow(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"event_id,start,end,cancelled\nE1,,,是\n", "event_id,cancelled\nE1,true\n", "event_id,start,end,cancelled\nE1,never,x,作废\n"} {
		if e := one(t, text, shanghai(t)); !e.Cancelled || e.ID != "E1" {
			t.Errorf("%q gives %+v", text, e)
		}
	}
}

func TestDerived(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, header, value string
		differs             bool
	}{
		{"customer-hours agree", "停电时户数", "250", false},
		{"customer-hours within 1 %", "停电时户数(时户)", "252.4", false},
		{"customer-hours differ", "时户数", "260", true},
		{"minutes agree", "停电时长(分钟)", "120", false},
		{"minutes differ", "duration_minutes", "100", true},
		{"hours are left alone", "停电时长(小时)", "7", false},
		{"not a number", "时户数", "?", false},
		{"empty", "时户数", "", false},
		{"customer-minutes", "customer_minutes", "15000", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := one(t, "event_id,start,end,customers,"+tt.header+"\nE1,2021-01-05 08:00:00,2021-01-05 10:00:00,125,"+tt.value+"\n", shanghai(t))
			if got := e.Flags&outage.DerivedDiffers != 0; got != tt.differs {
				t.Errorf("flagged %v, want %v", got, tt.differs)
			}
		})
	}
}

// Small values are shown rounded: 1.33 for 1.3333 does not differ.
func TestDerivedRounding(t *testing.T) {
	t.Parallel()
	tests := []struct {
		own, shown float64
		decimals   int
		want       bool
	}{{1.0 / 3, 0.33, 2, false}, {0.004, 0, 2, false}, {0.006, 0, 2, true}, {10.4, 10, 0, false}, {10.6, 10, 0, true}, {1000, 1005, 0, false}}
	for _, tt := range tests {
		if got := differs(tt.own, tt.shown, tt.decimals); got != tt.want {
			t.Errorf("differs(%v, %v, %d) = %v, want %v", tt.own, tt.shown, tt.decimals, got, tt.want)
		}
	}
}

func TestLongOutage(t *testing.T) {
	t.Parallel()
	e := one(t, "event_id,start,end\nE1,2021-01-05,2021-03-06 00:00:01\n", shanghai(t))
	if e.Flags != outage.LongOutage {
		t.Errorf("flags %v, want the one for length", e.Flags.Codes())
	}
}
