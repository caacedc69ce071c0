package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/store"
)

// A chronicler tells a store a history, step by step.
type chronicler struct {
	t     *rapid.T
	st    store.Keeper
	clock *Recorded
	now   time.Time
	count int64 // deliveries
	told  []store.Head
}

func newChronicler(t *rapid.T, dir string) *chronicler {
	c := &chronicler{t: t, clock: &Recorded{}, now: time.Unix(1_650_000_000, 123_000).UTC()}
	st, err := store.Open(dir, store.Options{Now: c.clock.Now, SegmentRows: rapid.SampledFrom([]int{0, 0, 0, 8}).Draw(t, "segments of")})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	c.st = st
	return c
}

// some tells something.
func (c *chronicler) some() {
	c.now = c.now.Add(time.Duration(rapid.IntRange(0, 3_000_000).Draw(c.t, "pause")) * time.Microsecond)
	c.clock.set(c.now)
	switch step := rapid.IntRange(0, 9).Draw(c.t, "step"); {
	case step < 5:
		c.events()
	case step == 5:
		c.base()
	case step == 6 && c.count > 0:
		c.withdraw()
	case step == 7 && len(c.told) > 0:
		head := rapid.SampledFrom(c.told).Draw(c.t, "again")
		head.Position = c.position()
		c.put(head, c.rows())
	default:
		c.put(store.Head{Stream: c.stream(), Covers: []outage.Covers{{Period: period.Period{From: c.now.Unix() - 60, To: c.now.Unix()}}}, SHA256: digestOf(fmt.Append(nil, c.now, c.count))}, nil)
	}
}

func (c *chronicler) position() string {
	return rapid.SampledFrom([]string{"", "one", "two", "three"}).Draw(c.t, "position")
}

func (c *chronicler) stream() store.Stream {
	channel := rapid.SampledFrom([]string{store.File, store.Push, store.Postgres}).Draw(c.t, "channel")
	return store.Stream{
		Kind: store.Events, Source: "from " + channel, Channel: channel,
		Name: rapid.SampledFrom([]string{"a.csv", "b.csv", "bad \xff name"}).Draw(c.t, "name"), Live: rapid.Bool().Draw(c.t, "live"),
		Repeated: rapid.SampledFrom([]outage.Repeated{outage.RepeatedReject, outage.RepeatedLatest}).Draw(c.t, "repeated"),
	}
}

// events tells of some rows, some of them in the place of others.
func (c *chronicler) events() {
	rows := c.rows()
	head := store.Head{
		Stream: c.stream(), SHA256: rapid.SampledFrom([]string{"", "aa", "bb", "cc", digestOf(fmt.Append(nil, c.count))}).Draw(c.t, "digest"),
		Rows: rows.Len() + len(rows.Rejected) + 1, Skipped: 1, Position: c.position(), Replace: rapid.Bool().Draw(c.t, "replace"),
		Warnings: rapid.SliceOfN(rapid.SampledFrom([]string{"odd", "very odd"}), 0, 2).Draw(c.t, "warnings"),
	}
	c.put(head, rows)
}

func (c *chronicler) rows() *outage.Batch {
	b := outage.NewBatch(outage.NewDict())
	n := rapid.IntRange(0, 12).Draw(c.t, "rows")
	for i := range n {
		e := outage.Event{
			Row: outage.Row(i + 2), ID: fmt.Sprint("e", rapid.IntRange(0, 30).Draw(c.t, "id")), Feeder: rapid.SampledFrom([]string{"F1", "F2", "", "\xfe"}).Draw(c.t, "feeder"),
			Area: "xining", Start: 1_640_000_000 + int64(i), End: outage.Open, Customers: outage.Missing, Served: outage.Missing, Revision: int64(i % 3),
		}
		if i%2 == 0 {
			e.End, e.Customers, e.CapacityKVA = e.Start+60, 5, 12.5
			e.Steps = []outage.Step{{At: e.Start + 30, Restored: 2}}
		}
		if rapid.IntRange(0, 5).Draw(c.t, "kind") > 0 {
			b.Append(&e)
			continue
		}
		b.Rejected = append(b.Rejected, outage.Rejection{Event: e, Reason: outage.Malformed, Column: "start", Value: "?\xff"})
	}
	return b
}

func (c *chronicler) put(head store.Head, rows *outage.Batch) {
	parcel := c.st.Begin()
	if rows != nil {
		if err := parcel.Add(rows); err != nil {
			c.t.Fatalf("add: %v", err)
		}
	}
	c.deliver(head, parcel)
}

func (c *chronicler) deliver(head store.Head, parcel store.Parcel) {
	receipts, err := c.st.Put(context.Background(), store.Told{Head: head, Parcel: parcel})
	if err != nil {
		c.t.Fatalf("put: %v", err)
	}
	if !receipts[0].Again {
		c.count++
	}
	if head.SHA256 != "" && head.Kind == store.Events {
		c.told = append(c.told, head)
	}
}

func (c *chronicler) base() {
	parcel := c.st.Begin()
	rows := []outage.Customers{{Path: "base.csv", Row: 2, Feeder: "F1", Area: "xining", Class: "rural", Customers: c.now.Unix() % 1000, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo}}
	if err := parcel.AddBase(rows); err != nil {
		c.t.Fatalf("add a base: %v", err)
	}
	c.deliver(store.Head{
		Stream: store.Stream{Kind: store.Base, Source: "base", Channel: store.File, Name: "base"}, SHA256: digestOf(fmt.Append(nil, rows)),
		Rows: 1, Position: c.position(), Replace: true,
	}, parcel)
}

