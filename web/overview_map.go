package web

import (
	"html/template"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/chart"
	"github.com/saidi-exporter/saidi/geography"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A drawing is an SVG of package chart, which escapes every text.
type drawing = template.HTML

// drawn takes a drawing over into a page.
func drawn(svg string) drawing { return drawing(svg) } //nolint:gosec // chart escapes every text

// The map's size in pixels; it scales.
const (
	mapWidth  = 640
	mapHeight = 420
)

// picture adds the map, or tiles where nobody knows where an area lies.
func (t *teller) picture(p *province, s *snapshot.Snapshot, year int, by colouring) {
	places := make([][]string, len(s.Areas))
	for i, a := range s.Areas {
		places[i] = s.Places[a.ID]
	}
	outlines, ok := geography.Find(places)
	if !ok || len(outlines) != len(s.Areas) || len(outlines) == 0 {
		p.Tiles = t.tiles(s, year, by)
		return
	}
	m := &chart.Map{Title: p.Heading, Description: t.Say("page.map-what"), Width: mapWidth, Height: mapHeight}
	for i, a := range s.Areas {
		m.Regions = append(m.Regions, t.region(s, year, by, a, &outlines[i]))
	}
	p.Map = drawn(m.SVG())
}

// region is an area on the map.
func (t *teller) region(s *snapshot.Snapshot, year int, by colouring, a snapshot.Named, o *geography.Outline) chart.Region {
	name := a.Name.In(string(t.Language))
	r := chart.Region{ID: a.ID, Label: name, Href: t.regionLink(s, a.ID, by.class), At: place(o.Centre), Text: t.Say("page.region-none", name)}
	for _, ring := range o.Rings {
		var points []chart.Position
		for _, p := range ring {
			points = append(points, place(p))
		}
		r.Rings = append(r.Rings, points)
	}
	if list := by.targets(s, year, a.ID); len(list) > 0 {
		worst := t.verdict(list[0].Verdict)
		word := worst.Word
		r.Code, r.Sign = worst.Code, worst.Sign
		if likely := missing(list[0]); likely != "" {
			r.Sign, word = worst.Sign+" "+likely, t.Say("page.region-miss", word, likely)
		}
		r.Text = t.Say("page.region", name, word, t.inWords(list))
	}
	return r
}

// missing writes the probability of missing a target whose year still runs; empty
// where there is none.
func missing(x *snapshot.Target) string {
	switch policy.Verdict(x.Verdict) {
	case policy.OnTrack, policy.AtRisk, policy.OffTrack:
		if x.Projection != nil && x.Projection.MissProbability != nil {
			return strings.ReplaceAll(chance(x.Projection.MissProbability), " ", "") // there is little room
		}
	}
	return ""
}

// regionLink is the address of an area's page, of a class only where it has one.
func (t *teller) regionLink(s *snapshot.Snapshot, area, class string) string {
	if !slices.Contains(classesIn(s, area), class) {
		class = ""
	}
	return t.areaLink(area, class)
}

func place(p geography.Position) chart.Position { return chart.Position{X: p.Longitude, Y: p.Latitude} }

// inWords tells what targets are: class, hours and limit of each.
func (t *teller) inWords(list []*snapshot.Target) string {
	var words []string
	for _, x := range list {
		words = append(words, t.Say("page.region-target", x.ClassName.In(string(t.Language)), t.verdict(x.Verdict).Word, fixed(x.ValueHours, 2), fixed(x.LimitHours, 2)))
	}
	return t.List(words)
}

// tiles tell what the map would.
func (t *teller) tiles(s *snapshot.Snapshot, year int, by colouring) []tile {
	var all []tile
	for _, a := range s.Areas {
		one := tile{Area: number{a.Name.In(string(t.Language)), t.regionLink(s, a.ID, by.class)}, Text: t.Say("page.not-judged")}
		if list := by.targets(s, year, a.ID); len(list) > 0 {
			worst := t.verdict(list[0].Verdict)
			one.Verdict, one.Text = &worst, t.inWords(list)
		}
		all = append(all, one)
	}
	return all
}
