package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/simulate"
)

// serve runs an App and serves it until the test ends.
func (r *rig) serve() (url string) {
	t := r.t
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	server := httptest.NewServer(r.Handler(prometheus.NewRegistry()))
	t.Cleanup(func() {
		server.Close()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return server.URL
}

func ask(t testing.TB, method, url string) (status int, body string, header http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(data), answer.Header
}

func TestHandler(t *testing.T) {
	t.Parallel()
	with, without := small(t).serve(), newRig(t, config).begin(nil).serve()
	tests := []struct {
		name, method, url string
		status            int
		says              string
	}{
		{"page", "GET", with + "/", 200, "<html"},
		{"page without a snapshot", "GET", without + "/", 200, "no such file"},
		{"metrics", "GET", with + "/metrics", 200, metrics.EquivalentCustomers + "{"},
		{"metrics without a snapshot", "GET", without + "/metrics", 200, metrics.SourceUp + `{source="base"} 0`},
		{"report", "GET", with + "/api/v1/report", 200, `"schema_version"`},
		{"report without a snapshot", "GET", without + "/api/v1/report", 503, "no snapshot yet"},
		{"healthy", "GET", with + "/-/healthy", 200, "healthy"},
		{"healthy without a snapshot", "GET", without + "/-/healthy", 200, "healthy"},
		{"ready", "GET", with + "/-/ready", 200, "ready"},
		{"ready without a snapshot", "GET", without + "/-/ready", 503, "not ready"},
		{"reload", "POST", with + "/-/reload", 200, "Reloaded."},
		{"reload with PUT", "PUT", with + "/-/reload", 200, "Reloaded."},
		{"reload with GET", "GET", with + "/-/reload", 405, ""},
		{"metrics with POST", "POST", with + "/metrics", 405, ""},
		{"nowhere", "GET", with + "/favicon.txt", 404, ""},
		{"below the page", "GET", with + "/api/v1", 404, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			status, body, _ := ask(t, tt.method, tt.url)
			if status != tt.status || !strings.Contains(body, tt.says) {
				t.Errorf("got %d, %.300s, want %d and %q", status, body, tt.status, tt.says)
			}
		})
	}
}

// The report is one that a program can read.
func TestReportIsJSON(t *testing.T) {
	t.Parallel()
	_, body, header := ask(t, "GET", small(t).serve()+"/api/v1/report")
	var report struct{ Indices []any }
	if err := json.Unmarshal([]byte(body), &report); err != nil || len(report.Indices) == 0 {
		t.Errorf("%v, %d indices", err, len(report.Indices))
	}
	if got := header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("the type is %q", got)
	}
}

// Whoever asked for a reload finds what came out of it, when it works and when it
// does not.
func TestReloadIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	r := small(t)
	url := r.serve()
	for i := range 5 {
		r.put("saidi.yml", config+"polcy: x\n", later)
		if status, body, _ := ask(t, "POST", url+"/-/reload"); status != 500 || !strings.Contains(body, "saidi.yml:6") {
			t.Fatalf("round %d: got %d, %s", i, status, body)
		}
		if _, body, _ := ask(t, "GET", url+"/metrics"); !strings.Contains(body, metrics.ConfigReloadSuccessful+" 0\n") {
			t.Fatalf("round %d: the metric does not say that it did not work", i)
		}
		if _, body, _ := ask(t, "GET", url+"/"); !strings.Contains(body, "polcy") {
			t.Fatalf("round %d: the page does not say what is wrong", i)
		}
		r.put("saidi.yml", config, later)
		r.put("late/2.csv", header+strings.Repeat(e2, i+1), later.Add(time.Duration(i)*time.Second))
		if status, body, _ := ask(t, "POST", url+"/-/reload"); status != 200 {
			t.Fatalf("round %d: got %d, %s", i, status, body)
		}
		if _, body, _ := ask(t, "GET", url+"/api/v1/report"); !strings.Contains(body, fmt.Sprintf(`"rows": %d,`, i+4)) {
			t.Fatalf("round %d: the report has not the new rows", i)
		}
	}
}

// A file that comes is seen without waiting for the next look.
func TestRunSeesFiles(t *testing.T) {
	t.Parallel()
	r := newRig(t, config+"refresh: 1h\nrescan: 1d\n", "base.csv", smallBase, "events/1.csv", header+e1).begin(nil)
	url := r.serve()
	end := time.Now().Add(20 * time.Second)
	for i := 0; ; i++ {
		r.put("late/1.csv", header+e2, later.Add(time.Duration(i)*time.Second)) // the watching begins a moment after the start
		time.Sleep(settleDown + 200*time.Millisecond)
		if _, body, _ := ask(t, "GET", url+"/metrics"); strings.Contains(body, metrics.IngestRowsTotal+`{outcome="accepted",reason="",source="metering"} `) {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the file was not seen")
		}
	}
}

