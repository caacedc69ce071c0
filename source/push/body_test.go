package push_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/source/push"
)

// quick are limits that end what is slow soon.
func quick() push.Limits {
	return push.Limits{Bytes: 1 << 20, Window: 300 * time.Millisecond, LeastSpeed: 1 << 10, Time: 3 * time.Second, Linger: 50 * time.Millisecond}
}

// What comes in a bad way is answered, kept by nobody, and lets go of the
// connection.
func TestBadBodies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		text   string
		then   func(*line) // after the text
		status int
		code   string
	}{
		{"nothing comes", post(eventsPath, "Content-Length: 10\r\n"), nil, 408, "too-slow"},
		{"half comes", post(eventsPath, "Content-Length: 10\r\n") + "12345", nil, 408, "too-slow"},
		{"it drips", post(eventsPath, "Content-Length: 1000000\r\n"), func(l *line) { go l.drip([]byte("x"), 10*time.Millisecond) }, 408, "too-slow"},
		{"it drips in chunks", post(eventsPath, "Transfer-Encoding: chunked\r\n"), func(l *line) { go l.drip([]byte(chunk("x")), 10*time.Millisecond) }, 408, "too-slow"},
		{"the last chunk is missing", post(eventsPath, "Transfer-Encoding: chunked\r\n") + chunk("{}\n"), nil, 408, "too-slow"},
		{"it never ends", post(eventsPath, "Transfer-Encoding: chunked\r\n"), func(l *line) { go l.drip([]byte(chunk(strings.Repeat("x", 1<<16))), 0) }, 413, "too-large"},
		{"too long, as said", post(eventsPath, "Content-Length: 99999999999\r\n") + "123", nil, 413, "too-large"},
		{"less than said", post(eventsPath, "Content-Length: 10\r\n") + "12345", (*line).hangUp, 400, "incomplete"},
		{"broken off between chunks", post(eventsPath, "Transfer-Encoding: chunked\r\n") + chunk("{}\n"), (*line).hangUp, 400, "incomplete"},
		{"no chunk at all", post(eventsPath, "Transfer-Encoding: chunked\r\n") + "nonsense\r\n", nil, 400, "incomplete"},
		{"half sent to a door that is shut", strings.Replace(post(eventsPath, "Content-Length: 10\r\n"), writeToken, "guess", 1) + "12345", nil, 401, "wrong-credentials"},
		{"a stranger who sends for ever", strings.Replace(post(eventsPath, "Transfer-Encoding: chunked\r\n"), writeToken, "guess", 1),
			func(l *line) { go l.drip([]byte(chunk("x")), time.Millisecond) }, 401, "wrong-credentials"},
		{"another method with half a body", strings.Replace(post(eventsPath, "Content-Length: 10\r\n"), "POST", "PUT", 1) + "12345", nil, 405, "method"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, push.Options{Limits: quick()})
			l := s.raw(t, tt.text)
			if tt.then != nil {
				tt.then(l)
			}
			l.answer(t).want(t, tt.status, tt.code)
			l.closed(t)
			if n := s.shelf.len(); n != 0 {
				t.Errorf("%d deliveries are kept, want none", n)
			}
		})
	}
}

// hangUp sends no more, and still listens.
func (l *line) hangUp() {
	if c, ok := l.Conn.(interface{ CloseWrite() error }); ok {
		_ = c.CloseWrite()
	}
}

