package snapshot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A plannedProvince is a province with proposed outages.
type plannedProvince struct {
	*province
	e    *engine.Engine
	plan []outage.Event
	year period.Period // that is checked
}

// drawPlan draws outages of a few places of the base, most of them in what is left
// of the year and many at the same time as others, told or not.
func drawPlan(t *rapid.T) *plannedProvince {
	index := rapid.SampledFrom([]string{"", "", "", "", "", reliability.SAIDIS, reliability.IEEEExMED}).Draw(t, "index")
	pp := &plannedProvince{province: drawProvince(t, taste{index: index})}
	s := &settler{T: t, province: pp.province}
	pp.year = pp.policy.YearStart.Year(lawYear, pp.policy.Zone)
	pp.asOf, pp.options.Year = pp.year.From+rapid.Int64Range(1, 8700).Draw(t, "as-of")*3600, nil
	for i := range pp.policy.RepeatRules {
		pp.policy.RepeatRules[i].MoreThan = rapid.IntRange(0, 2).Draw(t, "more than")
	}
	for i := range pp.rows { // what was told is under way or still to come
		if r := &pp.rows[i]; r.rejected == "" && s.one(2, "about now") {
			length := r.End - r.Start
			r.Start = pp.asOf + rapid.Int64Range(-10, 40).Draw(t, "hours from as-of")*3600
			if r.End != outage.Open {
				r.End = r.Start + length
			}
		}
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "proposed") {
		start := pp.asOf + rapid.Int64Range(0, 40).Draw(t, "in hours")*3600
		switch rapid.IntRange(0, 11).Draw(t, "when") {
		case 0:
			start = pp.year.To - rapid.Int64Range(-1, 20).Draw(t, "hours before")*3600
		case 1:
			start = pp.asOf - 1
		}
		ev := s.outage(fmt.Sprintf("P%d", i), start)
		ev.Nature = sample(s, "nature", outage.Unknown, outage.PlannedMaintenance, outage.PlannedMaintenance, outage.ShortNoticeMaintenance, outage.CurtailNetwork, outage.FaultInternal)
		pp.plan = append(pp.plan, ev)
	}
	pp.e = pp.load(t, plainly(pp.province))
	pp.e.Advance(pp.asOf)
	return pp
}

