package snapshot_test

import (
	"math"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// detailed tells a story with its detail.
func (s *story) detailed(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	p := s.parsed(t)
	return snapshot.Build(s.engine(t, p), p, snapshot.Options{Detail: true})
}

// A budget by hand. 100 customers at 10 h are 1000 customer-hours. 200 went on 1
// March and 600 on 30 June, so that on 1 July 200 are left; in a day, a week and a
// month 60 % were used, which uses the budget up 0.6 × 365 / 1, 7 and 30 times in
// a year.
func TestBudget(t *testing.T) {
	t.Parallel()
	const capped = "targets: [{scope: a, class: rural, cap: 10h, strength: duty, deadline: 2022-12-31}]\n"
	events := "A F1 - - 2022-03-01T00:00 2022-03-01T02:00 100\nB F1 - - 2022-06-30T00:00 2022-06-30T12:00 50\n"
	const hour = 3600 * 1000 // thousandths
	tests := []struct {
		name         string
		base, asOf   string
		budget, left snapshot.Milli
		burn         map[string]float64
	}{
		{"1 July", hundred, "2022-07-01", 1000 * hour, 200 * hour, map[string]float64{"24h": 219, "7d": 0.6 * 365 / 7, "30d": 7.3}},
		{"noon of 1 July: half of the 12 h lie within the last 24", hundred, "2022-07-01T06:00", 1000 * hour, 200 * hour, map[string]float64{"24h": 109.5, "7d": 0.6 * 365 / 7, "30d": 7.3}},
		{"1 March, within the first outage", hundred, "2022-03-01T01:00", 1000 * hour, 900 * hour, map[string]float64{"24h": 36.5, "7d": 36.5 / 7, "30d": 36.5 / 30}},
		{"100 customers join tomorrow: today's base is held to the end of the year", hundred + "F2 a rural 100 2022-07-02\n", "2022-07-01", 1000 * hour, 200 * hour, map[string]float64{"24h": 219, "7d": 0.6 * 365 / 7, "30d": 7.3}},
		// from 2 July on there are 200: 100 × 182 / 365 + 200 × 183 / 365 = 150.136986…
		{"they have joined", hundred + "F2 a rural 100 2022-07-02\n", "2022-09-01", 5404931506, 5404931506 - 800*hour, map[string]float64{"24h": 0, "7d": 0, "30d": 0}},
		{"the year is complete: nothing burns", hundred, "2023-01-01", 1000 * hour, 200 * hour, map[string]float64{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := story{policy: capped, base: tt.base, events: events, asOf: tt.asOf}
			target := s.tell(t).Targets[0]
			if target.Budget == nil || *target.Budget != tt.budget || *target.BudgetRemaining != tt.left {
				t.Errorf("budget %v, left %v, want %v and %v", target.Budget, target.BudgetRemaining, tt.budget, tt.left)
			}
			near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Abs(b) })
			if diff := cmp.Diff(tt.burn, target.Burn, near); diff != "" {
				t.Errorf("burn (-want +got):\n%s", diff)
			}
		})
	}
}

// A reduction without a base year has no limit, and so no budget; nor is there
// anything left of one where nothing is known of the year.
func TestNoBudget(t *testing.T) {
	t.Parallel()
	const capped = "targets: [{scope: a, class: rural, cap: 10h, strength: duty, deadline: 2022-12-31}]\n"
	for name, s := range map[string]story{
		"no base year":     {policy: eight, base: hundred, events: value115, asOf: "2022-07-01"},
		"nothing is known": {policy: capped, base: hundred + "F9 b rural 1\n", events: "E F9 - - 2022-03-01 2022-03-02 1\n", asOf: "2022-07-01"},
	} {
		target := s.tell(t).Targets[0]
		if target.Budget != nil || target.BudgetRemaining != nil || len(target.Burn) != 0 {
			t.Errorf("%s: budget %v, left %v, burn %v; want none", name, target.Budget, target.BudgetRemaining, target.Burn)
		}
	}
}

