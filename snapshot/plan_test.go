package snapshot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A planStory is a story with proposed outages: lines of id, feeder, unit, area,
// start, end or "open", customers, and at will the nature.
type planStory struct {
	story
	units     string // lines of the base more: unit, feeder, area, class, customers
	plan      string
	strengths []policy.Strength
}

func (s *planStory) engine(t testing.TB, p *policy.Policy) *engine.Engine {
	t.Helper()
	r := storyReader{t: t, zone: p.Zone}
	rows := r.base(s.base)
	for _, words := range tableOf(s.units) {
		rows = append(rows, outage.Customers{
			Unit: words[0], Feeder: words[1], Area: outage.Area(words[2]), Class: outage.Class(words[3]), Customers: r.number(words[4]),
			ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo,
		})
	}
	base, err := reliability.NewBase(rows, []outage.Class{"rural", "town"})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(base, engine.Options{Zone: p.Zone, Workers: 1})
	batch, _ := r.events(s.events)
	for i := range batch.Len() { // the feeder of a line may be "F1/U1"
		feeder, unit, _ := strings.Cut(batch.Text(batch.Feeder[i]), "/")
		batch.Feeder[i], batch.Unit[i] = batch.Dict.Intern(feeder), batch.Dict.Intern(unit)
	}
	load := e.Begin()
	if err := load.Add(batch); err != nil {
		t.Fatal(err)
	}
	if err := load.Commit(&outage.Delivery{Path: "events.csv", Rows: batch.Len(), Covers: r.covers(s.covers)}); err != nil {
		t.Fatal(err)
	}
	e.Advance(r.at(s.asOf))
	return e
}

// proposal reads the plan as one file.
func (s *planStory) proposal(t testing.TB, p *policy.Policy) snapshot.Proposal {
	t.Helper()
	q := snapshot.Proposal{Program: "saidi test", Strengths: s.strengths}
	q.Deliveries = append(q.Deliveries, proposed(t, p, "plan.csv", s.plan))
	return q
}

// proposed reads lines of a plan, from the second row of a file on, in batches of
// two that are used again.
func proposed(t testing.TB, p *policy.Policy, path, lines string) snapshot.Proposed {
	t.Helper()
	r := storyReader{t: t, zone: p.Zone}
	d := snapshot.Proposed{Delivery: &outage.Delivery{Path: path, SHA256: "0a"}}
	b := outage.NewBatch(outage.NewDict())
	flush := func() {
		if err := d.Add(b); err != nil {
			t.Fatal(err)
		}
		b.Reset()
	}
	for i, words := range tableOf(lines) {
		e := outage.Event{
			Row: outage.Row(i + 2), Source: "oms", ID: words[0], Feeder: words[1], Unit: words[2], Area: words[3],
			Start: r.at(words[4]), End: outage.Open, Customers: outage.Missing, Served: outage.Missing,
		}
		if words[5] != "open" {
			e.End = r.at(words[5])
		}
		if words[6] != "" {
			e.Customers = r.number(words[6])
		}
		if len(words) > 7 {
			e.Nature, _ = outage.ParseNature(words[7])
		}
		if reason, column := e.Impossible(); reason != "" {
			b.Rejected = append(b.Rejected, outage.Rejection{Event: e, Reason: reason, Column: column, Value: "?"})
		} else {
			b.Append(&e)
		}
		d.Delivery.Rows++
		if b.Len() == 2 {
			flush()
		}
	}
	flush()
	return d
}

