package reliability_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// Exactly a threshold is below it, and what is open is long.
func TestBands(t *testing.T) {
	t.Parallel()
	type is struct{ momentary, sustained bool }
	defaults, same, swapped := reliability.DefaultBands(), reliability.Bands{Momentary: 300, IEEE: 300}, reliability.Bands{Momentary: 600, IEEE: 300}
	tests := []struct {
		name     string
		bands    reliability.Bands
		duration int64
		band     reliability.Band
		want     is
	}{
		{"no time", defaults, 0, 0, is{momentary: true}},
		{"three minutes", defaults, 180, 0, is{momentary: true}},
		{"a second more", defaults, 181, 1, is{}},
		{"five minutes", defaults, 300, 1, is{}},
		{"a second more than five", defaults, 301, 2, is{sustained: true}},
		{"open", defaults, outage.Open, 2, is{sustained: true}},
		{"one threshold", same, 300, 0, is{momentary: true}},
		{"one threshold, a second more", same, 301, 2, is{sustained: true}},
		{"one threshold, open", same, outage.Open, 2, is{sustained: true}},
		{"ten minutes are momentary, five", swapped, 300, 0, is{momentary: true}},
		{"ten minutes are momentary, a second more than five", swapped, 301, 1, is{true, true}},
		{"ten minutes are momentary, ten", swapped, 600, 1, is{true, true}},
		{"ten minutes are momentary, a second more", swapped, 601, 2, is{sustained: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			band := tt.bands.Of(tt.duration)
			got := is{tt.bands.IsMomentary(band), tt.bands.IsSustained(band)}
			if band != tt.band || got != tt.want {
				t.Errorf("got band %d, %+v, want %d, %+v", band, got, tt.band, tt.want)
			}
		})
	}
}

// What each set counts, as rule 13 lists it.
func TestSets(t *testing.T) {
	t.Parallel()
	all := func(outage.Nature) bool { return true }
	tests := []struct {
		id         string
		natures    func(outage.Nature) bool
		bands      [reliability.BandCount]bool // with the default thresholds
		tenMinutes [reliability.BandCount]bool // where ten minutes are momentary
		startDay   bool
		exMajor    bool
	}{
		{"saidi-1", all, [3]bool{true, true, true}, [3]bool{true, true, true}, false, false},
		{"saidi-2", func(n outage.Nature) bool { return n != outage.FaultExternal }, [3]bool{true, true, true}, [3]bool{true, true, true}, false, false},
		{"saidi-3", func(n outage.Nature) bool { return n != outage.CurtailGeneration }, [3]bool{true, true, true}, [3]bool{true, true, true}, false, false},
		{"saidi-4", all, [3]bool{false, true, true}, [3]bool{false, false, true}, false, false},
		{"saidi-s", func(n outage.Nature) bool {
			return n != outage.Unknown && n != outage.FaultInternal && n != outage.FaultExternal
		}, [3]bool{true, true, true}, [3]bool{true, true, true}, false, false},
		{"saidi-f", func(n outage.Nature) bool { return n == outage.FaultInternal || n == outage.FaultExternal }, [3]bool{true, true, true}, [3]bool{true, true, true}, false, false},
		{"saidi-u", func(n outage.Nature) bool { return n == outage.Unknown }, [3]bool{true, true, true}, [3]bool{true, true, true}, false, false},
		{"ieee", all, [3]bool{false, false, true}, [3]bool{false, true, true}, true, false},
		{"ieee-ex-med", all, [3]bool{false, false, true}, [3]bool{false, true, true}, true, true},
	}
	var ids, want []string
	for _, s := range reliability.Sets() {
		ids = append(ids, s.ID)
	}
	for _, tt := range tests {
		want = append(want, tt.id)
		t.Run(tt.id, func(t *testing.T) {
			t.Parallel()
			set, ok := reliability.SetByID(tt.id)
			if !ok || set.StartDay != tt.startDay || set.ExceptMajor != tt.exMajor {
				t.Fatalf("got %t, start day %t, except major %t", ok, set.StartDay, set.ExceptMajor)
			}
			for n := range outage.Nature(outage.NatureCount) {
				for b := range reliability.Band(reliability.BandCount) {
					if got, want := set.Counts(n, b, reliability.DefaultBands()), tt.natures(n) && tt.bands[b]; got != want {
						t.Errorf("counts %s, band %d: %t, want %t", n, b, got, want)
					}
					if got, want := set.Counts(n, b, reliability.Bands{Momentary: 600, IEEE: 300}), tt.natures(n) && tt.tenMinutes[b]; got != want {
						t.Errorf("where ten minutes are momentary, counts %s, band %d: %t, want %t", n, b, got, want)
					}
				}
			}
		})
	}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("sets (-want +got):\n%s", diff)
	}
	if _, ok := reliability.SetByID("saidi-5"); ok {
		t.Error("saidi-5 is known")
	}
}

// Without a threshold the set that leaves major event days out has no sums.
func TestPoolWithoutThreshold(t *testing.T) {
	t.Parallel()
	tally := reliability.Tally{Strata: make([]reliability.Block, 1), Service: []int64{0}}
	for _, set := range reliability.Sets() {
		_, ok := tally.Pool([]int{0}, reliability.DefaultBands()).Of(set)
		if want := set.ID != reliability.IEEEExMED; ok != want {
			t.Errorf("%s exists: %t, want %t", set.ID, ok, want)
		}
	}
}
