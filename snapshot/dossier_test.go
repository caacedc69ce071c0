package snapshot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// handedIn is a year with everything in it that does not count.
func handedIn() *story {
	return &story{
		policy: "index: saidi-s\nindices: [saidi-1, saidi-s]\nvalid: {from: 2021-01-01}\nafter_deadline: informative\ntargets:\n" +
			"  - {scope: a, class: rural, cap: 10h, strength: duty, deadline: 2022-12-31}\n" +
			"  - {scope: g, class: all, reduction: 8%, strength: aspiration, deadline: 2022-12-31}\n" +
			"  - {scope: a, class: rural, reduction: 10%, strength: duty, deadline: 2022-12-31}\n",
		base: "F1 a rural 100\n- b town 50\nF3 c rural 1\n",
		events: "A F1 - - 2021-03-01T00:00 2021-03-01T02:00 100 pre-arranged\nB - b - 2021-05-01T00:00 2021-05-01T02:00 10 pre-arranged\nL F3 - - 2021-05-01T00:00 2021-05-01T02:00 1 pre-arranged\nM F3 - - 2022-01-01T00:00 2022-01-01T00:00 0\n" +
			"C F1 - - 2022-03-01T00:00 2022-03-01T01:00 60 pre-arranged\nD F1 - - 2022-06-20T00:00 open 40 pre-arranged\n" +
			"G - b - 2022-08-01T00:00 2022-08-01T01:00 10\nH F1 - - 2022-04-01T00:00 2022-04-01T01:00 30 excluded\n" +
			"I F1 - - 2022-04-01T00:00 2022-04-01T01:00 3 bad-customers\nC F1 - - 2022-03-01T00:00 2022-03-01T01:00 60 pre-arranged\n" +
			"J - b - 2022-05-01T00:00 2022-05-01T01:00 80 pre-arranged\ntitle\n",
		asOf: "2022-07-01",
	}
}

