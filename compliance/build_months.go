package compliance

import (
	"slices"
	"strconv"
	"time"

	"github.com/saidi-exporter/saidi/chart"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A line is a scope and class of which months are shown.
type line struct{ scope, class string }

// lines are the whole, groups and areas of all customers, and what has a target.
func (m *maker) lines() []line {
	var all []line
	for _, s := range m.largestFirst() {
		all = append(all, line{s.ID, string(outage.AllClasses)})
	}
	for i := range m.d.Targets {
		if l := (line{m.d.Targets[i].Scope, m.d.Targets[i].Class}); !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

// monthsFrom lists when the months begin that are shown, those of the year before
// and those of the year.
func (m *maker) monthsFrom() (before, now []string) {
	if len(m.spans) == 0 {
		return nil, nil
	}
	for i := range m.d.Indices {
		e := &m.d.Indices[i]
		switch list := &now; {
		case e.Window != snapshot.Month:
		case e.From < m.spans[0].from:
			list = &before
			fallthrough
		default:
			if !slices.Contains(*list, e.From) {
				*list = append(*list, e.From)
			}
		}
	}
	slices.Sort(before)
	slices.Sort(now)
	return before, now
}

// months are the hours by month, a line a scope and class, a table a year.
func (m *maker) months() (Section, bool) {
	before, now := m.monthsFrom()
	s := Section{ID: "months", Title: m.Say("paper.months"), Text: []string{m.Say("paper.months-what")}}
	if len(now) > 0 {
		s.Tables = append(s.Tables, m.calendar("months-now", now, m.spans[0].window))
	}
	if len(before) > 0 {
		s.Tables = append(s.Tables, m.calendar("months-before", before, ""))
	}
	for _, scope := range m.largestFirst() {
		if scope.Level != snapshot.LevelArea && len(now) > 0 {
			if d, ok := m.drawMonths(scope.ID, before, now); ok {
				s.Drawings = append(s.Drawings, d)
			}
		}
	}
	return s, len(s.Tables) > 0
}

// calendar is one year's hours with a column a month, and one of the year to date
// where a window is given.
func (m *maker) calendar(id string, months []string, window string) Table {
	t := Table{ID: id, Caption: m.byJudged(m.Say("paper.months-of", month(months[0]), month(months[len(months)-1]))), Columns: []Column{{Head: m.Say("column.area"), Width: 15}, {Head: m.Say("column.class"), Width: 12}}}
	for _, from := range months {
		t.Columns = append(t.Columns, Column{Head: month(from), Kind: Hours, Width: 9})
	}
	if window != "" {
		t.Columns = append(t.Columns, Column{Head: m.Say("paper.so-far"), Kind: Hours, Width: 9})
	}
	for _, l := range m.lines() {
		row := []Cell{text(m.name(l.scope)), text(m.class(l.class))}
		for _, from := range months {
			row = append(row, m.hoursOf(l, from))
		}
		if window != "" {
			row = append(row, m.hoursOf(l, window))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (m *maker) hoursOf(l line, window string) Cell {
	if e := m.entry(l.scope, l.class, window); e != nil {
		return maybe(e.SAIDIHours)
	}
	return Cell{}
}

// month names a month by its first instant.
func month(from string) string { return from[:min(len(from), len("2006-01"))] }

// drawMonths draws the months of a scope beside those of the year before.
func (m *maker) drawMonths(scope string, before, now []string) (Drawing, bool) {
	title := m.Say("paper.months-drawn", m.name(scope))
	bars := chart.Bars{Title: title, Description: m.Say("paper.months-described", month(now[0]), month(now[len(now)-1])), Unit: m.Say("paper.unit"), Width: 480, Height: 240}
	this := chart.Series{Style: chart.Value, Label: m.Say("paper.this-year")}
	last := chart.Series{Style: chart.Prior, Label: m.Say("paper.last-year")}
	all := line{scope, string(outage.AllClasses)}
	for i := range max(len(now), len(before)) {
		from, known := nth(now, i), nth(before, i)
		bars.Labels = append(bars.Labels, m.monthName(from+known))
		this.Values = append(this.Values, m.hoursOf(all, from).Number)
		last.Values = append(last.Values, m.hoursOf(all, known).Number)
	}
	for _, series := range []chart.Series{last, this} {
		if slices.ContainsFunc(series.Values, func(v *float64) bool { return v != nil }) {
			bars.Series = append(bars.Series, series)
		}
	}
	svg := bars.SVG()
	return Drawing{Caption: title, SVG: svg}, svg != ""
}

// nth is an element, or nothing beyond the last.
func nth(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// monthName is the name of a month on an axis.
func (m *maker) monthName(from string) string {
	n, err := strconv.Atoi(from[min(len(from), 5):min(len(from), 7)])
	if err != nil {
		return ""
	}
	return m.Say("paper.month", n, time.Month(n).String()[:3])
}

// monthly are the sums of every month, a row a month, that the hours by month come
// from.
func (m *maker) monthly() (Section, bool) {
	before, now := m.monthsFrom()
	t := Table{ID: "monthly", Caption: m.byBoth(m.Say("paper.monthly-what")), Most: len(before) + len(now), Columns: []Column{
		{Head: m.Say("column.area"), Width: 16}, {Head: m.Say("column.class"), Width: 12}, {Head: m.Say("paper.month-column"), Width: 10},
		{Head: m.Say("paper.equivalent"), Kind: Exact, Width: 14}, {Head: m.ofAll(m.Say("paper.customer-hours")), Kind: Exact, Width: 14}, {Head: m.ofAll(m.Say("column.interrupted")), Kind: Exact},
		{Head: m.Say("paper.hours"), Kind: Hours}, {Head: m.Say("paper.saifi"), Kind: Number},
	}}
	for _, l := range m.lines() {
		for _, from := range slices.Concat(before, now) {
			e := m.entry(l.scope, l.class, from)
			if e == nil {
				continue
			}
			t.Rows = append(t.Rows, []Cell{
				text(m.name(l.scope)), text(m.class(l.class)), text(month(from)), numeral(e.EquivalentCustomers), customerHours(e.CustomerSeconds),
				milli(e.Interruptions + e.MomentaryInterruption), m.hours(e, 4, 3), m.times(e, "%s{row}/%s{row}", 5, 3),
			})
		}
	}
	return Section{ID: "monthly", Title: m.Say("paper.monthly"), Tables: []Table{t}}, len(t.Rows) > 0
}
