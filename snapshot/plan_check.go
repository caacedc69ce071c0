package snapshot

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
)

// A planner checks one proposal.
type planner struct {
	*builder
	q      *Proposal
	year   period.Period
	number int // of the year
	rows   []plannedRow
	costs  costs
}

// CheckPlan works out what proposed outages cost the year of the instant before
// as-of, and holds that against the budgets of its targets (先算后停). e has
// advanced to as-of, and nothing of it changes: what was told is counted once
// without the plan and once with it, both to the year's end, by the rules by which
// everything is counted, and outages without end are taken to be over at as-of.
// The difference is what the plan costs, to the thousandth of a customer-second.
//
// It is an error if e has not advanced, if the index set that is judged does not
// exist in the year, and if customers and durations are more than can be counted.
func CheckPlan(e *engine.Engine, p *policy.Policy, q Proposal) (*PlanCheck, error) {
	if err := mustHold(e); err != nil {
		return nil, err
	}
	if e.AsOf() == math.MinInt64 {
		return nil, errors.New("check a plan: the engine has no as-of instant")
	}
	c := &planner{builder: newBuilder(e, p), q: &q, rows: plannedRows(&q)}
	c.number = p.YearStart.YearOf(c.asOf-1, p.Zone)
	c.year = c.builder.year(c.number)
	if _, ok := c.tally(upTo(c.year, c.asOf)).Pool(nil, e.Bands()).Of(c.set); !ok {
		return nil, fmt.Errorf("check a plan: index set %q does not exist in %d: there is no year before it from which to work out major event days", c.set.ID, c.number)
	}
	c.vet()
	if err := c.cost(); err != nil {
		return nil, err
	}
	return c.answer(), nil
}

// cost sorts out the rows that count and works out what they cost.
func (c *planner) cost() error {
	c.costs = newCosts(c.e.Base().Strata(), len(c.p.RepeatRules))
	proposed, err := c.identify()
	if err != nil {
		return err
	}
	rows := c.numbers()
	if len(rows) == 0 {
		return nil
	}
	var watch *engine.Watch
	if c.e.Base().HasUnits() {
		watch = WatchFor(c.p)
	}
	trial, err := c.e.Trial(proposed, rows, c.year.From, watch)
	if err != nil {
		return fmt.Errorf("take what was told: %w", err)
	}
	c.dropTold(trial)
	c.dropOverlaps(proposed, trial)
	trial.Advance(c.year.To)
	c.take(trial, -1)
	if err := c.load(trial.Engine, (*plannedRow).counts); err != nil {
		return err
	}
	trial.Advance(c.year.To)
	c.take(trial, 1)
	c.costs.settle()
	return nil
}

// answer puts the check together.
func (c *planner) answer() *PlanCheck {
	out := &PlanCheck{
		SchemaVersion: SchemaVersion, Program: c.q.Program, Policy: Digest{ID: c.p.ID, SHA256: c.p.SHA256}, Index: c.p.Index,
		AsOf: c.at(c.asOf), Zone: c.p.Zone.String(), Year: c.number, Synthetic: c.synthetic(),
		Inputs: c.inputs(), Rows: c.shown(), CustomerSeconds: Milli(c.costs.total), Interruptions: Milli(c.costs.interruptions),
		Displaced: Milli(c.costs.displaced), Repeats: c.repeats(), Notes: c.notes(),
		Title: c.p.Title, Areas: c.areas(), Classes: c.classes(),
	}
	targets, findings, decided := c.targets()
	out.Targets = targets
	if !decided {
		out.Notes = append(out.Notes, outage.Notef("plan-nothing-decides", "no target of %d decides: the plan is held against repeat rules only", c.number))
	}
	n := policy.PlanCount{Costs: !c.costs.isZero()}
	for i := range out.Inputs {
		n.Accepted += out.Inputs[i].Accepted
		n.Rejected += out.Inputs[i].Rejected
	}
	for i := range out.Repeats {
		n.Repeats += int64(out.Repeats[i].Customers)
	}
	fits, reasons := policy.PlanFits(findings, n)
	out.Fits, out.Reasons, out.Warnings = fits, codes(reasons), codes(c.warnings(findings, n.Accepted))
	return out
}

// warnings are those of the plan itself and of all targets, each once.
func (c *planner) warnings(findings []policy.PlanFinding, accepted int) (list []policy.PlanWarning) {
	for _, w := range policy.PlanWarnings() {
		holds := slices.ContainsFunc(findings, func(f policy.PlanFinding) bool { return slices.Contains(f.Warnings, w) })
		switch w {
		case policy.RepeatsUntold:
			holds = accepted > 0 && len(c.p.RepeatRules) > 0 && !c.e.Base().HasUnits()
		case policy.ToldUnderOther:
			holds = slices.ContainsFunc(c.rows, func(r plannedRow) bool { return r.counts() && slices.Contains(r.flags, policy.PerhapsTold) })
		}
		if holds {
			list = append(list, w)
		}
	}
	return list
}

// synthetic says whether anything that the answer rests on is made up.
func (c *planner) synthetic() bool {
	if c.q.Synthetic || c.e.HasSource(outage.SyntheticSource) {
		return true
	}
	for k := range c.q.Deliveries {
		for _, b := range c.q.Deliveries[k].Batches {
			if ref, ok := b.Dict.Known(outage.SyntheticSource); ok && slices.Contains(b.Source, ref) {
				return true
			}
		}
	}
	return false
}

