package snapshot_test

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/simulate"
	"github.com/saidi-exporter/saidi/snapshot"
)

// madeUp is a small made-up province of 2020 to 2022, with what corrects it.
func madeUp(t testing.TB) (*engine.Engine, *policy.Policy) {
	t.Helper()
	return madeUpUntil(t, math.MaxInt64)
}

// madeUpUntil is the same of outages that began before an instant.
func madeUpUntil(t testing.TB, until int64) (*engine.Engine, *policy.Policy) {
	t.Helper()
	o := simulate.DefaultOptions()
	o.Scale, o.Clean = 0.05, true
	made, err := simulate.New(o)
	if err != nil {
		t.Fatal(err)
	}
	p := policy.Qinghai()
	base, err := p.NewBase(slices.Collect(made.Customers()))
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(base, snapshot.EngineOptions(p, 72*time.Hour))
	for _, d := range []simulate.Delivery{simulate.First, simulate.Late} {
		b := outage.NewBatch(outage.NewDict())
		for r := range made.Records(d) {
			row := r.Event
			if row.Row = outage.Row(b.Len() + 1); row.Start < until {
				b.Append(&row)
			}
		}
		load := e.Begin()
		if err := load.Add(b); err != nil {
			t.Fatal(err)
		}
		if err := load.Commit(&outage.Delivery{Path: "province", Rows: b.Len(), Covers: made.Covers()}); err != nil {
			t.Fatal(err)
		}
	}
	return e, p
}

