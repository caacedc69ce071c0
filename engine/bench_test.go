package engine_test

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

const benchFeeders = 4000

// BenchmarkEngine loads so many rows, and counts them: two years of outages on
// 4000 feeders of two cells each. One row in twenty begins while the one before
// it is not over, one in five names no class and is split. With
// SAIDI_BENCH_LARGE=1 there are ten million rows too. MB is the heap that the
// engine holds in the end.
func BenchmarkEngine(b *testing.B) {
	sizes := []int{100_000, 1_000_000}
	if os.Getenv("SAIDI_BENCH_LARGE") == "1" {
		sizes = append(sizes, 10_000_000)
	}
	for _, rows := range sizes {
		b.Run(fmt.Sprintf("load/rows=%d", rows), func(b *testing.B) { benchmarkLoad(b, rows) })
		b.Run(fmt.Sprintf("advance/rows=%d", rows), func(b *testing.B) { benchmarkAdvance(b, rows) })
	}
}

func benchmarkLoad(b *testing.B, rows int) {
	before := heap()
	var e *engine.Engine
	for b.Loop() {
		b.StopTimer()
		e = benchEngine(b)
		b.StartTimer()
		benchLoad(b, e, rows, b.StopTimer, b.StartTimer)
	}
	report(b, e, rows, before)
}

func benchmarkAdvance(b *testing.B, rows int) {
	before := heap()
	var e *engine.Engine
	for b.Loop() {
		b.StopTimer()
		e = benchEngine(b)
		benchLoad(b, e, rows, func() {}, func() {})
		b.StartTimer()
		e.Advance(benchYears().To)
	}
	report(b, e, rows, before)
	if got := e.Quality().Seconds; got == 0 {
		b.Fatal("nothing counts")
	}
}

// report gives rows per second and the heap in MB, and makes sure that all rows
// are in force.
func report(b *testing.B, e *engine.Engine, rows int, before uint64) {
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(heap()-before)/1e6, "MB")
	if got := e.Counts(0).Accepted; got != rows {
		b.Fatalf("%d rows accepted, want %d", got, rows)
	}
}

// heap is what is in use after a collection, in bytes.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func benchYears() period.Period {
	zone := refZone("Asia/Shanghai")
	return period.Period{From: period.YearStart{}.Year(2021, zone).From, To: period.YearStart{}.Year(2022, zone).To}
}

func benchEngine(b *testing.B) *engine.Engine {
	b.Helper()
	var rows []outage.Customers
	for f := range benchFeeders {
		area := "a" + strconv.Itoa(f%8)
		rows = append(rows, refServed(benchFeeder(f), area, "rural", int64(50+f%200)), refServed(benchFeeder(f), area, "town", int64(20+f%90)))
	}
	base, err := reliability.NewBase(rows, nil)
	if err != nil {
		b.Fatal(err)
	}
	return engine.New(base, engine.Options{Zone: refZone("Asia/Shanghai")})
}

func benchFeeder(f int) string { return fmt.Sprintf("feeder-%04d", f) }

// benchLoad loads one delivery in batches, and pauses something while it makes
// them.
func benchLoad(b *testing.B, e *engine.Engine, rows int, pause, resume func()) {
	b.Helper()
	const batchRows = 1 << 14
	load := e.Begin()
	d := newBenchDraw(rows)
	batch := outage.NewBatch(outage.NewDict())
	for from := 0; from < rows; from += batchRows {
		pause()
		batch.Reset()
		for i := from; i < min(rows, from+batchRows); i++ {
			d.row(batch, i)
		}
		resume()
		if err := load.Add(batch); err != nil {
			b.Fatal(err)
		}
	}
	if err := load.Commit(&outage.Delivery{Path: "bench", Rows: rows}); err != nil {
		b.Fatal(err)
	}
}

// A benchDraw makes rows in the order of time, one feeder after the other.
type benchDraw struct {
	gap    int64   // between two rows of a feeder, seconds
	starts []int64 // of each feeder's last row
	ends   []int64
	state  uint64
}

func newBenchDraw(rows int) *benchDraw {
	perFeeder := int64(rows/benchFeeders + 1)
	return &benchDraw{gap: benchYears().Seconds() / perFeeder, starts: make([]int64, benchFeeders), ends: make([]int64, benchFeeders), state: 1}
}

// below draws from 0 to n - 1 (xorshift).
func (d *benchDraw) below(n int64) int64 {
	d.state ^= d.state << 13
	d.state ^= d.state >> 7
	d.state ^= d.state << 17
	return int64(d.state>>1) % n
}

