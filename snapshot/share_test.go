package snapshot_test

import (
	"errors"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// sharedYear is a feeder with one outage, as all rows and as shares tell it.
func sharedYear(t *testing.T, asked func(engineOf) *engine.Ask) (whole, shared *engine.Engine, p *policy.Policy) {
	t.Helper()
	p, err := policy.Parse("one.yaml", []byte("id: one\nzone: Asia/Shanghai\nareas: [{id: a}]\nclasses: [{id: rural}]\ntargets: [{scope: a, cap: 2h, strength: duty, deadline: 2022-12-31}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	base, err := p.NewBase([]outage.Customers{{Feeder: "f1", Area: "a", Class: "rural", Customers: 10, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo}})
	if err != nil {
		t.Fatal(err)
	}
	whole = engine.New(base, snapshot.EngineOptions(p, 72*time.Hour))
	load := whole.Begin()
	load.Deliver(whole.Open(&outage.Delivery{Path: "s", Rows: 1}), 1, 0)
	batch := outage.NewBatch(outage.NewDict())
	start := time.Date(2022, 3, 5, 8, 0, 0, 0, p.Zone).Unix()
	batch.Append(&outage.Event{Row: 1, ID: "A", Feeder: "f1", Start: start, End: start + 7200, Customers: 4, Served: outage.Missing})
	if err := errors.Join(load.Add(batch), load.CommitParts()); err != nil {
		t.Fatal(err)
	}
	asOf := time.Date(2022, 6, 1, 12, 0, 0, 0, p.Zone).Unix()
	whole.Advance(asOf)
	ask := asked(engineOf{whole, p})
	sum := engine.NewTogether(base, snapshot.EngineOptions(p, 72*time.Hour), ask)
	for _, s := range whole.Shares([]string{"", "f1"}, ask) {
		sum.Add(s)
	}
	if shared, err = sum.Engine(asOf, whole.Deliveries()); err != nil {
		t.Fatal(err)
	}
	return whole, shared, p
}

// engineOf is an engine and the policy that judges it.
type engineOf struct {
	*engine.Engine
	p *policy.Policy
}

func (e engineOf) plainly() *engine.Ask {
	return snapshot.AskFor(e.Base(), e.p, e.AsOf(), e.Deliveries(), snapshot.Options{})
}

// What needs rows refuses an engine that was composed of shares, and answers the
// one that has them.
func TestPartialIsRefused(t *testing.T) {
	t.Parallel()
	whole, shared, p := sharedYear(t, engineOf.plainly)
	w := p.YearStart.Year(2022, p.Zone)
	q := snapshot.Question{Scope: "a", Window: w}
	tests := []struct {
		name string
		ask  func(e *engine.Engine) error
	}{
		{"explain", func(e *engine.Engine) error { _, err := snapshot.Explain(e, p, q); return err }},
		{"events", func(e *engine.Engine) error {
			_, err := snapshot.Events(e, p, snapshot.EventsQuestion{Question: q})
			return err
		}},
		{"feeders", func(e *engine.Engine) error { _, err := snapshot.Feeders(e, p, q); return err }},
		{"a dossier", func(e *engine.Engine) error { _, err := snapshot.NewDossier(e, p, snapshot.Options{}); return err }},
		{"a record", func(e *engine.Engine) error {
			_, _, err := snapshot.FindRecord(e, p, snapshot.RecordQuestion{EventID: "A"})
			return err
		}},
		{"a change", func(e *engine.Engine) error {
			_, err := snapshot.ExplainChange(e, p, snapshot.ChangeQuestion{
				Question: snapshot.Question{Scope: "a", Window: period.Period{From: w.From + 59*86400, To: w.From + 90*86400}},
				Against:  snapshot.Custom, Before: period.Period{From: w.From + 92*86400, To: w.From + 123*86400},
			})
			return err
		}},
		{"a plan", func(e *engine.Engine) error { _, err := snapshot.CheckPlan(e, p, snapshot.Proposal{}); return err }},
		{"a comparison", func(e *engine.Engine) error {
			_, err := snapshot.Compare(whole, e, p, snapshot.Comparison{})
			return err
		}},
		{"another comparison", func(e *engine.Engine) error {
			_, err := snapshot.Compare(e, whole, p, snapshot.Comparison{})
			return err
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { // one after the other, as engines are for one goroutine
			if err := tt.ask(whole); errors.Is(err, snapshot.ErrPartial) {
				t.Errorf("an engine with all rows is refused: %v", err)
			}
			if err := tt.ask(shared); !errors.Is(err, snapshot.ErrPartial) {
				t.Errorf("the error is %v, want %v", err, snapshot.ErrPartial)
			}
		})
	}
	for at := range snapshot.History(shared, p, w) {
		t.Errorf("there is a history at %d", at)
	}
}

// A dossier is made of shares that were asked for it.
func TestDossierOfShares(t *testing.T) {
	t.Parallel()
	whole, shared, p := sharedYear(t, func(e engineOf) *engine.Ask {
		return snapshot.AskForDossier(e.Base(), e.p, e.AsOf(), e.Deliveries(), snapshot.Options{})
	})
	want, err := snapshot.NewDossier(whole, p, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := snapshot.NewDossier(shared, p, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(want, got, gocmp.AllowUnexported(outage.Note{})); diff != "" {
		t.Errorf("all rows (-) and shares (+):\n%s", diff)
	}
	if len(got.Feeders) == 0 || len(got.Feeders[0].Lines) != 1 || got.Feeders[0].Lines[0].CustomerSeconds != 4*7200*1000 {
		t.Errorf("the feeders are %+v, want f1 with 8 customer-hours", got.Feeders)
	}
}

// An ask serves for two days, as long as the year is the same and deliveries do
// not declare to reach much further.
func TestStillServes(t *testing.T) {
	t.Parallel()
	whole, _, p := sharedYear(t, engineOf.plainly)
	covered := func(days int64) []*outage.Delivery {
		return []*outage.Delivery{{Covers: []outage.Covers{{Period: period.Period{From: 0, To: whole.AsOf() - 40*86400 + days*86400}}}}}
	}
	local := func(month, day int) int64 { return time.Date(2022, time.Month(month), day, 12, 0, 0, 0, p.Zone).Unix() }
	tests := []struct {
		name        string
		asked, asOf int64
		reach       int64 // days
		options     snapshot.Options
		want        bool
	}{
		{"at once", local(6, 1), local(6, 1), 0, snapshot.Options{}, true},
		{"a day later", local(6, 1), local(6, 2), 0, snapshot.Options{}, true},
		{"two days later", local(6, 1), local(6, 3), 0, snapshot.Options{}, true},
		{"three days later", local(6, 1), local(6, 4), 0, snapshot.Options{}, false},
		{"a day before", local(6, 1), local(5, 31), 0, snapshot.Options{}, false},
		{"data that reaches two days further", local(6, 1), local(6, 1), 2, snapshot.Options{}, true},
		{"data that reaches three days further", local(6, 1), local(6, 1), 3, snapshot.Options{}, false},
		{"another year", local(12, 31), local(12, 31) + 86400, 0, snapshot.Options{}, false},
		{"suspicious rows", local(6, 1), local(6, 1), 0, snapshot.Options{Suspicious: true}, false},
		{"another window", local(6, 1), local(6, 1), 0, snapshot.Options{Window: &period.Period{From: local(2, 1), To: local(2, 3)}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ask := snapshot.AskFor(whole.Base(), p, tt.asked, covered(0), snapshot.Options{})
			if got := snapshot.StillServes(ask, whole.Base(), p, tt.asOf, covered(tt.reach), tt.options); got != tt.want {
				t.Errorf("the ask serves: %v, want %v", got, tt.want)
			}
		})
	}
}
