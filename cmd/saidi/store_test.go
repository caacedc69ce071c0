package main

import (
	"bytes"
	"database/sql"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/store"
)

// ran runs the program and gives what it says and its exit status.
func ran(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	var all bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "saidi", args...)
	cmd.Stdout, cmd.Stderr = &all, &all
	if err := cmd.Run(); err != nil {
		if _, ok := errors.AsType[*exec.ExitError](err); !ok {
			t.Fatal(err)
		}
	}
	return all.String(), cmd.ProcessState.ExitCode()
}

// Everything that only reads a store works while it is served; what writes does
// not, until the server has ended.
func TestStoreBesideServe(t *testing.T) {
	t.Parallel()
	config := serveFiles(t)
	dir := filepath.Dir(config)
	data, backup := filepath.Join(dir, "data"), filepath.Join(dir, "backup")
	putFile(t, config, serveConfig+"store: data\n")
	s := startServe(t, "--config", config)
	s.becomes("/api/v1/deliveries", "events/1.csv")
	check := func(code int, want string, args ...string) {
		t.Helper()
		if out, got := ran(t, args...); got != code || !strings.Contains(out, want) {
			t.Errorf("saidi %s: exit status %d and\n%s\nwant %d and %q", strings.Join(args, " "), got, out, code, want)
		}
	}
	check(exitDone, `"customer_seconds": 720000`, "report", "--store", data, "--format", "json")
	check(exitDone, "720000", "explain", "--store", data, "--scope", "xining")
	check(exitDone, "No delivery lies between", "diff", "--store", data, "--from", "2")
	check(exitDone, "is sound: 2 deliveries", "store", "verify", data)
	check(exitDone, "events/1.csv", "store", "list", data)
	check(exitDone, "2 deliveries, 1 rows, up to sequence 2", "store", "backup", data, backup)
	check(exitFailed, "in use by another process", "store", "withdraw", data, "2", "--reason", "a test")
	if code := s.end(syscall.SIGTERM); code != exitDone {
		t.Errorf("the server ends with %d", code)
	}
	check(exitDone, "delivery 2 is withdrawn by delivery 3", "store", "withdraw", data, "2", "--reason", "a test")
	check(exitDone, `"known_at": 3`, "report", "--store", data, "--format", "json")
	check(exitDone, "720000", "explain", "--store", backup, "--scope", "xining")
}

// A store of a newer program is refused by every command, and named.
func TestNewerStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st, err := store.Open(dir, store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "catalogue.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), "PRAGMA user_version = 99")
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"report", "--store", dir}, {"explain", "--store", dir, "--scope", "xining"}, {"diff", "--store", dir, "--from", "1"},
		{"store", "verify", dir}, {"store", "list", dir}, {"store", "backup", dir, filepath.Join(dir, "..", "copy")},
		{"store", "withdraw", dir, "1", "--reason", "a test"},
	} {
		if out, code := ran(t, args...); code != exitFailed || !strings.Contains(out, "use a newer program") {
			t.Errorf("saidi %s: exit status %d and %s", strings.Join(args, " "), code, out)
		}
	}
}

// An empty store says so.
func TestEmptyStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st, err := store.Open(dir, store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"the store is empty": {"report", "--store", dir},
		"is sound: 0":        {"store", "verify", dir},
		"no deliveries":      {"store", "list", dir},
	} {
		if out, _ := ran(t, args...); !strings.Contains(out, want) {
			t.Errorf("saidi %s: %s, want %q", strings.Join(args, " "), out, want)
		}
	}
}
