package forecast

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/period"
)

// A scene is a history, and an origin in it, as tests draw them.
type scene struct {
	history *History
	at      Origin
	ahead   []Ahead
}

func (s scene) model(o Options) *Model { return New(s.history, s.at, s.ahead, o) }

// drawScene draws up to four strata with up to three years before the one that is
// looked at: quiet days, outages, storms, a season, days of which nobody was told.
func drawScene(t *rapid.T) scene {
	before := rapid.IntRange(0, 1100).Draw(t, "days before the year")
	so := rapid.IntRange(0, 365).Draw(t, "days of the year so far")
	left := 1.0
	if so < 365 {
		left = rapid.SampledFrom([]float64{1, 0.75, 0.01}).Draw(t, "left of today")
	}
	n := before + so
	s := scene{history: &History{First: period.DayOfDate(2022, 1, 1) - period.Day(before)}, at: Origin{Today: n, Left: left, From: before, To: before + 365}}
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "what happened"), 1))
	for range rapid.IntRange(1, 4).Draw(t, "strata") {
		s.history.Strata = append(s.history.Strata, drawStratum(t, r, n))
		s.ahead = append(s.ahead, Ahead{Customers: float64(100 + r.IntN(5000))})
	}
	return s
}

func drawStratum(t *rapid.T, r *rand.Rand, n int) Stratum {
	x := Stratum{Peers: rapid.SampledFrom([]string{"town", "rural"}).Draw(t, "peers"), Customers: make([]float64, n), Known: make([]bool, n)}
	for p := range x.Seconds {
		x.Seconds[p] = make([]float64, n)
	}
	from := rapid.SampledFrom([]int{0, 0, n / 3}).Draw(t, "first day that is told")
	busy := rapid.Float64Range(0.05, 1).Draw(t, "share of days with an outage")
	for day := range n {
		x.Customers[day], x.Known[day] = 1000, day >= from
		if !x.Known[day] {
			continue
		}
		if r.Float64() < busy {
			x.Seconds[Fault][day] = 1000 * math.Exp(6+1.5*r.NormFloat64())
		}
		if r.Float64() < busy/2 {
			x.Seconds[PreArranged][day] = 3600 * float64(r.IntN(2000))
		}
	}
	return x
}

// all are the numbers of the strata.
func (s scene) all() []int {
	var list []int
	for n := range s.history.Strata {
		list = append(list, n)
	}
	return list
}

// shares are the probabilities at which quantiles are looked at.
var shares = []float64{0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 1}

// steady is a history of days that are all the same: every customer is without
// supply for so many seconds a day by faults, and by work.
func steady(years int, seconds [PartCount]float64) scene {
	const customers = 2000
	n := 365 * years
	x := Stratum{Peers: "town", Customers: make([]float64, n), Known: make([]bool, n)}
	for p := range x.Seconds {
		x.Seconds[p] = make([]float64, n)
		for day := range n {
			x.Seconds[p][day] = customers * seconds[p]
		}
	}
	for day := range n {
		x.Customers[day], x.Known[day] = customers, true
	}
	return scene{
		history: &History{First: period.DayOfDate(2020, 1, 1), Strata: []Stratum{x}}, ahead: []Ahead{{Customers: customers}},
		at: Origin{Today: n, Left: 1, From: n - 100, To: n + 265},
	}
}

func near(t *testing.T, what string, got, want, share float64) {
	t.Helper()
	if !(math.Abs(got-want) <= share*math.Abs(want)) {
		t.Errorf("%s is %v, want %v within %v", what, got, want, share)
	}
}
