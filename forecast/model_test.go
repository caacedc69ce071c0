package forecast

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// Where every day was the same, the rest of the year will be so, too: 2 000
// customers who lose 20 s and 10 s a day lose 265 days' worth of both.
func TestSteady(t *testing.T) {
	t.Parallel()
	s := steady(3, [PartCount]float64{20, 10})
	m := s.model(Options{})
	p, ok := m.Project(&Question{Strata: []int{0}, Happened: 5, Limit: 17_000_000_000, Marks: []int{s.at.Today + 70}})
	if !ok {
		t.Fatal("nothing is said")
	}
	const rest = 2000 * 30 * 265 * 1000
	near(t, "the middle", float64(p.Quantile(0.5)), rest, 0.02)
	near(t, "a high quantile", float64(p.Quantile(0.95)), rest, 0.25)
	near(t, "a low quantile", float64(p.Quantile(0.05)), rest, 0.25)
	near(t, "ten weeks on", float64(p.QuantileAt(0, 0.5)), rest*70/265.0, 0.02)
	near(t, "the level", m.Level([]int{0}), 1, 0.01)
	for p, perDay := range []float64{20, 10} {
		usual, _ := m.Usual([]int{0}, Part(p), s.at.From, s.at.To)
		near(t, "a usual year", usual, 2000*365*perDay, 0.01)
	}
}

// The limit is passed when what is left of it is used up: 60 000 customer-seconds
// a day, so a limit of 6 million lasts a hundred days.
func TestPasses(t *testing.T) {
	t.Parallel()
	s := steady(3, [PartCount]float64{20, 10})
	tests := []struct {
		name            string
		limit           int64
		passes          bool
		earliest, until int
	}{
		{"in a hundred days", 6_000_000_000, true, 95, 105},
		{"at once", 1, true, 0, 4},
		{"not at all", 60_000_000 * 400, false, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, _ := s.model(Options{}).Project(&Question{Strata: []int{0}, Limit: tt.limit})
			if p.DoesPass != tt.passes {
				t.Fatalf("it passes: %t, want %t", p.DoesPass, tt.passes)
			}
			if day := p.Passes - s.at.Today; p.DoesPass && (day < tt.earliest || day > tt.until) {
				t.Errorf("it passes on day %d, want %d to %d", day, tt.earliest, tt.until)
			}
		})
	}
}

// A year in which twice as much has happened as usual is at a higher level, the
// more so the longer it goes on; work that is scheduled and less than usual changes
// nothing, and more than usual counts in full.
func TestLevel(t *testing.T) {
	t.Parallel()
	last := 1.0
	for _, days := range []int{0, 20, 60, 200} {
		s := noisy(3*365, 3, 0.3)
		s.at.From, s.at.Today = 3*365-days, 3*365
		s.at.To = s.at.From + 365
		for day := s.at.From; day < s.at.Today; day++ {
			s.history.Strata[0].Seconds[Fault][day] *= 2
		}
		got := s.model(Options{Draws: 10}).Level([]int{0})
		if days == 0 && got != 1 || days > 0 && (got <= last || got >= 2) {
			t.Errorf("after %d days the level is %v, before it was %v", days, got, last)
		}
		last = got
	}
}

// noisy is a stratum whose days differ: the logarithms of its faults by so much.
func noisy(days int, seed uint64, spread float64) scene {
	s := steady(days/365, [PartCount]float64{20, 0})
	r := rand.New(rand.NewPCG(seed, 0))
	for day := range s.history.Strata[0].Known {
		s.history.Strata[0].Seconds[Fault][day] *= math.Exp(spread*r.NormFloat64() - spread*spread/2)
	}
	return s
}

// Who was never told of is told of from the peers; with nobody like it, nothing is
// said. Too few days or outages say nothing.
func TestLittleHistory(t *testing.T) {
	t.Parallel()
	s := noisy(3*365, 1, 0.3)
	silent := s.history.Strata[0]
	silent.Known = make([]bool, len(silent.Known))
	silent.Seconds = [PartCount][]float64{make([]float64, len(silent.Known)), make([]float64, len(silent.Known))}
	s.history.Strata = append(s.history.Strata, silent)
	s.ahead = append(s.ahead, s.ahead[0])
	ask := func(s scene, stratum int) (*Projection, bool) {
		return s.model(Options{}).Project(&Question{Strata: []int{stratum}})
	}
	own, _ := ask(s, 0)
	peers, ok := ask(s, 1)
	if !ok {
		t.Fatal("nothing is said of a stratum with peers")
	}
	// The whole of the year of the silent one is drawn, 265 days of the other.
	near(t, "the middle of the silent one", float64(peers.Quantile(0.5)), float64(own.Quantile(0.5))*365/265, 0.25)
	if wide, narrow := peers.Quantile(0.95)-peers.Quantile(0.05), own.Quantile(0.95)-own.Quantile(0.05); wide < 2*narrow {
		t.Errorf("the silent one lies within %d, the other within %d", wide, narrow)
	}
	s.history.Strata[1].Peers = "nobody"
	if _, ok := ask(s, 1); ok {
		t.Error("something is said of a stratum of which nothing is known, nor of any like it")
	}
	short := steady(1, [PartCount]float64{20, 0})
	short.at = Origin{Today: fewKnown - 1, Left: 1, From: 0, To: 365}
	if _, ok := ask(short, 0); ok {
		t.Errorf("something is said after %d days", short.at.Today)
	}
	short.at.Today++
	if _, ok := ask(short, 0); !ok {
		t.Errorf("nothing is said after %d days", short.at.Today)
	}
}

