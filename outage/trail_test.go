package outage

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// A trail gives what looking texts up gives, whether they are new or known.
func TestTrail(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		followed, looked := NewDict(), NewDict()
		trails := [2]Trail{NewTrail(followed), NewTrail(followed)}
		for range rapid.IntRange(0, 100).Draw(t, "texts") {
			n := rapid.IntRange(1, 12).Draw(t, "text")
			text := fmt.Append(nil, n)
			known, wasKnown := trails[n%2].Known(text)
			if want, ok := looked.Known(string(text)); known != want || wasKnown != ok {
				t.Fatalf("%q is known as %d, %v, want %d, %v", text, known, wasKnown, want, ok)
			}
			if got, want := trails[n%2].Intern(text), looked.InternBytes(text); got != want {
				t.Fatalf("%q is %d, want %d", text, got, want)
			}
		}
	})
}