// smallPolicy is that of the small world, with few series.
const smallPolicy = `id: small
zone: Asia/Shanghai
index: saidi-1
areas:
  - {id: xining, name: {zh: 西宁市, en: Xining}}
  - {id: haixi, name: {zh: 海西州, en: Haixi}}
whole: {id: both, name: {zh: 全部, en: Both}}
classes:
  - {id: town, name: {zh: 城镇, en: Town}}
  - {id: rural, name: {zh: 农村, en: Rural}}
`

// Whatever happens meanwhile, no scrape fails, and each is of one snapshot: its
// sums over cells are its indices times its customers.
func TestScrapesWhileEverythingChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t, "policy: policy.yaml\n"+config, "policy.yaml", smallPolicy, "base.csv", smallBase, "events/1.csv", header+e1, "late/1.csv", header+e2, "events/3.csv", header+open4).begin(nil)
	clock := make(chan time.Time, 1)
	clock <- time.Date(2022, time.May, 2, 0, 0, 0, 0, noon.Location())
	r.opts.Now = func() time.Time {
		now := (<-clock).Add(time.Hour)
		clock <- now
		return now
	}
	r.Step()
	handler := r.Handler(prometheus.NewRegistry())
	ctx, stop := context.WithCancel(t.Context())
	var turns int
	var both sync.WaitGroup
	both.Go(func() {
		if err := r.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	both.Go(func() { // files change and reloads come as fast as they are taken
		for ; ctx.Err() == nil; turns++ {
			r.put("late/1.csv", header+strings.Replace(e2, "09:00", fmt.Sprintf("%02d:00", 9+turns%10), 1), noon.Add(time.Duration(turns)*time.Second-24*time.Hour))
			_ = r.Reload(ctx)
			r.changed()
		}
	})
	defer both.Wait()
	defer stop()
	seen := map[float64]bool{}
	for range 1000 {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		if w.Code != http.StatusOK {
			t.Fatalf("a scrape failed: %d, %s", w.Code, w.Body)
		}
		seen[whole(t, w.Body)] = true
	}
	stop()
	both.Wait()
	if turns < 3 || len(seen) < 3 {
		t.Errorf("%d reloads, %d snapshots seen: the test says little", turns, len(seen))
	}
}

// whole checks that a scrape is of one snapshot, and gives its as-of.
func whole(t *testing.T, body io.Reader) (asOf float64) {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(body)
	if err != nil {
		t.Fatal(err)
	}
	total := func(name string, labels ...string) (sum float64, n int) {
		for _, m := range families[name].GetMetric() {
			if has(m, labels) {
				sum, n = sum+m.GetGauge().GetValue()+m.GetCounter().GetValue(), n+1
			}
		}
		return sum, n
	}
	seconds, _ := total(metrics.CustomerInterruptionSeconds, "ytd")
	customers, _ := total(metrics.EquivalentCustomers, "ytd")
	saidi, n := total(metrics.SAIDISeconds, "ytd", "both", "all", "saidi-1")
	if n != 1 || customers == 0 || math.Abs(seconds-saidi*customers) > 1e-9*seconds {
		t.Fatalf("%v customer-seconds, but %v seconds (%d of them) of %v customers", seconds, saidi, n, customers)
	}
	asOf, n = total(metrics.SnapshotAsOf)
	if up, sources := total(metrics.SourceUp); n != 1 || sources != 3 || up < 2 {
		t.Fatalf("%d as-of, %d sources, %v up", n, sources, up)
	}
	return asOf
}

func has(m *dto.Metric, values []string) bool {
	for _, v := range values {
		if !slices.ContainsFunc(m.GetLabel(), func(l *dto.LabelPair) bool { return l.GetValue() == v }) {
			return false
		}
	}
	return true
}

// Run ends when it is told to, and leaves nothing running. Not beside other tests,
// whose goroutines would be counted.
func TestRunLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 5 {
		r := small(t)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- r.Run(ctx) }()
		if err := r.Reload(ctx); err != nil {
			t.Error(err)
		}
		stop()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("Run did not end")
		}
	}
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// A file that has to be copied to a temporary one is a fault where there is no
// room for that, and the metrics stay. Not beside other tests, as the place of
// temporary files is that of the process.
func TestNoRoomForTemporaryFiles(t *testing.T) {
	r := small(t)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	row := simulate.Record{Event: outage.Event{ID: "E9", Feeder: "F1", Start: noon.Add(-240 * time.Hour).Unix(), End: noon.Add(-239 * time.Hour).Unix(), Customers: 100}}
	if _, err := simulate.WriteEvents(z, simulate.Parquet, func(yield func(*simulate.Record) bool) { yield(&row) }); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	place := t.TempDir()
	t.Setenv("TMPDIR", place+"/none")
	r.put("events/3.parquet.gz", packed.String(), later)
	r.counts("no room", 850, "make a temporary copy")
	r.is(0, metrics.SourceUp, "grid")
	t.Setenv("TMPDIR", place)
	r.put("events/3.parquet.gz", packed.String(), later.Add(time.Second))
	r.counts("room again", 950)
}
