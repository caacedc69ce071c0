package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// A store that is only read takes nothing, and follows who writes.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	url := shared(t).URL(database())
	s := opened(t, url, Options{Slots: 5})
	put(t, s, head("a"), eventsOf(3, "a"))
	reader := opened(t, url, Options{ReadOnly: true})
	ctx := context.Background()
	tests := map[string]func() error{
		"put":      func() error { _, err := reader.Put(ctx, store.Told{Head: head("b")}); return err },
		"withdraw": func() error { _, err := reader.Withdraw(ctx, 1, "me", "why"); return err },
		"add":      func() error { return reader.Begin().Add(batchOf(eventsOf(1, "b"))) },
		"add base": func() error { return reader.Begin().AddBase(baseOf("A")) },
	}
	for name, do := range tests {
		if err := do(); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("%s: %v, want %v", name, err, store.ErrReadOnly)
		}
	}
	for len(reader.Committed()) > 0 {
		<-reader.Committed()
	}
	r := put(t, s, head("c"), eventsOf(2, "c"))
	select {
	case <-reader.Committed():
	case <-time.After(30 * time.Second):
		t.Error("the reader does not notice what was stored")
	}
	if reader.Last() != r.Last || len(reader.Health()) > 0 {
		t.Errorf("the last sequence is %d, %v; want %d", reader.Last(), reader.Health(), r.Last)
	}
	closed(t, reader)
	closed(t, s)
}

// A closed store says so, and takes no rows.
func TestClosed(t *testing.T) {
	t.Parallel()
	s := opened(t, shared(t).URL(database()), Options{Slots: 5})
	p := parcelOf(t, s, eventsOf(3, "a"), 2)
	closed(t, s)
	ctx := context.Background()
	tests := map[string]func() error{
		"put":     func() error { _, err := s.Put(ctx, toldOf("a", p)); return err },
		"read":    func() error { return s.Read(ctx, 0, 0, ignore) },
		"streams": func() error { _, err := s.Streams(ctx, 0, 0); return err },
		"refresh": func() error { return s.Refresh(ctx) },
		"close":   s.Close,
	}
	for name, do := range tests {
		if err := do(); !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s: %v, want %v", name, err, store.ErrClosed)
		}
	}
}

// What does not go together is refused, and leaves nothing behind.
func TestRefused(t *testing.T) {
	t.Parallel()
	s := opened(t, shared(t).URL(database()), Options{Slots: 5})
	defer closed(t, s)
	ctx := context.Background()
	base := s.Begin()
	if err := base.AddBase(baseOf("A")); err != nil {
		t.Fatal(err)
	}
	discarded := parcelOf(t, s, eventsOf(1, "a"), 1)
	discarded.Discard()
	late := eventsOf(1, "a")
	late[0].Start = latest + 1
	tests := map[string]error{}
	_, tests["a base as events"] = s.Put(ctx, toldOf("a", base))
	_, tests["events as a base"] = s.Put(ctx, store.Told{Head: store.Head{Stream: store.Stream{Kind: store.Base}}, Parcel: parcelOf(t, s, eventsOf(1, "a"), 1)})
	_, tests["no kind"] = s.Put(ctx, store.Told{})
	_, tests["a parcel that was discarded"] = s.Put(ctx, toldOf("a", discarded))
	tests["a time that cannot be stored"] = s.Begin().Add(batchOf(late))
	tests["rows behind a base"] = base.Add(batchOf(eventsOf(1, "a")))
	tests["a validity that cannot be stored"] = s.Begin().AddBase([]outage.Customers{{ValidFrom: latest + 1}})
	for name, err := range tests {
		if err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	ended, end := context.WithCancel(ctx)
	end()
	if _, err := s.Put(ended, toldOf("a", parcelOf(t, s, eventsOf(1, "a"), 1))); !errors.Is(err, context.Canceled) {
		t.Errorf("put once the context has ended: %v", err)
	}
	if s.Last() != 0 {
		t.Errorf("the last sequence is %d, want 0", s.Last())
	}
}

// What another process stored counts at once where its sequence is asked for,
// whether or not this one has read of it; a sequence that nobody was told is an
// error, and not what there is so far.
func TestAskedAhead(t *testing.T) {
	t.Parallel()
	url := shared(t).URL(database())
	one, other := opened(t, url, Options{Now: clock()}), opened(t, url, Options{Now: clock()})
	for n := range 5 {
		last := put(t, one, head(fmt.Sprint("sha", n)), eventsOf(3, fmt.Sprint("E", n))).Last
		if got := readAll(t, other, last-3, last); len(got) != 1 || len(got[0].Rows) != 3 {
			t.Errorf("delivery %d: the other process reads %+v, want three rows of it", n+1, got)
		}
		if sums, err := other.Streams(t.Context(), 0, last); err != nil || len(sums) != 1 || sums[0].Stored != last {
			t.Errorf("delivery %d: streams %+v, %v; want one of %d rows", n+1, sums, err, last)
		}
		if _, err := other.Changed(t.Context(), 0, last+1, 0); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("sequence %d: the store has the sequences 1 to %d", last+1, last)) {
			t.Errorf("behind the last sequence: %v", err)
		}
	}
}
