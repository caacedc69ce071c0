package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// An image is a folder as a kill at some point leaves it.
type image struct {
	point string
	dir   string
	step  int // what was going on
}

// A script is what a store is told, step by step; nil is compaction.
type script []func(s *Store) error

func (sc script) run(t failer, s *Store, from int) {
	t.Helper()
	for i, step := range sc[from:] {
		if err := step(s); err != nil {
			t.Fatalf("step %d: %v", from+i, err)
		}
	}
}

// drawScript gives puts of events and of the base, withdrawals and compactions.
func drawScript(t *rapid.T, segment int) (sc script) {
	ctx := context.Background()
	for i := range rapid.IntRange(1, 5).Draw(t, "steps") {
		sha := fmt.Sprintf("%02x", i)
		n := rapid.SampledFrom([]int{0, 1, 2, segment + 1, 3 * segment}).Draw(t, "rows")
		replace := rapid.Bool().Draw(t, "replace")
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			sc = append(sc, func(s *Store) error { return s.compact(ctx) })
		case 1:
			sc = append(sc, func(s *Store) error { _, err := s.Withdraw(ctx, 1, "me", "why"); return ignoreUnknown(err) })
		case 2:
			h := Head{Stream: Stream{Kind: Base, Source: "gis", Channel: File, Name: "customers"}, SHA256: sha, Replace: replace}
			sc = append(sc, func(s *Store) error {
				p := s.Begin()
				if err := p.AddBase(baseRows(n)); err != nil {
					return err
				}
				_, err := s.Put(ctx, Told{h, p})
				return err
			})
		default:
			h := head(sha)
			h.Replace = replace
			sc = append(sc, func(s *Store) error {
				p := s.Begin()
				if err := p.Add(batchOf(eventsOf(n, sha))); err != nil {
					return err
				}
				_, err := s.Put(ctx, Told{h, p})
				return err
			})
		}
	}
	return sc
}

func ignoreUnknown(err error) error {
	if errors.Is(err, ErrUnknown) {
		return nil
	}
	return err
}

// A state is what counts in a store.
type state struct {
	Rows       []told
	Deliveries []DeliveryInfo
	Base       []BasePart
}

func stateOf(t failer, s *Store) state {
	t.Helper()
	ctx := context.Background()
	list, err := s.Deliveries(ctx, Query{Limit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	base, err := s.Base(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	st := state{Rows: readAll(t, s, 0, 0), Deliveries: list, Base: base}
	for i := range st.Rows { // clocks of several runs differ
		st.Rows[i].Received = 0
	}
	for i := range st.Deliveries {
		st.Deliveries[i].Received = time.Time{}
	}
	for i := range st.Base {
		st.Base[i].Received = time.Time{}
	}
	return st
}

func openedOnDemand(t failer, dir string, segment int) *Store {
	t.Helper()
	s, err := Open(dir, Options{Now: clock(), SegmentRows: segment, onDemand: true})
	if err != nil {
		t.Fatalf("open %s: %v", dir, err)
	}
	return s
}

// A kill at any point loses nothing that was acknowledged and counts nothing
// twice: what is told again from the step that was going on ends in the same
// state.
func TestLawKill(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		top := quickFolder(t)
		defer func() { _ = os.RemoveAll(top) }()
		segment := rapid.IntRange(1, 5).Draw(t, "segment rows")
		sc := drawScript(t, segment)
		s := openedOnDemand(t, filepath.Join(top, "store"), segment)
		defer func() { _ = s.Close() }()
		var images []image
		step, every, points := 0, rapid.IntRange(2, 7).Draw(t, "every"), 0
		s.hook = func(point string) error {
			if points++; points%every != 0 {
				return nil
			}
			to := filepath.Join(top, fmt.Sprintf("image-%d", len(images)))
			copyFolder(t, s.dir, to)
			images = append(images, image{point, to, step})
			return nil
		}
		states := []state{stateOf(t, s)}
		for step = range sc {
			sc[step:step+1].run(t, s, 0)
			states = append(states, stateOf(t, s))
		}
		for _, im := range rapid.Permutation(images).Draw(t, "order")[:min(3, len(images))] {
			checkImage(t, im, sc, states, segment)
		}
	})
}

func checkImage(t *rapid.T, im image, sc script, states []state, segment int) {
	s := openedOnDemand(t, im.dir, segment)
	defer closed(t, s)
	got := stateOf(t, s)
	if before, after := diff(states[im.step], got), diff(states[im.step+1], got); before != "" && after != "" {
		t.Fatalf("killed at %q of step %d: neither as before (-want +got):\n%s\nnor as after:\n%s", im.point, im.step, before, after)
	}
	if im.point == "committed" {
		if d := diff(states[im.step+1], got); d != "" {
			t.Fatalf("killed at %q of step %d (-want +got):\n%s", im.point, im.step, d)
		}
	}
	sc.run(t, s, im.step)
	if d := diff(states[len(states)-1], stateOf(t, s)); d != "" {
		t.Fatalf("killed at %q of step %d and gone on from there (-want +got):\n%s", im.point, im.step, d)
	}
	soundBut(t, s, unusedFolder)
}

// soundBut makes sure that nothing is wrong but in a folder.
func soundBut(t failer, s *Store, folder string) {
	t.Helper()
	findings, err := s.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if filepath.Base(filepath.Dir(f.Path)) != folder {
			t.Fatalf("%+v", f)
		}
	}
}