func (s *planStory) check(t testing.TB) *snapshot.PlanCheck {
	t.Helper()
	p := s.parsed(t)
	c, err := snapshot.CheckPlan(s.engine(t, p), p, s.proposal(t, p))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const hour = 3600 * 1000 // thousandths of a customer-second in a customer-hour

// hoursOfCost writes customer-hours, which have at most three decimals here.
func hoursOfCost(m snapshot.Milli) string { return fmt.Sprintf("%g", float64(m)/hour) }

func hoursAt(m *snapshot.Milli) string {
	if m == nil {
		return "null"
	}
	return hoursOfCost(*m)
}

// linesOf writes what a check says, in customer-hours.
func linesOf(c *snapshot.PlanCheck) (lines []string) {
	lines = append(lines, fmt.Sprintf("fits %v %v: %s h, %s interruptions, %s h displaced", c.Fits, c.Reasons, hoursOfCost(c.CustomerSeconds), c.Interruptions, hoursOfCost(c.Displaced)))
	for i := range c.Rows {
		r := &c.Rows[i]
		line := fmt.Sprintf("%s row %d", r.EventID, r.Row)
		if r.Rejected != nil {
			line += ": " + r.Rejected.Reason + " " + r.Rejected.Column + "=" + r.Rejected.Value
		} else {
			line += fmt.Sprintf(" %s: %s h, %s out, %s h not counted", r.Nature, hoursOfCost(r.CustomerSeconds), r.Customers, hoursOfCost(r.NotCounted))
		}
		lines = append(lines, strings.Join(append([]string{line}, r.Flags...), " "))
	}
	for i := range c.Targets {
		lines = append(lines, lineOf(&c.Targets[i]))
	}
	for _, r := range c.Repeats {
		lines = append(lines, fmt.Sprintf("repeat %s %s %s: %s", r.Rule, r.Area, r.Class, r.Customers))
	}
	return lines
}

func lineOf(t *snapshot.PlanTarget) string {
	line := fmt.Sprintf("%s %s %s: cost %s, left %s to %s, decides %v, fits %v %v, over %s", t.Scope, t.Class, t.Rule, hoursOfCost(t.Cost),
		hoursAt(t.RemainingBefore), hoursAt(t.RemainingAfter), t.Decides, t.Fits, t.Reasons, hoursOfCost(t.Over))
	if t.PreArrangedRemainingBefore != nil {
		line += fmt.Sprintf(", pre-arranged %s to %s", hoursAt(t.PreArrangedRemainingBefore), hoursAt(t.PreArrangedRemainingAfter))
	}
	if t.Hopeless {
		line += ", hopeless"
	}
	for _, k := range t.KeepOn {
		line += fmt.Sprintf(", keep %d of %d of %s for %s", k.Customers, k.Of, k.EventID, hoursOfCost(k.Saves))
	}
	return line
}

// A planCase is a plan and what is said of it, worked out by hand.
type planCase struct {
	name string
	planStory
	want []string
}

func checkPlans(t *testing.T, cases []planCase) {
	t.Helper()
	for i := range cases {
		t.Run(cases[i].name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(cases[i].want, linesOf(cases[i].check(t))); diff != "" {
				t.Errorf("check (-want +got):\n%s", diff)
			}
		})
	}
}

// A feeder of 120 customers with a cap of 5 h has 600 customer-hours. A fault of 3 h
// took 60 of them in March, 180 customer-hours, so that 420 are left.
const (
	fiveHours = "targets: [{scope: a, class: rural, cap: 5h, strength: aspiration, deadline: 2022-12-31}]\n"
	base120   = "F1 a rural 120\n"
	fault180  = "E1 F1 - - 2022-03-01T08:00 2022-03-01T11:00 60\n"
	june      = "2022-06-01"
)

