package app

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/bits"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store"
)

// A message says once how an outage is: a line of JSON with a revision.
type message struct {
	id       string
	revision int
	text     string
}

// drawMessages draws what a source says of some outages over time: each begins,
// is corrected, moves to another feeder, ends, or never was.
func drawMessages(t *rapid.T) []message {
	var all []message
	for i := range rapid.IntRange(1, 5).Draw(t, "outages") {
		id := fmt.Sprint("E", i)
		begin := time.Date(2022, time.March, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 20*24).Draw(t, "start")) * time.Hour)
		for revision := range rapid.IntRange(1, 4).Draw(t, "revisions") {
			start := begin.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "moved by")) * time.Hour)
			more, end := "", ""
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				more = `,"cancelled":true`
			case 1: // still open
			default:
				end = start.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "minutes")) * time.Minute).Format(time.DateTime)
			}
			feeder := rapid.SampledFrom([]string{"F1", "F2", "F3"}).Draw(t, "feeder")
			text := event(id, feeder, start.Format(time.DateTime), end, rapid.IntRange(1, 50).Draw(t, "customers"), revision+1, more)
			all = append(all, message{id, revision + 1, text})
		}
	}
	return all
}

// A bundle is some messages on their way into a store.
type bundle struct {
	channel, name string
	messages      []message
}

// drawBundles draws how messages come: in any order, by any channels, some of
// them more than once, some several at a time.
func drawBundles(t *rapid.T, all []message) []bundle {
	order := rapid.Permutation(all).Draw(t, "order")
	order = append(order, rapid.SliceOfN(rapid.SampledFrom(all), 0, 4).Draw(t, "told again")...)
	var list []bundle
	for len(order) > 0 {
		n := 1
		channel := rapid.SampledFrom([]string{store.Push, store.NATS, store.File, store.Postgres}).Draw(t, "channel")
		if channel == store.File || channel == store.Postgres { // which come in bulk
			n = min(len(order), rapid.IntRange(1, 4).Draw(t, "size"))
		}
		list = append(list, bundle{channel, fmt.Sprint(channel, "/", rapid.IntRange(1, 2).Draw(t, "name")), order[:n]})
		order = order[n:]
	}
	return list
}

// A chronicle is a store in a folder and a memory that follows it.
type chronicle struct {
	t      *rapid.T
	dir    string
	store  store.Keeper
	policy *policy.Policy
	memory *Memory // nil before it is asked for and after the store was opened again
	told   time.Time
}

func newChronicle(t *rapid.T) *chronicle {
	dir, err := os.MkdirTemp(fastest(), "saidi-chronicle-")
	if err != nil {
		t.Fatal(err)
	}
	c := &chronicle{t: t, dir: dir, policy: policy.Qinghai(), told: noon.Add(-24 * time.Hour)}
	t.Cleanup(func() {
		_ = c.store.Close()
		_ = os.RemoveAll(dir)
	})
	c.open()
	c.base(100)
	return c
}

// base tells how many customers the feeder F1 has, and the others as ever.
func (c *chronicle) base(customers int) {
	text := strings.Replace(smallBase, "F1,xining,rural,100", fmt.Sprint("F1,xining,rural,", customers), 1)
	rows, _, err := ingest.Base("base", strings.NewReader(text), c.reading())
	if err != nil {
		c.t.Fatal(err)
	}
	b := &bases{store: c.store, policy: c.policy}
	head := store.Head{Stream: store.Stream{Kind: store.Base, Source: baseName, Channel: store.File, Name: baseName}, SHA256: digestOf([]byte(text)), Replace: true}
	if _, err := b.put(c.t.Context(), head, rows); err != nil {
		c.t.Fatal(err)
	}
}

// fastest is a folder where waiting for the disk takes no time, if there is one.
func fastest() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

func (c *chronicle) reading() ingest.Options {
	return ingest.Options{Names: c.policy.Names(), Zone: c.policy.Zone, Source: "scada"}
}

func (c *chronicle) open() {
	var err error
	now := func() time.Time { c.told = c.told.Add(time.Millisecond); return c.told }
	if c.store, err = store.Open(c.dir, store.Options{Now: now, SegmentRows: 5}); err != nil {
		c.t.Fatal(err)
	}
}

// reopen ends the program and starts it again.
func (c *chronicle) reopen() {
	if err := c.store.Close(); err != nil {
		c.t.Fatal(err)
	}
	c.memory = nil
	c.open()
}

// tell puts some deliveries, all in one transaction.
func (c *chronicle) tell(list ...bundle) {
	var told []store.Told
	for _, one := range list {
		var text strings.Builder
		for _, m := range one.messages {
			text.WriteString(m.text)
		}
		in, err := takeIn(c.store, one.name, strings.NewReader(text.String()), c.reading())
		if err != nil {
			c.t.Fatal(err)
		}
		defer in.parcel.Discard()
		if one.channel != store.Push {
			in.delivery.Repeated = outage.RepeatedLatest
		}
		head := in.head(store.Stream{Kind: store.Events, Source: "scada", Channel: one.channel, Name: one.name, Live: one.channel != store.File})
		told = append(told, store.Told{Head: head, Parcel: in.parcel})
	}
	if _, err := put(c.t.Context(), c.store, told); err != nil {
		c.t.Fatal(err)
	}
}

