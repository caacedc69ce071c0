package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// A station is where the programs are.
type station struct {
	saidi, prometheus, promtool, alertmanager, dashview string
}

// newStation finds the programs and builds saidi.
func newStation(t *testing.T) *station {
	t.Helper()
	s := &station{
		prometheus:   find(t, "prometheus", "prometheus"),
		promtool:     find(t, "promtool", "prometheus"),
		alertmanager: find(t, "prometheus-alertmanager", "prometheus-alertmanager"),
		dashview:     dashview(t),
		saidi:        filepath.Join(t.TempDir(), "saidi"),
	}
	find(t, "node", "nodejs")
	if os.Getenv("CHROMIUM") == "" {
		find(t, "chromium", "chromium")
	}
	output(t, moduleRoot(t), "go", "build", "-o", s.saidi, "./cmd/saidi")
	return s
}

// find is the path of a program of a Debian package.
func find(t *testing.T, name, debian string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v: run apt-get install -y %s", err, debian)
	}
	return path
}

// dashview is the program that checks and draws dashboards: $SAIDI_DASHVIEW, or
// that beside the project.
func dashview(t *testing.T) string {
	t.Helper()
	path := os.Getenv("SAIDI_DASHVIEW")
	if path == "" {
		path = filepath.Join(moduleRoot(t), "..", "shared", "tools", "dashview", "dashview")
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("dashview is needed, set SAIDI_DASHVIEW to it: %v", err)
	}
	return path
}

// moduleRoot is the folder of the project.
func moduleRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// longest is what a program that is to end by itself may take.
const longest = 2 * time.Minute

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

// run runs a program to its end and gives its exit status and what it writes.
// It may be called in another goroutine than that of the test.
func run(t *testing.T, path string, args ...string) (status int, out string) {
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	c := exec.CommandContext(ctx, path, args...)
	c.WaitDelay = time.Second
	var said log
	c.Stdout, c.Stderr = &said, &said
	if err := c.Run(); c.ProcessState == nil {
		return -1, err.Error()
	}
	return c.ProcessState.ExitCode(), said.text()
}
