package report

import (
	"math"
	"slices"
	"strconv"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// outlook writes of every target of a running year what is left of its budget and
// where the year will end: in one table where there is room, else in two.
func (p *page) outlook(s *snapshot.Snapshot) {
	for _, year := range s.Judged.Years {
		if year.Complete {
			continue
		}
		if list := ahead(s, year.Year); len(list) > 0 {
			p.outlookOf(year.Year, list)
		}
	}
}

// ahead lists the targets of a year of which the budget or a projection is known,
// the most binding first, and of these the worst.
func ahead(s *snapshot.Snapshot, year int) []*snapshot.Target {
	var all []*snapshot.Target
	for _, strength := range policy.Strengths() {
		all = append(all, snapshot.WorstFirst(s.Targets, func(t *snapshot.Target) bool {
			return t.Year == year && t.Strength == string(strength) && (t.BudgetRemaining != nil || t.Projection != nil)
		})...)
	}
	return all
}

func (p *page) outlookOf(year int, list []*snapshot.Target) {
	budgets, projections := p.budgetColumns(), p.projectionColumns()
	budgetHead, projectionHead := p.Language.Say("outlook.budget", year), p.Language.Say("outlook.projection", year)
	switch one := p.tableOf(slices.Concat(p.whose(), budgets, projections), list); {
	case !slices.ContainsFunc(list, func(t *snapshot.Target) bool { return t.Projection != nil }):
		p.look(list, budgets, budgetHead)
	case one.width() <= p.Width:
		p.look(list, slices.Concat(budgets, projections), budgetHead, projectionHead)
	default:
		p.look(list, budgets, budgetHead)
		p.look(list, projections, projectionHead)
	}
}

// look writes a table of what lies ahead of targets, the last column where there
// is room for it, under lines that say what it shows.
func (p *page) look(list []*snapshot.Target, columns []column, heads ...string) {
	for _, head := range heads {
		p.put("", head)
	}
	whose := p.whose()
	t := p.tableOf(slices.Concat(whose, columns), list)
	t.left = len(whose)
	t.fit(p.Width, len(whose)+len(columns)-1)
	t.write(p)
	p.blank()
}

// whose are the columns that name a target.
func (p *page) whose() []column {
	return []column{
		{head: p.Language.Say("column.area"), text: p.area}, {head: p.Language.Say("column.class"), text: p.class},
		{head: p.Language.Say("column.target"), text: p.rule},
	}
}

// budgetColumns are what is left of a budget and what will be used of it for
// certain, in customer-hours.
func (p *page) budgetColumns() []column {
	part := func(what func(b *snapshot.Budgets) snapshot.Milli) func(t *snapshot.Target) string {
		return func(t *snapshot.Target) string {
			if t.Budgets == nil {
				return absent
			}
			return wholeHours(what(t.Budgets))
		}
	}
	return []column{
		{head: p.Language.Say("outlook.left"), text: left},
		{head: p.Language.Say("outlook.pre-arranged"), text: part(func(b *snapshot.Budgets) snapshot.Milli { return b.PreArranged.Remaining })},
		{head: p.Language.Say("outlook.fault"), text: part(func(b *snapshot.Budgets) snapshot.Milli { return b.Fault.Remaining })},
		{head: p.Language.Say("outlook.scheduled"), text: part(func(b *snapshot.Budgets) snapshot.Milli { return b.PreArranged.Scheduled + b.Fault.Scheduled })},
	}
}

// projectionColumns are where the year will end, the probability of missing the
// target, and the day on which its limit is likely to be passed.
func (p *page) projectionColumns() []column {
	quantile := func(head, share string) column {
		return column{head: head, text: func(t *snapshot.Target) string { return projected(t, share) }}
	}
	return []column{
		quantile("5 %", "0.05"), quantile("50 %", "0.5"), quantile("95 %", "0.95"),
		{head: p.Language.Say("column.miss"), text: miss, optional: true},
		{head: p.Language.Say("outlook.passes"), text: p.passes, optional: true},
	}
}

// projected is a quantile of where the year will end, in hours.
func projected(t *snapshot.Target, share string) string {
	if t.Projection == nil {
		return absent
	}
	v, ok := t.Projection.Quantiles[share]
	if !ok {
		return absent
	}
	return hours(&v)
}

// yearEnd is the middle of where the year will end, with the range that it lies
// in in nine of ten cases.
func yearEnd(t *snapshot.Target) string {
	if t.Projection == nil {
		return absent
	}
	return projected(t, "0.5") + " (" + projected(t, "0.05") + "–" + projected(t, "0.95") + ")"
}

// miss is the probability of missing a target, in whole per cent. Nothing that is
// drawn is certain, so neither 0 nor 100 % is written.
func miss(t *snapshot.Target) string {
	if t.Projection == nil || t.Projection.MissProbability == nil {
		return absent
	}
	switch p := math.Round(*t.Projection.MissProbability * 100); {
	case p < 1:
		return "< 1 %"
	case p > 99:
		return "> 99 %"
	default:
		return strconv.FormatFloat(p, 'f', 0, 64) + " %"
	}
}

// left is what is left of a budget, in customer-hours.
func left(t *snapshot.Target) string {
	if t.BudgetRemaining == nil {
		return absent
	}
	return wholeHours(*t.BudgetRemaining)
}

// passes is the day on which the limit is likely to be passed, or that it is.
func (p *page) passes(t *snapshot.Target) string {
	switch {
	case t.ValueHours != nil && t.LimitHours != nil && *t.ValueHours > *t.LimitHours:
		return p.Language.Say("outlook.passed")
	case t.Projection == nil || t.Projection.PassesOn == nil:
		return absent
	}
	return *t.Projection.PassesOn
}

// wholeHours rounds customer-seconds to whole customer-hours. What rounds to
// none has no sign.
func wholeHours(m snapshot.Milli) string {
	whole := int64(math.Round(m.Float() / 3600))
	if whole < 0 {
		return wording.Minus + strconv.FormatInt(-whole, 10)
	}
	return strconv.FormatInt(whole, 10)
}
