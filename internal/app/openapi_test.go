package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// A description is the OpenAPI of the server with a way to find the operation of
// a request.
type description struct {
	doc    *openapi3.T
	router routers.Router
}

// described loads it once; bodies that are bytes are taken as they are.
var described = sync.OnceValues(func() (*description, error) {
	for _, kind := range []string{"application/x-ndjson", "text/csv", "application/openmetrics-text", "application/octet-stream", "text/html", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"} {
		openapi3filter.RegisterBodyDecoder(kind, openapi3filter.FileBodyDecoder)
	}
	doc, err := openapi3.NewLoader().LoadFromData(web.OpenAPI())
	if err != nil {
		return nil, err
	}
	router, err := gorillamux.NewRouter(doc)
	return &description{doc, router}, err
})

// A witness sends requests, and holds each and its answer against the
// description: what is answered is documented, and what is let through is a
// request as it is documented.
type witness struct {
	t    testing.TB
	mu   sync.Mutex
	seen map[string]bool // "POST /api/v1/events 200"
}

// RoundTrip implements [http.RoundTripper].
func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, err := bodyOf(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(sent))
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	got, err := bodyOf(answer.Body)
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(got))
	if err := w.conforms(r, sent, answer, got); err != nil {
		w.t.Errorf("%s %s answers %d %.300q: %.900s", r.Method, r.URL, answer.StatusCode, got, err.Error())
	}
	return answer, nil
}

func bodyOf(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	data, err := io.ReadAll(body)
	return data, errors.Join(err, body.Close())
}

func (w *witness) conforms(r *http.Request, sent []byte, answer *http.Response, got []byte) error {
	if r.Method == http.MethodHead { // as GET, without what would be looked at
		return nil
	}
	d, err := described()
	if err != nil {
		return err
	}
	asked := &http.Request{Method: r.Method, URL: &url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}, Header: r.Header, Body: io.NopCloser(bytes.NewReader(sent))}
	route, params, err := d.router.FindRoute(asked)
	if err != nil {
		if code := answer.StatusCode; strings.HasPrefix(r.URL.Path, "/api/") && code != http.StatusNotFound && code != http.StatusMethodNotAllowed {
			return fmt.Errorf("nothing is documented: %w", err)
		}
		return nil
	}
	w.mu.Lock()
	w.seen[fmt.Sprint(r.Method, " ", route.Path, " ", answer.StatusCode)] = true
	w.mu.Unlock()
	in := &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: route, Options: &openapi3filter.Options{
		ExcludeRequestBody: r.Header.Get("Content-Type") == "", IncludeResponseStatus: true, AuthenticationFunc: bearsCredentials,
	}}
	if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil && answer.StatusCode < 300 {
		return fmt.Errorf("the request is not as documented, and let through: %w", err)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: answer.StatusCode, Header: answer.Header, Options: in.Options}
	return openapi3filter.ValidateResponse(context.Background(), out.SetBodyBytes(got))
}

func bearsCredentials(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	if in.RequestValidationInput.Request.Header.Get("Authorization") == "" {
		return in.NewError(http.ErrNoCookie)
	}
	return nil
}

