package store

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
)

// Rows of the tail, of a segment made of the tail and of a delivery that is a
// segment of its own come back in order, also after the store was opened again.
func TestReadBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := opened(t, dir, 10)
	var want []told
	for i, n := range []int{3, 4, 2, 30, 1, 5, 6, 1} {
		rows := eventsOf(n, string(rune('a'+i)))
		if n > 1 {
			rows[1].Rejected, rows[1].Reason = true, "bad-time"
		}
		r := put(t, s, head(""), rows)
		want = append(want, told{r.Delivery, 1, r.Received.Unix(), ordered(rows)})
	}
	if d := diff(want, readAll(t, s, 0, 0)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if err := s.compact(context.Background()); err != nil {
		t.Fatal(err)
	}
	stats := s.Stats()
	closed(t, s)
	s = opened(t, dir, 10)
	defer closed(t, s)
	if d := diff(want, readAll(t, s, 0, 0)); d != "" {
		t.Errorf("opened again (-want +got):\n%s", d)
	}
	again := s.Stats()
	again.Bytes = stats.Bytes
	if d := diff(stats, again); d != "" {
		t.Errorf("statistics (-want +got):\n%s", d)
	}
	if stats.Last != 52 || stats.Segments < 2 {
		t.Errorf("statistics %+v", stats)
	}
}

// A store that was closed can be opened at once, also while the process starts
// others.
func TestReopenBesideChildren(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					_ = exec.Command("true").Run() // that it starts matters alone
				}
			}
		})
	}
	dir := quickFolder(t)
	defer func() { _ = os.RemoveAll(dir) }()
	for range 60 {
		closed(t, opened(t, dir, 10))
	}
	close(stop)
	wg.Wait()
}
