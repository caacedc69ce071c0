package web

import (
	"math"
	"time"

	"github.com/saidi-exporter/saidi/chart"
	"github.com/saidi-exporter/saidi/wording"
)

// lines is the chart of a course.
func (t *teller) lines(of *subject, y *course) *chart.Lines {
	l := &chart.Lines{
		Title: t.Say("area.curve"), Description: t.described(y), Unit: t.Say("area.unit"), From: y.from, To: y.to, Months: t.monthNames(y.from),
		Now: y.now, NowLabel: t.Say("page.as-of"), Width: curveWidth, Height: curveHeight,
	}
	band := func(style chart.Style, label string, points []chart.Span) {
		if len(points) > 0 {
			l.Bands = append(l.Bands, chart.Band{Style: style, Label: label, Points: points})
		}
	}
	curve := func(style chart.Style, label string, points []chart.Point) {
		if len(points) > 0 {
			l.Curves = append(l.Curves, chart.Curve{Style: style, Label: label, Points: points})
		}
	}
	band(chart.Outer, t.Say("area.band-outer"), y.outer)
	band(chart.Inner, t.Say("area.band-inner"), y.inner)
	curve(chart.Prior, t.Say("area.last-year"), y.prior)
	curve(chart.Expected, t.Say("area.expected"), y.expected)
	curve(chart.Middle, t.Say("area.median"), y.middle)
	curve(chart.Value, t.Say("area.this-year"), y.value)
	for _, x := range y.limits {
		label := t.Say("area.limit", t.Word(wording.Strength, x.Strength), fixed(x.LimitHours, 2))
		l.Marks = append(l.Marks, chart.Mark{Style: chart.Limit, Label: label, Value: *x.LimitHours})
	}
	return l
}

// described tells those who cannot see it what the curve shows.
func (t *teller) described(y *course) string {
	text := t.Say("area.curve-what")
	if n := len(y.value); n > 0 {
		text += t.Say("area.curve-now", clock(y.value[n-1].At), fixed(&y.value[n-1].Value, 2))
	}
	if n := len(y.middle); n > 0 {
		end := y.outer[n-1]
		text += t.Say("area.curve-end", fixed(&y.middle[n-1].Value, 2), fixed(&end.Low, 2), fixed(&end.High, 2))
	}
	return text
}

// monthNames names the months of a year that begins at an instant.
func (t *teller) monthNames(from time.Time) []string {
	var names []string
	for n := range 12 {
		names = append(names, t.month(from.AddDate(0, n, 0).Month()))
	}
	return names
}

// month names a month in short.
func (t *teller) month(m time.Month) string {
	if t.Language == wording.Chinese {
		return t.Say("area.month", int(m))
	}
	return m.String()[:3]
}

// curveRows is the curve at the ends of the months, and at as-of.
func (t *teller) curveRows(of *subject, y *course) []curveRow {
	var rows []curveRow
	for n := 1; n <= 12; n++ {
		at := y.from.AddDate(0, n, 0)
		if prior := y.from.AddDate(0, n-1, 0); !y.now.IsZero() && y.now.After(prior) && y.now.Before(at) {
			rows = append(rows, t.curveRow(of, y, y.now, t.asOf(of.Snapshot)))
		}
		rows = append(rows, t.curveRow(of, y, at, t.month(y.from.AddDate(0, n-1, 0).Month())))
	}
	return rows
}

// curveRow is the curve at an instant. Its hours lead to the events of the year up
// to then.
func (t *teller) curveRow(of *subject, y *course, at time.Time, name string) curveRow {
	row := curveRow{At: name, Expected: pointAt(y.expected, at), Median: absent}
	row.Value = linked(pointAt(y.value, at), t.behind(of, span(y.from, at, 0), of.windows.index))
	row.Prior = linked(pointAt(y.prior, at), t.behind(of, span(y.from, at, -1), of.windows.index))
	if at.Equal(y.now) {
		row.Value.Href = t.behind(of, of.windows.now, of.windows.index)
	}
	for i, s := range y.outer {
		if s.At.Equal(at) && i > 0 {
			row.Median, row.Span = fixed(&y.middle[i].Value, 2), fixed(&s.Low, 2)+"–"+fixed(&s.High, 2)
		}
	}
	return row
}

// span is a window FROM..TO, so many years later by the calendar.
func span(from, to time.Time, years int) string {
	return from.AddDate(years, 0, 0).Format(time.RFC3339) + ".." + to.AddDate(years, 0, 0).Format(time.RFC3339)
}

// pointAt writes the value at an instant.
func pointAt(points []chart.Point, at time.Time) string {
	for _, p := range points {
		if p.At.Equal(at) {
			return fixed(&p.Value, 2)
		}
	}
	return absent
}

// A plot is a chart for the script that draws it anew: times are of a clock on the
// wall, in milliseconds as if it showed UTC.
type plot struct {
	Title   string      `json:"title"`
	What    string      `json:"what"`
	Unit    string      `json:"unit"`
	From    int64       `json:"from,omitempty"`
	To      int64       `json:"to,omitempty"`
	Now     int64       `json:"now,omitempty"`
	NowIs   string      `json:"now_label,omitempty"`
	Labels  []string    `json:"labels"`
	Curves  []plotCurve `json:"curves"`
	Bands   []plotCurve `json:"bands,omitempty"`
	Marks   []plotMark  `json:"marks,omitempty"`
	IsBars  bool        `json:"bars,omitempty"`
	Decimal int         `json:"decimals"`
}

// A plotCurve is a curve of (time, value), a band of (time, low, high), or the
// bars of one year.
type plotCurve struct {
	Style  chart.Style `json:"style"`
	Label  string      `json:"label"`
	Points [][]float64 `json:"points,omitempty"`
	Values []*float64  `json:"values,omitempty"`
}

type plotMark struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
}

// wall is an instant as a clock on the wall shows it.
func wall(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	_, offset := at.Zone()
	return (at.Unix() + int64(offset)) * 1000
}

// plotOfLines gives the script what the drawing shows.
func plotOfLines(l *chart.Lines) *plot {
	p := &plot{
		Title: l.Title, What: l.Description, Unit: l.Unit, From: wall(l.From), To: wall(l.To), Now: wall(l.Now), NowIs: l.NowLabel, Labels: l.Months, Decimal: 2,
	}
	for _, c := range l.Curves {
		one := plotCurve{Style: c.Style, Label: c.Label}
		for _, x := range c.Points {
			one.Points = append(one.Points, []float64{float64(wall(x.At)), short(x.Value)})
		}
		p.Curves = append(p.Curves, one)
	}
	for _, b := range l.Bands {
		one := plotCurve{Style: b.Style, Label: b.Label}
		for _, x := range b.Points {
			one.Points = append(one.Points, []float64{float64(wall(x.At)), short(x.Low), short(x.High)})
		}
		p.Bands = append(p.Bands, one)
	}
	for _, m := range l.Marks {
		p.Marks = append(p.Marks, plotMark{m.Label, short(m.Value)})
	}
	return p
}

// short leaves four decimals, which no screen shows.
func short(v float64) float64 { return math.Round(v*1e4) / 1e4 }