func TestPlanAgainstBudget(t *testing.T) {
	t.Parallel()
	of := func(plan string) planStory {
		return planStory{story: story{policy: fiveHours, base: base120, events: fault180, asOf: june}, plan: plan}
	}
	checkPlans(t, []planCase{
		{"fits", of("P1 F1 - - 2022-08-01T08:00 2022-08-01T12:00 100\n"), []string{ // 100 × 4 h
			"fits true []: 400 h, 100 interruptions, 0 h displaced",
			"P1 row 2 planned_maintenance: 400 h, 100 out, 0 h not counted",
			"a rural cap: cost 400, left 420 to 20, decides true, fits true [], over 0",
		}},
		{"to the last customer-second", of("P1 F1 - - 2022-08-01T08:00 2022-08-01T12:12 100\n"), []string{ // 100 × 4.2 h
			"fits true []: 420 h, 100 interruptions, 0 h displaced",
			"P1 row 2 planned_maintenance: 420 h, 100 out, 0 h not counted",
			"a rural cap: cost 420, left 420 to 0, decides true, fits true [], over 0",
		}},
		// 120 × 4 h = 480 are 60 too many; each customer kept on saves 4 h.
		{"does not fit", of("P1 F1 - - 2022-08-01T08:00 2022-08-01T12:00 120 planned_construction\n"), []string{
			"fits false [over-budget]: 480 h, 120 interruptions, 0 h displaced",
			"P1 row 2 planned_construction: 480 h, 120 out, 0 h not counted",
			"a rural cap: cost 480, left 420 to -60, decides true, fits false [over-budget], over 60, keep 15 of 120 of P1 for 60",
		}},
		// 50 × 8 h + 40 × 4 h = 560 are 140 too many: 17 of those who are out for 8 h save 136, the 18th the rest.
		{"the longest first", of("P2 F1 - - 2022-09-01T08:00 2022-09-01T12:00 40\nP1 F1 - - 2022-08-01T08:00 2022-08-01T16:00 50\n"), []string{
			"fits false [over-budget]: 560 h, 90 interruptions, 0 h displaced",
			"P2 row 2 planned_maintenance: 160 h, 40 out, 0 h not counted",
			"P1 row 3 planned_maintenance: 400 h, 50 out, 0 h not counted",
			"a rural cap: cost 560, left 420 to -140, decides true, fits false [over-budget], over 140, keep 18 of 50 of P1 for 144",
		}},
		// 50 × 8 h + 120 × 4 h = 880 are 460 too many: all 50 save 400, and 15 more 60.
		{"then the others", of("P2 F1 - - 2022-09-01T08:00 2022-09-01T12:00 120\nP1 F1 - - 2022-08-01T08:00 2022-08-01T16:00 50\n"), []string{
			"fits false [over-budget]: 880 h, 170 interruptions, 0 h displaced",
			"P2 row 2 planned_maintenance: 480 h, 120 out, 0 h not counted",
			"P1 row 3 planned_maintenance: 400 h, 50 out, 0 h not counted",
			"a rural cap: cost 880, left 420 to -460, decides true, fits false [over-budget], over 460, keep 15 of 120 of P2 for 60, keep 50 of 50 of P1 for 400",
		}},
		// The base has 120 customers, so 30 of 150 count nowhere: 30 × 2 h.
		{"more than the base", of("P1 F1 - - 2022-08-01T08:00 2022-08-01T10:00 150\n"), []string{
			"fits true []: 240 h, 120 interruptions, 0 h displaced",
			"P1 row 2 planned_maintenance: 240 h, 120 out, 60 h not counted more-customers-than-base",
			"a rural cap: cost 240, left 420 to 180, decides true, fits true [], over 0",
		}},
		// From 31 December 22:00 on, 2 h of 5 lie in the year.
		{"beyond the year", of("P1 F1 - - 2022-12-31T22:00 2023-01-01T03:00 100\n"), []string{
			"fits true []: 200 h, 100 interruptions, 0 h displaced",
			"P1 row 2 planned_maintenance: 200 h, 100 out, 0 h not counted beyond-the-year",
			"a rural cap: cost 200, left 420 to 220, decides true, fits true [], over 0",
		}},
		{"no rows", of(""), []string{"fits false [nothing-accepted]: 0 h, 0 interruptions, 0 h displaced"}},
		{"only bad rows", of("P1 F1 - - 2022-05-31T23:59:59 2022-06-02T12:00 100\n"), []string{
			"fits false [rows-rejected nothing-accepted]: 0 h, 0 interruptions, 0 h displaced",
			"P1 row 2: in-the-past start=2022-05-31T23:59:59+08:00",
		}},
		{"nobody out", of("P1 F1 - - 2022-08-01T08:00 2022-08-01T12:00 0\n"), []string{
			"fits true []: 0 h, 0 interruptions, 0 h displaced",
			"P1 row 2 planned_maintenance: 0 h, 0 out, 0 h not counted",
		}},
	})
}

