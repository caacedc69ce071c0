package postgres

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Any text comes out of JSON as it went in; what is no UTF-8 comes as the sign
// for that, one a byte, as the standard library has it.
func TestAppendTextLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) })).Draw(t, "text")
		line := appendText([]byte("x"), []byte(text))
		var got string
		if err := json.Unmarshal(line[1:], &got); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if want := string([]rune(text)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if strings.ContainsAny(string(line), "\n\r") {
			t.Errorf("got %q, want one line", line)
		}
	})
}

// A seen keeps, of rows in the order of their places, what a look met and what
// does not lie behind.
func TestSeenLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, known := &seen{}, map[seenRow]bool{}
		for range rapid.IntRange(1, 5).Draw(t, "looks") {
			s.begin()
			places := rapid.SliceOfN(rapid.Int64Range(0, 20), 0, 30).Draw(t, "places")
			slices.Sort(places)
			met := map[seenRow]bool{}
			for _, place := range places {
				row := seenRow{digestOf(fmt.Append(nil, place)), place}
				if got := s.meet(row); got != (known[row] || met[row]) {
					t.Fatalf("met %d: got %t", place, got)
				}
				s.keep(row)
				met[row] = true
			}
			behind := rapid.Int64Range(0, 25).Draw(t, "behind")
			s.pass(behind)
			s.end()
			known = met
			for row := range known {
				if row.place < behind {
					delete(known, row)
				}
			}
			if len(s.turns) != len(known) {
				t.Fatalf("got %d rows, want %d", len(s.turns), len(known))
			}
		}
	})
}
