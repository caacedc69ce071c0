package ingest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/outage"
)

// BenchmarkEvents reads canonical CSV in memory into batches: both passes, with
// hash and encoding.
func BenchmarkEvents(b *testing.B) {
	for _, rows := range []int{1_000, 30_000, 300_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			var text strings.Builder
			text.WriteString("event_id,feeder_id,unit_id,area,class,start,end,customers,nature,cause\n")
			for i := range rows {
				fmt.Fprintf(&text, "2021-%07d,F%04d,U%06d,西宁市,市区,2021-%02d-%02d %02d:03:00,2021-12-31 09:41:30,125,计划检修,配网检修\n", i, i%5000, i%100_000, i%12+1, i%28+1, i%24)
			}
			data := []byte(text.String())
			opts := Options{Names: chinese(b), Zone: location(b, "Asia/Shanghai")}
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Events("events.csv", bytes.NewReader(data), opts, func(*outage.Batch) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
