package load

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/store"
)

// A place is a province of so many transformers. All of it follows from their
// numbers.
type place struct {
	units          int
	areas, classes []string
	kinds          []outage.Nature
	causes         []string
}

const (
	unitsOfFeeder = 100
	unitsOfBlock  = 20 // that one event of the history hits
)

func placeOf(units int) place {
	return place{
		units: units, areas: []string{"xining", "haidong", "haixi", "huangnan", "hainan", "haibei", "golog", "yushu"},
		classes: []string{"urban-core", "urban", "town", "rural"},
		kinds:   []outage.Nature{outage.FaultInternal, outage.PlannedMaintenance, outage.FaultExternal, outage.PlannedConstruction},
		causes:  []string{"weather", "bird", "excavator", "vehicle", "tree", "ageing", "overload", "unknown cause"},
	}
}

func (p *place) feeder(unit int) string { return fmt.Sprintf("F%04d", unit/unitsOfFeeder) }
func (p *place) name(unit int) string   { return fmt.Sprintf("T%06d", unit) }
func (p *place) area(unit int) string   { return p.areas[unit/unitsOfFeeder%len(p.areas)] }
func (p *place) class(unit int) string {
	return p.classes[unit/unitsOfFeeder/len(p.areas)%len(p.classes)]
}
func (p *place) customers(unit int) int64 { return 1 + int64(unit*37%60) }

// source is the source of all rows.
const source = "scada"

// A told is one outage of one transformer.
type told struct {
	unit       int
	start, end int64
}

// event is an outage as it is told, number n of its kind.
func (p *place) event(prefix string, n int, t told) outage.Event {
	return outage.Event{
		ID: fmt.Sprintf("%s%09d", prefix, n), Source: source, Feeder: p.feeder(t.unit), Unit: p.name(t.unit), Area: p.area(t.unit), Class: p.class(t.unit),
		Start: t.start, End: t.end, Customers: p.customers(t.unit), Nature: p.kinds[n%len(p.kinds)], Cause: p.causes[n/7%len(p.causes)], Served: outage.Missing,
	}
}

// base is a row for each transformer.
func (p *place) base() []outage.Customers {
	rows := make([]outage.Customers, p.units)
	for u := range rows {
		rows[u] = outage.Customers{
			Path: "customers", Row: u + 2, Feeder: p.feeder(u), Unit: p.name(u), Area: outage.Area(p.area(u)), Class: outage.Class(p.class(u)),
			Customers: p.customers(u), ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo,
		}
	}
	return rows
}

// found makes a store that knows the customers, and fills it.
func (p *place) found(ctx context.Context, dir string, fill func(*store.Store) error) (err error) {
	s, err := store.Open(filepath.Join(dir, "store"), store.Options{Now: time.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	parcel := s.Begin()
	defer parcel.Discard()
	if err := parcel.AddBase(p.base()); err != nil {
		return err
	}
	stream := store.Stream{Kind: store.Base, Source: source, Channel: store.Push, Name: "push/" + source, Content: "ndjson"}
	if _, err := s.Put(ctx, store.Told{Head: store.Head{Stream: stream, Rows: p.units, Replace: true}, Parcel: parcel}); err != nil {
		return err
	}
	if fill == nil {
		return nil
	}
	return fill(s)
}

// A singles is a sequence of outages, each of another transformer than those
// before it, and over long before that is out again.
type singles struct {
	place
	from int64 // UTC seconds
}

// halfDay is between two outages of one transformer, in seconds.
const halfDay = 43_200

// singlesBefore is a sequence for up to fifty outages of each transformer.
func (b *bench) singlesBefore() singles { return singles{b.place, b.now - 51*halfDay} }

func (s *singles) told(n int) told {
	unit := n * 7919 % s.units
	start := s.from + int64(n/s.units)*halfDay + int64(n%3600)
	return told{unit, start, start + 600 + int64(n*31%20_000)}
}

func (s *singles) event(n int) outage.Event { return s.place.event("P", n, s.told(n)) }

// A spell is a run of numbers.
type spell struct{ from, to int }

// A tally is the sums of one area and class.
type tally struct{ seconds, interruptions int64 }

// sums adds up outages within a window, by area and class.
func (p *place) sums(w period.Period, each func(yield func(told) bool)) map[[2]string]tally {
	units := make([]tally, p.units)
	for t := range each {
		from, to := max(t.start, w.From), min(t.end, w.To)
		if from < to {
			units[t.unit].seconds += to - from
		}
		if t.start >= w.From && t.start < w.To {
			units[t.unit].interruptions++
		}
	}
	all := map[[2]string]tally{}
	for u, one := range units {
		key := [2]string{p.area(u), p.class(u)}
		sum := all[key]
		sum.seconds += one.seconds * p.customers(u)
		sum.interruptions += one.interruptions * p.customers(u)
		all[key] = sum
	}
	return all
}