// The part for pre-arranged outages is half of 600 customer-hours; a cap that is
// spent before cannot be kept by keeping customers on; a target of a strength that
// does not decide is told, and does not decide.
func TestPlanParts(t *testing.T) {
	t.Parallel()
	plan := "P1 F1 - - 2022-08-01T08:00 2022-08-01T12:00 100\n" // 400 customer-hours
	of := func(policy string) planStory {
		return planStory{story: story{policy: policy, base: base120, events: fault180, asOf: june}, plan: plan}
	}
	row := "P1 row 2 planned_maintenance: 400 h, 100 out, 0 h not counted"
	informative := of(strings.Replace(fiveHours, "5h", "3h", 1))
	informative.strengths = []policy.Strength{policy.Duty}
	after := of(fiveHours + "after_deadline: informative\n")
	after.asOf, after.plan = "2023-06-01", "P1 F1 - - 2023-08-01T08:00 2023-08-01T12:00 100\n"
	unknown := of("targets: [{scope: a, class: rural, reduction: 8%, strength: duty, deadline: 2022-12-31}]\n")
	checkPlans(t, []planCase{
		{"over the part", of("prearranged_share: 0.5\n" + fiveHours), []string{ // 300 are for what is pre-arranged
			"fits false [over-pre-arranged]: 400 h, 100 interruptions, 0 h displaced", row,
			"a rural cap: cost 400, left 420 to 20, decides true, fits false [over-pre-arranged], over 100, pre-arranged 300 to -100, keep 25 of 100 of P1 for 100",
		}},
		{"spent already", of(strings.Replace(fiveHours, "5h", "1h", 1)), []string{ // 120 of which 180 are used
			"fits false [over-budget spent-already]: 400 h, 100 interruptions, 0 h displaced", row,
			"a rural cap: cost 400, left -60 to -460, decides true, fits false [over-budget spent-already], over 460, hopeless",
		}},
		{"does not decide", informative, []string{ // 360 of which 180 are used
			"fits false [nothing-decides]: 400 h, 100 interruptions, 0 h displaced", row,
			"a rural cap: cost 400, left 180 to -220, decides false, fits false [over-budget], over 220, keep 55 of 100 of P1 for 220",
		}},
		{"after the deadline", after, []string{ // 600 of which nothing is used; nobody has told of 2023 yet
			"fits false [nothing-decides]: 400 h, 100 interruptions, 0 h displaced", row,
			"a rural cap: cost 400, left null to null, decides false, fits false [no-budget], over 0",
		}},
		{"no base year", unknown, []string{
			"fits false [no-budget]: 400 h, 100 interruptions, 0 h displaced", row,
			"a rural reduction: cost 400, left null to null, decides false, fits false [no-budget], over 0",
		}},
	})
}

// What history expects of pre-arranged outages warns, and does not decide, and so does
// the probability of missing the target. Every month of five years had 20 customers
// out for 1 h by a fault and 10 for 1 h before it was arranged, 360 customer-hours a
// year: a third of the budget is for the latter, of 2400 customer-hours 800 with 50
// used.
func TestPlanWarnings(t *testing.T) {
	t.Parallel()
	var events strings.Builder
	for year := 2017; year <= 2022; year++ {
		for month := 1; month <= 12 && (year < 2022 || month <= 5); month++ {
			fmt.Fprintf(&events, "F%d-%d F1 - - %d-%02d-05T08:00 %d-%02d-05T09:00 20\n", year, month, year, month, year, month)
			fmt.Fprintf(&events, "P%d-%d F1 - - %d-%02d-15T08:00 %d-%02d-15T09:00 10 pre-arranged\n", year, month, year, month, year, month)
		}
	}
	of := func(limit, plan string) planStory {
		return planStory{story: story{policy: strings.Replace(fiveHours, "5h", limit, 1), base: base120, events: events.String(), covers: "2017-01-01 2022-06-01", asOf: june}, plan: plan}
	}
	some := "P1 F1 - - 2022-08-01T08:00 2022-08-01T14:00 120\n"       // 720 customer-hours
	more := some + "P2 F1 - - 2022-09-01T08:00 2022-09-01T09:00 60\n" // 780
	tight := "P1 F1 - - 2022-08-01T08:00 2022-08-01T10:00 75\n"       // 150 of the 270 that are left
	units := of("20h", some)
	units.units = "U1 F3 a town 1\n"
	for _, c := range []struct {
		name string
		planStory
		want string
	}{
		{"as usual", of("20h", some), "fits true [repeats-untold], target []"},
		{"more than usual", of("20h", more), "fits true [over-pre-arranged-usual repeats-untold], target [over-pre-arranged-usual]"},
		{"tight", of("3.5h", tight), "fits true [miss-likely miss-raised over-pre-arranged-usual repeats-untold], target [miss-likely miss-raised over-pre-arranged-usual]"},
		{"units are known", units, "fits true [], target []"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check := c.check(t)
			if got := fmt.Sprintf("fits %v %v, target %v", check.Fits, check.Warnings, check.Targets[0].Warnings); got != c.want {
				t.Errorf("got %s, want %s: %s", got, c.want, lineOf(&check.Targets[0]))
			}
		})
	}
}

