package program_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/internal/program"
)

// soon is more than a shell takes.
const soon = 30 * time.Second

// shell starts a line of the shell that says something, and waits for that.
func shell(t *testing.T, line, says string) *program.Program {
	t.Helper()
	p := program.StartFor(t, program.Need(t, "sh", "dash"), "-c", line)
	program.Eventually(t, soon, "the shell begins", func() error {
		if !strings.Contains(p.Log(), says) {
			return fmt.Errorf("it says %q, not %q", p.Log(), says)
		}
		return nil
	})
	return p
}

// A program is ended as it was asked to be, and says how it ended.
func TestEnd(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, line string
		end        func(*program.Program) bool
		killed     bool
		want       string
	}{
		{"by itself", "echo on; exit 3", func(p *program.Program) bool { <-p.Ended(); return p.Stop() }, false, "exit status 3"},
		{"told", "trap 'exit 0' TERM; echo on; while :; do sleep 0.01; done", (*program.Program).Stop, false, ""},
		{"deaf", "trap '' TERM; echo on; while :; do sleep 0.01; done", (*program.Program).Stop, true, "signal: killed"},
		{"killed", "echo on; exec sleep 60", func(p *program.Program) bool { p.Kill(); return false }, false, "signal: killed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := shell(t, tt.line, "on\n")
			if killed := tt.end(p); killed != tt.killed {
				t.Errorf("killed is %v, want %v", killed, tt.killed)
			}
			got := ""
			if err := p.Err(); err != nil {
				got = err.Error()
			}
			if got != tt.want || !p.Gone() {
				t.Errorf("it ended with %q, gone %v; want %q, gone", got, p.Gone(), tt.want)
			}
		})
	}
}

// What a program says into a file stands behind what was there.
func TestLogFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "log")
	for range 2 {
		p, err := program.Launch(exec.Command(program.Need(t, "sh", "dash"), "-c", "echo out; echo err >&2"), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Err(); err != nil {
			t.Fatal(err)
		}
		if got, want := p.LastOfLog(5), "\nerr\n"; got != want {
			t.Errorf("the end of the log is %q, want %q", got, want)
		}
	}
	got, err := os.ReadFile(path)
	if want := "out\nerr\nout\nerr\n"; err != nil || string(got) != want {
		t.Errorf("the file has %q, %v; want %q", got, err, want)
	}
}

// What is not there is named with the package that brings it.
func TestNothingThere(t *testing.T) {
	t.Parallel()
	_, err := program.FindOf("no-such-program", "no-such-package")
	if err == nil || !strings.Contains(err.Error(), "no-such-program is not here") || !strings.Contains(err.Error(), "apt-get install -y no-such-package") {
		t.Errorf("got %v, want a name and what to install", err)
	}
	if _, err := program.Start(nil, filepath.Join(t.TempDir(), "nothing")); err == nil || !strings.HasPrefix(err.Error(), "start nothing: ") {
		t.Errorf("got %v, want an error that names the program", err)
	}
}

// The status of a program that fails is given with all that it said.
func TestRun(t *testing.T) {
	t.Parallel()
	sh := program.Need(t, "sh", "dash")
	status, said := program.Run(t, sh, "-c", "echo out; echo err >&2; exit 4")
	if status != 4 || said != "out\nerr\n" {
		t.Errorf("got %d and %q, want 4 and both lines", status, said)
	}
	if got := program.Output(t, t.TempDir(), sh, "-c", "echo out; echo err >&2"); got != "out\n" {
		t.Errorf("the output is %q, want stdout alone", got)
	}
}

// Await gives up after its time with what the last try said.
func TestAwait(t *testing.T) {
	t.Parallel()
	no, tries := errors.New("not yet"), 0
	if err := program.Await(10*time.Millisecond, func() error { return no }); !errors.Is(err, no) {
		t.Errorf("got %v, want the error of the try", err)
	}
	err := program.Await(soon, func() error {
		if tries++; tries < 3 {
			return no
		}
		return nil
	})
	if err != nil || tries != 3 {
		t.Errorf("got %v after %d tries, want none after 3", err, tries)
	}
}
