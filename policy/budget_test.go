package policy_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/policy"
)

func TestDivide(t *testing.T) {
	t.Parallel()
	const most = math.MaxInt64
	for name, c := range map[string]struct {
		whole   int64
		weights []int64
		want    []int64
	}{
		"evenly":                       {90, []int64{1, 1, 1}, []int64{30, 30, 30}},
		"what is left over":            {100, []int64{1, 1, 1}, []int64{33, 33, 34}}, // ⌊33.3⌋, ⌊66.7⌋, 100
		"in proportion":                {1000, []int64{3, 2}, []int64{600, 400}},
		"nothing for a weight of zero": {7, []int64{0, 2, 0, 1, 0}, []int64{0, 4, 0, 3, 0}},
		"no weight at all":             {7, []int64{0, 0}, []int64{3, 4}},
		"nothing to divide":            {0, []int64{5, 1}, []int64{0, 0}},
		"less than the parts":          {1, []int64{1, 1, 1}, []int64{0, 0, 1}},
		"overspent":                    {-7, []int64{1, 1}, []int64{-4, -3}},
		"beyond 64 bits":               {most, []int64{most, most, most}, []int64{most / 3, most / 3, most/3 + 1}},
		"one part":                     {most, []int64{most}, []int64{most}},
		"no parts":                     {7, nil, []int64{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, policy.Divide(c.whole, c.weights)); diff != "" {
				t.Errorf("%d by %v (-want +got):\n%s", c.whole, c.weights, diff)
			}
		})
	}
}

// The parts add up to the whole, and up to each of them they are the exact share,
// rounded down.
func TestLawDivide(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "whole")
		weight := rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, math.MaxInt64))
		weights := rapid.SliceOfN(weight, 1, 20).Draw(t, "weights")
		sum := new(big.Int)
		for _, w := range weights {
			sum.Add(sum, big.NewInt(w))
		}
		if sum.Sign() == 0 {
			weights[0], sum = 1, big.NewInt(1)
		}
		parts := policy.Divide(whole, weights)
		weighed, told := new(big.Int), int64(0)
		for i, w := range weights {
			share := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(whole), weighed.Add(weighed, big.NewInt(w))), sum)
			told += parts[i]
			below := new(big.Rat).Sub(share, new(big.Rat).SetInt64(told))
			if below.Sign() < 0 || below.Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("%d by %v: parts up to %d are %d, their share is %s", whole, weights, i, told, share.FloatString(3))
			}
			if w == 0 && parts[i] != 0 {
				t.Fatalf("%d by %v: part %d has %d of no weight", whole, weights, i, parts[i])
			}
		}
		if told != whole {
			t.Fatalf("%d by %v: the parts add up to %d", whole, weights, told)
		}
	})
}

func TestWeights(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		amounts []float64
		want    []int64
	}{
		"in parts per million": {[]float64{1, 2, 0}, []int64{333333, 666667, 0}},
		"however large":        {[]float64{3e17, 1e17}, []int64{750000, 250000}},
		"last digits":          {[]float64{0.1 + 0.2, 0.7}, []int64{300000, 700000}}, // 0.30000000000000004
		"nothing expected":     {[]float64{0, 0}, nil},
		"no amounts":           {nil, nil},
		"no number":            {[]float64{math.NaN(), 1}, nil},
		"no end":               {[]float64{math.Inf(1), 1}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := policy.Weights(c.amounts)
			if ok != (c.want != nil) {
				t.Errorf("ok is %v", ok)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%v (-want +got):\n%s", c.amounts, diff)
			}
		})
	}
}