// What ends before the origin is drawn from its end on: the last thirty days are
// not taken for days without an outage.
func TestUnknownDaysAreDrawn(t *testing.T) {
	t.Parallel()
	s := steady(3, [PartCount]float64{20, 10})
	whole, _ := s.model(Options{}).Project(&Question{Strata: []int{0}})
	for day := s.at.Today - 30; day < s.at.Today; day++ {
		s.history.Strata[0].Known[day] = false
		s.history.Strata[0].Seconds[Fault][day], s.history.Strata[0].Seconds[PreArranged][day] = 0, 0
	}
	p, _ := s.model(Options{}).Project(&Question{Strata: []int{0}})
	near(t, "the middle", float64(p.Quantile(0.5)), float64(whole.Quantile(0.5))*295/265, 0.02)
}

// One storm hits several: what was out together is drawn together, so that the sum
// of strata scatters as sums of what hangs together do.
func TestDependence(t *testing.T) {
	t.Parallel()
	together, apart := noisy(3*365, 1, 2), noisy(3*365, 1, 2)
	together.history.Strata = append(together.history.Strata, together.history.Strata[0])
	apart.history.Strata = append(apart.history.Strata, noisy(3*365, 2, 2).history.Strata[0])
	spread := func(s scene, strata ...int) float64 {
		s.ahead = []Ahead{s.ahead[0], s.ahead[0]}
		for n := range s.history.Strata { // so that none stands in for another
			s.history.Strata[n].Peers = string(rune('a' + n))
		}
		p, ok := s.model(Options{Draws: 4000}).Project(&Question{Strata: strata})
		if !ok {
			t.Fatal("nothing is said")
		}
		all := make([]float64, len(p.totals))
		for i, v := range p.totals {
			all[i] = float64(v)
		}
		return stat.StdDev(all, nil)
	}
	one, other := spread(apart, 0), spread(apart, 1)
	both, two := spread(together, 0, 1), spread(apart, 0, 1)
	if both < 1.6*one || two > 0.9*(one+other) {
		t.Errorf("two scatter by %v and %v, together by %v; the first twice by %v", one, other, two, both)
	}
}

// A tail keeps the mean of the weeks above its threshold, and goes beyond them.
func TestTail(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	sums := []float64{0}
	for week := range 400 {
		v := 7.0
		if week%10 == 0 { // storms with a tail index of 2
			v = 20 / math.Sqrt(1-r.Float64())
		}
		for range 7 {
			sums = append(sums, sums[len(sums)-1]+v/7)
		}
	}
	tail := tailOf(sums, 0, len(sums)-1)
	if tail.scale == 0 || tail.shape < 0.15 || tail.shape > tailLargest {
		t.Fatalf("the tail is %+v", tail)
	}
	const storm = 60.0
	var sum float64
	const n = 200_000
	for range n {
		sum += storm * tail.again(r, storm)
	}
	var mean, storms float64
	for day := 7; day < len(sums); day += 7 {
		if v := sums[day] - sums[day-7]; v > tail.from {
			mean += v
			storms++
		}
	}
	near(t, "the mean of a storm", sum/n, mean/storms, 0.15)
	if got := tail.again(r, tail.from); got != 1 {
		t.Errorf("a week that is no storm becomes %v times as large", got)
	}
	if got := tailOf(sums[:50], 0, 49); got.again(r, 1e9) != 1 {
		t.Errorf("seven weeks have a tail: %+v", got)
	}
}

// A season is found, and where there is none, none is.
func TestSeason(t *testing.T) {
	t.Parallel()
	s := steady(3, [PartCount]float64{20, 10})
	x := &s.history.Strata[0]
	for day := range x.Known {
		x.Seconds[Fault][day] *= 1 + 0.5*math.Sin(2*math.Pi*s.at.phase(day)/yearLength)
	}
	m := s.model(Options{Draws: 2})
	for quarter, want := range []float64{1 + 1/math.Pi, 1 + 1/math.Pi, 1 - 1/math.Pi, 1 - 1/math.Pi} {
		from := s.at.From + 365*quarter/4
		got, _ := m.Usual([]int{0}, Fault, from, s.at.From+365*(quarter+1)/4)
		near(t, "a quarter of faults", got, 2000*20*365/4*want, 0.06)
		got, _ = m.Usual([]int{0}, PreArranged, from, s.at.From+365*(quarter+1)/4)
		near(t, "a quarter of work", got, 2000*10*365/4, 0.02)
	}
}

func BenchmarkModel(b *testing.B) {
	s := noisy(5*365, 1, 1)
	for range 20 {
		s.history.Strata = append(s.history.Strata, s.history.Strata[0])
		s.ahead = append(s.ahead, s.ahead[0])
	}
	s.at.From, s.at.To = s.at.Today, s.at.Today+365
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			s.model(Options{})
		}
	})
	b.Run("one target", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			m := s.model(Options{})
			b.StartTimer()
			m.Project(&Question{Strata: []int{0}})
		}
	})
	b.Run("new and all strata", func(b *testing.B) {
		for b.Loop() {
			m := s.model(Options{})
			for n := range s.history.Strata {
				m.Project(&Question{Strata: []int{n}})
			}
		}
	})
}
