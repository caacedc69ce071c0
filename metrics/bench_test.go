package metrics_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/saidi-exporter/saidi/metrics"
)

// BenchmarkScrape reads a page of the shipped policy's largest size from a
// server, with the metrics of the runtime behind it.
func BenchmarkScrape(b *testing.B) {
	p := page(b, shipped(full(4)))
	server := httptest.NewServer(metrics.Handler(func() *metrics.Page { return p }, runtime()))
	defer server.Close()
	for _, encoding := range []string{"identity", "gzip"} {
		b.Run(encoding, func(b *testing.B) {
			b.ReportAllocs()
			size := int64(0)
			for b.Loop() {
				size = scrape(b, server, encoding)
			}
			b.ReportMetric(float64(size), "bytes/scrape")
		})
	}
}

// scrape reads an answer as it is sent, and gives its size.
func scrape(b *testing.B, server *httptest.Server, encoding string) int64 {
	r, err := http.NewRequest(http.MethodGet, server.URL, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Accept", openMetrics)
	r.Header.Set("Accept-Encoding", encoding)
	answer, err := server.Client().Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	size, err := io.Copy(io.Discard, answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		b.Fatal(answer.Status, err)
	}
	return size
}

// BenchmarkPage makes pages of the shipped policy, of half the windows and of
// all, and the one before there is a snapshot.
func BenchmarkPage(b *testing.B) {
	starting := rich()
	starting.Snapshot = nil
	for name, s := range map[string]*metrics.State{"starting": starting, "2windows": shipped(full(2)), "4windows": shipped(full(4))} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				page(b, s)
			}
		})
	}
}

// BenchmarkHistory writes a year of daily points of the shipped policy.
func BenchmarkHistory(b *testing.B) {
	s := shipped(full(2)).Snapshot
	year := func(yield func(metrics.Point) bool) {
		for i := range int64(365) {
			if !yield(metrics.Point{Time: i * day, Snapshot: s}) {
				return
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := metrics.WriteHistory(io.Discard, year); err != nil {
			b.Fatal(err)
		}
	}
}
