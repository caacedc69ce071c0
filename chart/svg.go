package chart

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
)

// A canvas is SVG that is being written. Attributes are given in pairs; what they
// and the texts say is escaped here and nowhere else.
type canvas struct{ b strings.Builder }

// open begins an element.
func (c *canvas) open(name string, attrs ...string) {
	c.begin(name, attrs)
	c.b.WriteByte('>')
}

// leaf writes an element with nothing in it.
func (c *canvas) leaf(name string, attrs ...string) {
	c.begin(name, attrs)
	c.b.WriteString("/>")
}

// say writes an element with words in it.
func (c *canvas) say(name, words string, attrs ...string) {
	c.open(name, attrs...)
	c.b.WriteString(escape(words))
	c.close(name)
}

func (c *canvas) begin(name string, attrs []string) {
	c.b.WriteString("<" + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		c.b.WriteString(" " + attrs[i] + `="` + escape(attrs[i+1]) + `"`)
	}
}

func (c *canvas) close(name string) { c.b.WriteString("</" + name + ">") }

// start begins a drawing of a size and says in words what it is.
func (c *canvas) start(role, title, description string, width, height int) {
	w, h := strconv.Itoa(width), strconv.Itoa(height)
	c.open("svg", "xmlns", "http://www.w3.org/2000/svg", "class", "chart", "role", role, "viewBox", "0 0 "+w+" "+h,
		"width", w, "height", h, "preserveAspectRatio", "xMidYMid meet", "font-size", number(fontSize))
	c.say("title", title)
	if description != "" {
		c.say("desc", description)
	}
}

// text writes words with the anchor start, middle or end at a place. Words that
// are wider than room are cut, and whole in the title.
func (c *canvas) text(x, y float64, anchor, class, words string, room float64) {
	short := cut(words, room)
	if short == "" {
		return
	}
	c.open("text", "class", class, "x", number(x), "y", number(y), "text-anchor", anchor)
	c.b.WriteString(escape(short))
	if short != words {
		c.say("title", words)
	}
	c.close("text")
}

// line draws a straight line.
func (c *canvas) line(class string, x1, y1, x2, y2 float64) {
	c.leaf("line", "class", class, "x1", number(x1), "y1", number(y1), "x2", number(x2), "y2", number(y2))
}

// rect draws a rectangle.
func (c *canvas) rect(class string, x, y, width, height float64) {
	c.leaf("rect", "class", class, "x", number(x), "y", number(y), "width", number(width), "height", number(height))
}

// String closes the drawing.
func (c *canvas) String() string { return c.b.String() + "</svg>" }

// escape makes words safe in text and attributes. What XML cannot hold becomes
// U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// step goes on to a place in a path, or begins there.
func step(path *strings.Builder, first bool, x, y float64) {
	letter := "L"
	if first {
		letter = "M"
	}
	path.WriteString(letter + number(x) + " " + number(y))
}

// number writes a coordinate with at most one decimal.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10+0, 'f', -1, 64) // + 0: no minus before zero
}

// huge is what no value of a drawing reaches.
const huge = 1e12

// drawable says whether a value can be drawn.
func drawable(v float64) bool { return math.Abs(v) < huge }

// class is the class of a part that means something.
func (s Style) class(kind string) string {
	if s == "" {
		return "chart-" + kind
	}
	return "chart-" + kind + " chart-" + string(s)
}

// size is that of a drawing: what is asked for, but neither so small that its
// words have no room nor so large that numbers grow long.
func size(width, height, usualWidth, usualHeight int) (w, h int) {
	return bounded(width, usualWidth, 200), bounded(height, usualHeight, 140)
}

func bounded(asked, usual, least int) int {
	if asked <= 0 {
		return usual
	}
	return min(max(asked, least), 10_000)
}
