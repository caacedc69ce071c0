package chart_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/chart"
)

// An element is one of a drawing.
type element struct {
	name  string
	attrs map[string]string
	text  string // in it, without that of elements in it
}

// parse reads a drawing as strictly as XML is read.
func parse(svg string) ([]element, error) {
	var all []element
	var open []int
	for in := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				if _, twice := e.attrs[a.Name.Local]; twice {
					return nil, errors.New("attribute " + a.Name.Local + " twice")
				}
				e.attrs[a.Name.Local] = a.Value
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if n := len(open); n > 0 {
				all[open[n-1]].text += string(token)
			}
		}
	}
}

// coordinate is a number as drawings write it.
var coordinate = regexp.MustCompile(`^-?[0-9]+(\.[0-9])?$`)

// letters are those of the paths here.
var letters = regexp.MustCompile(`[MLZ]`)

// complaints says what no drawing may have: anything but the elements and
// attributes known here, numbers that are none, and places outside of it.
func complaints(svg string) []string {
	all, err := parse(svg)
	if err != nil {
		return []string{err.Error()}
	}
	var list []string
	width, _ := strconv.ParseFloat(all[0].attrs["width"], 64)
	height, _ := strconv.ParseFloat(all[0].attrs["height"], 64)
	within := func(e element, value string, most float64) {
		v, err := strconv.ParseFloat(value, 64)
		if !coordinate.MatchString(value) || err != nil || v < -.05 || v > most+.05 {
			list = append(list, e.name+" "+e.attrs["class"]+": "+strconv.Quote(value)+" is not from 0 to "+strconv.Itoa(int(most)))
		}
	}
	for _, e := range all {
		if !strings.Contains(" svg title desc g a text line rect circle path ", " "+e.name+" ") {
			list = append(list, "element "+e.name)
		}
		for name, value := range e.attrs {
			switch name {
			case "x", "x1", "x2", "cx", "width":
				within(e, value, width)
			case "y", "y1", "y2", "cy", "height":
				within(e, value, height)
			case "d":
				for i, v := range strings.Fields(letters.ReplaceAllString(value, " ")) {
					within(e, v, []float64{width, height}[i%2])
				}
			case "xmlns", "class", "role", "viewBox", "preserveAspectRatio", "font-size", "text-anchor", "r", "fill", "fill-rule", "id", "href", "aria-label", "aria-hidden", "pointer-events":
			default:
				list = append(list, e.name+" has the attribute "+name)
			}
		}
	}
	return list
}

func TestHostileWords(t *testing.T) {
	t.Parallel()
	for name, d := range hostile() {
		svg := d.SVG()
		for _, c := range complaints(svg) {
			t.Errorf("%s: %s", name, c)
		}
		if !strings.Contains(svg, "&lt;script&gt;") {
			t.Errorf("%s: the words are not there at all", name)
		}
	}
}

func TestDrawingsStayInTheirFrame(t *testing.T) {
	t.Parallel()
	for _, width := range []int{200, 344, 360, 720, 900, 1600} {
		lines, bars, lying := year(), months(), feeders()
		lines.Width, bars.Width, lying.Width = width, width, width
		for name, d := range map[string]drawing{"lines": lines, "bars": bars, "lying": lying, "map": qinghai(t, width, width*2/3)} {
			for _, c := range complaints(d.SVG()) {
				t.Errorf("%s, %d wide: %s", name, width, c)
			}
		}
	}
}

// A drawing says what it is: its first child is its title.
func TestTitles(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]drawing{"西宁市 农村 2022 年": year(), "各月用户平均停电时间": months(), "停电时户数最多的馈线": feeders(), "青海省各市州": qinghai(t, 720, 480)} {
		all, err := parse(d.SVG())
		if err != nil {
			t.Fatal(err)
		}
		if got := all[1]; got.name != "title" || got.text != want {
			t.Errorf("first child: %s %q, want title %q", got.name, got.text, want)
		}
	}
}

// words are any, those that mean harm among them.
var words = rapid.OneOf(rapid.String(), rapid.StringMatching(`[<>&"'a-z\x00-\x1f]{0,20}`), rapid.Just("\xff\xfe"), rapid.Just("预期进度"))