// A row without an id goes by its file and row. One with the place, start and end of
// told work may be the same under another id, of a unit whatever the feeder, and
// costs what it costs; with another start or end it is another one.
func TestPlanPerhapsTold(t *testing.T) {
	t.Parallel()
	s := planStory{
		story: story{policy: fiveHours, base: base120, asOf: june,
			events: "T1 F1 - - 2022-07-01T08:00 2022-07-01T10:00 10 pre-arranged\nT2 F3/U1 - - 2022-07-01T08:00 2022-07-01T10:00 1 pre-arranged\n"},
		units: "U1 F3 a rural 1\nU2 F3 a rural 1\n",
		plan: `- F1 - - 2022-07-01T08:00 2022-07-01T10:00 10
- F1 - - 2022-07-01T08:00 2022-07-01T10:06 10
- - U1 - 2022-07-01T08:00 2022-07-01T10:00 1
- F3 U2 - 2022-07-01T08:00 2022-07-01T10:00 1
`,
	}
	want := []string{
		"plan.csv:2 row 2 planned_maintenance: 20 h, 10 out, 0 h not counted perhaps-told",
		"plan.csv:3 row 3 planned_maintenance: 21 h, 10 out, 0 h not counted",
		"plan.csv:4 row 4 planned_maintenance: 0 h, 0 out, 0 h not counted perhaps-told",
		"plan.csv:5 row 5 planned_maintenance: 2 h, 1 out, 0 h not counted",
	}
	c := s.check(t)
	if diff := cmp.Diff(want, linesOf(c)[1:5]); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if !slices.Contains(c.Warnings, "perhaps-told") {
		t.Errorf("warnings %v, want perhaps-told among them", c.Warnings)
	}
}

