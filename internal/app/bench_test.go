package app

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/simulate"
)

// sizedWorld is a world of two years with about so many rows of transformers.
func sizedWorld(b *testing.B, scale float64) (w *world, rows int64) {
	b.Helper()
	p, o := policy.Qinghai(), simulate.DefaultOptions()
	o.First, o.Last, o.Scale, o.Units = 2021, 2022, scale, true
	province, err := simulate.New(o)
	if err != nil {
		b.Fatal(err)
	}
	var base []outage.Customers
	for row := range province.Customers() {
		base = append(base, row)
	}
	if w, err = newWorld(p, base, 72*time.Hour); err != nil {
		b.Fatal(err)
	}
	var file bytes.Buffer
	if rows, err = simulate.WriteEvents(&file, simulate.CanonicalCSV, province.Records(simulate.First)); err != nil {
		b.Fatal(err)
	}
	load := w.engine.Begin()
	d, err := ingest.Events("events.csv", &file, ingest.Options{Names: p.Names(), Zone: p.Zone, Covers: province.Covers()}, load.Add)
	if err != nil {
		b.Fatal(err)
	}
	if err := load.Commit(d); err != nil {
		b.Fatal(err)
	}
	return w, rows
}

// benchInstant is in the deadline year, at an hour at which something is out.
func benchInstant() time.Time { return time.Date(2022, 9, 1, 3, 0, 0, 0, time.UTC) }

// A scrape costs the same for ten thousand and for a million outages.
func BenchmarkScrape(b *testing.B) {
	for _, scale := range []float64{0.025, 2.5} {
		w, rows := sizedWorld(b, scale)
		s, steps := w.advance(benchInstant(), "saidi", "")
		page, err := metrics.NewPage(&metrics.State{Snapshot: s, Computed: time.Now(), Steps: steps})
		if err != nil {
			b.Fatal(err)
		}
		handler := metrics.Handler(func() *metrics.Page { return page }, prometheus.NewRegistry())
		for _, encoding := range []string{"identity", "gzip"} {
			b.Run(fmt.Sprintf("rows=%d/%s", rows, encoding), func(b *testing.B) {
				for b.Loop() {
					r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
					r.Header.Set("Accept-Encoding", encoding)
					out := httptest.NewRecorder()
					handler.ServeHTTP(out, r)
					if out.Code != http.StatusOK {
						b.Fatal(out.Code)
					}
				}
			})
		}
	}
}

// Half a minute of the clock: what is open or due is counted again, and the
// snapshot is made.
func BenchmarkRefresh(b *testing.B) {
	for _, scale := range []float64{0.025, 0.25, 2.5} {
		w, rows := sizedWorld(b, scale)
		t := benchInstant()
		w.advance(t, "saidi", "")
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			before := w.engine.Derived()
			for b.Loop() {
				t = t.Add(30 * time.Second)
				w.advance(t, "saidi", "")
			}
			b.ReportMetric(float64(w.engine.Derived()-before)/float64(b.N), "groups/op")
		})
	}
}
