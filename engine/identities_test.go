package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

func unitRow(unit, feeder, area, class string, customers int64) outage.Customers {
	r := refServed(feeder, area, class, customers)
	r.Unit = unit
	return r
}

// areaStrata are the strata of one area.
func areaStrata(e *engine.Engine, area outage.Area) []int {
	var strata []int
	for s := range e.Base().Strata() {
		if a, _ := e.Base().Stratum(s); a == area {
			strata = append(strata, s)
		}
	}
	return strata
}

// Distinct customers by hand: T1 with ten customers is out twice, two hours
// each, the second time by two records that overlap; T2 with five once, for
// thirty hours; T3 with 85 never.
func TestIdentities(t *testing.T) {
	t.Parallel()
	base := []outage.Customers{
		unitRow("T1", "f1", "a", "rural", 10), unitRow("T2", "f1", "a", "rural", 5), unitRow("T3", "f2", "b", "rural", 85),
	}
	of := func(unit string) func(*outage.Event) { return func(e *outage.Event) { e.Unit = unit } }
	in := refCase(base, outage.RepeatedReject,
		refOut("A", "2022-05-01 08:00", "2022-05-01 10:00", outage.Missing, of("T1")),
		refOut("B", "2022-05-02 08:00", "2022-05-02 09:30", outage.Missing, of("T1")),
		refOut("C", "2022-05-02 09:00", "2022-05-02 10:00", outage.Missing, of("T1")),
		refOut("D", "2022-05-03 00:00", "2022-05-04 06:00", outage.Missing, of("T2")))
	set, _ := reliability.SetByID(reliability.SAIDI1)
	for _, workers := range []int{1, 3} {
		e := loaded(t, in, workers)
		got := e.Identities([][]int{areaStrata(e, "a"), areaStrata(e, "b"), strataOf(e, "")}, everything(e), set)
		want := reliability.NewIdentities(3)
		for _, d := range []*reliability.Identity{want[0], want[2]} {
			d.Distinct = 15_000
			d.Times[1], d.Times[2] = 15_000, 10_000
			d.Hours = []int64{15_000, 15_000, 5_000, 5_000, 5_000, 0} // 1, 4, 8, 12, 24, 48 h
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%d workers (-want +got):\n%s", workers, diff)
		}
	}
	// A window that holds the second day only.
	e := loaded(t, in, 1)
	day := period.Period{From: refAt("2022-05-02 00:00"), To: refAt("2022-05-03 00:00")}
	if got := e.Identities([][]int{strataOf(e, "")}, day, set)[0]; got.Distinct != 10_000 || got.Times[2] != 0 || got.Hours[0] != 10_000 {
		t.Errorf("on the second day: %+v", got)
	}
}

// A row without unit makes its pool anonymous, and no other.
func TestIdentitiesAnonymous(t *testing.T) {
	t.Parallel()
	base := []outage.Customers{unitRow("T1", "f1", "a", "rural", 10), refServed("f2", "b", "rural", 85)}
	in := refCase(base, outage.RepeatedReject, refOut("A", "2022-05-01 08:00", "2022-05-01 10:00", 5, func(e *outage.Event) { e.Feeder = "f2" }))
	e := loaded(t, in, 1)
	set, _ := reliability.SetByID(reliability.SAIDI1)
	got := e.Identities([][]int{areaStrata(e, "a"), areaStrata(e, "b")}, everything(e), set)
	if got[0].Anonymous || !got[1].Anonymous {
		t.Errorf("anonymous: %v, %v; want false, true", got[0].Anonymous, got[1].Anonymous)
	}
}

