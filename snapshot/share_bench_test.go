package snapshot_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// BenchmarkShares makes the shares of an engine of a million rows, of every feeder
// its own, adds them up and makes the snapshot of what comes of it. A row is an
// outage of a feeder, or of one of the fifty units that each has with all others
// of its feeder.
func BenchmarkShares(b *testing.B) {
	const rows = 1_000_000
	b.Run("feeders", func(b *testing.B) {
		p := policy.Qinghai()
		f := newFeed(b, p, rows)
		f.engine.Advance(f.asOf)
		benchmarkShares(b, p, f.engine, rows)
	})
	b.Run("units", func(b *testing.B) {
		p := policy.Qinghai()
		benchmarkShares(b, p, unitFeed(b, p, rows), rows)
	})
}

func benchmarkShares(b *testing.B, p *policy.Policy, e *engine.Engine, rows int) {
	o := snapshot.Options{Detail: true, Anonymous: true}
	opts := snapshot.EngineOptions(p, 72*time.Hour)
	opts.Watch = snapshot.WatchFor(p)
	names, ask := e.GroupNames(), snapshot.AskFor(e.Base(), p, e.AsOf(), e.Deliveries(), o)
	var days, entries, going int
	var made, added, composed, built time.Duration
	for b.Loop() {
		begun := time.Now()
		shares := e.Shares(names, ask)
		made += time.Since(begun)
		sum, size := engine.NewTogether(e.Base(), opts, ask), [3]int{}
		begun = time.Now()
		for _, s := range shares {
			sum.Add(s)
			size[0], size[1], size[2] = size[0]+len(s.Days), size[1]+len(s.Entries), size[2]+len(s.Going)
		}
		added += time.Since(begun)
		days, entries, going = size[0], size[1], size[2]
		begun = time.Now()
		all, err := sum.Engine(e.AsOf(), e.Deliveries())
		if err != nil {
			b.Fatal(err)
		}
		composed += time.Since(begun)
		begun = time.Now()
		snapshot.Build(all, p, o)
		built += time.Since(begun)
		if missed := all.Missed(); len(missed) > 0 {
			b.Fatalf("the shares lack %v", missed)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/made.Seconds(), "rows/s")
	b.ReportMetric(float64(days)/float64(rows), "days/row")
	b.ReportMetric(float64(entries)/float64(rows), "entries/row")
	b.ReportMetric(float64(going)/float64(len(names)), "going-B/group")
	per := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(b.N) }
	b.ReportMetric(per(added), "add-ms")
	b.ReportMetric(per(composed), "compose-ms")
	b.ReportMetric(per(built), "build-ms")
}

// unitFeed has feeders of fifty units, which always go out together.
func unitFeed(b *testing.B, p *policy.Policy, rows int) *engine.Engine {
	b.Helper()
	const units, feeders, length = 50, 400, 608 * 86400
	var served []outage.Customers
	unit := func(f, u int) string { return fmt.Sprintf("%s/%02d", feedFeeder(f), u) }
	for f := range feeders {
		for u := range units {
			served = append(served, outage.Customers{
				Feeder: feedFeeder(f), Unit: unit(f, u), Area: p.Areas[f%len(p.Areas)].ID, Class: p.Classes[f%2].ID, Customers: int64(20 + u),
				ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo,
			})
		}
	}
	base, err := p.NewBase(served)
	if err != nil {
		b.Fatal(err)
	}
	opts := snapshot.EngineOptions(p, 72*time.Hour)
	opts.Watch = snapshot.WatchFor(p)
	e := engine.New(base, opts)
	load := e.Begin()
	load.Deliver(e.Open(&outage.Delivery{Path: "meters"}), 1, 0)
	asOf := time.Date(2022, 9, 1, 8, 30, 0, 0, p.Zone).Unix()
	batch := outage.NewBatch(outage.NewDict())
	for n := range rows / units {
		f, start := n%feeders, asOf-length+int64(n)*int64(length*units/rows)
		end := start + int64(300+n*7919%9000)
		batch.Reset()
		for u := range units {
			batch.Append(&outage.Event{
				Row: outage.Row(n*units + u + 1), ID: fmt.Sprintf("M%d", n), Source: "meters", Feeder: feedFeeder(f), Unit: unit(f, u),
				Start: start, End: end, Customers: outage.Missing, Nature: []outage.Nature{outage.FaultInternal, outage.PlannedMaintenance}[n%2], Served: outage.Missing,
			})
		}
		if err := load.AddRows(batch, [2]int{0, batch.Len()}, [2]int{}); err != nil {
			b.Fatal(err)
		}
	}
	if err := load.CommitParts(); err != nil {
		b.Fatal(err)
	}
	e.Advance(asOf)
	return e
}