// Every path of the server answers as its description says, whatever is asked:
// and every answer of one that the description has for reading is given.
func TestAnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	row := event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1)
	covers := "&covers=" + url.QueryEscape("2022-03-01..2022-03-02")
	tests := []struct {
		method, path, token, kind, body string
		want                            int
	}{
		{"POST", "/api/v1/events?source=scada&wait=10s&name=p" + covers, "s3cret", "application/x-ndjson", row, 200},
		{"POST", "/api/v1/events?source=scada", "s3cret", "application/x-ndjson", row, 200},
		{"POST", "/api/v1/events?source=scada", "s3cret", "application/json", "[" + strings.TrimSpace(row) + "]", 200},
		{"POST", "/api/v1/events?source=scada", "s3cret", "text/csv", header + e2 + "E9,F9,2022-03-01 08:00:00,x,1\n", 200},
		{"POST", "/api/v1/events?source=scada&strict=true", "s3cret", "text/csv", header + "E9,F9,2022-03-01 08:00:00,x,1\n", 422},
		{"POST", "/api/v1/events?source=scada", "s3cret", "text/csv", "\x00\x01\x02", 400},
		{"POST", "/api/v1/events?source=scada&covers=yesterday", "s3cret", "text/csv", header + e2, 400},
		{"POST", "/api/v1/events?source=scada&covers=2022-03-31..2022-06-01", "s3cret", "text/csv", header + e2, 400},
		{"POST", "/api/v1/events?source=scada&wait=1y", "s3cret", "text/csv", header + e2, 400},
		{"POST", "/api/v1/events?sauce=scada", "s3cret", "text/csv", header + e2, 400},
		{"POST", "/api/v1/events?source=scada", "", "text/csv", header + e2, 401},
		{"POST", "/api/v1/events?source=scada", "r3ad", "text/csv", header + e2, 403},
		{"POST", "/api/v1/events?source=none", "s3cret", "text/csv", header + e2, 404},
		{"POST", "/api/v1/events?source=scada", "s3cret", "image/png", "png", 415},
		{"PUT", "/api/v1/events", "s3cret", "", "", 405},
		{"GET", "/api/v1/events", "r3ad", "", "", 200},
		{"GET", "/api/v1/events?scope=haixi&class=all&window=2022-03&index=saidi-1&area=haixi&nature=unknown&feeder=F3&q=p&out=false&sort=duration&asc=true&offset=0&limit=1&lang=zh&format=json", "r3ad", "", "", 200},
		{"GET", "/api/v1/events?format=csv", "r3ad", "", "", 200},
		{"GET", "/api/v1/events?page=0", "r3ad", "", "", 400},
		{"GET", "/api/v1/events", "", "", "", 401},
		{"GET", "/api/v1/record?source=scada&event=P1", "r3ad", "", "", 200},
		{"GET", "/api/v1/record?source=scada&event=P0", "r3ad", "", "", 404},
		{"GET", "/api/v1/record?source=scada", "r3ad", "", "", 400},
		{"GET", "/api/v1/record?source=scada&event=P1", "", "", "", 401},
		{"GET", "/api/v1/feeders?scope=qinghai&class=rural&window=ytd&index=saidi-1&top=1", "r3ad", "", "", 200},
		{"GET", "/api/v1/feeders?top=x", "r3ad", "", "", 400},
		{"GET", "/api/v1/feeders", "", "", "", 401},
		{"GET", "/api/v1/curve?scope=xining&class=rural", "r3ad", "", "", 200},
		{"GET", "/api/v1/curve?scope=x", "r3ad", "", "", 400},
		{"GET", "/api/v1/curve", "", "", "", 401},
		{"GET", "/api/v1/rejected?limit=1&offset=1&lang=zh", "r3ad", "", "", 200},
		{"GET", "/api/v1/rejected?format=csv", "r3ad", "", "", 200},
		{"GET", "/api/v1/rejected?format=tsv", "r3ad", "", "", 400},
		{"GET", "/api/v1/rejected", "", "", "", 401},
		{"GET", "/api/v1/live", "r3ad", "", "", 200},
		{"GET", "/api/v1/live?scope=xining", "r3ad", "", "", 400},
		{"GET", "/api/v1/live", "", "", "", 401},
		{"GET", "/api/v1/live/stream?scope=xining", "r3ad", "", "", 400},
		{"GET", "/api/v1/live/stream", "", "", "", 401},
		{"GET", "/api/v1/report.html?lang=zh", "r3ad", "", "", 200},
		{"GET", "/api/v1/report.html?lang=fr", "r3ad", "", "", 400},
		{"GET", "/api/v1/report.html", "", "", "", 401},
		{"GET", "/api/v1/report.xlsx", "r3ad", "", "", 200},
		{"GET", "/api/v1/report.xlsx?x=y", "r3ad", "", "", 400},
		{"GET", "/api/v1/report.xlsx", "", "", "", 401},
		{"POST", "/api/v1/base?source=scada&wait=10s", "s3cret", "text/csv", "feeder_id,area,class,customers\nF7,xining,rural,7\n", 200},
		{"POST", "/api/v1/base?source=scada", "s3cret", "text/csv", "feeder_id,area,class,customers\n", 422},
		{"GET", "/api/v1/base", "s3cret", "", "", 405},
		{"PUT", "/api/v1/base", "s3cret", "", "", 405},
		{"GET", "/api/v1/report", "r3ad", "", "", 200},
		{"GET", "/api/v1/report", "", "", "", 401},
		{"POST", "/api/v1/report", "r3ad", "", "", 405},
		{"POST", "/api/v1/plan", "r3ad", "text/csv", header + p1 + "P9,F9,2022-04-05 08:00:00,x,1\n", 200},
		{"POST", "/api/v1/plan?source=grid", "s3cret", "application/x-ndjson", row, 200},
		{"POST", "/api/v1/plan?source=none", "r3ad", "text/csv", header + p1, 400},
		{"POST", "/api/v1/plan", "", "text/csv", header + p1, 401},
		{"POST", "/api/v1/plan", "r3ad", "image/png", "png", 415},
		{"GET", "/api/v1/plan", "r3ad", "", "", 405},
		{"PUT", "/api/v1/plan", "r3ad", "", "", 405},
		{"GET", "/api/v1/deliveries", "r3ad", "", "", 200},
		{"GET", "/api/v1/deliveries?limit=1&after=1&source=scada", "r3ad", "", "", 200},
		{"GET", "/api/v1/deliveries?limit=1", "r3ad", "", "", 200},
		{"GET", "/api/v1/deliveries?limit=0", "r3ad", "", "", 400},
		{"GET", "/api/v1/deliveries?after=-1", "r3ad", "", "", 400},
		{"GET", "/api/v1/deliveries?after=99999999999999999999", "r3ad", "", "", 400},
		{"GET", "/api/v1/deliveries", "", "", "", 401},
		{"DELETE", "/api/v1/deliveries", "s3cret", "", "", 405},
		{"GET", "/api/v1/deliveries/1", "r3ad", "", "", 200},
		{"GET", "/api/v1/deliveries/2", "r3ad", "", "", 200},
		{"GET", "/api/v1/deliveries/3", "r3ad", "", "", 200},
		{"GET", "/api/v1/deliveries/4", "r3ad", "", "", 200},
		{"GET", "/api/v1/deliveries/99", "r3ad", "", "", 404},
		{"GET", "/api/v1/deliveries/-1", "r3ad", "", "", 404},
		{"GET", "/api/v1/deliveries/first", "r3ad", "", "", 400},
		{"GET", "/api/v1/deliveries/1", "", "", "", 401},
		{"GET", "/api/v1/openapi.yaml", "", "", "", 200},
		{"GET", "/metrics", "r3ad", "", "", 200},
		{"GET", "/metrics", "wrong", "", "", 401},
		{"POST", "/metrics", "r3ad", "", "", 405},
		{"GET", "/-/healthy", "", "", "", 200},
		{"GET", "/-/ready", "", "", "", 200},
		{"POST", "/-/reload", "s3cret", "", "", 200},
		{"PUT", "/-/reload", "s3cret", "", "", 200},
		{"PUT", "/-/reload", "r3ad", "", "", 403},
		{"POST", "/-/reload", "", "", "", 401},
		{"GET", "/-/reload", "s3cret", "", "", 405},
	}
	for _, tt := range tests {
		if status, text := s.send(tt.method, tt.path, tt.token, tt.kind, tt.body); status != tt.want {
			t.Errorf("%s %s: %d %.300s, want %d", tt.method, tt.path, status, text, tt.want)
		}
	}
	if list := s.deliveries("scada"); len(list) == 0 || list[0].Position != "p" || len(list[0].Covers) != 1 {
		t.Errorf("deliveries %+v, want the first with what its sender called it and what it covers", list)
	}
	s.put("saidi.yml", "polcy: x\n", noon)
	for _, method := range []string{"POST", "PUT"} {
		if status, text := s.do(method, "/-/reload", "s3cret", ""); status != http.StatusInternalServerError {
			t.Errorf("%s reload with a wrong key: %d %s, want 500", method, status, text)
		}
	}
	var elsewhere []string
	for _, path := range []string{"/api/v1/events", "/api/v1/record", "/api/v1/feeders", "/api/v1/curve", "/api/v1/rejected", "/api/v1/live", "/api/v1/live/stream", "/api/v1/report.html", "/api/v1/report.xlsx"} {
		elsewhere = append(elsewhere, "GET "+path+" 500 503")
	}
	s.allDescribed(append(elsewhere, "GET /api/v1/live/stream 200", "GET /api/v1/events 422", "GET /api/v1/record 422", "GET /api/v1/feeders 422", "GET /api/v1/report.html 422", "GET /api/v1/report.xlsx 422", "POST /api/v1/events 408 413 429 500 503 507", "POST /api/v1/base 400 401 403 404 408 413 415 429 500 503 507",
		"POST /api/v1/plan 403 408 413 422 500 503", "GET /api/v1/openapi.yaml 503", "GET /metrics 503", "GET /api/v1/report 503", "GET /api/v1/deliveries 500 503", "GET /api/v1/deliveries/{id} 500 503", "GET /-/ready 503", "PUT /-/reload 401", "POST /-/reload 403")...)
}

