package chart

import (
	"cmp"
	"slices"
)

// markGap is the least distance of two labels of level lines.
const markGap = 14.0

// marks draws the level lines, highest first, and beside them their labels, which
// give way to each other.
func (d *linesDrawing) marks() {
	list := slices.DeleteFunc(slices.Clone(d.Marks), func(m Mark) bool { return !drawable(m.Value) })
	slices.SortStableFunc(list, func(a, b Mark) int { return cmp.Compare(b.Value, a.Value) })
	var at []float64
	for _, m := range list {
		at = append(at, d.y(m.Value))
	}
	labels := spread(at, markGap, d.top, d.bottom)
	for i, m := range list {
		d.line(m.Style.class("line"), d.left, at[i], d.right, at[i])
		if labels[i] != at[i] && m.Label != "" {
			d.line("chart-leader", d.right, at[i], d.right+5, labels[i])
		}
		d.text(d.right+7, labels[i]+4, "start", m.Style.class("mark"), m.Label, float64(d.width)-d.right-7)
	}
}

// spread moves places, which grow, apart: downwards first, then back up from the
// end of the room. Where there is too little room they stand closer.
func spread(places []float64, gap, low, high float64) []float64 {
	moved := slices.Clone(places)
	if n := len(moved); n > 1 {
		gap = min(gap, (high-low)/float64(n-1))
	}
	for i := range moved {
		if i > 0 {
			moved[i] = max(moved[i], moved[i-1]+gap)
		}
	}
	for i := len(moved) - 1; i >= 0; i-- {
		high := high - gap*float64(len(moved)-1-i)
		moved[i] = min(moved[i], high)
	}
	return moved
}
