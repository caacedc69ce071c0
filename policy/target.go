package policy

import (
	"github.com/saidi-exporter/saidi/period"
)

// A Rule is how the limit of a target comes about.
type Rule string

// The rules.
const (
	Cap       Rule = "cap"       // a fixed number of hours (压减至 … 小时以内)
	Reduction Rule = "reduction" // a part of the base year's value (同比压缩 … 以上)
)

// A Strength is how binding a target is.
type Strength string

// The strengths, the most binding first. They never merge into one verdict: a
// missed duty is worse than a missed aspiration.
const (
	Duty        Strength = "duty"        // to be met (以上)
	Aspiration  Strength = "aspiration"  // to be striven for (力争)
	Informative Strength = "informative" // shown, not asked for
)

// Strengths lists the strengths, the most binding first.
func Strengths() []Strength { return []Strength{Duty, Aspiration, Informative} }

// PreviousYear is the base year of a reduction unless the file gives another:
// the year before that of the deadline.
const PreviousYear = 0

// A Target holds the value of one scope and class, in the year of the deadline,
// against a limit. The value must not exceed it.
type Target struct {
	Scope     string // the id of an area, a group or the whole
	Class     string // the id of a class or class group, or "all"
	Rule      Rule
	Cap       int64    // of a cap: seconds for each customer, above zero
	Reduction Fraction // of a reduction: between 0 and 1; the limit is (1 − Reduction) × the base year's value
	BaseYear  int      // of a reduction, or [PreviousYear]
	BaseValue int64    // of a reduction whose base was published: seconds for each customer; else 0
	Strength  Strength
	Deadline  period.Day // the last day of the year that is judged
	Clause    string     // where the policy says so
}

// A Standing is a target as it holds in one year.
type Standing struct {
	*Target
	Year          int
	BaseYear      int      // of a reduction
	Strength      Strength // informative after the deadline
	AfterDeadline bool
}

// Standings lists the targets that are judged in a year, in the order of the
// file: those whose deadline lies in it, and, if the policy says so, those whose
// deadline has passed, while the policy is in force to the year's end and no
// later target of the same scope, class and rule has taken over. Their limits
// stay as they were in the year of the deadline, and they are informative.
func (p *Policy) Standings(year int) []Standing {
	var all []Standing
	for i := range p.Targets {
		t := &p.Targets[i]
		deadline := p.YearStart.YearOfDay(t.Deadline)
		s := Standing{Target: t, Year: year, BaseYear: t.BaseYear, Strength: t.Strength, AfterDeadline: year > deadline}
		if s.BaseYear == PreviousYear {
			s.BaseYear = deadline - 1
		}
		switch {
		case year < deadline, s.AfterDeadline && !p.holdsAfter(t, year):
			continue
		case s.AfterDeadline:
			s.Strength = Informative
		}
		all = append(all, s)
	}
	return all
}

// holdsAfter says whether a target is still looked at in a year after that of
// its deadline.
func (p *Policy) holdsAfter(t *Target, year int) bool {
	if p.AfterDeadline != Informative || p.YearStart.LastDay(year) > p.Valid.Until {
		return false
	}
	for i := range p.Targets {
		o := &p.Targets[i]
		if o.Scope == t.Scope && o.Class == t.Class && o.Rule == t.Rule && o.Deadline > t.Deadline && p.YearStart.YearOfDay(o.Deadline) <= year {
			return false
		}
	}
	return true
}