// A body may take as long as it likes while it comes fast enough, even longer
// than the server itself allows for a request.
func TestSteadyBody(t *testing.T) {
	t.Parallel()
	s := &site{shelf: &shelf{}}
	h, err := push.New(push.Options{Sources: []string{"north"}, Access: access(t), Take: s.shelf.take, Now: time.Now, Limits: quick()})
	if err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewUnstartedServer(h.Events())
	s.Config.ReadTimeout = 100 * time.Millisecond
	s.Start()
	defer s.Close()
	l := s.raw(t, post(eventsPath, "Content-Length: 30000\r\n"))
	for range 60 {
		if _, err := io.WriteString(l, strings.Repeat("x", 500)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	l.answer(t).want(t, http.StatusOK, "")
}

// A fast beginning buys no rest afterwards.
func TestFastThenStill(t *testing.T) {
	t.Parallel()
	limits := quick()
	limits.Time = 2 * patience
	s := newSite(t, push.Options{Limits: limits})
	l := s.raw(t, post(eventsPath, "Content-Length: 1000000\r\n")+strings.Repeat("x", 50_000))
	l.answer(t).want(t, http.StatusRequestTimeout, "too-slow")
}

// All the time that a body may take is bounded, however fast it comes.
func TestWholeTime(t *testing.T) {
	t.Parallel()
	limits := quick()
	limits.Time = 600 * time.Millisecond
	s := newSite(t, push.Options{Limits: limits})
	l := s.raw(t, post(eventsPath, "Content-Length: 1000000\r\n"))
	go l.drip(bytes.Repeat([]byte("x"), 100), 5*time.Millisecond)
	l.answer(t).want(t, http.StatusRequestTimeout, "too-slow")
}

// A sender is not to blame for a store that takes its time, before the body, in
// it or after it.
func TestSlowStore(t *testing.T) {
	t.Parallel()
	limits := quick()
	limits.Time = 400 * time.Millisecond
	s := newSite(t, push.Options{Limits: limits, Take: func(ctx context.Context, d *push.Delivery) (*push.Answer, error) {
		for err := error(nil); err == nil; _, err = io.CopyN(io.Discard, d.Body, 2) {
			time.Sleep(200 * time.Millisecond)
		}
		time.Sleep(500 * time.Millisecond)
		return &push.Answer{SHA256: digest("")}, ctx.Err()
	}})
	s.do(t, http.MethodPost, eventsPath, "12345", bearer(writeToken)).want(t, http.StatusOK, "")
}

// Who waits to be asked for the body is asked, and not where it is in vain.
func TestExpectContinue(t *testing.T) {
	t.Parallel()
	limits := quick()
	limits.Linger = 2 * patience
	s := newSite(t, push.Options{Limits: limits})
	l := s.raw(t, post(eventsPath, "Content-Length: 3\r\nExpect: 100-continue\r\n"))
	if text, err := l.in.ReadString('\n'); err != nil || text != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("got %q, %v, want to be asked for the body", text, err)
	}
	if _, err := l.in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(l, "{}\n"); err != nil {
		t.Fatal(err)
	}
	l.answer(t).want(t, http.StatusOK, "")

	l = s.raw(t, strings.Replace(post(eventsPath, "Content-Length: 3\r\nExpect: 100-continue\r\n"), writeToken, "guess", 1))
	l.answer(t).want(t, http.StatusUnauthorized, "wrong-credentials")
	l.closed(t)
}

// A client that sends all before it listens sees why it was sent away.
func TestRefusedWhileSending(t *testing.T) {
	t.Parallel()
	limits := quick()
	limits.Bytes, limits.Linger = 1<<16, 2*time.Second
	s := newSite(t, push.Options{Limits: limits})
	const size = 32 << 20 // more than any buffer between holds
	l := s.raw(t, post(eventsPath, fmt.Sprintf("Content-Length: %d\r\n", size)))
	if n, err := l.Write(make([]byte, size)); err != nil {
		t.Fatalf("cut off after %d bytes: %v", n, err)
	}
	l.answer(t).want(t, http.StatusRequestEntityTooLarge, "too-large")
	l.closed(t)
}

// What stands behind a whole request is another, and nonsense there does no harm.
func TestPipelined(t *testing.T) {
	t.Parallel()
	s := newSite(t, push.Options{Limits: quick()})
	one := post(eventsPath, "Content-Length: 3\r\n") + "{}\n"
	l := s.raw(t, one+one+"\x00\xff nonsense\r\n\r\n")
	l.answer(t).want(t, http.StatusOK, "")
	l.answer(t).want(t, http.StatusOK, "")
	rest, err := io.ReadAll(l.in)
	if err != nil || !strings.HasPrefix(string(rest), "HTTP/1.1 400 ") {
		t.Errorf("nonsense: got %q, %v, want 400", rest, err)
	}
	if n := s.shelf.len(); n != 2 {
		t.Errorf("%d deliveries are kept, want 2", n)
	}
}

// Headers without end and headers that take for ever never come as far as here,
// and the server goes on.
func TestBadHeaders(t *testing.T) {
	t.Parallel()
	s := newSite(t, push.Options{Limits: quick()})
	many := strings.Builder{}
	for i := range 10_000 {
		fmt.Fprintf(&many, "X-%d: %s\r\n", i, strings.Repeat("x", 200))
	}
	c := s.raw(t, post(eventsPath, "Content-Length: 3\r\n")+"{}\n")
	c.answer(t).want(t, http.StatusOK, "")
	go func() { _, _ = io.WriteString(c, post(eventsPath, many.String())) }()
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("10 000 headers: got %d, want 431", response.StatusCode)
	}
	s.do(t, http.MethodPost, eventsPath, "{}\n", bearer(writeToken)).want(t, http.StatusOK, "")
}