func TestDossierUncounted(t *testing.T) {
	t.Parallel()
	s := handedIn()
	p := s.parsed(t)
	d, err := snapshot.NewDossier(s.engine(t, p), p, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	none, overlap, over := snapshot.Milli(30*3600*1000), snapshot.Milli(0), snapshot.Milli(30*3600*1000)
	want := []snapshot.Uncounted{
		{Kind: "rejected", Rows: 1}, {Kind: "duplicate", Rows: 1}, {Kind: "superseded"}, {Kind: "cancelled"}, {Kind: "skipped", Rows: 1},
		{Kind: "excluded", Rows: 1, CustomerSeconds: &none}, {Kind: "pending", Rows: 1},
		{Kind: "overlap", CustomerSeconds: &overlap}, {Kind: "over-base", CustomerSeconds: &over},
	}
	if diff := gocmp.Diff(want, d.Uncounted); diff != "" {
		t.Errorf("uncounted (-want +got):\n%s", diff)
	}
	excluded := []snapshot.Suspect{{Path: "events", Row: 9, EventID: "H", What: []string{"not_an_outage"}, Start: "2022-04-01T00:00:00+08:00"}}
	if diff := gocmp.Diff(excluded, d.Excluded); diff != "" {
		t.Errorf("excluded (-want +got):\n%s", diff)
	}
	if len(d.Suspicious) == 0 || len(d.Rejects) != 1 || d.Repeats != nil {
		t.Errorf("%d suspicious rows, %d rejected, repeats %v", len(d.Suspicious), len(d.Rejects), d.Repeats)
	}
}

// Each target has its curve once, each area its feeders.
func TestDossierLists(t *testing.T) {
	t.Parallel()
	s := handedIn()
	p := s.parsed(t)
	d, err := snapshot.NewDossier(s.engine(t, p), p, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var curves, feeders []string
	for _, c := range d.Curves {
		curves = append(curves, c.Scope+" "+c.Class)
	}
	for _, f := range d.Feeders {
		feeders = append(feeders, f.Scope+" "+f.Class+" "+f.From+" "+f.To)
	}
	if diff := gocmp.Diff([]string{"a rural", "g all"}, curves); diff != "" {
		t.Errorf("curves (-want +got):\n%s", diff)
	}
	const year = " all 2022-01-01T00:00:00+08:00 2022-07-01T00:00:00+08:00"
	if diff := gocmp.Diff([]string{"a" + year, "b" + year, "c" + year, "d" + year}, feeders); diff != "" {
		t.Errorf("feeders (-want +got):\n%s", diff)
	}
	served := []snapshot.FeederSum{{Feeder: "F1", Area: "a", Customers: 100_000, Rows: 2, CustomerSeconds: 60_000*3600 + 40_000*11*86400, Interruptions: 100_000}}
	if diff := gocmp.Diff(served, d.Feeders[0].Lines); diff != "" {
		t.Errorf("feeders of a (-want +got):\n%s", diff)
	}
}

func TestDossierAssumptions(t *testing.T) {
	t.Parallel()
	s := handedIn()
	p := s.parsed(t)
	d, err := snapshot.NewDossier(s.engine(t, p), p, snapshot.Options{TZData: "built in", KnownAt: 9})
	if err != nil {
		t.Fatal(err)
	}
	planned := "planned_maintenance,planned_construction,planned_customer,planned_transfer,short_notice_maintenance,short_notice_construction,short_notice_customer,curtail_generation,curtail_network"
	want := []snapshot.Assumption{
		{"zone", []any{"Asia/Shanghai", "built in"}}, {"as-of", []any{"2022-07-01T00:00:00+08:00", 1}}, {"known-at", []any{9}},
		{"data-through", []any{"2022-07-01T00:00:00+08:00"}}, {"year", []any{2022, "2022-01-01T00:00:00+08:00", "2022-07-01T00:00:00+08:00"}},
		{"index", []any{"saidi-s"}}, {"natures", []any{planned}}, {"any-length", nil}, {"days-passing", nil}, {"momentary", []any{180}},
		{"by-feeder", []any{2}}, {"by-area", []any{"b"}}, {"split", []any{0.0}}, {"unknown-feeder", []any{0.0}},
		{"no-customers", []any{"events"}}, {"repeat-reject", []any{"events"}}, {"open", []any{1}}, {"stale", []any{259200, 1}},
		{"settle", []any{45}}, {"coverage", []any{"0.99"}}, {"rejected", []any{"0.01"}}, {"risk", []any{"0.2", "0.8"}}, {"pace", []any{"1", "1.2"}},
		{"base-year", []any{"g", "all", 2021, "0.08"}}, {"base-year", []any{"a", "rural", 2021, "0.1"}}, {"same-dates", nil},
		{"valid", []any{"2021-01-01", ""}}, {"projection", []any{1000}},
	}
	if diff := gocmp.Diff(want, d.Assumed); diff != "" {
		t.Errorf("assumptions (-want +got):\n%s", diff)
	}
}

// What a dossier was asked for is what it takes to ask for it again.
func TestDossierAsked(t *testing.T) {
	t.Parallel()
	year := 2021
	window := func(p *policy.Policy) *period.Period {
		w := snapshot.MonthOf(2022, time.June, p.Zone)
		return &w
	}
	for _, tt := range []struct {
		name    string
		options func(p *policy.Policy) snapshot.Options
		want    snapshot.Asked
		from    string
	}{
		{"nothing", func(*policy.Policy) snapshot.Options { return snapshot.Options{} }, snapshot.Asked{}, "2022-01-01T00:00:00+08:00"},
		{"a year", func(*policy.Policy) snapshot.Options { return snapshot.Options{Year: &year} }, snapshot.Asked{Year: 2021}, "2021-01-01T00:00:00+08:00"},
		{
			"a window", func(p *policy.Policy) snapshot.Options { return snapshot.Options{Window: window(p)} },
			snapshot.Asked{Window: "2022-06-01T00:00:00+08:00..2022-07-01T00:00:00+08:00"}, "2022-06-01T00:00:00+08:00",
		},
		{"of a store", func(*policy.Policy) snapshot.Options { return snapshot.Options{KnownAt: 9} }, snapshot.Asked{KnownAt: 9}, "2022-01-01T00:00:00+08:00"},
	} {
		s := handedIn()
		p := s.parsed(t)
		d, err := snapshot.NewDossier(s.engine(t, p), p, tt.options(p))
		if err != nil {
			t.Fatal(err)
		}
		tt.want.AsOf, tt.want.StaleAfter = "2022-07-01T00:00:00+08:00", 3*86400
		if d.Asked != tt.want || d.Feeders[0].From != tt.from {
			t.Errorf("%s: asked %+v of %s, want %+v of %s", tt.name, d.Asked, d.Feeders[0].From, tt.want, tt.from)
		}
	}
}

// Without a year before it there is no threshold of major event days, and no
// answer.
func TestDossierWithoutThreshold(t *testing.T) {
	t.Parallel()
	s := story{policy: "index: " + reliability.IEEEExMED + "\nindices: [" + reliability.IEEEExMED + "]\n", base: hundred, events: value115, asOf: "2021-07-01"}
	p := s.parsed(t)
	if _, err := snapshot.NewDossier(s.engine(t, p), p, snapshot.Options{}); err == nil || !strings.Contains(err.Error(), "does not exist in this window") {
		t.Errorf("a dossier of an index set that does not exist: %v", err)
	}
}

// Every row that was read is accepted, or of one kind that is not counted; and a
// dossier assumes nothing that is not in the list, in its order.
func TestLawDossier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsking(t)
		d, err := snapshot.NewDossier(a.e, a.policy, snapshot.Options{Anonymous: true})
		if err != nil {
			return
		}
		rows := d.Quality.Accepted
		for _, u := range d.Uncounted {
			if u.Kind != snapshot.UncountedPending {
				rows += u.Rows
			}
		}
		if rows != d.Quality.Rows {
			t.Fatalf("%d rows are accepted or not counted, of %d", rows, d.Quality.Rows)
		}
		var order []int
		for _, assumption := range d.Assumed {
			order = append(order, slices.Index(snapshot.AssumptionCodes(), assumption.Code))
		}
		if slices.Contains(order, -1) || !slices.IsSorted(order) {
			t.Fatalf("assumed in the order %v", order)
		}
		checkFeeders(t, a, d)
	})
}

