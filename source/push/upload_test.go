package push_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/source/push"
)

// An upload is bounded in bytes, and cut off where it comes too slowly.
func TestUpload(t *testing.T) {
	t.Parallel()
	limits := push.Limits{Bytes: 1000, Window: 100 * time.Millisecond, LeastSpeed: 100_000}
	for _, tt := range []struct {
		name, body string
		length     string
		whole      bool
	}{
		{"what may be", strings.Repeat("x", 1000), "1000", true},
		{"too much", strings.Repeat("x", 1001), "1001", false},
		{"too slow", "x", "500", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			type outcome struct {
				bytes int
				err   error
			}
			came := make(chan outcome, 1)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, end := push.Upload(w, r, limits)
				defer end()
				data, err := io.ReadAll(body)
				came <- outcome{len(data), errors.Join(err, body.Close())}
			}))
			defer server.Close()
			c, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close() //nolint:errcheck // nothing more is sent
			if _, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: "+tt.length+"\r\n\r\n"+tt.body); err != nil {
				t.Fatal(err)
			}
			select {
			case got := <-came:
				if (got.err == nil) != tt.whole || tt.whole && got.bytes != len(tt.body) {
					t.Errorf("%d bytes, %v; want it whole: %t", got.bytes, got.err, tt.whole)
				}
			case <-time.After(time.Minute):
				t.Error("who sends too slowly is waited for")
			}
		})
	}
}