// The client goes away while its delivery is taken in: whoever takes it is told.
func TestClientGone(t *testing.T) {
	t.Parallel()
	began, ended := make(chan struct{}), make(chan error, 1)
	s := newSite(t, push.Options{Take: func(ctx context.Context, d *push.Delivery) (*push.Answer, error) {
		_, _ = io.Copy(io.Discard, d.Body)
		close(began)
		select {
		case <-ctx.Done():
		case <-time.After(patience):
		}
		ended <- ctx.Err()
		return nil, ctx.Err()
	}})
	l := s.raw(t, post(eventsPath, "Content-Length: 3\r\n")+"{}\n")
	<-began
	_ = l.Close()
	if err := <-ended; err == nil {
		t.Error("the context did not end")
	}
}

// When the server stops, a body that is still on its way does not hold it up.
func TestStopping(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	reading := make(chan struct{})
	h, err := push.New(push.Options{Sources: []string{"north"}, Access: access(t), Now: time.Now, Take: func(_ context.Context, d *push.Delivery) (*push.Answer, error) {
		_, _ = d.Body.Read(make([]byte, 1))
		close(reading)
		_, err := io.Copy(io.Discard, d.Body)
		return nil, err
	}})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Server: httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		both, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(ctx, cancel)()
		h.Events().ServeHTTP(w, r.WithContext(both))
	}))}
	s.Start()
	defer s.Close()
	l := s.raw(t, post(eventsPath, "Content-Length: 10\r\n")+"12345")
	<-reading
	stop()
	l.answer(t).want(t, http.StatusServiceUnavailable, "stopping")
}

// Over HTTP/2 the same limits hold, and what is refused costs a stream, not the
// connection.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	kept := &shelf{}
	h, err := push.New(push.Options{Sources: []string{"north"}, Access: access(t), Take: kept.take, Now: time.Now, Limits: quick()})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Server: httptest.NewUnstartedServer(h.Events()), handler: h, shelf: kept}
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	slow, end := io.Pipe()
	defer end.Close() //nolint:errcheck // a pipe has nothing to lose
	go func() { _, _ = end.Write([]byte("{}\n")) }()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+eventsPath, slow)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = bearer(writeToken)
	got, err := answer(s.Client(), r)
	if err != nil {
		t.Fatal(err)
	}
	conform(t, r, nil, got)
	got.want(t, http.StatusRequestTimeout, "too-slow")
	s.do(t, http.MethodPost, eventsPath, "{}\n", bearer(writeToken)).want(t, http.StatusOK, "")
	s.do(t, http.MethodPost, eventsPath, strings.Repeat("x", 1<<20+1), bearer(writeToken)).want(t, http.StatusRequestEntityTooLarge, "too-large")
	s.do(t, http.MethodPost, eventsPath, "{}\n", bearer("guess")).want(t, http.StatusUnauthorized, "wrong-credentials")
	if kept.len() != 1 {
		t.Errorf("%d deliveries are kept, want 1", kept.len())
	}
}

