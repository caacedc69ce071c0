package report

import (
	"io"
	"strconv"

	"github.com/saidi-exporter/saidi/snapshot"
)

// outlookFields name the budget and the projection of a target.
func outlookFields() []string {
	return []string{
		"budget_customer_seconds", "budget_remaining_customer_seconds",
		"pre_arranged_budget_customer_seconds", "pre_arranged_remaining_customer_seconds",
		"fault_budget_customer_seconds", "fault_remaining_customer_seconds", "scheduled_customer_seconds",
		"projected_hours_5", "projected_hours_25", "projected_hours_50", "projected_hours_75", "projected_hours_95",
		"miss_probability", "passes_on",
	}
}

// outlookValues are the values of [outlookFields].
func outlookValues(t *snapshot.Target) []string {
	values := []string{told(t.Budget), told(t.BudgetRemaining)}
	if b := t.Budgets; b != nil {
		values = append(values, b.PreArranged.Budget.String(), b.PreArranged.Remaining.String(), b.Fault.Budget.String(), b.Fault.Remaining.String(),
			(b.PreArranged.Scheduled + b.Fault.Scheduled).String())
	} else {
		values = append(values, "", "", "", "", "")
	}
	p := t.Projection
	if p == nil {
		p = &snapshot.Projection{}
	}
	for _, share := range snapshot.ProjectedProbabilities() {
		value := ""
		if hours, ok := p.Quantiles[share]; ok {
			value = exact(&hours)
		}
		values = append(values, value)
	}
	passes := ""
	if p.PassesOn != nil {
		passes = *p.PassesOn
	}
	return append(values, exact(p.MissProbability), passes)
}

// told writes what exists without rounding.
func told(m *snapshot.Milli) string {
	if m == nil {
		return ""
	}
	return m.String()
}

// BudgetsCSV writes how the budgets of a snapshot are divided, one line a target,
// year and part: the kinds of outages, the months, of each the kinds again, and
// the members of a pooled scope. The lines of one division add up to the budget;
// what it goes by is in divided_by.
func BudgetsCSV(w io.Writer, s *snapshot.Snapshot) error {
	out := newCSV(w)
	rows := [][]string{{
		"scope", "class", "rule", "strength", "year", "division", "divided_by", "month", "part", "area",
		"budget_customer_seconds", "used_customer_seconds", "scheduled_customer_seconds", "remaining_customer_seconds",
	}}
	for i := range s.Targets {
		t := &s.Targets[i]
		if t.Budgets == nil {
			continue
		}
		for _, d := range divided(t.Budgets) {
			rows = append(rows, append([]string{t.Scope, t.Class, t.Rule, t.Strength, strconv.Itoa(t.Year)}, d...))
		}
	}
	return out.WriteAll(rows)
}

// divided lists the lines of [BudgetsCSV] of a target.
func divided(b *snapshot.Budgets) [][]string {
	const preArranged, fault = "pre-arranged", "fault"
	lines := [][]string{
		line("part", b.PartsBy, "", preArranged, "", &b.PreArranged), line("part", b.PartsBy, "", fault, "", &b.Fault),
	}
	for i := range b.Months {
		m := &b.Months[i]
		lines = append(lines, line("month", b.MonthsBy, m.Month, "", "", &m.BudgetPart),
			line("month-part", b.MonthsBy, m.Month, preArranged, "", &m.PreArranged), line("month-part", b.MonthsBy, m.Month, fault, "", &m.Fault))
	}
	for i := range b.Members {
		m := &b.Members[i]
		lines = append(lines, line("member", b.MembersBy, "", "", m.Area, &m.BudgetPart))
	}
	return lines
}

func line(division, by, month, part, area string, p *snapshot.BudgetPart) []string {
	return []string{division, by, month, part, area, p.Budget.String(), p.Used.String(), p.Scheduled.String(), p.Remaining.String()}
}
