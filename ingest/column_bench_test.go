package ingest

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
)

// BenchmarkColumns reads typed columns in memory into batches, with the hash of
// the file.
func BenchmarkColumns(b *testing.B) {
	for _, format := range []string{"parquet", "arrow file", "arrow stream"} {
		for _, rows := range []int{1_000, 30_000, 300_000} {
			b.Run(fmt.Sprintf("%s/%d", format, rows), func(b *testing.B) {
				data := typedColumns(b, format, rows)
				opts := shanghai(b)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Events("events", bytes.NewReader(data), opts, func(*outage.Batch) error { return nil }); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
			})
		}
	}
}
