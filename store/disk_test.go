package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// limited bounds the size that files may grow to, as a disk does that is full;
// it may be widened again.
func limited(bytes uint64) error {
	var was unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &was); err != nil {
		return err
	}
	return unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: min(bytes, was.Max), Max: was.Max})
}

// childFull stores until there is no space, and goes on once there is.
func childFull(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	for i, c := range []struct {
		rows  int
		limit uint64
	}{{3, 200 << 10}, {30_000, 300 << 10}, {3000, 60 << 10}} {
		if err := fillUp(filepath.Join(dir, fmt.Sprint(i)), c.rows, c.limit); err != nil {
			return fmt.Errorf("deliveries of %d rows: %w", c.rows, err)
		}
	}
	return nil
}

func fillUp(dir string, rows int, limit uint64) error {
	s, err := Open(dir, Options{Now: clock(), SegmentRows: 1000})
	if err != nil {
		return err
	}
	if err := limited(limit); err != nil {
		return err
	}
	stored := int64(0)
	var failed error
	for i := 0; failed == nil && i < 10_000; i++ {
		if failed = tellRows(s, i, rows); failed == nil {
			stored++
		}
	}
	if !errors.Is(failed, ErrFull) {
		return fmt.Errorf("error %w where there is no space", failed)
	}
	if list, err := tryRead(s, 0, 0); err != nil || int64(len(list)) != stored {
		return fmt.Errorf("%d deliveries are read, %d are stored, %w", len(list), stored, err)
	}
	if err := limited(1 << 40); err != nil {
		return err
	}
	if err := tellRows(s, 1_000_000, rows); err != nil {
		return fmt.Errorf("with space again: %w", err)
	}
	if got := s.Stats(); got.Deliveries != stored+1 || got.Rows != (stored+1)*int64(rows) {
		return fmt.Errorf("%+v behind %d deliveries", got, stored+1)
	}
	if findings, err := s.Verify(context.Background()); err != nil || len(findings) > 0 {
		return fmt.Errorf("%v, %w", findings, err)
	}
	return s.Close()
}

func tellRows(s *Store, i, rows int) error {
	p := s.Begin()
	defer p.Discard()
	if err := p.Add(batchOf(eventsOf(rows, fmt.Sprint(i)))); err != nil {
		return err
	}
	_, err := s.Put(context.Background(), Told{head(fmt.Sprint(i)), p})
	return err
}

// With no space left nothing is acknowledged, nothing is lost, and all goes on
// once there is space.
func TestFull(t *testing.T) {
	t.Parallel()
	c := childCommand(t, "full", t.TempDir())
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// childRefused opens a store in a folder that it may not write.
func childRefused(dir string) error {
	if s, err := Open(dir, Options{Now: clock()}); !errors.Is(err, ErrReadOnly) {
		return fmt.Errorf("store %v, error %w", s, err)
	}
	s, err := OpenReadOnly(dir)
	if err != nil {
		return err
	}
	if list, err := tryRead(s, 0, 0); err != nil || len(list) != 2 {
		return fmt.Errorf("%d deliveries, %w", len(list), err)
	}
	return s.Close()
}

// childMute opens a store that a killed writer left, in a folder that it may not
// write.
func childMute(dir string) error {
	s, err := OpenReadOnly(dir)
	if err == nil {
		defer func() { _ = s.Close() }()
		if list, err := tryRead(s, 0, 0); err != nil || len(list) != 2 {
			return fmt.Errorf("%d deliveries, %w", len(list), err)
		}
	}
	return nil
}

// unprivileged makes a child one that permissions hold for.
func unprivileged(t *testing.T, role, dir string) *exec.Cmd {
	t.Helper()
	c := childCommand(t, role, dir)
	if os.Getuid() != 0 {
		return c
	}
	program := filepath.Join(t.TempDir(), "child")
	in, err := os.Open(c.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(program, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(out.Close(), os.Chmod(program, 0o755), os.Chmod(filepath.Dir(filepath.Dir(program)), 0o755)); err != nil {
		t.Fatal(err)
	}
	c.Path, c.Args = program, []string{program}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	return c
}

// A folder that cannot be written can be read, and says so otherwise.
func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir, 2)
	put(t, s, head("1"), eventsOf(1, "a"))
	put(t, s, head("2"), eventsOf(3, "b"))
	left := filepath.Join(t.TempDir(), "left")
	copyFolder(t, dir, left)
	closed(t, s)
	for _, path := range []string{dir, left, filepath.Join(dir, segmentFolder), filepath.Join(left, segmentFolder)} {
		if err := os.Chmod(path, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(path, 0o755) }) // so that it can be removed
	}
	if err := os.Chmod(filepath.Join(dir, "lock"), 0o444); err != nil {
		t.Fatal(err)
	}
	for role, dir := range map[string]string{"refused": dir, "mute": left} {
		if out, err := unprivileged(t, role, dir).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", role, err, out)
		}
	}
}
