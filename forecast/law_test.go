package forecast

import (
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// At the year's end nothing is left to chance: every draw is what has happened.
func TestLawYearEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		s.at.Today, s.at.Left = min(s.at.To, len(s.history.Strata[0].Known)), 1
		s.at.To = s.at.Today
		happened := rapid.Int64Range(0, 1e15).Draw(t, "happened")
		limit := rapid.SampledFrom([]int64{happened - 1, happened, happened + 1}).Draw(t, "limit")
		p, ok := s.model(Options{Draws: 20}).Project(&Question{Strata: s.all(), Happened: happened, Limit: limit})
		if !ok {
			t.Fatal("nothing is said")
		}
		for _, share := range shares {
			if got := p.Quantile(share); got != happened {
				t.Fatalf("quantile %v is %d, want %d", share, got, happened)
			}
		}
		if want := 20; (p.Over == want) != (happened > limit) || p.Over != 0 && p.Over != want || p.DoesPass {
			t.Fatalf("%d of %d draws are over %d with %d; passes %t", p.Over, p.Draws, limit, happened, p.DoesPass)
		}
	})
}

// More scheduled work lowers no quantile, neither of the year nor of any month,
// and no number of draws over the limit; and whatever is scheduled counts.
func TestLawScheduled(t *testing.T) {
	t.Parallel()
	var compared, raised atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		o := Options{Draws: 100}
		q := &Question{Strata: s.all(), Limit: rapid.Int64Range(0, 1e13).Draw(t, "limit")}
		for day := s.at.Today + 1; day <= s.at.To; day += 30 {
			q.Marks = append(q.Marks, day)
		}
		before, ok := s.model(o).Project(q)
		if !ok {
			return
		}
		var told float64
		more := slices.Clone(s.ahead)
		for n := range more {
			more[n].Scheduled = rapid.SliceOfN(rapid.Float64Range(0, 1e8), 0, s.at.To-s.at.Today).Draw(t, "scheduled")
			for _, v := range more[n].Scheduled {
				told += v
			}
		}
		s.ahead = more
		after, _ := s.model(o).Project(q)
		compared.Add(1)
		for _, share := range shares {
			if after.Quantile(share) < before.Quantile(share) {
				t.Fatalf("quantile %v falls from %d to %d", share, before.Quantile(share), after.Quantile(share))
			}
			if after.Quantile(share) > before.Quantile(share) {
				raised.Add(1)
			}
			for n := range q.Marks {
				if after.QuantileAt(n, share) < before.QuantileAt(n, share) {
					t.Fatalf("quantile %v of mark %d falls from %d to %d", share, n, before.QuantileAt(n, share), after.QuantileAt(n, share))
				}
			}
		}
		if after.Over < before.Over || after.Quantile(0.001) < thousandths(told)-1 {
			t.Fatalf("over the limit %d, then %d; least %d, scheduled %v", before.Over, after.Over, after.Quantile(0.001), told)
		}
	})
	if compared.Load() < 10 || raised.Load() == 0 {
		t.Errorf("%d were compared, %d quantiles rose", compared.Load(), raised.Load())
	}
}

// Twice the same question has the same answer, whatever comes after the origin and
// whoever asked before; quantiles rise; draws over a limit fall as it rises; what
// has happened moves all alike.
func TestLawProjection(t *testing.T) {
	t.Parallel()
	var compared atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		o := Options{Draws: 100, Seed: rapid.Uint64().Draw(t, "seed")}
		low := rapid.Int64Range(0, 1e13).Draw(t, "limit")
		q := &Question{Strata: s.all(), Limit: low}
		m := s.model(o)
		p, ok := m.Project(q)
		if !ok {
			return
		}
		compared.Add(1)
		again := s
		again.history = lengthened(s.history)
		m = again.model(o)
		m.Project(&Question{Strata: []int{0}, Limit: 0})
		same, _ := m.Project(q)
		if diff := cmp.Diff(p, same, cmp.AllowUnexported(Projection{})); diff != "" {
			t.Fatalf("the same question (-first +again):\n%s", diff)
		}
		if !slices.IsSorted(p.totals) || p.totals[0] < 0 {
			t.Fatalf("totals are %v", p.totals)
		}
		more := *q
		more.Limit, more.Happened = low+1e9, 12345
		if got, _ := m.Project(&more); got.Over > p.Over+same.Draws || got.Quantile(0.5) != p.Quantile(0.5)+12345 {
			t.Fatalf("half with 12345 more is %d, was %d", got.Quantile(0.5), p.Quantile(0.5))
		}
		more.Happened = 0
		if got, _ := m.Project(&more); got.Over > p.Over {
			t.Fatalf("%d draws are over %d, and %d over less", got.Over, more.Limit, p.Over)
		}
		over := 0
		for _, v := range p.totals {
			if v > low {
				over++
			}
		}
		if over != p.Over {
			t.Fatalf("%d totals are over the limit, it says %d", over, p.Over)
		}
	})
	if compared.Load() < 10 {
		t.Errorf("%d were compared", compared.Load())
	}
}

// lengthened goes on beyond the days of a history with outages of everybody.
func lengthened(h *History) *History {
	long := &History{First: h.First}
	for _, x := range h.Strata {
		for range 50 {
			x.Customers, x.Known = append(slices.Clip(x.Customers), 1000), append(slices.Clip(x.Known), true)
			for p := range x.Seconds {
				x.Seconds[p] = append(slices.Clip(x.Seconds[p]), 86400*1000)
			}
		}
		long.Strata = append(long.Strata, x)
	}
	return long
}

// What is usual of days and strata adds up, and Level of nothing is 1.
func TestLawUsual(t *testing.T) {
	t.Parallel()
	var compared atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		m := s.model(Options{Draws: 2})
		cut := rapid.IntRange(s.at.From, s.at.To).Draw(t, "cut")
		for p := range Part(PartCount) {
			whole, ok := m.Usual(s.all(), p, s.at.From, s.at.To)
			if !ok {
				continue
			}
			compared.Add(1)
			var sum float64
			for _, n := range s.all() {
				a, _ := m.Usual([]int{n}, p, s.at.From, cut)
				b, _ := m.Usual([]int{n}, p, cut, s.at.To)
				sum += a + b
			}
			if sum > whole*(1+1e-9) || sum < whole*(1-1e-9) || whole < 0 {
				t.Fatalf("part %d: days and strata add up to %v, together they are %v", p, sum, whole)
			}
		}
		if got := m.Level(nil); got != 1 {
			t.Fatalf("the level of nothing is %v", got)
		}
		if got := m.Level(s.all()); got < 0.05 || got > 20 {
			t.Fatalf("the level is %v", got)
		}
	})
	if compared.Load() < 10 {
		t.Errorf("%d were compared", compared.Load())
	}
}
