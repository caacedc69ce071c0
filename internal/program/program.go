// Package program starts and ends the real programs that tests work with.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Grace is how long a program may take to stop after it was told to.
const Grace = 5 * time.Second

// A Program is a server that was started. It ends with the process that started
// it, should that die.
type Program struct {
	Name  string
	cmd   *exec.Cmd
	log   Log
	file  string        // that it says what it says into; "" for log
	ended chan struct{} // closed when the process is gone
	err   error         // how it ended, once it has
}

// Start starts a program with more variables of the environment, "NAME=value".
func Start(env []string, path string, args ...string) (*Program, error) {
	c := exec.Command(path, args...)
	c.Env = append(os.Environ(), env...)
	return Launch(c, "")
}

// Launch starts a command that is set up already. What it says is added to a file,
// or kept in memory where the file is "".
func Launch(c *exec.Cmd, file string) (*Program, error) {
	p := &Program{Name: filepath.Base(c.Path), cmd: c, file: file, ended: make(chan struct{})}
	c.Stdout, c.Stderr, c.WaitDelay = &p.log, &p.log, time.Second // children that go on do not hold it up
	if file != "" {
		out, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, fmt.Errorf("open the log of %s: %w", p.Name, err)
		}
		defer out.Close() //nolint:errcheck // the program has its own handle of it
		c.Stdout, c.Stderr = out, out
	}
	endWithParent(c)
	if err := c.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	go func() {
		p.err = c.Wait()
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
func (p *Program) Kill() { p.End(syscall.SIGKILL) }

// End sends a signal and waits, for as long as it takes, until the program is gone.
func (p *Program) End(s os.Signal) {
	p.Signal(s)
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

// Err waits until the program is gone and says how it ended: nil is success.
func (p *Program) Err() error {
	<-p.ended
	return p.err
}

// Log is what the program said so far.
func (p *Program) Log() string {
	if p.file == "" {
		return p.log.Text()
	}
	text, err := os.ReadFile(p.file)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// LastOfLog is the end of what it said, of at most n bytes.
func (p *Program) LastOfLog(n int) string { return last(p.Log(), n) }
