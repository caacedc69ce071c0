package push_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/source/push"
)

// Each documented status of the two doors is seen, with its code, and what comes
// with it is as documented.
func TestEveryStatus(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		o      push.Options
		query  string
		header http.Header
		text   string
		raw    func(*testing.T, *site, string) *answered // instead of a request
		status int
		code   string
		more   map[string]string // headers
	}{
		{name: "stored", header: bearer(writeToken), text: "{}\n", status: 200},
		{name: "unreadable", o: push.Options{Take: fail(&push.Unreadable{Err: errors.New("neither CSV nor JSON")})}, header: bearer(writeToken), text: "x", status: 400, code: "unreadable"},
		{name: "a parameter that the reader refuses", o: push.Options{Take: fail(&push.BadParameter{Name: "covers", Err: errors.New("ends before it begins")})},
			query: "?covers=2..1", header: bearer(writeToken), status: 400, code: "bad-parameter"},
		{name: "no credentials", text: "{}\n", status: 401, code: "no-credentials",
			more: map[string]string{"WWW-Authenticate": `Basic realm="saidi", charset="UTF-8", Bearer realm="saidi"`}},
		{name: "unknown token", header: bearer("guess"), text: "{}\n", status: 401, code: "wrong-credentials",
			more: map[string]string{"WWW-Authenticate": `Basic realm="saidi", charset="UTF-8", Bearer realm="saidi", error="invalid_token"`}},
		{name: "a token for reading", header: bearer(readToken), text: "{}\n", status: 403, code: "read-only"},
		{name: "another's source", o: push.Options{Sources: []string{"north", "south"}}, query: "?source=south", header: bearer(northToken), status: 403, code: "other-source"},
		{name: "a page of another site", header: http.Header{"Authorization": {"Bearer " + writeToken}, "Sec-Fetch-Site": {"cross-site"}}, status: 403, code: "cross-origin"},
		{name: "unknown source", query: "?source=nroth", header: bearer(writeToken), status: 404, code: "unknown-source"},
		{name: "too slow", o: push.Options{Limits: push.Limits{Window: 50 * time.Millisecond}}, raw: half, status: 408, code: "too-slow"},
		{name: "too large, as said", o: push.Options{Limits: push.Limits{Bytes: 4}}, header: bearer(writeToken), text: "12345", status: 413, code: "too-large"},
		{name: "a form", header: with(bearer(writeToken), "Content-Type", "multipart/form-data; boundary=x"), text: "--x--", status: 415, code: "media-type"},
		{name: "another encoding", header: with(bearer(writeToken), "Content-Encoding", "br"), text: "x", status: 415, code: "content-encoding",
			more: map[string]string{"Accept-Encoding": "gzip, zstd, identity"}},
		{name: "refused", o: push.Options{Take: fail(&push.Refused{Err: errors.New("1 row is rejected"), Rejections: []push.Rejection{{Row: 2, Reason: "bad-time"}}})},
			query: "?strict=true", header: bearer(writeToken), text: "{}\n", status: 422, code: "refused"},
		{name: "too often", o: push.Options{Limits: push.Limits{Pushes: 0.001}}, raw: twice, status: 429, code: "too-often", more: map[string]string{"Retry-After": "1000"}},
		{name: "an error nobody named", o: push.Options{Take: fail(errors.New("secret place"))}, header: bearer(writeToken), status: 500, code: "internal"},
		{name: "busy", o: push.Options{Take: fail(&push.Busy{RetryAfter: 1500 * time.Millisecond, Err: errors.New("secret place")})}, header: bearer(writeToken),
			status: 503, code: "busy", more: map[string]string{"Retry-After": "2"}},
		{name: "stopping", o: push.Options{Take: fail(context.Canceled)}, header: bearer(writeToken), status: 503, code: "stopping", more: map[string]string{"Retry-After": "5"}},
		{name: "full", o: push.Options{Take: fail(&push.Full{Err: errors.New("secret place")})}, header: bearer(writeToken), status: 507, code: "full"},
	}
	for _, path := range []string{eventsPath, basePath} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			var seen []int
			for _, tt := range tests {
				t.Run(tt.name, func(t *testing.T) {
					s := newSite(t, tt.o)
					var got *answered
					if tt.raw != nil {
						got = tt.raw(t, s, path)
					} else {
						got = s.do(t, http.MethodPost, path+tt.query, tt.text, tt.header)
					}
					got.want(t, tt.status, tt.code)
					seen = append(seen, got.status)
					for name, want := range tt.more {
						if got := got.header.Get(name); got != want {
							t.Errorf("%s: got %q, want %q", name, got, want)
						}
					}
					if strings.Contains(string(got.body), "secret") {
						t.Errorf("the answer tells of the inside: %s", got.body)
					}
				})
			}
			slices.Sort(seen)
			if diff := cmp.Diff(documented(t, path, http.MethodPost), slices.Compact(seen)); diff != "" {
				t.Errorf("documented statuses and those seen differ (-documented +seen):\n%s", diff)
			}
		})
	}
}

