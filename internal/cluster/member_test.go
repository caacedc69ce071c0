package cluster

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/internal/testcluster"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// manyFeeders tells of so many feeders of 100 customers each, f0, f1, …
func (h *history) manyFeeders(t testing.TB, n int) {
	t.Helper()
	head := store.Head{Stream: store.Stream{Kind: store.Base, Channel: store.File, Name: "base"}, SHA256: fmt.Sprintf("%064x", h.told)}
	h.tell(t, 0, head, func(p store.Parcel) error {
		var rows []outage.Customers
		for i := range n {
			rows = append(rows, outage.Customers{Feeder: fmt.Sprint("f", i), Area: "a", Class: "rural", Customers: 100, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo})
		}
		return p.AddBase(rows)
	})
}

// anHour is an outage of 10 customers for an hour before the clock.
func (h *history) anHour(id, feeder string) outage.Event {
	start := h.clock.seconds.Load() - 7200
	return outage.Event{ID: id, Feeder: feeder, Start: start, End: start + 3600, Customers: 10, Served: outage.Missing, Nature: outage.FaultInternal}
}

// push tells of some outages.
func (h *history) push(t failer, rows ...outage.Event) {
	t.Helper()
	head := store.Head{Stream: store.Stream{Kind: store.Events, Source: "oms", Channel: store.Push, Name: "rows"}, SHA256: fmt.Sprintf("%064x", h.told), Rows: len(rows)}
	h.tell(t, 0, head, func(p store.Parcel) error { return p.Add(batchOf(rows)) })
}

func batchOf(rows []outage.Event) *outage.Batch {
	b := outage.NewBatch(outage.NewDict())
	for i := range rows {
		rows[i].Row = outage.Row(i)
		b.Append(&rows[i])
	}
	return b
}

// onEach are outages of one feeder each.
func (h *history) onEach(n int) (rows []outage.Event) {
	for i := range n {
		rows = append(rows, h.anHour(fmt.Sprint("e", i), fmt.Sprint("f", i)))
	}
	return rows
}

// begun is a history of 40 feeders with an outage each.
func begun(t *testing.T, members int) *history {
	t.Helper()
	h := newHistory(t, filepath.Join(t.TempDir(), "store"), members)
	t.Cleanup(h.close)
	h.manyFeeders(t, 40)
	h.push(t, h.onEach(40)...)
	h.clock.seconds.Add(31)
	return h
}

func worked(members ...*Member) (groups int64) {
	for _, m := range members {
		groups += m.Status().Groups
	}
	return groups
}

// One more row has one group worked out, by the member that owns it; time that
// passes none.
func TestOneRow(t *testing.T) {
	t.Parallel()
	h := begun(t, 2)
	h.settle(t, h.members...)
	if got := worked(h.members...); got != 40 {
		t.Errorf("at first %d groups are worked out, want 40", got)
	}
	if a, b := worked(h.members[0]), worked(h.members[1]); a == 0 || b == 0 {
		t.Errorf("the members work out %d and %d groups, want some each", a, b)
	}
	h.push(t, h.anHour("one more", "f7"))
	h.clock.seconds.Add(1)
	h.settle(t, h.members...)
	if got := worked(h.members...); got != 41 {
		t.Errorf("%d groups are worked out after one more row, want 41", got)
	}
	h.clock.seconds.Add(40)
	h.settle(t, h.members...)
	if got := worked(h.members...); got != 41 {
		t.Errorf("%d groups are worked out after some time, want 41", got)
	}
	h.compare(t, h.members...)
}

// Members that both believe that they own everything, and that they conduct, do no
// harm.
func TestSkewedViews(t *testing.T) {
	t.Parallel()
	h := begun(t, 2)
	h.refresh(t)
	for range 2 {
		var views []*view
		for _, m := range h.members {
			views = append(views, alone(t, m))
		}
		for i, m := range h.members {
			if _, err := m.conduct(t.Context(), views[i]); err != nil {
				t.Fatal(err)
			}
			views[i] = alone(t, m)
		}
		for _, i := range []int{1, 0} {
			if err := h.members[i].bring(t.Context(), views[i].now, allSlots(h.stores[i]), func() bool { return false }); err != nil && !errors.Is(err, errBackwards) {
				t.Fatal(err)
			}
		}
		h.push(t, h.anHour("more", "f3"))
		h.refresh(t)
		h.clock.seconds.Add(31)
	}
	h.settle(t, h.members...)
	h.compare(t, h.members...)
}

