package clickhouse

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/store"
)

// Twins are a store in a folder and one in a cluster that are told the same.
type twins struct {
	url    string
	plain  *store.Store
	remote *Store
	now    time.Time

	rowsAtOnce int // so that few are many
	readAtOnce int64
}

// tell puts one to three deliveries in one call.
func (w *twins) tell(t *rapid.T) {
	w.now = w.now.Add(time.Duration(rapid.Int64Range(-5, 20).Draw(t, "passes")) * 700 * time.Millisecond)
	var plain, remote []store.Told
	for range rapid.IntRange(1, 3).Draw(t, "deliveries") {
		h := drawHead(t)
		a, b := store.Told{Head: h}, store.Told{Head: h}
		if h.Kind == store.Base {
			rows := drawBase(t)
			a.Parcel, b.Parcel = w.plain.Begin(), w.remote.Begin()
			if err := a.Parcel.AddBase(rows); err != nil {
				t.Fatal(err)
			}
			if err := b.Parcel.AddBase(rows); err != nil {
				t.Fatal(err)
			}
		} else if rapid.IntRange(0, 5).Draw(t, "no parcel") > 0 {
			rows := rapid.SliceOfN(rapid.Custom(drawRow), 0, rapid.SampledFrom([]int{0, 2, 6, 12}).Draw(t, "most")).Draw(t, "events")
			few := rapid.IntRange(1, 9).Draw(t, "few")
			a.Parcel, b.Parcel = parcelOf(t, w.plain, rows, few), parcelOf(t, w.remote, rows, few)
		}
		plain, remote = append(plain, a), append(remote, b)
	}
	want, err := w.plain.Put(context.Background(), plain...)
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	got, err := w.remote.Put(context.Background(), remote...)
	if err != nil {
		t.Fatalf("put into the cluster: %v", err)
	}
	if d := diff(want, got); d != "" {
		t.Fatalf("receipts (-want +got):\n%s", d)
	}
}

func (w *twins) withdraw(t *rapid.T) {
	id := rapid.Int64Range(0, w.plain.Stats().Deliveries+1).Draw(t, "delivery")
	want, err := w.plain.Withdraw(context.Background(), id, "me", "why")
	got, failed := w.remote.Withdraw(context.Background(), id, "me", "why")
	if (err == nil) != (failed == nil) || err != nil && err.Error() != failed.Error() {
		t.Fatalf("withdraw %d: %v, want %v", id, failed, err)
	}
	if d := diff(want, got); d != "" {
		t.Fatalf("receipt of withdrawing %d (-want +got):\n%s", id, d)
	}
}

// reopen has another process take over.
func (w *twins) reopen(t *rapid.T) {
	closed(t, w.remote)
	w.open(t)
}

func (w *twins) open(t failer) {
	w.remote = opened(t, w.url, Options{Now: func() time.Time { return w.now }, Slots: 5})
	w.remote.rowsAtOnce, w.remote.readAtOnce, w.remote.stretchRows = w.rowsAtOnce, w.readAtOnce, 2*w.readAtOnce
}

// check compares all that the two say.
func (w *twins) check(t *rapid.T) {
	if got, want := w.remote.Last(), w.plain.Last(); got != want {
		t.Fatalf("last sequence %d, want %d", got, want)
	}
	until := rapid.Int64Range(0, w.plain.Last()).Draw(t, "until")
	after := rapid.Int64Range(0, max(until, 0)).Draw(t, "after")
	for name, ask := range w.questions(after, until) {
		want, err := ask(w.plain)
		got, failed := ask(w.remote)
		if (err == nil) != (failed == nil) || err != nil && err.Error() != failed.Error() {
			t.Fatalf("%s between %d and %d: %v, want %v", name, after, until, failed, err)
		}
		if d := diff(want, got); d != "" {
			t.Fatalf("%s between %d and %d (-want +got):\n%s", name, after, until, d)
		}
	}
	want, got := w.plain.Stats(), w.remote.Stats()
	if want.Deliveries != got.Deliveries || want.Rows != got.Rows || want.Rejected != got.Rejected || want.Last != got.Last {
		t.Fatalf("stats %+v, want %+v", got, want)
	}
	w.checkGroups(t, until)
}

