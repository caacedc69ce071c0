package snapshot_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A feeder of 60 rural and 30 town customers, and one of 30 rural ones in another
// area. A row of 30 customers that names no class is split 20 to 10, for 6 h:
// 120 and 60 customer-hours. The pair has 90 rural customers, 90 customer-hours at
// 1 h; rural of a has 60 and town 30.
func TestPlanOfSeveralClasses(t *testing.T) {
	t.Parallel()
	target := func(scope, class string) string {
		return fmt.Sprintf("{scope: %s, class: %s, cap: 1h, strength: duty, deadline: 2022-12-31}", scope, class)
	}
	s := planStory{
		story: story{
			policy: "targets: [" + strings.Join([]string{target("a", "all"), target("a", "town"), target("pair", "rural"), target("b", "rural"), target("a", "rural")}, ", ") + "]\n",
			base:   "F1 a rural 60\nF1 a town 30\nF2 b rural 30\n", covers: "2022-01-01 2022-06-01", asOf: june,
		},
		plan: "P1 F1 - - 2022-08-01T08:00 2022-08-01T14:00 30\n",
	}
	c := s.check(t)
	want := []string{
		"fits false [over-budget]: 180 h, 30 interruptions, 0 h displaced",
		"P1 row 2 planned_maintenance: 180 h, 30 out, 0 h not counted",
		"a all cap: cost 180, left 90 to -90, decides true, fits false [over-budget], over 90, keep 15 of 30 of P1 for 90",
		"a rural cap: cost 120, left 60 to -60, decides true, fits false [over-budget], over 60, keep 10 of 20 of P1 for 60",
		"a town cap: cost 60, left 30 to -30, decides true, fits false [over-budget], over 30, keep 5 of 10 of P1 for 30",
		"pair rural cap: cost 120, left 90 to -30, decides true, fits false [over-budget], over 30, keep 5 of 20 of P1 for 30",
	}
	if diff := cmp.Diff(want, linesOf(c)); diff != "" {
		t.Errorf("check (-want +got):\n%s", diff)
	}
	wantPlaces := []snapshot.PlanCost{{Area: "a", Class: "rural", CustomerSeconds: 120 * hour}, {Area: "a", Class: "town", CustomerSeconds: 60 * hour}}
	if diff := cmp.Diff(wantPlaces, c.Rows[0].Places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// 120 customers off at 08:00, 60 back at 09:30, 40 at 11:00, 20 at 14:00 are 330
// customer-hours (60 × 1.5 + 40 × 3 + 20 × 6). Of 200 that are left 130 are missing:
// 20 kept on until 14:00 save 6 h each, 120, and 4 of the next, 3 h each, the rest.
func TestPlanInSteps(t *testing.T) {
	t.Parallel()
	s := planStory{story: story{policy: strings.Replace(fiveHours, "5h", "2h", 1), base: base120, covers: "2022-01-01 2022-06-01", asOf: june,
		events: "E1 F1 - - 2022-03-01T08:00 2022-03-01T10:00 20\n"}}
	p := s.parsed(t)
	r := storyReader{t: t, zone: p.Zone}
	q := s.proposal(t, p)
	b := outage.NewBatch(outage.NewDict())
	b.Append(&outage.Event{
		Row: 2, ID: "P1", Feeder: "F1", Start: r.at("2022-08-01T08:00"), End: r.at("2022-08-01T14:00"), Customers: 120, Served: outage.Missing,
		Steps: []outage.Step{{At: r.at("2022-08-01T09:30"), Restored: 60}, {At: r.at("2022-08-01T11:00"), Restored: 40}},
	})
	if err := q.Deliveries[0].Add(b); err != nil {
		t.Fatal(err)
	}
	c, err := snapshot.CheckPlan(s.engine(t, p), p, q)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"fits false [over-budget]: 330 h, 120 interruptions, 0 h displaced",
		"P1 row 2 planned_maintenance: 330 h, 120 out, 0 h not counted",
		"a rural cap: cost 330, left 200 to -130, decides true, fits false [over-budget], over 130, keep 24 of 120 of P1 for 132",
	}
	if diff := cmp.Diff(want, linesOf(c)); diff != "" {
		t.Errorf("check (-want +got):\n%s", diff)
	}
}

// Of 120 customers 50 are told to be out for 2 h during the 12 h of a plan for all of
// them: the plan, which begins first, has them out, and what was told counts nothing
// any more. 120 × 12 − 50 × 2 = 1340. An outage under way without an end is over at
// as-of, and displaces nothing.
func TestPlanDisplaces(t *testing.T) {
	t.Parallel()
	s := planStory{
		story: story{policy: strings.Replace(fiveHours, "5h", "20h", 1), base: base120 + "F2 a rural 30\n", asOf: june,
			events: "E1 F1 - - 2022-08-01T12:00 2022-08-01T14:00 50\nE2 F2 - - 2022-05-31T23:00 open 10\n"},
		plan: "P1 F1 - - 2022-08-01T08:00 2022-08-01T20:00 120\nP2 F2 - - 2022-08-01T08:00 2022-08-01T09:00 5\n",
	}
	c := s.check(t)
	got := linesOf(c)[:3]
	want := []string{
		"fits true []: 1345 h, 75 interruptions, 100 h displaced", // 125 customers less the 50 who are out already
		"P1 row 2 planned_maintenance: 1440 h, 120 out, 0 h not counted",
		"P2 row 3 planned_maintenance: 5 h, 5 out, 0 h not counted open-outage-there",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("check (-want +got):\n%s", diff)
	}
}

// Three outages of U1 in the year are told. A fourth breaks the rule of more than 3
// pre-arranged ones for its 2 customers; U2 has had none. Work on U1 that is joined
// to what is told is no outage more.
func TestPlanRepeats(t *testing.T) {
	t.Parallel()
	told := "E1 F1/U1 - - 2022-02-01T08:00 2022-02-01T09:00 2 pre-arranged\nE2 F1/U1 - - 2022-03-01T08:00 2022-03-01T09:00 2 pre-arranged\nE3 F1/U1 - - 2022-07-01T08:00 2022-07-01T09:00 2 pre-arranged\n"
	of := func(plan string) planStory {
		return planStory{story: story{policy: fiveHours, asOf: june, events: told}, units: "U1 F1 a rural 2\nU2 F1 a rural 3\n", plan: plan}
	}
	for _, c := range []struct {
		name, plan string
		want       []string
	}{
		{"a fourth", "P1 F1 U1 - 2022-09-01T08:00 2022-09-01T09:00 -\n", []string{"fits false [repeat-rule]", "repeat pre-arranged a rural: 2"}},
		{"another unit", "P1 F1 U2 - 2022-09-01T08:00 2022-09-01T09:00 -\n", []string{"fits true []"}},
		{"joined", "P1 F1 U1 - 2022-07-01T09:00 2022-07-01T10:00 -\n", []string{"fits true []"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := of(c.plan)
			check := s.check(t)
			got := []string{fmt.Sprintf("fits %v %v", check.Fits, check.Reasons)}
			for _, r := range check.Repeats {
				got = append(got, fmt.Sprintf("repeat %s %s %s: %s", r.Rule, r.Area, r.Class, r.Customers))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("check (-want +got):\n%s", diff)
			}
		})
	}
}

// A row that asks for 150 of 120 customers has 120 out, and one beside told work what
// that leaves: nobody is kept on who is not out because of the row. 120 × 4 h are 60
// too many of 420, which 15 customers save. With 50 × 5 h told 170 are left, and the row,
// which asks for 100, has 70 out for 4 h: 110 are too many, which 28 customers save.
func TestPlanKeepsOnWhoIsOut(t *testing.T) {
	t.Parallel()
	beyond := planStory{story: story{policy: fiveHours, base: base120, events: fault180, asOf: june}, plan: "P1 F1 - - 2022-08-01T08:00 2022-08-01T12:00 150\n"}
	beside := planStory{
		story: story{policy: fiveHours, base: base120, events: fault180 + "T1 F1 - - 2022-08-01T07:00 2022-08-01T12:00 50 pre-arranged\n", asOf: june},
		plan:  "P1 F1 - - 2022-08-01T08:00 2022-08-01T12:00 100\n",
	}
	checkPlans(t, []planCase{
		{"beyond the base", beyond, []string{
			"fits false [over-budget]: 480 h, 120 interruptions, 0 h displaced",
			"P1 row 2 planned_maintenance: 480 h, 120 out, 120 h not counted more-customers-than-base",
			"a rural cap: cost 480, left 420 to -60, decides true, fits false [over-budget], over 60, keep 15 of 120 of P1 for 60",
		}},
		{"beside told work", beside, []string{
			"fits false [over-budget]: 280 h, 70 interruptions, 0 h displaced",
			"P1 row 2 planned_maintenance: 280 h, 70 out, 120 h not counted",
			"a rural cap: cost 280, left 170 to -110, decides true, fits false [over-budget], over 110, keep 28 of 70 of P1 for 112",
		}},
	})
}

// A keptPlan is a plan on feeders of one class and of units, which may not fit.
type keptPlan struct {
	e    *engine.Engine
	p    *policy.Policy
	plan []outage.Event
}

func drawKept(t *rapid.T) *keptPlan {
	story := story{policy: "targets:\n"}
	for _, s := range []string{"a", "g"} {
		for _, class := range []string{"rural", "all"} {
			limit := rapid.SampledFrom([]string{"1h", "5h", "20h"}).Draw(t, "cap")
			story.policy += fmt.Sprintf("  - {scope: %s, class: %s, cap: %s, strength: duty, deadline: 2022-12-31}\n", s, class, limit)
		}
	}
	if rapid.Bool().Draw(t, "parts") {
		story.policy += "prearranged_share: 0.5\n"
	}
	p, err := policy.Parse("story.yaml", []byte(story.yaml()))
	if err != nil {
		t.Fatal(err)
	}
	customers := func(feeder, unit string, area outage.Area, class outage.Class, n int64) outage.Customers {
		return outage.Customers{Feeder: feeder, Unit: unit, Area: area, Class: class, Customers: n, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo}
	}
	rows := []outage.Customers{customers("F1", "", "a", "rural", 100), customers("F2", "", "a", "town", 40), customers("F3", "", "b", "rural", 70), customers("F5", "", "c", "rural", 5)}
	for i := range 4 {
		rows = append(rows, customers("F4", "U"+strconv.Itoa(i), "a", "rural", int64(1+i)))
	}
	base, err := reliability.NewBase(rows, []outage.Class{"rural", "town"})
	if err != nil {
		t.Fatal(err)
	}
	k := &keptPlan{p: p, e: engine.New(base, engine.Options{Zone: p.Zone, Workers: 1})}
	asOf := p.YearStart.Year(2022, p.Zone).From + 100*86400
	event := func(id string) outage.Event {
		at := rows[rapid.IntRange(0, len(rows)-1).Draw(t, "place")]
		start := asOf + rapid.Int64Range(0, 20).Draw(t, "start")*3600
		return outage.Event{
			ID: id, Feeder: at.Feeder, Unit: at.Unit, Start: start, End: start + rapid.Int64Range(0, 40).Draw(t, "length")*1801,
			Customers: rapid.Int64Range(1, at.Customers+at.Customers/4).Draw(t, "customers"), Nature: outage.PlannedMaintenance, Served: outage.Missing,
		}
	}
	b := outage.NewBatch(outage.NewDict())
	for i := range rapid.IntRange(0, 3).Draw(t, "told") {
		ev := event("E" + strconv.Itoa(i))
		b.Append(&ev)
	}
	for i := range rapid.IntRange(1, 7).Draw(t, "proposed") {
		k.plan = append(k.plan, event("P"+strconv.Itoa(i)))
	}
	load := k.e.Begin()
	year := p.YearStart.Year(2022, p.Zone)
	if err := load.Add(b); err != nil {
		t.Fatal(err)
	}
	if err := load.Commit(&outage.Delivery{Covers: []outage.Covers{{Period: year}}}); err != nil {
		t.Fatal(err)
	}
	k.e.Advance(asOf)
	return k
}

func (k *keptPlan) check(t *rapid.T, plan []outage.Event) *snapshot.PlanCheck {
	c, err := snapshot.CheckPlan(k.e, k.p, snapshot.Proposal{Deliveries: deliveriesOf(t, plan)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fits says whether the target of a scope and class fits.
func fits(c *snapshot.PlanCheck, of *snapshot.PlanTarget) bool {
	i := slices.IndexFunc(c.Targets, func(t snapshot.PlanTarget) bool { return t.Scope == of.Scope && t.Class == of.Class })
	return i < 0 || c.Targets[i].Fits // what the plan does not touch it is not held to
}

// without takes the customers out of a plan that are kept on, but fewer of one row:
// one customer, or a whole unit.
func without(plan []outage.Event, keep []snapshot.KeepOn, fewer int) (left []outage.Event) {
	left = slices.Clone(plan)
	for i, k := range keep {
		ev := &left[k.Row]
		switch {
		case ev.Unit == "" && i == fewer:
			ev.Customers = min(ev.Customers, k.Of) - k.Customers + 1
		case ev.Unit == "":
			ev.Customers = min(ev.Customers, k.Of) - k.Customers
		case i != fewer:
			ev.End = ev.Start // nobody is out for any time
		}
	}
	return left
}

// With the customers kept on that a check asks for, the plan fits; with one fewer,
// whoever it is, it does not, unless others are to be out in their place. Where nobody is to be kept on although the plan does not fit, it does
// not fit without rows either.
func TestLawKeepOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := drawKept(t)
		plan := accepted(k.check(t, k.plan), k.plan)
		c := k.check(t, plan)
		for i := range c.Targets {
			target := &c.Targets[i]
			if target.Hopeless != (target.Over > 0 && len(target.KeepOn) == 0) {
				t.Fatalf("hopeless, and %+v to be kept on", target)
			}
			if target.Fits || target.Hopeless {
				continue
			}
			for _, on := range target.KeepOn {
				out := c.Rows[slices.IndexFunc(c.Rows, func(r snapshot.PlanRow) bool { return r.EventID == on.EventID })].Customers.Float()
				if on.Customers > on.Of || float64(on.Of) > math.Ceil(out) {
					t.Fatalf("%d of %d customers to be kept on, and the row has %v out", on.Customers, on.Of, out)
				}
			}
			if !fits(k.check(t, without(plan, target.KeepOn, -1)), target) {
				t.Fatalf("it does not fit with these kept on: %s", lineOf(target))
			}
			plain := c.Displaced == 0 && !slices.ContainsFunc(c.Rows, func(r snapshot.PlanRow) bool { return r.NotCounted != 0 })
			for n := range target.KeepOn {
				if plain && fits(k.check(t, without(plan, target.KeepOn, n)), target) {
					t.Fatalf("it fits with one fewer of entry %d: %s", n, lineOf(target))
				}
			}
		}
	})
}