func local(t testing.TB, p *policy.Policy, text string) int64 {
	t.Helper()
	at, err := period.ParseTime(text, p.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// probabilities are those of the quantiles of a projection, ascending.
var probabilities = snapshot.ProjectedProbabilities()

// On every day on which a year is looked at its projection holds together: the
// quantiles rise from what has happened, and so do those of every month; the
// expected path rises to the limit; the verdict is that of the probability; and the
// uncertainty ends with the year, when every quantile is the value.
func TestProjectionsHoldTogether(t *testing.T) {
	t.Parallel()
	e, p := madeUp(t)
	projected := 0
	for _, day := range []string{"2022-01-02", "2022-02-10T12:00", "2022-04-01", "2022-07-01", "2022-10-01T23:59:59", "2022-12-31", "2022-12-31T23:59:59", "2023-01-01"} {
		asOf := local(t, p, day)
		e.Advance(asOf)
		s := snapshot.Build(e, p, snapshot.Options{Anonymous: true, Year: new(2022)})
		for i := range s.Targets {
			target := &s.Targets[i]
			if target.Projection == nil {
				continue
			}
			projected++
			checkProjection(t, day, target)
		}
		if day == "2022-07-01" && projected < 5*len(s.Targets)/2 {
			t.Errorf("%d projections by %s of %d targets", projected, day, len(s.Targets))
		}
	}
}

func checkProjection(t *testing.T, day string, target *snapshot.Target) {
	t.Helper()
	p := target.Projection
	name := day + " " + target.Scope + " " + target.Class + " " + target.Rule
	var list []float64
	for _, text := range probabilities {
		list = append(list, p.Quantiles[text])
	}
	if !slices.IsSorted(list) || math.IsNaN(list[0]) || math.IsInf(list[4], 0) {
		t.Errorf("%s: quantiles %v", name, list)
	}
	if day == "2023-01-01" {
		if list[0] != *target.ValueHours || list[4] != *target.ValueHours {
			t.Errorf("%s: the year is over, quantiles %v, value %v", name, list, *target.ValueHours)
		}
		return
	}
	if len(p.Path) != 12 || p.Path[11].Quantiles["0.5"] != p.Quantiles["0.5"] || p.Path[11].Quantiles["0.95"] != p.Quantiles["0.95"] {
		t.Errorf("%s: the path ends with %+v, the projection is %v", name, p.Path[len(p.Path)-1], p.Quantiles)
	}
	checkPath(t, name, target)
	if target.LimitHours == nil {
		return
	}
	if miss := *p.MissProbability; target.Verdict != string(policy.CannotTell) && target.Reasons[0] != string(policy.LimitPassed) {
		want := policy.OnTrack
		if miss > 0.2 {
			want = policy.AtRisk
		}
		if miss > 0.8 {
			want = policy.OffTrack
		}
		if target.Verdict != string(want) {
			t.Errorf("%s: %s at a probability of %v", name, target.Verdict, miss)
		}
	}
	if over := list[2] > *target.LimitHours; over != (p.PassesOn != nil) && target.Reasons[0] != string(policy.LimitPassed) {
		t.Errorf("%s: the middle is %v of %v, and it passes on %v", name, list[2], *target.LimitHours, p.PassesOn)
	}
}

func checkPath(t *testing.T, name string, target *snapshot.Target) {
	t.Helper()
	path := target.Projection.Path
	for n := range path {
		if (path[n].ValueHours == nil) != (len(path[n].Quantiles) == len(probabilities)) {
			t.Errorf("%s: at %s value %v and quantiles %v", name, path[n].At, path[n].ValueHours, path[n].Quantiles)
		}
		if n > 0 && target.LimitHours != nil && *path[n].ExpectedHours < *path[n-1].ExpectedHours {
			t.Errorf("%s: expected %v, then %v", name, *path[n-1].ExpectedHours, *path[n].ExpectedHours)
		}
	}
	if target.LimitHours != nil && math.Abs(*path[11].ExpectedHours-*target.LimitHours) > 1e-9**target.LimitHours {
		t.Errorf("%s: a year expects %v of %v", name, *path[11].ExpectedHours, *target.LimitHours)
	}
}

// The same data have the same projections, however often they are asked.
func TestProjectionsAgain(t *testing.T) {
	t.Parallel()
	e, p := madeUp(t)
	e.Advance(local(t, p, "2022-05-05"))
	build := func() []snapshot.Target { return snapshot.Build(e, p, snapshot.Options{Anonymous: true}).Targets }
	if diff := gocmp.Diff(build(), build()); diff != "" {
		t.Errorf("targets (-first +again):\n%s", diff)
	}
}

// Work that is told for the days to come shows as scheduled, is no use of the
// budget yet, and lowers no quantile; once it is over it is used.
func TestScheduledWork(t *testing.T) {
	t.Parallel()
	asOf := local(t, policy.Qinghai(), "2022-11-01")
	e, p := madeUpUntil(t, asOf)
	e.Advance(asOf)
	find := func() snapshot.Target {
		s := snapshot.Build(e, p, snapshot.Options{Anonymous: true})
		i := slices.IndexFunc(s.Targets, func(t snapshot.Target) bool { return t.Scope == "xining" && t.Class == "rural" && t.Rule == "cap" })
		return s.Targets[i]
	}
	before := find()
	row := outage.Event{
		Row: 1, Source: "work", ID: "W1", Area: "xining", Class: "rural", Start: asOf + 20*86400, End: asOf + 25*86400, Customers: 300,
		Nature: outage.PlannedConstruction, Served: outage.Missing, Revision: 0,
	}
	for i := range e.Base().Cells() {
		if c := &e.Base().Cells()[i]; c.Area == "xining" && c.Class == "rural" {
			row.Feeder, row.Customers = c.Feeder, c.InService(row.Start)/1000
			break
		}
	}
	tell(t, e, row)
	e.Advance(asOf)
	after := find()
	cost := snapshot.Milli(row.Customers * 5 * 86400 * 1000)
	// What was scheduled before may hold some of its customers, at most what it costs.
	if got := after.Projection.Scheduled - before.Projection.Scheduled; got <= 0 || got > cost {
		t.Errorf("scheduled rose by %v, the work costs %v", got, cost)
	}
	if *after.BudgetRemaining != *before.BudgetRemaining || after.Budgets.PreArranged.Scheduled != after.Projection.Scheduled {
		t.Errorf("left %v, before %v; scheduled %v and %v", *after.BudgetRemaining, *before.BudgetRemaining, after.Budgets.PreArranged.Scheduled, after.Projection.Scheduled)
	}
	rose := false
	for _, q := range probabilities {
		rose = rose || after.Projection.Quantiles[q] > before.Projection.Quantiles[q]
		if after.Projection.Quantiles[q] < before.Projection.Quantiles[q] {
			t.Errorf("quantile %s fell from %v to %v", q, before.Projection.Quantiles[q], after.Projection.Quantiles[q])
		}
	}
	if !rose {
		t.Errorf("work of %v customer-hours in one class changes nothing", cost.Float()/3600)
	}
	// A fault that begins later shows that the data was told later: nobody knows what
	// had been told of work on 1 November.
	tell(t, e, outage.Event{Row: 1, Source: "work", ID: "F1", Feeder: row.Feeder, Start: asOf + 30*86400, End: asOf + 31*86400, Customers: 1, Nature: outage.FaultInternal, Served: outage.Missing})
	e.Advance(asOf)
	if diff := gocmp.Diff(before, find()); diff != "" {
		t.Errorf("in the past of the data (-without work +with it):\n%s", diff)
	}
}

// tell tells an engine of one row.
func tell(t testing.TB, e *engine.Engine, row outage.Event) {
	t.Helper()
	b := outage.NewBatch(outage.NewDict())
	b.Append(&row)
	load := e.Begin()
	if err := cmp.Or(load.Add(b), load.Commit(&outage.Delivery{Path: "work", Rows: 1})); err != nil {
		t.Fatal(err)
	}
}

// Days of which nothing was told are no days without an outage: with data until
// the end of August, asked on 1 October, September is drawn, too.
func TestUntoldDaysAreDrawn(t *testing.T) {
	t.Parallel()
	events, p := "", policy.Qinghai()
	for day := local(t, p, "2020-01-01"); day < local(t, p, "2022-09-01"); day += 86400 {
		at := time.Unix(day, 0).In(p.Zone).Format("2006-01-02")
		events += at + " F1 - - " + at + "T08:00 " + at + "T09:00 10\n"
	}
	of := func(asOf string) *snapshot.Projection {
		s := story{
			policy: "targets: [{scope: a, class: rural, cap: 90h, strength: duty, deadline: 2022-12-31}]\n", base: "F1 a rural 100\n", events: events,
			covers: "2020-01-01 2022-09-01\n", asOf: asOf,
		}
		return s.tell(t).Targets[0].Projection
	}
	then, later := of("2022-09-01"), of("2022-10-01")
	if then == nil || later == nil {
		t.Fatal("no projection")
	}
	// 0.1 h a day: 36.5 h in the year.
	if math.Abs(then.Quantiles["0.5"]-36.5) > 0.5 || math.Abs(later.Quantiles["0.5"]-then.Quantiles["0.5"]) > 0.3 {
		t.Errorf("on 1 September the middle is %v, a month later without data %v, want 36.5", then.Quantiles["0.5"], later.Quantiles["0.5"])
	}
}

// BenchmarkProjections makes the projections, budgets and verdicts of all targets
// of the shipped policy, of which so many are in it, on one processor.
func BenchmarkProjections(b *testing.B) {
	e, p := madeUp(b)
	e.Advance(local(b, p, "2022-01-15"))
	n := 0
	for b.Loop() {
		n = len(snapshot.Build(e, p, snapshot.Options{Anonymous: true, Year: new(2022)}).Targets)
	}
	b.ReportMetric(float64(n), "targets")
}

// What is told counts ahead: a fault under way until the end that is told, planned
// work from its start on; by a set that books on the first day all of an outage goes
// to that day, or to today if it has begun, and none to a year in which it did not.
// 100 customers, an hour each is 360 000 customer-seconds.
func TestToldAhead(t *testing.T) {
	t.Parallel()
	const target = "targets: [{scope: a, class: rural, cap: 90h, strength: duty, deadline: 2022-12-31}]\n"
	fault := "A F1 - - 2022-07-01T00:00 2022-07-03T00:00 100\n"
	work := "W F1 - - 2022-08-01T08:00 2022-08-01T12:00 100 pre-arranged\n"
	late := "N F1 - - 2022-12-31T22:00 2023-01-01T02:00 100 pre-arranged\n"
	early := "O F1 - - 2021-12-31T22:00 2022-01-01T02:00 100 pre-arranged\n"
	tests := []struct {
		name, index, events, asOf string
		fault, work               int // hours of all customers
	}{
		{"a fault under way", "saidi-1", fault, "2022-07-02", 24, 0},
		{"over", "saidi-1", fault, "2022-07-04", 0, 0},
		{"planned work", "saidi-1", work, "2022-07-02", 0, 4},
		{"both", "saidi-1", fault + work, "2022-07-02T12:00", 12, 4},
		{"over the year's end", "saidi-1", late, "2022-12-01", 0, 2},
		{"over the year's end, on the first day", "ieee", late, "2022-12-01", 0, 2}, // as much as counts when the year ends
		{"from the year before", "saidi-1", early, "2022-01-01T01:00", 0, 1},
		{"from the year before, on the first day", "ieee", early, "2022-01-01T01:00", 0, 0},
		{"a fault that begins later shows that all was told later", "saidi-1", fault + work, "2022-06-01", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := story{policy: "index: " + tt.index + "\n" + target, base: "F1 a rural 100\n", events: tt.events, covers: "2021-01-01 2022-12-31\n", asOf: tt.asOf, year: 2022}
			b := s.tell(t).Targets[0].Budgets
			want := [2]snapshot.Milli{snapshot.Milli(tt.fault * 360_000_000), snapshot.Milli(tt.work * 360_000_000)}
			if got := [2]snapshot.Milli{b.Fault.Scheduled, b.PreArranged.Scheduled}; got != want {
				t.Errorf("scheduled %v, want %v", got, want)
			}
			var months snapshot.Milli
			for _, m := range b.Months {
				months += m.Scheduled
			}
			if months != want[0]+want[1] {
				t.Errorf("months have %v scheduled, want %v", months, want[0]+want[1])
			}
		})
	}
}
