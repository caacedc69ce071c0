package policy

import (
	"math"
	"slices"
)

// A PlanReason is why a plan of outages does not fit (先算后停), or why a target has
// no say in that, from a closed list; several may hold.
type PlanReason string

// The reasons of targets, and those of the plan itself.
const (
	OverBudget      PlanReason = "over-budget"       // more than is left of the budget
	OverPreArranged PlanReason = "over-pre-arranged" // more than is left of its part for pre-arranged outages
	SpentAlready    PlanReason = "spent-already"     // one of them is overspent without the plan
	NoBudget        PlanReason = "no-budget"         // the target has no budget, or nobody knows what is left of it: it does not decide; of a plan, that this is so of all that would
	RepeatBroken    PlanReason = "repeat-rule"       // a rule of repeat outages begins to hold for somebody
	RowsRejected    PlanReason = "rows-rejected"     // some rows do not count, and what they cost is not known
	NothingAccepted PlanReason = "nothing-accepted"  // no row counts
	NothingDecides  PlanReason = "nothing-decides"   // no target that decides has anything to do with the plan
)

// PlanReasons lists the closed list of reasons in a fixed order.
func PlanReasons() []PlanReason {
	return []PlanReason{OverBudget, OverPreArranged, SpentAlready, NoBudget, NothingDecides, RepeatBroken, RowsRejected, NothingAccepted}
}

// A PlanWarning is what should be known of a plan although it does not decide whether
// it fits, from a closed list.
type PlanWarning string

// The warnings of targets, and those of the plan itself.
const (
	OverUsual      PlanWarning = "over-pre-arranged-usual" // more than history expects for pre-arranged outages
	LikelyMissed   PlanWarning = "miss-likely"             // the target will probably be missed
	MissRaised     PlanWarning = "miss-raised"             // with the plan it will be missed with a probability higher by a twentieth or more
	WithoutBudget  PlanWarning = "no-budget"               // a target would decide, and has no budget
	RepeatsUntold  PlanWarning = "repeats-untold"          // the base knows no units, so that repeat rules cannot be checked
	ToldUnderOther PlanWarning = PerhapsTold               // of some rows
)

// PlanWarnings lists the closed list of warnings in a fixed order.
func PlanWarnings() []PlanWarning {
	return []PlanWarning{LikelyMissed, MissRaised, OverUsual, WithoutBudget, RepeatsUntold, ToldUnderOther}
}

// A PlanProblem is why a proposed outage does not count, from a closed list, beside
// the reasons for which any row is rejected.
type PlanProblem string

// The problems.
const (
	InThePast      PlanProblem = "in-the-past"      // begins before as-of
	WithoutEnd     PlanProblem = "no-end"           // nobody knows what it would cost
	LongerThanYear PlanProblem = "longer-than-year" // longer than the year that is checked
	AfterTheYear   PlanProblem = "after-the-year"   // begins after the year's end, and is not checked
	NotPreArranged PlanProblem = "not-pre-arranged" // a fault cannot be planned
	NoSuchFeeder   PlanProblem = "unknown-feeder"   // the base does not know the feeder, or the row names none where the base has feeders
	NoSuchUnit     PlanProblem = "unknown-unit"     // the base does not know the unit
	ToldAlready    PlanProblem = "told-already"     // told as a scheduled outage, and counted as one
	OverlapsPlan   PlanProblem = "overlaps-plan"    // another proposed row has the same customers out
	OverlapsOpen   PlanProblem = "overlaps-open"    // an outage without end has the same customers out
)

// What may be odd about a proposed row that counts, beside the flags of any row.
const (
	BeyondTheYear = "beyond-the-year"   // it goes on after the year's end, and counts up to it
	BesideOpen    = "open-outage-there" // an outage without end is on the same feeder, with customers enough for both
	PerhapsTold   = "perhaps-told"      // the same place, start and end are told already under another id
)

// PlanProblems lists the closed list of problems in a fixed order.
func PlanProblems() []PlanProblem {
	return []PlanProblem{
		InThePast, WithoutEnd, LongerThanYear, AfterTheYear, NotPreArranged, NoSuchFeeder, NoSuchUnit, ToldAlready, OverlapsPlan, OverlapsOpen,
	}
}

// PlanFlags lists the closed list of these flags in a fixed order.
func PlanFlags() []string { return []string{BeyondTheYear, BesideOpen, PerhapsTold} }

// Advice says in English what to do about a row with a problem.
func (p PlanProblem) Advice() string {
	switch p {
	case InThePast:
		return "propose what begins at as-of (--as-of) or later; what has begun is told as an outage"
	case WithoutEnd:
		return "give the end that is planned"
	case LongerThanYear:
		return "correct start or end"
	case AfterTheYear:
		return "check it once its year has begun"
	case NotPreArranged:
		return "give a pre-arranged nature, such as planned_maintenance, or leave it empty"
	case NoSuchFeeder:
		return "name a feeder of the base, or add it there"
	case NoSuchUnit:
		return "name a unit of the base, or add it there"
	case ToldAlready:
		return "leave it out, as it counts as scheduled; or withdraw what was told and propose it anew"
	case OverlapsPlan:
		return "let one of the two rows go, or move it to another time"
	case OverlapsOpen:
		return "give the outage its end, or move the row to another time"
	}
	return ""
}