// deliveriesOf makes a delivery of each list of proposed rows.
func deliveriesOf(t *rapid.T, lists ...[]outage.Event) (all []snapshot.Proposed) {
	for k, list := range lists {
		d := snapshot.Proposed{Delivery: &outage.Delivery{Path: fmt.Sprintf("plan %d", k), Rows: len(list)}}
		b := outage.NewBatch(outage.NewDict())
		for i, ev := range list {
			ev.Row = outage.Row(i)
			b.Append(&ev)
		}
		if err := d.Add(b); err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

// check checks lists of proposed rows; ok is false where the index set does not
// exist.
func (pp *plannedProvince) check(t *rapid.T, lists ...[]outage.Event) (c *snapshot.PlanCheck, ok bool) {
	c, err := snapshot.CheckPlan(pp.e, pp.policy, snapshot.Proposal{Deliveries: deliveriesOf(t, lists...)})
	if err == nil {
		return c, true
	}
	year := pp.policy.YearStart.YearOf(pp.asOf-1, pp.policy.Zone)
	if _, known := pp.e.Major(pp.policy.YearStart).Thresholds[year]; known || pp.policy.Index != reliability.IEEEExMED || !strings.Contains(err.Error(), "does not exist") {
		t.Fatal(err)
	}
	return nil, false
}

// accepted lists the proposed rows of one delivery that count.
func accepted(c *snapshot.PlanCheck, plan []outage.Event) (list []outage.Event) {
	for i := range c.Rows {
		if c.Rows[i].Rejected == nil {
			list = append(list, plan[c.Rows[i].Row])
		}
	}
	return list
}

// told is an engine that is really told all rows, and more, at the year's end;
// outages without end are over at as-of.
func (pp *plannedProvince) told(t *rapid.T, more []outage.Event) *engine.Engine {
	base, err := reliability.NewBase(pp.base, pp.classes)
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(base, engine.Options{Zone: pp.policy.Zone, Workers: 2, Watch: snapshot.WatchFor(pp.policy)})
	var rows, extra []provinceRow
	for _, r := range pp.rows {
		if r.End == outage.Open && r.rejected == "" {
			r.End = max(r.Start, pp.asOf)
		}
		rows = append(rows, r)
	}
	for _, ev := range more {
		if ev.Source = "plan"; ev.Nature == outage.Unknown {
			ev.Nature = outage.PlannedMaintenance
		}
		extra = append(extra, provinceRow{Event: ev})
	}
	for i, list := range [][]provinceRow{rows, extra} {
		load := e.Begin()
		if err := load.Add(batchOf(list, 0)); err != nil {
			t.Fatal(err)
		}
		if err := load.Commit(&outage.Delivery{Path: fmt.Sprint(i), Rows: len(list)}); err != nil {
			t.Fatal(err)
		}
	}
	e.Advance(pp.year.To)
	return e
}

// secondsOf is what a subject has in the year.
func (pp *plannedProvince) secondsOf(e *engine.Engine, scope, class string) (milli, interruptions int64) {
	set, _ := reliability.SetByID(pp.policy.Index)
	var strata []int
	for s := range e.Base().Strata() {
		area, c := e.Base().Stratum(s)
		if slices.Contains(pp.policy.MembersOf(scope), area) && pp.policy.ClassFilter(class)(c) {
			strata = append(strata, s)
		}
	}
	sums, _ := e.Tally(pp.year, pp.e.Major(pp.policy.YearStart)).Pool(strata, e.Bands()).Of(set)
	return sums.Seconds, sums.Interruptions
}

// What a plan costs is the year with it less the year without it, as an engine has
// them that is really told: in all, in every target, in interruptions, and in whom
// the repeat rules hold for. What the rows cost, less what they displace, is that,
// and so are their places.
func TestLawPlanIsTheDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pp := drawPlan(t)
		c, ok := pp.check(t, pp.plan)
		if !ok {
			return
		}
		without, with := pp.told(t, nil), pp.told(t, accepted(c, pp.plan))
		before, interruptions := pp.secondsOf(without, "whole", "all")
		after, more := pp.secondsOf(with, "whole", "all")
		if int64(c.CustomerSeconds) != after-before || int64(c.Interruptions) != more-interruptions {
			t.Fatalf("the plan costs %s and %s interruptions, and the year is %d and %d more", c.CustomerSeconds, c.Interruptions, after-before, more-interruptions)
		}
		costs := map[string]int64{}
		for i := range c.Targets {
			costs[c.Targets[i].Scope+" "+c.Targets[i].Class] = int64(c.Targets[i].Cost)
		}
		for _, s := range pp.policy.Standings(c.Year) {
			before, _ := pp.secondsOf(without, s.Scope, s.Class)
			after, _ := pp.secondsOf(with, s.Scope, s.Class)
			if got := costs[s.Scope+" "+s.Class]; got != after-before {
				t.Errorf("%s %s: costs %d, want %d", s.Scope, s.Class, got, after-before)
			}
		}
		var sum, places snapshot.Milli
		for i := range c.Rows {
			sum += c.Rows[i].CustomerSeconds
			for _, p := range c.Rows[i].Places {
				places += p.CustomerSeconds
			}
		}
		if sum-c.Displaced != c.CustomerSeconds || places != sum {
			t.Errorf("rows %s (places %s) − displaced %s, want %s", sum, places, c.Displaced, c.CustomerSeconds)
		}
		if diff := cmp.Diff(repeatsBetween(pp.policy, without, with, c.Year), repeatsOf(c)); diff != "" {
			t.Errorf("repeats (-want +got):\n%s", diff)
		}
	})
}