// A transaction that fails leaves nothing, and the same parcel can be put again.
func TestFailedCommit(t *testing.T) {
	t.Parallel()
	for _, point := range []string{"begin", "rename", "renamed", "commit"} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			s := openedOnDemand(t, t.TempDir(), 5)
			defer closed(t, s)
			put(t, s, head("00"), eventsOf(3, "a"))
			before := stateOf(t, s)
			spoilt := errors.New("spoilt")
			s.hook = func(p string) error {
				if p == point {
					return spoilt
				}
				return nil
			}
			few, many, base := parcelOf(t, s, eventsOf(2, "b"), 1), parcelOf(t, s, eventsOf(20, "c"), 3), s.Begin()
			if err := base.AddBase(baseRows(3)); err != nil {
				t.Fatal(err)
			}
			list := []Told{{head("01"), few}, {head("02"), many}, {Head{Stream: Stream{Kind: Base, Source: "gis"}}, base}}
			if _, err := s.Put(context.Background(), list...); !errors.Is(err, spoilt) {
				t.Fatalf("error %v, want %v", err, spoilt)
			}
			if d := diff(before, stateOf(t, s)); d != "" {
				t.Fatalf("(-want +got):\n%s", d)
			}
			s.hook = func(string) error { return nil }
			receipts, err := s.Put(context.Background(), list...)
			if err != nil || receipts[2].Delivery != 4 || receipts[2].Last != 3+2+20+3 {
				t.Fatalf("put again: %+v, %v", receipts, err)
			}
			soundBut(t, s, "")
		})
	}
}

