package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"
)

// lawOverlap is the overlap of the law in seconds of its own clock: no
// transaction is open for longer.
const lawOverlap = 5

// A world is a table that is written by transactions that begin, write and commit
// while a source looks at it, fails, and is started again.
type world struct {
	*rapid.T
	config Config
	source *Source
	basket *basket
	writer []*pgconn.PgConn
	begun  []int       // when the writer's transaction began; 0: none is open
	locked map[int]int // rows that an open transaction has written, and its writer
	clock  int
	fails  int            // pages that are still taken before take fails; negative: it does not
	last   map[string]any // what was handed on of each row last
}

func (w *world) stamp(at int) string {
	return fmt.Sprintf("'2022-03-01 00:00+00'::timestamptz + %d * interval '1 second'", at)
}

// write inserts or updates a row, with the time at which the transaction began.
func (w *world) write(writer int) {
	id := rapid.IntRange(1, 6).Draw(w.T, "id")
	if by, locked := w.locked[id]; locked && by != writer {
		return
	}
	at := w.clock
	if w.begun[writer] > 0 {
		at, w.locked[id] = w.begun[writer], writer
	}
	state := rapid.IntRange(0, 2).Draw(w.T, "state")
	on(w.T, w.writer[writer], fmt.Sprintf("INSERT INTO t VALUES (%d, %d, %s) ON CONFLICT (id) DO UPDATE SET state = excluded.state, w = excluded.w", id, state, w.stamp(at)))
}

func (w *world) begin(writer int) {
	if w.begun[writer] == 0 {
		on(w.T, w.writer[writer], "BEGIN")
		w.begun[writer] = w.clock
	}
}

func (w *world) end(writer int, how string) {
	if w.begun[writer] > 0 {
		on(w.T, w.writer[writer], how)
		w.begun[writer] = 0
		maps.DeleteFunc(w.locked, func(_, by int) bool { return by == writer })
	}
}

// tick moves the clock, after those who would be open for too long have ended.
func (w *world) tick() {
	step := rapid.IntRange(1, 4).Draw(w.T, "seconds")
	for writer, at := range w.begun {
		if at > 0 && w.clock+step-at > lawOverlap {
			w.end(writer, "COMMIT")
		}
	}
	w.clock += step
}

func (w *world) take(_ context.Context, p Page) error {
	if w.fails == 0 {
		return errors.New("the store is full")
	}
	w.fails--
	for _, row := range fields(w.T, p) {
		w.last[fmt.Sprint(row["id"])] = row["state"]
	}
	return w.basket.take(context.Background(), p)
}

// look looks; take may fail on the way.
func (w *world) look(fails int) {
	w.fails = fails
	if _, err := w.source.look(context.Background(), w.take); err != nil {
		if fails < 0 {
			w.Fatal(err)
		}
		w.source.disconnect()
	}
}

// restart goes on with another source at the last position that was taken.
func (w *world) restart() {
	w.source.disconnect()
	w.source = resume(w.T, w.config, w.basket.last())
}

// Whatever is written, by transactions that commit late and in another order than
// they began, with equal stamps, in pages of any size, with failures and restarts
// in between: the last that is handed on of each row is what it is in the end. And
// when nothing is written any more, nothing is handed on.
func TestNoRowIsLost(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "CREATE TABLE t (id int PRIMARY KEY, state int, w timestamptz)")
	writers := []*pgconn.PgConn{d.connect(), d.connect(), d.connect()}
	rapid.Check(t, func(t *rapid.T) {
		on(t, writers[0], "TRUNCATE t")
		w := &world{T: t, basket: &basket{}, writer: writers, begun: make([]int, len(writers)), locked: map[int]int{}, last: map[string]any{}, clock: 1}
		w.config = Config{DSN: d.dsn, Query: "SELECT * FROM t", Watermark: "w", Overlap: lawOverlap * time.Second, Page: rapid.IntRange(1, 4).Draw(t, "page")}
		w.source = resume(t, w.config, "")
		defer func() {
			for writer := range writers {
				w.end(writer, "ROLLBACK")
			}
			w.source.disconnect()
		}()
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			writer := rapid.IntRange(0, len(writers)-1).Draw(t, "writer")
			switch rapid.SampledFrom([]string{"write", "write", "write", "begin", "commit", "rollback", "tick", "look", "look", "fail", "restart"}).Draw(t, "step") {
			case "write":
				w.write(writer)
			case "begin":
				w.begin(writer)
			case "commit":
				w.end(writer, "COMMIT")
			case "rollback":
				w.end(writer, "ROLLBACK")
			case "tick":
				w.tick()
			case "look":
				w.look(-1)
			case "fail":
				w.look(rapid.IntRange(0, 2).Draw(t, "pages"))
			case "restart":
				w.restart()
			}
		}
		for writer := range writers {
			w.end(writer, "COMMIT")
		}
		w.look(-1)
		want := map[string]any{}
		for _, row := range query(t, writers[0], "SELECT id, state FROM t") {
			var id, state int
			if _, err := fmt.Sscan(row, &id, &state); err != nil {
				t.Fatal(err)
			}
			want[fmt.Sprint(id)] = float64(state)
		}
		if diff := cmp.Diff(want, w.last); diff != "" {
			t.Fatalf("rows differ (-in the table +handed on):\n%s", diff)
		}
		taken := len(w.basket.pages)
		w.look(-1)
		if len(w.basket.pages) != taken {
			t.Fatalf("got %v, want nothing once more", w.basket.pages[taken:])
		}
	})
}