// notes are those of the proposal and of its deliveries.
func (c *planner) notes() []outage.Note {
	notes := append([]outage.Note{}, c.q.Notes...)
	for k := range c.q.Deliveries {
		d := c.q.Deliveries[k].Delivery
		for _, w := range d.Warnings {
			w.Path = d.Path
			notes = append(notes, w)
		}
	}
	return notes
}

// repeats lists for whom repeat rules hold with the plan and not without it.
func (c *planner) repeats() []PlanRepeat {
	list := []PlanRepeat{}
	for rule := range c.p.RepeatRules {
		for s := range c.costs.repeats {
			if n := c.costs.repeats[s][rule]; n > 0 {
				area, class := c.e.Base().Stratum(s)
				list = append(list, PlanRepeat{
					Rule: c.p.RepeatRules[rule].ID, Area: string(area), Class: string(class), Customers: Milli(n), Name: c.p.RepeatRules[rule].Name,
				})
			}
		}
	}
	return list
}

// targets holds the plan against the targets of the year of which it changes the
// value, the worst first; decided says whether some target of the year decides.
func (c *planner) targets() (list []PlanTarget, findings []policy.PlanFinding, decided bool) {
	deciding := c.q.Strengths
	if len(deciding) == 0 {
		deciding = []policy.Strength{policy.Duty, policy.Aspiration}
	}
	list = []PlanTarget{}
	standings := c.p.Standings(c.number)
	for _, s := range standings {
		decided = decided || slices.Contains(deciding, s.Strength)
	}
	if c.costs.isZero() {
		return list, nil, decided
	}
	x := c.examiner(c.e.Quality())
	for _, s := range standings {
		of := x.subject(s.Target)
		if c.costs.of(of.strata) == 0 {
			continue
		}
		target, finding := c.target(x, s, of, deciding)
		list, findings = append(list, target), append(findings, finding)
	}
	slices.SortStableFunc(list, func(x, y PlanTarget) int { return cmp.Or(cmp.Compare(y.rank(), x.rank()), cmp.Compare(y.Over, x.Over)) })
	return list, findings, decided
}

// rank says how bad a target is.
func (t *PlanTarget) rank() int {
	switch {
	case t.Decides && !t.Fits:
		return 3
	case t.Over > 0:
		return 2
	case t.Decides:
		return 1
	}
	return 0
}

// target holds the plan against one target.
func (c *planner) target(x *examiner, s policy.Standing, of subject, deciding []policy.Strength) (PlanTarget, policy.PlanFinding) {
	cost := c.costs.of(of.strata)
	t, judged := x.judge(s, of)
	out := PlanTarget{
		Scope: t.Scope, Class: t.Class, Rule: t.Rule, Strength: t.Strength, LimitHours: t.LimitHours, Verdict: t.Verdict, Cost: Milli(cost),
		KeepOn: []KeepOn{}, Name: t.Name, ClassName: t.ClassName,
	}
	whole, part, usual := out.budget(&t, cost, c.costs.preArranged(of.strata))
	if t.Projection != nil {
		out.MissBefore = t.Projection.MissProbability
		if median, ok := t.Projection.Quantiles["0.5"]; ok {
			out.MedianBefore = &median
		}
	}
	if after := x.projection(x.foresee(of, s.Year, judged.Value, judged.Limit, cost), s.Year); after != nil {
		median := after.Quantiles["0.5"]
		out.MissAfter, out.MedianAfter = after.MissProbability, &median
	}
	f := policy.HoldPlan(s.Strength, deciding, whole, part)
	f.Warn(policy.PlanOutlook{Usual: usual, Before: out.MissBefore, After: out.MissAfter, LikelyAbove: c.p.Risk.OffTrack})
	out.Warnings = codes(f.Warnings)
	out.Decides, out.Fits, out.Reasons, out.Over, out.Hopeless = f.Decides, f.Fits, codes(f.Reasons), Milli(f.Over), f.Hopeless
	if f.Over > 0 && !f.Hopeless {
		out.KeepOn = c.keepOn(of, f.Over)
	}
	return out, f
}

// budget fills in what is left before and after the plan, of the whole budget and
// of its part for pre-arranged outages, which are nil where there are none. The part
// decides where the policy sets it; where history gives it, it is what is usual. One
// that only mirrors what was used so far is neither: before the first pre-arranged
// outage of a year it is zero.
func (t *PlanTarget) budget(of *Target, cost, preArranged int64) (whole, part, usual *policy.Room) {
	if of.Budget == nil || of.BudgetRemaining == nil {
		return nil, nil, nil
	}
	used := *of.Budget - *of.BudgetRemaining
	t.Budget, t.Used = of.Budget, &used
	whole = &policy.Room{Before: int64(*of.BudgetRemaining), Cost: cost}
	if of.Budgets != nil {
		scheduled := of.Budgets.PreArranged.Scheduled + of.Budgets.Fault.Scheduled
		t.Scheduled = &scheduled
		whole.Before -= int64(scheduled)
		p := &of.Budgets.PreArranged
		room := &policy.Room{Before: int64(p.Budget - p.Used - p.Scheduled), Cost: preArranged}
		switch of.Budgets.PartsBy {
		case ByPolicy:
			part = room
		case ByHistory:
			usual = room
		}
		if of.Budgets.PartsBy != ByUsed {
			t.PreArrangedRemainingBefore, t.PreArrangedRemainingAfter = milli(room.Before), milli(room.After())
		}
	}
	t.RemainingBefore, t.RemainingAfter = milli(whole.Before), milli(whole.After())
	return whole, part, usual
}

func milli(n int64) *Milli {
	m := Milli(n)
	return &m
}