// with is the header with one more.
func with(h http.Header, name, value string) http.Header {
	h = h.Clone()
	h.Set(name, value)
	return h
}

// half sends half a body and then nothing more.
func half(t *testing.T, s *site, path string) *answered {
	t.Helper()
	return s.raw(t, post(path, "Content-Length: 20\r\n")+"0123456789").answer(t)
}

// twice sends the most there may be at once and one more.
func twice(t *testing.T, s *site, path string) *answered {
	t.Helper()
	s.do(t, http.MethodPost, path, "{}\n", bearer(writeToken)).want(t, http.StatusOK, "")
	return s.do(t, http.MethodPost, path, "{}\n", bearer(writeToken))
}

func TestOtherMethods(t *testing.T) {
	t.Parallel()
	s := newSite(t, push.Options{})
	for _, path := range []string{eventsPath, basePath} {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "BREW"} {
			got := s.do(t, method, path, "", bearer(writeToken))
			got.want(t, http.StatusMethodNotAllowed, "method")
			if allow := got.header.Get("Allow"); allow != http.MethodPost {
				t.Errorf("%s: Allow: got %q, want POST", method, allow)
			}
		}
	}
}

// What the store says of the inside is told to the operator, not to the sender.
func TestFailed(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	tests := []struct {
		name string
		take func(context.Context, *push.Delivery) (*push.Answer, error)
		want string // of what is told; empty: nothing is
	}{
		{"an error", fail(broken), "disk on fire"},
		{"a panic", func(context.Context, *push.Delivery) (*push.Answer, error) { panic("index out of range") }, "panic: index out of range"},
		{"no answer", func(_ context.Context, d *push.Delivery) (*push.Answer, error) {
			_, err := io.Copy(io.Discard, d.Body)
			return nil, err
		}, "without an answer"},
		{"the rest unread", func(_ context.Context, d *push.Delivery) (*push.Answer, error) {
			_, err := io.ReadFull(d.Body, make([]byte, 2))
			return &push.Answer{}, err
		}, "not been read to its end"},
		{"the sender's fault", fail(&push.Unreadable{Err: broken}), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			told := make(chan error, 9)
			s := newSite(t, push.Options{Take: tt.take, Failed: func(err error) { told <- err }})
			got := s.do(t, http.MethodPost, eventsPath, "{}\n{}\n", bearer(writeToken))
			if tt.want == "" {
				got.want(t, http.StatusBadRequest, "unreadable")
			} else {
				got.want(t, http.StatusInternalServerError, "internal")
			}
			close(told)
			var texts []string
			for err := range told {
				texts = append(texts, err.Error())
			}
			if all := strings.Join(texts, "\n"); (tt.want == "") != (all == "") || !strings.Contains(all, tt.want) {
				t.Errorf("got %q, want %q", all, tt.want)
			}
		})
	}
}
