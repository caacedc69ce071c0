package chart

import "strconv"

// Measures of bars that lie, in pixels.
const (
	lyingBar = 11.0 // the least height of a bar
	lyingRow = 20.0 // the least height of a group
)

// lying draws bars from the left to the right, each with its value at its end and
// the label of its group before it.
func (b *Bars) lying() string {
	width, height := size(b.Width, b.Height, 720, 140)
	d := &barsDrawing{Bars: b, names: newLegend(b.entries(), float64(width)-20)}
	row := max(lyingRow, lyingBar*float64(len(b.Series))+8)
	d.top = d.names.height() + 22
	height = max(height, int(d.top+row*float64(b.groups()))+8)
	d.bottom = float64(height) - 8
	d.right = float64(width) - widest(b.values()) - 12
	d.left = min(widest(b.Labels)+10, float64(width)*.4, d.right-20)
	d.start("img", b.Title, b.Description, width, height)
	d.legend(d.names, 2, 2)
	d.text(d.left, d.top-6, "start", "chart-unit", b.Unit, d.right-d.left)
	d.line("chart-axis", d.left, d.top, d.left, d.bottom)
	d.lie()
	return d.String()
}

// values are all that is written at ends of bars.
func (b *Bars) values() []string {
	var list []string
	b.each(func(v float64) { list = append(list, strconv.FormatFloat(v, 'f', b.decimals(), 64)) })
	return list
}

// lie draws the groups.
func (d *barsDrawing) lie() {
	n := d.groups()
	if n == 0 {
		return
	}
	room := min((d.bottom-d.top)/float64(n), 2*max(lyingRow, lyingBar*float64(len(d.Series))+8))
	longest := max(d.most(), 1e-9)
	share := (room - 6) / float64(max(1, len(d.Series)))
	for group := range n {
		y := d.top + room*float64(group)
		d.text(d.left-6, y+room/2+4, "end", "chart-name", d.label(group), d.left-8)
		for i, s := range d.Series {
			if v, ok := s.value(group); ok {
				at, end := y+3+share*float64(i), d.across(max(0, v)/longest)
				d.bar(s, d.told(group, s, v), d.left, at, end-d.left, share*.92)
				d.text(end+5, at+share/2+4, "start", "chart-figure", strconv.FormatFloat(v, 'f', d.decimals(), 64), huge)
			}
		}
	}
}
