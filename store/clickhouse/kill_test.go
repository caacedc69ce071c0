package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/internal/testcluster"
	"github.com/saidi-exporter/saidi/store"
)

// A teller tells one delivery after the other, each until it is stored.
type teller struct {
	s      *Store
	name   string
	stored []store.Receipt
	failed []error
}

// tell tells a delivery again until it is stored, as a sender does.
func (w *teller) tell(n int) error {
	digest := fmt.Sprintf("%s-%d", w.name, n)
	for range 600 {
		p := w.s.Begin()
		err := p.Add(batchOf(eventsOf(40, digest)))
		var list []store.Receipt
		if err == nil {
			list, err = w.s.Put(context.Background(), store.Told{Head: head(digest), Parcel: p})
		}
		if err == nil {
			w.stored = append(w.stored, list[0])
			return nil
		}
		p.Discard()
		w.failed = append(w.failed, err)
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("delivery %s is not stored: %w", digest, w.failed[len(w.failed)-1])
}

// shardsIn lists the shards that an error says do not answer.
func shardsIn(err error) (list []int) {
	if one, ok := errors.AsType[*ShardError](err); ok {
		list = append(list, one.Shard)
	}
	return list
}

// A shard that is killed while rows are inserted, and started again, has all that
// was acknowledged, and nothing twice; meanwhile errors name it.
func TestKill(t *testing.T) {
	t.Parallel()
	c := testcluster.Start(t, 2)
	url := c.URL("killed") + "&timeout=1s"
	tellers := []*teller{{s: opened(t, url, Options{Slots: 9}), name: "a"}, {s: opened(t, url, Options{}), name: "b"}}
	var wg sync.WaitGroup
	errs := make([]error, len(tellers))
	for i, w := range tellers {
		wg.Go(func() {
			for n := 0; n < 40 && errs[i] == nil; n++ {
				errs[i] = w.tell(n)
			}
		})
	}
	for _, shard := range []int{2, 1} {
		time.Sleep(500 * time.Millisecond)
		c.Kill(shard)
		time.Sleep(2 * time.Second)
		if err := c.Restart(shard); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	digests := map[string]bool{}
	var gone []int
	for _, w := range tellers {
		for n := range 40 {
			digests[fmt.Sprintf("%s-%d", w.name, n)] = true
		}
		for _, err := range w.failed {
			gone = append(gone, shardsIn(err)...)
			if strings.Contains(err.Error(), testcluster.Password) {
				t.Errorf("the password is in the error %v", err)
			}
		}
	}
	slices.Sort(gone)
	if got := slices.Compact(gone); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("errors name the shards %v, want 1 and 2", got)
	}
	for _, w := range tellers {
		checkDense(t, w.s, digests)
		checkTold(t, w)
		closed(t, w.s)
	}
}

// checkTold makes sure that what was acknowledged is there, and whole.
func checkTold(t *testing.T, w *teller) {
	t.Helper()
	rows := map[int64]int{}
	for _, g := range readAll(t, w.s, 0, 0) {
		rows[g.Delivery] += len(g.Rows)
	}
	for _, r := range w.stored {
		if rows[r.Delivery] != 40 {
			t.Errorf("delivery %d has %d rows, want 40", r.Delivery, rows[r.Delivery])
		}
	}
	if findings, err := w.s.Verify(context.Background()); err != nil || len(findings) > 0 {
		t.Errorf("verify: %v, %v", findings, err)
	}
}

// While a shard is gone, queries say so by its number and address, and go on once
// it is back.
func TestShardGone(t *testing.T) {
	t.Parallel()
	c := testcluster.Start(t, 2)
	s := opened(t, c.URL("gone")+"&timeout=500ms", Options{Slots: 9})
	defer closed(t, s)
	put(t, s, head("a"), eventsOf(100, "a"))
	want := readAll(t, s, 0, 0)
	c.Kill(2)
	err := s.Read(context.Background(), 0, 0, func(*store.Chunk) error { return nil })
	gone, ok := errors.AsType[*ShardError](err)
	if !ok || gone.Shard != 2 || gone.Address != c.Address(2) || !strings.Contains(err.Error(), "shard 2 ("+c.Address(2)+") does not answer") {
		t.Errorf("error %v, want one that names shard 2 at %s", err, c.Address(2))
	}
	if _, err := s.Groups(context.Background(), slots(s), 0); len(shardsIn(err)) != 1 {
		t.Errorf("error %v, want one that names shard 2", err)
	}
	if _, err := Open(context.Background(), c.URL("gone")+"&timeout=500ms", Options{Now: clock()}); len(shardsIn(err)) != 1 {
		t.Errorf("open: %v, want an error that names shard 2", err)
	}
	if err := c.Restart(2); err != nil {
		t.Fatal(err)
	}
	if d := diff(want, readAll(t, s, 0, 0)); d != "" {
		t.Errorf("after the restart (-want +got):\n%s", d)
	}
}
