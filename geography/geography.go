// Package geography knows where areas lie: outlines of the prefectures of China's
// provinces by their division codes (GB/T 2260), simplified for small maps. They
// are from Apache ECharts 4.9.0 (Apache-2.0) and show no boundary with authority.
package geography

import (
	"regexp"
	"slices"
	"strings"
)

// A Position is a longitude and a latitude in degrees.
type Position struct{ Longitude, Latitude float64 }

// An Outline is where an area lies.
type Outline struct {
	Code   string // GB/T 2260, six digits
	Name   string // in Chinese
	Rings  [][]Position
	Centre Position // of the label: inside, where there is most room
}

// Find gives the outlines of areas by the words that they match, of which one is
// a division code or its first digits ("6301"), in the order of the areas. An area
// of several codes has the first that is known. ok is false where an area has
// none: then there is no map.
//
// A code of more than one outline, such as that of a province or of a city under
// the central government, of which districts are known, has the rings of all of
// them.
func Find(areas [][]string) (outlines []Outline, ok bool) {
	for _, words := range areas {
		o, ok := first(words)
		if !ok {
			return nil, false
		}
		outlines = append(outlines, o)
	}
	return outlines, len(outlines) > 0
}

// code is a division code or the first digits of one, of whole levels: province,
// prefecture, county.
var code = regexp.MustCompile(`^([0-9]{2}){1,3}$`)

// first finds the first word that is a known code.
func first(words []string) (Outline, bool) {
	for _, w := range words {
		if w = strings.TrimSpace(w); !code.MatchString(w) {
			continue
		}
		if o, ok := under(w); ok {
			return o, true
		}
	}
	return Outline{}, false
}

// under gives what lies under a code. Pairs of zeros at its end stand for all that
// is under it.
func under(code string) (Outline, bool) {
	load, ok := provinces[code[:2]]
	if !ok {
		return Outline{}, false
	}
	prefix := code
	for len(prefix) > 2 && strings.HasSuffix(prefix, "00") {
		prefix = strings.TrimSuffix(prefix, "00")
	}
	var parts []Outline
	for _, o := range load() {
		if strings.HasPrefix(o.Code, prefix) {
			parts = append(parts, o)
		}
	}
	return merge(code, parts)
}

// merge makes one outline of several, whose label stands in the largest.
func merge(code string, parts []Outline) (Outline, bool) {
	if len(parts) == 0 {
		return Outline{}, false
	}
	if len(parts) == 1 {
		return parts[0].clone(), true
	}
	largest := slices.MaxFunc(parts, func(a, b Outline) int { return compareSize(a, b) })
	whole := Outline{Code: (code + "0000")[:6], Name: largest.Name, Centre: largest.Centre}
	for _, p := range parts {
		whole.Rings = append(whole.Rings, p.clone().Rings...)
	}
	return whole, true
}

// clone lets a caller change what was found.
func (o Outline) clone() Outline {
	rings := make([][]Position, len(o.Rings))
	for i, r := range o.Rings {
		rings[i] = slices.Clone(r)
	}
	o.Rings = rings
	return o
}
