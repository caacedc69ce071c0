package outage

import (
	"testing"

	"pgregory.net/rapid"
)

// Equal texts have one reference and others others, in the order of first
// appearance, and what was given out stays as it is.
func TestDict(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := NewDict()
		d.Reserve(rapid.IntRange(0, 500).Draw(t, "reserved"))
		want := map[string]Ref{"": 0}
		text := rapid.OneOf(rapid.StringN(0, 20, 20), rapid.StringMatching(`[ab]{0,3}`), rapid.StringMatching(`a{7}[ab]{0,30}`))
		for _, s := range rapid.SliceOfN(text, 0, 300).Draw(t, "texts") {
			before, seen := want[s]
			if r, ok := d.Known(s); ok != seen || r != before {
				t.Fatalf("%q is known as %d, %v, want %d, %v", s, r, ok, before, seen)
			}
			texts := d.Texts()
			r := d.Intern(s)
			if !seen {
				want[s] = Ref(len(want))
			}
			if r != want[s] || d.Text(r) != s {
				t.Fatalf("%q has the reference %d of %q, want %d", s, r, d.Text(r), want[s])
			}
			for i, was := range texts {
				if want[was] != Ref(i) {
					t.Fatalf("the texts given out changed: %q is text %d, want %d", was, i, want[was])
				}
			}
		}
		if d.Len() != len(want) {
			t.Errorf("%d texts, want %d", d.Len(), len(want))
		}
	})
}
