//go:build ignore

// Generate makes the files in outlines from the maps of provinces in the npm
// package echarts, version 4.9.0, map/json/province:
//
//	npm pack echarts@4.9.0 && tar xzf echarts-4.9.0.tgz && go run generate.go package/map/json/province
//
// Each province becomes one TopoJSON file, in which a border of two prefectures
// is one arc: simplified once, it leaves no gap. The same input gives the same
// bytes.
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
	"slices"
)

const (
	scale  = 1024 // steps a degree, those of the source
	pixels = 850  // across a map, at which nobody shall see what was left out
)

type (
	point   [2]int
	ring    []point // closed: the last point is the first
	polygon []ring
)

// A shape is one area as the source has it.
type shape struct {
	code, name string
	polygons   []polygon
}

func main() {
	log.SetFlags(0)
	files, err := filepath.Glob(filepath.Join(os.Args[1], "*.json"))
	if err != nil || len(files) == 0 {
		log.Fatal("no maps of provinces: ", err)
	}
	for _, file := range files {
		shapes, err := read(file)
		if err != nil {
			log.Fatal(file, ": ", err)
		}
		if err := write(filepath.Join("outlines", shapes[0].code[:2]+".topojson.gz"), topologyOf(shapes)); err != nil {
			log.Fatal(err)
		}
	}
}

func write(name string, t *topology) error {
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(text); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o644)
}