// The reduction of a window is against the year before, whatever a target asks
// for. While the year runs both end where the data reaches.
func TestReductionOfWindows(t *testing.T) {
	t.Parallel()
	events := "A F1 - - 2022-01-10T00:00 2022-01-10T10:00 100\nB F1 - - 2022-01-20T00:00 2022-01-20T10:00 100\nC F1 - - 2023-01-10T00:00 2023-01-10T05:00 100\n"
	of := func(s story, window string) *float64 {
		for _, e := range s.tell(t).Indices {
			if e.Scope == "a" && e.Class == "rural" && e.Window == window {
				return e.Reduction
			}
		}
		return nil
	}
	for _, tt := range []struct {
		name, covers, asOf, window string
		want                       float64
	}{
		{"both to date", "", "2023-01-31", "ytd", 0.75},
		{"as far as the data reaches", "2022-01-01 2023-01-15\n", "2023-01-31", "ytd", 0.5},
		{"before the second outage of last year", "", "2023-01-15", "ytd", 0.5},
	} {
		got := of(story{policy: eight, base: hundred, events: events, covers: tt.covers, asOf: tt.asOf}, tt.window)
		if got == nil || *got != tt.want {
			t.Errorf("%s: reduction %v, want %v", tt.name, got, tt.want)
		}
	}
	if got := of(story{policy: eight, base: hundred, events: events, asOf: "2023-01-31"}, "prior_ytd"); got != nil {
		t.Errorf("the year before has a reduction of %v of its own", *got)
	}
}

// What is out, by hand: at noon E is out since 08:00 and F begins; G was over at
// noon and H begins later. Of the running day, IEEE 1366 books 4 h × 30 of E and 4 h
// × 10 of G on 100 customers of the whole 200: (120 + 40) / 200 = 0.8 h.
func TestDetailOut(t *testing.T) {
	t.Parallel()
	s := story{
		base: hundred + "F9 b town 100\n", asOf: "2022-05-01T12:00",
		events: "Z F9 - - 2022-01-05 2022-01-05 0\nE F1 - - 2022-05-01T08:00 open 30\nF F9 - - 2022-05-01T12:00 2022-05-01T13:00 5\nG F1 - - 2022-05-01T08:00 2022-05-01T12:00 10\nH F1 - - 2022-05-01T14:00 open 1\n",
	}
	d := s.detailed(t).Detail
	want := []snapshot.Out{
		{Area: "a", Class: "rural", Served: 100_000, Interrupted: 30_000, Events: 1},
		{Area: "b", Class: "town", Served: 100_000, Interrupted: 5_000, Events: 1},
	}
	if diff := cmp.Diff(want, d.Out); diff != "" {
		t.Errorf("out (-want +got):\n%s", diff)
	}
	days := map[string]float64{}
	for _, day := range d.Days {
		days[day.Scope] = day.SAIDIHours
	}
	if want := map[string]float64{"a": 1.6, "b": 0, "pair": 0.8, "g": 0.8, "whole": 0.8}; !cmp.Equal(want, days) {
		t.Errorf("today's SAIDI is %v, want %v", days, want)
	}
	// Without a row of b nothing is known of it, nor of what it is part of.
	s.events = "E F1 - - 2022-05-01T08:00 open 30\n"
	if got := s.detailed(t).Detail.Days; len(got) != 1 || got[0].Scope != "a" {
		t.Errorf("today's SAIDI is told of %v, want of a alone", got)
	}
}

