package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// DifferenceText writes for people what changed between two points: the targets
// that changed, then the numbers that did, each with the records that moved it.
func DifferenceText(w io.Writer, d *snapshot.Difference, show Show) error {
	p := show.page(w)
	if d.From.Delivery == d.To.Delivery {
		p.line("", "diff.nothing")
		return p.Flush()
	}
	p.line("", "diff.head", d.From.Delivery+1, d.To.Delivery, d.From.KnownAt+1, d.To.KnownAt, clock(d.From.Received), clock(d.To.Received), clock(d.AsOf), d.Zone)
	if d.From.BaseSHA256 != d.To.BaseSHA256 {
		p.line("", "diff.base", short(d.From.BaseSHA256), short(d.To.BaseSHA256))
	}
	for _, n := range d.Notes {
		p.line("", "quality.note", p.Language.Note(n))
	}
	p.blank()
	p.targetChanges(d.Targets)
	moved := 0
	for i := range d.Numbers {
		if d.Numbers[i].Moved() {
			moved++
		}
	}
	p.line("", "diff.numbers", len(d.Numbers), moved)
	for i := range d.Numbers {
		if n := &d.Numbers[i]; n.Moved() {
			p.number(n)
		}
	}
	return p.Flush()
}

// targetChanges writes the targets that changed.
func (p *page) targetChanges(all []snapshot.TargetChange) {
	t := &table{left: 5}
	t.add(p.words([]string{"column.was", "column.verdict", "column.area", "column.class", "column.target", "column.was", "column.hours", "column.was", "column.limit"})...)
	for i := range all {
		if c := &all[i]; c.Moved() {
			before := ""
			if c.VerdictBefore != c.VerdictAfter {
				before = p.word(wording.Verdict, c.VerdictBefore)
			}
			t.add(before, p.verdict(c.Target), c.Target.Name.In(string(p.Language)), c.Target.ClassName.In(string(p.Language)),
				p.rule(c.Target), hours(c.ValueBefore), hours(c.ValueAfter), hours(c.LimitBefore), hours(c.LimitAfter))
		}
	}
	if len(all) > 0 {
		p.line("", "diff.targets", len(all), len(t.rows)-1)
	}
	if len(t.rows) > 1 {
		t.write(p)
	}
	if len(all) > 0 {
		p.blank()
	}
}

// number writes a number that changed and the records that moved it.
func (p *page) number(n *snapshot.Number) {
	p.blank()
	p.line("", "diff.number", n.Name.In(string(p.Language)), n.ClassName.In(string(p.Language)), n.Year, clock(n.From), clock(n.To), fixed(n.Before.SAIDIHours, 4), fixed(n.After.SAIDIHours, 4))
	if n.HoursChange != nil && n.ByRecords != nil {
		p.line("  ", "diff.hours", hoursChange(*n.HoursChange), hoursChange(*n.ByRecords), hoursChange(*n.ByBase))
	}
	p.line("  ", "diff.amounts", n.Before.CustomerSeconds, n.After.CustomerSeconds, plus(n.Change),
		strconv.FormatFloat(n.Before.EquivalentCustomers, 'f', 2, 64), strconv.FormatFloat(n.After.EquivalentCustomers, 'f', 2, 64), n.Before.Interruptions, n.After.Interruptions)
	if len(n.Records) == 0 {
		return
	}
	t := &table{left: 2, also: []int{5, 7, 8}}
	t.add(p.words([]string{"column.event", "column.feeder-unit", "column.was", "column.after", "column.moved", "column.by", "column.delivery", "column.told", "column.where"})...)
	for i := range n.Records {
		m := &n.Records[i]
		t.add(joined(m.EventID, m.Stage), joined(m.Feeder, m.Unit), m.Before.String(), m.After.String(), plus(m.Change), p.by(m.By), delivery(m.Delivery), clock(m.Received), p.Language.Origin(m.Path, m.Sheet, m.Row, m.InDelivery))
	}
	if n.Rest.Records > 0 {
		t.add(p.Language.Say("diff.rest", n.Rest.Records), "", n.Rest.Before.String(), n.Rest.After.String(), plus(n.Rest.Change), "", "", "", "")
	}
	t.add(p.Language.Say("diff.sum"), "", "", "", plus(n.Change), "", "", "", "")
	const feeder, before, after, told = 1, 2, 3, 7 // columns
	t.fit(p.Width, feeder, told, before, after)
	t.write(p)
}

// by words what moved a record.
func (p *page) by(code string) string {
	switch code {
	case snapshot.ByTold:
		return p.Language.Say("by.told")
	case snapshot.ByWithdrawn:
		return p.Language.Say("by.withdrawn")
	case snapshot.ByBase:
		return p.Language.Say("by.base")
	case snapshot.ByBaseOrOthers:
		return p.Language.Say("by.base-others")
	}
	return p.Language.Say("by.others")
}

// plus writes a change with its sign.
func plus(m snapshot.Milli) string {
	if m > 0 {
		return "+" + m.String()
	}
	return strings.Replace(m.String(), "-", wording.Minus, 1)
}

// hoursChange writes a change in hours with its sign.
func hoursChange(hours float64) string {
	text := strconv.FormatFloat(hours, 'f', 4, 64)
	switch text {
	case "0.0000", "-0.0000":
		return "0"
	}
	if hours > 0 {
		return "+" + text
	}
	return strings.Replace(text, "-", wording.Minus, 1)
}

// DifferenceCSV writes the records that moved numbers, one line a number and
// record, and the rest of each number.
func DifferenceCSV(w io.Writer, d *snapshot.Difference) error {
	out := newCSV(w)
	rows := [][]string{{
		"scope", "class", "year", "from", "to", "customer_seconds_before", "customer_seconds_after", "customer_seconds_change", "interruptions_before", "interruptions_after",
		"source", "event_id", "feeder_id", "unit_id", "stage", "by", "delivery", "received", "file", "sheet", "row", "in_delivery",
	}}
	for i := range d.Numbers {
		n := &d.Numbers[i]
		of := []string{n.Scope, n.Class, strconv.Itoa(n.Year), n.From, n.To}
		for k := range n.Records {
			rows = append(rows, append(append([]string{}, of...), moveFields(&n.Records[k])...))
		}
		if r := &n.Rest; r.Records > 0 {
			rest := &snapshot.Move{
				Before: r.Before, After: r.After, Change: r.Change, InterruptionsBefore: r.InterruptionsBefore, InterruptionsAfter: r.InterruptionsAfter,
				EventID: "(" + wording.English.Say("diff.rest", r.Records) + ")",
			}
			rows = append(rows, append(append([]string{}, of...), moveFields(rest)...))
		}
	}
	return out.WriteAll(rows)
}

func moveFields(m *snapshot.Move) []string {
	row := "" // of the rest
	if m.Row > 0 {
		row = strconv.Itoa(m.Row)
	}
	return []string{
		m.Before.String(), m.After.String(), m.Change.String(), m.InterruptionsBefore.String(), m.InterruptionsAfter.String(),
		m.Source, m.EventID, m.Feeder, m.Unit, m.Stage, m.By, delivery(m.Delivery), m.Received, m.Path, m.Sheet, row, delivery(m.InDelivery),
	}
}
