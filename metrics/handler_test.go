package metrics_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"github.com/saidi-exporter/saidi/metrics"
)

// runtime gathers what a program shows of itself.
func runtime() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// counting gathers a counter that does not change, unlike those of the runtime.
func counting(name string) *prometheus.Registry {
	r := prometheus.NewRegistry()
	c := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: "Counts."})
	r.MustRegister(c)
	c.Add(3)
	return r
}

// serve answers one request.
func serve(p *metrics.Page, live prometheus.Gatherer, method string, headers map[string]string) *http.Response {
	r := httptest.NewRequest(method, "/metrics", nil)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	metrics.Handler(func() *metrics.Page { return p }, live).ServeHTTP(w, r)
	return w.Result()
}

func body(t fataler, r *http.Response) string {
	t.Helper()
	var from io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		from = z
	}
	text, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A request gets the format and encoding that it accepts, whole and with its
// length.
func TestHandlerNegotiates(t *testing.T) {
	t.Parallel()
	const (
		text  = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
		open  = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"
		older = "application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=underscores"
		utf8  = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8"
	)
	tests := []struct{ name, accept, encoding, wantType, wantEncoding string }{
		{"nothing said", "", "", text, ""},
		{"anything", "*/*", "identity", text, ""},
		{"Prometheus", openMetrics, "gzip", open, "gzip"},
		{"Prometheus 3", "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.1", "gzip", utf8, "gzip"},
		{"protobuf first", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited," + openMetrics, "gzip", open, "gzip"},
		{"a format of no version", "application/openmetrics-text", "", older, ""},
		{"a browser", "text/html,application/xhtml+xml,*/*;q=0.8", "gzip, deflate, br", text, "gzip"},
		{"gzip refused", "", "gzip;q=0, *", text, ""},
		{"anything but", "", "br, *;q=0.5", text, "gzip"},
		{"gzip by weight", "", "deflate;q=0.5, GZIP; Q=0.1", text, "gzip"},
		{"a weight that is none", "", "gzip;q=much", text, ""},
	}
	p, live := page(t, rich()), counting("program_runs_total")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := serve(p, live, http.MethodGet, map[string]string{"Accept": tt.accept, "Accept-Encoding": tt.encoding})
			raw, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(raw))
			want := exposition(t, p, tt.accept)
			if tt.wantType == text {
				want += "# HELP program_runs_total Counts.\n# TYPE program_runs_total counter\nprogram_runs_total 3\n"
			} else {
				want = strings.TrimSuffix(want, "# EOF\n") + "# HELP program_runs Counts.\n# TYPE program_runs counter\nprogram_runs_total 3.0\n# EOF\n"
			}
			if diff := cmp.Diff(want, body(t, r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			got := []string{r.Header.Get("Content-Type"), r.Header.Get("Content-Encoding"), r.Header.Get("Content-Length"), r.Header.Get("Vary")}
			if diff := cmp.Diff([]string{tt.wantType, tt.wantEncoding, strconv.Itoa(len(raw)), "Accept, Accept-Encoding"}, got); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			if strings.Count(want, "# EOF") > 1 {
				t.Error("the format ends twice")
			}
		})
	}
}

// HEAD says what GET would, without saying it.
func TestHandlerHead(t *testing.T) {
	t.Parallel()
	p, live := page(t, rich()), counting("program_runs_total")
	get, head := serve(p, live, http.MethodGet, nil), serve(p, live, http.MethodHead, nil)
	if diff := cmp.Diff(get.Header, head.Header); diff != "" || body(t, head) != "" || head.StatusCode != http.StatusOK {
		t.Errorf("status %d, header (-get +head):\n%s", head.StatusCode, diff)
	}
}

