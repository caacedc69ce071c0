package engine_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
)

// An engine that is made from the memory of another one says the same as one that
// is new, whatever the other one held.
func TestLawAnew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		want, e := loaded(t, in, 2), newEngine(t, in, 2)
		for range rapid.IntRange(1, 2).Draw(t, "uses") {
			for _, d := range in.Deliveries {
				if rapid.Bool().Draw(t, "used") {
					deliver(t, e, d)
				}
			}
			if rapid.Bool().Draw(t, "clock") {
				e.Advance(drawInstant(t, in, "clock"))
			}
			load := e.Begin() // left as it is
			b := outage.NewBatch(outage.NewDict())
			for _, d := range in.Deliveries {
				fill(b, d.Events, 0)
			}
			if err := load.Add(b); err != nil {
				t.Fatal(err)
			}
			e = e.Anew()
		}
		for _, d := range in.Deliveries {
			deliver(t, e, d)
		}
		e.Advance(in.AsOf)
		mustEqual(t, in, answerOf(want, in), answerOf(e, in))
		if diff := gocmp.Diff(rowTexts(want), rowTexts(e)); diff != "" {
			t.Fatalf("rows of a new engine (-) and of one from used memory (+):\n%s", diff)
		}
	})
}