// checkFeeders holds the feeders of every window that is shown against its whole.
func checkFeeders(t *rapid.T, a *asking, d *snapshot.Dossier) {
	sums := map[[2]string]snapshot.Milli{}
	for _, f := range d.Feeders {
		sums[[2]string{f.From, f.To}] += f.CustomerSeconds
		if f.Rest.Rows != 0 {
			t.Fatalf("%s: %d feeders are left out", f.Scope, f.Rest.Rows)
		}
	}
	for w, sum := range sums {
		all, err := snapshot.Explain(a.e, a.policy, snapshot.Question{Scope: "whole", Window: spanOf(t, w[0], w[1])})
		if err != nil || sum != all.CustomerSeconds {
			t.Fatalf("feeders of all areas add up to %v from %s, want %v, %v", sum, w[0], all.CustomerSeconds, err)
		}
	}
}

// While a year is not settled its feeders stand below those of the new one; a year
// of which nothing is known, or in which the index set does not exist, has none.
func TestDossierFeedersOfBothYears(t *testing.T) {
	t.Parallel()
	const now, before = " 2023-01-01 2023-01-20", " 2022-01-01 2023-01-01"
	both := "A F1 - - 2022-12-31T23:00 2023-01-01T02:00 100\n"
	for _, tt := range []struct {
		name string
		story
		want []string
	}{
		{"not settled", story{events: both, asOf: "2023-01-20"}, []string{"a" + now + " 200", "a" + before + " 100"}},
		{"settled", story{events: both, asOf: "2023-02-15"}, []string{"a 2023-01-01 2023-02-15 200"}},
		{"at the year's end", story{events: both, asOf: "2023-01-01"}, []string{"a" + before + " 100"}},
		{"nothing known before", story{events: "A F1 - - 2023-01-02T00:00 2023-01-02T02:00 100\n", asOf: "2023-01-20"}, []string{"a" + now + " 200"}},
		{
			"no threshold before", story{policy: "index: ieee-ex-med\nindices: [ieee-ex-med]\n", events: value115 + "O F1 - - 2022-04-01T00:00 2022-04-01T02:00 100\n", asOf: "2023-01-20"},
			[]string{"a" + now + " 0"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.base = "F1 a rural 100\n"
			p := tt.parsed(t)
			d, err := snapshot.NewDossier(tt.engine(t, p), p, snapshot.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range d.Feeders {
				if f.Scope == "a" {
					got = append(got, fmt.Sprintf("a %s %s %.0f", f.From[:10], f.To[:10], f.CustomerSeconds.Float()/3600))
				}
			}
			if diff := gocmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The other choices: made-up rows of four deliveries that are each read in their
// own way, on units and beyond, judged by what lasts, after the deadline, in a year
// that is not settled.
func TestDossierAssumptionsOfOtherChoices(t *testing.T) {
	t.Parallel()
	s := story{policy: "index: ieee-ex-med\nindices: [ieee-ex-med]\nafter_deadline: informative\ntargets:\n" +
		"  - {scope: a, class: rural, reduction: 8%, base: 2020, base_value: 30h, strength: duty, deadline: 2022-12-31}\n"}
	p := s.parsed(t)
	base, err := reliability.NewBase([]outage.Customers{
		{Feeder: "F1", Unit: "U1", Area: "a", Class: "rural", Customers: 100, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo},
		{Feeder: "F1", Unit: "U2", Area: "a", Class: "rural", Customers: 10, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo},
	}, []outage.Class{"rural", "town"})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(base, snapshot.EngineOptions(p, 72*time.Hour))
	for i, mode := range []outage.Repeated{outage.RepeatedStages, outage.RepeatedLatest, outage.RepeatedRemaining, outage.RepeatedReject} {
		start := local(t, p, "2021-03-01") + int64(i)*240*86400
		batch := outage.NewBatch(outage.NewDict())
		batch.Append(&outage.Event{Row: 2, Source: outage.SyntheticSource, ID: fmt.Sprint(i), Unit: "U1", Start: start, End: start + 3600, Customers: 100, Served: outage.Missing})
		load := e.Begin()
		if err := load.Add(batch); err != nil {
			t.Fatal(err)
		}
		if err := load.Commit(&outage.Delivery{Path: string(rune('a' + i)), Rows: 1, Repeated: mode, WholeFeeder: i == 0}); err != nil {
			t.Fatal(err)
		}
	}
	e.Advance(local(t, p, "2023-01-11"))
	d, err := snapshot.NewDossier(e, p, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []snapshot.Assumption{
		{"made-up", nil}, {"year", []any{2023, "2023-01-01T00:00:00+08:00", "2023-01-11T00:00:00+08:00"}}, {"year", []any{2022, "2022-01-01T00:00:00+08:00", "2023-01-01T00:00:00+08:00"}},
		{"index", []any{"ieee-ex-med"}}, {"all-natures", nil}, {"longer-than", []any{300}}, {"day-of-start", nil}, {"without-major", nil}, {"by-unit", []any{2}},
		{"whole-feeder", []any{"a"}}, {"no-customers", []any{"b"}}, {"no-customers", []any{"c"}}, {"no-customers", []any{"d"}},
		{"repeat-reject", []any{"d"}}, {"repeat-stages", []any{"a"}}, {"repeat-latest", []any{"b"}}, {"repeat-left", []any{"c"}},
		{"base-value", []any{"a", "rural", 2020, 30 * 3600}}, {"same-dates", nil}, {"after-deadline", []any{"a", "rural", "2022-12-31"}}, {"valid", []any{"", ""}},
	}
	got := slices.DeleteFunc(d.Assumed, func(a snapshot.Assumption) bool {
		return !slices.ContainsFunc(want, func(w snapshot.Assumption) bool { return w.Code == a.Code })
	})
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("assumptions (-want +got):\n%s", diff)
	}
}
