package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// DuckDB reads the segments of a store as they lie, and finds in them what the
// store itself reads.
func TestSegments(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		segment    int // rows of a segment
		deliveries []int
		least      int // segments that there must be
	}{
		{"one segment of one delivery", 500, []int{2000}, 1},
		{"segments of one delivery each", 500, []int{900, 501, 1500}, 3},
		{"one segment made of many deliveries", 500, repeated(20, 25), 1},
		{"both", 700, append(append(repeated(70, 31), 5000, 1), repeated(90, 13)...), 5},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s, err := store.Open(dir, store.Options{Now: time.Now, SegmentRows: tt.segment})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			tellBase(t, s)
			draw := &drawnRows{rand.New(rand.NewPCG(uint64(i), 7))}
			for n, rows := range tt.deliveries {
				draw.deliver(t, s, n, rows)
			}
			compacted(t, s, tt.segment)
			if n := s.Stats().Segments; n < int64(tt.least) {
				t.Fatalf("the store has %d segments, want at least %d", n, tt.least)
			}
			want, got := heldByStore(t, s), heldBySegments(t, dir)
			if want.Rows == 0 || want.Rejected == 0 || len(want.Natures) != outage.NatureCount+1 {
				t.Fatalf("there is too little to compare: %+v", want)
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("DuckDB differs from the store (-want +got):\n%s", diff)
			}
		})
	}
}

// repeated is a number so many times.
func repeated(times, n int) []int { return slices.Repeat([]int{n}, times) }

// drawnRows makes up rows with every field that a record can have.
type drawnRows struct{ *rand.Rand }

// tellBase tells a store of customers, whose file lies beside the segments.
func tellBase(t *testing.T, s *store.Store) {
	t.Helper()
	p := s.Begin()
	rows := []outage.Customers{{Feeder: "F-1", Area: "xining", Class: "town", Customers: 7, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo}}
	if err := p.AddBase(rows); err != nil {
		t.Fatal(err)
	}
	head := store.Head{Stream: store.Stream{Kind: store.Base, Source: "scada", Channel: store.Push, Name: "push/base"}, Rows: len(rows)}
	if _, err := s.Put(context.Background(), store.Told{Head: head, Parcel: p}); err != nil {
		t.Fatal(err)
	}
}

// deliver tells a store some rows, a few of them rejected.
func (d *drawnRows) deliver(t *testing.T, s *store.Store, n, rows int) {
	t.Helper()
	b := outage.NewBatch(outage.NewDict())
	for i := range rows {
		e := d.event(i)
		if d.IntN(8) == 0 {
			reasons := outage.Reasons()
			b.Rejected = append(b.Rejected, outage.Rejection{Event: e, Column: d.text(), Value: d.text(), Reason: reasons[d.IntN(len(reasons))]})
		} else {
			b.Append(&e)
		}
	}
	p := s.Begin()
	if err := p.Add(b); err != nil {
		t.Fatal(err)
	}
	head := store.Head{
		Stream: store.Stream{Kind: store.Events, Source: "scada", Channel: store.Push, Name: fmt.Sprintf("push/%d", n%3)},
		SHA256: fmt.Sprintf("%064x", n+1), Rows: rows,
	}
	if _, err := s.Put(context.Background(), store.Told{Head: head, Parcel: p}); err != nil {
		t.Fatal(err)
	}
}

func (d *drawnRows) event(i int) outage.Event {
	e := outage.Event{
		Row: outage.Row(i + 2), ID: d.text(), Source: d.text(), Feeder: d.text(), Unit: d.text(), Area: d.text(), Class: d.text(),
		Start: 1_500_000_000 + d.Int64N(200_000_000), End: outage.Open, Customers: outage.Missing, Nature: outage.Nature(d.IntN(outage.NatureCount + 1)),
		Cause: d.text(), TechnicalCause: d.text(), Stage: d.text(), Served: outage.Missing, Flags: outage.Flags(d.IntN(1 << 12)),
	}
	if d.IntN(5) > 0 {
		e.End = e.Start + d.Int64N(500_000)
	}
	if d.IntN(6) > 0 {
		e.Customers = d.Int64N(100_000)
	}
	if d.IntN(3) == 0 {
		e.Revision, e.Cancelled, e.CapacityKVA = d.Int64N(9), d.IntN(2) == 0, float64(d.IntN(8000))/8
		e.Steps = []outage.Step{{At: e.Start + 1, Restored: d.Int64N(50)}, {At: e.Start + 60, Restored: 1}}
	}
	return e
}

// text is a text as records have them, or none.
func (d *drawnRows) text() string {
	list := []string{"", "", "xining", "市中心区", "F-1, \"quoted\"", "line\nbreak", "nul\x00", "é", "T000017"}
	return list[d.IntN(len(list))]
}

// compacted waits until the tail is shorter than a segment.
func compacted(t *testing.T, s *store.Store, rows int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); s.Stats().TailRows >= int64(rows); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the tail has %d rows for a minute: %v", s.Stats().TailRows, s.Health())
		}
	}
}

