package e2e

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	client "github.com/prometheus/client_golang/prometheus"
	versioncollector "github.com/prometheus/client_golang/prometheus/collectors/version"

	"github.com/saidi-exporter/saidi/internal/app"
	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/policy"
)

// An exporter runs in the process of the test, on a clock that the test sets.
type exporter struct {
	clock  atomic.Pointer[time.Time]
	server *httptest.Server
	log    program.Log
}

// serve starts an exporter that follows the files of the province.
func (p *province) serve(t *testing.T, clock string) *exporter {
	t.Helper()
	e := &exporter{}
	e.set(t, clock)
	a, err := app.New(app.Options{
		Load: func() (*app.Config, error) { return app.LoadConfig(filepath.Join(p.dir, "saidi.yaml")) },
		Now:  e.now, Program: "saidi under test", TZData: "system", Log: slog.New(slog.NewTextHandler(&e.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	live := client.NewRegistry()
	live.MustRegister(versioncollector.NewCollector("outage"))
	e.server = httptest.NewServer(a.Handler(live))
	t.Cleanup(func() {
		e.server.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the exporter ended with %v", err)
		}
		if t.Failed() {
			t.Logf("log of the exporter:\n%s", e.log.Last(8<<10))
		}
	})
	program.Eventually(t, soon, "the exporter is ready", func() error {
		_, err := get(t, e.server.URL+"/-/ready")
		return err
	})
	return e
}

// address is where it listens.
func (e *exporter) address() string { return strings.TrimPrefix(e.server.URL, "http://") }

func (e *exporter) now() time.Time { return *e.clock.Load() }

// set sets the clock.
func (e *exporter) set(t *testing.T, clock string) {
	t.Helper()
	e.clock.Store(new(instant(t, clock)))
}

// instant reads a time in the zone of Qinghai.
func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02T15:04", text, policy.Qinghai().Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// tenMinutes is how long the outages are that are told every day.
const tenMinutes = 10 * time.Minute

func rfc3339(at time.Time) string { return at.Format(time.RFC3339) }
