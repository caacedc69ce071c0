package program

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const (
	longest  = 2 * time.Minute // that what ends by itself may take
	logShown = 8 << 10         // bytes of a log that are shown at most
)

// StartFor starts a server for as long as the test. At its end the server is told
// to stop, and killed if it does not; its log is shown if the test failed.
func StartFor(t testing.TB, path string, args ...string) *Program {
	t.Helper()
	p, err := Start([]string{"TMPDIR=" + t.TempDir()}, path, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.Stop() {
			t.Logf("%s did not stop within %s and was killed", p.Name, Grace)
		}
		if t.Failed() {
			t.Logf("log of %s %q:\n%s", p.Name, args, p.LastOfLog(logShown))
		}
	})
	return p
}

// Output runs a program in a folder to its end and gives what it writes to
// stdout; anything but success ends the test.
func Output(t testing.TB, dir, path string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	c := exec.CommandContext(ctx, path, args...)
	c.Dir, c.WaitDelay = dir, time.Second
	var errors Log
	c.Stderr = &errors
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s%s", filepath.Base(path), args, err, out, errors.Text())
	}
	return string(out)
}

// Run runs a program to its end and gives its status and all that it says; one
// that cannot be started has -1.
func Run(t testing.TB, path string, args ...string) (status int, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	c := exec.CommandContext(ctx, path, args...)
	c.WaitDelay = time.Second
	var log Log
	c.Stdout, c.Stderr = &log, &log
	if err := c.Run(); c.ProcessState == nil {
		return -1, err.Error()
	}
	return c.ProcessState.ExitCode(), log.Text()
}

// Need is the path of a program of a Debian package; without it the test fails.
func Need(t testing.TB, name, debian string) string {
	t.Helper()
	path, err := FindOf(name, debian)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Address is an address of the loopback on which nothing listens.
func Address(t testing.TB) string {
	t.Helper()
	address, err := FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// Root is the folder of the module, from a package two folders below it.
func Root(t testing.TB) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// Saidi builds the program itself, from a package two folders below the module,
// and gives its path.
func Saidi(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "saidi")
	Output(t, Root(t), "go", "build", "-o", path, "./cmd/saidi")
	return path
}

// Eventually tries until it works, and fails the test if it does not within a time.
func Eventually(t testing.TB, within time.Duration, what string, try func() error) {
	t.Helper()
	if err := Await(within, try); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}