// The worst causes of an area stand alone, the others and those without a cause
// together; the feeders are the worst of all areas.
func TestDetailWorst(t *testing.T) {
	t.Parallel()
	s := story{base: hundred, asOf: "2022-05-02"}
	p := s.parsed(t)
	e := engine.New(s.engine(t, p).Base(), engine.Options{Zone: p.Zone, Workers: 1, Watch: snapshot.WatchFor(p)})
	b := outage.NewBatch(outage.NewDict())
	r := storyReader{t: t, zone: p.Zone}
	for i, cause := range []string{"tree", "tree", "storm", "", "other", "snow"} {
		start := r.at("2022-05-01") + int64(i)*7200
		b.Append(&outage.Event{Row: outage.Row(i + 2), ID: string(rune('A' + i)), Feeder: "F1", Start: start, End: start + 3600, Customers: 10 * int64(i+1), Cause: cause, Served: outage.Missing})
	}
	load := e.Begin()
	if err := load.Add(b); err != nil {
		t.Fatal(err)
	}
	if err := load.Commit(&outage.Delivery{Path: "events", Rows: b.Len()}); err != nil {
		t.Fatal(err)
	}
	e.Advance(r.at("2022-05-02"))
	d := snapshot.Build(e, p, snapshot.Options{Detail: true, Worst: 2}).Detail
	const hour = 3600 * 1000
	want := []snapshot.Cause{
		{Area: "a", Cause: "other", Window: "ytd", CustomerSeconds: 120 * hour}, // 40 without cause, 50 of "other", 30 of storm, which tree and storm tie with
		{Area: "a", Cause: "snow", Window: "ytd", CustomerSeconds: 60 * hour},
		{Area: "a", Cause: "storm", Window: "ytd", CustomerSeconds: 30 * hour},
	}
	if diff := cmp.Diff(want, d.Causes); diff != "" {
		t.Errorf("causes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]snapshot.Feeder{{Feeder: "F1", Area: "a", Window: "ytd", CustomerSeconds: 210 * hour}}, d.Feeder); diff != "" {
		t.Errorf("feeders (-want +got):\n%s", diff)
	}
}

// Whatever the province: the cells of a window add up to what is said of all of
// an area, and so do the natures of each.
func TestLawCellsAddUp(t *testing.T) {
	t.Parallel()
	var compared atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		p := drawProvince(t, taste{})
		e := p.load(t, plainly(p))
		e.Advance(p.asOf)
		o := p.options
		o.Detail = true
		s := snapshot.Build(e, p.policy, o)
		for i := range s.Indices {
			entry := &s.Indices[i]
			if entry.Level != "area" || entry.Class != "all" || entry.Window == snapshot.Month || len(entry.WithoutData) > 0 {
				continue
			}
			compared.Add(1)
			var sum snapshot.Part
			var customers float64
			for _, c := range s.Detail.Cells {
				if c.Area != entry.Scope || c.Window != entry.Window {
					continue
				}
				customers += c.EquivalentCustomers
				for _, part := range c.ByNature {
					sum.CustomerSeconds += part.CustomerSeconds
					sum.Interruptions += part.Interruptions
					sum.MomentaryInterruptions += part.MomentaryInterruptions
					sum.Events += part.Events
				}
			}
			if sum.CustomerSeconds != entry.CustomerSeconds || sum.Interruptions != entry.Interruptions+entry.MomentaryInterruption ||
				sum.MomentaryInterruptions != entry.MomentaryInterruption || sum.Events != entry.Events || math.Abs(customers-entry.EquivalentCustomers) > 1e-9*customers {
				t.Fatalf("%s %s: cells add up to %+v of %v customers, the area is %+v", entry.Scope, entry.Window, sum, customers, entry)
			}
		}
	})
	if compared.Load() == 0 {
		t.Error("nothing was compared")
	}
}

