package clickhouse

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/internal/testcluster"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/store"
)

// A failer is a test of either kind.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
	Fatal(args ...any)
}

// shared is the cluster of two shards that most tests use, each with databases of
// its own.
func shared(t testing.TB) *testcluster.Cluster {
	t.Helper()
	c, err := startShared()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var startShared = sync.OnceValues(func() (*testcluster.Cluster, error) {
	dir, err := os.MkdirTemp("", "clickhouse")
	if err != nil {
		return nil, err
	}
	folder.Store(&dir)
	c, err := testcluster.New(dir, 2)
	running.Store(c)
	return c, err
})

var (
	running atomic.Pointer[testcluster.Cluster]
	folder  atomic.Pointer[string]
	bases   atomic.Int64
)

func TestMain(m *testing.M) {
	if os.Getenv("RAPID_CHECKS") == "" { // each draw makes a database; -rapid.checks asks for more, too
		if err := flag.Set("rapid.checks", "12"); err != nil {
			panic(err)
		}
	}
	status := m.Run()
	if c := running.Load(); c != nil {
		c.Close()
	}
	if dir := folder.Load(); dir != nil {
		_ = os.RemoveAll(*dir)
	}
	os.Exit(status)
}

// database is the name of a database that no test has used.
func database() string { return fmt.Sprintf("test_%d", bases.Add(1)) }

// clock gives instants that now and then go back, as clocks do.
func clock() func() time.Time {
	var n atomic.Int64
	return func() time.Time {
		i := n.Add(1)
		return time.Unix(1_700_000_000+i, i*1000).Add(-time.Duration(i%7) * 900 * time.Millisecond)
	}
}

func opened(t failer, url string, o Options) *Store {
	t.Helper()
	if o.Now == nil {
		o.Now = clock()
	}
	s, err := Open(context.Background(), url, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return s
}

func closed(t failer, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
}

// A row is a row as it is told: an event, or one that was rejected.
type row struct {
	outage.Event
	Rejected              bool
	Column, Value, Reason string
}

// batchOf is a batch of rows.
func batchOf(rows []row) *outage.Batch {
	b := outage.NewBatch(outage.NewDict())
	for i := range rows {
		r := &rows[i]
		if r.Rejected {
			b.Rejected = append(b.Rejected, outage.Rejection{Event: r.Event, Column: r.Column, Value: r.Value, Reason: outage.Reason(r.Reason)})
			continue
		}
		b.Append(&r.Event)
	}
	return b
}

// rowsOf are the rows of a part of a batch.
func rowsOf(b *outage.Batch, p store.Part) (rows []row) {
	for i := p.Rows[0]; i < p.Rows[1]; i++ {
		rows = append(rows, row{Event: b.Event(i)})
	}
	for _, r := range b.Rejected[p.Rejected[0]:p.Rejected[1]] {
		rows = append(rows, row{Event: r.Event, Rejected: true, Column: r.Column, Value: r.Value, Reason: string(r.Reason)})
	}
	return rows
}

// parcelOf tells rows in batches of a few.
func parcelOf(t failer, k store.Keeper, rows []row, few int) store.Parcel {
	t.Helper()
	p := k.Begin()
	for from := 0; from < len(rows); from += few {
		if err := p.Add(batchOf(rows[from:min(from+few, len(rows))])); err != nil {
			t.Fatalf("add: %v", err)
		}
	}
	return p
}

// put stores one delivery.
func put(t failer, k store.Keeper, h store.Head, rows []row) store.Receipt {
	t.Helper()
	list, err := k.Put(context.Background(), store.Told{Head: h, Parcel: parcelOf(t, k, rows, 7)})
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	return list[0]
}

func putBase(t failer, k store.Keeper, sha string, rows []outage.Customers) store.Receipt {
	t.Helper()
	p := k.Begin()
	if err := p.AddBase(rows); err != nil {
		t.Fatal(err)
	}
	h := store.Head{Stream: store.Stream{Kind: store.Base, Source: "gis", Channel: store.File, Name: "base.csv"}, SHA256: sha}
	list, err := k.Put(context.Background(), store.Told{Head: h, Parcel: p})
	if err != nil {
		t.Fatalf("put a base: %v", err)
	}
	return list[0]
}

// given is what a store gives back: rows by delivery, in order.
type given struct {
	Delivery, Stream, Received int64
	Foreign                    bool
	Rows                       []row
}

// readAll reads all rows.
func readAll(t failer, k store.Keeper, after, until int64) (list []given) {
	t.Helper()
	err := k.Read(context.Background(), after, until, func(c *store.Chunk) error {
		parts := make([]Part, len(c.Parts))
		for i, p := range c.Parts {
			parts[i].Part = p
		}
		var err error
		list, err = gather(list, c.Batch, parts)
		return err
	})
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return list
}

// gather adds the rows of a chunk, all of which have to be in one part.
func gather(list []given, b *outage.Batch, parts []Part) ([]given, error) {
	rows, rejected := 0, 0
	for _, p := range parts {
		if p.Rows[0] != rows || p.Rejected[0] != rejected || p.Rows[1] < p.Rows[0] || p.Rejected[1] < p.Rejected[0] {
			return nil, fmt.Errorf("part %+v behind %d rows and %d rejections", p, rows, rejected)
		}
		rows, rejected = p.Rows[1], p.Rejected[1]
		n := len(list) - 1
		if n >= 0 && list[n].Delivery > p.Delivery {
			return nil, fmt.Errorf("delivery %d behind %d", p.Delivery, list[n].Delivery)
		}
		if n >= 0 && list[n].Delivery == p.Delivery && list[n].Foreign == p.Foreign {
			list[n].Rows = append(list[n].Rows, rowsOf(b, p.Part)...)
			continue
		}
		list = append(list, given{p.Delivery, p.Stream, p.Received, p.Foreign, rowsOf(b, p.Part)})
	}
	if rows != b.Len() || rejected != len(b.Rejected) {
		return nil, fmt.Errorf("%d rows and %d rejections of the batch, %d and %d in parts", b.Len(), len(b.Rejected), rows, rejected)
	}
	return list, nil
}

func diff(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty())
}

// event makes a plain event.
func event(id string, start int64) row {
	return row{Event: outage.Event{
		Row: 1, ID: id, Source: "scada", Feeder: "F-" + id[:min(1, len(id))], Area: "xining", Class: "rural", Start: start, End: start + 3600,
		Customers: 10, Nature: outage.FaultInternal, Served: outage.Missing,
	}}
}

func eventsOf(n int, prefix string) []row {
	rows := make([]row, n)
	for i := range rows {
		rows[i] = event(fmt.Sprintf("%s-%d", prefix, i), 1_700_000_000+int64(i))
		rows[i].Row, rows[i].Feeder = outage.Row(i+2), fmt.Sprintf("F-%d", i%17)
	}
	return rows
}

// head is a delivery of events by push.
func head(sha string) store.Head {
	return store.Head{Stream: store.Stream{Kind: store.Events, Source: "scada", Channel: store.Push, Name: "push", Live: true}, SHA256: sha}
}

// The instants that can be stored.
const (
	earliest = -9_223_372_036_854
	latest   = 9_223_372_036_853
)

// drawText gives a text as it may come: short, long, broken.
func drawText(t *rapid.T, label string) string {
	return rapid.OneOf(
		rapid.Just(""), rapid.SampledFrom([]string{"a", "b", "xining", "市区", "a\nb", "q\"uo\\te", "it's", "\x00", "\uFFFF", "\uFFFF" + `"x"`, "\xff\xfe", "nul\x00l", "\u2028"}),
		rapid.String(), rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 5), func(b []byte) string { return string(b) }),
	).Draw(t, label)
}