// alone is what a member sees that sees no others.
func alone(t *testing.T, m *Member) *view {
	t.Helper()
	if err := m.prepareTables(t.Context()); err != nil {
		t.Fatal(err)
	}
	v, err := m.look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v.members, v.owners = []string{m.o.ID}, owners([]string{m.o.ID}, 16)
	return v
}

// The slots of a member that dies half-way go to the other, which works out only
// what was not done; one that comes back gets its own again.
func TestMemberDies(t *testing.T) {
	t.Parallel()
	h := begun(t, 2)
	for _, m := range h.members {
		m.o.DeadAfter = time.Second
	}
	h.refresh(t)
	dying, heir := h.members[0], h.members[1]
	if err := heir.prepareTables(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := dying.prepareTables(t.Context()); err != nil {
		t.Fatal(err)
	}
	v, err := dying.look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dying.conduct(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	if v, err = dying.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := dying.bring(t.Context(), v.now, owned(v.owners, dying.o.ID), func() bool { return true }); err != nil { // one batch
		t.Fatal(err)
	}
	time.Sleep(2500 * time.Millisecond) // the servers' clock says who is dead
	h.settle(t, heir)
	if d, g := worked(dying), worked(heir); d == 0 || d+g != 40 {
		t.Errorf("%d groups were worked out before the death and %d after it, want 40 in all", d, g)
	}
	h.compare(t, heir)
	for _, m := range h.members {
		m.o.DeadAfter = time.Hour
	}
	h.members[0] = h.member(0, dying.o.ID)
	h.clock.seconds.Add(31)
	h.settle(t, h.members...)
	h.compare(t, h.members...)
	if s := h.members[0].Status(); len(s.Members) != 2 || s.Slots == 0 || s.Slots == 16 || s.Groups != 0 {
		t.Errorf("after its return: %+v, want some slots and no work", s)
	}
}

// Members that run and one that leaves: the other goes on alone.
func TestRun(t *testing.T) {
	t.Parallel()
	h := begun(t, 2)
	h.refresh(t)
	ctx, cancel := context.WithCancel(t.Context())
	leaving, leave := context.WithCancel(ctx)
	ended := make(chan error, 2)
	go func() { ended <- h.members[0].Run(leaving) }()
	go func() { ended <- h.members[1].Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the member ends with %v", err)
		}
	})
	for _, m := range h.members {
		await(t, h, m)
	}
	leave()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the member ends with %v", err)
	}
	h.push(t, h.anHour("one more", "f7"))
	h.refresh(t)
	h.clock.seconds.Add(31)
	for a := h.members[1].Answer(); a.Known != h.stores[0].Last() || a.AsOf != h.clock.seconds.Load(); a = h.members[1].Answer() {
		await(t, h, h.members[1])
	}
	h.compare(t, h.members[1])
	if s := h.members[1].Status(); s.Slots != 16 || s.Err != nil {
		t.Errorf("%+v, want all slots", s)
	}
}

// await waits for an answer.
func await(t *testing.T, h *history, m *Member) {
	t.Helper()
	select {
	case <-m.Answers():
	case <-time.After(time.Minute):
		for _, m := range h.members {
			t.Logf("%+v", m.Status())
		}
		t.Fatal("no answer within a minute")
	}
}

