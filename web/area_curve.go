package web

import (
	"time"

	"github.com/saidi-exporter/saidi/chart"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A curveView is the year of a subject, drawn and as a table.
type curveView struct {
	Title   string
	Problem string // why there is none; else empty
	Drawing drawing
	Plot    *plot
	Rows    []curveRow
	All     string // the address of every day of it
}

// A curveRow is the curve at the end of a month, or at as-of.
type curveRow struct {
	At                     string
	Value, Prior           number
	Expected, Median, Span string
}

// The size of a drawing in pixels; it scales.
const (
	curveWidth   = 900
	curveHeight  = 380
	monthsHeight = 280
)

// yearCurve asks for the curve of a subject and draws it.
func (p *pages) yearCurve(v *visit, of *subject) curveView {
	c := curveView{Title: v.Say("area.curve"), All: "/api/v1/curve?" + curveQuery(of)}
	if of.now == nil {
		c.Problem = v.Say("area.no-curve")
		return c
	}
	answer, err := p.Curve(v.r.Context(), of.scope, of.class)
	if err != nil {
		c.Problem = v.told(problemOf(err))
		return c
	}
	y := v.courseOf(of, answer)
	if y == nil {
		c.Problem = v.Say("area.no-curve")
		return c
	}
	lines := v.lines(of, y)
	c.Drawing, c.Plot, c.Rows = drawn(lines.SVG()), plotOfLines(lines), v.curveRows(of, y)
	return c
}

// A course is a year as points in time.
type course struct {
	from, to, now time.Time
	value, prior  []chart.Point
	expected      []chart.Point
	middle        []chart.Point
	inner, outer  []chart.Span
	limits        []*snapshot.Target // each with a limit
}

// courseOf puts a curve, last year's on this year's dates, beside what the targets
// of the subject foresee; nil where it has no point.
func (t *teller) courseOf(of *subject, c *snapshot.Curve) *course {
	y := &course{value: t.points(c.Days, 0), prior: t.points(c.PriorDays, 1)}
	if len(c.Days) == 0 || len(y.value)+len(y.prior) == 0 {
		return nil
	}
	from, err := time.Parse(time.RFC3339, of.now.From)
	if err != nil {
		return nil
	}
	y.from = t.in(from)
	y.to = y.from.AddDate(1, 0, 0)
	if at, err := time.Parse(time.RFC3339, c.Days[len(c.Days)-1].At); err == nil && at.Before(y.to) {
		y.now = t.in(at)
	}
	y.limits = of.limits(c.Year)
	if len(y.limits) > 0 {
		t.foresee(y, y.limits[0].Projection)
	}
	return y
}

// limits lists the subject's targets that have a limit, duties first.
func (of *subject) limits(year int) []*snapshot.Target {
	var all []*snapshot.Target
	for i := range of.Targets {
		if x := &of.Targets[i]; x.Year == year && x.Scope == of.scope && x.Class == of.class && x.LimitHours != nil {
			all = append(all, x)
		}
	}
	return all
}

// points takes days over, so many years later by the calendar.
func (t *teller) points(days []snapshot.CurvePoint, years int) []chart.Point {
	var all []chart.Point
	for _, d := range days {
		at, err := time.Parse(time.RFC3339, d.At)
		if err == nil && d.Hours != nil {
			all = append(all, chart.Point{At: t.in(at).AddDate(years, 0, 0), Value: *d.Hours})
		}
	}
	return all
}

// foresee adds the expected path and the bands of a projection, which open where
// the year stands now.
func (t *teller) foresee(y *course, p *snapshot.Projection) {
	if p == nil {
		return
	}
	if n := len(y.value); n > 0 && !y.now.IsZero() {
		last := y.value[n-1]
		y.middle = append(y.middle, last)
		y.inner, y.outer = append(y.inner, chart.Span{At: last.At, Low: last.Value, High: last.Value}), append(y.outer, chart.Span{At: last.At, Low: last.Value, High: last.Value})
	}
	y.expected = append(y.expected, chart.Point{At: y.from})
	for i := range p.Path {
		point := &p.Path[i]
		at, err := time.Parse(time.RFC3339, point.At)
		if err != nil {
			continue
		}
		at = t.in(at)
		if point.ExpectedHours != nil {
			y.expected = append(y.expected, chart.Point{At: at, Value: *point.ExpectedHours})
		}
		if q := point.Quantiles; len(q) > 0 {
			y.middle = append(y.middle, chart.Point{At: at, Value: q["0.5"]})
			y.inner = append(y.inner, chart.Span{At: at, Low: q["0.25"], High: q["0.75"]})
			y.outer = append(y.outer, chart.Span{At: at, Low: q["0.05"], High: q["0.95"]})
		}
	}
	if len(y.expected) == 1 { // of a complete year nobody says
		y.expected = nil
	}
	if len(y.middle) == 1 {
		y.middle, y.inner, y.outer = nil, nil, nil
	}
}