func drawTime(t *rapid.T, label string) int64 {
	return rapid.OneOf(rapid.Int64Range(1_600_000_000, 1_700_000_000), rapid.Int64Range(earliest, latest), rapid.SampledFrom([]int64{0, -1, earliest, latest})).Draw(t, label)
}

// drawRow gives any row that can be told, of few feeders, units and events.
func drawRow(t *rapid.T) row {
	r := event(rapid.SampledFrom([]string{"a1", "a2", "b1", "c1"}).Draw(t, "id"), rapid.Int64Range(1_600_000_000, 1_700_000_000).Draw(t, "start"))
	e := &r.Event
	e.Row = outage.Row(rapid.Uint32().Draw(t, "row"))
	e.Feeder = rapid.SampledFrom([]string{"", "F1", "F2", "F3", "F4", "it's", "\xff"}).Draw(t, "feeder")
	e.Unit = rapid.SampledFrom([]string{"", "", "u1", "u2", "u3", "\\"}).Draw(t, "unit")
	e.Revision = rapid.SampledFrom([]int64{0, 0, 1, 2}).Draw(t, "revision")
	e.Cancelled = rapid.IntRange(0, 9).Draw(t, "cancelled") == 0
	r.Rejected = rapid.IntRange(0, 4).Draw(t, "rejected") == 0
	if r.Rejected {
		r.Reason, r.Column, r.Value = rapid.SampledFrom([]string{"bad-time", "", "\xff"}).Draw(t, "reason"), drawText(t, "column"), drawText(t, "value")
	}
	if rapid.IntRange(0, 3).Draw(t, "plain") > 0 {
		return r
	}
	e.Source, e.ID, e.Feeder, e.Unit = drawText(t, "source"), drawText(t, "event"), drawText(t, "feeder"), drawText(t, "unit")
	e.Area, e.Class, e.Cause, e.TechnicalCause, e.Stage = drawText(t, "area"), drawText(t, "class"), drawText(t, "cause"), drawText(t, "technical"), drawText(t, "stage")
	e.Start = drawTime(t, "start")
	e.End = rapid.OneOf(rapid.Just(outage.Open), rapid.Just(drawTime(t, "end"))).Draw(t, "end or open")
	e.Customers = rapid.OneOf(rapid.Just(outage.Missing), rapid.Int64Range(0, outage.MaxCustomers), rapid.Int64()).Draw(t, "customers")
	e.Nature = outage.Nature(rapid.IntRange(0, outage.NatureCount).Draw(t, "nature"))
	e.Revision = rapid.OneOf(rapid.Just(int64(0)), rapid.Int64()).Draw(t, "revision")
	e.CapacityKVA = rapid.OneOf(rapid.Just(0.0), rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1)})).Draw(t, "capacity")
	if e.CapacityKVA == 0 {
		e.CapacityKVA = 0 // no -0
	}
	e.Flags = outage.Flags(rapid.Uint16().Draw(t, "flags"))
	for range rapid.IntRange(0, 2).Draw(t, "steps") {
		e.Steps = append(e.Steps, outage.Step{At: rapid.Int64().Draw(t, "at"), Restored: rapid.Int64().Draw(t, "restored")})
	}
	return r
}

