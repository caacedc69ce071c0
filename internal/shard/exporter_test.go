package shard

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/internal/program"
)

const (
	patience   = 60 * time.Second // for what takes seconds, on a machine that has other things to do
	answerTime = 30 * time.Second // for one answer
	token      = "shard-3fe1"
	source     = "grid"
)

// An exporter is the program, which may be killed and started again.
type exporter struct {
	*program.Program // of the last start
	path, dir        string
	address          string
	client           *http.Client
}

// exporter writes the configuration of one over a store: a folder below its own,
// or a URL.
func (s *station) exporter(t *testing.T, store string) *exporter {
	t.Helper()
	x := &exporter{path: s.saidi, dir: t.TempDir(), address: program.Address(t), client: &http.Client{Timeout: answerTime}}
	x.write(t, "token", token)
	x.write(t, "saidi.yml", fmt.Sprintf(`store: %q
refresh: 1s
push: {per_second: 1000, at_once: 100}
tokens: [{name: grid, file: token, access: write}]
sources: [{name: %s, push: true}]
`, store, source))
	return x
}

func (x *exporter) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(x.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// start starts the program and waits until it takes pushes: it is ready once it
// knows customers.
func (x *exporter) start(t *testing.T) {
	t.Helper()
	x.Program = program.StartFor(t, x.path, "serve", "--config", filepath.Join(x.dir, "saidi.yml"), "--web.listen-address", x.address, "--log.level=warn")
	program.Eventually(t, patience, "the exporter answers", func() error {
		if x.Gone() {
			t.Fatalf("the exporter ended by itself: %v", x.Err())
		}
		_, err := x.get(t.Context(), "/-/healthy")
		return err
	})
}

// A receipt is the answer to a push.
type receipt struct {
	Delivery int64
	Sequence struct{ First, Last int64 }
	SHA256   string
	Again    bool

	Rows, Stored, Rejected int
}

// push sends a body, again where the exporter puts it off.
func (x *exporter) push(t *testing.T, path string, body []byte) (r receipt) {
	t.Helper()
	program.Eventually(t, patience, "a push is taken", func() error {
		status, text, err := x.ask(t.Context(), http.MethodPost, path+"?source="+source, body)
		switch {
		case err != nil:
			t.Fatalf("push: %v", err)
		case status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests:
			return fmt.Errorf("push: %d %.500s", status, text)
		case status != http.StatusOK:
			t.Fatalf("push: %d %.1000s", status, text)
		}
		return json.Unmarshal(text, &r)
	})
	return r
}

// get reads what is at a path; any status but 200 is an error.
func (x *exporter) get(ctx context.Context, path string) ([]byte, error) {
	status, body, err := x.ask(ctx, http.MethodGet, path, nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s: %d %.500s", path, status, body)
	}
	return body, err
}

// ask asks, and gives status and body.
func (x *exporter) ask(ctx context.Context, method, path string, body []byte) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+x.address+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if method == http.MethodPost {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := x.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, text, err
}

// peak is the most memory that the process has held, in MiB; 0 where the system
// does not say.
func (x *exporter) peak() int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", x.PID()))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kilobytes := 0
	_, _ = fmt.Sscan(rest, &kilobytes)
	return kilobytes >> 10
}
