package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/saidi-exporter/saidi/internal/program"
)

// patience is how long something may take on a busy machine.
const patience = 2 * time.Minute

// An exporter is the program over a store that is pushed to.
type exporter struct {
	path, dir, address string
	client             *http.Client
	process            *program.Program // of the last start
	last               atomic.Int64     // the highest sequence that was acknowledged
}

const token = "load-5c1e"

// newExporter writes the configuration.
func newExporter(b *bench) (*exporter, error) {
	address, err := program.FreeAddress()
	if err != nil {
		return nil, err
	}
	x := &exporter{path: b.program, dir: b.dir, address: address, client: &http.Client{
		Timeout: patience, Transport: &http.Transport{MaxIdleConns: 64, MaxIdleConnsPerHost: 64},
	}}
	config := "store: store\npush: {per_second: 1000000, at_once: 64}\ntokens: [{name: load, file: token, access: write}]\nsources: [{name: " + source + ", push: true}]\n"
	return x, errors.Join(
		os.WriteFile(filepath.Join(b.dir, "token"), []byte(token), 0o600),
		os.WriteFile(filepath.Join(b.dir, "saidi.yml"), []byte(config), 0o600))
}

// A start is how long the program took until it was ready.
type start struct {
	Answers, Ready time.Duration
	Steps          map[string]float64 // of the first snapshot, seconds
}

// start starts the program and waits until it is ready.
func (x *exporter) start(ctx context.Context) (s start, err error) {
	c := exec.Command(x.path, "serve", "--config", filepath.Join(x.dir, "saidi.yml"), "--web.listen-address", x.address)
	begun := time.Now()
	if x.process, err = program.Launch(c, filepath.Join(x.dir, "saidi.log")); err != nil {
		return s, err
	}
	if err := x.until(ctx, "/-/healthy"); err != nil {
		return s, err
	}
	s.Answers = time.Since(begun)
	if err := x.until(ctx, "/-/ready"); err != nil {
		return s, err
	}
	s.Ready = time.Since(begun)
	m, err := x.metrics(ctx)
	s.Steps = m.steps()
	return s, err
}

// until waits for a path to answer with 200.
func (x *exporter) until(ctx context.Context, path string) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		_, err := x.get(ctx, path)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil || time.Now().After(deadline):
			return fmt.Errorf("start: %w", err)
		}
		if x.process.Gone() {
			return fmt.Errorf("the program ended by itself: %w\n%s", x.process.Err(), x.process.LastOfLog(2000))
		}
	}
}

// stop asks the program to end, waits, and says how it ended.
func (x *exporter) stop() error {
	x.process.End(syscall.SIGTERM)
	return x.process.Err()
}

// kill ends the program if it still runs.
func (x *exporter) kill() {
	if x.process != nil {
		x.process.Kill()
	}
}

// get reads what is at a path; any status but 200 is an error.
func (x *exporter) get(ctx context.Context, path string) ([]byte, error) {
	return x.ask(ctx, http.MethodGet, path, nil)
}

// A refusal is an answer with another status than 200.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s", r.status, r.text) }

func (x *exporter) ask(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+x.address+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := x.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = &refusal{answer.StatusCode, fmt.Sprintf("%.500s", text)}
	}
	return text, err
}

// A receipt is the answer to a push, as far as it is looked at.
type receipt struct {
	Rows, Stored, Rejected int
	Again                  bool
	Sequence               struct{ Last int64 }
}

// push sends a body of so many rows.
func (x *exporter) push(ctx context.Context, body []byte, rows int) (r receipt, err error) {
	text, err := x.ask(ctx, http.MethodPost, "/api/v1/events?source="+source, body)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("the answer to a push: %w", err)
	}
	if r.Rows != rows || r.Stored != rows || r.Rejected != 0 || r.Again {
		return r, fmt.Errorf("a push of %d new rows was answered %.500s", rows, text)
	}
	for known := x.last.Load(); r.Sequence.Last > known && !x.last.CompareAndSwap(known, r.Sequence.Last); {
		known = x.last.Load()
	}
	return r, nil
}

// applied waits until everything that was acknowledged counts.
func (x *exporter) applied(ctx context.Context) (samples, error) {
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		m, err := x.metrics(ctx)
		if err != nil {
			return nil, err
		}
		if m.sum("outage_store_applied_sequence") >= float64(x.last.Load()) {
			return m, nil
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("after %s %v of %d sequences count", patience, m.sum("outage_store_applied_sequence"), x.last.Load())
		}
	}
}

// bytes is how much the store takes on disk.
func (x *exporter) bytes() (n int64, err error) {
	err = filepath.WalkDir(filepath.Join(x.dir, "store"), func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a temporary file
		}
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}

// peak is the most memory that the process has held, in bytes; 0 where the system
// does not say.
func (x *exporter) peak() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", x.process.PID()))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kilobytes := 0.0
	_, _ = fmt.Sscan(rest, &kilobytes)
	return kilobytes * 1024
}
