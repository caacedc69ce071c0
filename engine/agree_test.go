package engine_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// Cases on which engine and reference differed once, made as small as they go.
func TestEngineAgreesInNamedCases(t *testing.T) {
	t.Parallel()
	ten := []outage.Customers{refServed("f1", "a", "rural", 10)}
	plain := []outage.Customers{refServed("", "a", "rural", 10), refServed("f2", "b", "rural", 10)}
	reject, stages, remaining := outage.RepeatedReject, outage.RepeatedStages, outage.RepeatedRemaining
	out := func(customers int64, changes ...func(*outage.Event)) outage.Event {
		return refOut("A", "2022-05-01 08:00", "2022-05-01 10:00", customers, changes...)
	}
	in := func(feeder, area string) func(*outage.Event) {
		return func(e *outage.Event) { e.Feeder, e.Area = feeder, area }
	}
	withdrawn := func(end int64) func(*outage.Event) {
		return func(e *outage.Event) { e.Cancelled, e.End = true, end }
	}
	mixed := refCase(plain, remaining, out(outage.Missing, in("", "a"))).then(out(outage.Missing, in("", "a")), out(3, in("", "a"))).whole()
	mixed.Deliveries[1].Repeated = reject
	tests := []struct {
		name string
		in   refInput
	}{
		{"still out, over at once: who comes back together is one group", refCase([]outage.Customers{refServed("f1", "a", "rural", 1)}, remaining,
			refOut("A", "2022-05-01 08:00", "", 8), refOut("A", "2022-05-01 09:00", "2022-05-01 09:00", 1)).asOf("2022-05-02 00:00")},
		{"stages equal but for their steps, those with steps first", refCase(ten, stages, out(1, refStep("2022-05-01 08:00", 1)), out(1))},
		{"stages equal but for their steps, those with steps last", refCase(ten, stages, out(1), out(1, refStep("2022-05-01 08:00", 1)))},
		{"rejected for its own sake, then for its company", mixed},
		{"withdrawn twice, with different ends before the start", refCase(ten, reject, out(1)).then(out(1, withdrawn(outage.Open))).then(out(2)).
			then(out(1, withdrawn(refAt("2022-05-01 07:00"))))},
		{"rows of one key in an area without feeders and in another", refCase(plain, remaining,
			refOut("A", "2022-05-01 08:00", "", 8, in("f1", "b")), refOut("A", "2022-05-01 09:00", "2022-05-01 09:00", 4, in("f1", "a"))).asOf("2022-05-02 00:00")},
		{"over at the instant of as-of", refCase(ten, reject, refOut("A", "2022-05-01 08:00", "2022-05-01 08:00", 4)).asOf("2022-05-01 08:00")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want, got := reference(tt.in), answer(t, tt.in, 2)
			for o, n := range want.Outcomes {
				if n == 0 {
					delete(want.Outcomes, o)
				}
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("reference (-) and engine (+):\n%s", diff)
			}
		})
	}
}

// The groups of an event with steps are out together: the most customers out at
// one instant are all of them.
func TestExplainCustomersOfSteps(t *testing.T) {
	t.Parallel()
	in := refCase([]outage.Customers{refServed("f1", "a", "rural", 1000)}, outage.RepeatedReject,
		refOut("A", "2022-03-01 08:00", "2022-03-01 14:00", 120, refStep("2022-03-01 09:30", 60), refStep("2022-03-01 11:00", 40)))
	e := loaded(t, in, 2)
	list := e.Explain(strataOf(e, ""), everything(e), reliability.Sets()[0], nil)
	if len(list) != 1 {
		t.Fatalf("%d explanations, want 1", len(list))
	}
	c := list[0]
	if c.Milli != refHours(330) || c.Interruptions != 120_000 {
		t.Errorf("%d and %d thousandths, want 330 customer-hours and 120 interruptions", c.Milli, c.Interruptions)
	}
	if c.Customers != 120_000 {
		t.Errorf("%d thousandths of customers at once, want 120000", c.Customers)
	}
}