// questions are all that a keeper can be asked.
func (w *twins) questions(after, until int64) map[string]func(store.Keeper) (any, error) {
	ctx := context.Background()
	all := map[string]func(store.Keeper) (any, error){
		"streams":      func(k store.Keeper) (any, error) { return k.Streams(ctx, after, until) },
		"base":         func(k store.Keeper) (any, error) { return k.Base(ctx, until) },
		"withdrawn":    func(k store.Keeper) (any, error) { return k.Withdrawn(ctx, after, until) },
		"base changed": func(k store.Keeper) (any, error) { return k.BaseChanged(ctx, after, until) },
		"deliveries":   func(k store.Keeper) (any, error) { return k.Deliveries(ctx, store.Query{}) },
		"newest": func(k store.Keeper) (any, error) {
			return k.Deliveries(ctx, store.Query{Newest: true, After: 5, Limit: 3})
		},
		"bases": func(k store.Keeper) (any, error) { return k.Deliveries(ctx, store.Query{Kind: store.Base, After: 1}) },
		"of oms": func(k store.Keeper) (any, error) {
			return k.Deliveries(ctx, store.Query{Source: "oms", Newest: true, Limit: 2})
		},
		"delivery": func(k store.Keeper) (any, error) { return k.Delivery(ctx, after) },
		"at":       func(k store.Keeper) (any, error) { return k.At(ctx, w.now.Add(-3*time.Second)) },
		"verified": func(k store.Keeper) (any, error) { return k.Verify(ctx) },
		"rows": func(k store.Keeper) (any, error) {
			var list []given
			err := k.Read(ctx, after, until, func(c *store.Chunk) (err error) {
				parts := make([]Part, len(c.Parts))
				for i, p := range c.Parts {
					parts[i].Part = p
				}
				list, err = gather(list, c.Batch, parts)
				return err
			})
			return list, err
		},
	}
	for _, source := range []string{"scada", "oms", "nobody"} {
		all["position of "+source] = func(k store.Keeper) (any, error) { return k.Position(ctx, source) }
		all["remembered of "+source] = func(k store.Keeper) (any, error) { return k.Remembered(ctx, source) }
	}
	return all
}

// checkGroups compares what is read by groups, in some order and cut into calls
// anyhow, with what is read of all, and what is said to have changed.
func (w *twins) checkGroups(t *rapid.T, until int64) {
	ctx := context.Background()
	p, err := w.remote.placerAt(ctx, until)
	if err != nil {
		t.Fatal(err)
	}
	of := func(r *row) Group { return w.remote.groupOf(p.group(r.Feeder, r.Unit, r.Area)) }
	all := readAll(t, w.plain, 0, until)
	sizes, err := w.remote.Groups(ctx, slots(w.remote), until)
	if err != nil {
		t.Fatal(err)
	}
	var groups []Group
	rows, said := map[Group]int64{}, map[Group]int64{}
	for _, g := range sizes {
		groups, said[g.Group] = append(groups, g.Group), g.Rows
	}
	if !slices.IsSortedFunc(groups, compareGroups) || len(said) != len(groups) {
		t.Fatalf("groups %v", groups)
	}
	for i := range all {
		for k := range all[i].Rows {
			rows[of(&all[i].Rows[k])]++
		}
	}
	for g, n := range rows {
		if said[g] < n {
			t.Fatalf("%d rows of group %v, and groups %v", n, g, sizes)
		}
	}
	w.checkSlots(t, sizes, until)
	for len(groups) > 0 {
		n := rapid.IntRange(1, len(groups)).Draw(t, "groups of a call")
		w.checkRead(t, groups[:n], until, all, of)
		groups = groups[n:]
	}
	w.checkChanged(t, until, of)
}

// checkSlots compares the groups of some slots with those of all.
func (w *twins) checkSlots(t *rapid.T, sizes []GroupSize, until int64) {
	some := rapid.SliceOfDistinct(rapid.IntRange(0, w.remote.Slots()-1), rapid.ID[int]).Draw(t, "some slots")
	var want []GroupSize
	for _, g := range sizes {
		if slices.Contains(some, g.Slot) {
			want = append(want, g)
		}
	}
	got, err := w.remote.Groups(context.Background(), some, until)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(want, got); d != "" {
		t.Fatalf("groups of the slots %v as known at %d (-want +got):\n%s", some, until, d)
	}
}

