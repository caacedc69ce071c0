package ingest

import (
	"testing"

	"pgregory.net/rapid"
)

// What the quick way reads, the careful way reads the same; what it leaves, it
// leaves to it.
func TestPlainTimesAreReadAlike(t *testing.T) {
	t.Parallel()
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.StringMatching(`[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?`),
			rapid.StringMatching(`20[0-9]{2}[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12][0-9])[ T](0?[0-9]|1[0-9]|2[0-4]):[0-5][0-9](:[0-5][0-9])?(Z|[+-](0[0-9]|1[0-9]):[0-5][0-9])?`),
			rapid.StringMatching(`[0-9T:Z+ /.-]{0,26}`),
		).Draw(t, "text")
		got, ok := parsePlain([]byte(text))
		if !ok {
			return
		}
		taken++
		if want, ok := parseWords(foldWidth(text), false); !ok || got != want {
			t.Fatalf("%q: %+v, the careful way %+v, %t", text, got, want, ok)
		}
	})
	if taken == 0 {
		t.Error("no text was taken")
	}
}

// The usual forms are taken at once. Allocations are counted, so no other test may
// run beside this one.
func TestPlainTimesAreTaken(t *testing.T) { //nolint:paralleltest // see above
	for _, text := range []string{"2021-01-05", "2021/1/5", "2021/1/5 8:03", "2021-01-05 08:03", "2021-01-05T08:03:00+08:00", "2021-01-05T08:03:00Z", "2021-12-31 23:59:59"} {
		if _, ok := parsePlain([]byte(text)); !ok {
			t.Errorf("%q is left to the careful way", text)
		}
		if n := testing.AllocsPerRun(100, func() { parsePlain([]byte(text)) }); n > 0 {
			t.Errorf("%q: %v allocations", text, n)
		}
	}
}
