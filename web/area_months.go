package web

import (
	"time"

	"github.com/saidi-exporter/saidi/chart"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A monthsView is the months of this year and the last, drawn and as a table.
type monthsView struct {
	Title   string
	Drawing drawing
	Plot    *plot
	Rows    []monthRow
	Hours   string // heads the customer-hours
	This    string // the years
	Last    string
}

// A monthRow is a month beside the same one of the year before.
type monthRow struct {
	Month                          string
	Hours, Before                  number
	Change                         string
	CustomerSeconds, Interruptions number
}

// months lists the months of the subject's year in order of time.
func (t *teller) months(of *subject) monthsView {
	m := monthsView{Title: t.Say("area.months"), Hours: t.allHours(of.Snapshot)}
	if of.now == nil {
		return m
	}
	from, err := time.Parse(time.RFC3339, of.now.From)
	if err != nil {
		return m
	}
	from = t.in(from)
	m.This, m.Last = t.Say("explain.in-year", from.Year()), t.Say("explain.in-year", from.Year()-1)
	bars := &chart.Bars{
		Title: m.Title, Description: t.Say("area.months-what", m.This, m.Last), Unit: t.Say("area.unit"), Width: curveWidth, Height: monthsHeight,
		Series: []chart.Series{{Style: chart.Prior, Label: m.Last}, {Style: chart.Value, Label: m.This}},
	}
	for n := range 12 {
		at := from.AddDate(0, n, 0)
		now, before := of.month(at), of.month(at.AddDate(-1, 0, 0))
		if now != nil || before != nil {
			m.Rows = append(m.Rows, t.monthRow(of, at.Month(), now, before))
		}
		bars.Labels = append(bars.Labels, t.month(at.Month()))
		bars.Series[0].Values = append(bars.Series[0].Values, hoursOf(before))
		bars.Series[1].Values = append(bars.Series[1].Values, hoursOf(now))
	}
	m.Drawing, m.Plot = drawn(bars.SVG()), plotOfBars(bars)
	return m
}

// month is the subject's entry of the month that begins at an instant; nil
// without one.
func (of *subject) month(at time.Time) *snapshot.Entry {
	for i := range of.Indices {
		e := &of.Indices[i]
		if e.Window != snapshot.Month || e.Scope != of.scope || e.Class != of.class {
			continue
		}
		if from, err := time.Parse(time.RFC3339, e.From); err == nil && from.Equal(at) {
			return e
		}
	}
	return nil
}

func hoursOf(e *snapshot.Entry) *float64 {
	if e == nil {
		return nil
	}
	return e.SAIDIHours
}

func (t *teller) monthRow(of *subject, month time.Month, now, before *snapshot.Entry) monthRow {
	row := monthRow{Month: t.month(month), Hours: number{Text: absent}, Before: number{Text: absent}, Change: absent, CustomerSeconds: number{Text: absent}, Interruptions: number{Text: absent}}
	if before != nil {
		row.Before = linked(fixed(before.SAIDIHours, 2), t.behind(of, monthWindow(before), of.windows.index))
	}
	if now == nil {
		return row
	}
	window := monthWindow(now)
	row.Hours = linked(fixed(now.SAIDIHours, 2), t.behind(of, window, of.windows.index))
	row.CustomerSeconds = linked(customerHours(now.CustomerSeconds.Float()), t.behind(of, window, reliability.SAIDI1))
	row.Interruptions = linked(whole(now.Interruptions+now.MomentaryInterruption), t.behind(of, window, reliability.SAIDI1))
	if before != nil && now.SAIDIHours != nil && before.SAIDIHours != nil && *before.SAIDIHours > 0 && now.Length >= before.Length-86400 {
		grown := *now.SAIDIHours / *before.SAIDIHours - 1
		row.Change = signed(&grown)
	} else if before != nil && now.Length < before.Length-86400 {
		row.Change = t.Say("area.under-way")
	}
	return row
}

// monthWindow is the window of a month for a question: 2022-06, or FROM..TO where
// the year does not begin with a month.
func monthWindow(e *snapshot.Entry) string {
	from, err := time.Parse(time.RFC3339, e.From)
	if err != nil || from.Day() != 1 {
		return e.From + ".." + e.To
	}
	return from.Format("2006-01")
}

// plotOfBars gives the script what the drawing shows.
func plotOfBars(b *chart.Bars) *plot {
	p := &plot{Title: b.Title, What: b.Description, Unit: b.Unit, Labels: b.Labels, IsBars: true, Decimal: 2}
	for _, s := range b.Series {
		one := plotCurve{Style: s.Style, Label: s.Label}
		for _, v := range s.Values {
			if v != nil {
				rounded := short(*v)
				v = &rounded
			}
			one.Values = append(one.Values, v)
		}
		p.Curves = append(p.Curves, one)
	}
	return p
}
