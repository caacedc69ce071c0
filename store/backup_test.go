package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

func drawnCovers() []outage.Covers {
	return []outage.Covers{{Period: period.Period{From: 10, To: 20}, Areas: []outage.Area{"xining"}}, {Period: period.Period{From: 5, To: 9}}}
}

// A backup that is made while the store is written to is the store as it was at
// some moment, and can be gone on with.
func TestBackup(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	s := opened(t, filepath.Join(top, "store"), 10)
	defer closed(t, s)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				if err := tellRows(s, i, 1+i%15); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	reader, err := OpenReadOnly(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, reader)
	for i, from := range []*Store{s, reader, s} {
		waitFor(t, func() bool { return s.Last() > int64(100*(i+1)) })
		before := s.Last()
		dir := filepath.Join(top, fmt.Sprint("backup-", i))
		if err := from.Backup(context.Background(), dir); err != nil {
			t.Fatal(err)
		}
		after := s.Last()
		copied := opened(t, dir, 10)
		last := copied.Last()
		if last < before || last > after {
			t.Errorf("the copy ends at %d, the store at %d before and %d after", last, before, after)
		}
		if d := cmp.Diff(withoutStreams(readAll(t, s, 0, last)), withoutStreams(readAll(t, copied, 0, 0))); d != "" {
			t.Errorf("(-store +copy):\n%s", d)
		}
		put(t, copied, head("fresh"), eventsOf(30, "z"))
		soundBut(t, copied, "")
		closed(t, copied)
	}
	close(stop)
	wg.Wait()
	soundBut(t, s, "")
}

// A backup goes into an empty folder only, and one of a damaged store fails.
func TestBackupErrors(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	dir := filepath.Join(top, "store")
	sample(t, dir)
	s := opened(t, dir, 10)
	defer closed(t, s)
	if err := s.Backup(context.Background(), dir); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("error %v", err)
	}
	path := filepath.Join(dir, segmentFolder, segmentName(13, 37))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	turnByte(t, path, data, len(data)/2)
	target := filepath.Join(top, "copy")
	if err := s.Backup(context.Background(), target); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("error %v", err)
	}
	if files, err := os.ReadDir(target); err != nil || len(files) > 0 {
		t.Errorf("files %v, %v, want none", files, err)
	}
}

// A store that the first version wrote is read for ever.
func TestFixture(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "v1")
	copyFolder(t, "testdata/v1", dir)
	got, err := soundness(dir)
	if err != nil {
		t.Fatal(err)
	}
	golden := "testdata/v1.txt"
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	s := opened(t, dir, 10)
	put(t, s, head("later"), eventsOf(20, "l"))
	soundBut(t, s, "")
	closed(t, s)
}
