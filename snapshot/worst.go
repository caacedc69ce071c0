package snapshot

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/policy"
)

// WorstFirst lists the targets chosen by verdict, the worst first, within one by
// the probability of missing and then by how much of its limit is used.
func WorstFirst(all []Target, choose func(*Target) bool) []*Target {
	var list []*Target
	for i := range all {
		if choose(&all[i]) {
			list = append(list, &all[i])
		}
	}
	slices.SortStableFunc(list, func(a, b *Target) int {
		usedA, _ := a.Used()
		usedB, _ := b.Used()
		return cmp.Or(cmp.Compare(a.Severity(), b.Severity()), cmp.Compare(b.missed(), a.missed()), cmp.Compare(usedB, usedA))
	})
	return list
}

// Severity is 0 for the worst verdict.
func (t *Target) Severity() int { return slices.Index(policy.Verdicts(), policy.Verdict(t.Verdict)) }

// Used is the share of the limit that is used; ok is false where there is no
// value, or no limit above zero.
func (t *Target) Used() (share float64, ok bool) {
	if t.ValueHours == nil || t.LimitHours == nil || *t.LimitHours == 0 {
		return 0, false
	}
	return *t.ValueHours / *t.LimitHours, true
}

// missed is the probability of missing; 0 where nobody can tell.
func (t *Target) missed() float64 {
	if t.Projection == nil || t.Projection.MissProbability == nil {
		return 0
	}
	return *t.Projection.MissProbability
}
