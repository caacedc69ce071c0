package report

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/saidi-exporter/saidi/snapshot"
)

// ExplanationText writes the rows behind a number for people.
func ExplanationText(w io.Writer, x *snapshot.Explanation) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s, class %s, %s, %s – %s\n", x.Scope, x.Class, x.Index, clock(x.From), clock(x.To))
	fmt.Fprintf(b, "%s customer-seconds / %s customers = %s hours; interrupted %s customers\n\n",
		x.CustomerSeconds, strconv.FormatFloat(x.EquivalentCustomers, 'f', 2, 64), fixed(x.SAIDIHours, 4), x.Interruptions)
	t := &table{left: 7}
	t.add("event", "feeder or unit", "area", "class", "nature", "from", "to", "customers", "customer-seconds", "not counted", "where")
	for i := range x.Lines {
		l := &x.Lines[i]
		t.add(l.EventID, joined(l.Feeder, l.Unit), l.Area, l.Class, l.Nature, clock(l.From), clock(l.To), l.Customers.String(), l.CustomerSeconds.String(), blankZero(l.NotCounted), place(l))
	}
	if x.Rest.Rows > 0 {
		t.add(fmt.Sprintf("%d more rows", x.Rest.Rows), "", "", "", "", "", "", "", x.Rest.CustomerSeconds.String(), "", "")
	}
	t.add("all", "", "", "", "", "", "", "", x.CustomerSeconds.String(), "", "")
	t.write(b)
	return b.Flush()
}

func joined(feeder, unit string) string {
	if feeder != "" && unit != "" {
		return feeder + " " + unit
	}
	return feeder + unit
}

func blankZero(m snapshot.Milli) string {
	if m == 0 {
		return ""
	}
	return m.String()
}

func place(l *snapshot.Line) string {
	if l.Sheet != "" {
		return fmt.Sprintf("%s, %s, row %d", l.Path, l.Sheet, l.Row)
	}
	return fmt.Sprintf("%s, row %d", l.Path, l.Row)
}

// ExplanationCSV writes the rows behind a number, one line each, and the rest.
func ExplanationCSV(w io.Writer, x *snapshot.Explanation) error {
	out := csv.NewWriter(w)
	rows := [][]string{{
		"customer_seconds", "interruptions", "customers", "not_counted", "event_id", "feeder_id", "unit_id", "area", "class",
		"nature", "cause", "start", "end", "from", "to", "file", "sheet", "row",
	}}
	for i := range x.Lines {
		l := &x.Lines[i]
		rows = append(rows, []string{
			l.CustomerSeconds.String(), l.Interruptions.String(), l.Customers.String(), l.NotCounted.String(), l.EventID, l.Feeder, l.Unit,
			l.Area, l.Class, l.Nature, l.Cause, l.Start, l.End, l.From, l.To, l.Path, l.Sheet, strconv.Itoa(l.Row),
		})
	}
	if x.Rest.Rows > 0 {
		rest := make([]string, len(rows[0]))
		rest[0], rest[1], rest[4] = x.Rest.CustomerSeconds.String(), x.Rest.Interruptions.String(), fmt.Sprintf("(%d more rows)", x.Rest.Rows)
		rows = append(rows, rest)
	}
	return out.WriteAll(rows)
}
