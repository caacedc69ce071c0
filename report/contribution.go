package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// ContributionsText writes for people what explains the change of a number: a
// sentence with the number before and after and what outages and customers did to
// it, the amounts behind it, then the feeders, natures and causes.
func ContributionsText(w io.Writer, c *snapshot.Contributions, show Show) error {
	p := show.page(w, c.Areas...)
	p.changed(c)
	p.line("  ", "explain.against", c.Index, clock(c.After.From), clock(c.After.To), clock(c.Before.From), clock(c.Before.To))
	switch {
	case c.Against != snapshot.PriorYearToDate:
	case c.After.To == c.AsOf:
		p.line("  ", "explain.same-clock")
	case c.After.To == c.DataThrough:
		p.line("  ", "explain.as-far")
	}
	p.line("  ", "explain.amounts", customerHours(c.Before.CustomerSeconds), customerHours(c.After.CustomerSeconds), moreHours(c.Change),
		strconv.FormatFloat(c.Before.EquivalentCustomers, 'f', 2, 64), strconv.FormatFloat(c.After.EquivalentCustomers, 'f', 2, 64), c.Before.Interruptions, c.After.Interruptions)
	p.changeInHours(c)
	p.blank()
	p.line("", "explain.divided")
	p.contributors("column.feeder", &c.Feeders, c, p.feederOf)
	p.contributors("column.nature", &c.Natures, c, func(l *snapshot.Contributor) string { return p.word(wording.Nature, l.Name) })
	p.contributors("column.cause", &c.Causes, c, p.causeOf)
	if technical := &c.Technical; len(technical.Lines) > 1 || technical.Rest.Contributors > 0 || len(technical.Lines) == 1 && technical.Lines[0].Name != "" {
		p.contributors("column.technical-cause", technical, c, p.causeOf)
	}
	return p.Flush()
}

// changed writes the change in one sentence that can be quoted: in hours, or in
// customer-hours where hours cannot be told. Each number is rounded by itself.
func (p *page) changed(c *snapshot.Contributions) {
	name, class := c.Name.In(string(p.Language)), c.ClassName.In(string(p.Language))
	after, before := p.when(&c.After, c), p.when(&c.Before, c)
	if c.HoursChange.Rat() == nil {
		p.line("", "explain.changed-total", name, class, after, before, customerHours(c.After.CustomerSeconds), customerHours(c.Before.CustomerSeconds), moreHours(c.Change))
		return
	}
	p.line("", "explain.changed", name, class, after, before, hours(c.After.SAIDIHours), hours(c.Before.SAIDIHours),
		exactChange(c.HoursChange, 2), exactChange(c.ByOutages, 2), exactChange(c.ByCustomers, 2), p.customersOf(c))
}

// when words a window by the calendar where it has a name there. A running year is
// said to be so far against the same time of another only where both are cut alike.
func (p *page) when(w *snapshot.WindowAmount, c *snapshot.Contributions) string {
	switch {
	case w.Month != 0:
		return p.Language.Say("explain.in-month", w.Year, w.Month)
	case w.Year != 0 && !w.Part:
		return p.Language.Say("explain.in-year", w.Year)
	case !c.SoFar:
		return p.Language.Say("explain.span", clock(w.From), clock(w.To))
	case w == &c.After:
		return p.Language.Say("explain.so-far", w.Year)
	}
	return p.Language.Say("explain.same-time", w.Year)
}

// customersOf says whether there are more customers than before, or fewer.
func (p *page) customersOf(c *snapshot.Contributions) string {
	switch now, before := c.After.EquivalentCustomers, c.Before.EquivalentCustomers; {
	case now > before:
		return p.Language.Say("explain.more-customers")
	case now < before:
		return p.Language.Say("explain.fewer-customers")
	}
	return p.Language.Say("explain.as-many")
}

// changeInHours says what the two parts of the change in hours are, or why there
// are none.
func (p *page) changeInHours(c *snapshot.Contributions) {
	if len(c.WithoutData) > 0 {
		var names []string
		for _, area := range c.WithoutData {
			names = append(names, p.names[area])
		}
		p.line("  ", "explain.unheard", p.Language.List(names))
		return
	}
	if c.HoursChange.Rat() == nil {
		p.line("  ", "explain.nobody")
		return
	}
	p.line("  ", "explain.by-outages", exactChange(c.ByOutages, 4))
	p.line("  ", "explain.by-customers", exactChange(c.ByCustomers, 4))
}

// moreHours writes a change in customer-hours with its sign.
func moreHours(m snapshot.Milli) string {
	text := customerHours(m)
	if m > 0 && text != "0.00" {
		return "+" + text
	}
	return text
}

