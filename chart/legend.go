package chart

import "slices"

// Measures of a legend, in pixels.
const (
	legendRow    = 18.0
	legendSwatch = 22.0
	legendGap    = 16.0
	legendLeft   = 52.0 // where it begins at the farthest
)

// An entry is one part of a legend.
type entry struct {
	style Style
	label string
	kind  string // line, band or bar
}

// A legend names parts of a drawing, row by row above it.
type legend struct {
	rows [][]entry
	room float64 // of a row
}

// newLegend puts entries into rows. What has no label is not named, and what was
// named already is not named again.
func newLegend(entries []entry, room float64) legend {
	l := legend{room: room}
	used := 0.0
	var seen []entry
	for _, e := range entries {
		if e.label == "" || slices.Contains(seen, e) {
			continue
		}
		seen = append(seen, e)
		if len(l.rows) == 0 || used+l.breadth(e) > room {
			l.rows = append(l.rows, nil)
			used = 0
		}
		last := len(l.rows) - 1
		l.rows[last] = append(l.rows[last], e)
		used += l.breadth(e) + legendGap
	}
	return l
}

// height is that of all rows.
func (l legend) height() float64 { return legendRow * float64(len(l.rows)) }

// breadth is that of an entry.
func (l legend) breadth(e entry) float64 { return min(l.room, legendSwatch+breadth(e.label)) }

// legend draws one from a place to the right and downwards.
func (c *canvas) legend(l legend, left, top float64) {
	if len(l.rows) == 0 {
		return
	}
	c.open("g", "class", "chart-legend")
	for i, row := range l.rows {
		x, y := left, top+legendRow*float64(i)+legendRow/2
		for _, e := range row {
			if e.kind == "line" {
				c.line(e.style.class(e.kind), x, y, x+legendSwatch-6, y)
			} else {
				c.rect(e.style.class(e.kind), x, y-5, legendSwatch-6, 10)
			}
			c.text(x+legendSwatch, y+4, "start", "chart-name", e.label, l.room-legendSwatch)
			x += l.breadth(e) + legendGap
		}
	}
	c.close("g")
}
