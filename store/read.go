package store

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"sync"

	"github.com/saidi-exporter/saidi/outage"
)

// A Chunk is some rows, in the order in which they were told. All rows and
// rejections of the batch are in one of the parts.
type Chunk struct {
	Batch *outage.Batch // used again after take
	Parts []Part        // by delivery, in order
}

// A Part is the rows of one delivery in a chunk. A delivery may come in several
// parts, its rejected rows last.
type Part struct {
	Delivery, Stream int64
	Received         int64  // UTC seconds
	Rows, Rejected   [2]int // from and to in Batch and in Batch.Rejected
}

// Read gives the rows of events that are in force as known at the sequence until
// (0: now) and have a sequence behind after, in the order of the sequences. The
// batches of one call share a dictionary. An error of take ends it.
func (s *Store) Read(ctx context.Context, after, until int64, take func(*Chunk) error) error {
	r := &reading{store: s, dict: outage.NewDict(), after: after, take: take}
	if err := r.begin(ctx, until); err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	for !r.ended {
		if err := r.some(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A reading is one call of Read. It goes from segments to the tail, and where
// the tail has become segments meanwhile back to those.
type reading struct {
	store     *Store
	dict      *outage.Dict
	after     int64           // sequence
	done      int64           // the delivery up to which all was taken, or does not count
	cut       int64           // the last delivery that counts
	withdrawn map[int64]int64 // deliveries that do not
	take      func(*Chunk) error
	ended     bool
}

func (r *reading) begin(ctx context.Context, until int64) error {
	v, err := r.store.view(ctx)
	if err != nil {
		return err
	}
	defer v.close()
	if r.done, r.cut, err = v.cuts(ctx, r.after, until); err != nil {
		return err
	}
	r.withdrawn, err = v.withdrawn(ctx, r.cut)
	r.ended = r.done >= r.cut
	return err
}

// counts says whether a delivery counts.
func (r *reading) counts(delivery int64) bool {
	return delivery > r.done && delivery <= r.cut && r.withdrawn[delivery] == 0
}

// some reads the segments that there are, or, behind them, the tail up to the
// next one.
func (r *reading) some(ctx context.Context) error {
	v, err := r.store.view(ctx)
	if err != nil {
		return err
	}
	defer v.close()
	list, err := v.segments(ctx, r.done)
	if err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	to := r.cut
	if len(list) > 0 {
		if list[0].from <= r.done+1 {
			v.close() // other work need not wait for it
			return r.segments(ctx, adjoining(list, r.cut))
		}
		to = min(to, list[0].from-1)
	}
	if err := r.tail(ctx, v, span{r.done + 1, to}); err != nil {
		return err
	}
	r.done = to
	r.ended = r.done >= r.cut
	return nil
}

// adjoining are the first segments, up to a gap between them.
func adjoining(list []segment, cut int64) []segment {
	for i := range list {
		if list[i].from > cut || i > 0 && list[i].from != list[i-1].to+1 {
			return list[:i]
		}
	}
	return list
}

// tailRows is how many rows of the tail make a chunk, if there are so many.
const tailRows = 16 << 10

// tail reads the tail of a span.
func (r *reading) tail(ctx context.Context, v *view, s span) error {
	rows, err := v.tx.QueryContext(ctx, `SELECT d.id, d.stream, d.received, d.first, t.rows, t.sum FROM tail t JOIN delivery d ON d.id = t.delivery
		WHERE t.delivery BETWEEN ? AND ? ORDER BY t.delivery`, s.from, s.to)
	if err != nil {
		return fmt.Errorf("read the store: %w", catalogueError(err))
	}
	chunk := &Chunk{Batch: outage.NewBatch(r.dict)}
	err = scanEach(rows, scanTail, func(t tailRow) error {
		if !r.counts(t.delivery) {
			return nil
		}
		if err := t.append(chunk, r.after); err != nil {
			return err
		}
		if chunk.Batch.Len()+len(chunk.Batch.Rejected) < tailRows {
			return nil
		}
		return r.give(chunk)
	})
	if err != nil {
		return err
	}
	return r.give(chunk)
}

// give hands a chunk on, if there is anything in it, and empties it.
func (r *reading) give(c *Chunk) error {
	if len(c.Parts) == 0 {
		return nil
	}
	if err := r.take(c); err != nil {
		return err
	}
	c.Batch.Reset()
	c.Parts = c.Parts[:0]
	return nil
}

// A tailRow is the rows of one delivery in the tail.
type tailRow struct {
	delivery, stream, received, first int64
	lines                             string
}

func scanTail(rows *sql.Rows) (t tailRow, err error) {
	var sum int64
	if err := rows.Scan(&t.delivery, &t.stream, &t.received, &t.first, &t.lines, &sum); err != nil {
		return t, err
	}
	if rowSum(t.delivery, t.lines) != sum {
		return t, checkSum("tail", t.delivery, sum)
	}
	return t, nil
}

// append adds the rows with a sequence behind after to a chunk.
func (t *tailRow) append(c *Chunk, after int64) error {
	lines := t.lines
	for sequence := t.first; sequence <= after && lines != ""; sequence++ {
		lines = behindLine(lines)
	}
	if lines == "" {
		return nil
	}
	b := c.Batch
	part := Part{Delivery: t.delivery, Stream: t.stream, Received: seconds(t.received), Rows: [2]int{b.Len()}, Rejected: [2]int{len(b.Rejected)}}
	if err := decodeRows(b, []byte(lines)); err != nil {
		return faultf(ErrCorrupt, "the store is damaged: rows of delivery %d: %v: restore the store from a backup", t.delivery, err)
	}
	part.Rows[1], part.Rejected[1] = b.Len(), len(b.Rejected)
	c.Parts = append(c.Parts, part)
	return nil
}

func behindLine(lines string) string {
	for i := range len(lines) {
		if lines[i] == '\n' {
			return lines[i+1:]
		}
	}
	return ""
}

// seconds are whole seconds of microseconds.
func seconds(us int64) int64 { return instant(us).Unix() }

// A task is one row group to be decoded.
type task struct {
	file  *segmentFile
	group int
	chunk *Chunk
	err   error
	done  chan struct{}
}

// lookAhead is how many row groups a worker may be ahead of the caller, who may
// have other things to do at first.
const lookAhead = 4

// segments reads segments: while the caller takes one chunk, those that follow
// are decoded.
func (r *reading) segments(ctx context.Context, list []segment) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	workers := max(1, runtime.GOMAXPROCS(0))
	tasks, free := make(chan *task, lookAhead*workers), make(chan *Chunk, (lookAhead+1)*workers+2)
	var failed error
	wg.Go(func() {
		defer close(tasks)
		failed = r.tasks(ctx, list, &wg, make(chan struct{}, workers), tasks, free)
	})
	for t := range tasks {
		<-t.done
		if t.err != nil {
			return t.err
		}
		if err := r.give(t.chunk); err != nil {
			return err
		}
		select {
		case free <- t.chunk:
		default:
		}
	}
	if failed != nil {
		return failed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	r.done = list[len(list)-1].to
	r.ended = r.done >= r.cut
	return nil
}

// tasks opens one segment after the other and has its row groups decoded, as
// many at once as there is room.
func (r *reading) tasks(ctx context.Context, list []segment, wg *sync.WaitGroup, room chan struct{}, tasks chan<- *task, free <-chan *Chunk) error {
	for i := range list {
		seg := &list[i]
		if seg.rows == 0 || seg.filled&isSingle != 0 && !r.counts(seg.from) {
			continue
		}
		file, err := r.open(seg)
		if err != nil {
			return err
		}
		for group := range file.groups {
			if !file.reaches(group, r.after) {
				continue
			}
			t := &task{file: file, group: group, done: make(chan struct{})}
			select {
			case tasks <- t:
			case <-ctx.Done():
				close(t.done)
				file.release()
				return ctx.Err()
			}
			select {
			case t.chunk = <-free:
			default:
				t.chunk = &Chunk{Batch: outage.NewBatch(r.dict)}
			}
			room <- struct{}{}
			file.hold()
			wg.Go(func() {
				defer func() { <-room }()
				defer close(t.done)
				t.err = file.decode(r, t.group, t.chunk)
				file.release()
			})
		}
		file.release()
	}
	return nil
}
