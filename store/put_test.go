package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
)

// Many callers at once get numbers without holes or overlaps, and a reader
// beside them sees whole deliveries only, in order.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	s := opened(t, filepath.Join(t.TempDir(), "store"), 50)
	defer closed(t, s)
	var mu sync.Mutex
	var receipts []Receipt
	var wg sync.WaitGroup
	const callers, each = 16, 25
	for c := range callers {
		wg.Go(func() {
			for i := range each {
				p := parcelOf(t, s, eventsOf(i%4, fmt.Sprint(c, "-", i)), 3)
				list, err := s.Put(context.Background(), Told{head(fmt.Sprint(c, "-", i)), p})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				receipts = append(receipts, list...)
				mu.Unlock()
			}
		})
	}
	follow(t, s, callers*each)
	wg.Wait()
	slices.SortFunc(receipts, func(x, y Receipt) int { return int(x.Delivery - y.Delivery) })
	before := Receipt{}
	for _, r := range receipts {
		if r.Delivery != before.Delivery+1 || r.First != before.Last+1 || r.Received.Before(before.Received) {
			t.Errorf("%+v behind %+v", r, before)
		}
		before = r
	}
	soundBut(t, s, "")
}

// follow reads what is new until all deliveries are there, and compares with
// what is read in one go.
func follow(t *testing.T, s *Store, deliveries int64) {
	t.Helper()
	var got []told
	for seen := int64(0); ; {
		last := s.Last()
		if last > seen {
			got = append(got, readAll(t, s, seen, last)...)
			seen = last
		}
		if s.Stats().Deliveries == deliveries && s.Last() == seen {
			break
		}
		select {
		case <-s.Committed():
		case <-time.After(10 * time.Second):
			t.Fatal("nothing is committed")
		}
	}
	if d := cmp.Diff(readAll(t, s, 0, 0), got); d != "" {
		t.Errorf("(-at once +followed):\n%s", d)
	}
}

// Equal deliveries in one call are stored once, and each of the two is told.
func TestAgainInOneCall(t *testing.T) {
	t.Parallel()
	s := opened(t, t.TempDir(), 50)
	defer closed(t, s)
	list, err := s.Put(context.Background(), Told{head("1"), parcelOf(t, s, eventsOf(2, "a"), 3)}, Told{head("1"), parcelOf(t, s, eventsOf(2, "a"), 3)})
	if err != nil {
		t.Fatal(err)
	}
	if list[0].Again || !list[1].Again || list[1].Delivery != 1 || s.Stats().Rows != 2 {
		t.Errorf("receipts %+v, %+v", list, s.Stats())
	}
}

// What distinguishes a delivery from one told before.
func TestAgain(t *testing.T) {
	t.Parallel()
	file := Head{Stream: Stream{Kind: Events, Source: "oms", Channel: File, Name: "a.csv", Mapping: "m"}, SHA256: "AB"}
	tests := []struct {
		name   string
		change func(h *Head)
		again  bool
	}{
		{"nothing", func(*Head) {}, true},
		{"who", func(h *Head) { h.Who = "other" }, true},
		{"case of the sum", func(h *Head) { h.SHA256 = "ab" }, true},
		{"source", func(h *Head) { h.Source = "x" }, false},
		{"channel", func(h *Head) { h.Channel = Push }, false},
		{"name", func(h *Head) { h.Name = "b.csv" }, false},
		{"bytes", func(h *Head) { h.SHA256 = "ac" }, false},
		{"no sum", func(h *Head) { h.SHA256 = "" }, false},
		{"mapping", func(h *Head) { h.Mapping = "n" }, false},
		{"covers", func(h *Head) { h.Covers = drawnCovers() }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := opened(t, t.TempDir(), 50)
			defer closed(t, s)
			put(t, s, file, eventsOf(1, "a"))
			other := file
			tt.change(&other)
			if got := put(t, s, other, eventsOf(1, "a")); got.Again != tt.again {
				t.Errorf("receipt %+v, want again %v", got, tt.again)
			}
		})
	}
	t.Run("name of a push", func(t *testing.T) {
		t.Parallel()
		s := opened(t, t.TempDir(), 50)
		defer closed(t, s)
		put(t, s, head("1"), eventsOf(1, "a"))
		other := head("1")
		other.Name = "other"
		if got := put(t, s, other, eventsOf(1, "a")); !got.Again {
			t.Errorf("receipt %+v", got)
		}
	})
}

