package engine

import (
	"fmt"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// A row at rest has 44 bytes, and 4 in the list of its group.
func TestRowSize(t *testing.T) {
	t.Parallel()
	if got := unsafe.Sizeof(row{}); got != 44 {
		t.Errorf("a row has %d bytes, want 44", got)
	}
}

// What an engine holds for rows of units is 48 bytes a row, beside what is kept
// once an event, a unit or a day.
func TestBytesAtRest(t *testing.T) {
	const rows, perEvent, units = 32 * rowBlock, 64, 1024
	var served []outage.Customers
	for u := range units {
		served = append(served, outage.Customers{Feeder: fmt.Sprint("F", u/64), Unit: fmt.Sprint("U", u), Area: "xining", Class: "urban", Customers: 9, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo})
	}
	base, err := reliability.NewBase(served, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := heapInUse()
	e := New(base, Options{Zone: time.UTC})
	load, b := e.Begin(), outage.NewBatch(outage.NewDict())
	for i := range rows {
		start := int64(1_600_000_000 + 3600*(i/perEvent))
		b.Append(&outage.Event{
			Row: outage.Row(i + 1), ID: fmt.Sprint("E", i/perEvent), Unit: fmt.Sprint("U", i%units), Start: start, End: start + 60,
			Customers: outage.Missing, Served: outage.Missing,
		})
		if b.Len() == 8192 {
			if err := load.Add(b); err != nil {
				t.Fatal(err)
			}
			b.Reset()
		}
	}
	if err := load.Commit(&outage.Delivery{Rows: rows}); err != nil {
		t.Fatal(err)
	}
	load, b = nil, nil
	got := float64(heapInUse()-before) / rows
	t.Logf("%.2f bytes a row, with its share of %d events and %d units", got, rows/perEvent, units)
	if accepted := e.Counts(0).Accepted; accepted != rows || got > 50 {
		t.Errorf("%d rows accepted with %.2f bytes each, want %d and at most 50", accepted, got, rows)
	}
}

// heapInUse is what is in use after a collection, in bytes.
func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
