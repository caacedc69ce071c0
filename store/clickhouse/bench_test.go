package clickhouse

import (
	"context"
	"fmt"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// benchBatch is rows of units as a province tells them: of 2 000 feeders with 50
// units each.
func benchBatch(dict *outage.Dict, from, n int) *outage.Batch {
	b := outage.NewBatch(dict)
	for i := from; i < from+n; i++ {
		feeder := i * 7919 % 2000
		start := 1_600_000_000 + int64(i)*37%100_000_000
		b.Append(&outage.Event{
			Row: outage.Row(i), ID: fmt.Sprintf("OMS-2022-%08d", i), Source: "oms", Feeder: fmt.Sprintf("6301-%05d", feeder), Unit: fmt.Sprintf("6301-%05d-%02d", feeder, i%50),
			Area: "xining", Class: "rural", Start: start, End: start + 600 + int64(i)%7000, Customers: int64(1 + i%60), Nature: outage.Nature(i % 5),
			Cause: []string{"设备老化", "雷击", "外力破坏"}[i%3], Served: outage.Missing,
		})
	}
	return b
}

const benchBatchRows = 16 << 10

func benchTell(b *testing.B, s *Store, rows int, sha string) {
	b.Helper()
	p, dict := s.Begin(), outage.NewDict()
	for from := 0; from < rows; from += benchBatchRows {
		if err := p.Add(benchBatch(dict, from, min(benchBatchRows, rows-from))); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := s.Put(context.Background(), store.Told{Head: head(sha), Parcel: p}); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkInsert(b *testing.B) {
	for _, rows := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			s := opened(b, shared(b).URL(database()), Options{})
			defer closed(b, s)
			n := 0
			for b.Loop() {
				benchTell(b, s, rows, fmt.Sprint(n))
				n++
			}
			b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
			s.measure()
			b.ReportMetric(float64(s.Stats().Bytes)/float64(rows*n), "B/row")
		})
	}
}

// BenchmarkRead reads what is stored by groups, half of them at a time, and in
// order.
func BenchmarkRead(b *testing.B) {
	const rows = 1_000_000
	s := opened(b, shared(b).URL(database()), Options{})
	defer closed(b, s)
	benchTell(b, s, rows, "a")
	ctx := context.Background()
	b.Run("groups", func(b *testing.B) {
		for b.Loop() {
			sizes, err := s.Groups(ctx, slots(s), 0)
			if err != nil {
				b.Fatal(err)
			}
			found := 0
			for from := 0; from < len(sizes); from += 1000 {
				var groups []Group
				for _, g := range sizes[from:min(from+1000, len(sizes))] {
					groups = append(groups, g.Group)
				}
				if err := s.ReadGroups(ctx, groups, 0, func(c *Chunk) error { found += c.Batch.Len(); return nil }); err != nil {
					b.Fatal(err)
				}
			}
			if found != rows {
				b.Fatalf("%d rows, want %d", found, rows)
			}
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			found := 0
			if err := s.Read(ctx, 0, 0, func(c *store.Chunk) error { found += c.Batch.Len(); return nil }); err != nil {
				b.Fatal(err)
			}
			if found != rows {
				b.Fatalf("%d rows, want %d", found, rows)
			}
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("changed", func(b *testing.B) {
		last := s.Last()
		put(b, s, head("one"), eventsOf(1, "one"))
		for b.Loop() {
			groups, err := s.Changed(ctx, last, 0, 0)
			if err != nil || len(groups) != 1 {
				b.Fatalf("%v, %v", groups, err)
			}
		}
	})
}