// allDescribed checks that every documented answer was given, but for those that
// other tests see to.
func (s *station) allDescribed(elsewhere ...string) {
	s.t.Helper()
	d, err := described()
	if err != nil {
		s.t.Fatal(err)
	}
	left := map[string]bool{}
	for _, line := range elsewhere {
		words := strings.Fields(line)
		for _, status := range words[2:] {
			left[words[0]+" "+words[1]+" "+status] = true
		}
	}
	for path, item := range d.doc.Paths.Map() {
		for method, operation := range item.Operations() {
			for status := range operation.Responses.Map() {
				if key := method + " " + path + " " + status; !s.witness.seen[key] && !left[key] {
					s.t.Errorf("%s is documented and was never answered", key)
				}
			}
		}
	}
}

// Without a snapshot and without a store, too, answers are as described.
func TestAnswersOfLittleAreAsDescribed(t *testing.T) {
	t.Parallel()
	s := newStation(t, newRig(t, config))
	for _, tt := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/api/v1/report", 503}, {"GET", "/-/ready", 503}, {"GET", "/metrics", 200}, {"GET", "/", 200},
		{"GET", "/api/v1/deliveries", 503}, {"GET", "/api/v1/deliveries/1", 503}, {"POST", "/api/v1/events", 503}, {"POST", "/api/v1/base", 503},
		{"POST", "/api/v1/plan", 503}, {"GET", "/api/v1/events", 503}, {"GET", "/api/v1/record?event=E1", 503}, {"GET", "/api/v1/feeders", 503}, {"GET", "/api/v1/curve", 503},
		{"GET", "/api/v1/rejected", 503}, {"GET", "/api/v1/live", 503}, {"GET", "/api/v1/report.html", 503}, {"GET", "/api/v1/report.xlsx", 503},
	} {
		if status, text := s.do(tt.method, tt.path, "", ""); status != tt.want {
			t.Errorf("%s %s: %d %.300s, want %d", tt.method, tt.path, status, text, tt.want)
		}
	}
}

