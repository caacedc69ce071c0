package store

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
)

// sizes are numbers of rows; with SAIDI_BENCH_LARGE=1 there are ten million too.
func sizes() []int {
	if os.Getenv("SAIDI_BENCH_LARGE") == "1" {
		return []int{1_000_000, 10_000_000}
	}
	return []int{1_000_000}
}

// unitBatch is rows as a large utility has them: each of a unit, of 400 000.
func unitBatch(b *outage.Batch, from, n int) {
	b.Reset()
	for i := from; i < from+n; i++ {
		unit := i * 7919 % 400_000
		b.Append(&outage.Event{
			Row: outage.Row(i + 2), ID: fmt.Sprintf("E%09d", i/20), Source: "oms", Feeder: fmt.Sprintf("F%05d", unit/80), Unit: fmt.Sprintf("T%07d", unit),
			Area: "xining", Class: []string{"urban", "rural", "town"}[unit%3], Start: 1_600_000_000 + int64(i), End: 1_600_003_600 + int64(i)*3/2,
			Customers: int64(unit % 97), Nature: outage.Nature(1 + i%3), Cause: "weather", Served: outage.Missing,
		})
	}
}

func benchStore(b *testing.B) *Store {
	b.Helper()
	s := opened(b, b.TempDir(), 0)
	b.Cleanup(func() { closed(b, s) })
	return s
}

// Single rows, each acknowledged when it is durable.
func BenchmarkPutOne(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("callers-%d", callers), func(b *testing.B) {
			s := benchStore(b)
			batch := outage.NewBatch(outage.NewDict())
			unitBatch(batch, 0, 1)
			var wg sync.WaitGroup
			work := make(chan int)
			for range callers {
				wg.Go(func() {
					for i := range work {
						p := s.Begin()
						if err := p.Add(batch); err != nil {
							b.Error(err)
						}
						if _, err := s.Put(context.Background(), Told{head(fmt.Sprint(i)), p}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			n := 0
			for b.Loop() {
				work <- n
				n++
			}
			close(work)
			wg.Wait()
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// Deliveries of 10 000 rows, which go through the tail.
func BenchmarkPutMany(b *testing.B) {
	const n = 10_000
	s := benchStore(b)
	batch := outage.NewBatch(outage.NewDict())
	unitBatch(batch, 0, n)
	count := 0
	for b.Loop() {
		p := s.Begin()
		if err := p.Add(batch); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Put(context.Background(), Told{head(fmt.Sprint(count)), p}); err != nil {
			b.Fatal(err)
		}
		count++
	}
	b.ReportMetric(float64(n*count)/b.Elapsed().Seconds(), "rows/s")
}

// fill stores rows in deliveries of so many.
func fill(b *testing.B, s *Store, rows, each int) {
	b.Helper()
	batch := outage.NewBatch(outage.NewDict())
	for from := 0; from < rows; from += each {
		p := s.Begin()
		for at := from; at < from+each; at += 8192 {
			unitBatch(batch, at, min(8192, from+each-at))
			if err := p.Add(batch); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := s.Put(context.Background(), Told{head(fmt.Sprint(from)), p}); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.compact(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// Reading all rows, which is what a restart does, with the checks of all sums.
func BenchmarkRead(b *testing.B) {
	for _, n := range sizes() {
		for _, each := range []int{100, n} {
			b.Run(fmt.Sprintf("%d/deliveries-of-%d", n, each), func(b *testing.B) {
				s := benchStore(b)
				begin := b.Elapsed()
				fill(b, s, n, each)
				b.Logf("stored in %s", b.Elapsed()-begin)
				for b.Loop() {
					rows := 0
					if err := s.Read(context.Background(), 0, 0, func(c *Chunk) error { rows += c.Batch.Len(); return nil }); err != nil || rows != n {
						b.Fatalf("%d rows, %v", rows, err)
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
				b.ReportMetric(float64(s.Stats().Bytes)/float64(n), "bytes/row")
			})
		}
	}
}

// Gathering the rows of deliveries that become segments of their own.
func BenchmarkAdd(b *testing.B) {
	s := benchStore(b)
	batches := make([]*outage.Batch, 5)
	for i := range batches {
		batches[i] = outage.NewBatch(outage.NewDict())
		unitBatch(batches[i], 8000*i, 8000)
	}
	for _, n := range []int{96_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				p := s.Begin()
				for i := range n / 8000 {
					if err := p.Add(batches[i%len(batches)]); err != nil {
						b.Fatal(err)
					}
				}
				p.Discard()
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}

// Reading a full tail, which is the rest of a restart.
func BenchmarkReadTail(b *testing.B) {
	const n = 64_000
	for _, each := range []int{1, 100, 8000} {
		b.Run(fmt.Sprintf("deliveries-of-%d", each), func(b *testing.B) {
			s := opened(b, b.TempDir(), 1<<30)
			defer closed(b, s)
			batch := outage.NewBatch(outage.NewDict())
			var list []Told
			for from := 0; from < n; from += each {
				p := s.Begin()
				unitBatch(batch, from, each)
				if err := p.Add(batch); err != nil {
					b.Fatal(err)
				}
				list = append(list, Told{head(fmt.Sprint(from)), p})
			}
			if _, err := s.Put(context.Background(), list...); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				rows := 0
				if err := s.Read(context.Background(), 0, 0, func(c *Chunk) error { rows += c.Batch.Len(); return nil }); err != nil || rows != n {
					b.Fatalf("%d rows, %v", rows, err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}
