package chart

import (
	"slices"
	"time"
)

// A Style says what a part of a drawing means. It is a class of the SVG element,
// which a style sheet colours; without one the colours of [Sheet] hold.
type Style string

// The styles.
const (
	Value    Style = "value"    // this year
	Prior    Style = "prior"    // the year before
	Limit    Style = "limit"    // what must not be passed
	Expected Style = "expected" // the part of the limit that may be used by then
	Middle   Style = "middle"   // the middle of a projection
	Outer    Style = "outer"    // the 90 % band of a projection
	Inner    Style = "inner"    // the 50 % band of a projection
)

// Lines is a chart of curves over a year.
type Lines struct {
	Title, Description string    // for those who cannot see it
	Unit               string    // of the values, such as "小时"
	From, To           time.Time // of the axis of time, in the zone in which it is labelled
	Months             []string  // a label for each month that begins in it
	Curves             []Curve
	Bands              []Band
	Marks              []Mark    // level lines
	Now                time.Time // a vertical line; zero: none
	NowLabel           string
	Width, Height      int // in pixels; the drawing scales
}

// A Curve is points in order of time.
type Curve struct {
	Style  Style
	Label  string // in the legend
	Points []Point
}

// A Band lies between two curves.
type Band struct {
	Style  Style
	Label  string
	Points []Span
}

// A Mark is a level line over all of the time.
type Mark struct {
	Style Style
	Label string
	Value float64
}

// A Point is a value at an instant.
type Point struct {
	At    time.Time
	Value float64
}

// A Span is from one value to another at an instant.
type Span struct {
	At        time.Time
	Low, High float64
}

// SVG draws the chart. What cannot be drawn, such as NaN or a point outside the
// time of the axis, is left out.
func (l *Lines) SVG() string {
	d := l.layout()
	d.start("img", l.Title, l.Description, d.width, d.height)
	d.legend(d.names, min(d.left, legendLeft), 2)
	d.rule(d.frame, d.scale, l.Unit)
	d.months()
	for _, b := range l.Bands {
		d.band(b)
	}
	d.marks()
	for _, c := range l.Curves {
		d.curve(c)
	}
	d.now()
	return d.String()
}

// entries are what the legend names: curves first, as they are what is looked at.
func (l *Lines) entries() []entry {
	var list []entry
	for _, c := range l.Curves {
		list = append(list, entry{c.Style, c.Label, "line"})
	}
	for _, b := range l.Bands {
		list = append(list, entry{b.Style, b.Label, "band"})
	}
	return list
}

// most is the highest value of all.
func (l *Lines) most() float64 {
	most := 0.0
	for _, c := range l.Curves {
		for _, p := range l.points(c) {
			most = max(most, p.Value)
		}
	}
	for _, b := range l.Bands {
		for _, s := range l.spans(b) {
			most = max(most, s.Low, s.High)
		}
	}
	for _, m := range l.Marks {
		if drawable(m.Value) {
			most = max(most, m.Value)
		}
	}
	return most
}

// within says whether the axis has an instant. An axis whose end is not after its
// beginning has none.
func (l *Lines) within(at time.Time) bool {
	return l.To.After(l.From) && !at.Before(l.From) && !at.After(l.To)
}

// points are those of a curve that can be drawn.
func (l *Lines) points(c Curve) []Point {
	return slices.DeleteFunc(slices.Clone(c.Points), func(p Point) bool { return !drawable(p.Value) || !l.within(p.At) })
}

// spans are those of a band that can be drawn.
func (l *Lines) spans(b Band) []Span {
	return slices.DeleteFunc(slices.Clone(b.Points), func(s Span) bool {
		return !drawable(s.Low) || !drawable(s.High) || !l.within(s.At)
	})
}
