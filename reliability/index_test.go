package reliability_test

import (
	"math"
	"testing"

	"github.com/saidi-exporter/saidi/reliability"
)

// What does not exist is said not to, and is never NaN or infinite.
func TestIndicesThatDoNotExist(t *testing.T) {
	t.Parallel()
	formulas := map[string]func(a, b float64) (float64, bool){
		"SAIDI": reliability.SAIDI, "SAIFI": reliability.SAIFI, "MAIFI": reliability.MAIFI, "CAIDI": reliability.CAIDI,
		"CTAIDI": reliability.CTAIDI, "CAIFI": reliability.CAIFI, "ASAI": reliability.ASAI, "ASIDI": reliability.ASIDI,
		"ASIFI": reliability.ASIFI, "AENS": reliability.AENS, "CEMI": reliability.CEMI, "CELID": reliability.CELID,
	}
	tests := []struct {
		name string
		a, b float64
	}{
		{"nobody served", 12, 0}, {"nothing of nobody", 0, 0}, {"fewer than nobody", 12, -1}, {"nothing of fewer than nobody", 0, -1},
		{"not a number", math.NaN(), 1}, {"of not a number", 1, math.NaN()}, {"infinite", math.Inf(1), 1},
		{"infinite of infinite", math.Inf(1), math.Inf(1)}, {"too large", math.MaxFloat64, math.SmallestNonzeroFloat64},
	}
	for name, formula := range formulas {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, tt := range tests {
				if got, ok := formula(tt.a, tt.b); ok || got != 0 {
					t.Errorf("%s: got %v, %t, want 0, false", tt.name, got, ok)
				}
			}
			if _, ok := formula(0, 1); !ok {
				t.Error("nothing of somebody does not exist")
			}
		})
	}
}

func TestASAI(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                string
		saidi, length, want float64
	}{
		{"always", 0, 8760, 1}, {"half the time", 4392, 8784, 0.5}, {"never", 24, 24, 0}, {"longer than the period", 36, 24, -0.5},
	}
	for _, tt := range tests {
		if got, ok := reliability.ASAI(tt.saidi, tt.length); !ok || got != tt.want {
			t.Errorf("%s: got %v, %t, want %v", tt.name, got, ok, tt.want)
		}
	}
}

func TestENS(t *testing.T) {
	t.Parallel()
	if got := reliability.ENS([]float64{3, 2}, []float64{0.5, 4}); got != 9.5 {
		t.Errorf("got %v, want 9.5", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a load without duration is accepted")
		}
	}()
	reliability.ENS([]float64{1, 2}, []float64{1})
}

func TestMajorEventThreshold(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		daily []float64
		want  float64
		ok    bool
	}{
		{"no days", nil, 0, false},
		{"one day", []float64{0.5}, 0, false},
		{"one day with interruptions", []float64{0, 0.5, 0, 0}, 0, false},
		{"two equal days", []float64{0.5, 0, 0.5}, 0.5, true},
		{"not a number is no day", []float64{0.5, math.NaN(), 0.5}, 0.5, true},
		// α = 1, β = √2 of the sample: exp(1 + 2.5 √2).
		{"e⁰ and e²", []float64{1, math.Exp(2)}, math.Exp(1 + 2.5*math.Sqrt2), true},
	}
	for _, tt := range tests {
		if got, ok := reliability.MajorEventThreshold(tt.daily); ok != tt.ok || !near(got, tt.want, 1e-12) {
			t.Errorf("%s: got %v, %t, want %v, %t", tt.name, got, ok, tt.want, tt.ok)
		}
	}
}
