package app

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/saidi-exporter/saidi/web"
)

// A client has its share of answers under way, and another is let in beside it.
func TestSharesOfAnswers(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	h := s.Handler(prometheus.NewRegistry())
	ask := func(client, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		r.RemoteAddr = client
		r.Header.Set("Authorization", "Bearer r3ad")
		out := httptest.NewRecorder()
		h.ServeHTTP(out, r)
		return out
	}
	const here = "127.0.0.1"
	for range ofClient {
		if _, ok := s.crowd.Enter(here); !ok {
			t.Fatal("a client gets less than its share")
		}
	}
	for _, path := range []string{"/", "/events", "/metrics", "/api/v1/report", "/api/v1/events", "/api/v1/report.xlsx", "/api/v1/openapi.yaml", "/api/v1/deliveries"} {
		if status, text := s.do("GET", path, "r3ad", ""); status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s, want 503", path, status, text)
		}
		out := ask(here+":1", path)
		if out.Code != http.StatusServiceUnavailable || out.Header().Get("Retry-After") != "5" {
			t.Errorf("%s: %d beyond the share, to come again after %q, want 503 and 5", path, out.Code, out.Header().Get("Retry-After"))
		}
		if got := strings.Contains(out.Body.String(), `"too-many"`); got != strings.HasPrefix(path, "/api/") {
			t.Errorf("%s: in JSON: %t", path, got)
		}
		if got := ask("192.0.2.2:1", path); got.Code != http.StatusOK || got.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: another client got %d %v, want 200 with nosniff", path, got.Code, got.Header())
		}
	}
	if n := s.crowd.Inside(); n != ofClient {
		t.Errorf("%d are inside after that, want the %d of before", n, ofClient)
	}
}

// What a page of another site made a browser send is refused, whoever may read and
// write; programs send no such header.
func TestPagesOfOtherSites(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	for _, where := range []string{"POST /plan", "POST /api/v1/plan", "POST /-/reload", "PUT /-/reload"} {
		method, path, _ := strings.Cut(where, " ")
		for _, token := range []string{"s3cret", "r3ad"} {
			for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"} {
				r, err := http.NewRequest(method, s.server.URL+path, strings.NewReader(header+p1))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Authorization", "Bearer "+token)
				r.Header.Set(name, value)
				answer, err := s.client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				text, err := io.ReadAll(answer.Body)
				if _ = answer.Body.Close(); err != nil || answer.StatusCode != http.StatusForbidden || !strings.Contains(string(text), "another site") {
					t.Errorf("%s with %s: %d %s, %v, want 403", where, name, answer.StatusCode, text, err)
				}
			}
		}
	}
}

// Where reading is guarded, so is a reload.
func TestReloadIsGuarded(t *testing.T) {
	t.Parallel()
	const readers = "tokens:\n  - {name: dashboard, file: dashboard.token, access: read}\n"
	for _, tt := range []struct {
		name, config string
		anonymous    int
		reader       int
	}{
		{"nobody is configured", config, 200, 200},
		{"readers", config + readers, 401, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tt.config, "base.csv", smallBase)
			r.put("dashboard.token", "r3ad", noon)
			s := newStation(t, r)
			for token, want := range map[string]int{"": tt.anonymous, "r3ad": tt.reader} {
				if status, text := s.send("POST", "/-/reload", token, "", ""); status != want {
					t.Errorf("token %q: %d %s, want %d", token, status, text, want)
				}
			}
		})
	}
}

// Who does not read loses the connection, and the answer its place.
func TestAnswersToWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	var written atomic.Int64
	ended := make(chan error, 1)
	server := httptest.NewServer(unhurried(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p := &pieces{w, http.NewResponseController(w), 100 * time.Millisecond}
		n, err := p.Write(make([]byte, 64<<20))
		written.Store(int64(n))
		ended <- err
	})))
	defer server.Close()
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // nothing more is sent
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) || written.Load() >= 64<<20 {
		t.Errorf("%d bytes are written, %v; want that it ends by its deadline", written.Load(), err)
	}
}

// Who reads slowly but goes on gets all, though it take longer than one piece may;
// and the next request on the connection has all its time again.
func TestAnswersToWhoReadsSlowly(t *testing.T) {
	t.Parallel()
	const size, patience = 4 << 20, 400 * time.Millisecond
	server := httptest.NewServer(unhurried(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/next" {
			_, _ = io.WriteString(w, "whole")
			return
		}
		w.Header().Set("Content-Length", strconv.Itoa(size))
		p := &pieces{w, http.NewResponseController(w), patience}
		_, _ = p.Write(make([]byte, size))
	})))
	defer server.Close()
	answer, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	for buffer := make([]byte, 256<<10); ; {
		n, err := io.ReadFull(answer.Body, buffer)
		if got += n; err != nil {
			break
		}
		time.Sleep(patience / 10)
	}
	_ = answer.Body.Close()
	if got != size {
		t.Errorf("%d bytes came, want %d", got, size)
	}
	time.Sleep(patience)
	answer, err = server.Client().Get(server.URL + "/next")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || string(text) != "whole" {
		t.Errorf("the next answer: %q, %v", text, err)
	}
}

// The client of a request is known to whoever answers it.
func TestAnsweringKnowsTheClient(t *testing.T) {
	t.Parallel()
	s := newStation(t, newRig(t, config))
	got := ""
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.RemoteAddr = "192.0.2.7:99"
	s.answering(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = web.ClientIn(r.Context()) })).ServeHTTP(httptest.NewRecorder(), r)
	if got != "192.0.2.7" {
		t.Errorf("got %q", got)
	}
}
