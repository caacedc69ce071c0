package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
)

// A world is a store beside a plain account of what it was told.
type world struct {
	dir     string
	store   *Store
	segment int
	list    []account // by delivery, from 1
}

type account struct {
	head  Head
	rows  []row
	base  []outage.Customers
	first int64
	last  int64
	at    int64 // seconds
	by    int64 // the delivery that withdrew it
}

// kept is the number of rows.
func (a *account) kept() int64 { return int64(len(a.rows) + len(a.base)) }

// known are the deliveries that count as known at a sequence.
func (w *world) known(until int64) (ids []int64) {
	cut := w.cut(until)
	for id := int64(1); id <= cut; id++ {
		if by := w.list[id-1].by; by == 0 || by > cut {
			ids = append(ids, id)
		}
	}
	return ids
}

func (w *world) cut(until int64) (cut int64) {
	for i := range w.list {
		if until == 0 || w.list[i].last <= until {
			cut = int64(i) + 1
		}
	}
	return cut
}

func (w *world) last() int64 {
	if len(w.list) == 0 {
		return 0
	}
	return w.list[len(w.list)-1].last
}

// want are the rows that Read has to give.
func (w *world) want(after, until int64) (list []told) {
	for _, id := range w.known(until) {
		a := &w.list[id-1]
		rows := ordered(a.rows)
		if a.first <= after {
			rows = rows[min(after-a.first+1, int64(len(rows))):]
		}
		if len(rows) > 0 && a.last > after {
			list = append(list, told{Delivery: id, Received: a.at, Rows: rows})
		}
	}
	return list
}

// told drops what the account does not know.
func withoutStreams(list []told) []told {
	for i := range list {
		list[i].Stream = 0
	}
	return list
}

// matches finds the delivery in force that is the same told again.
func (w *world) matches(h *Head) int64 {
	for _, id := range w.known(0) {
		o := &w.list[id-1].head
		if h.SHA256 != "" && o.Kind == h.Kind && o.Source == h.Source && o.Channel == h.Channel && o.SHA256 == h.SHA256 && o.Mapping == h.Mapping &&
			(h.Channel != File || o.Name == h.Name) && diff(o.Covers, h.Covers) == "" {
			return id
		}
	}
	return 0
}

func (w *world) replaced(h *Head) (ids []int64) {
	for _, id := range w.known(0) {
		o := &w.list[id-1].head
		if h.Replace && o.Kind == h.Kind && o.Source == h.Source && o.Channel == h.Channel && o.Name == h.Name {
			ids = append(ids, id)
		}
	}
	return ids
}

// take books a receipt.
func (w *world) take(t failer, h Head, rows []row, base []outage.Customers, r Receipt) {
	t.Helper()
	match, replaced := w.matches(&h), w.replaced(&h)
	if again := match > 0 && (len(replaced) == 0 || len(replaced) == 1 && replaced[0] == match); again != r.Again || again && r.Delivery != match {
		t.Fatalf("receipt %+v of a delivery that is delivery %d again: %v", r, match, again)
	}
	if r.Again {
		return
	}
	a := account{head: h, rows: rows, base: base, first: r.First, last: r.Last, at: r.Received.Unix()}
	w.book(t, a, r)
	for _, id := range replaced {
		w.list[id-1].by = r.Delivery
	}
}

func (w *world) book(t failer, a account, r Receipt) {
	t.Helper()
	if r.Delivery != int64(len(w.list))+1 || r.First != w.last()+1 || r.Last != r.First+max(1, a.kept())-1 {
		t.Fatalf("receipt %+v of %d rows behind delivery %d and sequence %d", r, a.kept(), len(w.list), w.last())
	}
	if n := len(w.list); n > 0 && a.at < w.list[n-1].at {
		t.Fatalf("received at %d, and that before it at %d", a.at, w.list[n-1].at)
	}
	w.list = append(w.list, a)
}

func drawHead(t *rapid.T) Head {
	h := Head{
		Stream: Stream{
			Kind: Events, Source: rapid.SampledFrom([]string{"scada", "oms"}).Draw(t, "source"), Channel: rapid.SampledFrom([]string{File, Push, Postgres}).Draw(t, "channel"),
			Name: rapid.SampledFrom([]string{"one", "two", "\xff"}).Draw(t, "name"), Live: rapid.Bool().Draw(t, "live"),
			Repeated: outage.Repeated(rapid.IntRange(0, 3).Draw(t, "repeated")),
		},
		SHA256: rapid.SampledFrom([]string{"", "aa", "bb", "cc", "dd"}).Draw(t, "sha"), Rows: rapid.IntRange(0, 50).Draw(t, "rows"), Skipped: rapid.IntRange(0, 3).Draw(t, "skipped"),
		Covers: drawCovers(t), Position: rapid.SampledFrom([]string{"", "p1", "p2", "p3"}).Draw(t, "position"), Replace: rapid.IntRange(0, 3).Draw(t, "replace") == 0,
	}
	if rapid.IntRange(0, 4).Draw(t, "base") == 0 {
		h.Kind = Base
	}
	return h
}

