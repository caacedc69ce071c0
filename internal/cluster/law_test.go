package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// A history is one store in a folder and one in a cluster that are told the same,
// and two members that work on the latter.
type history struct {
	clock    *clock
	database string
	policy   *policy.Policy
	embedded *store.Store
	stores   []*clickhouse.Store
	members  []*Member
	told     int // deliveries
}

func newHistory(t failer, dir string, members int) *history {
	t.Helper()
	h := &history{clock: clockAt(lawFrom), policy: lawPolicy(t)}
	var err error
	if h.embedded, err = store.Open(dir, store.Options{Now: h.clock.now}); err != nil {
		t.Fatal(err)
	}
	url, database := freshURL(t)
	h.database = database
	for i := range members {
		id := fmt.Sprint("m", i+1)
		h.stores = append(h.stores, opened(t, url, id, h.clock))
		h.members = append(h.members, h.member(i, id))
	}
	return h
}

// member makes a member that works through a store.
func (h *history) member(store int, id string) *Member {
	return New(Options{
		Store: h.stores[store], Policy: h.policy, Engine: lawEngine(h.policy), Snapshot: lawAsk(), BatchRows: 20, Now: h.clock.now, ID: id,
		DeadAfter: time.Hour, // whoever is slow is not dead
	})
}

func lawEngine(p *policy.Policy) engine.Options {
	o := snapshot.EngineOptions(p, 72*time.Hour)
	o.Watch = snapshot.WatchFor(p)
	o.Workers = 2
	return o
}

func lawAsk() snapshot.Options { return snapshot.Options{Detail: true, Anonymous: true} }

func (h *history) close() {
	_ = h.embedded.Close() // only read from here on
	for _, s := range h.stores {
		_ = s.Close()
	}
}

// tell tells both stores a delivery; the one in the cluster by any process.
func (h *history) tell(t failer, by int, head store.Head, fill func(store.Parcel) error) {
	t.Helper()
	a, b := put(t, h.embedded, head, fill), put(t, h.stores[by], head, fill)
	if a.Last != b.Last || a.Again != b.Again || a.Received.Unix() != b.Received.Unix() {
		t.Fatalf("receipts %+v and %+v", a, b)
	}
	h.told++
}