// While a shard is gone the last answer stays and an error names the shard; once
// it is back the work goes on.
func TestShardGone(t *testing.T) {
	t.Parallel()
	servers := testcluster.Start(t, 2)
	h := &history{clock: clockAt(lawFrom), policy: lawPolicy(t)}
	var err error
	if h.embedded, err = store.Open(filepath.Join(t.TempDir(), "store"), store.Options{Now: h.clock.now}); err != nil {
		t.Fatal(err)
	}
	h.stores = []*clickhouse.Store{opened(t, servers.URL("gone")+"&timeout=2s", "m1", h.clock)}
	h.members = []*Member{h.member(0, "m1")}
	t.Cleanup(h.close)
	h.manyFeeders(t, 40)
	h.push(t, h.onEach(40)...)
	h.clock.seconds.Add(31)
	h.settle(t, h.members...)
	before := h.members[0].Answer()
	h.push(t, h.onEach(40)...)
	h.refresh(t)
	h.clock.seconds.Add(31)
	servers.Kill(2)
	err = h.members[0].step(t.Context())
	gone, ok := errors.AsType[*clickhouse.ShardError](err)
	if !ok || gone.Shard != 2 || !strings.Contains(err.Error(), servers.Address(2)) {
		t.Errorf("without shard 2: %v, want an error that names it", err)
	}
	if h.members[0].Answer() != before {
		t.Error("the last answer is gone")
	}
	if err := servers.Restart(2); err != nil {
		t.Fatal(err)
	}
	h.settle(t, h.members...)
	h.compare(t, h.members...)
}

// Shares that were replaced are removed, and answers stay as they are.
func TestSweep(t *testing.T) {
	t.Parallel()
	h := begun(t, 1)
	h.settle(t, h.members...)
	for i := range 6 {
		rows := h.onEach(40)
		for k := range rows {
			rows[k].ID = fmt.Sprintf("e%d/%d", k, i)
		}
		h.push(t, rows...)
		h.clock.seconds.Add(1)
		h.settle(t, h.members...)
	}
	m := h.members[0]
	shares := func() (n int) {
		t.Helper()
		counts, err := h.stores[0].ShareCounts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return int(counts)
	}
	if got := shares(); got != 7*40 {
		t.Fatalf("%d shares before, want %d", got, 7*40)
	}
	time.Sleep(1500 * time.Millisecond) // by the clock of the servers
	if err := h.stores[0].Sweep(t.Context(), m.setting, clickhouse.Sweeping{Replaced: time.Second, Eras: time.Hour, Few: 10}); err != nil {
		t.Fatal(err)
	}
	if got := shares(); got > 2*40 {
		t.Errorf("%d shares are left, want those of the last moments", got)
	}
	h.push(t, h.anHour("one more", "f7"))
	h.clock.seconds.Add(31)
	fresh := h.member(0, "m2")
	h.settle(t, m, fresh)
	h.compare(t, m, fresh)
}

// A delivery whose numbers cannot be added up is left out and named; all else
// counts.
func TestRefused(t *testing.T) {
	t.Parallel()
	h := begun(t, 2)
	h.settle(t, h.members...)
	var rows []outage.Event
	for i := range 6 {
		e := h.anHour(fmt.Sprint("huge", i), "strange")
		e.Area, e.Start, e.End, e.Customers = "a", lawFrom-10*365*86400, lawFrom, outage.MaxCustomers
		rows = append(rows, e)
	}
	head := store.Head{Stream: store.Stream{Kind: store.Events, Source: "oms", Channel: store.Push, Name: "rows"}, Rows: len(rows)}
	r := put(t, h.stores[0], head, func(p store.Parcel) error { return p.Add(batchOf(rows)) })
	h.clock.seconds.Add(31)
	h.settle(t, h.members...)
	for _, m := range h.members {
		a := m.Answer()
		if len(a.Refused) != 1 || a.Refused[r.Delivery] == nil {
			t.Errorf("%s refuses %v, want delivery %d", m.o.ID, a.Refused, r.Delivery)
		}
		if first, ok := a.Engine.FirstStart(); !ok || first < lawFrom-7200 {
			t.Errorf("%s counts from %d", m.o.ID, first)
		}
	}
	asOf := h.clock.seconds.Load()
	c := &Counting{Store: h.stores[0], Policy: h.policy, Engine: lawEngine(h.policy), Snapshot: lawAsk(), AsOf: &asOf}
	a, err := c.Run(t.Context())
	if err != nil || a.Refused[r.Delivery] == nil {
		t.Errorf("counting refuses %v, %v", a, err)
	}
}