// History says of a past instant what would have been said then.
func TestLawHistory(t *testing.T) {
	t.Parallel()
	var values, limits atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		p := drawProvince(t, taste{heard: true})
		e, then := p.load(t, plainly(p)), p.load(t, plainly(p))
		e.Advance(p.asOf)
		back := rapid.SampledFrom([]int64{30, 300, 800}).Draw(t, "days back, at most")
		from := rapid.Int64Range(p.asOf-back*86400, p.asOf).Draw(t, "from")
		span := period.Period{From: from, To: from + rapid.Int64Range(0, 8).Draw(t, "days")*86400}
		last := int64(math.MinInt64)
		for at, got := range snapshot.History(e, p.policy, span) {
			if at <= last || at < span.From || at > span.To {
				t.Fatalf("the history of %+v has %d after %d", span, at, last)
			}
			last = at
			then.Advance(at)
			want := snapshot.Build(then, p.policy, snapshot.Options{Anonymous: true})
			values.Add(sameValues(t, at, want, got))
			limits.Add(sameLimits(t, at, want, got))
		}
	})
	if values.Load() < 100 || limits.Load() < 10 {
		t.Errorf("%d values and %d limits were compared", values.Load(), limits.Load())
	}
}

// asToDate names the windows of a complete year as those of a running one.
var asToDate = map[string]string{
	snapshot.WholeYear: snapshot.YearToDate, snapshot.PriorYear: snapshot.PriorYearToDate,
	snapshot.YearToDate: snapshot.YearToDate, snapshot.PriorYearToDate: snapshot.PriorYearToDate,
}

// sameValues compares the values of the windows that both show, and counts them.
func sameValues(t *rapid.T, at int64, want, got *snapshot.Snapshot) (n int64) {
	for i := range got.Indices {
		g := &got.Indices[i]
		k := slices.IndexFunc(want.Indices, func(w snapshot.Entry) bool {
			return w.Scope == g.Scope && w.Class == g.Class && asToDate[w.Window] == g.Window && w.From == g.From
		})
		if k < 0 {
			continue
		}
		w := &want.Indices[k]
		if w.SAIDIHours == nil && g.SAIDIHours == nil {
			continue
		}
		if w.SAIDIHours == nil || g.SAIDIHours == nil {
			t.Fatalf("%d: %s %s %s exists now or then, but not both: %+v, then %+v", at, g.Scope, g.Class, g.Window, g, w)
		}
		n++
		if *w.SAIDIHours != *g.SAIDIHours || *w.SAIFI != *g.SAIFI || w.To != g.To {
			t.Fatalf("%d: %s %s %s is %v and %v to %s, then it was %v and %v to %s", at, g.Scope, g.Class, g.Window, *g.SAIDIHours, *g.SAIFI, g.To, *w.SAIDIHours, *w.SAIFI, w.To)
		}
	}
	return n
}

// sameLimits compares the targets in everything but how fast they burn, and counts
// those with a limit.
func sameLimits(t *rapid.T, at int64, want, got *snapshot.Snapshot) (n int64) {
	if len(want.Targets) != len(got.Targets) {
		t.Fatalf("%d: %d targets, then there were %d", at, len(got.Targets), len(want.Targets))
	}
	for i := range got.Targets {
		w, g := &want.Targets[i], &got.Targets[i]
		if w.Projection != nil && w.Projection.Scheduled > 0 { // which history does not know
			continue
		}
		if g.LimitHours != nil && g.ValueHours != nil {
			n++
		}
		g.Burn, g.Budgets = w.Burn, w.Budgets // of which history says nothing
		// Storms of the base year are booked on the day on which they begin, with all
		// that is known of them now.
		g.BaseStorm = w.BaseStorm
		for _, reasons := range []*[]string{&w.Reasons, &g.Reasons} {
			*reasons = slices.DeleteFunc(slices.Clone(*reasons), func(r string) bool { return r == string(policy.StormBase) })
		}
		if g.Projection != nil && w.Projection != nil {
			g.Projection.Path = w.Projection.Path
		}
		if diff := cmp.Diff(w, g); diff != "" {
			t.Fatalf("%d: the target (-then +history):\n%s", at, diff)
		}
	}
	return n
}