// read takes a map of the source. That of Taiwan has no codes and is one area.
func read(file string) ([]shape, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var in struct {
		UTF8Encoding bool
		Features     []struct {
			ID         string
			Properties struct{ Name string }
			Geometry   struct {
				Type          string
				Coordinates   []json.RawMessage
				EncodeOffsets []json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return nil, err
	}
	var shapes []shape
	for _, f := range in.Features {
		s := shape{code: f.ID, name: f.Properties.Name}
		if s.code == "" {
			s.code, s.name = "710000", "台湾省"
		}
		for i, c := range f.Geometry.Coordinates {
			var offsets json.RawMessage
			if in.UTF8Encoding {
				offsets = f.Geometry.EncodeOffsets[i]
			}
			if f.Geometry.Type == "Polygon" { // one polygon, of which this is one ring
				r, err := oneRing(c, offsets)
				if err != nil {
					return nil, err
				}
				if i == 0 {
					s.polygons = append(s.polygons, nil)
				}
				last := len(s.polygons) - 1
				s.polygons[last] = append(s.polygons[last], r)
				continue
			}
			p, err := onePolygon(c, offsets)
			if err != nil {
				return nil, err
			}
			s.polygons = append(s.polygons, p)
		}
		if len(s.polygons) == 0 { // a name without a place
			continue
		}
		if n := len(shapes); n > 0 && shapes[n-1].code == s.code {
			shapes[n-1].polygons = append(shapes[n-1].polygons, s.polygons...)
			continue
		}
		shapes = append(shapes, s)
	}
	slices.SortFunc(shapes, func(a, b shape) int { return cmp.Compare(a.code, b.code) })
	return shapes, nil
}

func onePolygon(text, offsets json.RawMessage) (polygon, error) {
	var rings, starts []json.RawMessage
	if err := json.Unmarshal(text, &rings); err != nil {
		return nil, err
	}
	if offsets != nil {
		if err := json.Unmarshal(offsets, &starts); err != nil {
			return nil, err
		}
	}
	var p polygon
	for i, text := range rings {
		var start json.RawMessage
		if starts != nil {
			start = starts[i]
		}
		r, err := oneRing(text, start)
		if err != nil {
			return nil, err
		}
		p = append(p, r)
	}
	return p, nil
}

// oneRing decodes a ring as parseGeoJson of ECharts does: two characters a point,
// each 64 more than a zigzag number, the step from the point before.
func oneRing(text, start json.RawMessage) (ring, error) {
	var r ring
	if start == nil {
		var plain [][2]float64
		if err := json.Unmarshal(text, &plain); err != nil {
			return nil, err
		}
		for _, p := range plain {
			r = append(r, point{int(math.Round(p[0] * scale)), int(math.Round(p[1] * scale))})
		}
		return closed(r), nil
	}
	var letters string
	var at point
	if err := json.Unmarshal(text, &letters); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(start, &at); err != nil {
		return nil, err
	}
	code := []rune(letters)
	for i := 0; i+1 < len(code); i += 2 {
		for k := range 2 {
			z := int(code[i+k]) - 64
			at[k] += z>>1 ^ -(z & 1)
		}
		r = append(r, at)
	}
	return closed(r), nil
}

func closed(r ring) ring {
	r = slices.Compact(r)
	if len(r) > 0 && r[0] != r[len(r)-1] {
		r = append(r, r[0])
	}
	return r
}

// A topology is a TopoJSON file of one object, "areas".
type topology struct {
	Type      string             `json:"type"`
	Transform transform          `json:"transform"`
	Objects   map[string]objects `json:"objects"`
	Arcs      [][]point          `json:"arcs"`
}

type transform struct {
	Scale     [2]float64 `json:"scale"`
	Translate [2]float64 `json:"translate"`
}

type objects struct {
	Type       string     `json:"type"`
	Geometries []geometry `json:"geometries"`
}

type geometry struct {
	Type       string    `json:"type"`
	ID         string    `json:"id"`
	Properties named     `json:"properties"`
	Arcs       [][][]int `json:"arcs"`
}

type named struct {
	Name   string     `json:"name"`
	Centre [2]float64 `json:"centre"`
}

// A builder gathers the arcs of a province.
type builder struct {
	tolerance float64 // in steps
	junctions map[point]bool
	known     map[string]int // arcs by what they are before they are simplified
	arcs      [][]point
}

func topologyOf(shapes []shape) *topology {
	b := &builder{tolerance: extent(shapes) / pixels, junctions: junctionsOf(shapes), known: map[string]int{}}
	var list []geometry
	for _, s := range shapes {
		g := geometry{Type: "MultiPolygon", ID: s.code, Properties: named{Name: s.name}}
		largest := slices.MaxFunc(s.polygons, func(a, b polygon) int { return cmp.Compare(math.Abs(area(a[0])), math.Abs(area(b[0]))) })
		for _, p := range s.polygons {
			if arcs := b.polygon(p, &p[0] == &largest[0]); arcs != nil {
				g.Arcs = append(g.Arcs, arcs)
			}
		}
		g.Properties.Centre = centre(largest)
		list = append(list, g)
	}
	for _, a := range b.arcs { // each point but the first as the step to it
		for i := len(a) - 1; i > 0; i-- {
			a[i] = point{a[i][0] - a[i-1][0], a[i][1] - a[i-1][1]}
		}
	}
	return &topology{
		Type: "Topology", Transform: transform{Scale: [2]float64{1.0 / scale, 1.0 / scale}}, Arcs: b.arcs,
		Objects: map[string]objects{"areas": {Type: "GeometryCollection", Geometries: list}},
	}
}

// polygon gives the arcs of the rings. What is less than three pixels wide and high,
// or a line when simplified, is left out, unless it must be kept.
func (b *builder) polygon(p polygon, keep bool) [][]int {
	var rings [][]int
	for i, r := range p {
		low, high := box(r)
		if keep && i == 0 || float64(max(high[0]-low[0], high[1]-low[1])) > 3*b.tolerance {
			if arcs := b.ring(r); b.corners(arcs) > 2 {
				rings = append(rings, arcs)
				continue
			}
		}
		if i == 0 {
			return nil
		}
	}
	return rings
}

// ring cuts a ring where borders meet.
func (b *builder) ring(r ring) []int {
	open := r[:len(r)-1]
	first := slices.IndexFunc(open, func(p point) bool { return b.junctions[p] })
	if first < 0 { // an island, or one area in another: it begins at the same point for both
		first = slices.Index(open, slices.MinFunc(open, order))
	}
	turned := slices.Concat(open[first:], open[:first], open[first:first+1])
	var arcs []int
	begin := 0
	for i := 1; i < len(turned); i++ {
		if b.junctions[turned[i]] || i == len(turned)-1 {
			arcs = append(arcs, b.arc(turned[begin:i+1]))
			begin = i
		}
	}
	return arcs
}

// corners counts the points of a ring, which is its pieces as well.
func (b *builder) corners(arcs []int) int {
	sum := 0
	for _, n := range arcs {
		sum += len(b.arcs[max(n, ^n)]) - 1
	}
	return sum
}

// arc gives the number of an arc, or, where it is known the other way round, the
// complement of its number, as TopoJSON has it.
func (b *builder) arc(a []point) int {
	back := slices.Clone(a)
	slices.Reverse(back)
	reversed := slices.CompareFunc(back, a, order) < 0
	if reversed {
		a = back
	}
	key := fmt.Sprint(a)
	n, ok := b.known[key]
	if !ok {
		n = len(b.arcs)
		b.known[key] = n
		b.arcs = append(b.arcs, simplify(slices.Clone(a), b.tolerance))
	}
	if reversed {
		return ^n
	}
	return n
}

// simplify is that of Douglas and Peucker. A closed arc is cut at the point
// farthest from its beginning.
func simplify(a []point, tolerance float64) []point {
	if len(a) < 3 {
		return a
	}
	last := len(a) - 1
	at, far := 0, -1.0
	for i := 1; i < last; i++ {
		if d := distance(a[i], a[0], a[last]); d > far {
			at, far = i, d
		}
	}
	if far <= tolerance && a[0] != a[last] {
		return []point{a[0], a[last]}
	}
	head := simplify(slices.Clone(a[:at+1]), tolerance)
	tail := simplify(slices.Clone(a[at:]), tolerance)
	return append(head, tail[1:]...)
}

// distance is that of p from the line piece from a to b.
func distance(p, a, b point) float64 {
	px, py := float64(p[0]-a[0]), float64(p[1]-a[1])
	dx, dy := float64(b[0]-a[0]), float64(b[1]-a[1])
	if length := dx*dx + dy*dy; length > 0 {
		t := min(1, max(0, (px*dx+py*dy)/length))
		px, py = px-t*dx, py-t*dy
	}
	return math.Hypot(px, py)
}

// junctionsOf finds the points that have more than two neighbours.
func junctionsOf(shapes []shape) map[point]bool {
	neighbours, junctions := map[point][]point{}, map[point]bool{}
	note := func(p, q point) {
		if n := neighbours[p]; !slices.Contains(n, q) {
			neighbours[p] = append(n, q)
			junctions[p] = len(n)+1 > 2
		}
	}
	for _, s := range shapes {
		for _, p := range s.polygons {
			for _, r := range p {
				for i := range r[1:] {
					note(r[i], r[i+1])
					note(r[i+1], r[i])
				}
			}
		}
	}
	return junctions
}

// extent is the longer side of what is around all the shapes.
func extent(shapes []shape) float64 {
	var all ring
	for _, s := range shapes {
		for _, p := range s.polygons {
			all = append(all, p[0]...)
		}
	}
	low, high := box(all)
	return float64(max(high[0]-low[0], high[1]-low[1]))
}

func box(r ring) (low, high point) {
	low, high = r[0], r[0]
	for _, p := range r {
		low = point{min(low[0], p[0]), min(low[1], p[1])}
		high = point{max(high[0], p[0]), max(high[1], p[1])}
	}
	return low, high
}

func order(a, b point) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }

func area(r ring) float64 {
	sum := 0
	for i := range r[1:] {
		sum += r[i][0]*r[i+1][1] - r[i+1][0]*r[i][1]
	}
	return float64(sum) / 2
}

// centre is the point of a fine grid in the polygon that is farthest from its
// border, where a label has most room.
func centre(p polygon) [2]float64 {
	const grid = 80
	low, high := box(p[0])
	var best [2]float64
	room := -1.0
	for i := range grid {
		for j := range grid {
			x := float64(low[0]) + (float64(i)+.5)*float64(high[0]-low[0])/grid
			y := float64(low[1]) + (float64(j)+.5)*float64(high[1]-low[1])/grid
			if d := depth(p, x, y); d > room {
				room, best = d, [2]float64{x, y}
			}
		}
	}
	return [2]float64{math.Round(best[0]/scale*1000) / 1000, math.Round(best[1]/scale*1000) / 1000}
}

// depth is how far a place in a polygon is from its border; -1 outside. Degrees
// of longitude count as long as they are there.
func depth(p polygon, x, y float64) float64 {
	inside, near, k := false, math.Inf(1), math.Cos(y/scale*math.Pi/180)
	for _, r := range p {
		for i := range r[1:] {
			ax, ay := float64(r[i][0]), float64(r[i][1])
			bx, by := float64(r[i+1][0]), float64(r[i+1][1])
			if (ay > y) != (by > y) && x < ax+(y-ay)/(by-ay)*(bx-ax) {
				inside = !inside
			}
			px, dx := (x-ax)*k, (bx-ax)*k
			t := 0.0
			if length := dx*dx + (by-ay)*(by-ay); length > 0 {
				t = min(1, max(0, (px*dx+(y-ay)*(by-ay))/length))
			}
			near = min(near, math.Hypot(px-t*dx, (y-ay)-t*(by-ay)))
		}
	}
	if !inside {
		return -1
	}
	return near
}
