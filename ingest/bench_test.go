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

// BenchmarkRows reads canonical CSV by feeder and by unit, in one go and in
// portions, and gives the rows in a second. The units of a feeder stand in the
// same order in each of its events, as in exports.
func BenchmarkRows(b *testing.B) {
	levels := []struct {
		name string
		text func(rows int) []byte
	}{{"feeder", feederRows}, {"unit", unitRows}}
	for _, level := range levels {
		for _, rows := range []int{1_000, 30_000, 1_000_000} {
			data := level.text(rows)
			for _, portion := range []int{0, portionSize} {
				name := fmt.Sprintf("%s/%d/%s", level.name, rows, map[bool]string{true: "sequential", false: "portions"}[portion == 0])
				b.Run(name, func(b *testing.B) {
					b.SetBytes(int64(len(data)))
					b.ReportAllocs()
					for b.Loop() {
						benchRead(b, data, portion)
					}
					b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
				})
			}
		}
	}
}

// benchRead reads a text as [Events] does, in portions of a size.
func benchRead(b *testing.B, data []byte, portion int) {
	b.Helper()
	opts := Options{Names: chinese(b), Zone: location(b, "Asia/Shanghai")}
	_, err := deliver("events.csv", bytes.NewReader(data), "", opts, eventRows, func(d *delivering) handler {
		taker := newEventTaker(d, outage.NewDict(), func(*outage.Batch) error { return nil })
		taker.portion = portion
		return taker
	})
	if err != nil {
		b.Fatal(err)
	}
}

func feederRows(rows int) []byte {
	var text bytes.Buffer
	text.WriteString("event_id,feeder_id,area,class,start,end,customers,nature,cause\n")
	for i := range rows {
		day := fmt.Sprintf("2021-%02d-%02d", i%12+1, i%28+1)
		fmt.Fprintf(&text, "E%010d,F%06d,西宁市,市区,%s %02d:03:00,%s 23:41:30,%d,fault_internal,配网检修\n", i, i*7919%6000, day, i%23, day, i%900)
	}
	return text.Bytes()
}

func unitRows(rows int) []byte {
	const units = 170 // of a feeder
	var text bytes.Buffer
	text.WriteString("event_id,feeder_id,unit_id,start,end,nature,cause\n")
	for i, event := 0, 0; i < rows; event++ {
		feeder, day := event*7919%6000, fmt.Sprintf("2021-%02d-%02d", event%12+1, event%28+1)
		first := event * 31 % units
		for unit := first; unit < min(first+5+event%50, units) && i < rows; unit++ {
			fmt.Fprintf(&text, "E%010d,F%06d,6301%07d-%d,%s %02d:03:00,%s 23:41:30,planned_maintenance,配网检修\n", event, feeder, feeder*units/9+unit/9, unit%9, day, event%23, day)
			i++
		}
	}
	return text.Bytes()
}