// Headers that never end are cut off, by the server's own limit, and nothing of
// them comes as far as here.
func TestSlowHeaders(t *testing.T) {
	t.Parallel()
	s := newSite(t, push.Options{Limits: quick()})
	l := s.raw(t, post(eventsPath, "Content-Length: 3\r\n")+"{}\n")
	l.answer(t).want(t, http.StatusOK, "")
	if _, err := io.WriteString(l, strings.TrimSuffix(post(eventsPath, ""), "\r\n")); err != nil {
		t.Fatal(err)
	}
	go l.drip([]byte("X-A: b\r\n"), 20*time.Millisecond)
	if rest, err := io.ReadAll(l.in); len(rest) > 0 {
		t.Errorf("got %q, %v, want the connection to be closed", rest, err)
	}
	if n := s.handler.Stats().Writers; n[len(n)-1].Answered != 1 {
		t.Errorf("got %+v, want one request", n)
	}
}

// A body that its taker leaves alone, for good or with somebody who still reads
// it, is answered and holds the connection no longer.
func TestUnreadBody(t *testing.T) {
	t.Parallel()
	broken := &push.Unreadable{Err: errors.New("of no known format")}
	tests := []struct {
		name string
		take func(context.Context, *push.Delivery) (*push.Answer, error)
	}{
		{"nobody reads", func(context.Context, *push.Delivery) (*push.Answer, error) { return nil, broken }},
		{"a little is read", func(_ context.Context, d *push.Delivery) (*push.Answer, error) {
			_, _ = d.Body.Read(make([]byte, 1))
			return nil, broken
		}},
		{"somebody goes on reading", func(_ context.Context, d *push.Delivery) (*push.Answer, error) {
			go func() { _, _ = io.Copy(io.Discard, d.Body) }()
			return nil, broken
		}},
	}
	for _, tt := range tests {
		for _, sent := range []string{
			post(eventsPath, "Content-Length: 10\r\n") + "12345", post(eventsPath, "Content-Length: 5000000\r\n") + "12345",
			post(eventsPath, "Transfer-Encoding: chunked\r\n") + chunk("12345"),
		} {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				limits := quick()
				limits.Bytes, limits.Window, limits.Time = 10<<20, patience, patience // the linger alone ends it
				s := newSite(t, push.Options{Limits: limits, Take: tt.take})
				l := s.raw(t, sent)
				l.answer(t).want(t, http.StatusBadRequest, "unreadable")
				began := time.Now()
				l.closed(t)
				if took := time.Since(began); took > patience/2 {
					t.Errorf("the connection was held for %v", took)
				}
			})
		}
	}
}

// Who does not read the answer is left.
func TestAnswerUnread(t *testing.T) {
	t.Parallel()
	limits := quick()
	limits.Answer = 100 * time.Millisecond
	s := newSite(t, push.Options{Limits: limits, Take: says(&push.Answer{SHA256: digest(""), Notes: []string{strings.Repeat("x", 16<<20)}}, nil)})
	l := s.raw(t, post(eventsPath, "Content-Length: 3\r\n")+"{}\n")
	over := func() bool {
		all := s.handler.Stats().Writers
		return all[len(all)-1].Answered == 1 && all[len(all)-1].InFlight == 0
	}
	for until := time.Now().Add(patience); !over() && time.Now().Before(until); {
		time.Sleep(time.Millisecond)
	}
	if !over() {
		t.Errorf("the answer is still on its way after %v", patience)
	}
	if n, _ := io.Copy(io.Discard, l.in); n >= 16<<20 {
		t.Errorf("%d bytes came, want the connection to be cut", n)
	}
}
