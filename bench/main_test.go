package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain lets the program start itself: a child is this test binary.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == childCommand {
		os.Exit(run(world{args: os.Args[1:], stdout: os.Stdout, stderr: os.Stderr, now: time.Now}))
	}
	os.Exit(m.Run())
}

func TestProgram(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "page.md")
	kept := filepath.Join(t.TempDir(), "data")
	tests := []struct {
		name   string
		args   []string
		status int
		stdout []string
		stderr []string
	}{
		{"help", []string{"--help"}, exitDone, nil, []string{"usage: go run . [flags]", "-quick"}},
		{"unknown flag", []string{"--fast"}, exitUsage, nil, []string{"flag provided but not defined: -fast"}},
		{"argument", []string{"now"}, exitUsage, nil, []string{`unexpected argument "now"`}},
		{"too few rows", []string{"--rows", "5000"}, exitUsage, nil, []string{"--rows 5000: give at least 10000"}},
		{"unknown job", []string{childCommand, saidiSide, "folder", "guess"}, exitFailed, nil, []string{`no job "guess"`}},
		{"no files", []string{childCommand, duckSide, "folder", "unite"}, exitFailed, nil, []string{"unite by duckdb", "folder/events.parquet"}},
		{"quick", []string{"--quick", "--rows", "20000"}, exitDone, []string{"unite of 20000 rows: saidi", "csv   of", "plain of"}, []string{"20000 rows made"}},
		{"kept", []string{"--quick", "--rows", "10000", "--keep", "--dir", kept}, exitDone, []string{"times as fast"}, []string{"the data stays in " + kept}},
		{"full", []string{"--rows", "100000", "--out", out}, exitDone, nil, []string{"written to " + out}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			got := run(world{args: tt.args, stdout: &stdout, stderr: &stderr, now: time.Now, program: os.Args[0]})
			if got != tt.status {
				t.Fatalf("status: got %d, want %d: %s", got, tt.status, stderr.String())
			}
			wantParts(t, "stdout", stdout.String(), tt.stdout)
			wantParts(t, "stderr", stderr.String(), tt.stderr)
		})
	}
	if _, err := os.Stat(filepath.Join(kept, "10000", "events.parquet")); err != nil {
		t.Errorf("kept data: %v", err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	wantParts(t, "page", string(text), []string{
		"100 000 rows, 2 000 units", "| unite | ", "| csv | ", "| plain | ", "| unite | saidi | base |", "\n| 300 000 | ", "CREATE VIEW outages AS FROM read_parquet('events.parquet')", "OVER earlier AS held",
	})
}

func TestStatus(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want int
	}{
		{"done", nil, exitDone},
		{"answers differ", fmt.Errorf("unite: %w", errDiffer), exitDiffer},
		{"anything else", errors.New("no space left"), exitFailed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := status(world{stderr: io.Discard}, tt.err); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

// wantParts wants each of the parts in the text, and none means no text.
func wantParts(t *testing.T, name, text string, parts []string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: got %q, want %q in it", name, text, part)
		}
	}
	if len(parts) == 0 && text != "" {
		t.Errorf("%s: got %q, want none", name, text)
	}
}
