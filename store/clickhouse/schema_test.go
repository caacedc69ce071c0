package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/store"
)

// raw opens a database without a store.
func raw(t *testing.T, url string) *cluster {
	t.Helper()
	a, err := parseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c, err := connect(context.Background(), a, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

// A store of format 0, which has some of its tables, is brought to the present
// format, with what it holds.
func TestMigration(t *testing.T) {
	t.Parallel()
	url := shared(t).URL(database())
	c, ctx := raw(t, url), context.Background()
	if _, err := c.version(ctx, false); err != nil {
		t.Fatal(err)
	}
	if err := c.ensure(ctx, toldTables()[:2]); err != nil { // the catalogue and the base
		t.Fatal(err)
	}
	if _, err := Open(ctx, url, Options{ReadOnly: true}); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("opened for reading only: %v, want %v", err, store.ErrReadOnly)
	}
	s := &Store{cluster: c, ledger: newLedger()}
	old := entry{number: 1, pen: 1, what: isDelivery, spec: `{"kind":2,"source":"gis"}`, delivery: delivery{id: 1, ticket: 7, first: 1, last: 1, stored: 1}}
	if err := s.insertEntries(ctx, []entry{old}); err != nil {
		t.Fatal(err)
	}
	if err := s.insertBase(ctx, 7, baseOf("F1")); err != nil {
		t.Fatal(err)
	}
	now := opened(t, url, Options{Slots: 3})
	defer closed(t, now)
	parts, err := now.Base(ctx, 0)
	if err != nil || len(parts) != 1 || len(parts[0].Rows) != 1 || parts[0].Rows[0].Feeder != "F1" {
		t.Errorf("base %+v, %v", parts, err)
	}
	if r := put(t, now, head("a"), eventsOf(3, "a")); r.Delivery != 2 || len(readAll(t, now, 0, 0)) != 1 {
		t.Errorf("receipt %+v, want delivery 2", r)
	}
	if v, err := c.version(ctx, true); err != nil || v != formatVersion {
		t.Errorf("format %d, %v; want %d", v, err, formatVersion)
	}
}

// A store of a newer program is left alone.
func TestNewer(t *testing.T) {
	t.Parallel()
	url := shared(t).URL(database())
	closed(t, opened(t, url, Options{}))
	err := raw(t, url).home.insert(context.Background(), formatTable, []string{"version"}, func(b driver.Batch) error { return b.Append(uint32(formatVersion + 1)) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), url, Options{Now: clock()}); !errors.Is(err, store.ErrNewer) {
		t.Errorf("%v, want %v", err, store.ErrNewer)
	}
}

// What cannot be opened says what to do.
func TestOpenWrong(t *testing.T) {
	t.Parallel()
	c := shared(t)
	made := database()
	closed(t, opened(t, c.URL(made), Options{}))
	tests := []struct {
		name, url string
		options   Options
		want      string
	}{
		{"nothing there", c.URL(database()), Options{ReadOnly: true}, "open it for writing first"},
		{"no clock", c.URL(made), Options{}, "needs a clock"},
		{"too many slots", c.URL(made), Options{Now: clock(), Slots: 1 << 17}, "131072 slots"},
		{"another number of shards", c.ShardURL(1, made), Options{Now: clock()}, "made on 2 shards and the cluster has 1"},
		{"unknown cluster", strings.Replace(c.URL(made), "cluster=saidi", "cluster=other", 1), Options{Now: clock()}, `knows no cluster "other"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Open(context.Background(), tt.url, tt.options)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// The number of slots is that of the making, and groups are spread over all of
// them but the first.
func TestSlots(t *testing.T) {
	t.Parallel()
	url := shared(t).URL(database())
	closed(t, opened(t, url, Options{Slots: 11}))
	s := opened(t, url, Options{Slots: 99})
	defer closed(t, s)
	if s.Slots() != 11 || s.SlotOf("") != 0 {
		t.Errorf("%d slots, and slot %d of no feeder; want 11 and 0", s.Slots(), s.SlotOf(""))
	}
	times := make([]int, s.Slots())
	for i := range 1000 {
		times[s.SlotOf(fmt.Sprintf("F-%d", i))]++
	}
	for slot, n := range times {
		if slot == 0 && n > 0 || slot > 0 && (n < 60 || n > 140) {
			t.Errorf("%d of 1000 groups in slot %d", n, slot)
		}
	}
}

// Several processes may make a store at one time; it is one.
func TestMadeTogether(t *testing.T) {
	t.Parallel()
	url := shared(t).URL(database())
	stores := make([]*Store, 4)
	errs := make([]error, len(stores))
	var wg sync.WaitGroup
	for i := range stores {
		wg.Go(func() { stores[i], errs[i] = Open(context.Background(), url, Options{Now: clock(), Slots: 5 + i}) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	digests := map[string]bool{}
	for i, s := range stores {
		digest := fmt.Sprint(i)
		digests[digest] = true
		put(t, s, head(digest), eventsOf(9, digest))
		if s.Slots() != stores[0].Slots() {
			t.Errorf("%d slots, and %d", s.Slots(), stores[0].Slots())
		}
	}
	for _, s := range stores {
		checkDense(t, s, digests)
		closed(t, s)
	}
}