func drawBase(t *rapid.T) []outage.Customers {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) outage.Customers {
		return outage.Customers{
			Path: drawText(t, "path"), Sheet: drawText(t, "sheet"), Row: rapid.IntRange(0, 99).Draw(t, "row"), Feeder: drawText(t, "feeder"), Unit: drawText(t, "unit"),
			Area: outage.Area(drawText(t, "area")), Class: outage.Class(drawText(t, "class")), Customers: rapid.Int64Range(0, outage.MaxCustomers).Draw(t, "customers"),
			ValidFrom: rapid.SampledFrom([]int64{outage.AlwaysFrom, 0, earliest, 1_600_000_000}).Draw(t, "from"),
			ValidTo:   rapid.SampledFrom([]int64{outage.AlwaysTo, 5, latest, 1_700_000_000}).Draw(t, "to"),
			Kind:      outage.Kind(rapid.SampledFrom([]string{"", "mv", "lv"}).Draw(t, "kind")), CapacityKVA: rapid.SampledFrom([]float64{0, 1.5}).Draw(t, "capacity"),
		}
	}), 0, 5).Draw(t, "base rows")
}

// tell puts one to three deliveries in one call.
func (w *world) tell(t *rapid.T) {
	var list []Told
	var rows [][]row
	var bases [][]outage.Customers
	for range rapid.IntRange(1, 3).Draw(t, "deliveries") {
		h := drawHead(t)
		var r []row
		var b []outage.Customers
		p := w.store.Begin()
		if h.Kind == Base {
			b = drawBase(t)
			if err := p.AddBase(b); err != nil {
				t.Fatal(err)
			}
		} else {
			r = rapid.SliceOfN(rapid.Custom(drawRow), 0, rapid.SampledFrom([]int{0, 1, 3, 3 * w.segment}).Draw(t, "most")).Draw(t, "events")
			p = parcelOf(t, w.store, r, rapid.IntRange(1, 9).Draw(t, "few"))
		}
		list, rows, bases = append(list, Told{h, p}), append(rows, r), append(bases, b)
	}
	receipts, err := w.store.Put(context.Background(), list...)
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	for i := range list {
		w.take(t, list[i].Head, rows[i], bases[i], receipts[i])
	}
}

func (w *world) withdraw(t *rapid.T) {
	id := rapid.Int64Range(0, int64(len(w.list))+1).Draw(t, "delivery")
	r, err := w.store.Withdraw(context.Background(), id, "me", "why")
	switch {
	case id < 1 || id > int64(len(w.list)):
		if !errors.Is(err, ErrUnknown) {
			t.Fatalf("withdraw %d of %d: %v", id, len(w.list), err)
		}
	case w.list[id-1].head.Kind == Withdrawal:
		if err == nil {
			t.Fatalf("withdrew the withdrawal %d", id)
		}
	case err != nil:
		t.Fatalf("withdraw %d: %v", id, err)
	case w.list[id-1].by > 0:
		if !r.Again || r.Delivery != w.list[id-1].by {
			t.Fatalf("withdraw %d again: %+v", id, r)
		}
	default:
		w.book(t, account{head: Head{Stream: Stream{Kind: Withdrawal, Who: "me"}, Warnings: []string{"why"}}, first: r.First, last: r.Last, at: r.Received.Unix()}, r)
		w.list[id-1].by = r.Delivery
	}
}

func (w *world) reopen(t *rapid.T) {
	closed(t, w.store)
	w.open(t)
}

func (w *world) open(t failer) {
	s, err := Open(w.dir, Options{Now: clock(), SegmentRows: w.segment, onDemand: true})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	w.store = s
}

func (w *world) compact(t *rapid.T) {
	if err := w.store.compact(context.Background()); err != nil {
		t.Fatalf("compact: %v", err)
	}
}

