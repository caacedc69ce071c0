// Package program starts and ends the real programs that tests work with.
package program

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Grace is how long a program may take to stop after it was told to.
const Grace = 5 * time.Second

// A Program is a server that was started.
type Program struct {
	Name  string
	cmd   *exec.Cmd
	log   log
	ended chan struct{} // closed when the process is gone
}

// Start starts a program with more variables of the environment, "NAME=value".
func Start(env []string, path string, args ...string) (*Program, error) {
	p := &Program{Name: filepath.Base(path), cmd: exec.Command(path, args...), ended: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	go func() {
		_ = p.cmd.Wait() // that it ended is all that matters: its log says why
		close(p.ended)
	}()
	return p, nil
}

// Stop tells the program to stop, kills it where it does not, and waits until it
// is gone; killed says which it was.
func (p *Program) Stop() (killed bool) {
	p.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
		return false
	case <-time.After(Grace):
		p.Kill()
		return true
	}
}

// Kill ends the program at once (SIGKILL) and waits until it is gone.
func (p *Program) Kill() {
	_ = p.cmd.Process.Kill() // it may be gone
	<-p.ended
}

// Signal sends a signal; to a program that is gone it does nothing.
func (p *Program) Signal(s os.Signal) { _ = p.cmd.Process.Signal(s) }

// PID is the number of the process.
func (p *Program) PID() int { return p.cmd.Process.Pid }

// Ended is closed when the program is gone.
func (p *Program) Ended() <-chan struct{} { return p.ended }

// Gone says whether the program has ended.
func (p *Program) Gone() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// Log is what the program said so far.
func (p *Program) Log() string { return p.log.text() }

// LastOfLog is the end of what it said, of at most n bytes.
func (p *Program) LastOfLog(n int) string {
	text := p.log.text()
	return text[max(0, len(text)-n):]
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

// FreeAddress is an address of the loopback on which nothing listens.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// Find gives the path of a program, also where Debian puts servers and not
// everybody looks.
func Find(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + name)
	}
	if err != nil {
		return "", fmt.Errorf("%s is not here: install it (apt-get install %s)", name, name)
	}
	return path, nil
}