// value is any number, those that are none among them.
var value = rapid.OneOf(rapid.Float64(), rapid.Float64Range(0, 50), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1, 1e-300, 1e300}))

func instant(t *rapid.T) time.Time {
	return day(2022, 1, 1).Add(time.Duration(rapid.Int64Range(-500*24, 500*24).Draw(t, "hours")) * time.Hour)
}

func anyLines(t *rapid.T) *chart.Lines {
	l := &chart.Lines{
		Title: words.Draw(t, "title"), Description: words.Draw(t, "description"), Unit: words.Draw(t, "unit"), From: instant(t), To: instant(t), Now: instant(t),
		NowLabel: words.Draw(t, "now"), Months: rapid.SliceOfN(words, 0, 14).Draw(t, "months"), Width: rapid.IntRange(-5, 2000).Draw(t, "width"), Height: rapid.IntRange(-5, 2000).Draw(t, "height"),
	}
	for range rapid.IntRange(0, 4).Draw(t, "parts") {
		style := chart.Style(words.Draw(t, "style"))
		c, b := chart.Curve{Style: style, Label: words.Draw(t, "label")}, chart.Band{Style: style, Label: words.Draw(t, "label")}
		for range rapid.IntRange(0, 5).Draw(t, "points") {
			at := instant(t)
			c.Points = append(c.Points, chart.Point{At: at, Value: value.Draw(t, "value")})
			b.Points = append(b.Points, chart.Span{At: at, Low: value.Draw(t, "low"), High: value.Draw(t, "high")})
		}
		l.Curves, l.Bands = append(l.Curves, c), append(l.Bands, b)
		l.Marks = append(l.Marks, chart.Mark{Style: style, Label: words.Draw(t, "mark"), Value: value.Draw(t, "mark")})
	}
	return l
}

func anyBars(t *rapid.T) *chart.Bars {
	b := &chart.Bars{
		Title: words.Draw(t, "title"), Unit: words.Draw(t, "unit"), Lying: rapid.Bool().Draw(t, "lying"), Labels: rapid.SliceOfN(words, 0, 14).Draw(t, "labels"),
		Width: rapid.IntRange(-5, 2000).Draw(t, "width"), Height: rapid.IntRange(-5, 2000).Draw(t, "height"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "series") {
		values := rapid.SliceOfN(rapid.Ptr(value, true), 0, 14).Draw(t, "values")
		b.Series = append(b.Series, chart.Series{Style: chart.Style(words.Draw(t, "style")), Label: words.Draw(t, "label"), Values: values})
	}
	return b
}

func anyMap(t *rapid.T) *chart.Map {
	m := &chart.Map{Title: words.Draw(t, "title"), Width: rapid.IntRange(-5, 2000).Draw(t, "width"), Height: rapid.IntRange(-5, 2000).Draw(t, "height")}
	place := rapid.Custom(func(t *rapid.T) chart.Position { return chart.Position{X: value.Draw(t, "x"), Y: value.Draw(t, "y")} })
	for range rapid.IntRange(0, 4).Draw(t, "regions") {
		m.Regions = append(m.Regions, chart.Region{
			ID: words.Draw(t, "id"), Label: words.Draw(t, "label"), Text: words.Draw(t, "text"), Code: words.Draw(t, "code"), Sign: words.Draw(t, "sign"),
			Href: words.Draw(t, "href"), At: place.Draw(t, "at"), Rings: rapid.SliceOfN(rapid.SliceOfN(place, 0, 6), 0, 3).Draw(t, "rings"),
		})
	}
	return m
}

// Whatever is drawn is well-formed, has no number that is none, stays in its frame,
// and is drawn the same a second time.
func TestAnyDrawing(t *testing.T) {
	t.Parallel()
	for name, draw := range map[string]func(*rapid.T) drawing{
		"lines": func(t *rapid.T) drawing { return anyLines(t) },
		"bars":  func(t *rapid.T) drawing { return anyBars(t) },
		"map":   func(t *rapid.T) drawing { return anyMap(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				d := draw(t)
				svg := d.SVG()
				for _, c := range complaints(svg) {
					t.Error(c)
				}
				if d.SVG() != svg {
					t.Error("drawn a second time it is another drawing")
				}
			})
		})
	}
}