func repeatsOf(c *snapshot.PlanCheck) map[string]int64 {
	all := map[string]int64{}
	for _, r := range c.Repeats {
		all[r.Rule+" "+r.Area+" "+r.Class] = int64(r.Customers)
	}
	return all
}

func repeatsBetween(p *policy.Policy, without, with *engine.Engine, year int) map[string]int64 {
	all := map[string]int64{}
	before, after := without.Standout(year).Repeats, with.Standout(year).Repeats
	for s := range after {
		area, class := with.Base().Stratum(s)
		for n := range after[s] {
			if more := after[s][n] - before[s][n]; more > 0 {
				all[p.RepeatRules[n].ID+" "+string(area)+" "+string(class)] = more
			}
		}
	}
	return all
}

// A check changes nothing: not the answer, not the sums, not what became of the
// rows; and asked again it says the same.
func TestLawPlanChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pp := drawPlan(t)
		type state struct {
			Sums     *reliability.Block
			Outcomes []string
			AsOf     int64
			Answer   *snapshot.Snapshot
		}
		look := func() state {
			s := state{Sums: pp.e.Sums().Total(), AsOf: pp.e.AsOf(), Answer: snapshot.Build(pp.e, pp.policy, pp.options)}
			for i := range pp.e.Rows() {
				s.Outcomes = append(s.Outcomes, pp.e.Outcome(i).String())
			}
			return s
		}
		derived, before := pp.e.Derived(), look()
		first, ok := pp.check(t, pp.plan)
		if diff := cmp.Diff(before, look(), cmp.AllowUnexported(outage.Note{})); diff != "" {
			t.Fatalf("before (-) and after (+):\n%s", diff)
		}
		if pp.e.Derived() != derived {
			t.Errorf("%d groups were counted again", pp.e.Derived()-derived)
		}
		if !ok {
			return
		}
		second, _ := pp.check(t, pp.plan)
		if diff := cmp.Diff(first, second, cmp.AllowUnexported(outage.Note{})); diff != "" {
			t.Errorf("once (-) and again (+):\n%s", diff)
		}
	})
}

// Rows that go together cost the same in any order, in one file or in several.
func TestLawPlanInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pp := drawPlan(t)
		c, ok := pp.check(t, pp.plan)
		if !ok {
			return
		}
		good := accepted(c, pp.plan)
		whole, _ := pp.check(t, good)
		if whole.CustomerSeconds != c.CustomerSeconds {
			t.Fatalf("with the rejected rows %s, without them %s", c.CustomerSeconds, whole.CustomerSeconds)
		}
		shuffled := rapid.Permutation(good).Draw(t, "order")
		cut := rapid.IntRange(0, len(shuffled)).Draw(t, "cut")
		parts, _ := pp.check(t, shuffled[:cut], shuffled[cut:])
		if diff := cmp.Diff([]any{whole.CustomerSeconds, whole.Interruptions, whole.Displaced, withoutKeepOn(whole.Targets)}, []any{parts.CustomerSeconds, parts.Interruptions, parts.Displaced, withoutKeepOn(parts.Targets)}); diff != "" {
			t.Errorf("in order (-) and in another (+):\n%s", diff)
		}
		if len(parts.Rows) != len(good) || slices.ContainsFunc(parts.Rows, func(r snapshot.PlanRow) bool { return r.Rejected != nil }) {
			t.Errorf("%d rows went together, and then %v", len(good), linesOf(parts))
		}
	})
}

// withoutKeepOn leaves out who is kept on: of rows that are as good, any may be.
func withoutKeepOn(targets []snapshot.PlanTarget) []snapshot.PlanTarget {
	targets = slices.Clone(targets)
	for i := range targets {
		targets[i].KeepOn = nil
	}
	return targets
}
