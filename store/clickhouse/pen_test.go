package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/saidi-exporter/saidi/store"
)

// readDeliveries lists all deliveries that a store knows of.
func readDeliveries(t failer, s *Store) []store.DeliveryInfo {
	t.Helper()
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatalf("refresh: %v", err)
	}
	list, err := s.Deliveries(context.Background(), store.Query{Limit: 1 << 20})
	if err != nil {
		t.Fatalf("deliveries: %v", err)
	}
	return list
}

// checkDense makes sure that deliveries and sequences have no holes, and that each
// of some digests is there once.
func checkDense(t *testing.T, s *Store, digests map[string]bool) {
	t.Helper()
	times, last := map[string]int{}, int64(0)
	list := readDeliveries(t, s)
	for i, d := range list {
		if d.ID != int64(i)+1 || d.First != last+1 {
			t.Fatalf("delivery %d with the sequences %d to %d behind delivery %d and sequence %d", d.ID, d.First, d.Last, i, last)
		}
		last = d.Last
		times[d.SHA256]++
	}
	if len(list) != len(digests) {
		t.Errorf("%d deliveries, want %d", len(list), len(digests))
	}
	for digest := range digests {
		if times[digest] != 1 {
			t.Errorf("delivery %s is there %d times", digest, times[digest])
		}
	}
}

// Two processes that write at one time do each other no harm: every delivery is
// there once, numbers have no holes, and both know of all.
func TestTwoWriters(t *testing.T) {
	t.Parallel()
	url := shared(t).URL(database())
	stores := []*Store{opened(t, url, Options{Slots: 7}), opened(t, url, Options{})}
	const each, at = 25, 8 // deliveries of a goroutine, goroutines of a store
	digests := map[string]bool{}
	receipts := make([]map[string]store.Receipt, len(stores)*at)
	var wg sync.WaitGroup
	for i := range receipts {
		receipts[i] = map[string]store.Receipt{}
		for n := range each {
			digests[fmt.Sprintf("%d-%d", i, n)] = true
		}
		wg.Go(func() {
			s := stores[i%len(stores)]
			for n := range each {
				digest := fmt.Sprintf("%d-%d", i, n)
				receipts[i][digest] = put(t, s, head(digest), eventsOf(n%4, digest))
			}
		})
	}
	wg.Wait()
	for _, s := range stores {
		checkDense(t, s, digests)
		for _, d := range readDeliveries(t, s) {
			for i := range receipts {
				if r, mine := receipts[i][d.SHA256]; mine && (r.Delivery != d.ID || r.First != d.First || r.Last != d.Last || r.Again) {
					t.Errorf("receipt %+v of delivery %+v", r, d)
				}
			}
		}
	}
	if d := diff(readAll(t, stores[0], 0, 0), readAll(t, stores[1], 0, 0)); d != "" {
		t.Errorf("the two do not read the same (-first +second):\n%s", d)
	}
	numbers, err := stores[0].pens(context.Background())
	if err != nil || len(numbers) > keptPens+1 {
		t.Errorf("%d pens, %v; want at most %d", len(numbers), err, keptPens+1)
	}
	for _, s := range stores {
		closed(t, s)
	}
}

// A writer that stops for a while before it writes into the catalogue, and whose
// place is taken, stores nothing there, and stores it again behind the other.
func TestWriterOvertaken(t *testing.T) {
	t.Parallel()
	url := shared(t).URL(database())
	slow, quick := opened(t, url, Options{Slots: 7}), opened(t, url, Options{})
	put(t, slow, head("first"), eventsOf(3, "a"))
	stopped, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	slow.hook = func(point string) error {
		if point == "insert" {
			once.Do(func() {
				close(stopped)
				<-goOn
			})
		}
		return nil
	}
	var late store.Receipt
	var wg sync.WaitGroup
	wg.Go(func() { late = put(t, slow, head("late"), eventsOf(5, "b")) })
	<-stopped
	if r := put(t, quick, head("quick"), eventsOf(2, "c")); r.Delivery != 2 {
		t.Errorf("receipt %+v, want delivery 2", r)
	}
	close(goOn)
	wg.Wait()
	if late.Delivery != 3 || late.First != 6 || late.Last != 10 || late.Again {
		t.Errorf("receipt %+v, want delivery 3 with the sequences 6 to 10", late)
	}
	fresh := opened(t, url, Options{ReadOnly: true})
	for _, s := range []*Store{slow, quick, fresh} {
		checkDense(t, s, map[string]bool{"first": true, "late": true, "quick": true})
		if rows := readAll(t, s, 0, 0); len(rows) != 3 || len(rows[2].Rows) != 5 {
			t.Errorf("%d deliveries have rows, want 3", len(rows))
		}
		closed(t, s)
	}
}