// Everything that may be wrong with a row is said of it.
func TestPlanProblems(t *testing.T) {
	t.Parallel()
	s := planStory{
		story: story{
			policy: fiveHours, base: base120 + "F2 a town 40\n- b rural 90\n", asOf: june,
			events: fault180 + "T1 F2 - - 2022-07-01T08:00 2022-07-01T10:00 10 pre-arranged\nO1 F2 - - 2022-05-31T08:00 open 15\nO2 F3/U1 - - 2022-05-30T08:00 open 1\n",
		},
		units: "U1 F3 a rural 1\nU2 F3 a rural 1\n",
		plan: `ok F1 - - 2022-08-01T08:00 2022-08-01T10:00 60
past F1 - - 2022-05-01T08:00 2022-07-01T10:00 10
open F1 - - 2022-08-01T08:00 open 10
long F1 - - 2022-08-01T08:00 2023-08-01T08:00:01 10
after F1 - - 2023-01-01T00:00 2023-01-01T01:00 10
fault F1 - - 2022-08-02T08:00 2022-08-02T10:00 10 fault_internal
none F1 - - 2022-08-02T08:00 2022-08-02T10:00 10 not_an_outage
feeder F9 - a 2022-08-02T08:00 2022-08-02T10:00 10
nowhere F9 - - 2022-08-02T08:00 2022-08-02T10:00 10
area - - a 2022-08-02T08:00 2022-08-02T10:00 10
unit F3 U9 a 2022-08-02T08:00 2022-08-02T10:00 10
label L7 X1 b 2022-08-02T08:00 2022-08-02T10:00 10
told F2 - - 2022-07-01T08:00 2022-07-01T10:00 10
T1 F2 - - 2022-07-01T08:00 2022-07-01T10:00 10
some F1 - - 2022-08-01T09:00 2022-08-01T11:00 60
many F1 - - 2022-08-01T09:59:59 2022-08-01T11:00 1
later F1 - - 2022-08-01T10:00 2022-08-01T11:00 60
u2 F3 U2 - 2022-08-01T09:00 2022-08-01T11:00 1
again F3 U2 - 2022-08-01T10:59:59 2022-08-01T12:00 1
touch F3 U2 - 2022-08-01T11:00 2022-08-01T12:00 1
u1 F3 U1 - 2022-08-01T09:00 2022-08-01T11:00 1
beside F2 - - 2022-08-01T09:00 2022-08-01T11:00 25
full F2 - - 2022-08-02T09:00 2022-08-02T11:00 26
twice F1 - - 2022-09-01T09:00 2022-09-01T11:00 5
twice F1 - - 2022-09-01T09:00 2022-09-01T12:00 5
back F1 - - 2022-09-02T09:00 2022-09-02T08:00 5
lacks F1 - - 2022-09-03T09:00 2022-09-03T10:00 -
`,
	}
	want := []string{
		"ok row 2 planned_maintenance: 120 h, 60 out, 0 h not counted",
		"past row 3: in-the-past start=2022-05-01T08:00:00+08:00",
		"open row 4: no-end end=",
		"long row 5: longer-than-year end=2023-08-01T08:00:01+08:00",
		"after row 6: after-the-year start=2023-01-01T00:00:00+08:00",
		"fault row 7: not-pre-arranged nature=fault_internal",
		"none row 8: not-pre-arranged nature=not_an_outage",
		"feeder row 9: unknown-feeder feeder_id=F9",
		"nowhere row 10: unknown-feeder feeder_id=F9",
		"area row 11: unknown-feeder feeder_id=",
		"unit row 12: unknown-unit unit_id=U9",
		"label row 13 planned_maintenance: 20 h, 10 out, 0 h not counted unknown-unit",
		"told row 14 planned_maintenance: 20 h, 10 out, 0 h not counted perhaps-told open-outage-there", // or another work at the same time
		"T1 row 15: told-already event_id=T1",
		"some row 16 planned_maintenance: 120 h, 60 out, 0 h not counted", // 60 + 60 of 120
		"many row 17: overlaps-plan start=plan.csv, row 2 (ok)",           // 121 of 120
		"later row 18 planned_maintenance: 60 h, 60 out, 0 h not counted", // from where the first ends
		"u2 row 19 planned_maintenance: 2 h, 1 out, 0 h not counted",
		"again row 20: overlaps-plan start=plan.csv, row 19 (u2)",
		"touch row 21 planned_maintenance: 1 h, 1 out, 0 h not counted",
		"u1 row 22: overlaps-open start=events.csv, row 5 (O2)",
		"beside row 23 planned_maintenance: 50 h, 25 out, 0 h not counted open-outage-there", // 25 + 15 of 40
		"full row 24: overlaps-open start=events.csv, row 4 (O1)",
		"twice row 25: repeated-key event_id=twice",
		"twice row 26: repeated-key event_id=twice",
		"back row 27: end-before-start end=?",
		"lacks row 28: missing-customers customers=",
	}
	c := s.check(t)
	got := linesOf(c)
	if diff := cmp.Diff(want, got[1:len(want)+1]); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if want := []string{"rows-rejected"}; c.Fits || !slices.Equal(c.Reasons, want) {
		t.Errorf("fits is %v %v, want false %v", c.Fits, c.Reasons, want)
	}
	wantCounts := []snapshot.File{{Path: "plan.csv", SHA256: "0a", Rows: 27, Accepted: 8, Rejected: 19}}
	if diff := cmp.Diff(wantCounts, c.Inputs); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	seen := map[string]bool{}
	for i := range c.Rows {
		if r := c.Rows[i].Rejected; r != nil {
			seen[r.Reason] = true
			if r.Advice == "" {
				t.Errorf("row %d: no advice for %s", c.Rows[i].Row, r.Reason)
			}
		}
	}
	for _, p := range policy.PlanProblems() {
		if !seen[string(p)] {
			t.Errorf("no row shows %s", p)
		}
	}
}
