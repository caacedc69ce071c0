package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// The tokens of the configuration.
const (
	writes = "write-7f2a"
	reads  = "read-91bc"
)

// An exporter is the program, which is killed and started again on one folder.
type exporter struct {
	program, dir, address string
	*process              // of the last start
	begun                 time.Time
	client                *http.Client
}

// newExporter builds the program, and writes its configuration.
func newExporter(t *testing.T, dir, nats, dsn string) *exporter {
	t.Helper()
	x := &exporter{program: filepath.Join(dir, "saidi"), dir: dir, address: freePort(t), client: &http.Client{Timeout: time.Minute}}
	build := exec.Command("go", "build", "-o", x.program, "./cmd/saidi")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	write(t, filepath.Join(dir, "base.csv"), province())
	write(t, filepath.Join(dir, "write.token"), []byte(writes))
	write(t, filepath.Join(dir, "read.token"), []byte(reads))
	write(t, filepath.Join(dir, "drop", ".keep"), nil)
	write(t, filepath.Join(dir, "saidi.yml"), fmt.Appendf(nil, `store: store
base: base.csv
quiet: 0s
rescan: 1s
refresh: 1s
push: {per_second: 1000, at_once: 100}
tokens:
- {name: scada, file: write.token, access: write, sources: [push]}
- {name: eyes, file: read.token, access: read}
sources:
- {name: push, push: true}
- {name: nats, nats: {url: %q, stream: %s, durable: %s, subjects: outage.>, batch: 200}}
- name: sql
  postgres: {dsn: %q, query: %q, watermark: changed_at, every: 1s, page: 500, overlap: 5s}
- {name: drop, files: drop}
`, nats, stream, durable, dsn, query))
	return x
}

// freePort is an address of the loopback on which nothing listens.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // it has served its purpose
	return l.Addr().String()
}

// start starts the program, which need not be ready afterwards.
func (x *exporter) start() (err error) {
	c := exec.Command(x.program, "serve", "--config", filepath.Join(x.dir, "saidi.yml"), "--web.listen-address", x.address, "--log.level=warn")
	x.begun = time.Now()
	x.process, err = spawn(c, filepath.Join(x.dir, "saidi.log"))
	return err
}

// kill ends the program as a crash does.
func (x *exporter) kill() error {
	if x.gone() {
		return fmt.Errorf("the exporter ended by itself: see %s", filepath.Join(x.dir, "saidi.log"))
	}
	x.end(syscall.SIGKILL)
	return nil
}

// ready waits until the program has counted, and says how long that took since it
// was started.
func (x *exporter) ready(ctx context.Context) (time.Duration, error) {
	err := eventually(ctx, patience, "the exporter is ready", func() error {
		if x.gone() {
			return fmt.Errorf("it ended by itself: see %s", filepath.Join(x.dir, "saidi.log"))
		}
		_, err := x.get(ctx, "/-/ready")
		return err
	})
	return time.Since(x.begun), err
}

// get reads what is at a path; any status but 200 is an error.
func (x *exporter) get(ctx context.Context, path string) ([]byte, error) {
	status, body, err := x.ask(ctx, http.MethodGet, path, reads, nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s: %d %.500s", path, status, body)
	}
	return body, err
}

// getJSON reads JSON from a path.
func (x *exporter) getJSON(ctx context.Context, path string, into any) error {
	body, err := x.get(ctx, path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// ask asks, and gives status and body.
func (x *exporter) ask(ctx context.Context, method, path, token string, body []byte) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+x.address+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := x.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, text, err
}
