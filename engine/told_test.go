package engine_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
)

// A mark leads back to its row, and to the same row in an engine that was told
// more; the rows of an event are all those that name it.
func TestLawMarks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := newEngine(t, in, 1)
		loadParts(t, e, in)
		first := in
		first.Deliveries = in.Deliveries[:rapid.IntRange(1, len(in.Deliveries)).Draw(t, "told first")]
		before := newEngine(t, in, 1)
		loadParts(t, before, first)
		type event struct{ source, id string }
		events := map[event][]int{}
		for i := range e.Rows() {
			ev, _ := e.Event(i)
			if got, ok := e.Find(e.Mark(i)); !ok || got != i {
				t.Fatalf("the mark of row %d, %+v, leads to %d, %v", i, e.Mark(i), got, ok)
			}
			if k, ok := before.Find(e.Mark(i)); ok != (i < before.Rows()) || ok && k != i {
				t.Fatalf("row %d is %d of %d rows before, %v", i, k, before.Rows(), ok)
			}
			events[event{ev.Source, ev.ID}] = append(events[event{ev.Source, ev.ID}], i)
		}
		for of, want := range events {
			for _, i := range want {
				if of.id == "" {
					want = []int{i}
				}
				if got := e.SameEvent(i); !slices.Equal(got, want) {
					t.Fatalf("rows of %+v: %v, want %v", of, got, want)
				}
			}
		}
		if _, ok := e.Find(engine.Mark{Delivery: 7}); ok {
			t.Fatal("a row of a part that was never told")
		}
	})
}
