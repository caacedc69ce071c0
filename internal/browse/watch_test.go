package browse

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// bad is a page with all that a page of ours must not have.
const bad = `<!DOCTYPE html><html lang="en"><head><title>bad</title><script>window.inline = 1</script><script src="/bad.js"></script></head>
<body><p style="width: 3000px">wide</p><img src="http://127.0.0.1:1/elsewhere.png"><img src="/missing.png"><input></body></html>`

// Whatever a page does that it must not do is noticed: else a test that finds nothing
// would say nothing.
func testWatch(t *testing.T, s *station) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "script-src 'self'")
		fmt.Fprint(w, bad)
	})
	mux.HandleFunc("GET /bad.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `console.error("complaint"); setTimeout(() => { throw new Error("oversight"); }); alert("dialog");`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	found := s.troublesOf(t, server.URL)
	for _, want := range []string{
		"another host: http://127.0.0.1:1/elsewhere.png", "a request failed", "status 404", "missing.png", "complaint", "oversight", "dialog", "Content Security Policy", "is 3", "image-alt", "label",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("%q was not noticed among:\n%s", want, found)
		}
	}
}

// troublesOf is what is noticed on a page that is meant to be bad.
func (s *station) troublesOf(t *testing.T, url string) string {
	t.Helper()
	x := s.open(t, &saidi{url: url})
	x.visit("/")
	eval[bool](x, s.rules+"; true")
	for _, f := range x.findings() {
		x.trouble("%s %s", f.Impact, f.ID)
	}
	x.trouble("the page is %d wide", x.wide().Width)
	x.mu.Lock()
	defer x.mu.Unlock()
	found := strings.Join(x.troubles, "\n")
	x.troubles = nil
	return found
}
