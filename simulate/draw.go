package simulate

import (
	"math/bits"
	"math/rand/v2"
)

// A purpose keeps the draws for one thing apart from those for another, so that
// more of one changes nothing in the other.
type purpose uint64

const (
	ofFeeder purpose = iota + 1
	ofGrowth
	ofStorms
	ofFaults
	ofPlans
	ofCorrections
	ofDirt
	ofPlaceholder
	ofYears
	ofTrend
	ofGales
)

// mix spreads every bit of x over all of them (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// hash turns a seed and numbers into one number.
func hash(seed uint64, p purpose, parts ...int) uint64 {
	h := mix(seed + uint64(p)*0x9E3779B97F4A7C15)
	for _, part := range parts {
		h = mix(h + uint64(part)*0xD1342543DE82EF95 + 0x9E3779B97F4A7C15)
	}
	return h
}

// A draws is a stream of random numbers.
type draws struct{ source rand.PCG }

// start begins the stream of a seed, purpose and numbers.
func (d *draws) start(seed uint64, p purpose, parts ...int) {
	h := hash(seed, p, parts...)
	d.source.Seed(h, mix(h^0x9E3779B97F4A7C15))
}

// below draws from 0 … n−1.
func (d *draws) below(n int) int {
	high, _ := bits.Mul64(d.source.Uint64(), uint64(n))
	return int(high)
}

// between draws from low … high.
func (d *draws) between(low, high int) int { return low + d.below(high-low+1) }

// chance is true so many times in a thousand.
func (d *draws) chance(perMille int) bool { return d.below(1000) < perMille }

// million is the unit of rates: so many millionths are once.
const million = 1_000_000

// slots is in how many parts of a month something happens at most once.
const slots = 16

// count draws how often something happens that happens rate millionths of a time
// on average, at most 16 times: a binomial number, which for the rates at hand
// is close to a Poisson number and needs no exponential.
func (d *draws) count(rate int64) int {
	threshold := uint64(min(rate*(1<<16/slots)/million, 1<<16))
	n := 0
	for range slots / 4 {
		u := d.source.Uint64()
		for range 4 {
			if u&0xFFFF < threshold {
				n++
			}
			u >>= 16
		}
	}
	return n
}

// pick chooses a number by its weight.
func (d *draws) pick(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	left := d.below(sum)
	for i, w := range weights {
		if left < w {
			return i
		}
		left -= w
	}
	return len(weights) - 1
}