// Each request gets the page of its moment, also while pages change.
func TestHandlerServesTheLatestPage(t *testing.T) {
	t.Parallel()
	var latest atomic.Pointer[metrics.Page]
	h := metrics.Handler(latest.Load, counting("program_runs_total"))
	ask := func() string {
		r, w := httptest.NewRequest(http.MethodGet, "/metrics", nil), httptest.NewRecorder()
		r.Header.Set("Accept-Encoding", "gzip")
		h.ServeHTTP(w, r)
		return body(t, w.Result())
	}
	if got := ask(); got != "no metrics have been made yet\n" {
		t.Errorf("at first: %s", got)
	}
	starting := rich()
	starting.Snapshot = nil
	pages := []*metrics.Page{page(t, starting), page(t, rich())}
	tail := "# HELP program_runs_total Counts.\n# TYPE program_runs_total counter\nprogram_runs_total 3\n"
	want := []string{exposition(t, pages[0], "") + tail, exposition(t, pages[1], "") + tail}
	latest.Store(pages[0])
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if got := ask(); got != want[0] && got != want[1] {
				t.Errorf("neither page: %s", got)
			}
			latest.Store(pages[i%2])
		})
	}
	wg.Wait()
	latest.Store(pages[1])
	if got := ask(); got != want[1] {
		t.Errorf("not the latest page: %s", got)
	}
}

type brokenGatherer struct{}

func (brokenGatherer) Gather() ([]*dto.MetricFamily, error) { return nil, errors.New("no /proc") }

func TestHandlerErrors(t *testing.T) {
	t.Parallel()
	p := page(t, rich())
	tests := []struct {
		name, method string
		page         *metrics.Page
		live         prometheus.Gatherer
		wantStatus   int
		want         string
	}{
		{"post", http.MethodPost, p, prometheus.NewRegistry(), http.StatusMethodNotAllowed, "metrics are read with GET or HEAD\n"},
		{"no page", http.MethodGet, nil, prometheus.NewRegistry(), http.StatusServiceUnavailable, "no metrics have been made yet\n"},
		{"live fails", http.MethodGet, p, brokenGatherer{}, http.StatusInternalServerError, "gather live metrics: no /proc\n"},
		{"a name twice", http.MethodGet, p, counting(metrics.SourceUp), http.StatusInternalServerError, "gather live metrics: outage_source_up is on the page of the snapshot already\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := serve(tt.page, tt.live, tt.method, map[string]string{"Accept-Encoding": "gzip"})
			if got := body(t, r); r.StatusCode != tt.wantStatus || got != tt.want {
				t.Errorf("status %d, %q, want %d, %q", r.StatusCode, got, tt.wantStatus, tt.want)
			}
			if got := r.Header.Get("Allow"); (got == "GET, HEAD") != (tt.wantStatus == http.StatusMethodNotAllowed) {
				t.Errorf("Allow: %q", got)
			}
		})
	}
}

// Both formats are read by the parsers of Prometheus, and say what is gathered.
func TestExpositionIsParsed(t *testing.T) {
	t.Parallel()
	s := rich()
	s.Snapshot.Detail.Feeder[0].Feeder = "\xff\x00\n\"" + strings.Repeat("\\", 300)
	s.Snapshot.Title.Zh = "a\xffb\x00"
	p := page(t, s)
	want, _ := p.Gather()
	for accept, format := range map[string]expfmt.Format{"text/plain": expfmt.FmtText, openMetrics: expfmt.FmtOpenMetrics_1_0_0} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			got := parsed(t, exposition(t, p, accept), format)
			for _, f := range want {
				if read := got[f.GetName()]; read.String() != f.String() {
					t.Errorf("got  %v\nwant %v", read, f)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d families, want %d", len(got), len(want))
			}
		})
	}
}

// parsed reads an exposition; OpenMetrics names a counter without _total.
func parsed(t fataler, text string, format expfmt.Format) map[string]*dto.MetricFamily {
	t.Helper()
	all := map[string]*dto.MetricFamily{}
	for d := expfmt.NewDecoder(strings.NewReader(text), format); ; {
		f := &dto.MetricFamily{}
		err := d.Decode(f)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if f.GetType() == dto.MetricType_COUNTER && !strings.HasSuffix(f.GetName(), "_total") {
			f.Name = new(f.GetName() + "_total")
		}
		all[f.GetName()] = f
	}
}
