package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// A failer is a test of either kind.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
	Fatal(args ...any)
	Errorf(format string, args ...any)
}

// clock gives instants that now and then go back, as clocks do.
func clock() func() time.Time {
	var n atomic.Int64
	return func() time.Time {
		i := n.Add(1)
		return time.Unix(1_700_000_000+i, i*1000).Add(-time.Duration(i%7) * 900 * time.Millisecond)
	}
}

func opened(t failer, dir string, rows int) *Store {
	t.Helper()
	s, err := Open(dir, Options{Now: clock(), SegmentRows: rows})
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

// rowsOf are the rows of a part of a chunk.
func rowsOf(c *Chunk, p Part) (rows []row) {
	for i := p.Rows[0]; i < p.Rows[1]; i++ {
		rows = append(rows, row{Event: c.Batch.Event(i)})
	}
	for _, r := range c.Batch.Rejected[p.Rejected[0]:p.Rejected[1]] {
		rows = append(rows, row{Event: r.Event, Rejected: true, Column: r.Column, Value: r.Value, Reason: string(r.Reason)})
	}
	return rows
}

// parcelOf tells rows in batches of a few.
func parcelOf(t failer, s *Store, rows []row, few int) Parcel {
	t.Helper()
	p := s.Begin()
	for from := 0; from < len(rows); from += few {
		if err := p.Add(batchOf(rows[from:min(from+few, len(rows))])); err != nil {
			t.Fatalf("add: %v", err)
		}
	}
	return p
}

// put stores one delivery.
func put(t failer, s *Store, h Head, rows []row) Receipt {
	t.Helper()
	list, err := s.Put(context.Background(), Told{h, parcelOf(t, s, rows, 7)})
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	return list[0]
}

// told is what a store gives back: rows by delivery, in order.
type told struct {
	Delivery, Stream, Received int64
	Rows                       []row
}

// readAll reads all rows.
func readAll(t failer, s *Store, after, until int64) []told {
	t.Helper()
	list, err := tryRead(s, after, until)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return list
}

func tryRead(s *Store, after, until int64) (list []told, err error) {
	err = s.Read(context.Background(), after, until, func(c *Chunk) error {
		rows, rejected := 0, 0
		for _, p := range c.Parts {
			if p.Rows[0] != rows || p.Rejected[0] != rejected || p.Rows[1] < p.Rows[0] || p.Rejected[1] < p.Rejected[0] {
				return fmt.Errorf("part %+v behind %d rows and %d rejections", p, rows, rejected)
			}
			rows, rejected = p.Rows[1], p.Rejected[1]
			if n := len(list) - 1; n >= 0 && list[n].Delivery == p.Delivery {
				list[n].Rows = append(list[n].Rows, rowsOf(c, p)...)
				continue
			}
			list = append(list, told{p.Delivery, p.Stream, p.Received, rowsOf(c, p)})
		}
		if rows != c.Batch.Len() || rejected != len(c.Batch.Rejected) {
			return errors.New("rows of the batch that are in no part")
		}
		return nil
	})
	return list, err
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
		rows[i].Row = outage.Row(i + 2)
	}
	return rows
}

// head is a delivery of events by push.
func head(sha string) Head {
	return Head{Stream: Stream{Kind: Events, Source: "scada", Channel: Push, Name: "push", Live: true}, SHA256: sha}
}

// drawText gives a text as it may come: short, long, broken.
func drawText(t *rapid.T, label string) string {
	return rapid.OneOf(
		rapid.Just(""), rapid.SampledFrom([]string{"a", "b", "xining", "市区", "a\nb", "q\"uo\\te", "\x00", notText, notText + `"x"`, "\xff\xfe", "nul\x00l", "\u2028"}),
		rapid.String(), rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 5), func(b []byte) string { return string(b) }),
	).Draw(t, label)
}

func drawTime(t *rapid.T, label string) int64 {
	return rapid.OneOf(rapid.Int64Range(1_600_000_000, 1_700_000_000), rapid.Int64Range(earliest, latest), rapid.SampledFrom([]int64{0, -1, earliest, latest})).Draw(t, label)
}

// drawRow gives any row that can be told.
func drawRow(t *rapid.T) row {
	plain := rapid.IntRange(0, 2).Draw(t, "plain") > 0
	r := event(rapid.SampledFrom([]string{"a1", "a2", "b1", "c1"}).Draw(t, "id"), rapid.Int64Range(1_600_000_000, 1_700_000_000).Draw(t, "start"))
	r.Row = outage.Row(rapid.Uint32().Draw(t, "row"))
	r.Rejected = rapid.IntRange(0, 4).Draw(t, "rejected") == 0
	if r.Rejected {
		r.Reason, r.Column, r.Value = rapid.SampledFrom([]string{"bad-time", "", "\xff"}).Draw(t, "reason"), drawText(t, "column"), drawText(t, "value")
	}
	if plain {
		return r
	}
	e := &r.Event
	e.Source, e.ID, e.Feeder, e.Unit = drawText(t, "source"), drawText(t, "event"), drawText(t, "feeder"), drawText(t, "unit")
	e.Area, e.Class, e.Cause, e.TechnicalCause, e.Stage = drawText(t, "area"), drawText(t, "class"), drawText(t, "cause"), drawText(t, "technical"), drawText(t, "stage")
	e.Start = drawTime(t, "start")
	e.End = rapid.OneOf(rapid.Just(outage.Open), rapid.Just(drawTime(t, "end"))).Draw(t, "end or open")
	e.Customers = rapid.OneOf(rapid.Just(outage.Missing), rapid.Int64Range(0, outage.MaxCustomers), rapid.Int64()).Draw(t, "customers")
	e.Nature = outage.Nature(rapid.IntRange(0, outage.NatureCount).Draw(t, "nature"))
	e.Revision = rapid.OneOf(rapid.Just(int64(0)), rapid.Int64()).Draw(t, "revision")
	e.Cancelled = rapid.Bool().Draw(t, "cancelled")
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

// ordered puts readable rows first, as the store does.
func ordered(rows []row) []row {
	var list []row
	for _, rejected := range []bool{false, true} {
		for _, r := range rows {
			if r.Rejected == rejected {
				list = append(list, r)
			}
		}
	}
	return list
}

func drawCovers(t *rapid.T) (list []outage.Covers) {
	for range rapid.IntRange(-3, 2).Draw(t, "covers") {
		from := rapid.Int64Range(0, 20).Draw(t, "from")
		list = append(list, outage.Covers{Period: period.Period{From: from, To: from + rapid.Int64Range(1, 9).Draw(t, "length")}})
	}
	return list
}

// copyFolder copies a folder as a process that is killed just now leaves it.
func copyFolder(t failer, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		local, err := filepath.Rel(from, path)
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, local), 0o755)
		case strings.HasSuffix(path, "-shm"):
			return nil // is made anew
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, local), data, 0o644)
	})
	if err != nil {
		t.Fatalf("copy: %v", err)
	}
}

var _ failer = (*testing.T)(nil)

// baseRows are some rows of the base.
func baseRows(n int) []outage.Customers {
	rows := make([]outage.Customers, n)
	for i := range rows {
		rows[i] = outage.Customers{
			Path: "customers.csv", Row: i + 2, Feeder: fmt.Sprintf("F-%d", i), Area: "xining", Class: "rural", Customers: int64(i),
			ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo,
		}
	}
	return rows
}

// quickFolder makes a folder, in memory if it can be: laws open hundreds of
// stores, each of which waits for the disk often.
func quickFolder(t failer) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "store")
	if err != nil {
		dir, err = os.MkdirTemp("", "store")
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
