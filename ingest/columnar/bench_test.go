package columnar_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"testing"

	"github.com/saidi-exporter/saidi/ingest/columnar"
)

// Reading five columns: units of 400 000 texts, two timestamps, a nature, and
// customers. With SAIDI_BENCH_LARGE=1 there are ten million rows too. MB is the
// heap held at the end, texts and all.
func BenchmarkRead(b *testing.B) {
	sizes := []int{100_000, 1_000_000}
	if os.Getenv("SAIDI_BENCH_LARGE") == "1" {
		sizes = append(sizes, 10_000_000)
	}
	for _, f := range formats() {
		for _, n := range sizes {
			b.Run(fmt.Sprintf("%s/%d", f.name, n), func(b *testing.B) { benchmarkRead(b, f, written(b, f, n), n) })
		}
	}
}

func benchmarkRead(b *testing.B, f format, data []byte, n int) {
	b.ReportAllocs()
	before := heap()
	for b.Loop() {
		r, err := f.open(data)
		if err != nil {
			b.Fatal(err)
		}
		if got := drain(b, r); got != n {
			b.Fatalf("%d rows, want %d", got, n)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
	b.ReportMetric(float64(len(data))/1e6, "file-MB")
	r, err := f.open(data)
	if err != nil {
		b.Fatal(err)
	}
	drain(b, r)
	b.ReportMetric(float64(heap()-before)/1e6, "held-MB")
	runtime.KeepAlive(r)
}

// heap is what is in use behind a collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func drain(b *testing.B, r *columnar.Reader) (n int) {
	b.Helper()
	for {
		batch, err := r.Next()
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			b.Fatal(err)
		}
		n += batch.Rows
	}
}

func BenchmarkWrite(b *testing.B) {
	const n = 65536
	var dicts [2]*columnar.Dict
	batch, columns := outages(n, 0, &dicts)
	for _, f := range formats() {
		b.Run(f.name, func(b *testing.B) {
			var out bytes.Buffer
			w, err := f.write(&out, columns)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := w.Write(batch); err != nil {
					b.Fatal(err)
				}
				out.Reset()
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}