func slots(s *Store) []int {
	list := make([]int, s.Slots())
	for i := range list {
		list[i] = i
	}
	return list
}

// checkRead compares what is read of some groups with the rows of all that it has
// to be.
func (w *twins) checkRead(t *rapid.T, groups []Group, until int64, all []given, of func(*row) Group) {
	type key struct{ source, id string }
	events := map[key]bool{}
	for i := range all {
		for k := range all[i].Rows {
			if r := &all[i].Rows[k]; slices.Contains(groups, of(r)) {
				events[key{r.Source, r.ID}] = true
			}
		}
	}
	var want []given
	for i := range all {
		native, foreign := all[i], all[i]
		native.Rows, foreign.Rows, foreign.Foreign = nil, nil, true
		for k := range all[i].Rows {
			switch r := &all[i].Rows[k]; {
			case slices.Contains(groups, of(r)):
				native.Rows = append(native.Rows, *r)
			case events[key{r.Source, r.ID}] && (r.Revision != 0 || r.Cancelled):
				foreign.Rows = append(foreign.Rows, *r)
			}
		}
		for _, g := range []given{native, foreign} {
			if len(g.Rows) > 0 {
				want = append(want, g)
			}
		}
	}
	var got []given
	err := w.remote.ReadGroups(context.Background(), groups, until, func(c *Chunk) (err error) {
		got, err = gather(got, c.Batch, c.Parts)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(want, got); d != "" {
		t.Fatalf("groups %v as known at %d (-want +got):\n%s", groups, until, d)
	}
}

// checkChanged compares the groups that changed behind a sequence.
func (w *twins) checkChanged(t *rapid.T, until int64, of func(*row) Group) {
	after := rapid.Int64Range(0, max(until, 0)).Draw(t, "changed behind")
	type key struct{ source, id string }
	want, revised := map[Group]bool{}, map[key]bool{}
	for _, g := range readAll(t, w.plain, after, until) {
		if first := w.firstOf(t, g.Delivery); first <= after {
			continue // a delivery counts from its last sequence on, as a whole
		}
		for k := range g.Rows {
			r := &g.Rows[k]
			want[of(r)] = true
			if r.Revision != 0 || r.Cancelled {
				revised[key{r.Source, r.ID}] = true
			}
		}
	}
	for _, g := range readAll(t, w.plain, 0, until) {
		for k := range g.Rows {
			if r := &g.Rows[k]; revised[key{r.Source, r.ID}] {
				want[of(r)] = true
			}
		}
	}
	got, err := w.remote.Changed(context.Background(), after, until, until)
	if err != nil {
		t.Fatal(err)
	}
	for g := range want {
		if !slices.Contains(got, g) {
			t.Fatalf("changed behind %d up to %d: %v; %v is missing", after, until, got, g)
		}
	}
	if !slices.IsSortedFunc(got, compareGroups) || len(slices.Compact(slices.Clone(got))) != len(got) {
		t.Fatalf("changed: %v", got)
	}
}

func (w *twins) firstOf(t *rapid.T, id int64) int64 {
	info, err := w.plain.Delivery(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return info.First
}

// A store in a cluster says just what a store in a folder says that is told the
// same, whoever tells it, and its groups together are all of it.
func TestLawKeeper(t *testing.T) {
	t.Parallel()
	c := shared(t)
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "plain")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		w := &twins{url: c.URL(database()), now: time.Unix(1_700_000_000, 0)}
		w.rowsAtOnce, w.readAtOnce = rapid.SampledFrom([]int{1, 5, 100}).Draw(t, "rows at once"), rapid.SampledFrom([]int64{1, 6, 100}).Draw(t, "read at once")
		if w.plain, err = store.Open(dir, store.Options{Now: func() time.Time { return w.now }}); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = w.plain.Close() }()
		w.open(t)
		defer func() { _ = w.remote.Close() }()
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			rapid.SampledFrom([]func(*rapid.T){w.tell, w.tell, w.tell, w.withdraw, w.reopen}).Draw(t, "step")(t)
		}
		w.check(t)
	})
}