// The description names every field of a delivery, and no other.
func TestDescribedDeliveries(t *testing.T) {
	t.Parallel()
	d, err := described()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.doc.Validate(context.Background()); err != nil {
		t.Error(err)
	}
	schema := func(name string) *openapi3.Schema { return d.doc.Components.Schemas[name].Value }
	detail := schema("DeliveryDetail").AllOf[1].Value
	for _, tt := range []struct {
		name   string
		value  any
		schema *openapi3.Schema
		may    []string // be left out
	}{
		{"Delivery", deliveryEntry{}, schema("Delivery"), nil},
		{"Deliveries", deliveryList{}, schema("Deliveries"), nil},
		{"DeliveryDetail", struct {
			SchemaVersion int `json:"schema_version"`
			Applied       int `json:"applied"`
			Outcomes      int `json:"outcomes"`
			Rejections    int `json:"rejections"`
			LeftOut       int `json:"rejections_left_out"`
		}{}, detail, []string{"outcomes"}},
		{"covers", coversEntry{}, schema("Delivery").Properties["covers"].Value.Items.Value, nil},
	} {
		text, err := json.Marshal(tt.value)
		if err != nil {
			t.Fatal(err)
		}
		var sent map[string]any
		if err := json.Unmarshal(text, &sent); err != nil {
			t.Fatal(err)
		}
		fields := slices.Sorted(maps.Keys(sent))
		if diff := cmp.Diff(slices.Sorted(maps.Keys(tt.schema.Properties)), fields); diff != "" {
			t.Errorf("%s: fields differ (-described +sent):\n%s", tt.name, diff)
		}
		fields = slices.DeleteFunc(fields, func(f string) bool { return slices.Contains(tt.may, f) })
		if diff := cmp.Diff(slices.Sorted(slices.Values(tt.schema.Required)), fields); diff != "" {
			t.Errorf("%s: fields that are always there differ (-described +sent):\n%s", tt.name, diff)
		}
	}
}

