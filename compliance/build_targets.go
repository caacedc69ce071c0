package compliance

import (
	"slices"
	"strconv"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// targets gives every target its verdict, a table a year.
func (m *maker) targets() (Section, bool) {
	s := Section{ID: "targets", Title: m.Say("paper.targets"), Text: []string{m.Say("paper.targets-what")}}
	for _, y := range m.d.Judged.Years {
		t := Table{ID: "targets-" + strconv.Itoa(y.Year), Caption: m.Say("paper.targets-of", y.Year, m.reached(y)), Columns: m.targetColumns()}
		for _, x := range m.of(y.Year) {
			t.Rows = append(t.Rows, m.target(x))
		}
		s.Tables = append(s.Tables, t)
	}
	return s, len(s.Tables) > 0
}

func (m *maker) targetColumns() []Column {
	return []Column{
		{Head: m.Say("column.verdict"), Width: 23}, {Head: m.Say("column.area"), Width: 15}, {Head: m.Say("column.class"), Width: 12},
		{Head: m.Say("column.target"), Width: 11}, {Head: m.Say("column.strength"), Width: 13}, {Head: m.Say("paper.deadline"), Width: 11},
		{Head: m.Say("paper.limit"), Kind: Hours, Width: 10}, {Head: m.Say("paper.value"), Kind: Hours, Width: 10},
		{Head: m.Say("paper.hours-before"), Kind: Hours, Width: 10}, {Head: m.Say("paper.base"), Kind: Hours, Width: 10},
		{Head: m.Say("paper.reduction"), Kind: Percent, Width: 10}, {Head: m.Say("column.miss"), Kind: Percent, Width: 10},
		{Head: m.Say("paper.end-low"), Kind: Hours, Width: 10}, {Head: m.Say("paper.end-middle"), Kind: Hours, Width: 10}, {Head: m.Say("paper.end-high"), Kind: Hours, Width: 10},
	}
}

func (m *maker) target(t *snapshot.Target) []Cell {
	const value, before, base = 7, 8, 9 // columns
	verdict := m.verdict(t.Verdict)
	if t.Provisional && m.complete(t.Year) {
		verdict.Text += m.Say("paper.mark")
	}
	same := m.hoursBefore(t.Scope, t.Class, m.windowOf(t))
	reduction := m.less(t.Reduction, t.ValueHours, same, value, before)
	if reduction.Formula == "" {
		reduction = m.less(t.Reduction, t.ValueHours, t.BaseHours, value, base)
	}
	row := append(m.whose(t), text(m.Word(wording.Strength, t.Strength)), text(t.Deadline))
	row = append([]Cell{verdict}, row...)
	return append(row,
		m.limit(t, base), maybe(t.ValueHours), maybe(same), maybe(t.BaseHours), reduction,
		m.miss(t), projected(t, "0.05"), projected(t, "0.5"), projected(t, "0.95"))
}

// complete says whether a year is over, so that a verdict on it is the last one but
// for corrections.
func (m *maker) complete(year int) bool {
	return slices.ContainsFunc(m.d.Judged.Years, func(y snapshot.JudgedYear) bool { return y.Year == year && y.Complete })
}

// reached says how far a year has come: to as-of, or to its end.
func (m *maker) reached(y snapshot.JudgedYear) string {
	if y.Complete {
		return m.Say("paper.to-end", y.Year)
	}
	return m.Say("paper.to-date", local(y.To))
}

// whose names a target: area, class and what is asked.
func (m *maker) whose(t *snapshot.Target) []Cell {
	return []Cell{text(t.Name.In(string(m.Language))), text(t.ClassName.In(string(m.Language))), text(rule(t))}
}

// rule writes what is asked: at most so many hours, or so much less.
func rule(t *snapshot.Target) string {
	switch {
	case t.RequiredReduction != nil:
		return wording.LessBy(*t.RequiredReduction)
	case t.LimitHours != nil:
		return wording.AtMost(*t.LimitHours)
	}
	return ""
}

// limit is the limit of a target, of a reduction to be checked by its base.
func (m *maker) limit(t *snapshot.Target, base int) Cell {
	if t.RequiredReduction == nil || t.BaseHours == nil {
		return maybe(t.LimitHours)
	}
	asked := strconv.FormatFloat(*t.RequiredReduction, 'f', -1, 64)
	return maybe(t.LimitHours).checked(*t.BaseHours*(1-*t.RequiredReduction), "%s{row}*(1-"+asked+")", base)
}

func (m *maker) miss(t *snapshot.Target) Cell {
	if t.Projection == nil {
		return Cell{}
	}
	return maybe(t.Projection.MissProbability)
}

// projected is a quantile of where the year will end.
func projected(t *snapshot.Target, share string) Cell {
	if t.Projection == nil {
		return Cell{}
	}
	if v, ok := t.Projection.Quantiles[share]; ok {
		return numeral(v)
	}
	return Cell{}
}

// budgets tells what is left of the customer-hours (时户数) that the limits leave.
func (m *maker) budgets() (Section, bool) {
	s := Section{ID: "budgets", Title: m.Say("paper.budgets"), Text: []string{m.Say("paper.budgets-what")}}
	for _, y := range m.d.Judged.Years {
		t := Table{ID: "budgets-" + strconv.Itoa(y.Year), Caption: m.byJudged(m.Say("paper.budgets-of", y.Year, m.reached(y))), Columns: m.budgetColumns()}
		for _, x := range m.of(y.Year) {
			t.Rows = append(t.Rows, m.budget(x))
		}
		s.Tables = append(s.Tables, t)
	}
	return s, len(s.Tables) > 0
}

func (m *maker) budgetColumns() []Column {
	return []Column{
		{Head: m.Say("column.area"), Width: 15}, {Head: m.Say("column.class"), Width: 12}, {Head: m.Say("column.target"), Width: 11},
		{Head: m.Say("paper.equivalent"), Kind: Exact, Width: 14}, {Head: m.Say("paper.value"), Kind: Hours, Width: 10},
		{Head: m.Say("column.budget"), Kind: Exact, Width: 14}, {Head: m.Say("column.used-up"), Kind: Exact, Width: 14}, {Head: m.Say("column.left"), Kind: Exact, Width: 14},
		{Head: m.Say("paper.used-share"), Kind: Percent, Width: 10}, {Head: m.Say("paper.left-arranged"), Kind: Exact, Width: 14},
		{Head: m.Say("paper.left-fault"), Kind: Exact, Width: 14}, {Head: m.Say("column.scheduled"), Kind: Exact},
	}
}

// budget is a target's row. What was used is what the index set that is judged
// counts, so the hours are checked by it.
func (m *maker) budget(t *snapshot.Target) []Cell {
	const customers, value, budget, used, left = 3, 4, 5, 6, 7 // columns
	row := append(m.whose(t), make([]Cell, 9)...)
	row[value] = maybe(t.ValueHours)
	e := m.entry(t.Scope, t.Class, m.windowOf(t).window)
	if e != nil {
		row[customers] = numeral(e.EquivalentCustomers)
	}
	if t.Budget == nil || t.BudgetRemaining == nil {
		return row
	}
	row[budget], row[used] = customerHours(*t.Budget), customerHours(*t.Budget-*t.BudgetRemaining)
	if e != nil {
		row[value] = row[value].checked(quotient(*row[used].Number, e.EquivalentCustomers), "%s{row}/%s{row}", used, customers)
	}
	row[left] = customerHours(*t.BudgetRemaining).by("%s{row}-%s{row}", budget, used)
	if *t.Budget > 0 {
		row[left+1] = numeral(inHours(*t.Budget-*t.BudgetRemaining)/inHours(*t.Budget)).by("%s{row}/%s{row}", used, budget)
	}
	if b := t.Budgets; b != nil {
		row[left+2], row[left+3] = customerHours(b.PreArranged.Remaining), customerHours(b.Fault.Remaining)
		row[left+4] = customerHours(b.PreArranged.Scheduled + b.Fault.Scheduled)
	}
	return row
}

// grounds tell why a verdict is what it is, and where the target is asked for.
func (m *maker) grounds() (Section, bool) {
	s := Section{ID: "grounds", Title: m.Say("paper.grounds")}
	for _, y := range m.d.Judged.Years {
		t := Table{ID: "grounds-" + strconv.Itoa(y.Year), Caption: m.Say("paper.grounds-of", y.Year), Columns: []Column{
			{Head: m.Say("column.area"), Width: 15}, {Head: m.Say("column.class"), Width: 12}, {Head: m.Say("column.target"), Width: 11}, {Head: m.Say("column.verdict"), Width: 14},
			{Head: m.Say("paper.reasons"), Width: 36}, {Head: m.Say("paper.arithmetic"), Width: 70}, {Head: m.Say("paper.clause"), Width: 20},
		}}
		for _, x := range m.of(y.Year) {
			t.Rows = append(t.Rows, append(m.whose(x), m.verdict(x.Verdict), text(m.reasons(x)), text(m.Arithmetic(x.Arithmetic)), text(x.Clause)))
		}
		s.Tables = append(s.Tables, t)
	}
	return s, len(s.Tables) > 0
}

// reasons words the reasons of a verdict, with the members that they are about.
func (m *maker) reasons(t *snapshot.Target) string {
	var all []string
	for _, code := range t.Reasons {
		word := m.Word(wording.Reason, code)
		switch policy.Reason(code) {
		case policy.MemberWithoutData, policy.BaseMemberWithout:
			word += m.Say("reason.members", m.List(m.namesOf(t.WithoutData)))
		}
		all = append(all, word)
	}
	return m.List(all)
}

// namesOf gives the names of areas.
func (m *maker) namesOf(areas []string) []string {
	names := make([]string, len(areas))
	for i, id := range areas {
		names[i] = m.name(id)
	}
	return names
}

// measures are the ledger: what is done to meet each target.
func (m *maker) measures() (Section, bool) {
	t := Table{ID: "measures", Caption: m.Say("paper.measures-what"), Columns: []Column{
		{Head: m.Say("column.area"), Width: 15}, {Head: m.Say("column.class"), Width: 12}, {Head: m.Say("column.target"), Width: 11},
		{Head: m.Say("paper.measure"), Width: 40}, {Head: m.Say("paper.responsible"), Width: 20}, {Head: m.Say("paper.due"), Width: 12}, {Head: m.Say("paper.state"), Width: 14}, {Head: m.Say("paper.note"), Width: 24},
	}}
	for _, x := range m.order {
		for _, measure := range x.Measures {
			state := m.Word(wording.State, measure.State)
			if measure.Overdue {
				state = m.Say("paper.overdue", state)
			}
			t.Rows = append(t.Rows, append(m.whose(x), text(measure.Measure), text(measure.Responsible), text(measure.Due), text(state), text(measure.Note)))
		}
	}
	return Section{ID: "measures", Title: m.Say("paper.measures"), Tables: []Table{t}}, m.d.Provenance.LedgerSHA256 != ""
}