// refresh lets every process know what was told.
func (h *history) refresh(t failer) {
	t.Helper()
	for _, s := range h.stores {
		if err := s.Refresh(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// settle lets members step in turn until all show what was told, as of now.
func (h *history) settle(t failer, members ...*Member) {
	t.Helper()
	h.refresh(t)
	for _, m := range members {
		if err := m.prepareTables(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	for range 12 {
		settled := true
		for _, m := range members {
			if err := m.step(context.Background()); err != nil {
				t.Fatalf("step of %s: %v", m.o.ID, err)
			}
			a := m.Answer()
			settled = settled && a != nil && a.Known == h.stores[0].Last() && a.AsOf == h.clock.seconds.Load()
		}
		if settled {
			return
		}
	}
	for _, m := range members {
		t.Logf("%+v", m.Status())
	}
	t.Fatalf("the members come to no end")
}

// want is the answer of an ordinary engine over the embedded store.
func (h *history) want(t failer, o snapshot.Options) *snapshot.Snapshot {
	t.Helper()
	e, f := ordinary(t, h.embedded, h.policy, h.clock.seconds.Load())
	o.KnownAt, o.BaseSHA256, o.Notes = h.embedded.Last(), f.sha256, f.notes
	return snapshot.Build(e, h.policy, o)
}

// ordinary makes an engine of all rows of a store.
func ordinary(t failer, k store.Keeper, p *policy.Policy, asOf int64) (*engine.Engine, *frame) {
	t.Helper()
	ctx := context.Background()
	parts, err := k.Base(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	f, err := frameOfParts(p, parts)
	if err != nil {
		t.Fatal(err)
	}
	sums, err := k.Streams(ctx, 0, k.Last())
	if err != nil {
		t.Fatal(err)
	}
	told := tellingOf(k.Last(), sums)
	e := engine.New(f.base, lawEngine(p))
	told.open(e)
	load := e.Begin()
	delivery := int64(0)
	err = k.Read(ctx, 0, 0, func(c *store.Chunk) error {
		for i := range c.Parts {
			if part := &c.Parts[i]; part.Delivery != delivery {
				delivery = part.Delivery
				load.Deliver(told.account[part.Stream], delivery, told.received(part))
			}
			if err := load.AddRows(c.Batch, c.Parts[i].Rows, c.Parts[i].Rejected); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := load.CommitParts(); err != nil {
		t.Fatal(err)
	}
	told.tell(e)
	e.Advance(asOf)
	return e, f
}

// of builds the snapshot of an answer.
func (h *history) of(a *Answer, o snapshot.Options) *snapshot.Snapshot {
	o.KnownAt, o.BaseSHA256, o.Notes = a.Known, a.BaseSHA256, a.Notes
	return snapshot.Build(a.Engine, h.policy, o)
}

// compare holds the answers of members and of a counting against that of all rows.
func (h *history) compare(t failer, members ...*Member) {
	t.Helper()
	want := h.want(t, lawAsk())
	for _, m := range members {
		got := h.of(m.Answer(), lawAsk())
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(outage.Note{})); diff != "" {
			t.Fatalf("%s (-all rows +shares):\n%s", m.o.ID, diff)
		}
		if missed := m.Answer().Engine.Missed(); len(missed) > 0 {
			t.Fatalf("%s was asked for what its shares do not hold: %v", m.o.ID, missed)
		}
	}
}

// counted holds a counting of everything against the answer of all rows.
func (h *history) counted(t failer) {
	t.Helper()
	asOf := h.clock.seconds.Load()
	full := snapshot.Options{Detail: true, Suspicious: true}
	c := &Counting{Store: h.stores[0], Policy: h.policy, Engine: lawEngine(h.policy), BatchRows: 20, Snapshot: full, AsOf: &asOf}
	a, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(h.want(t, full), h.of(a, full), cmp.AllowUnexported(outage.Note{})); diff != "" {
		t.Fatalf("counting (-all rows +shares):\n%s", diff)
	}
}

// The answers of members are, after every step of any history, those of one engine
// with all rows; so is what one process counts alone.
func TestAnswers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "law")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // it is in the folder for temporary files
		h := newHistory(t, filepath.Join(dir, "store"), 2)
		defer h.close()
		h.tellBase(t)
		for range rapid.IntRange(1, 5).Draw(t, "steps") {
			h.tellSomething(t)
			h.pass(t)
			if rapid.Bool().Draw(t, "more time") {
				h.pass(t)
			}
		}
		h.counted(t)
	})
}

// pass lets time pass, and compares.
func (h *history) pass(t *rapid.T) {
	h.clock.seconds.Add(rapid.SampledFrom([]int64{31, 600, 4000, 30000, 90000, 200000}).Draw(t, "time passes"))
	h.settle(t, h.members...)
	h.compare(t, h.members...)
}

func (h *history) tellBase(t *rapid.T) {
	rows := drawBase(t)
	head := store.Head{Stream: store.Stream{Kind: store.Base, Channel: store.File, Name: "base"}, SHA256: fmt.Sprintf("%064x", h.told), Replace: true}
	h.tell(t, 0, head, func(p store.Parcel) error { return p.AddBase(rows) })
}

// tellSomething tells of some outages, or of another base, or withdraws something,
// or does nothing.
func (h *history) tellSomething(t *rapid.T) {
	switch rapid.IntRange(0, 9).Draw(t, "what") {
	case 0:
		h.tellBase(t)
	case 1:
		h.withdraw(t)
	case 2: // time passes
	default:
		for range rapid.IntRange(1, 3).Draw(t, "deliveries") {
			h.tellRows(t)
		}
	}
}

func (h *history) tellRows(t *rapid.T) {
	rows := rapid.SliceOfN(rapid.Custom(drawRow), 0, rapid.SampledFrom([]int{2, 2, 5, 25}).Draw(t, "most rows")).Draw(t, "rows")
	head := store.Head{
		Stream: store.Stream{
			Kind: store.Events, Source: rapid.SampledFrom([]string{"oms", "scada"}).Draw(t, "sender"), Channel: rapid.SampledFrom([]string{store.File, store.Push}).Draw(t, "channel"),
			Name: rapid.SampledFrom([]string{"one", "two"}).Draw(t, "name"), Live: rapid.Bool().Draw(t, "live"), Repeated: outage.Repeated(rapid.IntRange(0, 3).Draw(t, "repeated")),
		},
		SHA256: fmt.Sprintf("%064x", h.told), Rows: len(rows) + 1, Skipped: 1, Covers: drawCovers(t), Replace: rapid.IntRange(0, 4).Draw(t, "replace") == 0,
	}
	h.tell(t, rapid.IntRange(0, len(h.stores)-1).Draw(t, "by"), head, func(p store.Parcel) error {
		b := outage.NewBatch(outage.NewDict())
		for i := range rows {
			rows[i].Row = outage.Row(i)
			if rows[i].Cause == "age" && i%5 == 0 {
				b.Rejected = append(b.Rejected, outage.Rejection{Event: rows[i], Column: "end", Value: "?", Reason: "end-before-start"})
				continue
			}
			b.Append(&rows[i])
		}
		return p.Add(b)
	})
}

// withdraw withdraws a delivery of events, if there is one in force.
func (h *history) withdraw(t *rapid.T) {
	h.refresh(t)
	list, err := h.embedded.Deliveries(context.Background(), store.Query{})
	if err != nil {
		t.Fatal(err)
	}
	list = slices.DeleteFunc(list, func(d store.DeliveryInfo) bool { return d.Kind != store.Events || d.WithdrawnBy != 0 })
	if len(list) == 0 {
		return
	}
	id := list[rapid.IntRange(0, len(list)-1).Draw(t, "withdrawn")].ID
	for _, k := range []store.Keeper{h.embedded, h.stores[0]} {
		if _, err := k.Withdraw(context.Background(), id, "me", "why"); err != nil {
			t.Fatalf("withdraw %d: %v", id, err)
		}
	}
	h.told++
}
