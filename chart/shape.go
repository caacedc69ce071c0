package chart

import "math"

// A box is around the rings of a region.
type box struct{ low, high place }

// boxOf is the box around rings.
func boxOf(rings [][]place) box {
	b := box{place{math.Inf(1), math.Inf(1)}, place{math.Inf(-1), math.Inf(-1)}}
	for _, r := range rings {
		for _, p := range r {
			b.low = place{min(b.low.x, p.x), min(b.low.y, p.y)}
			b.high = place{max(b.high.x, p.x), max(b.high.y, p.y)}
		}
	}
	return b
}

// has says whether a place is in the box.
func (b box) has(p place) bool {
	return p.x >= b.low.x && p.x <= b.high.x && p.y >= b.low.y && p.y <= b.high.y
}

// inside is the even-odd rule.
func inside(rings [][]place, p place) bool {
	in := false
	for _, r := range rings {
		for i, a := range r {
			b := r[(i+1)%len(r)]
			if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(p.y-a.y)/(b.y-a.y)*(b.x-a.x) {
				in = !in
			}
		}
	}
	return in
}

// extent is the area of a region's rings.
func extent(rings [][]place) float64 {
	sum := 0.0
	for _, r := range rings {
		ring := 0.0
		for i, a := range r {
			b := r[(i+1)%len(r)]
			ring += a.x*b.y - b.x*a.y
		}
		sum += math.Abs(ring) / 2
	}
	return sum
}
