package web

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
)

// going is a site on which something is going on.
func going(live ...snapshot.LiveOutage) (s *Site, tell func(...snapshot.LiveOutage)) {
	var status atomic.Pointer[Status]
	var changed atomic.Pointer[chan struct{}]
	fresh := make(chan struct{})
	changed.Store(&fresh)
	tell = func(live ...snapshot.LiveOutage) {
		status.Store(&Status{Snapshot: &snapshot.Snapshot{
			Provenance: snapshot.Provenance{AsOf: "2022-07-01T00:00:07+08:00", Policy: snapshot.Digest{ID: "../évil \"id\"\r\n"}}, Live: &snapshot.Live{Outages: live},
		}})
		next := make(chan struct{})
		close(*changed.Swap(&next))
	}
	tell(live...)
	return &Site{Status: status.Load, Now: time.Now, Changed: func() <-chan struct{} { return *changed.Load() }}, tell
}

// fill takes every place, by clients that nobody else is.
func fill(c *Crowd) {
	for i, ok := 0, true; ok; i++ {
		_, ok = c.Enter(strconv.Itoa(i))
	}
}

// Streams and large answers are so many at most; the others are to come again.
func TestBoundsOfTheAPI(t *testing.T) {
	t.Parallel()
	s, _ := going()
	s.Rejects = func(context.Context) ([]snapshot.Reject, error) { return nil, nil }
	a := newAPI(s, newPages(s))
	fill(a.large)
	fill(a.streams)
	for path, h := range map[string]http.Handler{
		"/api/v1/rejected?format=csv": a.door(a.rejected), "/api/v1/events?format=csv": a.door(a.events), "/api/v1/report.html": a.door(a.html), "/api/v1/live/stream": http.HandlerFunc(a.stream),
	} {
		out := httptest.NewRecorder()
		h.ServeHTTP(out, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		if out.Code != http.StatusServiceUnavailable || out.Header().Get("Retry-After") == "" || !strings.Contains(out.Body.String(), `"too-many"`) {
			t.Errorf("%s: %d %v %s, want 503 and when to try again", path, out.Code, out.Header(), out.Body)
		}
	}
}

// A client has its share of streams and large answers, and no more; others are
// let in beside it.
func TestSharesOfTheAPI(t *testing.T) {
	t.Parallel()
	s, _ := going()
	s.Rejects = func(context.Context) ([]snapshot.Reject, error) { return nil, nil }
	a := newAPI(s, newPages(s))
	ask := func(h http.Handler, client, path string) int {
		r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		if r.RemoteAddr = client; strings.HasSuffix(path, "stream") {
			r.Method = http.MethodHead
		}
		out := httptest.NewRecorder()
		h.ServeHTTP(out, r)
		return out.Code
	}
	for _, tt := range []struct {
		path  string
		h     http.Handler
		crowd *Crowd
		share int
	}{
		{"/api/v1/rejected?format=csv", a.door(a.rejected), a.large, largeOfClient},
		{"/api/v1/live/stream", http.HandlerFunc(a.stream), a.streams, streamsOfClient},
	} {
		for range tt.share {
			if _, ok := tt.crowd.Enter("192.0.2.1"); !ok {
				t.Fatalf("%s: a client gets less than its share", tt.path)
			}
		}
		if got := ask(tt.h, "192.0.2.1:1", tt.path); got != http.StatusServiceUnavailable {
			t.Errorf("%s: got %d beyond the share, want 503", tt.path, got)
		}
		if got := ask(tt.h, "192.0.2.2:1", tt.path); got != http.StatusOK {
			t.Errorf("%s: another client got %d, want 200", tt.path, got)
		}
		if n := tt.crowd.Inside(); n != tt.share {
			t.Errorf("%s: %d inside after that, want the %d of before", tt.path, n, tt.share)
		}
	}
}

// A large answer holds its place until it is written, an error does not.
func TestLargeAnswersHoldTheirPlace(t *testing.T) {
	t.Parallel()
	s, _ := going()
	s.Rejects = func(context.Context) ([]snapshot.Reject, error) { return nil, nil }
	a := newAPI(s, newPages(s))
	out := &atWrite{ResponseRecorder: httptest.NewRecorder(), do: func() int { return a.large.Inside() }}
	a.door(a.rejected).ServeHTTP(out, httptest.NewRequest(http.MethodGet, "/api/v1/rejected?format=csv", http.NoBody))
	if out.got != 1 || a.large.Inside() != 0 {
		t.Errorf("%d inside as it is written and %d after, want 1 and none", out.got, a.large.Inside())
	}
	s.Dossier = func(context.Context) (*snapshot.Dossier, error) { return nil, errors.New("broken") }
	a.door(a.html).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/api/v1/report.html", http.NoBody))
	if n := a.large.Inside(); n != 0 {
		t.Errorf("%d inside after an error, want none", n)
	}
}

// atWrite looks at something as an answer is written.
type atWrite struct {
	*httptest.ResponseRecorder
	do  func() int
	got int
}

func (w *atWrite) Write(p []byte) (int, error) {
	w.got = w.do()
	return w.ResponseRecorder.Write(p)
}

// What is wrong inside is not told, and what may pass says when to try again.
func TestRefuse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err           error
		status        int
		message, wait string
	}{
		{errors.New("open /etc/shadow"), 500, "something went wrong inside", ""},
		{badParameter("q", errors.New("\xff<script>")), 400, "parameter q: \uFFFD<script>", ""},
		{&Problem{Status: 503, Code: "busy", Err: errors.New("later"), Again: time.Millisecond}, 503, "later", "1"},
		{&Problem{Status: 503, Code: "busy", Err: errors.New("later"), Again: 90 * time.Second}, 503, "later", "90"},
	} {
		out := httptest.NewRecorder()
		refuse(out, problemOf(tt.err))
		if text := out.Body.String(); out.Code != tt.status || !strings.Contains(text, tt.message) || strings.Contains(text, "shadow") || out.Header().Get("Retry-After") != tt.wait {
			t.Errorf("%v: %d %v %s, want %d %q", tt.err, out.Code, out.Header(), text, tt.status, tt.message)
		}
		if out.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(out.Header().Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("headers %v, want what closes the answer", out.Header())
		}
	}
}

