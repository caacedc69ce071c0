package app

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// newShown is an App that shows a world of about so many rows, and is asked about
// it.
func newShown(b *testing.B, scale float64) (a *App, rows int64) {
	b.Helper()
	a, err := New(Options{Load: func() (*Config, error) { c := DefaultConfig(); return &c, nil }, Program: "saidi", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	a.world, rows = sizedWorld(b, scale)
	a.swap(a.world.advance(benchInstant(), "saidi", ""))
	done := make(chan struct{})
	b.Cleanup(func() { close(done) })
	go func() {
		for {
			select {
			case question := <-a.asks:
				question()
			case <-done:
				return
			}
		}
	}()
	return a, rows
}

// The first byte of pages and answers with a million rows behind them, of which
// none was asked for since the snapshot, and again.
func BenchmarkFirstByte(b *testing.B) {
	a, rows := newShown(b, 2.5)
	server := httptest.NewServer(a.Handler(prometheus.NewRegistry()))
	defer server.Close()
	ask := func(b *testing.B, path string) {
		answer, err := server.Client().Get(server.URL + path)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		defer b.StartTimer()
		size, err := io.Copy(io.Discard, answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			b.Fatalf("%s: %d %v", path, answer.StatusCode, err)
		}
		b.ReportMetric(float64(size), "bytes")
		_ = answer.Body.Close()
	}
	for _, path := range []string{
		"/", "/area/xining", "/data", "/live", "/events?scope=xining&class=rural", "/events", "/api/v1/events?scope=xining&class=rural", "/api/v1/events", "/api/v1/events?format=csv",
		"/api/v1/feeders", "/api/v1/curve", "/api/v1/live", "/api/v1/report.html", "/api/v1/report.xlsx",
	} {
		b.Run(fmt.Sprintf("rows=%d/cold%s", rows, path), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				a.answers.forget()
				<-a.desk.turn.queue("") // once the pause after the question before is over
				a.desk.turn.leave()
				b.StartTimer()
				ask(b, path)
			}
		})
		b.Run(fmt.Sprintf("rows=%d/again%s", rows, path), func(b *testing.B) {
			for b.Loop() {
				ask(b, path)
			}
		})
	}
}
