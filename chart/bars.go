package chart

import (
	"math"
	"strconv"
)

// Bars is a chart of bars in groups side by side, upright, such as months of two
// years; or lying, such as feeders.
type Bars struct {
	Title, Description string
	Unit               string
	Labels             []string // of the groups
	Series             []Series
	Lying              bool
	Width, Height      int
}

// A Series is one bar of each group.
type Series struct {
	Style  Style
	Label  string
	Values []*float64 // nil: no bar
}

// SVG draws the chart. A value that cannot be drawn, such as NaN, has no bar. A
// chart that lies grows so high that its labels have room.
func (b *Bars) SVG() string {
	if b.Lying {
		return b.lying()
	}
	return b.upright()
}

// A barsDrawing is a chart of bars that is being drawn.
type barsDrawing struct {
	canvas
	frame
	*Bars
	scale scale
	names legend
}

// entries are what the legend names; one series alone needs no name.
func (b *Bars) entries() []entry {
	if len(b.Series) < 2 {
		return nil
	}
	var list []entry
	for _, s := range b.Series {
		list = append(list, entry{s.Style, s.Label, "bar"})
	}
	return list
}

// groups is how many there are: a series may have more values than there are
// labels, which then stand without.
func (b *Bars) groups() int {
	n := len(b.Labels)
	for _, s := range b.Series {
		n = max(n, len(s.Values))
	}
	return n
}

// label is that of a group.
func (b *Bars) label(group int) string {
	if group < len(b.Labels) {
		return b.Labels[group]
	}
	return ""
}

// value is that of a series in a group.
func (s Series) value(group int) (float64, bool) {
	if group >= len(s.Values) || s.Values[group] == nil || !drawable(*s.Values[group]) {
		return 0, false
	}
	return *s.Values[group], true
}

// most is the highest value of all.
func (b *Bars) most() float64 {
	most := 0.0
	b.each(func(v float64) { most = max(most, v) })
	return most
}

// each goes through the values.
func (b *Bars) each(do func(float64)) {
	for _, s := range b.Series {
		for group := range s.Values {
			if v, ok := s.value(group); ok {
				do(v)
			}
		}
	}
}

// decimals is how many the written values have: none where all are whole.
func (b *Bars) decimals() int {
	n := 0
	b.each(func(v float64) {
		if v != math.Trunc(v) {
			n = 2
		}
	})
	return n
}

// told is what is said of a bar.
func (b *Bars) told(group int, s Series, v float64) string {
	words := b.label(group)
	if s.Label != "" {
		words += " · " + s.Label
	}
	words += " · " + strconv.FormatFloat(v, 'f', b.decimals(), 64)
	if b.Unit != "" {
		words += " " + b.Unit
	}
	return words
}

// bar draws one, which says what it is when it is pointed at.
func (d *barsDrawing) bar(s Series, words string, x, y, width, height float64) {
	d.open("rect", "class", s.Style.class("bar"), "x", number(x), "y", number(y), "width", number(width), "height", number(height))
	d.say("title", words)
	d.close("rect")
}

// upright draws bars that stand side by side.
func (b *Bars) upright() string {
	width, height := size(b.Width, b.Height, 720, 280)
	d := &barsDrawing{Bars: b, names: newLegend(b.entries(), float64(width)-legendLeft-8)}
	d.right, d.bottom = float64(width)-8, float64(height)-22
	d.top = min(d.names.height()+24, d.bottom-50)
	d.scale = newScale(b.most(), max(2, int(d.bottom-d.top)/44))
	d.left = widest(d.scale.labels()) + 12
	d.start("img", b.Title, b.Description, width, height)
	d.legend(d.names, min(d.left, legendLeft), 2)
	d.rule(d.frame, d.scale, b.Unit)
	d.stand()
	return d.String()
}

// stand draws the groups: a fifth of the room of each is left free.
func (d *barsDrawing) stand() {
	n := d.groups()
	if n == 0 {
		return
	}
	room := (d.right - d.left) / float64(n)
	share := room * .8 / float64(max(1, len(d.Series)))
	step := every(d.Labels, room, 3)
	for group := range n {
		x := d.left + room*(float64(group)+.1)
		for i, s := range d.Series {
			if v, ok := s.value(group); ok {
				y := d.up(d.scale.share(v))
				d.bar(s, d.told(group, s, v), x+share*float64(i), y, share*.94, d.bottom-y)
			}
		}
		if group%step == 0 {
			d.text(x+room*.4, d.bottom+16, "middle", "chart-month", d.label(group), room*float64(step)-2)
		}
	}
}
