package metrics

import "github.com/saidi-exporter/saidi/snapshot"

// The parts of a budget, as the label part has them.
const (
	PartPreArranged = "pre-arranged"
	PartFault       = "fault"
)

// budgets adds how the budget of a target is divided. Months, and what is scheduled,
// are of a running year only: nobody steers by those of a complete one.
func (b book) budgets(all *snapshot.Budgets, running bool, labels []string) {
	if all == nil {
		return
	}
	b.part(&all.PreArranged, running, with(labels, PartPreArranged))
	b.part(&all.Fault, running, with(labels, PartFault))
	for i := range all.Members {
		m := &all.Members[i]
		area := with(labels, orNone(m.Area))
		b.add(TargetBudgetMemberCustomerSeconds, m.Budget.Float(), area...)
		b.add(TargetBudgetMemberRemainingCustomerSeconds, m.Remaining.Float(), area...)
	}
	if !running {
		return
	}
	for i := range all.Months {
		m := &all.Months[i]
		month := with(labels, m.Month)
		b.add(TargetBudgetMonthCustomerSeconds, m.Budget.Float(), month...)
		b.add(TargetBudgetMonthUsedCustomerSeconds, m.Used.Float(), month...)
	}
}

func (b book) part(p *snapshot.BudgetPart, running bool, labels []string) {
	if running {
		b.add(TargetScheduledCustomerSeconds, p.Scheduled.Float(), labels...)
	}
	b.add(TargetBudgetPartCustomerSeconds, p.Budget.Float(), labels...)
	b.add(TargetBudgetPartRemainingCustomerSeconds, p.Remaining.Float(), labels...)
}
