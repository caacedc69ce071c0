package period

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestUnion(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   []Period
		want Spans
	}{
		"none":     {nil, nil},
		"empty":    {[]Period{{5, 5}, {7, 6}}, nil},
		"touching": {[]Period{{5, 7}, {3, 5}}, Spans{{3, 7}}},
		"inside":   {[]Period{{1, 9}, {3, 5}, {9, 10}, {12, 13}}, Spans{{1, 10}, {12, 13}}},
	} {
		if diff := cmp.Diff(c.want, Union(c.in)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What lies within a window and its gaps make up the window, and an instant is
// in one of the two by whether a period holds it.
func TestSpansAreTheirInstants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Period {
			from := rapid.Int64Range(0, 40).Draw(t, name)
			return Period{From: from, To: from + rapid.Int64Range(0, 12).Draw(t, name+" length")}
		}
		var in []Period
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			in = append(in, draw("period"))
		}
		w := draw("window")
		spans := Union(in)
		var want int64
		for at := w.From; at < w.To; at++ {
			held := false
			for _, p := range in {
				held = held || p.Holds(at)
			}
			if held {
				want++
			}
		}
		var gaps int64
		for _, g := range spans.Gaps(w) {
			gaps += g.Seconds()
			if g.Seconds() == 0 || spans.Within(g) != 0 {
				t.Fatalf("gap %v of %v in %v", g, w, spans)
			}
		}
		if got := spans.Within(w); got != want || got+gaps != w.Seconds() {
			t.Fatalf("%v within %v: %d seconds, want %d; gaps %d", spans, w, got, want, gaps)
		}
	})
}
