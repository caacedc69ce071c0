package push_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/source/push"
)

func TestNew(t *testing.T) {
	t.Parallel()
	north, err := push.NewAccess([]push.Token{{Name: "north office", SHA256: digest(northToken), Write: true, Sources: []string{"nroth"}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	good := push.Options{Sources: []string{"north"}, Take: (&shelf{}).take, Now: time.Now}
	tests := []struct {
		name string
		of   func(o *push.Options)
		want string
	}{
		{"the least", func(*push.Options) {}, ""},
		{"nobody to take it in", func(o *push.Options) { o.Take = nil }, "push: nobody to take deliveries in, or no clock"},
		{"no clock", func(o *push.Options) { o.Now = nil }, "push: nobody to take deliveries in, or no clock"},
		{"no body fits", func(o *push.Options) { o.Limits.Bytes = -1 }, "push: limit of bytes: not above zero"},
		{"no time", func(o *push.Options) { o.Limits.Linger = -1 }, "push: limit of linger: not above zero"},
		{"an unknown source", func(o *push.Options) { o.Access = north }, `push: access of north office: source "nroth" takes no pushes; did you mean "north"?`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := good
			tt.of(&o)
			_, err := push.New(o)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// However a body is cut into pieces, it arrives as it was sent; and if it breaks
// off anywhere before its end, nothing of it is kept and nothing is acknowledged.
func TestWholeOrNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, push.Options{Limits: push.Limits{Pushes: 1e6, Linger: time.Millisecond}})
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(rt, "text")
		var wire bytes.Buffer
		wire.WriteString(post(eventsPath, "Transfer-Encoding: chunked\r\nConnection: close\r\n"))
		head := wire.Len()
		for rest := text; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(rt, "piece")
			wire.WriteString(chunk(string(rest[:n])))
			rest = rest[n:]
		}
		wire.WriteString("0\r\n\r\n")
		end := wire.Len()
		if rapid.Bool().Draw(rt, "broken off") {
			end = rapid.IntRange(head, wire.Len()-1).Draw(rt, "after")
		}
		before := s.shelf.len()
		l := s.raw(t, string(wire.Bytes()[:end]))
		if end < wire.Len() {
			l.hangUp() // after a whole body it may come before the answer: then nobody waits for one
		}
		got := l.answer(t)
		_ = l.Close()
		if end < wire.Len() {
			got.want(t, http.StatusBadRequest, "incomplete")
			if s.shelf.len() != before {
				t.Error("half a body is kept")
			}
			return
		}
		got.want(t, http.StatusOK, "")
		if last := s.shelf.text[len(s.shelf.text)-1]; s.shelf.len() != before+1 || last != string(text) {
			t.Errorf("got %q, want %q", last, text)
		}
	})
}

// Whatever a request says of itself, it is answered as documented, and taken in
// only with the right token.
func FuzzRequest(f *testing.F) {
	f.Add("source=north&strict=true&wait=1s&covers=a..b&name=x", "text/csv", "gzip", "Bearer "+writeToken)
	f.Add("sauce=%zz;", "multipart/form-data", "br", "Basic YTpi")
	f.Add("wait=1.5h&wait", "a/b; c=\"", "gzip,zstd", "bearer\t"+writeToken)
	a, err := push.NewAccess([]push.Token{{Name: "scada", SHA256: digest(writeToken), Write: true}}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, query, kind, encoding, credentials string) {
		kept := &shelf{}
		h, err := push.New(push.Options{Sources: []string{"north"}, Access: a, Take: kept.take, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, eventsPath, strings.NewReader("{}\n"))
		r.URL.RawQuery = query
		r.Header = http.Header{"Content-Type": {kind}, "Content-Encoding": {encoding}, "Authorization": {credentials}}
		w := httptest.NewRecorder()
		h.Events().ServeHTTP(w, r)
		if w.Code >= 500 || w.Code == http.StatusOK && !strings.Contains(credentials, writeToken) || (w.Code == http.StatusOK) != (kept.len() == 1) {
			t.Errorf("got %d %s with %d kept", w.Code, w.Body, kept.len())
		}
	})
}
