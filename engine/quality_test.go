package engine_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// What is wrong with a few rows, each with something of its own.
func TestQuality(t *testing.T) {
	t.Parallel()
	change := func(e outage.Event, changes ...func(*outage.Event)) outage.Event {
		for _, c := range changes {
			c(&e)
		}
		return e
	}
	unknown := func(e *outage.Event) { e.Nature, e.Flags = outage.Unknown, outage.UnknownNature }
	elsewhere := func(e *outage.Event) { e.Feeder, e.Area = "x", "a" }
	split := func(e *outage.Event) { e.Feeder = "f2" }
	lost := func(e *outage.Event) { e.Feeder = "nobody's" }
	hour := func(id string, customers int64) outage.Event {
		return refOut(id, "2022-05-01 08:00", "2022-05-01 09:00", customers)
	}
	in := refCase([]outage.Customers{refServed("f1", "a", "rural", 10), refServed("f2", "a", "rural", 3), refServed("f2", "a", "town", 3)}, outage.RepeatedReject,
		change(hour("unknown nature", 2), unknown), change(hour("unknown feeder", 3), elsewhere), change(hour("split", 4), split),
		change(hour("over base", 12), func(e *outage.Event) { e.Start, e.End = refAt("2022-05-02 08:00"), refAt("2022-05-02 09:00") }),
		change(hour("nowhere", 1), lost), hour("no customers", outage.Missing), refOut("backwards", "2022-05-01 08:00", "2022-05-01 07:00", 1),
		refOut("open for three days", "2022-05-07 00:00", "", 1), refOut("open for longer", "2022-05-06 23:59:59", "", 1),
		refOut("open from now on", "2022-05-10 00:00", "", 1), refOut("pending", "2022-05-10 00:00:01", "2022-05-10 01:00", 1),
	).asOf("2022-05-10 00:00")
	e := loaded(t, in, 2)
	q := e.Quality()
	want := &engine.Quality{
		Counts:          engine.Counts{Rows: 11, Accepted: 8, Rejected: 3},
		RejectedReasons: map[outage.Reason]int{outage.UnknownPlace: 1, outage.MissingCustomers: 1, outage.EndBeforeStart: 1},
		Flags:           map[string]int{"unknown-nature": 1, "unknown-feeder": 1, "more-customers-than-base": 1},
		Open:            rowsOf(t, e, "open for longer", "open for three days"),
		Stale:           rowsOf(t, e, "open for longer"),
		Pending:         1,
		Loss:            reliability.Loss{OverBase: refHours(2), Split: refHours(4), Unplaced: refHours(3)},
		Seconds:         refHours(2+3+4+10+2*72) + 1000,
		UnknownNature:   refHours(2),
	}
	if diff := gocmp.Diff(want, q); diff != "" {
		t.Errorf("quality (-want +got):\n%s", diff)
	}
	checkLists(t, e)
}

// rowsOf finds the rows of events.
func rowsOf(t *testing.T, e *engine.Engine, ids ...string) []int {
	t.Helper()
	var rows []int
	for _, id := range ids {
		for i := range e.Rows() {
			if ev, _ := e.Event(i); ev.ID == id {
				rows = append(rows, i)
			}
		}
	}
	if len(rows) != len(ids) {
		t.Fatalf("rows %v of events %q", rows, ids)
	}
	return rows
}

// checkLists holds the lists of rejected and suspicious rows against the case of
// TestQuality.
func checkLists(t *testing.T, e *engine.Engine) {
	t.Helper()
	type listed struct {
		ID, Column, Value string
		Reason            outage.Reason
		Row               int
	}
	var rejects []listed
	for _, r := range e.Rejects() {
		rejects = append(rejects, listed{r.Event.ID, r.Column, r.Value, r.Reason, r.Row})
	}
	want := []listed{
		{"nowhere", "feeder_id", "nobody's", outage.UnknownPlace, 5},
		{"no customers", "customers", "", outage.MissingCustomers, 6},
		{"backwards", "end", "", outage.EndBeforeStart, 7},
	}
	if diff := gocmp.Diff(want, rejects); diff != "" {
		t.Errorf("rejected rows (-want +got):\n%s", diff)
	}
	var odd []string
	for _, s := range e.Suspicions() {
		odd = append(odd, s.Event.ID)
	}
	if diff := gocmp.Diff([]string{"unknown nature", "unknown feeder", "over base"}, odd); diff != "" {
		t.Errorf("suspicious rows (-want +got):\n%s", diff)
	}
}

// A row in force comes back as it was told, but for the flags that the base
// adds.
func TestLawEventsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawPlain(t)
		told := map[string]outage.Event{}
		for i, ev := range in.Deliveries[0].Events {
			ev.Row = outage.Row(i + 1)
			told[ev.ID] = ev
		}
		e := loaded(t, in, 2)
		for i := range e.Rows() {
			got, origin := e.Event(i)
			if e.Outcome(i) != engine.Accepted {
				continue
			}
			got.Flags = 0
			if diff := gocmp.Diff(told[got.ID], got); diff != "" || origin.Row != int(got.Row) {
				t.Fatalf("row %d (-told +got):\n%s", origin.Row, diff)
			}
		}
	})
}
