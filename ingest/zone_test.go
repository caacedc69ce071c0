package ingest

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/period"
)

// The cached offsets give what the calendar gives, in zones whose clocks change
// at odd times, leave out a day, or once kept local mean time.
func TestZoneClockAgrees(t *testing.T) {
	t.Parallel()
	zones := []string{"Asia/Shanghai", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu", "UTC"}
	clocks := map[string]*zoneClock{}
	for _, name := range zones {
		clocks[name] = &zoneClock{loc: location(t, name)}
	}
	rapid.Check(t, func(t *rapid.T) {
		z := clocks[rapid.SampledFrom(zones).Draw(t, "zone")]
		wall := rapid.Int64Range(-2_500_000_000, 2_000_000_000).Draw(t, "wall")
		at, skipped := z.instant(wall)
		if want := period.Local(wall, z.loc); at != want || skipped != (z.wall(want) != wall) {
			t.Fatalf("instant %d skipped %v, want %d", at, skipped, want)
		}
		if got, want := z.last(wall), period.LocalLast(wall, z.loc); got != want {
			t.Fatalf("last %d, want %d", got, want)
		}
	})
}