// The position of a source is that of its last delivery that has one, be it one
// that was told again; files in force are remembered with theirs.
func TestPositions(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := opened(t, t.TempDir(), 50)
	defer closed(t, s)
	file := func(name, sha, position string) Head {
		return Head{Stream: Stream{Kind: Events, Source: "oms", Channel: File, Name: name}, SHA256: sha, Position: position, Replace: true}
	}
	steps := []struct {
		head  Head
		want  string
		files []Remembrance
	}{
		{file("a", "1", "p1"), "p1", []Remembrance{{Events, "a", "p1", "1", 1, false}}},
		{file("b", "2", "p2"), "p2", []Remembrance{{Events, "a", "p1", "1", 1, false}, {Events, "b", "p2", "2", 2, false}}},
		{file("a", "1", "p3"), "p3", []Remembrance{{Events, "a", "p3", "1", 1, false}, {Events, "b", "p2", "2", 2, false}}},
		{file("a", "1", "p3"), "p3", []Remembrance{{Events, "a", "p3", "1", 1, false}, {Events, "b", "p2", "2", 2, false}}},
		{file("a", "3", "p4"), "p4", []Remembrance{{Events, "b", "p2", "2", 2, false}, {Events, "a", "p4", "3", 3, false}}},
		{file("c", "4", ""), "p4", []Remembrance{{Events, "b", "p2", "2", 2, false}, {Events, "a", "p4", "3", 3, false}, {Events, "c", "", "4", 4, false}}},
		{file("b", "2", "p1"), "p1", []Remembrance{{Events, "b", "p1", "2", 2, false}, {Events, "a", "p4", "3", 3, false}, {Events, "c", "", "4", 4, false}}},
	}
	for i, st := range steps {
		put(t, s, st.head, eventsOf(1, fmt.Sprint(i)))
		if got, err := s.Position(ctx, "oms"); err != nil || got != st.want {
			t.Errorf("step %d: position %q, %v, want %q", i, got, err, st.want)
		}
		files, err := s.Remembered(ctx, "oms")
		if d := cmp.Diff(st.files, files); err != nil || d != "" {
			t.Errorf("step %d: %v (-want +got):\n%s", i, err, d)
		}
	}
	if got, err := s.Position(ctx, "other"); err != nil || got != "" {
		t.Errorf("position %q, %v of a source that told nothing", got, err)
	}
}

// At gives the last sequence received by an instant; the time received never
// goes back.
func TestAt(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	times := []int64{100, 200, 150, 300}
	n := 0
	s, err := Open(t.TempDir(), Options{Now: func() time.Time { n++; return time.Unix(times[n-1], 0) }})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, s)
	for i := range times {
		put(t, s, head(fmt.Sprint(i)), eventsOf(2, fmt.Sprint(i)))
	}
	for at, want := range map[int64]int64{99: 0, 100: 2, 199: 2, 200: 6, 299: 6, 300: 8, 999: 8} {
		if got, err := s.At(ctx, time.Unix(at, 0)); err != nil || got != want {
			t.Errorf("at %d: sequence %d, %v, want %d", at, got, err, want)
		}
	}
}

