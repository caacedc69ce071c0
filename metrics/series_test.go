package metrics_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A size is what the number of series follows from.
type size struct {
	areas, scopes, members int // scopes are areas, groups and the whole; members the areas of all of them
	classes                int // of cells: those of the policy and unclassified
	pooled                 int // of indices: those of the policy, groups of classes and all
	natures, sets          int
	windows, months        int
	targets, burns         int
	quantiles, storms      int // of a projection; targets with a base year
	scheduled, budgets     int // parts and months of the targets of the running year
	shares                 int // areas of the pooled scopes of all targets
	causes, feeders        int // for each area and window
	repeats                int
	sources, outcomes      int
	writers, statuses      int
	reasons, flags         int // of rejected and of suspicious rows
	steps                  int
}

// full is the largest size at the shipped policy: every cell has every nature in
// every window. A year that is not yet settled stands beside the running one,
// with two windows and its targets of its own.
func full(windows int) size {
	p := policy.Qinghai()
	s := size{
		areas: len(p.Areas), scopes: len(p.Areas) + len(p.Groups) + 1, members: 2 * len(p.Areas),
		classes: len(p.Classes) + 1, pooled: len(p.Classes) + len(p.ClassGroups) + 1,
		natures: outage.NatureCount, sets: len(p.Indices), windows: windows, months: 24,
		targets: len(p.Targets) * windows / 2, burns: 3, quantiles: len(snapshot.ProjectedProbabilities()),
		scheduled: 2 * len(p.Targets), budgets: len(p.Targets) * monthsOfYear, causes: 21, feeders: 20, repeats: 3,
		sources: 4, writers: 9, statuses: 3, reasons: len(outage.Reasons()), flags: len(outage.Flags(1<<16 - 1).Codes()), steps: 3,
	}
	s.outcomes = 6 + s.reasons
	for _, g := range p.Groups {
		s.members += len(g.Areas)
	}
	for i := range p.Targets {
		s.shares += len(pooled(p, p.Targets[i].Scope)) * windows / 2
		if p.Targets[i].Rule == policy.Reduction {
			s.storms += windows / 2
		}
	}
	return s
}

// series is the number of series that a state of a size has at most.
func (z size) series() int {
	cells, lines := z.areas*z.classes, z.scopes*z.pooled
	sums := cells*z.windows*(5*z.natures+1) + cells
	indices := lines * z.windows * (3*z.sets + 2)
	reductions := lines * z.windows / 2
	targets := z.targets * (7 + z.burns + len(policy.Verdicts()))
	projections := z.targets*(z.quantiles+3) + z.storms + z.targets*2*2 + z.scheduled + 2*z.budgets + 2*z.shares
	details := 2*cells + lines*z.months + z.areas*z.causes*z.windows + cells*z.repeats + z.scopes + 1 + z.areas*z.feeders*z.windows
	data := 2*z.areas + 2 + z.reasons + z.flags + 2 + 2 + z.burns + 2 + 2
	health := z.sources*(6+z.outcomes) + 3 + z.steps + 3
	stored := 9 + z.writers*(z.statuses+2)
	infos := 1 + z.scopes + z.members + (z.classes + z.pooled - len(policy.Qinghai().Classes)) + z.repeats
	return sums + indices + reductions + targets + projections + details + data + health + stored + infos
}

// most is the bound that the package documents.
const most = 26_000

// The number of series is what the formula says, and within what the package
// documents.
func TestSeries(t *testing.T) {
	t.Parallel()
	for _, windows := range []int{2, 4} {
		t.Run(fmt.Sprintf("%d windows", windows), func(t *testing.T) {
			t.Parallel()
			z, got := full(windows), 0
			families, err := page(t, shipped(z)).Gather()
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range families {
				got += len(f.Metric)
			}
			t.Logf("%d series, %d bytes", got, len(exposition(t, page(t, shipped(z)), "")))
			if want := z.series(); got != want || got > most || windows == 4 && got < most*9/10 {
				t.Errorf("%d series, want %d and at most %d", got, want, most)
			}
		})
	}
	doc, err := os.ReadFile("doc.go")
	if err != nil || !strings.Contains(string(doc), strings.Replace(fmt.Sprint(most), "000", " 000", 1)+" series") {
		t.Errorf("doc.go does not say %d series, %v", most, err)
	}
}
