package engine_test

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// Parts of days, for which only the rows that can matter there are derived, are
// what the pieces of all rows come to.
func TestLawPartsOfDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		for range 10 {
			w := period.Period{From: drawInstant(t, in, "from"), To: drawInstant(t, in, "to")}
			if rapid.Bool().Draw(t, "short") {
				w.To = w.From + rapid.Int64Range(1, 1000).Draw(t, "seconds")
			}
			if w.To = min(w.To, in.AsOf); w.From < w.To {
				mustBrute(t, e, w)
			}
		}
	})
}

// mustBrute compares a window with all pieces.
func mustBrute(t interface{ Fatalf(string, ...any) }, e *engine.Engine, w period.Period) {
	if want, got := e.BruteTally(w), e.Tally(w, nil).Strata; !slices.Equal(want, got) {
		t.Fatalf("from %d to %d, all pieces (-) and those of the part (+):\n%s", w.From, w.To, gocmp.Diff(want, got))
	}
}

// Rows that lie outside a part of a day have a say in it: those of one outage of a
// unit, those of one event, and those that are out while an outage of the part
// goes on.
func TestPartsOfDays(t *testing.T) {
	t.Parallel()
	unit := func(id, from, to string) outage.Event {
		ev := refOut(id, from, to, outage.Missing)
		ev.Feeder, ev.Unit = "f1", "u1"
		return ev
	}
	feeder := func(id, from, to string, customers int64) outage.Event {
		ev := refOut(id, from, to, customers)
		ev.Feeder = "f2"
		return ev
	}
	stage := func(ev outage.Event, stage, class string) outage.Event {
		ev.Stage, ev.Class = stage, class
		return ev
	}
	tests := []struct {
		name   string
		events []outage.Event
	}{
		{"a unit goes out again at once, and the outage is long", []outage.Event{
			unit("A", "2022-05-01 11:59:00", "2022-05-01 12:01:00"), unit("B", "2022-05-01 12:01:00", "2022-05-01 12:06:30")}},
		{"and before", []outage.Event{
			unit("A", "2022-05-01 11:52:00", "2022-05-01 11:58:00"), unit("B", "2022-05-01 11:58:00", "2022-05-01 12:01:00")}},
		{"and begins in the part and goes on behind it", []outage.Event{
			unit("A", "2022-05-01 12:30:00", "2022-05-01 14:00:00"), unit("B", "2022-05-01 13:30:00", "2022-05-01 18:00:00")}},
		{"a row of the part competes behind it", []outage.Event{
			feeder("A", "2022-05-01 12:30:00", "2022-05-01 20:00:00", 8), feeder("B", "2022-05-01 15:00:00", "", 9), feeder("C", "2022-05-01 10:00:00", "2022-05-01 17:00:00", 7)}},
		{"stages of one event in two classes", []outage.Event{
			stage(feeder("A", "2022-05-01 08:00:00", "2022-05-01 09:00:00", 5), "1", "town"),
			stage(feeder("A", "2022-05-01 12:30:00", "2022-05-01 12:40:00", 3), "2", "rural"),
			stage(feeder("A", "2022-05-01 20:00:00", "2022-05-01 21:00:00", 4), "3", "rural")}},
	}
	base := []outage.Customers{refServed("f2", "a", "rural", 10), refServed("f2", "a", "town", 10), refServed("f1", "a", "rural", 3)}
	base[2].Unit = "u1"
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := refCase(base, outage.RepeatedReject, tt.events...).asOf("2022-05-02 06:00")
			e := loaded(t, in, 1)
			noon := refAt("2022-05-01 12:00")
			for _, w := range []period.Period{{From: noon, To: noon + 3600}, {From: noon - 3600, To: noon}, {From: noon - 40000, To: noon}, {From: noon, To: noon + 20000}} {
				mustBrute(t, e, w)
			}
		})
	}
}