// Names of files hold nothing that a file system or a header takes amiss.
func TestNamesOfFiles(t *testing.T) {
	t.Parallel()
	s, _ := going()
	a := newAPI(s, newPages(s))
	if got, want := a.name("zh", "html"), "vil--id----2022-07-01T000007-zh.html"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Messages come at once, then no more often than they may; each says all.
func TestStream(t *testing.T) {
	t.Parallel()
	s, tell := going(snapshot.LiveOutage{EventID: "E1\n\nevent: x"})
	done := make(chan struct{})
	s.Done = done
	server := httptest.NewServer(http.HandlerFunc(newAPI(s, newPages(s)).stream))
	defer server.Close()
	answer, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	data := make(chan string, 100)
	go func() {
		defer close(data)
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				data <- text
			}
		}
	}()
	if text := <-data; !strings.Contains(text, `"E1\n\nevent: x"`) {
		t.Errorf("got %s, want E1", text)
	}
	begun := time.Now()
	for _, id := range []string{"E2", "E3", "E4"} {
		tell(snapshot.LiveOutage{EventID: id})
	}
	if text := <-data; !strings.Contains(text, `"E4"`) {
		t.Errorf("got %s, want the last one alone", text)
	}
	if took := time.Since(begun); took < streamPause/2 || took > streamTick {
		t.Errorf("the second message came after %v, want %v", took, streamPause)
	}
	tell(snapshot.LiveOutage{EventID: "E4", CustomerSeconds: 1})
	begun = time.Now()
	if text := <-data; !strings.Contains(text, `"customer_seconds":0.001`) {
		t.Errorf("got %s, want what time has changed", text)
	}
	if took := time.Since(begun); took < streamTick*9/10 {
		t.Errorf("what time alone has changed came after %v, want %v", took, streamTick)
	}
	close(done)
	if text, more := <-data; more {
		t.Errorf("got %s, want the end", text)
	}
}

// A pipe is a listener on which one connection comes, without any buffer.
type pipe struct {
	once   sync.Once
	server net.Conn
	closed chan struct{}
}

func (p *pipe) Accept() (c net.Conn, err error) {
	if p.once.Do(func() { c = p.server }); c != nil {
		return c, nil
	}
	<-p.closed
	return nil, net.ErrClosed
}

func (p *pipe) Close() error   { close(p.closed); return nil }
func (p *pipe) Addr() net.Addr { return p.server.LocalAddr() }

// Who does not read what a stream tells is left, so that nothing piles up.
func TestStreamLeavesSlowReaders(t *testing.T) {
	t.Parallel()
	s, _ := going(snapshot.LiveOutage{EventID: "E1"})
	a := newAPI(s, newPages(s))
	a.patience = 50 * time.Millisecond
	ended := make(chan struct{})
	ours, theirs := net.Pipe()
	defer func() { _ = ours.Close() }()
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		a.stream(w, r)
	})}
	listener := &pipe{server: theirs, closed: make(chan struct{})}
	go func() { _ = server.Serve(listener) }() // until it is closed
	defer func() { _ = server.Close() }()
	if _, err := ours.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the stream waits for a client that does not read")
	}
	if n := a.streams.Inside(); n != 0 {
		t.Errorf("%d streams are open, want none", n)
	}
}

// A HEAD of the stream ends at once.
func TestHeadOfStream(t *testing.T) {
	t.Parallel()
	s, _ := going()
	out := httptest.NewRecorder()
	newAPI(s, newPages(s)).stream(out, httptest.NewRequest(http.MethodHead, "/api/v1/live/stream", http.NoBody))
	if out.Code != http.StatusOK || out.Body.Len() != 0 || out.Header().Get("Content-Type") != kindStream {
		t.Errorf("%d %v %s", out.Code, out.Header(), out.Body)
	}
}

// What the rest adds is what is matched less what is listed.
func TestRestOf(t *testing.T) {
	t.Parallel()
	list := &snapshot.EventList{Matched: snapshot.EventSum{Rows: 3, CustomerSeconds: 10, Interruptions: 6}, Lines: []snapshot.Line{{CustomerSeconds: 4, Interruptions: 1}}}
	if got, want := restOf(list), (snapshot.Rest{Rows: 2, CustomerSeconds: 6, Interruptions: 5}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// A query that cannot be taken apart is told so.
func TestBrokenQuery(t *testing.T) {
	t.Parallel()
	s, _ := going()
	a := newAPI(s, newPages(s))
	r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/api/v1/events", RawQuery: "a;b"}}
	out := httptest.NewRecorder()
	a.door(a.events).ServeHTTP(out, r)
	if out.Code != http.StatusBadRequest || !strings.Contains(out.Body.String(), "parameter query") {
		t.Errorf("%d %s, want 400", out.Code, out.Body)
	}
}
