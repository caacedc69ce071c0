package ingest

import (
	"bytes"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// The quick look at a text's ends misses no space.
func TestTrimAgrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		runes := rapid.SliceOf(rapid.SampledFrom([]rune{' ', '\t', '\u00A0', '\u3000', '\u2003', '\uFEFF', '\u200B', '\u0085', 'a', '1', 'é', '市', '龥', '。', '～', '😀'})).Draw(t, "text")
		text := []byte(string(runes))
		want := bytes.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B' })
		if got := trim(text); !bytes.Equal(got, want) {
			t.Fatalf("%q trimmed is %q, want %q", text, got, want)
		}
	})
}
