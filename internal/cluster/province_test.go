package cluster

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/simulate"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store"
)

// madeUp tells both stores of a made-up province: who is served, its outages, and
// what corrects them.
func (h *history) madeUp(t testing.TB, size float64) (rows int) {
	t.Helper()
	o := simulate.DefaultOptions()
	o.First, o.Last, o.Scale, o.Units = 2021, 2022, size, true
	made, err := simulate.New(o)
	if err != nil {
		t.Fatal(err)
	}
	base := slices.Collect(made.Customers())
	head := store.Head{Stream: store.Stream{Kind: store.Base, Channel: store.File, Name: "base"}, SHA256: fmt.Sprintf("%064x", 1)}
	h.tell(t, 0, head, func(p store.Parcel) error { return p.AddBase(base) })
	for _, d := range []simulate.Delivery{simulate.First, simulate.Late} {
		n := 0
		for range made.Records(d) {
			n++
		}
		head := store.Head{Stream: store.Stream{Kind: store.Events, Channel: store.File, Name: fmt.Sprint("events-", d)}, SHA256: fmt.Sprintf("%064x", 2+d), Rows: n, Covers: made.Covers()}
		h.tell(t, 0, head, func(p store.Parcel) error { return addRecords(p, made, d) })
		rows += n
	}
	return rows
}

func addRecords(p store.Parcel, made *simulate.Province, d simulate.Delivery) error {
	b := outage.NewBatch(outage.NewDict())
	ordinal := outage.Row(0)
	for r := range made.Records(d) {
		row := r.Event
		row.Row = ordinal
		ordinal++
		if row.End != outage.Open && row.End < row.Start {
			b.Rejected = append(b.Rejected, outage.Rejection{Event: row, Column: "end", Reason: outage.EndBeforeStart})
		} else {
			b.Append(&row)
		}
		if b.Len()+len(b.Rejected) == 8192 {
			if err := p.Add(b); err != nil {
				return err
			}
			b.Reset()
		}
	}
	return p.Add(b)
}

// A million rows add up to the same by one process alone, by one member and by
// two as by one engine with all rows; and one more row works out one group.
func TestProvince(t *testing.T) {
	t.Parallel()
	size := lawSize
	if testing.Short() {
		size = 0.02
	}
	h := newHistory(t, filepath.Join(t.TempDir(), "store"), 2)
	defer h.close()
	h.policy = policy.Qinghai()
	h.clock.seconds.Store(time.Date(2022, 9, 1, 3, 0, 0, 0, time.UTC).Unix())
	began := time.Now()
	rows := h.madeUp(t, size)
	t.Logf("%d rows were told in %v", rows, time.Since(began))
	want := h.want(t, lawAsk())
	h.countsTheSame(t, want, rows)
	for n := 1; n <= 2; n++ {
		h.members = nil
		for i := range n {
			h.members = append(h.members, h.large(i, n))
		}
		began := time.Now()
		h.together(t, h.members...)
		t.Logf("%d members: %v", n, time.Since(began))
		for _, m := range h.members {
			if diff := cmp.Diff(want, h.of(m.Answer(), lawAsk()), cmp.AllowUnexported(outage.Note{})); diff != "" {
				t.Fatalf("%s (-all rows +shares):\n%s", m.o.ID, diff)
			}
			t.Logf("%s: %+v", m.o.ID, m.Status())
		}
	}
	h.oneRow(t)
}

// large makes a member with batches as they are by default. Members that list
// another number of what is worst work for themselves.
func (h *history) large(store, worst int) *Member {
	o := h.member(store, fmt.Sprint("m", store+1)).o
	o.BatchRows, o.Policy, o.Engine, o.Snapshot.Worst = 0, h.policy, lawEngine(h.policy), worst
	return New(o)
}

// together lets members settle, each in a goroutine.
func (h *history) together(t testing.TB, members ...*Member) {
	t.Helper()
	h.refresh(t)
	for _, m := range members {
		if err := m.prepareTables(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	errs := make([]error, len(members))
	for i, m := range members {
		wg.Go(func() {
			for range 2000 {
				if errs[i] = m.step(context.Background()); errs[i] != nil {
					return
				}
				if a := m.Answer(); a != nil && a.Known == h.stores[0].Last() && a.AsOf == h.clock.seconds.Load() {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
			errs[i] = fmt.Errorf("%s comes to no end", m.o.ID)
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (h *history) countsTheSame(t testing.TB, want *snapshot.Snapshot, rows int) {
	t.Helper()
	asOf := h.clock.seconds.Load()
	before := heap()
	peak := before
	began := time.Now()
	c := &Counting{Store: h.stores[0], Policy: h.policy, Engine: lawEngine(h.policy), Snapshot: lawAsk(), AsOf: &asOf, Progress: func(_, _ int64) { peak = max(peak, heap()) }}
	a, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	t.Logf("counted %d rows in %v, %.0f rows/s, heap %d → %d MB", rows, took, float64(rows)/took.Seconds(), before>>20, peak>>20)
	if diff := cmp.Diff(want, h.of(a, lawAsk()), cmp.AllowUnexported(outage.Note{})); diff != "" {
		t.Fatalf("counting (-all rows +shares):\n%s", diff)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// oneRow tells one more row.
func (h *history) oneRow(t testing.TB) {
	t.Helper()
	h.clock.seconds.Add(30)
	h.together(t, h.members...) // what begins or ends meanwhile
	before := worked(h.members...)
	feeders := h.members[0].Answer().Engine.Base().Feeders()
	feeder := feeders[slices.IndexFunc(feeders, func(f reliability.Feeder) bool { return f.Name != "" })].Name
	h.push(t, outage.Event{ID: "one more", Feeder: feeder, Start: h.clock.seconds.Load() - 60, End: h.clock.seconds.Load() - 30, Customers: 1, Served: outage.Missing})
	h.clock.seconds.Add(1)
	began := time.Now()
	h.together(t, h.members...)
	t.Logf("one more row: %v; sums %d, tallies %d", time.Since(began), len(h.members[0].composer.days), len(h.members[0].composer.entries))
	if got := worked(h.members...) - before; got != 1 {
		t.Errorf("one more row has %d groups worked out, want 1", got)
	}
	want := h.want(t, lawAsk())
	for _, m := range h.members {
		if diff := cmp.Diff(want, h.of(m.Answer(), lawAsk()), cmp.AllowUnexported(outage.Note{})); diff != "" {
			t.Fatalf("%s (-all rows +shares):\n%s", m.o.ID, diff)
		}
	}
}
