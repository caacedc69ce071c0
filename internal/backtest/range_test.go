package backtest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// elsewhere are trials of a series, each with 100 so far and 200 more by the rule, to
// which there came so much.
func elsewhere(series, month int, size string, came ...int64) (all []Trial) {
	for _, rest := range came {
		all = append(all, Trial{
			Series: series, Kind: "calm", Size: size, Month: month, Usual: 100, Answered: true,
			Quantiles: [5]int64{100 + rest, 100 + rest, 100 + rest, 100 + rest, 100 + rest},
			Naive:     [3]int64{0, 0, 300}, Happened: 100, Outcome: 100 + rest,
		})
	}
	return all
}

// The first series learns from the fifth, which is in the other half, and not from
// the second, nor from another month or size.
func TestRangeByHand(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		others []Trial
		want   [5]int64
		ranged bool
	}{
		{"of four", elsewhere(4, 3, Whole, 400, 100, 200, 300), [5]int64{70, 90, 110, 130, 130}, true},
		{"of one", elsewhere(7, 3, Whole, 100), [5]int64{70, 70, 70, 70, 70}, true},
		{"the same half", append(elsewhere(1, 3, Whole, 100), elsewhere(8, 3, Whole, 100)...), [5]int64{}, false},
		{"another month", elsewhere(4, 4, Whole, 100), [5]int64{}, false},
		{"another size", elsewhere(4, 3, OneArea, 100), [5]int64{}, false},
		{"nothing said", []Trial{{Series: 4, Month: 3, Size: Whole, Naive: [3]int64{9, 9, 5}, Happened: 5, Outcome: 7}}, [5]int64{}, false},
	}
	for _, tt := range tests {
		trials := append([]Trial{{Month: 3, Size: Whole, Naive: [3]int64{1, 2, 90}, Happened: 50, Outcome: 999}}, tt.others...)
		addRanges(trials)
		if got := trials[0]; got.Ranged != tt.ranged || got.Range != tt.want {
			t.Errorf("%s: %v, %v, want %v, %v", tt.name, got.Range, got.Ranged, tt.want, tt.ranged)
		}
	}
}

// Whatever comes in a half of the series, its own ranges stay as they are.
func TestLawNobodyLearnsFromHimself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		trials := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Trial {
			so := rapid.Int64Range(0, 1000).Draw(t, "so far")
			return Trial{
				Series: rapid.IntRange(0, 11).Draw(t, "series"), Month: rapid.IntRange(1, 2).Draw(t, "month"), Size: Whole,
				Happened: so, Naive: [3]int64{2: so + rapid.Int64Range(0, 1000).Draw(t, "said")}, Outcome: so + rapid.Int64Range(0, 1000).Draw(t, "came"),
			}
		}), 1, 40).Draw(t, "trials")
		addRanges(trials)
		other := make([]Trial, len(trials))
		for n, was := range trials {
			other[n] = was
			other[n].Ranged, other[n].Range = false, [5]int64{}
			if half(&was) == 0 {
				other[n].Outcome += rapid.Int64Range(0, 1000).Draw(t, "more")
			}
		}
		addRanges(other)
		for n := range trials {
			if is, was := &other[n], &trials[n]; half(was) == 0 && (is.Ranged != was.Ranged || is.Range != was.Range) {
				t.Fatalf("trial %d: %v became %v", n, was.Range, is.Range)
			}
		}
	})
}

// Made-up provinces of every kind and length of history are in both halves.
func TestHalvesHaveAllKinds(t *testing.T) {
	t.Parallel()
	for name, plan := range map[string]Plan{"full": Full(), "quick": Quick()} {
		type sort struct {
			kind   string
			of     string
			hidden int
		}
		counts := map[sort][2]int{}
		for n, p := range plan.List(1) {
			key := sort{p.Kind, p.Options.Kind.String(), p.Hidden}
			c := counts[key]
			c[half(&Trial{Series: n})]++
			counts[key] = c
		}
		for key, c := range counts {
			if least := min(c[0], c[1]); 3*least < c[0]+c[1] {
				t.Errorf("%s: %v: %d and %d, want at least a third in each half", name, key, c[0], c[1])
			}
		}
		if len(counts) != 7 {
			t.Errorf("%s: %d sorts of provinces, want 7", name, len(counts))
		}
	}
}

// A forecast that is perfect loses nothing where the range of thumb does; the table
// and the figures have it by kind and in all, and not where there is none.
func TestRanged(t *testing.T) {
	t.Parallel()
	trials := append(elsewhere(0, 3, Whole, 100, 200), elsewhere(4, 3, Whole, 300, 300)...)
	trials = append(trials, elsewhere(0, 9, Whole, 700)...)
	trials[2].Kind, trials[3].Kind = "stormy", "stormy"
	addRanges(trials)
	r, ok := Sum(trials).Ranged()
	// The first two are told 300 and lose 200/2 and 100/2; the others are told 100, 100,
	// 200, 200, 200 and lose the shares of 200 and 100. The last has no range.
	want := Ranged{Trials: 4, Loss: (100 + 50 + 2*(0.05*200+0.25*200+(0.5+0.75+0.95)*100)/5) / 4, Gain: 1}
	if !ok || r.Trials != want.Trials || !near(r.Loss, want.Loss) || r.Beside != 0 || r.Gain != 1 || r.Half != 0 || r.Ninety != 0 {
		t.Errorf("%+v, %v, want %+v", r, ok, want)
	}
	wantRows := [][]string{
		{"calm", "2", "0.00", "75.00", "100.0 %", "0.0 %", "0.0 %"},
		{"stormy", "2", "0.00", "56.00", "100.0 %", "0.0 %", "0.0 %"},
		{"all", "4", "0.00", "65.50", "100.0 %", "0.0 %", "0.0 %"},
	}
	if diff := cmp.Diff(wantRows, ranges(trials).Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	told := (&Judgement{Trials: trials}).Figures()
	for _, line := range []string{"than the best rule of thumb (", "less by 100.0 % than a range of thumb learnt from other provinces (65.50 %)\n", "\n90 % interval by kind: calm 100.0 %, stormy 100.0 %\n", "questions: 5 in 2 province-years of 2 provinces, not answered 0\n"} {
		if !strings.Contains(told, line) {
			t.Errorf("the figures lack %q:\n%s", line, told)
		}
	}
	alone := (&Judgement{Trials: elsewhere(0, 3, Whole, 100)}).Figures()
	for _, part := range []string{RangeName, "by kind", "drawn anew"} {
		if strings.Contains(alone, part) {
			t.Errorf("one series, and the figures say %q:\n%s", part, alone)
		}
	}
}
