package web

import (
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// An areaYear is the verdicts of a scope in one year.
type areaYear struct {
	Heads []string
	Cards []targetCard
}

// A targetCard is all that is told of one target.
type targetCard struct {
	targetRow
	Strength string
	Reasons  []string
	Base     number
	BaseYear int
	Deadline string
	Passes   string // the day on which the limit is likely passed; empty for none
	Budget   []budgetRow
	Storm    string
	Measures []measureRow
}

// A budgetRow is the customer-hours of a budget, or of a part of it.
type budgetRow struct {
	Name                    string
	Budget, Scheduled, Left string
	Used, Unknown           number // Unknown is the part of unknown nature; empty for none
	Overspent               bool
}

// A measureRow is an entry of the ledger.
type measureRow struct{ What, When string }

// areaYears gives the verdicts on a scope by year, of one class or of all.
func (t *teller) areaYears(of *subject) []areaYear {
	var all []areaYear
	for _, judged := range of.Judged.Years {
		y := areaYear{Heads: t.heads(of.Snapshot, judged)}
		list := snapshot.WorstFirst(of.Targets, func(x *snapshot.Target) bool { return x.Year == judged.Year && of.has(x) })
		for _, x := range list {
			y.Cards = append(y.Cards, t.card(of, x, behindOf(of.Snapshot, judged)))
		}
		if len(y.Cards) > 0 {
			all = append(all, y)
		}
	}
	return all
}

// has says whether a target is one of the subject.
func (of *subject) has(x *snapshot.Target) bool {
	return x.Scope == of.scope && (of.class == string(outage.AllClasses) || x.Class == of.class)
}

// card tells all of a target.
func (t *teller) card(of *subject, x *snapshot.Target, b behind) targetCard {
	c := targetCard{
		targetRow: t.target(x, b), Strength: t.Word(wording.Strength, x.Strength), Deadline: x.Deadline,
		Base: number{Text: absent}, Budget: t.budget(of, x, b),
	}
	if x.BaseHours != nil && x.BaseYear != nil {
		c.Base, c.BaseYear = linked(fixed(x.BaseHours, 2), t.events(x, baseWindow(x), b.index)), *x.BaseYear
	}
	if p := x.Projection; p != nil && p.PassesOn != nil {
		c.Passes = *p.PassesOn
	}
	c.Reasons = t.reasons(x)
	if s := x.BaseStorm; s != nil && len(s.Days) > 0 {
		c.Storm = t.Say("area.storm", t.List(s.Days), percent(&s.Share))
		if s.StormYear {
			c.Storm += t.Say("area.storm-year")
		}
	}
	for i := range x.Measures {
		c.Measures = append(c.Measures, t.measure(&x.Measures[i]))
	}
	return c
}

func (t *teller) measure(m *snapshot.Measure) measureRow {
	row := measureRow{What: t.Say("measures.what", m.Measure, m.Responsible)}
	if m.Note != "" {
		row.What += t.Say("measures.note", m.Note)
	}
	state := t.Word(wording.State, m.State)
	if m.Overdue {
		row.When = t.Say("measures.overdue", m.Due, state)
	} else {
		row.When = t.Say("measures.due", m.Due, state)
	}
	return row
}

// budget gives the customer-hours of a target: all, and of pre-arranged outages
// and faults; nil without a budget.
func (t *teller) budget(of *subject, x *snapshot.Target, b behind) []budgetRow {
	if x.Budget == nil || x.BudgetRemaining == nil || x.Budgets == nil {
		return nil
	}
	parts := x.Budgets
	whole := snapshot.BudgetPart{
		Budget: *x.Budget, Used: *x.Budget - *x.BudgetRemaining, Remaining: *x.BudgetRemaining,
		Scheduled: parts.PreArranged.Scheduled + parts.Fault.Scheduled,
	}
	return []budgetRow{
		t.budgetRow(t.Say("explain.sum"), &whole, t.events(x, b.now, b.index)),
		t.budgetRow(t.Say("outlook.pre-arranged"), &parts.PreArranged, t.natureOf(x, b, snapshot.NaturePreArranged)), t.faultRow(of, x, b),
	}
}

func (t *teller) budgetRow(name string, p *snapshot.BudgetPart, used string) budgetRow {
	return budgetRow{
		Name: name, Budget: customerHours(p.Budget.Float()), Scheduled: customerHours(p.Scheduled.Float()), Left: customerHours(p.Remaining.Float()), Overspent: p.Remaining < 0,
		Used: linked(customerHours(p.Used.Float()), used),
	}
}

// faultRow is the part of faults and of unknown nature, which stand apart where
// what is used can be told apart: by the index set that counts everything.
func (t *teller) faultRow(of *subject, x *snapshot.Target, b behind) budgetRow {
	p := &x.Budgets.Fault
	row := t.budgetRow(t.Say("area.fault"), p, "")
	for i := range of.Indices {
		e := &of.Indices[i]
		if e.Scope != x.Scope || e.Class != x.Class || e.Window != b.now || b.index != reliability.SAIDI1 {
			continue
		}
		unknown := e.ByNature[outage.Unknown.String()].CustomerSeconds
		row.Used = linked(customerHours((p.Used - unknown).Float()), t.natureOf(x, b, snapshot.NatureFault))
		if unknown > 0 {
			row.Unknown = linked(customerHours(unknown.Float()), t.natureOf(x, b, outage.Unknown.String()))
		}
	}
	return row
}

// natureOf is the address of the events of one nature, or branch of natures, behind
// the value of a target.
func (t *teller) natureOf(x *snapshot.Target, b behind, nature string) string {
	return t.eventsLink(x.Scope, x.Class, b.now, b.index, "nature", nature)
}

// reasons words all reasons of a verdict, the one that decides first.
func (t *teller) reasons(x *snapshot.Target) []string {
	first, others := t.why(x)
	var all []string
	for _, text := range []string{first, others} {
		if strings.TrimSpace(text) != "" {
			all = append(all, text)
		}
	}
	return all
}
