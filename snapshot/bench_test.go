package snapshot_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// BenchmarkOneMore has an engine of so many rows of two years, on 4000 feeders
// of the shipped policy's areas, and tells it of one more outage a second after
// the other, as a feed does: the event is applied, the clock goes on, and the
// snapshot is made with its detail. The group of the feeder is derived twice, as
// it was in apply and as it is in count; the rest is build. With SAIDI_BENCH_LARGE=1 there are ten million rows too.
func BenchmarkOneMore(b *testing.B) {
	sizes := []int{100_000, 1_000_000}
	if os.Getenv("SAIDI_BENCH_LARGE") == "1" {
		sizes = append(sizes, 10_000_000)
	}
	for _, rows := range sizes {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) { benchmarkOneMore(b, rows) })
	}
}

func benchmarkOneMore(b *testing.B, rows int) {
	p := policy.Qinghai()
	f := newFeed(b, p, rows)
	clock := f.asOf
	f.engine.Advance(clock)
	build := func() { snapshot.Build(f.engine, p, snapshot.Options{Detail: true, Anonymous: true}) }
	build()
	var apply, count, made time.Duration
	for b.Loop() {
		clock++
		begun := time.Now()
		f.one(b, clock)
		applied := time.Now()
		f.engine.Advance(clock)
		counted := time.Now()
		build()
		apply, count, made = apply+applied.Sub(begun), count+counted.Sub(applied), made+time.Since(counted)
	}
	per := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(b.N) }
	b.ReportMetric(per(apply), "apply-ms")
	b.ReportMetric(per(count), "count-ms")
	b.ReportMetric(per(made), "build-ms")
}

const feedFeeders = 4000

// A feed is an engine to which events are told one by one.
type feed struct {
	engine  *engine.Engine
	account int
	asOf    int64 // of the end of its history
	told    int
	areas   []policy.Area
	state   uint64
}

// newFeed loads two years of history, up to 1 September 2022: one outage in a
// thousand is still open, and as many rows are impossible.
func newFeed(b *testing.B, p *policy.Policy, rows int) *feed {
	b.Helper()
	f := &feed{areas: p.Areas, state: 1, asOf: time.Date(2022, 9, 1, 8, 30, 0, 0, p.Zone).Unix()}
	var served []outage.Customers
	for n := range feedFeeders {
		for k, class := range []outage.Class{p.Classes[0].ID, p.Classes[1].ID} {
			served = append(served, outage.Customers{
				Feeder: feedFeeder(n), Area: f.areas[n%len(f.areas)].ID, Class: class, Customers: int64(50 + n%200 + 30*k),
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
	f.engine = engine.New(base, opts)
	f.account = f.engine.Open(&outage.Delivery{Path: "feed"})
	f.history(b, rows)
	return f
}

func feedFeeder(n int) string { return fmt.Sprintf("feeder-%04d", n) }

// history loads rows of one part each.
func (f *feed) history(b *testing.B, rows int) {
	b.Helper()
	const batchRows, length = 1 << 14, 608 * 86400
	load := f.engine.Begin()
	batch := outage.NewBatch(outage.NewDict())
	for f.told < rows {
		batch.Reset()
		for batch.Len() < batchRows && f.told < rows {
			f.told++
			ev := f.event(f.asOf - length + int64(float64(f.told)/float64(rows)*length) - f.below(3600))
			batch.Append(&ev)
		}
		for i := range batch.Len() {
			load.Deliver(f.account, int64(f.told-batch.Len()+i+1), 0)
			if err := load.AddRows(batch, [2]int{i, i + 1}, [2]int{}); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := load.CommitParts(); err != nil {
		b.Fatal(err)
	}
	f.engine.Tell(f.account, rows, 0, nil)
}

// event draws an outage that begins at an instant.
func (f *feed) event(start int64) outage.Event {
	ev := outage.Event{
		Row: 1, Source: "feed", ID: strconv.Itoa(10_000_000 + f.told), Feeder: feedFeeder(int(f.below(feedFeeders))), Start: start,
		End: start + 60 + f.below(4*3600), Customers: 1 + f.below(40), Nature: outage.Nature(f.below(int64(outage.NatureCount))),
		Cause: "cause " + strconv.Itoa(int(f.below(12))), Served: outage.Missing,
	}
	switch f.below(1000) {
	case 0:
		ev.End = outage.Open
	case 1:
		ev.Feeder = "nobody's"
	}
	return ev
}

// one tells of an outage that begins now and has no end yet.
func (f *feed) one(b *testing.B, now int64) {
	b.Helper()
	f.told++
	ev := f.event(now)
	ev.End = outage.Open
	batch := outage.NewBatch(outage.NewDict())
	batch.Append(&ev)
	load := f.engine.Begin()
	load.Deliver(f.account, int64(f.told), now)
	if err := load.Add(batch); err != nil {
		b.Fatal(err)
	}
	if err := load.CommitParts(); err != nil {
		b.Fatal(err)
	}
	f.engine.Tell(f.account, 1, 0, nil)
}

// below draws from 0 to n - 1 (xorshift).
func (f *feed) below(n int64) int64 {
	f.state ^= f.state << 13
	f.state ^= f.state >> 7
	f.state ^= f.state << 17
	return int64(f.state>>1) % n
}