func (c *chronicler) withdraw() {
	id := rapid.Int64Range(1, c.count).Draw(c.t, "withdrawn")
	info, err := c.st.Delivery(context.Background(), id)
	if err != nil {
		c.t.Fatalf("delivery: %v", err)
	}
	if info.Kind == store.Withdrawal {
		return
	}
	receipt, err := c.st.Withdraw(context.Background(), id, "me", "a mistake")
	if err != nil {
		c.t.Fatalf("withdraw: %v", err)
	}
	if !receipt.Again {
		c.count++
	}
}

// errBroken breaks a copy off.
var errBroken = errors.New("broken off")

// A brittle keeper fails after some deliveries.
type brittle struct {
	store.Keeper
	left int
}

// Put fails once enough was put.
func (b *brittle) Put(ctx context.Context, told ...store.Told) ([]store.Receipt, error) {
	if b.left--; b.left < 0 {
		return nil, errBroken
	}
	return b.Keeper.Put(ctx, told...)
}

// TestCopyOfAnyHistory copies random histories, some of them in two goes, and wants
// a copy that goes on where the source did, too.
func TestCopyOfAnyHistory(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "copy")
		if err != nil {
			t.Fatalf("folder: %v", err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // it has served its purpose
		source := newChronicler(t, filepath.Join(dir, "from"))
		defer source.st.Close() //nolint:errcheck // likewise
		clock := &Recorded{}
		to, err := store.Open(filepath.Join(dir, "to"), store.Options{Now: clock.Now})
		if err != nil {
			t.Fatalf("open: %v", err)
		}
		defer to.Close() //nolint:errcheck // likewise
		for range rapid.IntRange(0, 8).Draw(t, "before") {
			source.some()
		}
		first := &Copying{From: source.st, To: &brittle{to, rapid.IntRange(0, 10).Draw(t, "broken after")}, Clock: clock}
		if _, err := first.Run(ctx); err != nil && !errors.Is(err, errBroken) {
			t.Fatalf("copy: %v", err)
		}
		for range rapid.IntRange(0, 4).Draw(t, "between") {
			source.some()
		}
		if _, err := (&Copying{From: source.st, To: to, Clock: clock}).Run(ctx); err != nil {
			t.Fatalf("copy the rest: %v", err)
		}
		equal, err := Equal(ctx, source.st, to, 0)
		if err != nil {
			t.Fatalf("compare: %v", err)
		}
		if len(equal.Different) > 0 {
			t.Fatalf("the copy differs:\n%s", strings.Join(equal.Different, "\n"))
		}
	})
}

// TestEqualSeesEveryDifference tells two stores almost the same.
func TestEqualSeesEveryDifference(t *testing.T) {
	t.Parallel()
	plain := func(c *keeping) {}
	tests := []struct {
		name   string
		change func(*keeping)
		want   string // of what is said; empty: equal
	}{
		{"the same", plain, ""},
		{"another row", func(k *keeping) { k.event.Customers++ }, "delivery 2: its rows differ"},
		{"another step", func(k *keeping) { k.event.Steps = []outage.Step{{At: 5, Restored: 1}} }, "delivery 2: its rows differ"},
		{"another base", func(k *keeping) { k.customers++ }, "delivery 1: its rows differ"},
		{"another time", func(k *keeping) { k.at = k.at.Add(time.Microsecond) }, "delivery 1: what is known of it differs"},
		{"another position", func(k *keeping) { k.again = "later" }, "the positions of files that were told again differ"},
		{"one more", func(k *keeping) { k.more = true }, "the last sequence is 2 there and 3 here"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			one, other := newKeeping(), newKeeping()
			tt.change(other)
			got, err := Equal(context.Background(), one.open(t), other.open(t), 0)
			if err != nil {
				t.Fatal(err)
			}
			if said := strings.Join(got.Different, "\n"); (tt.want == "") != (said == "") || !strings.Contains(said, tt.want) {
				t.Errorf("differences are %q, want %q", said, tt.want)
			}
		})
	}
}

// A keeping is what a small store is told.
type keeping struct {
	at        time.Time
	event     outage.Event
	customers int64
	again     string // position at which the events are told again; empty: they are not
	more      bool
}

func newKeeping() *keeping {
	return &keeping{
		at: time.Unix(1_650_000_000, 0), customers: 10,
		event: outage.Event{Row: 2, ID: "e", Feeder: "F1", Start: 1, End: 2, Customers: 3, Served: outage.Missing},
	}
}

func (k *keeping) open(t *testing.T) store.Keeper {
	t.Helper()
	st, err := store.Open(t.TempDir(), store.Options{Now: func() time.Time { return k.at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	put := func(head store.Head, p store.Parcel) {
		t.Helper()
		if _, err := st.Put(context.Background(), store.Told{Head: head, Parcel: p}); err != nil {
			t.Fatal(err)
		}
	}
	base := st.Begin()
	if err := base.AddBase([]outage.Customers{{Feeder: "F1", Area: "xining", Customers: k.customers, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo}}); err != nil {
		t.Fatal(err)
	}
	put(store.Head{Stream: store.Stream{Kind: store.Base, Source: "base", Channel: store.File, Name: "base"}}, base)
	head := store.Head{Stream: store.Stream{Kind: store.Events, Source: "grid", Channel: store.File, Name: "a.csv"}, SHA256: "aa", Rows: 1, Position: "first"}
	b := outage.NewBatch(outage.NewDict())
	b.Append(&k.event)
	rows := st.Begin()
	if err := rows.Add(b); err != nil {
		t.Fatal(err)
	}
	put(head, rows)
	if head.Position = k.again; k.again != "" {
		put(head, st.Begin())
	}
	if k.more {
		put(store.Head{Stream: head.Stream}, st.Begin())
	}
	return st
}
