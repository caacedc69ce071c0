package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/internal/program"
)

// The tokens of the configuration.
const (
	writes = "write-7f2a"
	reads  = "read-91bc"
)

// An exporter is the program, which is killed and started again on one folder.
type exporter struct {
	path, dir, address string
	*program.Program   // of the last start
	begun              time.Time
	client             *http.Client
}

// newExporter builds the program, and writes its configuration.
func newExporter(t *testing.T, dir, nats, dsn string) *exporter {
	t.Helper()
	x := &exporter{path: program.Saidi(t), dir: dir, address: program.Address(t), client: &http.Client{Timeout: time.Minute}}
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

// start starts the program, which need not be ready afterwards.
func (x *exporter) start() (err error) {
	c := exec.Command(x.path, "serve", "--config", filepath.Join(x.dir, "saidi.yml"), "--web.listen-address", x.address, "--log.level=warn")
	x.begun = time.Now()
	x.Program, err = program.Launch(c, filepath.Join(x.dir, "saidi.log"))
	return err
}

// kill ends the program as a crash does.
func (x *exporter) kill() error {
	if x.Gone() {
		return fmt.Errorf("the exporter ended by itself: see %s", filepath.Join(x.dir, "saidi.log"))
	}
	x.Kill()
	return nil
}

// ready waits until the program has counted, and says how long that took since it
// was started.
func (x *exporter) ready(ctx context.Context) (time.Duration, error) {
	err := eventually(ctx, patience, "the exporter is ready", func() error {
		if x.Gone() {
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
