package outage

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseNature(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want Nature
		ok   bool
	}{
		{"", Unknown, true},
		{"fault_external", FaultExternal, true},
		{" Planned ", PlannedMaintenance, true},
		{"内部故障", FaultInternal, true},
		{"01", PlannedMaintenance, true},
		{"02", FaultInternal, true},
		{"03", Unknown, true},
		{"事故", FaultInternal, true},
		{"系统电源不足限电", CurtailGeneration, true},
		{"重合闸成功", NotAnOutage, true},
		{"谜", Unknown, false},
	}
	for _, tt := range tests {
		if got, ok := ParseNature(tt.text); got != tt.want || ok != tt.ok {
			t.Errorf("ParseNature(%q) = %v, %v; want %v, %v", tt.text, got, ok, tt.want, tt.ok)
		}
	}
}

// Every nature that is an outage is a fault, pre-arranged or unknown, and one of
// them only: s + f + u = 1.
func TestNaturesPartition(t *testing.T) {
	t.Parallel()
	for n := range NatureCount {
		kinds := 0
		for _, is := range []bool{Nature(n).Fault(), Nature(n).PreArranged(), Nature(n) == Unknown} {
			if is {
				kinds++
			}
		}
		if back, ok := ParseNature(Nature(n).String()); kinds != 1 || !ok || back != Nature(n) {
			t.Errorf("%v is of %d kinds, and reads as %v", Nature(n), kinds, back)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	n := NewNames()
	if err := n.AddArea("xining", "西宁市", "西宁", "6301"); err != nil {
		t.Fatal(err)
	}
	if err := n.AddClass("rural", "农村"); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]Area{
		"xining": "xining", " XINING ": "xining", "西宁": "xining", "630100": "xining", "630102.0": "xining", "６３０１": "xining",
		"6302": "", "国网西宁供电公司": "", "": "",
	} {
		if got, ok := n.Area(text); got != want || ok != (want != "") {
			t.Errorf("Area(%q) = %q, %v; want %q", text, got, ok, want)
		}
	}
	if c, ok := n.Class(" 农村"); c != "rural" || !ok {
		t.Errorf("Class = %q, %v", c, ok)
	}
	if err := n.AddArea("haidong", "西宁"); err == nil || !strings.Contains(err.Error(), `"西宁" already means "xining"`) {
		t.Errorf("a word of two areas: %v", err)
	}
	if err := n.AddArea("x", " "); err == nil {
		t.Error("an empty word is no error")
	}
}

func TestImpossible(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		event  Event
		reason Reason
		column string
	}{
		{"fine", Event{Start: 10, End: 20, Customers: 5}, "", ""},
		{"no length", Event{Start: 10, End: 10}, "", ""},
		{"open", Event{Start: 10, End: Open, Customers: Missing}, "", ""},
		{"end before start", Event{Start: 10, End: 9}, EndBeforeStart, "end"},
		{"a withdrawal may say anything", Event{Start: 10, End: 9, Cancelled: true}, "", ""},
		{"negative", Event{End: 1, Customers: -2}, BadCustomers, "customers"},
		{"too many", Event{End: 1, Customers: MaxCustomers + 1}, BadCustomers, "customers"},
		{"steps out of order", Event{End: 9, Customers: 5, Steps: []Step{{5, 1}, {4, 1}}}, BadSteps, "steps"},
		{"step after the end", Event{End: 9, Customers: 5, Steps: []Step{{10, 1}}}, BadSteps, "steps"},
		{"steps restore too many", Event{End: 9, Customers: 5, Steps: []Step{{4, 3}, {5, 3}}}, StepsExceed, "steps"},
	}
	for _, tt := range tests {
		if reason, column := tt.event.Impossible(); reason != tt.reason || column != tt.column {
			t.Errorf("%s: %q, %q; want %q, %q", tt.name, reason, column, tt.reason, tt.column)
		}
	}
	for _, r := range Reasons() {
		if r.Advice() == "" {
			t.Errorf("reason %q has no advice", r)
		}
	}
}

// What goes into a batch comes out again, also after a reset.
func TestBatch(t *testing.T) {
	t.Parallel()
	events := []Event{
		{Row: 2, ID: "E1", Feeder: "F1", Area: "xining", Start: 1, End: 2, Customers: 3, Served: Missing, Nature: FaultInternal},
		{Row: 3, Source: "oms", ID: "E2", Unit: "T1", Class: "rural", Start: 1, End: Open, Customers: Missing, Cause: "wind", TechnicalCause: "tree",
			Stage: "2", Steps: []Step{{4, 1}}, Revision: 7, Cancelled: true, CapacityKVA: 315, Served: 900, Flags: EndOfDay | UnknownArea},
	}
	b := NewBatch(NewDict())
	for range 2 {
		b.Reset()
		for i := range events {
			b.Append(&events[i])
		}
		var got []Event
		for i := range b.Len() {
			got = append(got, b.Event(i))
		}
		if diff := cmp.Diff(events, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if got := events[1].Flags.Codes(); !slices.Equal(got, []string{"ends-at-23:59:59", "unknown-area"}) {
		t.Errorf("codes %q", got)
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	d := Delivery{Sheets: []Sheet{{Name: "一月"}, {Name: "二月", Offset: 100}}}
	for r, want := range map[Row]string{3: "一月 3", 99: "一月 99", 102: "二月 2"} {
		sheet, row := d.Place(r)
		if got := fmt.Sprintf("%s %d", sheet, row); got != want {
			t.Errorf("row %d is at %q, want %q", r, got, want)
		}
	}
}

// The base that travels with the events: a number holds from the row that gives
// it until another does, the first also before.
func TestServed(t *testing.T) {
	t.Parallel()
	b := NewBatch(NewDict())
	for _, e := range []Event{
		{ID: "3", Area: "a", Start: 30, Served: 12}, {ID: "1", Area: "a", Start: 10, Served: 10}, {ID: "2", Area: "a", Start: 20, Served: 10},
		{ID: "4", Area: "b", Class: "rural", Start: 5, Served: 7}, {ID: "5", Area: "c", Start: 5, Served: Missing}, {ID: "6", Area: "?", Start: 5, Served: 8, Flags: UnknownArea},
	} {
		b.Append(&e)
	}
	var s Served
	if err := s.Add(b); err != nil {
		t.Fatal(err)
	}
	type row struct {
		Area      Area
		Class     Class
		Customers int64
		From, To  int64
	}
	var got []row
	for _, c := range s.Base() {
		got = append(got, row{c.Area, c.Class, c.Customers, c.ValidFrom, c.ValidTo})
	}
	want := []row{{"a", Unclassified, 10, AlwaysFrom, 30}, {"a", Unclassified, 12, 30, AlwaysTo}, {"b", "rural", 7, AlwaysFrom, AlwaysTo}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	contradiction := NewBatch(NewDict())
	contradiction.Append(&Event{ID: "7", Area: "a", Start: 10, Served: 99})
	if err := s.Add(contradiction); err == nil {
		t.Error("two numbers at one instant are no error")
	}
}