// held is what segments hold.
type held struct {
	Rows, Rejected         int64
	Customers, Seconds     int64
	Open, Missing          int64 // rows without an end, without customers
	Cancelled, Revisions   int64
	Eighths                int64 // of a kVA
	Steps, Sequences, Last int64
	Natures, Reasons       map[string]int64
	Deliveries             map[int64]int64 // rows
	Texts                  map[string]int64
}

// heldByStore reads the store up to where the segments end.
func heldByStore(t *testing.T, s *store.Store) held {
	t.Helper()
	h := held{Natures: map[string]int64{}, Reasons: map[string]int64{}, Deliveries: map[int64]int64{}, Texts: map[string]int64{}}
	tail := s.Stats().TailRows
	until := s.Last() - tail // the tail is of the last deliveries, without gaps between the sequences
	err := s.Read(context.Background(), 0, until, func(c *store.Chunk) error {
		for _, p := range c.Parts {
			for i := p.Rows[0]; i < p.Rows[1]; i++ {
				e := c.Batch.Event(i)
				h.take(&e, p.Delivery)
			}
			for i := p.Rejected[0]; i < p.Rejected[1]; i++ {
				h.Rejected++
				h.Reasons[string(c.Batch.Rejected[i].Reason)]++
				h.Deliveries[p.Delivery]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Sequences, h.Last = h.Rows+h.Rejected, until
	return h
}

// take adds a readable row.
func (h *held) take(e *outage.Event, delivery int64) {
	h.Rows++
	h.Deliveries[delivery]++
	h.Natures[e.Nature.String()]++
	for column, text := range map[string]string{"area": e.Area, "unit_id": e.Unit, "cause": e.Cause, "technical_cause": e.TechnicalCause, "stage": e.Stage} {
		h.Texts[column+" "+text]++
	}
	if e.Cancelled {
		h.Cancelled++
	}
	h.Revisions += e.Revision
	h.Eighths += int64(8 * e.CapacityKVA)
	h.Steps += int64(len(e.Steps))
	switch {
	case e.Customers == outage.Missing:
		h.Missing++
	case e.End != outage.Open:
		h.Seconds += e.Customers * (e.End - e.Start)
	}
	if e.Customers != outage.Missing {
		h.Customers += e.Customers
	}
	if e.End == outage.Open {
		h.Open++
	}
}

// heldBySegments asks DuckDB.
func heldBySegments(t *testing.T, dir string) held {
	t.Helper()
	db, err := openDuck(2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := execute(db, "CREATE VIEW segments AS FROM read_parquet("+quoted(filepath.Join(dir, "segments", "0*.parquet"))+")"); err != nil {
		t.Fatal(err)
	}
	var h held
	row := db.QueryRow(`SELECT count(*) FILTER (reason IS NULL), count(*) FILTER (reason IS NOT NULL), count(DISTINCT sequence), max(sequence),
		(sum(customers) FILTER (reason IS NULL))::BIGINT,
		(sum(customers * (epoch("end") - epoch(start))::BIGINT) FILTER (reason IS NULL))::BIGINT,
		count(*) FILTER (reason IS NULL AND "end" IS NULL), count(*) FILTER (reason IS NULL AND customers IS NULL),
		count(*) FILTER (reason IS NULL AND cancelled), coalesce((sum(revision) FILTER (reason IS NULL))::BIGINT, 0),
		coalesce((sum(8 * capacity_kva) FILTER (reason IS NULL))::BIGINT, 0), coalesce((sum(json_array_length(steps)) FILTER (reason IS NULL))::BIGINT, 0)
		FROM segments`)
	if err := row.Scan(&h.Rows, &h.Rejected, &h.Sequences, &h.Last, &h.Customers, &h.Seconds, &h.Open, &h.Missing, &h.Cancelled, &h.Revisions, &h.Eighths, &h.Steps); err != nil {
		t.Fatal(err)
	}
	h.Natures = counted[string](t, db, "SELECT coalesce(nature, ''), count(*) FROM segments WHERE reason IS NULL GROUP BY 1")
	h.Reasons = counted[string](t, db, "SELECT reason, count(*) FROM segments WHERE reason IS NOT NULL GROUP BY 1")
	h.Deliveries = counted[int64](t, db, "SELECT delivery, count(*) FROM segments GROUP BY 1")
	h.Texts = counted[string](t, db, `SELECT name || ' ' || coalesce(word, ''), count(*) FROM (
		SELECT unnest(['area', 'unit_id', 'cause', 'technical_cause', 'stage']) AS name, unnest([area, unit_id, cause, technical_cause, stage]) AS word
		FROM segments WHERE reason IS NULL) GROUP BY 1`)
	return h
}

// counted is numbers by key.
func counted[K comparable](t *testing.T, db *sql.DB, query string) map[K]int64 {
	t.Helper()
	all := map[K]int64{}
	err := each(db, query, func(rows *sql.Rows) error {
		var key K
		var n int64
		err := rows.Scan(&key, &n)
		all[key] = n
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