// recall counts everything up to a sequence anew.
func (c *chronicle) recall(until int64) *Memory {
	m, err := Recall(c.t.Context(), c.store, c.policy, EngineFor(c.policy, 72*time.Hour), until)
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

// follow brings the memory up to some sequence, at most the last one.
func (c *chronicle) follow(until int64) {
	outdated := c.memory == nil
	if c.memory != nil {
		var err error
		if outdated, err = c.memory.Outdated(c.t.Context(), until); err != nil {
			c.t.Fatal(err)
		}
	}
	if outdated {
		c.memory = c.recall(until)
	} else if err := c.memory.Follow(c.t.Context(), until); err != nil {
		c.t.Fatal(err)
	}
}

// said is the report of a memory at noon, without what says by which way it came
// to be known.
func (c *chronicle) said(m *Memory) map[string]any {
	w := &world{policy: c.policy, engine: m.Engine, base: m.BaseSHA256, worst: 20, senders: m.senders, known: m.At}
	s, _ := w.advance(noon, "saidi test", "test")
	return withoutWay(c.t, s)
}

// withoutWay is a report without provenance, and without how many rows were read
// and came to nothing.
func withoutWay(t interface{ Fatal(...any) }, s *snapshot.Snapshot) map[string]any {
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var report map[string]any
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	delete(report, "provenance")
	quality, ok := report["quality"].(map[string]any)
	if !ok {
		t.Fatal("the report says nothing of quality")
	}
	for _, count := range []string{"rows", "accepted", "duplicate", "superseded", "cancelled", "skipped"} {
		delete(quality, count)
	}
	return report
}

// However messages are interleaved over channels, repeated, packed and followed,
// and wherever the program is stopped and started again: what is shown is what
// one shows that was told everything once and in order, and what one shows that
// has just begun.
func TestLawOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		if n++; underRace && n%5 != 1 { // SQLite in Go is slow there; make quick has all of them
			return
		}
		all := drawMessages(t)
		orderly := newChronicle(t)
		inOrder := slices.Clone(all)
		slices.SortFunc(inOrder, func(a, b message) int { return cmp.Or(cmp.Compare(a.revision, b.revision), cmp.Compare(a.id, b.id)) })
		var once []bundle
		for _, m := range inOrder {
			once = append(once, bundle{store.Push, "push", []message{m}})
		}
		orderly.tell(once...)

		c := newChronicle(t)
		list := drawBundles(t, all)
		for len(list) > 0 {
			n := min(len(list), rapid.IntRange(1, 6).Draw(t, "at once"))
			c.tell(list[:n]...)
			list = list[n:]
			c.wander()
		}
		customers := rapid.IntRange(40, 60).Draw(t, "customers in the end")
		orderly.base(customers)
		c.base(customers)
		want := orderly.said(orderly.recall(0))
		c.follow(c.store.Last())
		if diff := gocmp.Diff(want, c.said(c.memory)); diff != "" {
			t.Fatalf("followed, it says something else than told in order (-in order +followed):\n%s", diff)
		}
		if diff := gocmp.Diff(want, c.said(c.recall(0))); diff != "" {
			t.Fatalf("recalled, it says something else than told in order (-in order +recalled):\n%s", diff)
		}
	})
}

// wander does what a program may do between two deliveries.
func (c *chronicle) wander() {
	switch rapid.IntRange(0, 6).Draw(c.t, "then") {
	case 0:
		c.reopen()
	case 1, 2, 3:
		c.follow(c.store.Last())
		c.memory.Engine.Advance(noon.Add(-time.Duration(rapid.IntRange(0, 400).Draw(c.t, "hours ago")) * time.Hour).Unix())
	case 4:
		c.base(rapid.IntRange(1, 100).Draw(c.t, "customers"))
	case 5:
		if c.memory != nil { // a part of what is new
			c.follow(rapid.Int64Range(c.memory.At, c.store.Last()).Draw(c.t, "until"))
		}
	}
}

// Some deliveries among thousands whose numbers are beyond what can be added up
// are found without reading the store once for each.
func TestRecallSifts(t *testing.T) {
	t.Parallel()
	r := newRig(t, pushConfig)
	r.fill()
	st, err := store.Open(r.path("data"), store.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close() //nolint:errcheck // nothing more is told
	p := policy.Qinghai()
	opts := ingest.Options{Names: p.Names(), Zone: p.Zone, Source: "scada"}
	var told []store.Told
	for i := range 3000 {
		text := event(fmt.Sprint("P", i), "F1", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 1, 1)
		if i == 1000 || i == 2000 {
			huge := `{"event_id":"H%d-%d","area":"haixi","feeder_id":"F9","start":"2022-03-05 08:00:00","customers":1000000000}` + "\n"
			text = fmt.Sprintf(huge, i, 1) + fmt.Sprintf(huge, i, 2)
		}
		in, err := takeIn(st, "push/scada", strings.NewReader(text), opts)
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, store.Told{Head: in.head(store.Stream{Kind: store.Events, Source: "scada", Channel: store.Push, Name: "push/scada", Live: true}), Parcel: in.parcel})
	}
	receipts, err := put(t.Context(), st, told)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Recall(t.Context(), st, p, EngineFor(p, 72*time.Hour), 0)
	if err != nil {
		t.Fatal(err)
	}
	if most := 1 + 2*(1+2*bits.Len(uint(len(told)))); m.loads > most { // each is found by halving
		t.Errorf("the store was read %d times, want %d at most", m.loads, most)
	}
	var refused []int64
	for id := range m.Refused {
		refused = append(refused, id)
	}
	slices.Sort(refused)
	if want := []int64{receipts[1000].Delivery, receipts[2000].Delivery}; !slices.Equal(refused, want) {
		t.Errorf("refused %v, want %v", refused, want)
	}
	if got, ok := m.Engine.Delivered(receipts[2999].Delivery); !ok || got.Accepted != 1 {
		t.Errorf("the last delivery: %+v, %t, want that it counts", got, ok)
	}
}