// A writer that dies once its entries are written, and before it says so, has
// stored them; who puts the same rows again gets the same receipt.
func TestWriterGone(t *testing.T) {
	t.Parallel()
	url := shared(t).URL(database())
	s, other := opened(t, url, Options{Slots: 7}), opened(t, url, Options{})
	defer closed(t, other)
	defer closed(t, s)
	gone := errors.New("gone")
	fail := true
	s.hook = func(point string) error {
		if point == "inserted" && fail {
			return gone
		}
		return nil
	}
	told := store.Told{Head: head(""), Parcel: parcelOf(t, s, eventsOf(4, "a"), 2)} // without a digest
	if _, err := s.Put(context.Background(), told); !errors.Is(err, gone) {
		t.Fatalf("error %v, want %v", err, gone)
	}
	if r := put(t, other, head("x"), nil); r.Delivery != 2 {
		t.Errorf("receipt %+v, want delivery 2", r)
	}
	fail = false
	again, err := s.Put(context.Background(), told)
	if err != nil || again[0].Delivery != 1 || again[0].Last != 4 {
		t.Errorf("receipt %+v, %v; want that of delivery 1", again, err)
	}
	checkDense(t, other, map[string]bool{"": true, "x": true})
}

// A pen that somebody took who died before saying where it begins stops nobody.
func TestPenWithoutSeal(t *testing.T) {
	t.Parallel()
	url := shared(t).URL(database())
	s := opened(t, url, Options{Slots: 7})
	defer closed(t, s)
	put(t, s, head("a"), eventsOf(1, "a"))
	take := func() {
		numbers, err := s.pens(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.cluster.home.exec(context.Background(), fmt.Sprintf("CREATE VIEW pen_%d AS SELECT 'dead' AS holder", numbers[len(numbers)-1]+1)); err != nil {
			t.Fatal(err)
		}
	}
	take()
	fresh := opened(t, url, Options{ReadOnly: true})
	checkDense(t, fresh, map[string]bool{"a": true})
	take()
	if r := put(t, s, head("b"), eventsOf(1, "b")); r.Delivery != 2 {
		t.Errorf("receipt %+v, want delivery 2", r)
	}
	checkDense(t, fresh, map[string]bool{"a": true, "b": true})
	closed(t, fresh)
}

func TestCounting(t *testing.T) {
	t.Parallel()
	e := func(number, pen uint64) entry { return entry{number: number, pen: pen} }
	tests := []struct {
		name string
		list []entry
		last uint64
		want []entry
	}{
		{"none", nil, 0, nil},
		{"one pen", []entry{e(1, 1), e(2, 1), e(3, 1)}, 0, []entry{e(1, 1), e(2, 1), e(3, 1)}},
		{"twice", []entry{e(1, 1), e(1, 1), e(2, 1), e(2, 1)}, 0, []entry{e(1, 1), e(2, 1)}},
		{"a later pen", []entry{e(1, 1), e(2, 1), e(3, 2), e(4, 2)}, 0, []entry{e(1, 1), e(2, 1), e(3, 2), e(4, 2)}},
		{"overtaken", []entry{e(1, 1), e(2, 1), e(2, 2), e(3, 1), e(4, 1)}, 0, []entry{e(1, 1), e(2, 2)}},
		{"overtaken twice", []entry{e(1, 1), e(2, 1), e(2, 2), e(3, 2), e(3, 1), e(3, 3), e(4, 3), e(4, 2)}, 0, []entry{e(1, 1), e(2, 2), e(3, 3), e(4, 3)}},
		{"a pen without entries", []entry{e(1, 1), e(2, 2), e(2, 3), e(3, 3), e(3, 2)}, 0, []entry{e(1, 1), e(2, 3), e(3, 3)}},
		{"late, of a pen before that known", []entry{e(7, 2), e(8, 2)}, 3, nil},
		{"late, beside the known pen", []entry{e(7, 2), e(7, 3)}, 3, []entry{e(7, 3)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := counting(tt.list, tt.last)
			if len(got) != len(tt.want) {
				t.Fatalf("%d entries, want %d", len(got), len(tt.want))
			}
			for i := range got {
				if got[i].number != tt.want[i].number || got[i].pen != tt.want[i].pen {
					t.Errorf("entry %d of pen %d, want %d of pen %d", got[i].number, got[i].pen, tt.want[i].number, tt.want[i].pen)
				}
			}
		})
	}
}
