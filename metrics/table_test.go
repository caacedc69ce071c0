package metrics

import "testing"

// A sample with other labels than its family's is a programmer's mistake.
func TestAddPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if got, want := recover(), "metrics: x has the labels [area class], not 1"; got != want {
			t.Errorf("got %v, want %q", got, want)
		}
	}()
	newTable(Family{Name: "x", Labels: []string{"area", "class"}}).add(1, "xining")
}
