package forecast

import (
	"math/rand/v2"
	"testing"

	"github.com/saidi-exporter/saidi/period"
)

// made is a stratum of so many days, each with what faults and work of it cost.
func made(n int, customers float64, seconds func(day int) (fault, work float64)) Stratum {
	x := Stratum{Peers: "town", Customers: make([]float64, n), Known: make([]bool, n)}
	for p := range x.Seconds {
		x.Seconds[p] = make([]float64, n)
	}
	for d := range n {
		x.Customers[d], x.Known[d] = customers, true
		x.Seconds[Fault][d], x.Seconds[PreArranged][d] = seconds(d)
	}
	return x
}

// silence takes what was told of some days away.
func (s *Stratum) silence(from, to int) {
	for d := from; d < to; d++ {
		s.Known[d] = false
		s.Seconds[Fault][d], s.Seconds[PreArranged][d] = 0, 0
	}
}

func meanOf(p *Projection) (mean float64) {
	for _, v := range p.totals {
		mean += float64(v) / 1000 / float64(len(p.totals))
	}
	return mean
}

// project asks one stratum of a history where its year ends.
func project(t *testing.T, h *History, at Origin, happened float64) (*Model, *Projection) {
	t.Helper()
	ahead := make([]Ahead, len(h.Strata))
	for n := range ahead {
		ahead[n].Customers = 1000
	}
	m := New(h, at, ahead, Options{})
	p, ok := m.Project(&Question{Strata: []int{0}, Happened: thousandths(happened)})
	if !ok {
		t.Fatal("nothing is said")
	}
	return m, p
}

// One year of a stratum with hardly an outage, beside three with more, is drawn
// towards them in what is usual and in the futures alike: neither undoes the other.
func TestFewOutagesGoByPeers(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 2))
		h := &History{First: period.DayOfDate(2021, 1, 1)}
		for n := range 4 {
			chance := 0.05
			if n == 0 {
				chance = 0.004
			}
			h.Strata = append(h.Strata, made(365, 1000, func(int) (float64, float64) {
				if r.Float64() < chance {
					return 1000 * 3600, 0
				}
				return 0, 0
			}))
		}
		at := Origin{Today: 365, Left: 1, From: 365, To: 730}
		m, p := project(t, h, at, 0)
		usual, _ := m.Usual([]int{0}, Fault, at.From, at.To)
		near(t, "the mean of the futures", meanOf(p), usual, 0.15)
		var own float64
		for _, v := range h.Strata[0].Seconds[Fault] {
			own += v
		}
		if usual <= own {
			t.Errorf("seed %d: its own year was %v, usual is %v: its peers do not count", seed, own, usual)
		}
	}
}

// Days of the year of which nothing was told, in the middle or at the end of what
// is over, are made up for; what counts on them already does not count twice. 1 000
// customers lose 900 s a day.
func TestUntoldDays(t *testing.T) {
	t.Parallel()
	const n = 365 + 200
	tests := []struct {
		name     string
		from, to int
		counted  bool // what happened on them counts, though nobody says that it was all
	}{
		{"none", 0, 0, false},
		{"at the beginning of the year", 370, 420, false},
		{"in the middle", 445, 530, false},
		{"at the end", n - 30, n, false},
		{"at the end, counted", n - 30, n, true},
		{"in the middle, counted", 445, 530, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := made(n, 1000, func(int) (float64, float64) { return 1000 * 600, 1000 * 300 })
			if !tt.counted {
				x.silence(tt.from, tt.to)
			}
			var happened float64
			for d := 365; d < n; d++ {
				happened += x.Seconds[Fault][d] + x.Seconds[PreArranged][d]
				x.Known[d] = x.Known[d] && (d < tt.from || d >= tt.to)
			}
			_, p := project(t, &History{Strata: []Stratum{x}}, Origin{Today: n, Left: 1, From: 365, To: 730}, happened)
			near(t, "the mean", meanOf(p), 1000*900*365, 0.02)
		})
	}
}

// How well a rate is known does not depend on years before anything was told.
func TestYearsBeforeAnythingWasTold(t *testing.T) {
	t.Parallel()
	spread := func(lead int) float64 {
		r := rand.New(rand.NewPCG(1, 2))
		x := made(lead+365, 1000, func(int) (float64, float64) {
			if r.Float64() < 0.05 {
				return 1000 * 3600 * r.ExpFloat64(), 0
			}
			return 0, 0
		})
		x.silence(0, lead)
		n := lead + 365
		_, p := project(t, &History{Strata: []Stratum{x}}, Origin{Today: n, Left: 1, From: n, To: n + 365}, 0)
		return float64(p.Quantile(0.95)-p.Quantile(0.05)) / float64(p.Quantile(0.5))
	}
	near(t, "the width after seven empty years", spread(7*365), spread(0), 0.35)
}

// Where half a year is known, so that nobody can tell its season, two months of
// frost hardly move the level of the whole year.
func TestUnknownSeason(t *testing.T) {
	t.Parallel()
	const before = 184
	r := rand.New(rand.NewPCG(1, 2))
	x := made(before+59, 1000, func(d int) (float64, float64) {
		frost := 1.0
		if d >= before {
			frost = 0.35
		}
		return 0, frost * 1000 * 600 * r.ExpFloat64()
	})
	m, _ := project(t, &History{Strata: []Stratum{x}}, Origin{Today: before + 59, Left: 1, From: before, To: before + 365}, 0)
	if got := m.parts[PreArranged].common.now.mean; got < 0.85 {
		t.Errorf("the common level is %v", got)
	}
}

// Nothing at all is no panic: no strata, no days, no outage, no customers.
func TestNothing(t *testing.T) {
	t.Parallel()
	at := Origin{Today: 0, Left: 1, From: 0, To: 365}
	if p, ok := New(&History{}, at, nil, Options{}).Project(&Question{Happened: 5}); !ok || p.Quantile(1) != 5 {
		t.Errorf("no strata: %t, want what has happened", ok)
	}
	if p, ok := New(&History{Strata: []Stratum{{}}}, at, []Ahead{{Customers: 1}}, Options{}).Project(&Question{Strata: []int{0}}); ok {
		t.Errorf("no days: %+v", p)
	}
	at = Origin{Today: 400, Left: 1, From: 365, To: 730}
	quiet := made(400, 1000, func(int) (float64, float64) { return 0, 0 })
	if p, ok := New(&History{Strata: []Stratum{quiet}}, at, []Ahead{{Customers: 1}}, Options{}).Project(&Question{Strata: []int{0}}); ok {
		t.Errorf("no outage: %+v", p)
	}
	busy := made(400, 1000, func(int) (float64, float64) { return 1000, 0 })
	p, ok := New(&History{Strata: []Stratum{busy}}, at, []Ahead{{}}, Options{}).Project(&Question{Strata: []int{0}, Happened: 7})
	if !ok || p.Quantile(1) != 7 {
		t.Errorf("no customers any more: %+v, %t; want 7", p, ok)
	}
}
