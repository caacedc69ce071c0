package browse

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A program is a server that runs for as long as the test.
type program struct {
	name  string
	cmd   *exec.Cmd
	log   log
	ended chan struct{} // closed when the process is gone
}

// start starts a server. At the end of the test it is told to stop, and ended if
// it does not; its log is shown if the test failed.
func start(t *testing.T, path string, args ...string) *program {
	t.Helper()
	p := &program{name: filepath.Base(path), cmd: exec.Command(path, args...), ended: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", p.name, err)
	}
	go func() {
		_ = p.cmd.Wait() // that it ended is all that matters: its log says why
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.stop(t)
		if t.Failed() {
			t.Logf("log of %s %q:\n%s", p.name, args, p.log.last(logShown))
		}
	})
	return p
}

const (
	stopTime = 5 * time.Second // that a server may take to stop
	logShown = 4 << 10         // bytes of a log that are shown at most
	longest  = 2 * time.Minute // that what ends by itself may take
)

// stop ends the process and waits until it is gone.
func (p *program) stop(t *testing.T) {
	t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may be gone
	select {
	case <-p.ended:
		return
	case <-time.After(stopTime):
	}
	t.Logf("%s did not stop within %s and was killed", p.name, stopTime)
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// gone says whether the process has ended.
func (p *program) gone() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// output runs a program in a folder to its end and gives what it writes to
// stdout; anything but success ends the test.
func output(t *testing.T, dir, path string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	c := exec.CommandContext(ctx, path, args...)
	c.Dir, c.WaitDelay = dir, time.Second
	var errors log
	c.Stderr = &errors
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s%s", filepath.Base(path), args, err, out, errors.text())
	}
	return string(out)
}

// A log is what a program says, for several goroutines.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write adds to the log.
func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// last is the end of the log, of at most n bytes.
func (l *log) last(n int) string {
	text := l.text()
	return text[max(0, len(text)-n):]
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
