package snapshot

import (
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/forecast"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// A divider divides the budget of a subject in a year.
type divider struct {
	*examiner
	of   subject
	year period.Period
}

// budgetParts are the kinds of outages between which a budget is divided, in the
// order in which it is.
func budgetParts() []forecast.Part { return []forecast.Part{forecast.PreArranged, forecast.Fault} }

// divide divides a budget, in thousandths of customer-seconds, between the kinds
// of outages, the months of the year and the members of a pooled scope.
func (x *examiner) divide(budget int64, f *policy.Finding, of subject) *Budgets {
	d := &divider{x, of, x.year(f.Year)}
	b := &Budgets{Members: []MemberPart{}}
	weights, by := d.partWeights()
	shares := policy.Divide(budget, weights)
	b.PartsBy, b.PreArranged, b.Fault = by, d.in(d.year, shares[0], forecast.PreArranged), d.in(d.year, shares[1], forecast.Fault)
	b.Months, b.MonthsBy = d.months(shares, f.Year)
	if !slices.ContainsFunc(x.p.Areas, func(a policy.Area) bool { return string(a.ID) == f.Scope }) {
		b.Members, b.MembersBy = d.members(budget, f.Class)
	}
	return b
}

// in is what there is of parts of the subject in a window.
func (d *divider) in(w period.Period, budget int64, parts ...forecast.Part) BudgetPart {
	ahead := period.Period{From: max(w.From, d.asOf), To: max(w.To, d.asOf)}
	b := BudgetPart{Budget: Milli(budget)}
	for _, part := range parts {
		b.Used += Milli(d.usedBy(part, w))
		b.Scheduled += Milli(d.scheduledIn(d.of, part, ahead))
	}
	b.Remaining = b.Budget - b.Used
	return b
}

// usedBy is what outages of a part used in a window up to as-of. Together the
// parts used what [examiner.used] says; in windows of a year for which that can
// be told, so can this.
func (d *divider) usedBy(part forecast.Part, w period.Period) int64 {
	w = upTo(w, d.asOf)
	if w.Seconds() == 0 {
		return 0
	}
	set := d.set
	set.Counts = func(n outage.Nature, b reliability.Band, bands reliability.Bands) bool {
		return n.PreArranged() == (part == forecast.PreArranged) && d.set.Counts(n, b, bands)
	}
	sums, _ := d.tally(w).Pool(d.of.strata, d.e.Bands()).Of(set)
	return sums.Seconds
}

// partWeights are the weights of [budgetParts].
func (d *divider) partWeights() (weights []int64, by string) {
	if share := d.p.PreArrangedShare; share != nil {
		return []int64{share.Num, share.Den - share.Num}, ByPolicy
	}
	var expected []float64
	for _, part := range budgetParts() {
		if seconds, ok := d.usual(d.of, part, d.year); ok {
			expected = append(expected, seconds)
		}
	}
	if weights, ok := policy.Weights(expected); ok && len(weights) == forecast.PartCount {
		return weights, ByHistory
	}
	for _, part := range budgetParts() {
		weights = append(weights, d.usedBy(part, d.year))
	}
	return weights, ByUsed
}

// months divides the shares of [budgetParts] between the months of a year.
func (d *divider) months(shares []int64, year int) (months []MonthPart, by string) {
	spans := d.p.YearStart.Months(year, d.p.Zone)
	weights, by := d.monthWeights(spans)
	budgets := make([][]int64, len(shares))
	for i := range shares {
		budgets[i] = policy.Divide(shares[i], weights[i])
	}
	for i, w := range spans {
		m := MonthPart{
			Month:       time.Unix(w.From, 0).In(d.p.Zone).Format("2006-01"),
			PreArranged: d.in(w, budgets[0][i], forecast.PreArranged), Fault: d.in(w, budgets[1][i], forecast.Fault),
		}
		m.BudgetPart = m.PreArranged.plus(m.Fault)
		months = append(months, m)
	}
	return months, by
}

// monthWeights are the weights of months in each of [budgetParts]: what history
// expects of them, of a part of which it expects nothing their length; without
// enough history of both parts the length in both.
func (d *divider) monthWeights(spans []period.Period) (weights [][]int64, by string) {
	var length []int64
	for _, w := range spans {
		length = append(length, w.Seconds())
	}
	by = ByTime
	for _, part := range budgetParts() {
		expected, ok := d.expected(spans, part)
		if !ok {
			return [][]int64{length, length}, ByTime
		}
		ofPart, ok := policy.Weights(expected)
		if ok {
			by = ByHistory
		} else {
			ofPart = length
		}
		weights = append(weights, ofPart)
	}
	return weights, by
}

// expected is what history expects of a part in windows; ok is false where it
// does not say so of all.
func (d *divider) expected(spans []period.Period, part forecast.Part) (seconds []float64, ok bool) {
	for _, w := range spans {
		s, ok := d.usual(d.of, part, w)
		if !ok {
			return nil, false
		}
		seconds = append(seconds, s)
	}
	return seconds, true
}

// plus adds up two parts.
func (p BudgetPart) plus(q BudgetPart) BudgetPart {
	return BudgetPart{p.Budget + q.Budget, p.Used + q.Used, p.Scheduled + q.Scheduled, p.Remaining + q.Remaining}
}

// members divides a budget between the areas of a pooled scope.
func (d *divider) members(budget int64, class string) (members []MemberPart, by string) {
	var each []*divider
	for _, area := range d.of.areas {
		areas := []outage.Area{area}
		each = append(each, &divider{d.examiner, subject{areas: areas, strata: d.strata(areas, d.p.ClassFilter(class))}, d.year})
	}
	weights, by := d.memberWeights(each)
	for i, share := range policy.Divide(budget, weights) {
		members = append(members, MemberPart{string(d.of.areas[i]), each[i].in(d.year, share, budgetParts()...)})
	}
	return members, by
}

// memberWeights are the weights of the members: what history expects of both
// kinds of outages, where it does so of all of them.
func (d *divider) memberWeights(each []*divider) (weights []int64, by string) {
	var expected []float64
	for _, m := range each {
		var sum float64
		for _, part := range budgetParts() {
			seconds, ok := d.usual(m.of, part, d.year)
			if !ok {
				return d.servedBy(each), ByCustomers
			}
			sum += seconds
		}
		expected = append(expected, sum)
	}
	weights, ok := policy.Weights(expected)
	if !ok {
		return d.servedBy(each), ByCustomers
	}
	return weights, ByHistory
}

// servedBy is how many customers each member serves in the year, times its length.
func (d *divider) servedBy(each []*divider) (weights []int64) {
	for _, m := range each {
		weights = append(weights, d.serviceOfYear(d.year, m.of))
	}
	return weights
}
