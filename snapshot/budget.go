package snapshot

import (
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
)

// budget works out the customer-hours (时户数预算) that the limit of a target
// leaves for the year, what is left of them, and how fast they were used.
func (x *examiner) budget(t *Target, f *policy.Finding, of subject) {
	t.Burn = map[string]float64{}
	if !f.Value.Exists() { // nobody knows what was used
		return
	}
	year, asOf := x.year(f.Year), x.asOf
	budget, ok := f.Limit.Budget(x.serviceOfYear(year, of), year.Seconds())
	if !ok {
		return
	}
	used, ok := x.used(upTo(year, asOf), of)
	if !ok {
		return
	}
	whole, left := Milli(budget), Milli(budget-used)
	t.Budget, t.BudgetRemaining = &whole, &left
	if !x.past {
		t.Budgets = x.divide(budget, f, of)
	}
	if asOf >= year.To || budget <= 0 || x.past {
		return
	}
	for _, b := range x.p.Risk.Burns() {
		if used, ok := x.used(period.Period{From: asOf - b.Seconds, To: asOf}, of); ok {
			t.Burn[b.Window] = b.Ratio(used, budget)
		}
	}
}

// serviceOfYear is ∫ customers in service dt over a year; of its rest, the
// customers of as-of are taken to stay.
func (x *examiner) serviceOfYear(year period.Period, of subject) int64 {
	return x.serviceUntil(year.To, year, of)
}

// serviceUntil is the same from the beginning of a year to an instant of it.
func (x *examiner) serviceUntil(t int64, year period.Period, of subject) int64 {
	asOf := min(x.asOf, t)
	so := x.tally(period.Period{From: year.From, To: asOf}).Service
	now := x.servedNow()
	var sum int64
	for _, s := range of.strata {
		sum += so[s] + now[s]*(t-asOf)
	}
	return sum
}

// servedNow is the customers in service at as-of, by stratum.
func (x *examiner) servedNow() []int64 {
	if x.now == nil {
		x.now = x.e.Base().ServiceSeconds(x.asOf, x.asOf+1)
	}
	return x.now
}

// used is the customer-seconds, in thousandths, that the judged index set counts
// in a window; ok is false where it needs major event days and there are none.
func (x *examiner) used(w period.Period, of subject) (milli int64, ok bool) {
	sums, ok := x.tally(w).Pool(of.strata, x.e.Bands()).Of(x.set)
	return sums.Seconds, ok
}