// What cannot be counted without overflow is refused as a whole, and leaves
// nothing behind.
func TestOverflowIsRefused(t *testing.T) {
	t.Parallel()
	in := refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject)
	e := newEngine(t, in, 1)
	b := outage.NewBatch(outage.NewDict())
	for i := range 9 {
		ev := refOut(string(rune('A'+i)), "2000-01-01 00:00", "2090-01-01 00:00", outage.MaxCustomers)
		ev.Row, ev.Feeder = outage.Row(i+2), "f1"
		b.Append(&ev)
	}
	load := e.Begin()
	if err := load.Add(b); err != nil {
		t.Fatal(err)
	}
	err := load.Commit(&outage.Delivery{Path: "huge.csv", Rows: 9})
	if err == nil || !strings.Contains(err.Error(), "huge.csv: customers times duration add up to") {
		t.Fatalf("error %v", err)
	}
	if e.Rows() != 0 || len(e.Deliveries()) != 0 {
		t.Errorf("%d rows, %d deliveries are left", e.Rows(), len(e.Deliveries()))
	}
}

// An event id of more than 4096 bytes is a malformed row.
func TestLongEventID(t *testing.T) {
	t.Parallel()
	in := refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject,
		refOut(strings.Repeat("x", 5000), "2022-05-01 08:00", "2022-05-01 10:00", 5, func(e *outage.Event) { e.Feeder = "f1" }))
	e := loaded(t, in, 1)
	rejects := e.Rejects()
	if len(rejects) != 1 || rejects[0].Reason != outage.Malformed || e.Outcome(0) != engine.Rejected {
		t.Errorf("rejected: %+v", rejects)
	}
}

// A row has room for 254 classes; what is beyond counts, and is flagged.
func TestManyClasses(t *testing.T) {
	t.Parallel()
	in := refCase([]outage.Customers{refServed("f1", "a", "rural", 10)}, outage.RepeatedReject)
	e := newEngine(t, in, 1)
	b := outage.NewBatch(outage.NewDict())
	const rows = 300
	for i := range rows {
		ev := refOut(fmt.Sprint(i), "2022-05-01 08:00", "2022-05-01 10:00", 1)
		ev.Row, ev.Feeder, ev.Class = outage.Row(i+2), "f1", fmt.Sprint("class ", i%299) // the last row names the first class again
		b.Append(&ev)
	}
	load := e.Begin()
	if err := load.Add(b); err != nil {
		t.Fatal(err)
	}
	if err := load.Commit(&outage.Delivery{Path: "many.csv", Rows: rows}); err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		ev, _ := e.Event(i)
		flagged := ev.Flags&outage.UnknownClass != 0
		if want := i >= 254 && i != rows-1; flagged != want || e.Outcome(i) != engine.Accepted {
			t.Fatalf("row %d: flagged %v, %v; want %v, accepted", i, flagged, e.Outcome(i), want)
		}
	}
}

// A row of a unit that the base moves is in every stratum in which the unit is
// while it lasts, up to as-of.
func TestStrataOfMovingUnit(t *testing.T) {
	t.Parallel()
	early, late := unitRow("T1", "f1", "a", "town", 10), unitRow("T1", "f1", "a", "rural", 10)
	early.ValidTo, late.ValidFrom = refAt("2022-03-01 00:00"), refAt("2022-03-01 00:00")
	in := refCase([]outage.Customers{early, late}, outage.RepeatedReject,
		refOut("A", "2022-02-01 00:00", "", outage.Missing, func(e *outage.Event) { e.Unit, e.End = "T1", outage.Open }))
	e := loaded(t, in, 1)
	for _, tt := range []struct {
		asOf string
		want []outage.Class
	}{{"2022-02-02 00:00", []outage.Class{"town"}}, {"2022-03-01 00:00", []outage.Class{"town"}}, {"2022-03-01 00:01", []outage.Class{"rural", "town"}}} {
		e.Advance(refAt(tt.asOf))
		var got []outage.Class
		for _, s := range e.StrataOf(0) {
			_, class := e.Base().Stratum(s)
			got = append(got, class)
		}
		slices.Sort(got)
		if diff := gocmp.Diff(tt.want, got); diff != "" {
			t.Errorf("as of %s (-want +got):\n%s", tt.asOf, diff)
		}
	}
}