// Where no instant is asked for, a counting takes that of the rows that count,
// though others start later.
func TestDefaultAsOf(t *testing.T) {
	t.Parallel()
	h := begun(t, 1)
	late := h.anHour("late", "f1")
	late.Start, late.End, late.Revision = lawFrom+2*86400, lawFrom+2*86400+60, 1
	withdrawn := late
	withdrawn.Cancelled, withdrawn.Revision = true, 2
	h.push(t, late)
	h.push(t, withdrawn)
	h.refresh(t)
	latest := lawFrom + 30*86400
	c := &Counting{Store: h.stores[0], Policy: h.policy, Engine: lawEngine(h.policy), Snapshot: lawAsk(), Latest: latest}
	a, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e, _ := ordinary(t, h.embedded, h.policy, lawFrom)
	want, _ := e.DefaultAsOf(h.policy.YearStart, latest)
	if a.AsOf != want || a.Engine.AsOf() != want {
		t.Errorf("as of %d, want %d", a.AsOf, want)
	}
}

// Questions about rows have an engine of the groups that they are about.
func TestScoped(t *testing.T) {
	t.Parallel()
	h := begun(t, 1)
	m, known, asOf := h.members[0], h.stores[0].Last(), h.clock.seconds.Load()
	groups := []clickhouse.Group{{Slot: h.stores[0].SlotOf("f3"), Name: "f3"}, {Slot: h.stores[0].SlotOf("f9"), Name: "f9"}}
	e, err := m.Scoped(t.Context(), groups, known, asOf, 2)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"f3", "f9"}, e.GroupNames()); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	_, err = m.Scoped(t.Context(), groups, known, asOf, 1)
	if many, ok := errors.AsType[*TooManyError](err); !ok || many.Rows != 2 {
		t.Errorf("more rows than may be read: %v", err)
	}
}

// Shares that will be asked for a day later are made ahead, and used then.
func TestAhead(t *testing.T) {
	t.Parallel()
	h := begun(t, 1)
	m := h.members[0]
	h.settle(t, m)
	first := m.Answer().Moment.Era
	seen, recounted := map[uint64]bool{first: true}, false
	for range 40 {
		h.clock.seconds.Add(6 * 3600)
		before := m.Status().Groups
		h.settle(t, m)
		h.compare(t, m)
		if era := m.Answer().Moment.Era; !seen[era] {
			seen[era] = true
			recounted = recounted || m.Status().Groups > before
		}
		if err := m.step(t.Context()); err != nil { // what is left to do ahead of time
			t.Fatal(err)
		}
	}
	if len(seen) < 3 || recounted {
		t.Errorf("%d eras in ten days, counted while somebody waits: %t", len(seen), recounted)
	}
}

// One member more or less moves its own slots only.
func TestOwners(t *testing.T) {
	t.Parallel()
	two, three := owners([]string{"a", "b"}, 256), owners([]string{"a", "b", "c"}, 256)
	for slot := range two {
		if two[slot] != three[slot] && three[slot] != "c" {
			t.Errorf("slot %d goes from %s to %s", slot, two[slot], three[slot])
		}
	}
	for _, id := range []string{"a", "b", "c"} {
		if n := len(owned(three, id)); n < 60 || n > 110 {
			t.Errorf("%s has %d of 256 slots", id, n)
		}
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()
	size := func(slot int, name string, rows int64) clickhouse.GroupSize {
		return clickhouse.GroupSize{Group: clickhouse.Group{Slot: slot, Name: name}, Rows: rows}
	}
	groups := []clickhouse.GroupSize{size(2, "c", 5), size(1, "b", 4), size(1, "a", 4), size(3, "d", 90), size(4, "e", 1)}
	var got []string
	for _, b := range batches(groups, 10) {
		var names []string
		for _, g := range b {
			names = append(names, g.Name)
		}
		got = append(got, strings.Join(names, " "))
	}
	if want := []string{"a b", "c", "d", "e"}; !slices.Equal(got, want) {
		t.Errorf("batches %q, want %q", got, want)
	}
}
