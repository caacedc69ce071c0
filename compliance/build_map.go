package compliance

import (
	"slices"

	"github.com/saidi-exporter/saidi/chart"
	"github.com/saidi-exporter/saidi/geography"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// drawMap colours the areas by the worst verdict on the most binding targets that
// each has; ok is false where it is not known where all of them lie.
func (m *maker) drawMap() (d Drawing, ok bool) {
	var words [][]string
	for _, a := range m.d.Areas {
		words = append(words, m.d.Places[a.ID])
	}
	outlines, ok := geography.Find(words)
	if !ok || len(m.spans) == 0 {
		return Drawing{}, false
	}
	c := chart.Map{Title: m.Say("paper.map"), Description: m.Say("paper.map-what"), Width: 720, Height: 440}
	for i, a := range m.d.Areas {
		c.Regions = append(c.Regions, m.region(a, outlines[i]))
	}
	svg := c.SVG()
	return Drawing{Caption: c.Description, SVG: svg}, svg != ""
}

func (m *maker) region(a snapshot.Named, o geography.Outline) chart.Region {
	r := chart.Region{ID: a.ID, Label: m.name(a.ID), At: chart.Position{X: o.Centre.Longitude, Y: o.Centre.Latitude}}
	hours := absent
	if e := m.entry(a.ID, string(outage.AllClasses), m.spans[0].window); e != nil && e.SAIDIHours != nil {
		hours = fixed(*e.SAIDIHours, 2)
	}
	r.Text = m.Say("paper.region", r.Label, hours)
	if t := m.worstOf(a.ID); t != nil {
		r.Code, r.Sign = t.Verdict, sign(t.Verdict)
		r.Text = m.Say("paper.region-verdict", r.Label, hours, m.Word(wording.Verdict, t.Verdict))
	}
	for _, ring := range o.Rings {
		points := make([]chart.Position, len(ring))
		for i, p := range ring {
			points[i] = chart.Position{X: p.Longitude, Y: p.Latitude}
		}
		r.Rings = append(r.Rings, points)
	}
	return r
}

// worstOf is the target of a scope with the worst verdict of the most binding
// strength in the year that is shown first; nil where it has none.
func (m *maker) worstOf(scope string) *snapshot.Target {
	i := slices.IndexFunc(m.order, func(t *snapshot.Target) bool { return t.Scope == scope && t.Strength == string(policy.Duty) })
	if i < 0 {
		i = slices.IndexFunc(m.order, func(t *snapshot.Target) bool { return t.Scope == scope })
	}
	if i < 0 {
		return nil
	}
	return m.order[i]
}
