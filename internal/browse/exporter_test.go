package browse

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A saidi is a running exporter.
type saidi struct {
	*program
	url   string
	known atomic.Pointer[snapshot.Snapshot] // the last report that was read
}

// serve starts saidi serve and waits for its first snapshot.
func (s *station) serve(t *testing.T, args ...string) *saidi {
	t.Helper()
	address := freePort(t)
	p := start(t, s.saidi, append([]string{"serve", "--web.listen-address=" + address}, args...)...)
	e := &saidi{program: p, url: "http://" + address}
	eventually(t, longest, "the exporter is ready", func() error {
		if p.gone() {
			t.Fatal("the exporter ended by itself")
		}
		_, err := e.get(t, "/-/ready")
		return err
	})
	return e
}

// answerTime is what one answer may take.
const answerTime = 30 * time.Second

// get reads what is at a path; any status but 200 is an error.
func (e *saidi) get(t *testing.T, path string) ([]byte, error) {
	return e.ask(t, http.MethodGet, path, "", nil)
}

// ask sends a request with a body; any status but 200 is an error.
func (e *saidi) ask(t *testing.T, method, path, kind string, body []byte) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), answerTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, e.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: %s: %.500s", method, path, answer.Status, data)
	}
	return data, nil
}

// getJSON reads JSON from a path.
func getJSON[T any](t *testing.T, e *saidi, path string) *T {
	t.Helper()
	body, err := e.get(t, path)
	if err != nil {
		t.Fatal(err)
	}
	v := new(T)
	if err := json.Unmarshal(body, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

const pollEvery = 50 * time.Millisecond

// eventually tries until it works, and fails the test if it does not within a
// time.
func eventually(t *testing.T, within time.Duration, what string, try func() error) {
	t.Helper()
	deadline := time.Now().Add(within)
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s: %v", what, within, err)
		}
		time.Sleep(pollEvery)
	}
}
