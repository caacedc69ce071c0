package report

import (
	"io"
	"slices"
	"strconv"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// ExplanationText writes the rows behind a number for people, and the verdicts
// that rest on it.
func ExplanationText(w io.Writer, x *snapshot.Explanation, show Show) error {
	p := show.page(w, slices.Concat(x.Areas, x.Classes)...)
	p.line("", "explain.head", x.Name.In(string(p.Language)), x.ClassName.In(string(p.Language)), x.Index, clock(x.From), clock(x.To))
	p.line("", "explain.division", x.CustomerSeconds, strconv.FormatFloat(x.EquivalentCustomers, 'f', 2, 64), fixed(x.SAIDIHours, 4), x.Interruptions)
	p.blank()
	for i := range x.Targets {
		p.reckoning(&x.Targets[i])
	}
	t := &table{left: 7}
	t.add(p.words([]string{"column.event", "column.feeder-unit", "column.area", "column.class", "column.nature", "column.from", "column.to", "column.customers", "column.customer-seconds", "column.not-counted", "column.where"})...)
	for i := range x.Lines {
		l := &x.Lines[i]
		t.add(l.EventID, joined(l.Feeder, l.Unit), p.names[l.Area], p.names[l.Class], p.word(wording.Nature, l.Nature), clock(l.From), clock(l.To), l.Customers.String(), l.CustomerSeconds.String(), blankZero(l.NotCounted), p.Language.Origin(l.Path, l.Sheet, l.Row, l.Delivery))
	}
	if x.Rest.Rows > 0 {
		t.add(p.Language.Say("explain.rest", x.Rest.Rows), "", "", "", "", "", "", "", x.Rest.CustomerSeconds.String(), "", "")
	}
	t.add(p.Language.Say("explain.sum"), "", "", "", "", "", "", "", x.CustomerSeconds.String(), "", "")
	const feeder, area, class, nature, to, customers, notCounted = 1, 2, 3, 4, 6, 7, 9 // columns
	if t.empty(notCounted) {
		t.drop(notCounted)
	}
	t.fit(p.Width, area, class, nature, notCounted, customers, to, feeder)
	t.write(p)
	return p.Flush()
}

// reckoning writes a verdict with its reasons and its arithmetic.
func (p *page) reckoning(t *snapshot.Target) {
	p.put("", p.Language.Say("explain.target", p.word(wording.Strength, t.Strength), p.rule(t), t.Year, p.verdict(t)))
	if t.Clause != "" {
		p.line("  ", "explain.clause", t.Clause)
	}
	var reasons []string
	for _, code := range t.Reasons {
		reasons = append(reasons, p.reason(t, code))
	}
	p.line("  ", "explain.reasons", p.Language.List(reasons))
	if t.Arithmetic != "" {
		p.put("  ", p.Language.Arithmetic(t.Arithmetic))
	}
	p.blank()
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

// ExplanationCSV writes the rows behind a number, one line each, and the rest.
func ExplanationCSV(w io.Writer, x *snapshot.Explanation) error {
	out := newCSV(w)
	rows := [][]string{{
		"customer_seconds", "interruptions", "customers", "not_counted", "event_id", "feeder_id", "unit_id", "area", "class",
		"nature", "cause", "start", "end", "from", "to", "file", "sheet", "row", "delivery",
	}}
	for i := range x.Lines {
		l := &x.Lines[i]
		rows = append(rows, []string{
			l.CustomerSeconds.String(), l.Interruptions.String(), l.Customers.String(), l.NotCounted.String(), l.EventID, l.Feeder, l.Unit,
			l.Area, l.Class, l.Nature, l.Cause, l.Start, l.End, l.From, l.To, l.Path, l.Sheet, strconv.Itoa(l.Row), delivery(l.Delivery),
		})
	}
	if x.Rest.Rows > 0 {
		rest := make([]string, len(rows[0]))
		rest[0], rest[1], rest[4] = x.Rest.CustomerSeconds.String(), x.Rest.Interruptions.String(), "("+wording.English.Say("explain.rest", x.Rest.Rows)+")"
		rows = append(rows, rest)
	}
	return out.WriteAll(rows)
}
