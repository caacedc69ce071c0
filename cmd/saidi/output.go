package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"

	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// write gives a result to standard output, or puts it whole into a file: the
// file is never there half-written. A link is followed, and what is no regular
// file, such as a pipe, is written to and stays what it is.
func write(w world, path string, do func(io.Writer) error) error {
	if path == "" {
		return do(w.stdout)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeThrough(path, do)
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
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

func writeThrough(path string, do func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := errors.Join(do(file), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// outputs refuses to write a result over an input or over the other result, or
// under a name that promises another format than results have, also has apart.
func outputs(out, rejects string, inputs []string, also ...string) error {
	for _, path := range []string{out, rejects} {
		switch ending := filepath.Ext(path); ending {
		case ".xlsx", ".xls", ".html", ".htm", ".pdf":
			formats := "text, json or csv"
			if path == out && len(also) > 0 {
				formats = "text, json, csv, html or xlsx"
			}
			if path == out && slices.Contains(also, ending) {
				break
			}
			return usage("%s: results are written as %s, not as %s: give the file another ending", path, formats, ending)
		}
		for _, in := range inputs {
			if path != "" && sameFile(path, in) {
				return usage("%s is read and would be written over: give the result another name", path)
			}
		}
	}
	if out != "" && rejects != "" && sameFile(out, rejects) {
		return usage("--out and --rejects name the same file, %s", out)
	}
	return nil
}

func sameFile(x, y string) bool {
	if filepath.Clean(x) == filepath.Clean(y) {
		return true
	}
	a, errA := os.Stat(x)
	b, errB := os.Stat(y)
	return errA == nil && errB == nil && a.Mode().IsRegular() && os.SameFile(a, b)
}

// writeRejects writes --rejects, if it was given.
func (in *inputs) writeRejects(w world, s *snapshot.Snapshot, language wording.Language) error {
	if in.rejectsPath == "" {
		return nil
	}
	return write(w, in.rejectsPath, func(out io.Writer) error { return report.Rejects(out, s.Rejects, language) })
}
