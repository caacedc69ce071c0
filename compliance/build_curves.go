package compliance

import (
	"strconv"
	"time"

	"github.com/saidi-exporter/saidi/chart"
	"github.com/saidi-exporter/saidi/snapshot"
)

// curves draw how the hours of each scope and class with a target came about, and
// list what is expected of them.
func (m *maker) curves() (Section, bool) {
	s := Section{ID: "curves", Title: m.Say("paper.curves"), Text: []string{m.Say("paper.curves-what")}}
	for i := range m.d.Curves {
		if d, ok := m.drawCurve(&m.d.Curves[i]); ok {
			s.Drawings = append(s.Drawings, d)
		}
	}
	t := m.path()
	if len(t.Rows) > 0 {
		s.Tables = []Table{t}
	}
	return s, len(s.Drawings)+len(s.Tables) > 0
}

// path lists where the year to date of each target is to be at the end of each
// month, and where it may be.
func (m *maker) path() Table {
	t := Table{ID: "path", Caption: m.Say("paper.path-what"), Columns: []Column{
		{Head: m.Say("column.area"), Width: 15}, {Head: m.Say("column.class"), Width: 12}, {Head: m.Say("column.target"), Width: 11}, {Head: m.Say("paper.until"), Width: 18},
		{Head: m.Say("paper.expected"), Kind: Hours}, {Head: m.Say("paper.value"), Kind: Hours},
	}}
	for _, share := range snapshot.ProjectedProbabilities() {
		t.Columns = append(t.Columns, Column{Head: m.Say("paper.quantile", percentOf(share)), Kind: Hours, Width: 9})
	}
	for _, x := range m.order {
		if x.Projection == nil {
			continue
		}
		for _, p := range x.Projection.Path {
			row := append(m.whose(x), text(local(p.At)), maybe(p.ExpectedHours), maybe(p.ValueHours))
			for _, share := range snapshot.ProjectedProbabilities() {
				row = append(row, quantile(p.Quantiles, share))
			}
			t.Rows = append(t.Rows, row)
		}
		if t.Most == 0 { // an HTML shows the first target alone
			t.Most = len(t.Rows)
		}
	}
	return t
}

func quantile(all map[string]float64, share string) Cell {
	if v, ok := all[share]; ok {
		return numeral(v)
	}
	return Cell{}
}

// percentOf writes a probability that is a text in per cent.
func percentOf(share string) string {
	p, err := strconv.ParseFloat(share, 64)
	if err != nil {
		return share
	}
	return strconv.FormatFloat(p*100, 'f', 0, 64) + " %"
}

// drawCurve draws a year's curve against the limits, the year before, and what is
// to come.
func (m *maker) drawCurve(c *snapshot.Curve) (Drawing, bool) {
	points := pointsOf(c.Days, 0)
	if len(points) == 0 {
		return Drawing{}, false
	}
	name := m.name(c.Scope) + " " + m.class(c.Class)
	l := chart.Lines{Title: m.Say("paper.curve", name, c.Year), Unit: m.Say("paper.unit"), Width: 480, Height: 270}
	if prior := pointsOf(c.PriorDays, 1); len(prior) > 0 {
		l.Curves = append(l.Curves, chart.Curve{Style: chart.Prior, Label: m.Say("paper.last-year"), Points: prior})
	}
	last := points[len(points)-1]
	l.From, l.To = beginning(c), beginning(c).AddDate(1, 0, 0)
	if last.At.Before(l.To) {
		l.Now, l.NowLabel = last.At, local(last.At.Format(time.RFC3339))
	}
	for n := range 12 {
		l.Months = append(l.Months, m.monthName(l.From.AddDate(0, n, 0).Format(time.RFC3339)))
	}
	m.drawTargets(&l, c, last)
	l.Curves = append(l.Curves, chart.Curve{Style: chart.Value, Label: m.Say("paper.this-year"), Points: points})
	l.Description = m.Say("paper.curve-described", fixed(last.Value, 2), local(last.At.Format(time.RFC3339)), len(l.Marks))
	svg := l.SVG()
	return Drawing{Caption: l.Title, SVG: svg}, svg != ""
}

// drawTargets adds the limits of a scope and class, what may be used of the most
// binding one by when, and where the year may end.
func (m *maker) drawTargets(l *chart.Lines, c *snapshot.Curve, last chart.Point) {
	for _, t := range m.of(c.Year) {
		if t.Scope != c.Scope || t.Class != c.Class {
			continue
		}
		if t.LimitHours != nil {
			l.Marks = append(l.Marks, chart.Mark{Style: chart.Limit, Label: rule(t), Value: *t.LimitHours})
		}
		if t.Projection != nil && len(l.Bands) == 0 {
			m.drawPath(l, t.Projection.Path, last)
		}
	}
}

// drawPath draws what is expected and what may come, from the last point that is
// known on.
func (m *maker) drawPath(l *chart.Lines, path []snapshot.PathPoint, last chart.Point) {
	outer := chart.Band{Style: chart.Outer, Label: m.Say("paper.outer")}
	inner := chart.Band{Style: chart.Inner, Label: m.Say("paper.inner")}
	middle := chart.Curve{Style: chart.Middle, Label: m.Say("paper.middle")}
	expected := chart.Curve{Style: chart.Expected, Label: m.Say("paper.expected")}
	for _, p := range path {
		at, err := time.Parse(time.RFC3339, p.At)
		if err != nil {
			continue
		}
		if p.ExpectedHours != nil {
			expected.Points = append(expected.Points, chart.Point{At: at, Value: *p.ExpectedHours})
		}
		q := p.Quantiles
		if _, ok := q["0.5"]; !ok {
			continue
		}
		if len(middle.Points) == 0 && last.At.Before(at) {
			now := chart.Span{At: last.At, Low: last.Value, High: last.Value}
			outer.Points, inner.Points, middle.Points = []chart.Span{now}, []chart.Span{now}, []chart.Point{last}
		}
		outer.Points = append(outer.Points, chart.Span{At: at, Low: q["0.05"], High: q["0.95"]})
		inner.Points = append(inner.Points, chart.Span{At: at, Low: q["0.25"], High: q["0.75"]})
		middle.Points = append(middle.Points, chart.Point{At: at, Value: q["0.5"]})
	}
	if len(outer.Points) > 0 {
		l.Bands = []chart.Band{outer, inner}
		l.Curves = append(l.Curves, middle)
	}
	if len(expected.Points) > 0 {
		l.Curves = append(l.Curves, expected)
	}
}

// beginning is the first instant of a curve's year: the day before the end of its
// first day.
func beginning(c *snapshot.Curve) time.Time {
	at, err := time.Parse(time.RFC3339, c.Days[0].At)
	if err != nil {
		return time.Time{}
	}
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
	if day.Equal(at) {
		return day.AddDate(0, 0, -1)
	}
	return day
}

// pointsOf gives the points of a curve so many years later.
func pointsOf(days []snapshot.CurvePoint, later int) []chart.Point {
	var all []chart.Point
	for _, d := range days {
		at, err := time.Parse(time.RFC3339, d.At)
		if err == nil && d.Hours != nil {
			all = append(all, chart.Point{At: at.AddDate(later, 0, 0), Value: *d.Hours})
		}
	}
	return all
}
