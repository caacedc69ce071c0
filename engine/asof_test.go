package engine_test

import (
	"testing"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// The as-of instant of files: the local midnight after the last start, or the
// year's end, never after now.
func TestDefaultAsOf(t *testing.T) {
	t.Parallel()
	hundred := []outage.Customers{refServed("f1", "a", "rural", 100)}
	at := func(id, start string) outage.Event { return refOut(id, start, "", 1) }
	backwards := refOut("late", "2022-09-01 08:00", "2022-09-01 07:00", 1)
	one := func(start string) refInput { return refCase(hundred, outage.RepeatedReject, at("A", start)) }
	tests := []struct {
		name string
		in   refInput
		year period.YearStart
		now  string
		want string // empty where there is none
	}{
		{"the midnight after", one("2022-05-01 08:00"), period.YearStart{}, "2026-01-01 00:00", "2022-05-02 00:00"},
		{"of the last start", refCase(hundred, outage.RepeatedReject, at("A", "2022-05-01 08:00"), at("B", "2022-06-01 08:00"), at("C", "2022-04-01 08:00")), period.YearStart{}, "2026-01-01 00:00", "2022-06-02 00:00"},
		{"a start at midnight", one("2022-05-01 00:00"), period.YearStart{}, "2026-01-01 00:00", "2022-05-02 00:00"},
		{"the year's end, three days on", one("2022-12-28 23:59:59"), period.YearStart{}, "2026-01-01 00:00", "2023-01-01 00:00"},
		{"more than three days before the year's end", one("2022-12-27 23:59:59"), period.YearStart{}, "2026-01-01 00:00", "2022-12-28 00:00"},
		{"on the last day", one("2022-12-31 12:00"), period.YearStart{}, "2026-01-01 00:00", "2023-01-01 00:00"},
		{"of another year", one("2022-03-30 12:00"), period.YearStart{Month: 4, Day: 1}, "2026-01-01 00:00", "2022-04-01 00:00"},
		{"never after now", one("2022-05-01 08:00"), period.YearStart{}, "2022-05-01 15:00", "2022-05-01 15:00"},
		{"of rows in force", refCase(hundred, outage.RepeatedReject, at("A", "2022-05-01 08:00"), backwards), period.YearStart{}, "2026-01-01 00:00", "2022-05-02 00:00"},
		{"a start that was corrected", one("2022-09-01 08:00").then(at("A", "2022-05-01 08:00")), period.YearStart{}, "2026-01-01 00:00", "2022-05-02 00:00"},
		{"no rows", refCase(hundred, outage.RepeatedReject), period.YearStart{}, "2026-01-01 00:00", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newEngine(t, tt.in, 2)
			for _, d := range tt.in.Deliveries {
				deliver(t, e, d)
			}
			got, ok := e.DefaultAsOf(tt.year, refAt(tt.now))
			if ok != (tt.want != "") {
				t.Fatalf("got %d, %t, want %q", got, ok, tt.want)
			}
			if ok && got != refAt(tt.want) {
				t.Errorf("%d s from %s", got-refAt(tt.want), tt.want)
			}
		})
	}
}

// What deliveries declare to cover moves the default on, as nothing more came
// until then, but neither back nor past now.
func TestDefaultAsOfCovered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ to, now, want string }{
		"later":            {"2022-07-01 00:00", "2026-01-01 00:00", "2022-07-01 00:00"},
		"earlier":          {"2022-04-01 00:00", "2026-01-01 00:00", "2022-05-02 00:00"},
		"never beyond now": {"2023-01-01 00:00", "2022-08-01 12:00", "2022-08-01 12:00"},
	} {
		e := newEngine(t, refCase([]outage.Customers{refServed("f1", "a", "rural", 100)}, outage.RepeatedReject), 2)
		load := e.Begin()
		b := outage.NewBatch(outage.NewDict())
		ev := refOut("A", "2022-05-01 08:00", "2022-05-01 09:00", 1)
		b.Append(&ev)
		if err := load.Add(b); err != nil {
			t.Fatal(err)
		}
		covers := outage.Covers{Period: period.Period{From: refAt("2022-01-01 00:00"), To: refAt(c.to)}}
		if err := load.Commit(&outage.Delivery{Rows: 1, Covers: []outage.Covers{covers}}); err != nil {
			t.Fatal(err)
		}
		if got, ok := e.DefaultAsOf(period.YearStart{}, refAt(c.now)); !ok || got != refAt(c.want) {
			t.Errorf("%s: %d, %t, want %d", name, got, ok, refAt(c.want))
		}
	}
}
