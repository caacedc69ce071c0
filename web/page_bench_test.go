package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkOverview makes the first page of a snapshot, packed, up to its last
// byte.
func BenchmarkOverview(b *testing.B) {
	mux := mount(site(full()))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	var size int
	for b.Loop() {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		size = w.Body.Len()
	}
	b.ReportMetric(float64(size), "bytes")
}
