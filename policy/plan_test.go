package policy_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/policy"
)

// Each line of the table is one target and a plan, in whole numbers; what is left
// must not fall below zero, and zero is enough.
func TestHoldPlan(t *testing.T) {
	t.Parallel()
	both := []policy.Strength{policy.Duty, policy.Aspiration}
	room := func(before, cost int64) *policy.Room { return &policy.Room{Before: before, Cost: cost} }
	for _, c := range []struct {
		name        string
		strength    policy.Strength
		whole, part *policy.Room
		want        policy.PlanFinding
	}{
		{"fits to zero", policy.Duty, room(5, 5), room(3, 3), policy.PlanFinding{Decides: true, Fits: true}},
		{"one too many", policy.Duty, room(5, 6), nil, policy.PlanFinding{Decides: true, Reasons: []policy.PlanReason{policy.OverBudget}, Over: 1}},
		{"over the part", policy.Aspiration, room(9, 6), room(4, 6), policy.PlanFinding{Decides: true, Reasons: []policy.PlanReason{policy.OverPreArranged}, Over: 2}},
		{"over both", policy.Aspiration, room(5, 6), room(4, 6), policy.PlanFinding{Decides: true, Reasons: []policy.PlanReason{policy.OverBudget, policy.OverPreArranged}, Over: 2}},
		{"spent", policy.Duty, room(-1, 6), nil, policy.PlanFinding{Decides: true, Reasons: []policy.PlanReason{policy.OverBudget, policy.SpentAlready}, Over: 7, Hopeless: true}},
		{"the part is spent", policy.Duty, room(9, 6), room(-1, 6), policy.PlanFinding{Decides: true, Reasons: []policy.PlanReason{policy.OverPreArranged, policy.SpentAlready}, Over: 7, Hopeless: true}},
		{"costs nothing", policy.Duty, room(-5, 0), room(-5, 0), policy.PlanFinding{Decides: true, Fits: true}},
		{"saves", policy.Duty, room(-5, -1), nil, policy.PlanFinding{Decides: true, Fits: true}},
		{"informative", policy.Informative, room(5, 6), nil, policy.PlanFinding{Reasons: []policy.PlanReason{policy.OverBudget}, Over: 1}},
		{"no budget", policy.Duty, nil, nil, policy.PlanFinding{Reasons: []policy.PlanReason{policy.NoBudget}, Warnings: []policy.PlanWarning{policy.WithoutBudget}}},
		{"informative without budget", policy.Informative, nil, nil, policy.PlanFinding{Reasons: []policy.PlanReason{policy.NoBudget}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, policy.HoldPlan(c.strength, both, c.whole, c.part)); diff != "" {
				t.Errorf("finding (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlanFits(t *testing.T) {
	t.Parallel()
	over := policy.PlanFinding{Decides: true, Reasons: []policy.PlanReason{policy.OverBudget}, Over: 1}
	informative := policy.PlanFinding{Reasons: []policy.PlanReason{policy.OverBudget}}
	without := policy.PlanFinding{Reasons: []policy.PlanReason{policy.NoBudget}, Warnings: []policy.PlanWarning{policy.WithoutBudget}}
	for _, c := range []struct {
		name     string
		findings []policy.PlanFinding
		count    policy.PlanCount
		want     []policy.PlanReason // none: it fits
	}{
		{"costs nothing", nil, policy.PlanCount{Accepted: 1}, nil},
		{"a target", []policy.PlanFinding{{Decides: true, Fits: true}, over}, policy.PlanCount{Accepted: 1}, []policy.PlanReason{policy.OverBudget}},
		{"one that does not decide", []policy.PlanFinding{{Decides: true, Fits: true}, informative, without}, policy.PlanCount{Accepted: 1, Costs: true}, nil},
		{"no budget", []policy.PlanFinding{informative, without}, policy.PlanCount{Accepted: 1, Costs: true}, []policy.PlanReason{policy.NoBudget}},
		{"nothing decides", []policy.PlanFinding{informative}, policy.PlanCount{Accepted: 1, Costs: true}, []policy.PlanReason{policy.NothingDecides}},
		{"no target in its places", nil, policy.PlanCount{Accepted: 1, Rejected: 1, Costs: true}, []policy.PlanReason{policy.NothingDecides, policy.RowsRejected}},
		{"held and over", []policy.PlanFinding{over}, policy.PlanCount{Accepted: 1, Costs: true}, []policy.PlanReason{policy.OverBudget}},
		{"all else", []policy.PlanFinding{over}, policy.PlanCount{Rejected: 2, Repeats: 1}, []policy.PlanReason{policy.OverBudget, policy.RepeatBroken, policy.RowsRejected, policy.NothingAccepted}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fits, reasons := policy.PlanFits(c.findings, c.count)
			if diff := cmp.Diff(c.want, reasons); diff != "" || fits != (len(c.want) == 0) {
				t.Errorf("fits %v (-want +got):\n%s", fits, diff)
			}
		})
	}
}

// A warning is of a probability above a bound, of one that rises by a twentieth, and
// of more than is usual; it leaves the finding as it is.
func TestWarnOfPlan(t *testing.T) {
	t.Parallel()
	share := func(v float64) *float64 { return &v }
	for _, c := range []struct {
		name string
		of   policy.PlanOutlook
		want []policy.PlanWarning
	}{
		{"nothing known", policy.PlanOutlook{}, nil},
		{"at the bound", policy.PlanOutlook{Before: share(0.8), After: share(0.8)}, nil},
		{"above the bound", policy.PlanOutlook{Before: share(0.8001), After: share(0.8001)}, []policy.PlanWarning{policy.LikelyMissed}},
		{"a twentieth more", policy.PlanOutlook{Before: share(0.4), After: share(0.45)}, []policy.PlanWarning{policy.MissRaised}},
		{"a little less", policy.PlanOutlook{Before: share(0.4), After: share(0.4499)}, nil},
		{"as much as usual", policy.PlanOutlook{Usual: &policy.Room{Before: 5, Cost: 5}}, nil},
		{"more than usual", policy.PlanOutlook{Usual: &policy.Room{Before: 5, Cost: 6}}, []policy.PlanWarning{policy.OverUsual}},
		{"all", policy.PlanOutlook{Usual: &policy.Room{Before: -5, Cost: 6}, Before: share(0.1), After: share(1)}, []policy.PlanWarning{policy.LikelyMissed, policy.MissRaised, policy.OverUsual}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.of.LikelyAbove = policy.Fraction{Num: 4, Den: 5}
			f := policy.PlanFinding{Decides: true, Fits: true}
			f.Warn(c.of)
			if diff := cmp.Diff(policy.PlanFinding{Decides: true, Fits: true, Warnings: c.want}, f); diff != "" {
				t.Errorf("finding (-want +got):\n%s", diff)
			}
		})
	}
}

// A plan fits where what is left after it is not below zero, and one that costs more
// never fits better.
func TestLawHoldPlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) *policy.Room {
			return &policy.Room{Before: rapid.Int64Range(-9, 9).Draw(t, label), Cost: rapid.Int64Range(1, 9).Draw(t, label)}
		}
		whole, part := draw("whole"), draw("part")
		f := policy.HoldPlan(policy.Duty, policy.Strengths(), whole, part)
		if want := whole.After() >= 0 && part.After() >= 0; f.Fits != want || f.Fits != (f.Over == 0) {
			t.Fatalf("fits is %v, want %v; over by %d", f.Fits, want, f.Over)
		}
		whole.Cost += f.Over + 1
		if g := policy.HoldPlan(policy.Duty, policy.Strengths(), whole, part); g.Fits && !f.Fits || g.Over < f.Over {
			t.Fatalf("costs more and fits %v, before %v", g, f)
		}
	})
}

// No code stands twice, and every problem says what to do.
func TestPlanCodes(t *testing.T) {
	t.Parallel()
	codes := slices.Clone(policy.PlanFlags())
	for _, p := range policy.PlanProblems() {
		codes = append(codes, string(p))
		if p.Advice() == "" {
			t.Errorf("no advice for %s", p)
		}
	}
	for _, r := range policy.PlanReasons() {
		codes = append(codes, string(r))
	}
	slices.Sort(codes)
	if once := slices.Compact(slices.Clone(codes)); len(once) != len(codes) {
		t.Errorf("%d of the codes stand twice: %v", len(codes)-len(once), codes)
	}
}
