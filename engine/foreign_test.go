package engine_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
)

// Rows of other groups decide about those of the same event here, and count
// nowhere.
func TestForeignRows(t *testing.T) {
	t.Parallel()
	own := refOut("A", "2022-05-01 08:00", "2022-05-01 10:00", 5)
	elsewhere := func(change func(*outage.Event)) outage.Event {
		e := own
		e.Feeder = "f2"
		change(&e)
		return e
	}
	tests := []struct {
		name    string
		foreign outage.Event
		want    engine.Outcome
	}{
		{"the event is revised elsewhere", elsewhere(func(e *outage.Event) { e.Revision = 1 }), engine.Superseded},
		{"the event is withdrawn elsewhere", elsewhere(func(e *outage.Event) { e.Cancelled = true }), engine.Superseded},
		{"a lower revision is told elsewhere", elsewhere(func(e *outage.Event) { e.Revision = -1 }), engine.Accepted},
		{"another event is withdrawn elsewhere", elsewhere(func(e *outage.Event) { e.ID, e.Cancelled = "B", true }), engine.Accepted},
		{"another event is out elsewhere", elsewhere(func(e *outage.Event) { e.ID = "B" }), engine.Accepted},
		{"what is elsewhere is impossible", elsewhere(func(e *outage.Event) { e.Feeder, e.Revision = "nobody's", 1 }), engine.Accepted},
	}
	base := []outage.Customers{refServed("f1", "a", "rural", 10), refServed("f2", "a", "rural", 10)}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newEngine(t, refCase(base, outage.RepeatedReject, own, tt.foreign), 2)
			account := e.Open(&outage.Delivery{Path: "stream"})
			load := e.Begin()
			mine, others := outage.NewBatch(outage.NewDict()), outage.NewBatch(outage.NewDict())
			fill(mine, []outage.Event{own}, 1)
			fill(others, []outage.Event{tt.foreign}, 2)
			load.Deliver(account, 1, 0)
			mustNot(t, load.AddRows(mine, [2]int{0, 1}, [2]int{}))
			load.Deliver(account, 2, 0)
			mustNot(t, load.AddForeign(others, [2]int{0, 1}, [2]int{}))
			mustNot(t, load.CommitParts())
			e.Advance(refAt("2022-06-01 00:00"))
			if e.Outcome(0) != tt.want || e.Outcome(1) != engine.Elsewhere {
				t.Errorf("the rows are %s and %s, want %s and elsewhere", e.Outcome(0), e.Outcome(1), tt.want)
			}
			want := engine.Counts{Accepted: 1}
			if tt.want == engine.Superseded {
				want = engine.Counts{Superseded: 1}
			}
			if diff := gocmp.Diff(want, e.Counts(account)); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
			if got := e.Quality().Seconds; got != int64(want.Accepted)*refHours(10) {
				t.Errorf("%d thousandths of customer-seconds count, want those of the row in force", got)
			}
			if got := e.Rejects(); len(got) > 0 {
				t.Errorf("rejected rows %+v, want none", got)
			}
			if diff := gocmp.Diff([]string{"f1"}, e.GroupNames()); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
		})
	}
}
