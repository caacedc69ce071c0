package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
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
	for _, kind := range []string{"application/x-ndjson", "text/csv", "application/openmetrics-text", "application/octet-stream"} {
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
	d, err := described()
	if err != nil {
		return err
	}
	asked := &http.Request{Method: r.Method, URL: &url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}, Header: r.Header, Body: io.NopCloser(bytes.NewReader(sent))}
	route, params, err := d.router.FindRoute(asked)
	if err != nil {
		if code := answer.StatusCode; r.URL.Path != "/" && code != http.StatusNotFound && code != http.StatusMethodNotAllowed {
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
		{"GET", "/api/v1/events", "s3cret", "", "", 405},
		{"POST", "/api/v1/base?source=scada&wait=10s", "s3cret", "text/csv", "feeder_id,area,class,customers\nF7,xining,rural,7\n", 200},
		{"POST", "/api/v1/base?source=scada", "s3cret", "text/csv", "feeder_id,area,class,customers\n", 422},
		{"GET", "/api/v1/base", "s3cret", "", "", 405},
		{"GET", "/api/v1/report", "r3ad", "", "", 200},
		{"GET", "/api/v1/report", "", "", "", 401},
		{"POST", "/api/v1/report", "r3ad", "", "", 405},
		{"POST", "/api/v1/plan", "r3ad", "text/csv", header + p1 + "P9,F9,2022-04-05 08:00:00,x,1\n", 200},
		{"POST", "/api/v1/plan?source=grid", "s3cret", "application/x-ndjson", row, 200},
		{"POST", "/api/v1/plan?source=none", "r3ad", "text/csv", header + p1, 400},
		{"POST", "/api/v1/plan", "", "text/csv", header + p1, 401},
		{"POST", "/api/v1/plan", "r3ad", "image/png", "png", 415},
		{"GET", "/api/v1/plan", "r3ad", "", "", 405},
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
	s.allDescribed("POST /api/v1/events 408 413 429 500 503 507", "POST /api/v1/base 400 401 403 404 408 413 415 429 500 503 507",
		"POST /api/v1/plan 408 413 422 500 503", "GET /api/v1/report 503", "GET /api/v1/deliveries 500 503", "GET /api/v1/deliveries/{id} 500 503", "GET /-/ready 503", "PUT /-/reload 401", "POST /-/reload 403")
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
		{"POST", "/api/v1/plan", 503},
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
