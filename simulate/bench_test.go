package simulate

import (
	"fmt"
	"io"
	"runtime"
	"testing"
)

// Rows a second of a first delivery of three years as CSV.
func BenchmarkCSV(b *testing.B) {
	for _, scale := range []float64{0.3, 3, 30} {
		b.Run(fmt.Sprintf("scale/%v", scale), func(b *testing.B) {
			p := province(b, options(scale))
			var rows int64
			for b.Loop() {
				n, err := WriteEvents(io.Discard, CanonicalCSV, p.Records(First))
				if err != nil {
					b.Fatal(err)
				}
				rows += n
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// Calibration looks at a bounded sample, however large the province is.
func BenchmarkNew(b *testing.B) {
	for _, scale := range []float64{1, 100, 10_000} {
		b.Run(fmt.Sprintf("scale/%v", scale), func(b *testing.B) {
			for b.Loop() {
				province(b, options(scale))
			}
		})
	}
}

// Ten times the rows are made in the same memory.
func TestConstantMemory(t *testing.T) {
	few, fewRows := liveWhileMaking(t, 10)
	many, manyRows := liveWhileMaking(t, 100)
	if fewRows < 90_000 || manyRows < 10*fewRows*9/10 {
		t.Fatalf("%d and %d rows, want about 100 000 and a million", fewRows, manyRows)
	}
	if many > few+few/5+1<<20 {
		t.Errorf("%d bytes live while making %d rows, %d while making %d", few, fewRows, many, manyRows)
	}
}

// liveWhileMaking is the most memory in use, in bytes, at some points of making
// the rows of one year.
func liveWhileMaking(t *testing.T, scale float64) (most uint64, rows int64) {
	t.Helper()
	o := options(scale)
	o.First = o.Last
	p := province(t, o)
	every := p.Rows(First) / 10
	for range p.Records(First) {
		if rows++; rows%every == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	return most, rows
}
