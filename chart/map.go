package chart

import (
	"math"
	"strings"
)

// Map is a map of areas.
type Map struct {
	Title, Description string
	Regions            []Region
	Width, Height      int
}

// A Region is one area of a map, in the order in which the keyboard goes through
// them.
type Region struct {
	ID    string       // of the element, "region-" before it
	Label string       // written on it
	Text  string       // told of it: name, verdict, hours
	Code  string       // the verdict, a class of the element; empty where nothing is judged
	Sign  string       // the verdict's sign, written below the label
	Href  string       // where it leads; empty: nowhere
	Rings [][]Position // outlines; holes and islands by the even-odd rule
	At    Position     // of the label
}

// A Position is a place in degrees, or in any plane where Y grows upwards.
type Position struct{ X, Y float64 }

// SVG draws the map. Labels stand apart from the regions in it, so that none is
// below a region; a click goes through them.
func (m *Map) SVG() string {
	d := &mapDrawing{Map: m}
	d.width, d.height = size(m.Width, m.Height, 720, 480)
	d.project()
	d.start("group", m.Title, m.Description, d.width, d.height)
	for i := range m.Regions {
		d.region(i)
	}
	d.labels()
	return d.String()
}

// A mapDrawing is a map that is being drawn.
type mapDrawing struct {
	canvas
	*Map
	width, height int
	left, top     float64 // of the outlines, in pixels
	west, north   float64
	perX, perY    float64     // pixels
	rings         [][][]place // of each region, in pixels
	boxes         []box       // around them
	at            []place     // of each label
}

// A place is one in the drawing, where y grows downwards.
type place struct{ x, y float64 }

// mapMargin is left free around the outlines.
const mapMargin = 8

// project fits the outlines into the drawing, north upwards: degrees of longitude
// are as long as they are in the middle (equirectangular). In a plane that is not
// one of degrees both axes are alike.
func (d *mapDrawing) project() {
	low, high, ok := d.bounds()
	if !ok {
		d.rings, d.at = make([][][]place, len(d.Regions)), make([]place, len(d.Regions))
		return
	}
	k := 1.0
	if low.Y >= -90 && high.Y <= 90 {
		k = max(.01, math.Cos((low.Y+high.Y)/2*math.Pi/180))
	}
	w, h := float64(d.width)-2*mapMargin, float64(d.height)-2*mapMargin
	d.perY = min(w/max(1e-6, (high.X-low.X)*k), h/max(1e-6, high.Y-low.Y))
	d.perX = d.perY * k
	d.west, d.north = low.X, high.Y
	d.left = (float64(d.width) - (high.X-low.X)*d.perX) / 2
	d.top = (float64(d.height) - (high.Y-low.Y)*d.perY) / 2
	for _, r := range d.Regions {
		d.rings = append(d.rings, d.projected(r))
		d.boxes = append(d.boxes, boxOf(d.rings[len(d.rings)-1]))
		d.at = append(d.at, d.place(r.At))
	}
}

// bounds is what is around all outlines.
func (m *Map) bounds() (low, high Position, ok bool) {
	low, high = Position{math.Inf(1), math.Inf(1)}, Position{math.Inf(-1), math.Inf(-1)}
	for _, r := range m.Regions {
		for _, ring := range r.Rings {
			for _, p := range ring {
				if p.drawable() {
					low = Position{min(low.X, p.X), min(low.Y, p.Y)}
					high = Position{max(high.X, p.X), max(high.Y, p.Y)}
					ok = true
				}
			}
		}
	}
	return low, high, ok
}

func (p Position) drawable() bool { return drawable(p.X) && drawable(p.Y) }

// place is where a position lies in the drawing; one outside of it at its edge.
func (d *mapDrawing) place(p Position) place {
	if !p.drawable() {
		return place{float64(d.width) / 2, float64(d.height) / 2}
	}
	return place{
		x: min(float64(d.width), max(0, d.left+(p.X-d.west)*d.perX)),
		y: min(float64(d.height), max(0, d.top+(d.north-p.Y)*d.perY)),
	}
}

// projected are the rings of a region without points that cannot be drawn or told
// apart.
func (d *mapDrawing) projected(r Region) [][]place {
	var rings [][]place
	for _, ring := range r.Rings {
		var list []place
		for _, p := range ring {
			if !p.drawable() {
				continue
			}
			at := d.place(p)
			at = place{math.Round(at.x*10) / 10, math.Round(at.y*10) / 10}
			if n := len(list); n == 0 || list[n-1] != at {
				list = append(list, at)
			}
		}
		if len(list) > 2 {
			rings = append(rings, list)
		}
	}
	return rings
}

// region draws a region: a link where it leads somewhere.
func (d *mapDrawing) region(i int) {
	r := d.Regions[i]
	element, attrs := "g", []string{"id", "region-" + r.ID, "role", "img", "aria-label", r.Text}
	if r.Href != "" {
		element, attrs = "a", []string{"id", "region-" + r.ID, "href", r.Href, "aria-label", r.Text}
	}
	d.open(element, attrs...)
	d.say("title", r.Text)
	class := "region"
	if r.Code != "" {
		class += " " + r.Code
	}
	var path strings.Builder
	for _, ring := range d.rings[i] {
		for k, p := range ring {
			step(&path, k == 0, p.x, p.y)
		}
		path.WriteString("Z")
	}
	d.leaf("path", "class", class, "fill-rule", "evenodd", "d", path.String())
	d.close(element)
}
