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

	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A saidi is a running exporter.
type saidi struct {
	*program.Program
	url   string
	known atomic.Pointer[snapshot.Snapshot] // the last report that was read
}

// serve starts saidi serve and waits for its first snapshot.
func (s *station) serve(t *testing.T, args ...string) *saidi {
	t.Helper()
	address := program.Address(t)
	p := program.StartFor(t, s.saidi, append([]string{"serve", "--web.listen-address=" + address}, args...)...)
	e := &saidi{Program: p, url: "http://" + address}
	program.Eventually(t, longest, "the exporter is ready", func() error {
		if p.Gone() {
			t.Fatal("the exporter ended by itself")
		}
		_, err := e.get(t, "/-/ready")
		return err
	})
	return e
}

const (
	longest    = 2 * time.Minute  // that the exporter may take until it answers, and a tab may be open
	answerTime = 30 * time.Second // that one answer may take
)

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