func (d *benchDraw) row(batch *outage.Batch, i int) {
	f := i % benchFeeders
	start := benchFrom + int64(i/benchFeeders)*d.gap + d.below(d.gap/4)
	if d.below(20) == 0 && d.starts[f] > 0 {
		start = (d.starts[f] + d.ends[f]) / 2
	}
	end := start + 60 + d.below(min(d.gap/2, 4*refHour))
	d.starts[f], d.ends[f] = start, end
	class := [5]string{"rural", "town", "rural", "town", ""}[d.below(5)]
	batch.Append(&outage.Event{
		Row: outage.Row(i + 1), ID: strconv.Itoa(10_000_000 + i), Source: "bench", Feeder: benchFeeder(f), Class: class,
		Start: start, End: end, Customers: 1 + d.below(40), Nature: outage.Nature(d.below(int64(outage.NatureCount))), Served: outage.Missing,
	})
}

// benchFrom is the first instant of the two years, UTC seconds.
const benchFrom = 1609430400

// BenchmarkRestart loads so many rows that came in parts of one size, as from a
// store, and counts them. Of the names of its cases, told says how many rows each
// event has, in parts of their own: the last one holds. Making the rows takes most
// of the time of an operation and is not in that of its steps.
func BenchmarkRestart(b *testing.B) {
	sizes := []int{1_000_000}
	if os.Getenv("SAIDI_BENCH_LARGE") == "1" {
		sizes = append(sizes, 10_000_000)
	}
	for _, rows := range sizes {
		for _, part := range []int{1, 100, 1_000_000} {
			b.Run(fmt.Sprintf("rows=%d/part=%d", rows, part), func(b *testing.B) { benchmarkRestart(b, rows, part, 1) })
		}
		b.Run(fmt.Sprintf("rows=%d/part=1/told=2", rows), func(b *testing.B) { benchmarkRestart(b, rows, 1, 2) })
		b.Run(fmt.Sprintf("rows=%d/again", rows), func(b *testing.B) { benchmarkAgain(b, rows) })
	}
}

func benchmarkRestart(b *testing.B, rows, part, told int) {
	before := heap()
	var e *engine.Engine
	var add, commit, advance time.Duration
	for b.Loop() {
		e = benchEngine(b)
		load, account := e.Begin(), e.Open(&outage.Delivery{Path: "bench"})
		add += benchParts(b, load, account, [3]int{rows, part, told})
		begun := time.Now()
		if err := load.CommitParts(); err != nil {
			b.Fatal(err)
		}
		committed := time.Now()
		e.Advance(benchYears().To)
		commit, advance = commit+committed.Sub(begun), advance+time.Since(committed)
	}
	per := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(b.N) }
	b.ReportMetric(float64(rows)*float64(b.N)/(add+commit+advance).Seconds(), "rows/s")
	b.ReportMetric(float64(heap()-before)/1e6, "MB")
	b.ReportMetric(per(add), "add-ms")
	b.ReportMetric(per(commit), "commit-ms")
	b.ReportMetric(per(advance), "advance-ms")
	if got, want := e.Counts(0).Accepted, rows/told; got != want {
		b.Fatalf("%d rows accepted, want %d", got, want)
	}
}

// benchParts adds rows in parts of a size, each event in so many tellings far from
// each other, and gives the time that the engine took.
func benchParts(b *testing.B, load *engine.Load, account int, of [3]int) (took time.Duration) {
	b.Helper()
	const batchRows, apart = 1 << 14, 5000
	rows, part, told := of[0], of[1], of[2]
	d := newBenchDraw(rows / told)
	batch := outage.NewBatch(outage.NewDict())
	for from := 0; from < rows; from += batchRows {
		batch.Reset()
		for i := from; i < min(rows, from+batchRows); i++ {
			d.row(batch, (i/told+i%told*apart)%(rows/told))
		}
		begun := time.Now()
		for i := 0; i < batch.Len(); {
			to := min(batch.Len(), i+part-(from+i)%part)
			if (from+i)%part == 0 {
				load.Deliver(account, int64((from+i)/part), 0)
			}
			if err := load.AddRows(batch, [2]int{i, to}, [2]int{}); err != nil {
				b.Fatal(err)
			}
			i = to
		}
		took += time.Since(begun)
	}
	return took
}

// benchmarkAgain loads a delivery whole a second time.
func benchmarkAgain(b *testing.B, rows int) {
	for b.Loop() {
		b.StopTimer()
		e := benchEngine(b)
		benchLoad(b, e, rows, func() {}, func() {})
		e.Advance(benchYears().To)
		b.StartTimer()
		benchLoad(b, e, rows, b.StopTimer, b.StartTimer)
		e.Advance(benchYears().To)
		if got := e.Counts(1).Duplicate; got != rows {
			b.Fatalf("%d rows are duplicates, want %d", got, rows)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