// feederOf is a feeder; the base may know none.
func (p *page) feederOf(l *snapshot.Contributor) string {
	if l.Name == "" {
		return p.Language.Say("explain.no-feeder")
	}
	return l.Name
}

// causeOf is a cause; rows may give none.
func (p *page) causeOf(l *snapshot.Contributor) string {
	if l.Name == "" {
		return p.Language.Say("explain.no-cause")
	}
	return l.Name
}

// contributors writes one way to divide the change.
func (p *page) contributors(what string, list *snapshot.Contributors, c *snapshot.Contributions, name func(*snapshot.Contributor) string) {
	p.blank()
	t := &table{left: 2, also: []int{8}}
	t.add(p.words([]string{what, "column.area", "column.was", "column.after", "column.moved", "column.hours", "column.interrupted-was", "column.interrupted", "column.moved-class"})...)
	row := func(name, area, note string, s *snapshot.Shift) {
		t.add(name, area, customerHours(s.Before), customerHours(s.After), moreHours(s.Change), exactChange(s.Hours, 4), s.InterruptionsBefore.String(), s.InterruptionsAfter.String(), note)
	}
	for i := range list.Lines {
		l := &list.Lines[i]
		area, note := p.names[l.Area], ""
		if l.Area == c.Scope { // of which all is
			area = ""
		}
		if l.Reclassified {
			note = p.Language.Say("explain.reclassified")
		}
		row(name(l), area, note, &l.Shift)
	}
	if list.Rest.Contributors > 0 {
		row(p.Language.Say("explain.others", list.Rest.Contributors), "", "", &list.Rest.Shift)
	}
	row(p.Language.Say("explain.sum"), "", "", &snapshot.Shift{
		Before: c.Before.CustomerSeconds, After: c.After.CustomerSeconds, Change: c.Change, Hours: c.ByOutages,
		InterruptionsBefore: c.Before.Interruptions, InterruptionsAfter: c.After.Interruptions,
	})
	const area, inHours, interruptedWas, interrupted, reclassified = 1, 5, 6, 7, 8 // columns
	for _, column := range []int{area, inHours, reclassified} {
		if t.empty(column) {
			t.drop(column)
		}
	}
	t.fit(p.Width, interruptedWas, area)
	if t.empty(interruptedWas) {
		t.drop(interrupted)
	}
	t.write(p)
}

// exactChange writes a change in hours with its sign, rounded from the exact
// number.
func exactChange(h snapshot.Hours, decimals int) string {
	text := h.Fixed(decimals)
	switch {
	case text == "":
		return absent
	case strings.Trim(text, "-0.") == "":
		return "0"
	case strings.HasPrefix(text, "-"):
		return wording.Minus + text[1:]
	}
	return "+" + text
}

// ContributionsCSV writes what explains a change, one line a contributor; those of
// a list, with its rest, add up to the change, and their hours with the line of the
// customers to that in hours.
func ContributionsCSV(w io.Writer, c *snapshot.Contributions) error {
	out := newCSV(w)
	rows := [][]string{{
		"by", "name", "area", "reclassified", "customer_seconds_before", "customer_seconds_after", "customer_seconds_change",
		"interruptions_before", "interruptions_after", "interruptions_change", "saidi_hours_change",
	}}
	for _, list := range []struct {
		by string
		*snapshot.Contributors
	}{{"feeder", &c.Feeders}, {"nature", &c.Natures}, {"cause", &c.Causes}, {"technical_cause", &c.Technical}} {
		for i := range list.Lines {
			l := &list.Lines[i]
			reclassified := ""
			if list.by == "feeder" {
				reclassified = strconv.FormatBool(l.Reclassified)
			}
			rows = append(rows, shiftFields(list.by, l.Name, l.Area, reclassified, &l.Shift))
		}
		if list.Rest.Contributors > 0 {
			rows = append(rows, shiftFields(list.by, "("+wording.English.Say("explain.others", list.Rest.Contributors)+")", "", "", &list.Rest.Shift))
		}
	}
	customers := make([]string, len(rows[0]))
	customers[0], customers[len(customers)-1] = "customers", exact(c.ByCustomers.Float())
	return out.WriteAll(append(rows, customers))
}

func shiftFields(by, name, area, reclassified string, s *snapshot.Shift) []string {
	return []string{
		by, name, area, reclassified, s.Before.String(), s.After.String(), s.Change.String(),
		s.InterruptionsBefore.String(), s.InterruptionsAfter.String(), s.InterruptionsChange.String(), exact(s.Hours.Float()),
	}
}
