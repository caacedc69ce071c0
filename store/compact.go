package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// compactAgain is after which time compaction that failed is tried again.
const compactAgain = time.Minute

// compactAlways turns the tail into segments whenever it is long, until the
// store is closed.
func (s *Store) compactAlways() {
	defer close(s.tidied)
	for {
		var again <-chan time.Time
		if s.ails() {
			timer := time.NewTimer(compactAgain)
			defer timer.Stop()
			again = timer.C
		}
		select {
		case <-s.stopping.Done():
			return
		case <-s.tidy:
		case <-again:
		}
		err := s.compact(s.stopping)
		if s.stopping.Err() != nil {
			return
		}
		s.mu.Lock()
		s.ailing = err
		s.mu.Unlock()
	}
}

// wakeCompaction begins compaction where there is enough for a segment.
func (s *Store) wakeCompaction() {
	if s.end.Load().pending >= int64(s.options.SegmentRows) && !s.options.onDemand {
		s.wake(s.tidy)
	}
}

// compact turns the tail into segments while there is enough for one, the oldest
// deliveries first.
func (s *Store) compact(ctx context.Context) error {
	s.compacting.Lock()
	defer s.compacting.Unlock()
	for s.end.Load().pending >= int64(s.options.SegmentRows) && ctx.Err() == nil {
		if err := s.compactOnce(ctx); err != nil {
			return fmt.Errorf("turn the tail into a segment: %w", err)
		}
	}
	return nil
}

// A compaction is a segment made of the tail.
type compaction struct {
	file   *columnFile
	seg    segment
	sums   summed
	tail   int64 // rows
	weight int64 // of the deliveries, as pending counts them
}

func (s *Store) compactOnce(ctx context.Context) error {
	file, err := createFile(s.folder(), "tail", segmentColumns())
	if err != nil {
		return err
	}
	c := &compaction{file: file, sums: summed{}}
	err = s.gather(ctx, c)
	if err == nil {
		err = file.finish()
	}
	if err == nil {
		err = s.submit(ctx, &request{done: make(chan struct{}), other: func(ctx context.Context, t *transaction) error { return t.compacted(ctx, c) }})
	}
	if err != nil {
		file.discard()
		return err
	}
	return file.file.Close()
}

var errFull = errors.New("the segment is full")

// gather puts the oldest deliveries that lie in no segment into one.
func (s *Store) gather(ctx context.Context, c *compaction) error {
	v, err := s.view(ctx)
	if err != nil {
		return err
	}
	defer v.close()
	last, err := v.last(ctx)
	if err != nil {
		return err
	}
	list, err := v.segments(ctx, 0)
	if err != nil {
		return err
	}
	spans := gaps(list, 0, last)
	if len(spans) == 0 {
		return errors.New("there is nothing outside segments")
	}
	rows, err := v.tx.QueryContext(ctx, "SELECT "+deliveryColumns+`, coalesce(t.rows, ''), coalesce(t.sum, -1) FROM delivery d
		LEFT JOIN tail t ON t.delivery = d.id WHERE d.id BETWEEN ? AND ? ORDER BY d.id`, spans[0].from, spans[0].to)
	if err != nil {
		return catalogueError(err)
	}
	batch := outage.NewBatch(outage.NewDict())
	err = scanEach(rows, scanLines, func(l linesRow) error { return c.add(&l, batch, int64(s.options.SegmentRows)) })
	if errors.Is(err, errFull) {
		err = nil
	}
	return err
}

// A linesRow is a delivery with its rows in the tail.
type linesRow struct {
	deliveryRow
	lines  string
	isTail bool
}

func scanLines(rows *sql.Rows) (l linesRow, err error) {
	d, sum, linesSum := &l.deliveryRow, int64(0), int64(0)
	if err := rows.Scan(&d.id, &d.stream, &d.received, &d.sha256, &d.first, &d.last, &d.rows, &d.stored, &d.rejected, &d.skipped,
		&d.covers, &d.position, &d.warnings, &sum, &l.lines, &linesSum); err != nil {
		return l, err
	}
	if d.sum() != sum {
		return l, checkSum("delivery", d.id, sum)
	}
	l.isTail = linesSum >= 0
	if l.isTail && rowSum(d.id, l.lines) != linesSum {
		return l, checkSum("tail", d.id, linesSum)
	}
	return l, nil
}

// add adds a delivery with its rows.
func (c *compaction) add(l *linesRow, batch *outage.Batch, most int64) error {
	weight := l.pending(l.isTail)
	if c.weight > 0 && c.weight+weight > most {
		return errFull
	}
	if c.weight == 0 {
		c.seg.from, c.seg.first = l.id, l.first
	}
	c.seg.to, c.seg.last = l.id, l.last
	c.weight += weight
	one := streamSumsOf(&l.deliveryRow)
	c.sums.add(&one)
	if !l.isTail {
		return nil
	}
	c.tail += weight
	batch.Reset()
	if err := decodeRows(batch, []byte(l.lines)); err != nil {
		return faultf(ErrCorrupt, "rows of delivery %d in the tail: %v", l.id, err)
	}
	if n := int64(batch.Len() + len(batch.Rejected)); n != l.stored+l.rejected {
		return faultf(ErrCorrupt, "delivery %d has %d rows in the tail, want %d", l.id, n, l.stored+l.rejected)
	}
	return c.file.addDelivery(&l.deliveryRow, batch)
}

// addDelivery adds the rows of a delivery with their numbers.
func (c *columnFile) addDelivery(d *deliveryRow, b *outage.Batch) error {
	for i := range b.Len() + len(b.Rejected) {
		var err error
		if i < b.Len() {
			err = c.table.add(b, i)
		} else {
			err = c.table.reject(&b.Rejected[i-b.Len()])
		}
		if err != nil {
			return err
		}
		t := c.table
		t.integer(columnSequence, d.first+int64(i), 0)
		t.integer(columnDelivery, d.id, 0)
		t.integer(columnStream, d.stream, 0)
		t.moment(columnReceived, d.received)
		if err := c.turn(); err != nil {
			return err
		}
	}
	return nil
}

// moment puts microseconds.
func (t *table) moment(column int, us int64) {
	at := instant(us)
	v := &t.Columns[column]
	v.Nanos = append(v.Nanos, int32(at.Nanosecond()))
	t.integer(column, at.Unix(), 0)
}

// compacted writes the entry of a segment that was made of the tail, and clears
// that.
func (t *transaction) compacted(ctx context.Context, c *compaction) error {
	if err := t.store.hook("compact"); err != nil {
		return err
	}
	sums, err := c.file.sums(c.file.footer)
	if err != nil {
		return err
	}
	c.seg.name, c.seg.rows, c.seg.filled, c.seg.sums = segmentName(c.seg.first, c.seg.last), c.file.rows, c.file.table.filled, sums
	if err := t.install(c.file, c.seg.name); err != nil {
		return err
	}
	if err := syncFolder(t.store.folder()); err != nil {
		return err
	}
	if err := t.segment(ctx, &c.seg, c.sums.sorted()); err != nil {
		return err
	}
	if err := t.store.hook("clear"); err != nil {
		return err
	}
	if _, err := t.insert.conn.ExecContext(ctx, "DELETE FROM tail WHERE delivery BETWEEN ? AND ?", c.seg.from, c.seg.to); err != nil {
		return catalogueError(err)
	}
	t.end.pending -= c.weight
	t.end.tail -= c.tail
	return nil
}