func drawCovers(t *rapid.T) (list []outage.Covers) {
	for range rapid.IntRange(-3, 2).Draw(t, "covers") {
		from := rapid.Int64Range(0, 20).Draw(t, "from")
		list = append(list, outage.Covers{Period: period.Period{From: from, To: from + rapid.Int64Range(1, 9).Draw(t, "length")}})
	}
	return list
}

func drawHead(t *rapid.T) store.Head {
	h := store.Head{
		Stream: store.Stream{
			Kind: store.Events, Source: rapid.SampledFrom([]string{"scada", "oms"}).Draw(t, "source"),
			Channel: rapid.SampledFrom([]string{store.File, store.Push, store.Postgres}).Draw(t, "channel"),
			Name:    rapid.SampledFrom([]string{"one", "two", "\xff"}).Draw(t, "name"), Live: rapid.Bool().Draw(t, "live"),
			Repeated: outage.Repeated(rapid.IntRange(0, 3).Draw(t, "repeated")),
		},
		SHA256: rapid.SampledFrom([]string{"", "aa", "bb", "cc", "DD"}).Draw(t, "sha"), Rows: rapid.IntRange(0, 50).Draw(t, "rows"),
		Skipped: rapid.IntRange(0, 3).Draw(t, "skipped"), Covers: drawCovers(t), Position: rapid.SampledFrom([]string{"", "p1", "p2", "p3"}).Draw(t, "position"),
		Replace: rapid.IntRange(0, 3).Draw(t, "replace") == 0, Warnings: rapid.SliceOfN(rapid.SampledFrom([]string{"careful", "\xff"}), 0, 2).Draw(t, "warnings"),
	}
	if rapid.IntRange(0, 3).Draw(t, "base") == 0 {
		h.Kind = store.Base
	}
	return h
}

