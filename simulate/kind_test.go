package simulate

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
)

// ofKind are six years of a small province.
func ofKind(k Kind, seed uint64) Options {
	return Options{Seed: seed, First: 2017, Last: 2022, Scale: 0.1, Clean: true, Kind: k}
}

func TestKindsHaveNames(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds() {
		if got, err := ParseKind(k.String()); got != k || err != nil {
			t.Errorf("ParseKind(%q) = %v, %v", k, got, err)
		}
	}
	for _, name := range []string{"", "wild", "kind(9)"} {
		if k, err := ParseKind(name); err == nil {
			t.Errorf("ParseKind(%q) = %v, want an error", name, k)
		}
	}
	o := ofKind(kindCount, 1)
	if _, err := New(o); err == nil || err.Error() != "kind 4: there are those from 0 to 3" {
		t.Errorf("a kind that there is not: %v", err)
	}
}

func TestSameKindSameBytes(t *testing.T) {
	t.Parallel()
	seen := map[string]Kind{}
	for _, k := range Kinds() {
		o := ofKind(k, 1)
		o.Scale, o.First = 0.01, 2021
		first := everything(t, o, CanonicalCSV)
		if !bytes.Equal(first, everything(t, o, CanonicalCSV)) {
			t.Errorf("%s: the same options make other bytes", k)
		}
		if other, ok := seen[string(first)]; ok {
			t.Errorf("%s is the same as %s", k, other)
		}
		seen[string(first)] = k
	}
}

// Where years are drawn, every area delivers all the time and no outage is
// without an end.
func TestDrawnKindsAreWhole(t *testing.T) {
	t.Parallel()
	for _, k := range []Kind{Calm, Stormy, Trending} {
		p := province(t, ofKind(k, 3))
		if covers := p.Covers(); len(covers) != 1 || len(covers[0].Areas) != len(places) {
			t.Errorf("%s: covers %v, want all areas all the time", k, covers)
		}
		golog, open := 0, map[string]bool{}
		for _, d := range []Delivery{First, Late} {
			for e := range eventsOf(p, d) {
				if e.Area == "golog" && yearOf(e.Start) == 2017 {
					golog++
				}
				if open[e.ID] = e.End == outage.Open; !open[e.ID] {
					delete(open, e.ID)
				}
			}
		}
		if golog == 0 || len(open) > 0 {
			t.Errorf("%s: %d rows of Golog in the first year, %d outages without an end", k, golog, len(open))
		}
	}
}

// spread is the standard deviation of the natural logarithms.
func spread(all []float64) float64 {
	var sum, squares float64
	for _, v := range all {
		sum, squares = sum+math.Log(v), squares+math.Log(v)*math.Log(v)
	}
	n := float64(len(all))
	return math.Sqrt(max(0, squares/n-sum/n*sum/n))
}

// Over 300 provinces, years differ as the kinds say: as a whole and, where the
// levels fall, around the fall.
func TestYearsDiffer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind      Kind
		low, high float64 // of the standard deviation of one stratum: √(whole² + own²)
	}{{Calm, 0.09, 0.11}, {Stormy, 0.15, 0.19}, {Trending, 0.09, 0.11}} {
		var effects []float64
		for seed := range uint64(300) {
			o := ofKind(tt.kind, seed)
			effects = append(effects, float64(o.effect(5, 2020))/float64(o.fallen(2020)))
		}
		if got := spread(effects); got < tt.low || got > tt.high {
			t.Errorf("%s: years differ by %.3f, want from %v to %v", tt.kind, got, tt.low, tt.high)
		}
	}
	o := ofKind(Calm, 1)
	if o.effect(5, 2020) == o.effect(6, 2020) || o.effect(5, 2020) == o.effect(5, 2021) {
		t.Error("strata or years have one effect")
	}
	if o.Kind = Calibrated; o.effect(5, 2020) != 1000 {
		t.Errorf("the calibrated province has an effect of %d thousandths", o.effect(5, 2020))
	}
}

// A trend is from 6 to 10 % a year, by the seed.
func TestTrend(t *testing.T) {
	t.Parallel()
	falls := map[int64]bool{}
	for seed := range uint64(50) {
		o := ofKind(Trending, seed)
		first, last := o.fallen(2017), o.fallen(2022)
		if first != 1000 || last > 735 || last < 585 {
			t.Errorf("seed %d: from %d to %d thousandths in five years, want about 590 to 734", seed, first, last)
		}
		falls[last] = true
	}
	if len(falls) < 20 {
		t.Errorf("50 seeds have %d trends", len(falls))
	}
	early, late := 0.0, 0.0
	for seed := range uint64(3) {
		hours := hoursOfYears(province(t, ofKind(Trending, seed)))
		early, late = early+hours[2017]+hours[2018], late+hours[2021]+hours[2022]
	}
	if !(late < 0.9*early) {
		t.Errorf("%.0f customer-hours in the first two years, %.0f in the last two, want fewer", early, late)
	}
}

// hoursOfYears adds up the true customer-hours of all strata.
func hoursOfYears(p *Province) map[int]float64 {
	years := map[int]float64{}
	for cell, hours := range trueHours(p) {
		years[cell.year] += hours
	}
	return years
}

// The worst of many storms is as Pareto's law with the exponent 3.5 has it, in
// each of its two factors.
func TestSwellsAreHeavyTailed(t *testing.T) {
	t.Parallel()
	var d draws
	d.start(1, ofGales)
	const n = 100_000
	above := map[int64]int{}
	for range n {
		swell := d.along(swells[:])
		for _, at := range []int64{200, 400, 800} {
			if swell > at {
				above[at]++
			}
		}
	}
	for at, got := range above {
		if want := n * math.Pow(float64(at)/100, -3.5); math.Abs(float64(got)-want) > 0.2*want {
			t.Errorf("%d of %d swells are above %d hundredths, want about %.0f", got, n, at, want)
		}
	}
	if len(above) != 3 {
		t.Errorf("no swell is above 8: %v", above)
	}
}

// Some storms go over several areas in the stormy province, whose years differ far
// more than those of a calm one.
func TestStormsOverAll(t *testing.T) {
	t.Parallel()
	o, together := ofKind(Stormy, 1), 0
	for m := monthOf(o.First, 1); m <= monthOf(o.Last, 12); m++ {
		for _, s := range o.storms("xining", m) {
			if slices.ContainsFunc(o.storms("yushu", m), func(x storm) bool { return x.from == s.from && x.length == s.length }) {
				together++
			}
		}
	}
	if together < 3 || together > 20 {
		t.Errorf("%d storms in six years go over two areas, want about 8", together)
	}
	calm, stormy := yearsOf(t, Calm), yearsOf(t, Stormy)
	if calm > 0.12 || stormy < 0.2 {
		t.Errorf("years differ by %.3f in calm provinces and %.3f in stormy ones, want below 0.12 and above 0.2", calm, stormy)
	}
}

// yearsOf is the standard deviation of the logarithms of the customer-hours of
// six years, over some provinces.
func yearsOf(t *testing.T, k Kind) float64 {
	var variance float64
	const provinces = 5
	for seed := range uint64(provinces) {
		var all []float64
		for _, hours := range hoursOfYears(province(t, ofKind(k, seed))) {
			all = append(all, hours)
		}
		one := spread(all)
		variance += one * one / provinces
	}
	return math.Sqrt(variance)
}
