package push_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/source/push"
)

// A description is web/openapi.yaml with a way to find the operation of a
// request.
type description struct {
	doc    *openapi3.T
	router routers.Router
}

// described loads the file once; bodies that are bytes are read as such.
var described = sync.OnceValues(func() (*description, error) {
	for _, kind := range []string{
		"application/x-ndjson", "application/vnd.apache.parquet", "application/vnd.apache.arrow.stream", "application/gzip", "application/zstd", "text/csv",
		"application/x-www-form-urlencoded",
	} {
		openapi3filter.RegisterBodyDecoder(kind, openapi3filter.FileBodyDecoder)
	}
	doc, err := openapi3.NewLoader().LoadFromFile("../../web/openapi.yaml")
	if err != nil {
		return nil, err
	}
	router, err := gorillamux.NewRouter(doc)
	return &description{doc, router}, err
})

// conform holds a request and its answer against the description: the answer is
// a documented one, and a request that is not as documented is not let through.
// A method of which nothing is documented is answered as PUT is.
func conform(t *testing.T, r *http.Request, sent []byte, got *answered) {
	t.Helper()
	d, err := described()
	if err != nil {
		t.Fatal(err)
	}
	method := r.Method
	if method != http.MethodPost {
		method = http.MethodPut
	}
	asked := &http.Request{Method: method, URL: &url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}, Header: r.Header, Body: io.NopCloser(bytes.NewReader(sent))}
	route, params, err := d.router.FindRoute(asked)
	if err != nil {
		t.Fatalf("%s %s: %v", method, r.URL.Path, err)
	}
	packed := r.Header.Get("Content-Encoding") != "" || r.Header.Get("Content-Type") == ""
	in := &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: route, Options: &openapi3filter.Options{
		ExcludeRequestBody: packed, IncludeResponseStatus: true, AuthenticationFunc: bearsCredentials,
	}}
	if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil && got.status < 300 {
		t.Errorf("%s %s is answered by %d, and is not as documented: %v", r.Method, r.URL, got.status, err)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: got.status, Header: got.header, Options: in.Options}
	if err := openapi3filter.ValidateResponse(context.Background(), out.SetBodyBytes(got.body)); err != nil {
		t.Errorf("%s %s: the answer %d %s is not as documented: %v", r.Method, r.URL, got.status, got.body, err)
	}
}

func bearsCredentials(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	if in.RequestValidationInput.Request.Header.Get("Authorization") == "" {
		return in.NewError(http.ErrNoCookie)
	}
	return nil
}

// documented lists the statuses of an operation.
func documented(t *testing.T, path, method string) []int {
	t.Helper()
	d, err := described()
	if err != nil {
		t.Fatal(err)
	}
	var all []int
	for status := range d.doc.Paths.Value(path).GetOperation(method).Responses.Map() {
		n, err := strconv.Atoi(status)
		if err != nil {
			t.Fatalf("%s %s: status %q: %v", method, path, status, err)
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return all
}

func TestDescription(t *testing.T) {
	t.Parallel()
	d, err := described()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.doc.Validate(context.Background()); err != nil {
		t.Error(err)
	}
	want := []string{
		"/-/healthy", "/-/ready", "/-/reload", "/api/v1/base", "/api/v1/curve", "/api/v1/deliveries", "/api/v1/deliveries/{id}", "/api/v1/events",
		"/api/v1/feeders", "/api/v1/live", "/api/v1/live/stream", "/api/v1/openapi.yaml", "/api/v1/plan", "/api/v1/record", "/api/v1/rejected",
		"/api/v1/report", "/api/v1/report.html", "/api/v1/report.xlsx", "/metrics",
	}
	got := d.doc.Paths.Keys()
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paths differ (-want +got):\n%s", diff)
	}
	for path, item := range d.doc.Paths.Map() {
		for method, operation := range item.Operations() {
			for status, response := range operation.Responses.Map() {
				if len(response.Value.Content) == 0 {
					t.Errorf("%s %s: nothing is said of the body of %s", method, path, status)
				}
			}
		}
	}
}

// The description names every field that is sent, and no other.
func TestDescribedFields(t *testing.T) {
	t.Parallel()
	d, err := described()
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]any{
		"Answer":    push.Answer{Outcomes: &push.Outcomes{}},
		"Sequence":  push.Sequence{},
		"Rejection": push.Rejection{},
		"Outcomes":  push.Outcomes{},
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
		always := slices.DeleteFunc(slices.Sorted(maps.Keys(sent)), func(field string) bool { return field == "outcomes" })
		if diff := cmp.Diff(slices.Sorted(slices.Values(schema.Required)), always); diff != "" {
			t.Errorf("%s: fields that are always there differ (-described +sent):\n%s", name, diff)
		}
	}
}
