package main

import (
	"fmt"
	"io"

	"github.com/google/renameio/v2"

	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
)

// write gives a result to standard output, or puts it whole into a file: the
// file is never there half-written.
func write(w world, path string, do func(io.Writer) error) error {
	if path == "" {
		return do(w.stdout)
	}
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer file.Cleanup() //nolint:errcheck // after a success there is nothing left to clean up
	if err := do(file); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// writeRejects writes --rejects, if it was given.
func writeRejects(w world, path string, s *snapshot.Snapshot) error {
	if path == "" {
		return nil
	}
	return write(w, path, func(out io.Writer) error { return report.Rejects(out, s.Rejects) })
}
