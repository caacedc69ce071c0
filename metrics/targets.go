package metrics

import (
	"slices"
	"strconv"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// targets adds how each target stands.
func (b book) targets(s *snapshot.Snapshot) {
	zone := zoneOf(s)
	for i := range s.Targets {
		t := &s.Targets[i]
		complete := isComplete(t, s.Judged.Years)
		labels := []string{s.Provenance.Policy.ID, t.Scope, t.Class, t.Rule, t.Strength, strconv.Itoa(t.Year)}
		b.addSome(TargetLimitSeconds, t.LimitHours, hour, labels...)
		b.addSome(TargetValueSeconds, t.ValueHours, hour, labels...)
		b.addSome(TargetExpectedSeconds, expected(t, complete), hour, labels...)
		b.addSome(TargetReductionRatio, t.Reduction, 1, labels...)
		b.addSome(TargetRequiredReductionRatio, t.RequiredReduction, 1, labels...)
		b.addMilli(TargetBudgetCustomerSeconds, t.Budget, labels)
		b.addMilli(TargetBudgetRemainingCustomerSeconds, t.BudgetRemaining, labels)
		for window, burn := range t.Burn {
			b.add(TargetBurnRatio, burn, with(labels, window)...)
		}
		for _, v := range policy.Verdicts() {
			b.add(TargetVerdict, truth(t.Verdict == string(v)), with(labels, string(v))...)
		}
		b.projection(t, zone, labels)
		b.budgets(t.Budgets, !complete, labels)
	}
}

// isComplete says whether the year of a target is over.
func isComplete(t *snapshot.Target, years []snapshot.JudgedYear) bool {
	return slices.ContainsFunc(years, func(y snapshot.JudgedYear) bool { return y.Year == t.Year && y.Complete })
}

// expected is the part of the limit that may be used by now, in hours: all of it
// once the year is complete; nil where the running year says nothing of it.
func expected(t *snapshot.Target, complete bool) *float64 {
	switch {
	case t.LimitHours == nil:
		return nil
	case t.ExpectedShare != nil:
		return new(*t.LimitHours * *t.ExpectedShare)
	case complete:
		return t.LimitHours
	}
	return nil
}

func (b book) addMilli(name string, value *snapshot.Milli, labels []string) {
	if value != nil {
		b.add(name, value.Float(), labels...)
	}
}

// with gives labels and one more, and leaves labels as they are.
func with(labels []string, more string) []string { return append(slices.Clip(labels), more) }

// truth is 1 for true and 0 for false.
func truth(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}
