package geography

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"sync"
)

//go:generate go run generate.go package/map/json/province

// files are the outlines, and the notice that goes with them.
//
//go:embed outlines
var files embed.FS

// provinces has, by the first two digits of its codes, what reads a province the
// first time that it is asked for.
var provinces = readers()

// readers lists the embedded files. One that cannot be read was made wrongly,
// which the tests would have told.
func readers() map[string]func() []Outline {
	names, err := fs.Glob(files, "outlines/*.topojson.gz")
	if err != nil {
		panic(err)
	}
	all := map[string]func() []Outline{}
	for _, name := range names {
		all[strings.TrimPrefix(name, "outlines/")[:2]] = sync.OnceValue(func() []Outline {
			list, err := read(name)
			if err != nil {
				panic(fmt.Errorf("read outlines %s: %w", name, err))
			}
			return list
		})
	}
	return all
}

// A topology is the TopoJSON of a province. An arc is a first point and steps;
// a ring is arcs by number, where ^n is arc n backwards.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]int
	Objects   struct {
		Areas struct {
			Geometries []struct {
				ID         string
				Properties struct {
					Name   string
					Centre [2]float64
				}
				Arcs [][][]int // by polygon and ring
			}
		}
	}
}

// read reads one province's outlines, in the order of their codes.
func read(name string) ([]Outline, error) {
	packed, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	var t topology
	if err := json.NewDecoder(z).Decode(&t); err != nil {
		return nil, err
	}
	return t.outlines(), nil
}

func (t *topology) outlines() []Outline {
	var list []Outline
	for _, g := range t.Objects.Areas.Geometries {
		o := Outline{Code: g.ID, Name: g.Properties.Name, Centre: Position{g.Properties.Centre[0], g.Properties.Centre[1]}}
		for _, polygon := range g.Arcs {
			for _, ring := range polygon {
				o.Rings = append(o.Rings, t.ring(ring))
			}
		}
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b Outline) int { return cmp.Compare(a.Code, b.Code) })
	return list
}

// ring puts arcs together. Each begins where the one before ends.
func (t *topology) ring(arcs []int) []Position {
	var r []Position
	for _, n := range arcs {
		a := t.arc(n)
		r = append(r, a[min(len(r), 1):]...)
	}
	return r
}

func (t *topology) arc(n int) []Position {
	steps := t.Arcs[max(n, ^n)]
	a := make([]Position, len(steps))
	var x, y int
	for i, s := range steps {
		x, y = x+s[0], y+s[1]
		a[i] = Position{
			Longitude: t.Transform.Translate[0] + float64(x)*t.Transform.Scale[0],
			Latitude:  t.Transform.Translate[1] + float64(y)*t.Transform.Scale[1],
		}
	}
	if n < 0 {
		slices.Reverse(a)
	}
	return a
}

// compareSize compares the largest rings.
func compareSize(a, b Outline) int { return cmp.Compare(a.size(), b.size()) }

func (o Outline) size() float64 {
	largest := 0.0
	for _, r := range o.Rings {
		sum := 0.0
		for i := range r[1:] {
			sum += r[i].Longitude*r[i+1].Latitude - r[i+1].Longitude*r[i].Latitude
		}
		largest = max(largest, math.Abs(sum)/2)
	}
	return largest
}
