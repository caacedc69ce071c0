package snapshot_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// BenchmarkAsk has an engine of so many rows of two years, as [BenchmarkOneMore]
// has, and asks of it what pages ask. With SAIDI_BENCH_LARGE=1 there are ten million
// rows too.
func BenchmarkAsk(b *testing.B) {
	sizes := []int{100_000, 1_000_000}
	if os.Getenv("SAIDI_BENCH_LARGE") == "1" {
		sizes = append(sizes, 10_000_000)
	}
	for _, rows := range sizes {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) { benchmarkAsk(b, rows) })
	}
}

func benchmarkAsk(b *testing.B, rows int) {
	p := policy.Qinghai()
	f := newFeed(b, p, rows)
	f.engine.Advance(f.asOf)
	snapshot.Build(f.engine, p, snapshot.Options{Detail: true, Anonymous: true})
	window := func(text string) snapshot.Question {
		w, err := snapshot.ParseWindow(text, f.engine, p)
		if err != nil {
			b.Fatal(err)
		}
		return snapshot.Question{Scope: p.Whole.ID, Window: w}
	}
	area, whole, month := window(""), window(""), window("2022-08")
	area.Scope, area.Class = string(p.Areas[0].ID), string(p.Classes[0].ID)
	events := func(q snapshot.EventsQuestion) func() error {
		q.Limit = 50
		return func() error { _, err := snapshot.Events(f.engine, p, q); return err }
	}
	for _, c := range []struct {
		name string
		ask  func() error
	}{
		{"events-area-class", events(snapshot.EventsQuestion{Question: area})},
		{"events-whole", events(snapshot.EventsQuestion{Question: whole})},
		{"events-whole-text", events(snapshot.EventsQuestion{Question: whole, Text: "Cause 7"})},
		{"events-whole-last-page", events(snapshot.EventsQuestion{Question: whole, Offset: rows / 3, Sort: snapshot.SortStart})},
		{"events-whole-month", events(snapshot.EventsQuestion{Question: month})},
		{"events-out", events(snapshot.EventsQuestion{Question: whole, Out: true})},
		{"feeders-area", func() error { _, err := snapshot.Feeders(f.engine, p, area); return err }},
		{"curve", func() error { _, err := snapshot.CurveOf(f.engine, p, whole.Scope, ""); return err }},
		{"record", func() error { return foundBenched(f.engine, p) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if err := c.ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func foundBenched(e *engine.Engine, p *policy.Policy) error {
	r, ok, err := snapshot.FindRecord(e, p, snapshot.RecordQuestion{Source: "feed", EventID: "10050000"})
	if err == nil && (!ok || len(r.Told) != 1 || r.Told[0].Outcome != engine.Accepted.String() || r.Told[0].Customers == nil || *r.Told[0].Customers == outage.Missing) {
		err = fmt.Errorf("found %v: %+v", ok, r)
	}
	return err
}
