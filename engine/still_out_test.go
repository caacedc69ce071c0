package engine_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// acrossGroups is an event whose first row, of who is out, lies in one
// allocation group, and whose second, that they are out still, in another.
func acrossGroups() refInput {
	row := func(from, to, area string) outage.Event {
		e := refOut("A", from, to, 8)
		e.Feeder, e.Area = "x", area
		return e
	}
	return refCase([]outage.Customers{refServed("", "a", "rural", 10), refServed("f2", "b", "rural", 10)}, outage.RepeatedRemaining,
		row("2022-05-01 08:00", "2022-05-01 09:00", "b"), row("2022-05-01 09:00", "2022-05-01 10:00", "a"))
}

// However the clock came there, the answer is that of a fresh engine.
func TestClockOverRowsOfSeveralGroups(t *testing.T) {
	t.Parallel()
	in := acrossGroups()
	for _, stops := range [][]string{
		{"2022-05-01 08:30", "2022-05-01 12:00"},
		{"2022-05-01 09:00", "2022-05-01 12:00"},
		{"2022-05-01 09:30", "2022-05-01 12:00"},
		{"2022-05-01 08:30", "2022-05-01 09:30", "2022-05-01 09:31", "2022-05-01 12:00"},
		{"2022-05-01 12:00", "2022-05-01 08:59:59", "2022-05-01 09:00:01"},
	} {
		e := newEngine(t, in, 2)
		deliver(t, e, in.Deliveries[0])
		for _, stop := range stops {
			in := in.asOf(stop)
			e.Advance(in.AsOf)
			if diff := gocmp.Diff(answer(t, in, 2), answerOf(e, in)); diff != "" {
				t.Errorf("%v, at %s: fresh (-) and moved on (+):\n%s", stops, stop, diff)
			}
		}
	}
}

// Windows that hold the whole event, or cut it, add up.
func TestWindowsOverRowsOfSeveralGroups(t *testing.T) {
	t.Parallel()
	e := loaded(t, acrossGroups(), 2)
	want := tallyTotal(e.Tally(everything(e), nil))
	got, from := new(reliability.Block), int64(0)
	for _, to := range []string{"2022-05-01 08:30", "2022-05-01 09:00", "2022-05-01 09:15", "2022-05-01 09:45", "2022-05-01 10:00", "2023-01-01 00:00"} {
		got.Add(tallyTotal(e.Tally(period.Period{From: from, To: refAt(to)}, nil)), 1)
		from = refAt(to)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("the whole (-) and its parts (+):\n%s", diff)
	}
}