// Deliveries are listed from either end, in pages.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "store")
	sample(t, dir)
	s := opened(t, dir, 50)
	defer closed(t, s)
	tests := []struct {
		name  string
		query Query
		want  []int64
	}{
		{"all", Query{}, []int64{1, 2, 3, 4, 5, 6, 7}},
		{"source", Query{Source: "oms"}, []int64{4, 5}},
		{"kind", Query{Kind: Base}, []int64{6}},
		{"page", Query{After: 2, Limit: 3}, []int64{3, 4, 5}},
		{"newest", Query{Newest: true, Limit: 2}, []int64{7, 6}},
		{"before", Query{Newest: true, After: 3}, []int64{2, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list, err := s.Deliveries(ctx, tt.query)
			if err != nil {
				t.Fatal(err)
			}
			var got []int64
			for _, d := range list {
				got = append(got, d.ID)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	d, err := s.Delivery(ctx, 1)
	if err != nil || d.Stored != 6 || d.First != 1 || d.Last != 6 || d.Source != "scada" || cmp.Diff(drawnCovers(), d.Covers) != "" {
		t.Errorf("delivery %+v, %v", d, err)
	}
	if d, err := s.Delivery(ctx, 8); !errors.Is(err, ErrUnknown) {
		t.Errorf("delivery %+v, %v", d, err)
	}
}

// All that is told of a delivery comes back, and equal streams are one.
func TestHeadBack(t *testing.T) {
	t.Parallel()
	s := opened(t, t.TempDir(), 50)
	defer closed(t, s)
	want := Head{
		Stream: Stream{
			Kind: Events, Source: "oms\xff", Channel: Postgres, Name: "public.\"outages\"", Who: "writer", Content: "csv, GB18030", Repeated: outage.RepeatedLatest,
			WholeFeeder: true, Live: true, Sheets: []outage.Sheet{{Name: "一月", Offset: 0}, {Name: "二月", Offset: 500}},
			Headers: map[string]string{"start": "停电时间", "end": "恢复时间"}, Mapping: "5f",
		},
		SHA256: "0a", Rows: 9, Skipped: 2, Covers: drawnCovers(), Position: "x\x00y", Warnings: []string{"odd", "very odd"},
	}
	r := put(t, s, want, eventsOf(3, "a"))
	got, err := s.Delivery(context.Background(), r.Delivery)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got.Head); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	again := want
	again.SHA256, again.Headers, again.Sheets = "0b", map[string]string{"end": "恢复时间", "start": "停电时间"}, slices.Clone(want.Sheets)
	put(t, s, again, nil)
	list, err := s.Streams(context.Background(), 0, 0)
	if err != nil || len(list) != 1 || list[0].Deliveries != 2 || list[0].Rows != 18 || list[0].Delivery != 2 {
		t.Errorf("streams %+v, %v", list, err)
	}
}

// What cannot be put says so and stores nothing.
func TestPutErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := opened(t, dir, 5)
	base := s.Begin()
	if err := base.AddBase(baseRows(2)); err != nil {
		t.Fatal(err)
	}
	done := parcelOf(t, s, eventsOf(2, "a"), 3)
	if _, err := s.Put(context.Background(), Told{head("1"), done}); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		told Told
		want string
	}{
		{"base as events", context.Background(), Told{head("2"), base}, "do not go together"},
		{"events as base", context.Background(), Told{Head{Stream: Stream{Kind: Base}}, parcelOf(t, s, eventsOf(2, "b"), 1)}, "do not go together"},
		{"base of nothing", context.Background(), Told{Head{Stream: Stream{Kind: Base}}, nil}, "do not go together"},
		{"withdrawal", context.Background(), Told{Head{Stream: Stream{Kind: Withdrawal}}, nil}, "do not go together"},
		{"no kind", context.Background(), Told{Head{}, nil}, "do not go together"},
		{"twice", context.Background(), Told{head("3"), done}, "already"},
		{"ended", ended, Told{head("4"), parcelOf(t, s, eventsOf(2, "c"), 1)}, "canceled"},
	}
	for _, tt := range tests {
		if list, err := s.Put(tt.ctx, tt.told); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %+v, %v", tt.name, list, err)
		}
	}
	late := s.Begin()
	far := event("far", latest+1)
	if err := late.Add(batchOf([]row{far})); err == nil || !strings.Contains(err.Error(), "cannot be stored") {
		t.Errorf("error %v", err)
	}
	odd := event("odd", 5)
	odd.Nature = 99
	if err := s.Begin().Add(batchOf([]row{odd})); err == nil || !strings.Contains(err.Error(), "nature(99) is not known") {
		t.Errorf("error %v", err)
	}
	if stats := s.Stats(); stats.Deliveries != 1 {
		t.Errorf("%+v", stats)
	}
	closed(t, s)
	if _, err := s.Put(context.Background(), Told{head("5"), nil}); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v", err)
	}
	if _, err := tryRead(s, 0, 0); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v", err)
	}
	if err := s.Close(); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v", err)
	}
}

