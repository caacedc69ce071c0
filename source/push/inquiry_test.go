package push_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/source/push"
)

const planPath = "/api/v1/plan"

// newInquiry serves a question at the path of plans.
func newInquiry(t *testing.T, o push.InquiryOptions) *site {
	t.Helper()
	o.Parameters = []string{"source"}
	if o.Limits.Linger == 0 {
		o.Limits.Linger = 100 * time.Millisecond
	}
	q, err := push.NewInquiry(o)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(planPath, q)
	s := &site{Server: httptest.NewServer(mux)}
	t.Cleanup(s.Close)
	return s
}

// echo answers with what was asked.
func echo(_ context.Context, query url.Values, body io.Reader) (any, error) {
	text, err := io.ReadAll(body)
	return map[string]string{"source": query.Get("source"), "body": string(text)}, err
}

// failing reads all and then has an error.
func failing(err error) func(context.Context, url.Values, io.Reader) (any, error) {
	return func(_ context.Context, _ url.Values, body io.Reader) (any, error) {
		_, _ = io.Copy(io.Discard, body)
		return nil, err
	}
}

// What is asked is answered, with the body as it was sent.
func TestInquiry(t *testing.T) {
	t.Parallel()
	s := newInquiry(t, push.InquiryOptions{Ask: echo})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+planPath+"?source=grid", strings.NewReader("{}\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := answer(s.Client(), r)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"body":"{}\n","source":"grid"}` + "\n"; got.status != http.StatusOK || string(got.body) != want {
		t.Errorf("got %d %s, want 200 %s", got.status, got.body, want)
	}
}

// Every refusal that is documented, but for that of strangers, whom somebody else
// keeps out; and no other.
func TestInquiryRefuses(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var told []error
	note := func(err error) { mu.Lock(); defer mu.Unlock(); told = append(told, err) }
	secret := errors.New("a secret of the inside")
	raw := func(headers, text string, then func(*line)) func(*testing.T, *site) *answered {
		return func(t *testing.T, s *site) *answered {
			l := s.raw(t, post(planPath, headers)+text)
			if then != nil {
				then(l)
			}
			return l.answer(t)
		}
	}
	send := func(method, query string, headers ...string) func(*testing.T, *site) *answered {
		return func(t *testing.T, s *site) *answered {
			h := http.Header{"Content-Type": {"text/csv"}}
			for i := 0; i < len(headers); i += 2 {
				h.Set(headers[i], headers[i+1])
			}
			return s.do(t, method, planPath+query, "{}\n", h)
		}
	}
	tests := []struct {
		name   string
		ask    func(context.Context, url.Values, io.Reader) (any, error)
		do     func(*testing.T, *site) *answered
		status int
		code   string
	}{
		{"another method", echo, send("GET", ""), 405, "method"},
		{"an unknown parameter", echo, send("POST", "?sauce=x"), 400, "bad-parameter"},
		{"a parameter twice", echo, send("POST", "?source=a&source=b"), 400, "bad-parameter"},
		{"a query of nothing", echo, send("POST", "?%zz"), 400, "bad-parameter"},
		{"a parameter that is not understood", failing(&push.BadParameter{Name: "source", Err: secret}), send("POST", "?source=x"), 400, "bad-parameter"},
		{"a picture", echo, send("POST", "", "Content-Type", "image/png"), 415, "media-type"},
		{"a strange packing", echo, send("POST", "", "Content-Encoding", "br"), 415, "content-encoding"},
		{"no rows", failing(&push.Unreadable{Err: secret}), send("POST", ""), 400, "unreadable"},
		{"too many rows", failing(&push.Refused{Err: secret}), send("POST", ""), 422, "refused"},
		{"nobody has time", failing(&push.Busy{RetryAfter: time.Second, Err: secret}), send("POST", ""), 503, "busy"},
		{"the program stops", failing(context.Canceled), send("POST", ""), 503, "stopping"},
		{"a mistake", failing(secret), send("POST", ""), 500, "internal"},
		{"a panic", func(context.Context, url.Values, io.Reader) (any, error) { panic(secret) }, send("POST", ""), 500, "internal"},
		{"a body that nobody read", func(context.Context, url.Values, io.Reader) (any, error) { return 1, nil }, send("POST", ""), 500, "internal"},
		{"nothing comes", echo, raw("Content-Length: 10\r\n", "12345", nil), 408, "too-slow"},
		{"it never ends", echo, raw("Transfer-Encoding: chunked\r\n", "", func(l *line) { go l.drip([]byte(chunk(strings.Repeat("x", 1<<16))), 0) }), 413, "too-large"},
		{"too long, as said", echo, raw("Content-Length: 99999999999\r\n", "123", nil), 413, "too-large"},
		{"less than said", echo, raw("Content-Length: 10\r\n", "12345", (*line).hangUp), 400, "incomplete"},
		{"no chunk at all", echo, raw("Transfer-Encoding: chunked\r\n", "nonsense\r\n", nil), 400, "incomplete"},
	}
	seen := map[int]bool{200: true, 401: true, 403: true} // the latter two are given before
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newInquiry(t, push.InquiryOptions{Ask: tt.ask, Failed: note, Limits: quick()})
			got := tt.do(t, s)
			got.want(t, tt.status, tt.code)
			if tt.status == http.StatusInternalServerError && bytes.Contains(got.body, []byte("secret")) {
				t.Errorf("%s tells of the inside", got.body)
			}
			if got.status != http.StatusMethodNotAllowed { // which is documented of another method
				seen[got.status] = true
			}
		})
	}
	if diff := cmp.Diff(documented(t, planPath, http.MethodPost), slices.Sorted(maps.Keys(seen))); diff != "" {
		t.Errorf("statuses differ (-documented +seen):\n%s", diff)
	}
	if len(told) != 3 {
		t.Errorf("the operator is told of %d mistakes, want 3: %v", len(told), told)
	}
}

// Of many at once so many are asked as there are places.
func TestInquiryPlaces(t *testing.T) {
	t.Parallel()
	const crowd, places = 16, 2
	inside, release := make(chan struct{}, crowd), make(chan struct{})
	s := newInquiry(t, push.InquiryOptions{Limits: push.Limits{AtOnce: places}, Ask: func(ctx context.Context, query url.Values, body io.Reader) (any, error) {
		inside <- struct{}{}
		<-release
		return echo(ctx, query, body)
	}})
	status := make(chan int, crowd)
	ask := func() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+planPath, strings.NewReader("{}\n"))
		if err != nil {
			t.Error(err)
			return
		}
		got, err := answer(s.Client(), r)
		if err != nil {
			t.Error(err)
			return
		}
		status <- got.status
	}
	var all sync.WaitGroup
	for range places {
		all.Go(ask)
		<-inside
	}
	for range crowd - places {
		all.Go(ask)
	}
	for range crowd - places {
		if got := <-status; got != http.StatusServiceUnavailable {
			t.Errorf("got %d where there is no place, want 503", got)
		}
	}
	close(release)
	all.Wait()
	for range places {
		if got := <-status; got != http.StatusOK {
			t.Errorf("got %d of those with a place, want 200", got)
		}
	}
}

func TestNewInquiry(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]push.InquiryOptions{
		"push: nobody to ask":                  {},
		"push: limit of bytes: not above zero": {Ask: echo, Limits: push.Limits{Bytes: -1}},
	} {
		if _, err := push.NewInquiry(o); err == nil || err.Error() != name {
			t.Errorf("got %v, want %s", err, name)
		}
	}
}