// Every path that reads is in the description, and every path in the description
// is served.
func TestDescribedPaths(t *testing.T) {
	t.Parallel()
	d, err := described()
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Options{Load: func() (*Config, error) { c := DefaultConfig(); return &c, nil }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range a.site().Routes() {
		path, ok := strings.CutPrefix(r.Pattern, "GET ")
		if item := d.doc.Paths.Value(path); ok && strings.HasPrefix(path, "/api/") && (item == nil || item.Get == nil) {
			t.Errorf("%s is not described", r.Pattern)
		}
	}
	mux := a.mux(prometheus.NewRegistry())
	for path, item := range d.doc.Paths.Map() {
		for method := range item.Operations() {
			r := httptest.NewRequest(method, strings.ReplaceAll(path, "{id}", "1"), http.NoBody)
			if _, pattern := mux.Handler(r); pattern == "" {
				t.Errorf("%s %s is described and not served", method, path)
			}
		}
	}
}

// The description names every field of what is read, and no other; those that are
// left out where there is nothing to say may be.
func TestDescribedAnswers(t *testing.T) {
	t.Parallel()
	d, err := described()
	if err != nil {
		t.Fatal(err)
	}
	row := snapshot.Line{Delivery: 1}
	for name, value := range map[string]any{
		"EventList": snapshot.EventList{}, "EventSum": snapshot.EventSum{}, "Line": row, "Record": snapshot.Record{}, "RecordRow": snapshot.RecordRow{Delivery: 1, Received: "x"},
		"FeederList": snapshot.FeederList{}, "FeederSum": snapshot.FeederSum{}, "Curve": snapshot.Curve{}, "CurvePoint": snapshot.CurvePoint{},
		"LiveScope": snapshot.LiveScope{}, "LiveOutage": snapshot.LiveOutage{},
		"Live": struct {
			snapshot.Live
			Computed string `json:"computed"`
		}{},
	} {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		var sent map[string]any
		if err := json.Unmarshal(text, &sent); err != nil {
			t.Fatal(err)
		}
		schema := d.doc.Components.Schemas[name].Value
		if diff := cmp.Diff(slices.Sorted(maps.Keys(schema.Properties)), slices.Sorted(maps.Keys(sent))); diff != "" {
			t.Errorf("%s: fields differ (-described +sent):\n%s", name, diff)
		}
		always := slices.DeleteFunc(slices.Sorted(maps.Keys(sent)), func(f string) bool { return f == "delivery" || f == "received" })
		if diff := cmp.Diff(slices.Sorted(slices.Values(schema.Required)), always); diff != "" {
			t.Errorf("%s: fields that are always there differ (-described +sent):\n%s", name, diff)
		}
	}
}