// A Room is what is left of a budget without a plan, and what the plan takes of it,
// both in thousandths of customer-seconds.
type Room struct {
	Before int64 // below zero where it is overspent
	Cost   int64
}

// After is what is left with the plan.
func (r Room) After() int64 { return r.Before - r.Cost }

// over says by how much a plan is too much; one that costs nothing never is.
func (r Room) over() int64 {
	if r.Cost <= 0 {
		return 0
	}
	return max(0, -r.After())
}

// A PlanFinding is whether a plan fits one target.
type PlanFinding struct {
	Decides  bool
	Fits     bool
	Reasons  []PlanReason
	Warnings []PlanWarning
	Over     int64 // by how much it does not fit, in thousandths of customer-seconds
	Hopeless bool  // it would not fit either if it cost next to nothing
}

// HoldPlan holds a plan against the budget of a target and its part for pre-arranged
// outages, where the policy sets one: what is left must not fall below zero. Either
// may be nil; without a budget the target does not decide, nor does one of another
// strength than those that decide.
func HoldPlan(strength Strength, deciding []Strength, whole, preArranged *Room) PlanFinding {
	would := slices.Contains(deciding, strength)
	if whole == nil {
		f := PlanFinding{Reasons: []PlanReason{NoBudget}}
		if would {
			f.Warnings = []PlanWarning{WithoutBudget}
		}
		return f
	}
	f := PlanFinding{Decides: would}
	f.hold(whole, OverBudget)
	if preArranged != nil {
		f.hold(preArranged, OverPreArranged)
	}
	if f.Hopeless {
		f.Reasons = append(f.Reasons, SpentAlready)
	}
	f.Fits = len(f.Reasons) == 0
	return f
}

func (f *PlanFinding) hold(r *Room, reason PlanReason) {
	over := r.over()
	if over == 0 {
		return
	}
	f.Reasons = append(f.Reasons, reason)
	f.Over = max(f.Over, over)
	f.Hopeless = f.Hopeless || r.Before < 0
}

// A PlanOutlook is what else is known of a target and a plan. Each may be nil.
type PlanOutlook struct {
	Usual       *Room    // the part for pre-arranged outages that history expects
	Before      *float64 // the probability of missing the target without the plan, 0 … 1
	After       *float64 // with it
	LikelyAbove Fraction // of the probability
}

// missRise is by how much a probability rises that is warned of, in millionths.
const missRise = 50_000

// Warn adds the warnings of an outlook.
func (f *PlanFinding) Warn(o PlanOutlook) {
	if o.After != nil {
		if *o.After > o.LikelyAbove.Float() {
			f.Warnings = append(f.Warnings, LikelyMissed)
		}
		if o.Before != nil && math.Round((*o.After-*o.Before)*1e6) >= missRise {
			f.Warnings = append(f.Warnings, MissRaised)
		}
	}
	if o.Usual != nil && o.Usual.over() > 0 {
		f.Warnings = append(f.Warnings, OverUsual)
	}
}

// A PlanCount is what else is known of a plan: how many of its rows count and do
// not, and for how many customers, in thousandths, repeat rules begin to hold.
type PlanCount struct {
	Accepted, Rejected int
	Repeats            int64
	Costs              bool // it changes what is counted somewhere
}

// PlanFits says whether a plan fits: all targets that decide, no new breach of a
// repeat rule, and every row counts, of which there is at least one; and if not,
// why. One that costs something has to be held against at least one target: where
// none decides nobody can tell whether it fits, and then it does not.
func PlanFits(findings []PlanFinding, n PlanCount) (fits bool, reasons []PlanReason) {
	for _, reason := range PlanReasons() {
		if n.holds(reason) || n.Costs && reason == unheld(findings) || slices.ContainsFunc(findings, func(f PlanFinding) bool {
			return f.Decides && !f.Fits && slices.Contains(f.Reasons, reason)
		}) {
			reasons = append(reasons, reason)
		}
	}
	return len(reasons) == 0, reasons
}

// unheld is why a plan is held against no target, empty where it is.
func unheld(findings []PlanFinding) PlanReason {
	switch {
	case slices.ContainsFunc(findings, func(f PlanFinding) bool { return f.Decides }):
		return ""
	case slices.ContainsFunc(findings, func(f PlanFinding) bool { return slices.Contains(f.Warnings, WithoutBudget) }):
		return NoBudget
	}
	return NothingDecides
}

// CannotTellPlan says whether the reasons for which a plan does not fit are only that
// nobody can tell.
func CannotTellPlan(reasons []PlanReason) bool {
	return len(reasons) > 0 && !slices.ContainsFunc(reasons, func(r PlanReason) bool { return r != NoBudget && r != NothingDecides })
}

func (n *PlanCount) holds(reason PlanReason) bool {
	switch reason {
	case RepeatBroken:
		return n.Repeats > 0
	case RowsRejected:
		return n.Rejected > 0
	case NothingAccepted:
		return n.Accepted == 0
	}
	return false
}
