package chart

import (
	"slices"
	"strings"
	"time"
)

// A linesDrawing is a chart of curves that is being drawn.
type linesDrawing struct {
	canvas
	frame
	*Lines
	width, height int
	scale         scale
	names         legend
}

// layout finds out what lies where.
func (l *Lines) layout() *linesDrawing {
	d := &linesDrawing{Lines: l}
	d.width, d.height = size(l.Width, l.Height, 720, 320)
	w, h := float64(d.width), float64(d.height)
	labels := 0.0
	for _, m := range l.Marks {
		if drawable(m.Value) && m.Label != "" {
			labels = max(labels, breadth(m.Label)+10)
		}
	}
	d.names = newLegend(l.entries(), w-legendLeft-8)
	d.bottom, d.top = h-22, min(d.names.height()+24, h-70)
	d.scale = newScale(l.most(), max(2, int(d.bottom-d.top)/44))
	d.left, d.right = widest(d.scale.labels())+12, w-max(10, min(labels, w*.26))
	return d
}

// x is where an instant lies.
func (d *linesDrawing) x(at time.Time) float64 {
	return d.across(float64(at.Sub(d.From)) / float64(d.To.Sub(d.From)))
}

// y is where a value lies.
func (d *linesDrawing) y(v float64) float64 { return d.up(d.scale.share(v)) }

// A month is a label and where it stands.
type month struct {
	label      string
	begin, end float64
}

// monthsOf finds the months that begin on the axis, as far as there are labels.
func (d *linesDrawing) monthsOf() []month {
	var list []month
	year, m, _ := d.From.Date()
	at := time.Date(year, m, 1, 0, 0, 0, 0, d.From.Location())
	if at.Before(d.From) {
		at = at.AddDate(0, 1, 0)
	}
	for _, label := range d.Months {
		if !at.Before(d.To) {
			break
		}
		next := at.AddDate(0, 1, 0)
		list = append(list, month{label, d.x(at), min(d.x(next), d.right)})
		at = next
	}
	return list
}

// months labels the axis of time: all of them, or every second, third, fourth or
// sixth where there is no room.
func (d *linesDrawing) months() {
	if !d.To.After(d.From) {
		return
	}
	d.open("g", "class", "chart-months")
	defer d.close("g")
	list := d.monthsOf()
	room := (d.right - d.left) / float64(max(1, len(list)))
	n := every(d.Months, room, 6)
	for i, m := range list {
		d.line("chart-axis", m.begin, d.bottom, m.begin, d.bottom+4)
		if i%n == 0 {
			d.text((m.begin+m.end)/2, d.bottom+16, "middle", "chart-month", m.label, room*float64(n))
		}
	}
}

// band draws an area between two curves.
func (d *linesDrawing) band(b Band) {
	spans := d.spans(b)
	if len(spans) < 2 {
		return
	}
	var path strings.Builder
	for i, s := range spans {
		step(&path, i == 0, d.x(s.At), d.y(max(s.Low, s.High)))
	}
	for _, s := range slices.Backward(spans) {
		step(&path, false, d.x(s.At), d.y(min(s.Low, s.High)))
	}
	d.leaf("path", "class", b.Style.class("band"), "d", path.String()+"Z")
}

// curve draws a curve; one of a single point is a dot.
func (d *linesDrawing) curve(c Curve) {
	points := d.points(c)
	if len(points) == 1 {
		d.leaf("circle", "class", c.Style.class("dot"), "cx", number(d.x(points[0].At)), "cy", number(d.y(points[0].Value)), "r", "3")
	}
	if len(points) < 2 {
		return
	}
	var path strings.Builder
	for i, p := range points {
		step(&path, i == 0, d.x(p.At), d.y(p.Value))
	}
	d.leaf("path", "class", c.Style.class("line"), "fill", "none", "d", path.String())
}

// now draws the line between what was and what will be. Its label stands above the
// frame, right of the unit.
func (d *linesDrawing) now() {
	if d.Now.IsZero() || !d.within(d.Now) {
		return
	}
	x := d.x(d.Now)
	d.line("chart-now", x, d.top-4, x, d.bottom)
	half := breadth(d.NowLabel) / 2
	from := breadth(d.Unit) + 10 + half
	d.text(max(from, min(x, float64(d.width)-half-2)), d.top-10, "middle", "chart-now-label", d.NowLabel, float64(d.width)-from)
}