// A compaction that fails is no loss, is told, and is made up for.
func TestFailedCompaction(t *testing.T) {
	t.Parallel()
	s := openedOnDemand(t, t.TempDir(), 5)
	defer closed(t, s)
	put(t, s, head("00"), eventsOf(5, "a"))
	before := stateOf(t, s)
	for _, point := range []string{"compact", "rename", "renamed", "clear", "commit"} {
		s.hook = func(p string) error {
			if p == point {
				return errors.New("spoilt")
			}
			return nil
		}
		if err := s.compact(context.Background()); err == nil {
			t.Errorf("no error at %q", point)
		}
		if d := diff(before, stateOf(t, s)); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
	s.options.onDemand = false
	s.wakeCompaction()
	waitFor(t, func() bool { return len(s.Health()) == 1 })
	s.hook = func(string) error { return nil }
	s.wakeCompaction()
	waitFor(t, func() bool { return len(s.Health()) == 0 && s.Stats().Segments == 1 })
	soundBut(t, s, "")
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for range 1000 {
		if done() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("it does not happen")
}

// A journal that breaks off anywhere, as a lost power supply may leave it, holds
// the deliveries up to some point, each whole.
func TestBrokenJournal(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	s := openedOnDemand(t, filepath.Join(top, "store"), 5)
	defer closed(t, s)
	path := filepath.Join(s.dir, catalogueName+"-wal")
	schema, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	var states []state
	for i, n := range []int{1, 2, 7, 3, 1} {
		states = append(states, stateOf(t, s))
		put(t, s, head(fmt.Sprint(i)), eventsOf(n, fmt.Sprint(i)))
	}
	if err := s.compact(context.Background()); err != nil {
		t.Fatal(err)
	}
	states = append(states, stateOf(t, s))
	journal, err := os.ReadFile(path)
	if err != nil || len(journal) < 10_000 {
		t.Fatalf("a journal of %d bytes, %v", len(journal), err)
	}
	for n := 0; n <= len(journal); n += max(1, len(journal)/40) {
		dir := filepath.Join(top, fmt.Sprint(n))
		copyFolder(t, s.dir, dir)
		if err := os.WriteFile(filepath.Join(dir, catalogueName+"-wal"), journal[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		if int64(n) < schema.Size() { // no catalogue is left, and there are segments
			if broken, err := Open(dir, Options{Now: clock()}); !errors.Is(err, ErrCorrupt) {
				t.Fatalf("%d bytes: store %v, error %v", n, broken, err)
			}
			continue
		}
		broken := openedOnDemand(t, dir, 5)
		got := stateOf(t, broken)
		if !slices.ContainsFunc(states, func(st state) bool { return diff(st, got) == "" }) {
			t.Errorf("%d bytes: %d deliveries that were never those of the store", n, len(got.Deliveries))
		}
		soundBut(t, broken, unusedFolder)
		closed(t, broken)
	}
}

// childRole says in the environment of a test binary what it is to do instead of
// testing.
const childRole = "SAIDI_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(childRole); role != "" {
		os.Exit(child(role, os.Getenv(childRole+"_DIR")))
	}
	if err := drawLess(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// child does what a role says.
func child(role, dir string) int {
	roles := map[string]func(dir string) error{"put": childPuts, "full": childFull, "refused": childRefused, "mute": childMute}
	if err := roles[role](dir); err != nil {
		fmt.Println("child:", err)
		return 1
	}
	return 0
}

func childCommand(t *testing.T, role, dir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), childRole+"="+role, childRole+"_DIR="+dir)
	return c
}

// childPuts stores deliveries for ever, and says of each that it is stored.
func childPuts(dir string) error {
	s, err := Open(dir, Options{Now: clock(), SegmentRows: 20})
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		p := s.Begin()
		if err := p.Add(batchOf(eventsOf(1+i%30, fmt.Sprint(i)))); err != nil {
			return err
		}
		list, err := s.Put(context.Background(), Told{head(fmt.Sprint(i)), p})
		if err != nil {
			return err
		}
		fmt.Println(list[0].Delivery)
	}
}

// A process that is killed loses nothing of what it said is stored.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for round := range 4 {
		c := childCommand(t, "put", dir)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		said, most := int64(0), 40*(round+1)
		lines := bufio.NewScanner(out)
		for n := 0; n < most && lines.Scan(); n++ {
			if _, err := fmt.Sscan(lines.Text(), &said); err != nil {
				t.Fatalf("the child says %q", lines.Text())
			}
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what was on its way
			if _, err := fmt.Sscan(lines.Text(), &said); err != nil {
				break // half a number
			}
		}
		_ = c.Wait() // it was killed
		s := opened(t, dir, 20)
		stats := s.Stats()
		if stats.Deliveries < said || stats.Deliveries > said+2 {
			t.Errorf("%d deliveries, and %d were acknowledged", stats.Deliveries, said)
		}
		seen := map[string]bool{}
		rows := int64(0)
		for _, d := range readAll(t, s, 0, 0) {
			for _, r := range d.Rows {
				if seen[r.ID] {
					t.Errorf("%s twice", r.ID)
				}
				seen[r.ID] = true
				rows++
			}
		}
		if rows != stats.Rows {
			t.Errorf("%d rows, want %d", rows, stats.Rows)
		}
		soundBut(t, s, unusedFolder)
		closed(t, s)
	}
}
