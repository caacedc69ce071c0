package folder

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// patience is how long a change may take to be told on a busy machine.
const patience = 10 * time.Second

// watch follows places until the test ends, and gives what waits for a change.
func watch(t *testing.T, places ...string) (changes <-chan struct{}) {
	t.Helper()
	told, done := make(chan struct{}, 1), make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		done <- Watch(ctx, places, func() {
			select {
			case told <- struct{}{}:
			default:
			}
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return told
}

// tells does something again and again until it is told: the watching begins a
// moment after it was asked for.
func tells(t *testing.T, changes <-chan struct{}, what string, do func() error) {
	t.Helper()
	end := time.After(patience)
	for {
		if err := do(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		select {
		case <-changes:
			settle(changes)
			return
		case <-end:
			t.Fatalf("%s: nothing was told", what)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// settle waits until nothing more is told.
func settle(changes <-chan struct{}) {
	for {
		select {
		case <-changes:
		case <-time.After(100 * time.Millisecond):
			return
		}
	}
}

func write(path, content string) func() error {
	return func() error { return os.WriteFile(path, []byte(content), 0o644) }
}

// once does something the first time only.
func once(do func() error) func() error {
	return func() error {
		f := do
		do = func() error { return nil }
		return f()
	}
}

func TestWatchFolder(t *testing.T) {
	t.Parallel()
	dir := tree(t, "d/a.csv", "d/e/b.csv")
	d := filepath.Join(dir, "d")
	changes := watch(t, d)
	tells(t, changes, "a new file", write(filepath.Join(d, "new.csv"), "1"))
	tells(t, changes, "a changed file", once(write(filepath.Join(d, "a.csv"), "changed")))
	tells(t, changes, "a file that goes", once(func() error { return os.Remove(filepath.Join(d, "a.csv")) }))
	tells(t, changes, "a file of a folder below", once(write(filepath.Join(d, "e/b.csv"), "changed")))
	tells(t, changes, "a new folder", once(func() error { return os.Mkdir(filepath.Join(d, "f"), 0o755) }))
	tells(t, changes, "a file in it", once(write(filepath.Join(d, "f/c.csv"), "1")))
	moved := tree(t, "g/h/d.csv")
	tells(t, changes, "folders that are moved in", once(func() error { return os.Rename(filepath.Join(moved, "g"), filepath.Join(d, "g")) }))
	tells(t, changes, "a file deep in them", once(write(filepath.Join(d, "g/h/d.csv"), "changed")))
	tells(t, changes, "the folder goes", once(func() error { return os.RemoveAll(d) }))
	tells(t, changes, "the folder comes back", once(func() error { return os.Mkdir(d, 0o755) }))
	tells(t, changes, "a file in it", once(write(filepath.Join(d, "again.csv"), "1")))
}

// Places that are files, that are not there yet, links and patterns.
func TestWatchPlaces(t *testing.T) {
	t.Parallel()
	dir := tree(t, "base.csv", "2021/a.csv", "real/x.csv")
	if err := os.Symlink("real", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	changes := watch(t, filepath.Join(dir, "base.csv"), filepath.Join(dir, "late"), filepath.Join(dir, "20*", "*.csv"), filepath.Join(dir, "link"))
	tells(t, changes, "the file", write(filepath.Join(dir, "base.csv"), "1"))
	tells(t, changes, "the file is replaced", once(func() error {
		return errors.Join(write(filepath.Join(dir, "base.new"), "2")(), os.Rename(filepath.Join(dir, "base.new"), filepath.Join(dir, "base.csv")))
	}))
	tells(t, changes, "the place comes", once(func() error { return os.Mkdir(filepath.Join(dir, "late"), 0o755) }))
	tells(t, changes, "a file in it", once(write(filepath.Join(dir, "late/a.csv"), "1")))
	tells(t, changes, "a new folder of the pattern", once(func() error { return os.Mkdir(filepath.Join(dir, "2022"), 0o755) }))
	tells(t, changes, "a file in it", once(write(filepath.Join(dir, "2022/b.csv"), "1")))
	tells(t, changes, "a file behind a link", once(write(filepath.Join(dir, "real/x.csv"), "changed")))
}

// What lies beside a followed folder, and rights that change, wake nobody.
func TestWatchNothingElse(t *testing.T) {
	t.Parallel()
	dir := tree(t, "d/a.csv", "other.csv")
	changes := watch(t, filepath.Join(dir, "d"))
	tells(t, changes, "a new file", write(filepath.Join(dir, "d/new.csv"), "1"))
	if err := errors.Join(write(filepath.Join(dir, "other.csv"), "changed")(), os.Chmod(filepath.Join(dir, "d/a.csv"), 0o600)); err != nil {
		t.Fatal(err)
	}
	select {
	case <-changes:
		t.Error("a change elsewhere was told")
	case <-time.After(300 * time.Millisecond):
	}
}