// A store that is open for reading stores nothing, and sees what a writer does.
func TestReadBeside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := opened(t, dir, 5)
	defer closed(t, s)
	reader, err := OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, reader)
	if _, err := reader.Put(context.Background(), Told{head("1"), nil}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("error %v", err)
	}
	if err := reader.Begin().Add(batchOf(eventsOf(20, "a"))); !errors.Is(err, ErrReadOnly) {
		t.Errorf("error %v", err)
	}
	if err := reader.Begin().AddBase(baseRows(1)); !errors.Is(err, ErrReadOnly) {
		t.Errorf("error %v", err)
	}
	if _, err := reader.Withdraw(context.Background(), 1, "", ""); !errors.Is(err, ErrReadOnly) {
		t.Errorf("error %v", err)
	}
	for i := range 4 {
		put(t, s, head(fmt.Sprint(i)), eventsOf(3, fmt.Sprint(i)))
		if d := cmp.Diff(readAll(t, s, 0, 0), readAll(t, reader, 0, 0)); d != "" || reader.Last() != s.Last() {
			t.Errorf("%d (-writer +reader):\n%s", i, d)
		}
	}
}

// What was gathered and not put leaves nothing on the disk, nor does what was
// told again.
func TestDiscard(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openedOnDemand(t, dir, 5)
	defer closed(t, s)
	parcelOf(t, s, eventsOf(50, "a"), 3).Discard()
	put(t, s, head("1"), eventsOf(50, "b"))
	put(t, s, head("1"), eventsOf(50, "b"))
	files, err := os.ReadDir(filepath.Join(dir, segmentFolder))
	if err != nil || len(files) != 1 {
		t.Errorf("files %v, %v, want one segment", files, err)
	}
}

// Times of rejected rows that cannot be stored move to the nearest that can.
func TestRejectedTimes(t *testing.T) {
	t.Parallel()
	s := opened(t, t.TempDir(), 5)
	defer closed(t, s)
	r := event("a", latest+5)
	r.End, r.Rejected, r.Reason = earliest-5, true, string(outage.ImplausibleYear)
	put(t, s, head("1"), []row{r})
	r.Start, r.End = latest, earliest
	if d := diff([]row{r}, readAll(t, s, 0, 0)[0].Rows); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// An error of the one who takes ends the reading.
func TestReadEnds(t *testing.T) {
	t.Parallel()
	s := opened(t, t.TempDir(), 5)
	defer closed(t, s)
	for i := range 8 {
		put(t, s, head(fmt.Sprint(i)), eventsOf(1+5*(i%2)*i, fmt.Sprint(i)))
	}
	enough := errors.New("enough")
	for most := range 4 {
		n := 0
		err := s.Read(context.Background(), 0, 0, func(*Chunk) error {
			if n++; n > most {
				return enough
			}
			return nil
		})
		if !errors.Is(err, enough) || n != most+1 {
			t.Errorf("error %v behind %d chunks, want it behind %d", err, n, most+1)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := s.Read(ctx, 0, 0, func(*Chunk) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
