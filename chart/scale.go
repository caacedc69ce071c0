package chart

import (
	"math"
	"strconv"
)

// A scale is an axis of values from 0 to above everything, with ticks at round
// numbers.
type scale struct {
	step     float64 // from tick to tick: 1, 2 or 5 times a power of ten
	count    int     // of steps; the last tick is the end of the axis
	decimals int     // of the labels
}

// newScale makes the axis for values up to most, with about so many steps.
func newScale(most float64, steps int) scale {
	if most < 1e-6 {
		most = .99 // an axis of nothing goes to 1
	}
	power := int(math.Floor(math.Log10(most / float64(steps))))
	unit := math.Pow(10, float64(power))
	for _, digit := range []float64{1, 2, 5, 10} {
		s := scale{step: digit * unit, decimals: max(0, -power)}
		if digit == 10 {
			s.decimals = max(0, -power-1)
		}
		s.count = int(math.Ceil(most / s.step))
		if s.count <= steps || digit == 10 {
			return s.above(most)
		}
	}
	panic("chart: ten powers of ten are not one more")
}

// above adds a step where the highest value would lie on the edge.
func (s scale) above(most float64) scale {
	if s.top() <= most {
		s.count++
	}
	return s
}

// top is the end of the axis.
func (s scale) top() float64 { return s.step * float64(s.count) }

// label is what is written at a tick.
func (s scale) label(tick int) string {
	return strconv.FormatFloat(s.step*float64(tick), 'f', s.decimals, 64)
}

// labels are those of all ticks.
func (s scale) labels() []string {
	list := make([]string, s.count+1)
	for i := range list {
		list[i] = s.label(i)
	}
	return list
}

// share is where on the axis a value lies, from 0 to 1.
func (s scale) share(v float64) float64 { return min(1, max(0, v/s.top())) }

// A frame is where the values of a drawing lie.
type frame struct{ left, top, right, bottom float64 }

// across is a place between the left and the right, by its share.
func (f frame) across(share float64) float64 { return f.left + share*(f.right-f.left) }

// up is a place between the bottom and the top, by its share.
func (f frame) up(share float64) float64 { return f.bottom - share*(f.bottom-f.top) }

// rule draws the level lines of an axis of values and what they mean.
func (c *canvas) rule(f frame, s scale, unit string) {
	c.open("g", "class", "chart-rule")
	for i := range s.count + 1 {
		y := f.up(s.share(s.step * float64(i)))
		class := "chart-grid"
		if i == 0 {
			class = "chart-axis"
		}
		c.line(class, f.left, y, f.right, y)
		c.text(f.left-6, y+4, "end", "chart-tick", s.label(i), f.left)
	}
	c.text(2, f.top-10, "start", "chart-unit", unit, (f.right-f.left)/2)
	c.close("g")
}
