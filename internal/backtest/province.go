package backtest

import (
	"fmt"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/simulate"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A Province is a series that is made up.
type Province struct {
	Kind    string // as it is called
	Options simulate.Options
	First   int // the first year that is forecast; those before are history
	Hidden  int // days of the history that the forecast does not see
}

// Make makes the province and counts its outages as the program does.
func (p Province) Make() (*Series, error) {
	made, err := simulate.New(p.Options)
	if err != nil {
		return nil, fmt.Errorf("make a %s province: %w", p.Kind, err)
	}
	rules := policy.Qinghai()
	e, err := truth(made, rules)
	if err != nil {
		return nil, fmt.Errorf("count a %s province: %w", p.Kind, err)
	}
	e.Advance(rules.YearStart.Year(p.Options.Last, rules.Zone).To)
	s, err := Counted(p.Kind, e, rules)
	if err != nil {
		return nil, err
	}
	s.Seen, s.First = p.Hidden, slices.IndexFunc(s.Years, func(y Year) bool { return y.Number == p.First })
	return s, nil
}

// truth is an engine that was told all that happened: the first delivery, and
// what corrects it.
func truth(made *simulate.Province, p *policy.Policy) (*engine.Engine, error) {
	var rows []outage.Customers
	for row := range made.Customers() {
		rows = append(rows, row)
	}
	base, err := p.NewBase(rows)
	if err != nil {
		return nil, err
	}
	o := snapshot.EngineOptions(p, 72*time.Hour)
	o.Workers = 1
	e := engine.New(base, o)
	for _, d := range []simulate.Delivery{simulate.First, simulate.Late} {
		if err := deliver(e, made, d); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// deliver tells an engine a delivery.
func deliver(e *engine.Engine, made *simulate.Province, d simulate.Delivery) error {
	load, n := e.Begin(), outage.Row(1)
	b := outage.NewBatch(outage.NewDict())
	for r := range made.Records(d) {
		n++
		row := r.Event
		row.Row = n
		b.Append(&row)
	}
	if err := load.Add(b); err != nil {
		load.Abort()
		return err
	}
	return load.Commit(&outage.Delivery{Path: fmt.Sprintf("delivery %d", d), Rows: int(n) - 1, Covers: made.Covers()})
}

// Counted is the series of an engine that has advanced to as-of. All years but the
// first three are forecast, of three or fewer the last.
func Counted(kind string, e *engine.Engine, p *policy.Policy) (*Series, error) {
	var places []Place
	for s := range e.Base().Strata() {
		area, class := e.Base().Stratum(s)
		places = append(places, Place{string(area), string(class)})
	}
	return NewSeries(kind, snapshot.Days(e, p), places, p.YearStart)
}

// A Plan is which provinces are made up.
type Plan struct {
	Provinces int // of each kind with three years of history and more
	Years     int // of each of those that are forecast
	Short     int // of each kind, with a year of history, and again with half a year
	Scale     float64
}

// Full is the plan of a thorough judgement.
func Full() Plan { return Plan{Provinces: 30, Years: 3, Short: 15, Scale: 0.2} }

// Quick is the plan of a rough one.
func Quick() Plan { return Plan{Provinces: 6, Years: 2, Short: 3, Scale: 0.1} }

// ShortHistory is the kind of provinces, calm and stormy, that have hardly any.
const ShortHistory = "short history"

// The last year of all provinces, the years of history before those that are
// forecast, and half a year.
const (
	lastYear = 2022
	warmUp   = 3
	halfYear = 181
)

// List lists the provinces of a plan.
func (p Plan) List(seed uint64) []Province {
	var all []Province
	next := seed * 1_000_000
	add := func(kind string, of simulate.Kind, years, before, hidden int) {
		o := simulate.Options{Seed: next, First: lastYear - years - before + 1, Last: lastYear, Scale: p.Scale, Clean: true, Kind: of}
		all = append(all, Province{kind, o, lastYear - years + 1, hidden})
	}
	for range p.Provinces {
		for _, k := range []simulate.Kind{simulate.Calm, simulate.Stormy, simulate.Trending} {
			next++
			add(k.String(), k, p.Years, warmUp, 0)
		}
	}
	for range p.Short {
		for _, k := range []simulate.Kind{simulate.Calm, simulate.Stormy} {
			for _, hidden := range []int{0, halfYear} {
				next++
				add(ShortHistory, k, 1, 1, hidden)
			}
		}
	}
	return all
}
