package web

import (
	"cmp"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// An eventsColumn is the head of a column, with a link where rows can be sorted
// by it.
type eventsColumn struct {
	Text, Href string
	Sort       string // of ARIA: ascending or descending; empty where rows are not sorted by it
	Number     bool
}

// columns are the heads of the table. A click on that of the present order turns
// it round.
func (a *eventsAsked) columns() []eventsColumn {
	column := func(text, by string, ascending, number bool) eventsColumn {
		c := eventsColumn{Text: text, Number: number}
		if by == cmp.Or(a.question.Sort, snapshot.SortCustomerSeconds) {
			c.Sort, ascending = "descending", true
			if a.question.Ascending {
				c.Sort, ascending = "ascending", false
			}
		}
		if by != "" {
			c.Href = a.with("sort", by, "asc", onOrEmpty(ascending))
		}
		return c
	}
	return []eventsColumn{
		column(a.Say("column.event"), "", false, false),
		column(a.Say("events.customer-hours"), snapshot.SortCustomerSeconds, false, true),
		column(a.Say("events.interruptions"), snapshot.SortInterruptions, false, true),
		column(a.Say("column.customers"), snapshot.SortCustomers, false, true),
		column(a.Say("events.start"), snapshot.SortStart, false, false),
		column(a.Say("events.duration"), snapshot.SortDuration, false, true),
		column(a.Say("events.place"), "", false, false),
		column(a.Say("column.feeder-unit"), snapshot.SortFeeder, true, false),
		column(a.Say("column.nature"), "", false, false),
		column(a.Say("events.not-counted"), "", false, true),
		column(a.Say("column.where"), "", false, false),
	}
}

// onOrEmpty is a yes or no as links say it.
func onOrEmpty(yes bool) string {
	if yes {
		return "1"
	}
	return ""
}

// An eventsRow is one row in words.
type eventsRow struct {
	Event, Record                 string
	Hours, Interruptions          string
	Customers, Start, End, Length string
	Counts                        string // from when to when it counts, where that is not all of it
	Area, Class                   string
	Feeder, FeederHref, Unit      string
	Nature, Cause, NotCounted     string
	Where, Path                   string // Path is the whole of it
	Open                          bool
}

func (v *visit) eventsRow(a *eventsAsked, l *snapshot.Line, asOf string) eventsRow {
	row := eventsRow{
		Event: l.EventID, Record: v.link("/record", "source", l.Source, "event", l.EventID),
		Hours: hundredthHours(l.CustomerSeconds), Interruptions: exact(l.Interruptions), Customers: exact(l.Customers),
		Start: local(l.Start), End: local(l.End), Length: length(l.Start, l.End, asOf), Open: l.End == "",
		Area: v.scopeName(l.Area), Class: v.className(l.Class), Feeder: l.Feeder, Unit: l.Unit,
		Nature: v.Word(wording.Nature, l.Nature), Cause: l.Cause, NotCounted: absent, Where: v.Origin(fileName(l.Path), l.Sheet, l.Row, l.Delivery), Path: l.Path,
	}
	if l.From != l.Start || l.To != l.End {
		row.Counts = v.Say("events.counts", local(l.From), local(l.To))
	}
	if l.Feeder != "" {
		row.FeederHref = a.with("feeder", l.Feeder)
	}
	if l.NotCounted != 0 {
		row.NotCounted = hundredthHours(l.NotCounted)
	}
	return row
}
