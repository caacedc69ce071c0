package chart

import "time"

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