// check compares all that the store says with the account.
func (w *world) check(t *rapid.T) {
	ctx := context.Background()
	if got := w.store.Last(); got != w.last() {
		t.Fatalf("last sequence %d, want %d", got, w.last())
	}
	until := rapid.Int64Range(0, w.last()).Draw(t, "until")
	after := rapid.Int64Range(0, max(until, 0)).Draw(t, "after")
	if d := diff(w.want(after, until), withoutStreams(readAll(t, w.store, after, until))); d != "" {
		t.Fatalf("rows behind %d as known at %d (-want +got):\n%s", after, until, d)
	}
	w.checkStreams(t, after, until)
	w.checkBase(t, until)
	if until > 0 {
		from, to := w.cut(after), w.cut(until)
		if after == 0 {
			from = 0
		}
		withdrawn, changed := false, false
		for i := range w.list {
			id, a := int64(i)+1, &w.list[i]
			withdrawn = withdrawn || id <= from && a.by > from && a.by <= to
			changed = changed || a.head.Kind == Base && (id > from && id <= to || a.by > from && a.by <= to)
		}
		if got, err := w.store.Withdrawn(ctx, after, until); err != nil || got != withdrawn {
			t.Fatalf("withdrawn between %d and %d: %v, %v, want %v", after, until, got, err, withdrawn)
		}
		if got, err := w.store.BaseChanged(ctx, after, until); err != nil || got != changed {
			t.Fatalf("base changed between %d and %d: %v, %v, want %v", after, until, got, err, changed)
		}
	}
	findings, err := w.store.Verify(ctx)
	if err != nil || len(findings) > 0 {
		t.Fatalf("verify: %v, %v", findings, err)
	}
}

func (w *world) checkStreams(t *rapid.T, after, until int64) {
	type key struct {
		spec                            string
		deliveries                      int64
		rows, stored, rejected, skipped int64
		covered                         string
		sha                             string
	}
	sums, covered := map[string]*key{}, map[string]map[int64]bool{}
	from := int64(0)
	if after > 0 {
		from = w.cut(after)
	}
	for _, id := range w.known(until) {
		a := &w.list[id-1]
		if id <= from || a.head.Kind == Withdrawal {
			continue
		}
		spec, _ := a.head.spec()
		k := sums[spec]
		if k == nil {
			k = &key{spec: spec}
			sums[spec], covered[spec] = k, map[int64]bool{}
		}
		k.deliveries++
		k.rows, k.skipped = k.rows+int64(a.head.Rows), k.skipped+int64(a.head.Skipped)
		for _, r := range a.rows {
			if r.Rejected {
				k.rejected++
			}
		}
		k.stored += int64(len(a.base) + len(a.rows))
		k.sha = a.head.SHA256
		for _, c := range a.head.Covers {
			for s := c.From; s < c.To; s++ {
				covered[spec][s] = true
			}
		}
	}
	var want, got []key
	for spec, k := range sums {
		k.stored -= k.rejected
		if k.deliveries > 1 {
			k.sha = ""
		}
		k.covered = fmt.Sprint(slices.Sorted(maps.Keys(covered[spec])))
		want = append(want, *k)
	}
	list, err := w.store.Streams(context.Background(), after, until)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		spec, _ := s.spec()
		seconds := map[int64]bool{}
		for _, c := range s.Covers {
			for i := c.From; i < c.To; i++ {
				seconds[i] = true
			}
		}
		got = append(got, key{spec, s.Deliveries, s.Rows, s.Stored, s.Rejected, s.Skipped, fmt.Sprint(slices.Sorted(maps.Keys(seconds))), s.SHA256})
	}
	order := func(x, y key) int { return cmp.Compare(x.spec, y.spec) }
	slices.SortFunc(want, order)
	slices.SortFunc(got, order)
	if !slices.Equal(want, got) {
		t.Fatalf("streams between %d and %d:\n%+v, want\n%+v", after, until, got, want)
	}
}

func (w *world) checkBase(t *rapid.T, until int64) {
	type part struct {
		id   int64
		rows []outage.Customers
	}
	want := map[string]part{}
	for _, id := range w.known(until) {
		if a := &w.list[id-1]; a.head.Kind == Base {
			want[a.head.Source+"\n"+a.head.Channel+"\n"+a.head.Name] = part{id, a.base}
		}
	}
	list, err := w.store.Base(context.Background(), until)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(want) {
		t.Fatalf("%d parts of the base, want %d", len(list), len(want))
	}
	for _, p := range list {
		if k := want[p.Source+"\n"+p.Channel+"\n"+p.Name]; k.id != p.Delivery || diff(k.rows, p.Rows) != "" {
			t.Fatalf("base of delivery %d: %v, want delivery %d: %v", p.Delivery, p.Rows, k.id, k.rows)
		}
	}
}

// What goes in comes out, row for row, whatever the cut into deliveries, and at
// any sequence the store is as it was then.
func TestLawStore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		dir := quickFolder(t)
		defer func() { _ = os.RemoveAll(dir) }()
		w := &world{dir: dir, segment: rapid.IntRange(1, 12).Draw(t, "segment rows")}
		w.open(t)
		defer func() { _ = w.store.Close() }()
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			rapid.SampledFrom([]func(*rapid.T){w.tell, w.tell, w.tell, w.withdraw, w.reopen, w.compact}).Draw(t, "step")(t)
		}
		w.check(t)
	})
}