// drawBase gives a base: a plain one of feeders and units, or any rows.
func drawBase(t *rapid.T) (rows []outage.Customers) {
	if rapid.IntRange(0, 2).Draw(t, "odd base") == 0 {
		return rapid.SliceOfN(rapid.Custom(drawCustomers), 0, 5).Draw(t, "base rows")
	}
	for i, feeder := range []string{"F1", "F2", "F3", "F4"} {
		rows = append(rows, outage.Customers{Path: "base.csv", Row: 2 * i, Feeder: feeder, Area: "xining", Class: "rural", Customers: 100, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo})
	}
	for i, unit := range []string{"u1", "u2", "u3"} {
		at := rapid.Int64Range(1_600_000_000, 1_700_000_000).Draw(t, "moves at")
		from := rapid.SampledFrom([]string{"F1", "F2", "F3", "F4"}).Draw(t, "from feeder")
		to := rapid.SampledFrom([]string{"F1", "F2", "F3", "F4"}).Draw(t, "to feeder")
		rows = append(rows,
			outage.Customers{Path: "base.csv", Row: 100 + i, Feeder: from, Unit: unit, Area: "haidong", Class: "rural", Customers: 5, ValidFrom: outage.AlwaysFrom, ValidTo: at},
			outage.Customers{Path: "base.csv", Row: 200 + i, Feeder: to, Unit: unit, Area: "haidong", Class: "rural", Customers: 5, ValidFrom: at, ValidTo: outage.AlwaysTo})
	}
	return rows
}

func drawCustomers(t *rapid.T) outage.Customers {
	return outage.Customers{
		Path: drawText(t, "path"), Sheet: drawText(t, "sheet"), Row: rapid.IntRange(0, 99).Draw(t, "row"), Feeder: drawText(t, "feeder"), Unit: drawText(t, "unit"),
		Area: outage.Area(drawText(t, "area")), Class: outage.Class(drawText(t, "class")), Customers: rapid.Int64Range(0, outage.MaxCustomers).Draw(t, "customers"),
		ValidFrom: rapid.SampledFrom([]int64{outage.AlwaysFrom, 0, earliest, 1_600_000_000}).Draw(t, "from"),
		ValidTo:   rapid.SampledFrom([]int64{outage.AlwaysTo, 5, latest, 1_700_000_000}).Draw(t, "to"),
		Kind:      outage.Kind(rapid.SampledFrom([]string{"", "mv", "lv"}).Draw(t, "kind")), CapacityKVA: rapid.SampledFrom([]float64{0, 1.5}).Draw(t, "capacity"),
	}
}

// baseOf is a base of some feeders.
func baseOf(feeders ...string) (rows []outage.Customers) {
	for i, f := range feeders {
		rows = append(rows, outage.Customers{
			Path: "base.csv", Row: i + 2, Feeder: f, Area: "xining", Class: "rural", Customers: 10, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo,
		})
	}
	return rows
}

func toldOf(sha string, p store.Parcel) store.Told { return store.Told{Head: head(sha), Parcel: p} }

func ignore(*store.Chunk) error { return nil }
