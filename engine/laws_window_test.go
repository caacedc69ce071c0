package engine_test

import (
	"slices"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// drawMajor makes a random choice of the days of the case major event days,
// with a threshold for every year; nil now and then.
func drawMajor(t *rapid.T, in refInput, e *engine.Engine) *engine.Major {
	if rapid.Bool().Draw(t, "without major event days") {
		return nil
	}
	m := e.Major(period.YearStart{})
	all := instantsOf(in)
	for d := period.DayOf(all[0], in.Zone) - 2; d <= period.DayOf(all[len(all)-1], in.Zone)+2; d++ {
		year, _, _ := d.Date()
		m.Thresholds[year] = 1
		m.Days[d] = rapid.Bool().Draw(t, "major event day")
	}
	return m
}

// A window cut at any instants, inside days too, adds up.
func TestLawWindowsAddUp(t *testing.T) {
	t.Parallel()
	var counted atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		major := drawMajor(t, in, e)
		cuts := []int64{drawInstant(t, in, "from"), drawInstant(t, in, "cut"), drawInstant(t, in, "cut"), drawInstant(t, in, "to")}
		slices.Sort(cuts)
		whole := e.Tally(period.Period{From: cuts[0], To: cuts[3]}, major)
		sum := addWindows(e, major, cuts)
		mustTally(t, whole, sum)
		if !slices.Equal(whole.Strata, make([]reliability.Block, len(whole.Strata))) {
			counted.Add(1)
		}
	})
	if counted.Load() == 0 {
		t.Error("nothing counted in any window")
	}
}

// addWindows adds up the tallies of the windows between the cuts.
func addWindows(e *engine.Engine, major *engine.Major, cuts []int64) *reliability.Tally {
	strata := e.Base().Strata()
	sum := &reliability.Tally{Strata: make([]reliability.Block, strata), Service: make([]int64, strata)}
	for i, to := range cuts[1:] {
		part := e.Tally(period.Period{From: cuts[i], To: to}, major)
		if part.ExMajor != nil && sum.ExMajor == nil {
			sum.ExMajor = make([]reliability.Block, strata)
		}
		for s := range strata {
			sum.Strata[s].Add(&part.Strata[s], 1)
			sum.Service[s] += part.Service[s]
			if part.ExMajor != nil {
				sum.ExMajor[s].Add(&part.ExMajor[s], 1)
			}
		}
	}
	return sum
}

// mustTally compares tallies but for their windows.
func mustTally(t *rapid.T, want, got *reliability.Tally) {
	t.Helper()
	for _, c := range []struct {
		name      string
		want, got any
	}{{"sums", want.Strata, got.Strata}, {"service", want.Service, got.Service}, {"apart from major event days", want.ExMajor, got.ExMajor}} {
		if diff := gocmp.Diff(c.want, c.got); diff != "" {
			t.Fatalf("%s of the whole window (-) and its parts (+):\n%s", c.name, diff)
		}
	}
}

// All time is the sum of its days, and what the days say is what the pieces
// say.
func TestLawDaysAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		major := drawMajor(t, in, e)
		var cuts []int64
		c := e.Sums().Calendar()
		for i := range c.Days() {
			if c.Start(i) <= in.AsOf+2*86400 { // a day may have more than 86400 s
				cuts = append(cuts, c.Start(i))
			}
		}
		sum := addWindows(e, major, cuts)
		mustTally(t, e.Tally(period.Period{From: cuts[0], To: cuts[len(cuts)-1]}, major), sum)
		if diff := gocmp.Diff(e.Sums().Total(), tallyTotal(sum)); diff != "" {
			t.Fatalf("the day sums (-) and windows of a day (+):\n%s", diff)
		}
	})
}

func tallyTotal(t *reliability.Tally) *reliability.Block {
	total := new(reliability.Block)
	for s := range t.Strata {
		total.Add(&t.Strata[s], 1)
	}
	return total
}

// What explains a number adds up to it, for every index set, pool and window.
func TestLawExplained(t *testing.T) {
	t.Parallel()
	var explained atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		e := loaded(t, in, 2)
		major := drawMajor(t, in, e)
		one, other := drawInstant(t, in, "from"), drawInstant(t, in, "to")
		w := period.Period{From: min(one, other), To: max(one, other)}
		strata := drawStrata(t, e)
		pool := e.Tally(w, major).Pool(strata, e.Bands())
		for _, set := range reliability.Sets() {
			list := e.Explain(strata, w, set, major)
			want, ok := pool.Of(set)
			if !ok && len(list) > 0 {
				t.Fatalf("%s does not exist but has %d explanations", set.ID, len(list))
			}
			var milli, interruptions int64
			for _, c := range list {
				milli, interruptions = milli+c.Milli, interruptions+c.Interruptions
				explained.Add(1)
			}
			if milli != want.Seconds || interruptions != want.Interruptions {
				t.Fatalf("%s in %+v explains %d and %d, the sums are %+v", set.ID, w, milli, interruptions, want)
			}
			mustBeLargestFirst(t, list)
		}
	})
	if explained.Load() == 0 {
		t.Error("there was nothing to explain")
	}
}

func mustBeLargestFirst(t *rapid.T, list []engine.Contribution) {
	t.Helper()
	for i, c := range list {
		if c.From > c.To {
			t.Fatalf("%+v ends before it starts", c)
		}
		if i > 0 && list[i-1].Milli < c.Milli {
			t.Fatalf("%+v comes before %+v", list[i-1], c)
		}
	}
}
