package push_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/saidi-exporter/saidi/source/push"
)

// The secrets of the site.
const (
	writeToken = "write-7f3a"
	readToken  = "read-91cc"
	northToken = "north-55d0"
	password   = "correct horse"
)

const (
	eventsPath = "/api/v1/events"
	basePath   = "/api/v1/base"
)

// digest is what sha256sum prints.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// hashed is the password's hash; it is quick to check.
var hashed = sync.OnceValue(func() string {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		panic(err)
	}
	return string(hash)
})

func access(t *testing.T) *push.Access {
	t.Helper()
	a, err := push.NewAccess([]push.Token{
		{Name: "scada", SHA256: digest(writeToken), Write: true},
		{Name: "dashboard", SHA256: digest(readToken)},
		{Name: "north office", SHA256: digest(northToken), Write: true, Sources: []string{"north"}},
	}, []push.User{
		{Name: "ada", Hash: hashed(), Write: true},
		{Name: "guest", Hash: hashed()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// A shelf keeps what was pushed, each row a line.
type shelf struct {
	mu   sync.Mutex
	kept []push.Delivery
	text []string
}

// take keeps a delivery once it came whole.
func (s *shelf) take(_ context.Context, d *push.Delivery) (*push.Answer, error) {
	text, err := io.ReadAll(d.Body)
	if err != nil {
		return nil, &push.Unreadable{Err: err}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept, s.text = append(s.kept, *d), append(s.text, string(text))
	n := bytes.Count(text, []byte("\n"))
	return &push.Answer{
		Delivery: int64(len(s.kept)), Sequence: push.Sequence{First: 1, Last: int64(n)}, Received: time.Date(2022, 6, 1, 8, 0, 0, 0, time.FixedZone("", 8*3600)),
		SHA256: digest(string(text)), Content: "ndjson", Rows: n, Stored: n,
	}, nil
}

func (s *shelf) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.kept)
}

// A site is a handler behind a server of its own.
type site struct {
	*httptest.Server
	handler *push.Handler
	shelf   *shelf
}

// newSite serves the options; where they say nothing, one source, everybody of
// access and a shelf.
func newSite(t *testing.T, o push.Options) *site {
	t.Helper()
	s := &site{shelf: &shelf{}}
	if o.Sources == nil {
		o.Sources = []string{"north"}
	}
	if o.Access == nil {
		o.Access = access(t)
	}
	if o.Take == nil {
		o.Take = s.shelf.take
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Limits.Linger == 0 {
		o.Limits.Linger = 100 * time.Millisecond
	}
	h, err := push.New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.handler = h
	mux := http.NewServeMux()
	mux.Handle(eventsPath, h.Events())
	mux.Handle(basePath, h.Base())
	s.Server = httptest.NewUnstartedServer(mux)
	s.Config.ReadHeaderTimeout = 500 * time.Millisecond
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// An answered is what came back.
type answered struct {
	status int
	header http.Header
	body   []byte
}

// code is what the answer says is wrong; empty where nothing is.
func (a *answered) code() string {
	var failure struct {
		Error struct{ Code, Message string } `json:"error"`
	}
	if json.Unmarshal(a.body, &failure) != nil {
		return "not JSON"
	}
	return failure.Error.Code
}

// want compares status and code.
func (a *answered) want(t *testing.T, status int, code string) {
	t.Helper()
	if a.status != status || a.code() != code {
		t.Errorf("got %d %q (%s), want %d %q", a.status, a.code(), a.body, status, code)
	}
}

// bearer is the header of a token.
func bearer(token string) http.Header {
	return http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/octet-stream"}}
}

// do sends a request and holds what comes back against the description.
func (s *site) do(t *testing.T, method, target, text string, header http.Header) *answered {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+target, bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	got, err := answer(s.Client(), r)
	if err != nil {
		t.Fatal(err)
	}
	conform(t, r, []byte(text), got)
	return got
}

// answer sends a request and reads what comes back.
func answer(c *http.Client, r *http.Request) (*answered, error) {
	response, err := c.Do(r)
	if err != nil {
		return nil, fmt.Errorf("send: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	return &answered{response.StatusCode, response.Header, text}, nil
}

// fail is a Take that reads all and then has an error.
func fail(err error) func(context.Context, *push.Delivery) (*push.Answer, error) {
	return func(_ context.Context, d *push.Delivery) (*push.Answer, error) {
		if _, err := io.Copy(io.Discard, d.Body); err != nil {
			return nil, err
		}
		return nil, err
	}
}
