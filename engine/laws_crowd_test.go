package engine_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
)

// Where many outages want the customers of one cell, whose number changes too,
// the engine hands them out as the reference does.
func TestLawCrowdedCell(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCrowd(t)
		want := reference(in)
		for o, n := range want.Outcomes {
			if n == 0 {
				delete(want.Outcomes, o)
			}
		}
		mustEqual(t, in, want, answer(t, in, 2))
	})
}

// drawCrowd draws up to sixty outages of one cell within eight hours.
func drawCrowd(t *rapid.T) refInput {
	first := refAt("2022-05-01 20:00")
	minute := rapid.Int64Range(0, 480)
	base := []outage.Customers{refServed("f1", "a", "rural", rapid.Int64Range(0, 30).Draw(t, "served"))}
	for range rapid.IntRange(0, 3).Draw(t, "changes of the base") {
		more := refServed("f1", "a", "rural", rapid.Int64Range(1, 20).Draw(t, "more served"))
		more.ValidFrom = first + 60*minute.Draw(t, "served from")
		more.ValidTo = more.ValidFrom + 60*(1+minute.Draw(t, "served for"))
		more.CapacityKVA = float64(len(base)) // tells it from the others
		base = append(base, more)
	}
	in := refCase(base, outage.RepeatedReject).asOf("2022-05-02 06:00")
	for i := range rapid.IntRange(2, 60).Draw(t, "outages") {
		e := refOut(fmt.Sprint("E", i), "2022-05-01 20:00", "", rapid.Int64Range(0, 12).Draw(t, "customers"))
		e.Start += 60 * minute.Draw(t, "start")
		e.End = e.Start + rapid.SampledFrom([]int64{0, 60, 180, 240, 300, 600, 3600, 7200, 20000}).Draw(t, "seconds")
		e.Nature = rapid.SampledFrom([]outage.Nature{outage.Unknown, outage.FaultInternal, outage.PlannedMaintenance}).Draw(t, "nature")
		in.Deliveries[0].Events = append(in.Deliveries[0].Events, e)
	}
	return in
}
