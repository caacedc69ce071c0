package backtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/forecast"
	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/internal/realdata"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/simulate"
	"github.com/saidi-exporter/saidi/snapshot"
)

// few is a plan of a province of each kind.
func few() Plan { return Plan{Provinces: 1, Years: 1, Short: 1, Scale: 0.02} }

func TestPlan(t *testing.T) {
	t.Parallel()
	kinds, seeds := map[string]int{}, map[uint64]bool{}
	for _, p := range (Plan{Provinces: 2, Years: 3, Short: 1, Scale: 0.5}).List(7) {
		kinds[p.Kind]++
		seeds[p.Options.Seed] = true
		history := p.First - p.Options.First
		if p.Kind == ShortHistory && history != 1 || p.Kind != ShortHistory && (history != 3 || p.First != 2020) {
			t.Errorf("%s: from %d on, forecast from %d", p.Kind, p.Options.First, p.First)
		}
	}
	want := map[string]int{"calm": 2, "stormy": 2, "trending": 2, ShortHistory: 4}
	if diff := cmp.Diff(want, kinds); diff != "" || len(seeds) != 10 {
		t.Errorf("%d seeds, kinds (-want +got):\n%s", len(seeds), diff)
	}
}

// The trials are the same whoever makes them first, every kind is there, and the
// page tells all of it.
func TestRun(t *testing.T) {
	t.Parallel()
	f, told := Model(forecast.Options{Seed: 1, Draws: 50}), 0
	trials, err := Run(few().List(1), f, func(done, of int) {
		if told++; done != told || of != 7 {
			t.Errorf("progress %d of %d, want %d of 7", done, of, told)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Run(few().List(1), f, nil)
	if diff := cmp.Diff(trials, again); diff != "" || err != nil {
		t.Errorf("again: %v (-first +again):\n%s", err, diff)
	}
	seen := map[string]bool{}
	for n := range trials {
		seen[trials[n].Kind], seen[trials[n].Size], seen[byHistory(&trials[n]).name] = true, true, true
		if trials[n].Ranged {
			seen[RangeName] = true
		}
	}
	for _, what := range append(Sizes(), "calm", "stormy", "trending", ShortHistory, "3 years", "1 year", "0.5 years", RangeName) {
		if !seen[what] {
			t.Errorf("no trial is %s", what)
		}
	}
	page := Page{Made: &Judgement{Trials: trials, Seed: 1}, Plan: few()}
	var text strings.Builder
	if err := page.Write(&text); err != nil {
		t.Fatal(err)
	}
	for _, part := range append([]string{page.Made.Figures()}, titles(page.Made.Tables())...) {
		if !strings.Contains(text.String(), part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}

func titles(tables []*Table) (all []string) {
	for _, table := range tables {
		all = append(all, table.Title)
	}
	return all
}

// What a province loses day by day adds up to what its engine counts of the year.
func TestProvinceIsCountedWhole(t *testing.T) {
	t.Parallel()
	p := few().List(1)[1]
	s, err := p.Make()
	if err != nil {
		t.Fatal(err)
	}
	made, err := simulate.New(p.Options)
	if err != nil {
		t.Fatal(err)
	}
	rules := policy.Qinghai()
	e, err := truth(made, rules)
	if err != nil {
		t.Fatal(err)
	}
	e.Advance(rules.YearStart.Year(p.Options.Last, rules.Zone).To)
	for _, y := range s.Years {
		tally := e.Tally(rules.YearStart.Year(y.Number, rules.Zone), nil)
		for n := range tally.Strata {
			var want int64
			for nature := range tally.Strata[n] {
				for _, sums := range tally.Strata[n][nature] {
					want += sums.Seconds
				}
			}
			if got := s.sums.total([]int{n}, y.From, y.To); got != want {
				t.Errorf("%d, stratum %d: %d thousandths, want %d", y.Number, n, got, want)
			}
		}
	}
	if len(s.Years) != 4 || s.First != 3 {
		t.Errorf("years %v, forecast from number %d on, want four and 3", s.Years, s.First)
	}
}

// The probability of more than a limit, worked out from the draws, is the model's
// own.
func TestOverIsTheModels(t *testing.T) {
	t.Parallel()
	s, err := few().List(3)[0].Make()
	if err != nil {
		t.Fatal(err)
	}
	o := s.origin(s.Years[3], s.Years[3].From+90)
	m := forecast.New(o.before(), forecast.Origin{Today: o.today, Left: 1, From: o.year.From, To: o.year.To}, o.ahead(), forecast.Options{})
	asked := forecast.Question{Strata: []int{0}, Happened: o.happened([]int{0})}
	for _, of := range []float64{0, 0.5, 0.9, 1, 1.2, 2, 100} {
		asked.Limit = int64(of * s.mean([]int{0}))
		p, ok := m.Project(&asked)
		if !ok {
			t.Fatal("no projection")
		}
		if got, want := outlookOf(p).Over(asked.Limit), float64(p.Over)/float64(p.Draws); !near(got, want) {
			t.Errorf("above %v of a usual year: %v, the model says %v", of, got, want)
		}
	}
}

// The major outages of the United States are a series of some states.
func TestRealSeries(t *testing.T) {
	t.Parallel()
	rules, err := policy.Load(filepath.Join("testdata", "purdue", "policy.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Counted("events", purdue(t, rules), rules)
	if err != nil {
		t.Fatal(err)
	}
	if s.Years[s.First].Number < 2003 || len(s.Targets) < 5 || len(s.LeftOut) < 20 {
		t.Errorf("years %v, %d targets, %d states left out", s.Years, len(s.Targets), len(s.LeftOut))
	}
	s.First = len(s.Years) - 2 // enough here; make backtest judges all
	own := Own{Title: rules.ID, Events: 1, LeftOut: s.LeftOut}
	own.Trials = RunSeries(s, Model(forecast.Options{Draws: 50}), nil)
	var text strings.Builder
	if err := own.WriteText(&text); err != nil || !strings.Contains(text.String(), "Left out as targets of their own") || strings.Contains(text.String(), "unclassified") {
		t.Errorf("%v:\n%s", err, text.String())
	}
	if len(own.Trials) != 11*len(s.Targets)*len(s.Years[s.First:]) {
		t.Errorf("%d trials of %d targets", len(own.Trials), len(s.Targets))
	}
}

// purdue is an engine that was told the data, up to the end of 2015.
func purdue(t *testing.T, rules *policy.Policy) *engine.Engine {
	t.Helper()
	mapping, err := ingest.LoadMapping(filepath.Join("testdata", "purdue", "mapping.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	path := realdata.Path(t, "purdue", "outage_raw.csv")
	read := func(add func(*outage.Batch) error) *outage.Delivery {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		d, err := ingest.Events(path, file, ingest.Options{Mapping: mapping, Names: rules.Names(), Zone: rules.Zone}, add)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	var served outage.Served
	read(served.Add)
	base, err := rules.NewBase(served.Base())
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(base, snapshot.EngineOptions(rules, 72*time.Hour))
	load := e.Begin()
	if err := load.Commit(read(load.Add)); err != nil {
		t.Fatal(err)
	}
	e.Advance(rules.YearStart.Year(2015, rules.Zone).To)
	return e
}
