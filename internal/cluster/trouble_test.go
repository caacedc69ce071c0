package cluster

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	native "github.com/ClickHouse/clickhouse-go/v2"

	"github.com/saidi-exporter/saidi/internal/testcluster"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// loseHalf empties tables on the second shard of a history.
func loseHalf(t *testing.T, h *history, tables ...string) {
	t.Helper()
	conn, err := native.Open(&native.Options{Addr: []string{servers.Address(2)}, Auth: native.Auth{Database: h.database, Username: testcluster.User, Password: testcluster.Password}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // it was only asked
	for _, name := range tables {
		if err := conn.Exec(t.Context(), "TRUNCATE TABLE "+name); err != nil {
			t.Fatal(err)
		}
	}
}

// stepUntil lets members step in turn, whatever errors they meet, until all show
// what was told as of now, and gives the errors.
func (h *history) stepUntil(t *testing.T, members ...*Member) (errs []error) {
	t.Helper()
	h.refresh(t)
	for range 20 {
		settled := true
		for _, m := range members {
			if err := m.prepareTables(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := m.step(t.Context()); err != nil {
				errs = append(errs, err)
			}
			a := m.Answer()
			settled = settled && a != nil && a.Known == h.stores[0].Last() && a.AsOf == h.clock.seconds.Load()
		}
		if settled {
			return errs
		}
	}
	t.Fatalf("the members come to no end: %v", errors.Join(errs...))
	return nil
}

// Shares that a shard has lost are made anew, whatever was noted as done.
func TestSharesLost(t *testing.T) {
	t.Parallel()
	for name, tables := range map[string][]string{
		"all":       {"manifest_here", "day_sum_here", "tally_here", "going_here"},
		"manifest":  {"manifest_here"},
		"sums only": {"day_sum_here"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := begun(t, 2)
			h.settle(t, h.members...)
			loseHalf(t, h, tables...)
			h.clock.seconds.Add(31)
			all := append(h.members, h.member(0, "m3"))
			if errs := h.stepUntil(t, all...); !errors.Is(errors.Join(errs...), errLost) {
				t.Errorf("the loss is told as %v", errs)
			}
			h.compare(t, all...)
		})
	}
}

// Where rows are gone there is no answer, and an error that says so.
func TestRowsLost(t *testing.T) {
	t.Parallel()
	h := begun(t, 1)
	loseHalf(t, h, "row_here")
	m := h.members[0]
	h.refresh(t)
	var err error
	for range 6 {
		err = m.step(t.Context())
	}
	if !errors.Is(err, store.ErrCorrupt) || m.Answer() != nil {
		t.Errorf("without half of the rows: %v, answer %v", err, m.Answer())
	}
	asOf := h.clock.seconds.Load()
	c := &Counting{Store: h.stores[0], Policy: h.policy, Engine: lawEngine(h.policy), Snapshot: lawAsk(), AsOf: &asOf}
	if _, err := c.Run(t.Context()); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("counting without half of the rows: %v", err)
	}
}

// A clock that was ahead once does not hold up what is told later.
func TestClockAhead(t *testing.T) {
	t.Parallel()
	h := begun(t, 1)
	h.settle(t, h.members...)
	right := h.clock.seconds.Load()
	h.clock.seconds.Add(3600)
	h.settle(t, h.members...)
	h.clock.seconds.Store(right + 60)
	h.push(t, h.anHour("one more", "f7"))
	all := append(h.members, h.member(0, "m0"))
	h.settle(t, all...)
	h.compare(t, all...)
}

// A moment is never far ahead of the clock of home, whatever a member believes.
func TestMomentAhead(t *testing.T) {
	t.Parallel()
	h := begun(t, 1)
	h.settle(t, h.members...)
	m := h.members[0]
	v := alone(t, m)
	h.clock.seconds.Store(v.clock + 3600)
	if next := m.next(v); next == nil || next.AsOf != v.clock+mostAhead {
		t.Errorf("the next moment is %+v, want one as of %d", next, v.clock+mostAhead)
	}
}

// While the clock of a member stands still, what is told counts nevertheless.
func TestClockStandsStill(t *testing.T) {
	t.Parallel()
	h := begun(t, 1)
	h.settle(t, h.members...)
	h.push(t, h.anHour("one more", "f7"))
	h.refresh(t)
	m := h.members[0]
	v := alone(t, m)
	for _, c := range []struct {
		age  int64
		want bool
	}{{0, false}, {1, true}} {
		v.age = c.age
		next := m.next(v)
		if got := next != nil; got != c.want || got && next.AsOf != v.now.AsOf {
			t.Errorf("%d s after the last moment the next is %+v", c.age, next)
		}
	}
}

// A moment that makes no progress is given up, later each time.
func TestHopeless(t *testing.T) {
	t.Parallel()
	m := &Member{}
	v := &view{now: &clickhouse.Moment{ID: 7}}
	for i, c := range []struct {
		id        uint64
		now       int64
		age       int64
		wantTries int
	}{{7, 0, 0, 0}, {7, 59, 0, 0}, {7, 60, 0, 1}, {8, 60, 0, 1}, {8, 179, 100, 1}, {8, 0, 120, 2}} {
		v.now.ID, v.age = c.id, c.age
		before := m.stalled.tries
		if got := m.hopeless(v, c.now); got != (c.wantTries > before) || m.stalled.tries != c.wantTries {
			t.Errorf("case %d: hopeless %t after %d tries, want %d tries", i, got, m.stalled.tries, c.wantTries)
		}
	}
}

// Two that conduct at one time, of which one writes a moment that knows less and
// works on it, leave out no row.
func TestTwoConductors(t *testing.T) {
	t.Parallel()
	h := begun(t, 2)
	h.settle(t, h.members...)
	a, b := h.members[0], h.members[1]
	slots := owned(owners([]string{"m1", "m2"}, 16), "m2")
	names := []string{}
	for i := range 40 {
		if name := fmt.Sprint("f", i); slices.Contains(slots, h.stores[0].SlotOf(name)) {
			names = append(names, name)
		}
	}
	h.clock.seconds.Add(31)
	h.push(t, h.anHour("x", names[0]))
	h.refresh(t)
	late := b.next(alone(t, b))
	if err := b.fill(t.Context(), alone(t, b), late); err != nil {
		t.Fatal(err)
	}
	h.push(t, h.anHour("y", names[0]))
	bringAll(t, a)
	late.ID = alone(t, a).now.ID | (1<<idBits - 1) // half of the time it is larger
	if err := b.w.store.AddMoment(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	if err := b.bring(t.Context(), late, slots, func() bool { return false }); err != nil {
		t.Fatal(err)
	}
	v := alone(t, a)
	if err := a.bring(t.Context(), v.now, allSlots(h.stores[0]), func() bool { return false }); !errors.Is(err, errBackwards) {
		t.Errorf("a moment that knows less is worked out: %v", err)
	}
	v = alone(t, a)
	if w, err := a.conduct(t.Context(), v); w || err != nil {
		t.Errorf("it is given up at once: %t, %v", w, err)
	}
	h.clock.seconds.Add(61)
	bringAll(t, a)
	v = alone(t, a)
	if err := a.compose(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	h.compare(t, a)
}

// bringAll has a member that sees no others conduct, and bring all slots to the
// newest moment.
func bringAll(t *testing.T, m *Member) {
	t.Helper()
	v := alone(t, m)
	if _, err := m.conduct(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	v = alone(t, m)
	if err := m.bring(t.Context(), v.now, allSlots(m.w.store), func() bool { return false }); err != nil {
		t.Fatal(err)
	}
}

// Members of two versions of the program, or of two policies, count apart.
func TestSetting(t *testing.T) {
	t.Parallel()
	p := lawPolicy(t)
	of := func(program string, worst int) uint64 {
		o := Options{Policy: p, Engine: lawEngine(p), Snapshot: lawAsk()}
		o.Snapshot.Program, o.Snapshot.Worst = program, worst
		return o.setting()
	}
	list := []uint64{of("saidi 1", 3), of("saidi 2", 3), of("saidi 1", 4)}
	slices.Sort(list)
	if len(slices.Compact(list)) != 3 {
		t.Errorf("settings %d, want three", list)
	}
}
