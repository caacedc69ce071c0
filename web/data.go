package web

import (
	"cmp"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A dataView is the page of how far the data can be trusted.
type dataView struct {
	Frame    frame
	Sources  []sourceRow
	Coverage []coverageRow
	Waiting  string
}

// data is the page of how far the data can be trusted.
func (p *pages) data(v *visit) (view, error) {
	d := &dataView{Frame: v.frame, Sources: v.sources(v.status.Sources)}
	d.Frame.Title = v.Say("page.nav-data")
	if s := v.status.Snapshot; s != nil {
		d.Coverage = v.coverage(s.Quality.Coverage)
	}
	return view{"data", d}, nil
}

// A sourceRow is a [Source] in words.
type sourceRow struct {
	Name                            string
	Places                          []string
	State                           badge
	Files, Rows, Accepted, Rejected string
	Rejects                         bool // at least one
	LastSuccess, LatestEvent        stamp
}

// A coverageRow says how far the data of an area goes.
type coverageRow struct {
	Area, Through, Ratio, Prior string
	Gaps                        []string // of both years
}

func (t *teller) sources(list []Source) []sourceRow {
	var all []sourceRow
	for i := range list {
		s := &list[i]
		row := sourceRow{
			Name: s.Name, Places: s.Places, State: badge{"down", "✗", t.Say("page.failing")},
			Files: count(int64(s.Files)), Rows: count(s.Rows), Accepted: count(s.Accepted), Rejected: count(s.Rejected), Rejects: s.Rejected > 0,
			LastSuccess: t.stamp(s.LastSuccess), LatestEvent: stamp{Text: absent},
		}
		if s.Up {
			row.State = badge{"up", "✓", t.Say("page.up")}
		}
		if !s.LatestEvent.IsZero() {
			row.LatestEvent = t.stamp(s.LatestEvent)
		}
		all = append(all, row)
	}
	return all
}

// coverage words what deliveries declare to cover, of areas in the policy's
// order.
func (t *teller) coverage(list []snapshot.Coverage) []coverageRow {
	var all []coverageRow
	for _, c := range list {
		row := coverageRow{Area: cmp.Or(t.names[c.Area], c.Area), Through: local(c.DataThrough), Ratio: t.share(c.Ratio), Prior: t.share(c.PriorRatio)}
		for _, g := range c.Gaps {
			row.Gaps = append(row.Gaps, t.Say("hours.window", local(g.From), local(g.To)))
		}
		all = append(all, row)
	}
	return all
}

// share is a share of the time that is covered; without one nobody declares
// anything.
func (t *teller) share(v *float64) string {
	if v == nil {
		return t.Say("page.undeclared")
	}
	return percent(v)
}
