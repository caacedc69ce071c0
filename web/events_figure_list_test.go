package web

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/snapshot"
)

func TestExact(t *testing.T) {
	t.Parallel()
	for m, want := range map[snapshot.Milli]string{
		0: "0", 1: "0.001", 500: "0.5", 1_000: "1", 999_999: "999.999", 1_000_000: "1,000", 1_234_567_890: "1,234,567.89", -1_500: "−1.5", -500: "−0.5",
	} {
		if got := exact(m); got != want {
			t.Errorf("%d: %q, want %q", m, got, want)
		}
	}
}

func TestHundredthHours(t *testing.T) {
	t.Parallel()
	for m, want := range map[snapshot.Milli]string{
		0: "0.00", 17_999: "0.00", 18_000: "0.01", 3_600_000: "1.00", 3_600_000_000: "1,000.00", 12_345_678_900_000: "3,429,355.25", -3_600_000: "−1.00", -17_999: "0.00",
	} {
		if got := hundredthHours(m); got != want {
			t.Errorf("%d: %q, want %q", m, got, want)
		}
	}
}

func TestLength(t *testing.T) {
	t.Parallel()
	const noon = "2022-03-01T12:00:00+08:00"
	for name, c := range map[string]struct{ from, to, want string }{
		"an hour":         {noon, "2022-03-01T13:05:59+08:00", "1:05"},
		"days":            {noon, "2022-03-04T12:00:00+08:00", "72:00"},
		"still open":      {noon, "", "24:00"},
		"another offset":  {noon, "2022-03-01T05:00:00Z", "1:00"},
		"before it began": {noon, "2022-02-01T05:00:00Z", "0:00"},
		"no start":        {"", noon, "–"},
	} {
		if got := length(c.from, c.to, "2022-03-02T12:00:00+08:00"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A share is the nearest hundredth of a per cent, halves upwards.
func TestShareOf(t *testing.T) {
	t.Parallel()
	if got := shareOf(1, 0); got != absent {
		t.Errorf("of nothing: %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(1, 1<<62).Draw(t, "whole")
		part := rapid.Int64Range(0, whole).Draw(t, "part")
		n := new(big.Int).Mul(big.NewInt(part), big.NewInt(20_000))
		n.Add(n, big.NewInt(whole)).Div(n, new(big.Int).Mul(big.NewInt(whole), big.NewInt(2)))
		want := new(big.Rat).SetFrac(n, big.NewInt(100)).FloatString(2) + " %"
		if got := shareOf(snapshot.Milli(part), snapshot.Milli(whole)); got != want {
			t.Fatalf("%d of %d: %q, want %q", part, whole, got, want)
		}
	})
}
