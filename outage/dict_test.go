package outage

import (
	"fmt"
	"strconv"
	"sync"
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

// Several goroutines that intern at once agree on every text, and lose none.
func TestDictAtOnce(t *testing.T) {
	t.Parallel()
	const workers, texts = 4, 30_000
	d := NewDict()
	var refs [workers][]Ref
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			trail := NewTrail(d)
			for i := range texts {
				text := fmt.Appendf(nil, "unit %d", (i*(2*w+1))%texts)
				if i%10 == 0 {
					text = fmt.Appendf(nil, "a text that is too long for a slot, number %d", i)
				}
				r := trail.Intern(text)
				if got := d.Text(r); got != string(text) {
					t.Errorf("%q is the text of the reference of %q", got, text)
				}
				refs[w] = append(refs[w], d.InternBytes(text))
				if refs[w][i] != r {
					t.Errorf("%q has the references %d and %d", text, r, refs[w][i])
				}
			}
		})
	}
	wait.Wait()
	all := map[string]bool{}
	for r, text := range d.Texts() {
		if known, ok := d.Known(text); !ok || known != Ref(r) || all[text] {
			t.Fatalf("text %d, %q, is known as %d, %v, and came before: %v", r, text, known, ok, all[text])
		}
		all[text] = true
	}
	for i := range texts {
		if i%10 == 0 && refs[0][i] != refs[1][i] {
			t.Fatalf("text %d has the references %d and %d", i, refs[0][i], refs[1][i])
		}
	}
}

// Goroutines that bring new texts at the same moment, to a table so small that
// they meet in its slots, get each its own.
func TestDictNewTextsAtOnce(t *testing.T) {
	t.Parallel()
	for range 20_000 {
		d := NewDict()
		var wait sync.WaitGroup
		for w := range 4 {
			wait.Go(func() {
				for i := range 30 {
					text := strconv.Itoa(1000*w + i)
					if got := d.Text(d.Intern(text)); got != text {
						t.Errorf("%q has the reference of %q", text, got)
					}
				}
			})
		}
		if wait.Wait(); t.Failed() {
			return
		}
	}
}
