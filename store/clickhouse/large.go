package clickhouse

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// defaultStretchRows is how many rows of a delivery a server puts in order at once,
// in memory and before it sends the first of them.
const defaultStretchRows = 2 << 20

// pageRows is how many rows of a shard are read ahead at once.
const pageRows = 16 << 10

// large reads a delivery of many rows: each shard puts its own in order, and here
// they are merged.
func (r *reading) large(ctx context.Context, d *delivery) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	streams := make([]*stream, len(r.cluster.shards))
	for i, l := range r.cluster.shards {
		streams[i] = &stream{pages: make(chan *gathering, 2)}
		go r.pour(ctx, l, d, streams[i])
	}
	found := int64(0)
	for {
		next, err := first(streams)
		if err != nil {
			return fmt.Errorf("read the store: %w", err)
		}
		if next == nil {
			break
		}
		m := &next.page.marks[next.at]
		next.at++
		if next.last == int64(m.ordinal) { // it was inserted twice
			continue
		}
		next.last = int64(m.ordinal)
		found++
		if d.sequence(m.ordinal) <= r.after {
			continue
		}
		if err := r.give.row(next.page.batch, m); err != nil {
			return err
		}
	}
	if found != d.kept() {
		return missing(d, found)
	}
	return nil
}

// A stream is the rows of a delivery on one shard, in order.
type stream struct {
	pages chan *gathering // closed at the end
	err   error           // once it is closed
	page  *gathering
	at    int
	last  int64 // ordinal
	begun bool
}

// first is the stream whose next row comes first; nil where there is none.
func first(streams []*stream) (next *stream, err error) {
	for _, s := range streams {
		if !s.begun {
			s.begun, s.last = true, -1
		}
		for s.page == nil || s.at == len(s.page.marks) {
			page, more := <-s.pages
			if !more {
				if s.err != nil {
					return nil, s.err
				}
				s.page = nil
				break
			}
			s.page, s.at = page, 0
		}
		if s.page != nil && (next == nil || s.page.marks[s.at].ordinal < next.page.marks[next.at].ordinal) {
			next = s
		}
	}
	return next, nil
}

// pour reads the rows of a delivery on a shard, in order.
func (r *reading) pour(ctx context.Context, l *link, d *delivery, s *stream) {
	defer close(s.pages)
	for _, part := range d.stretches(r.stretchRows) {
		if s.err = r.pourStretch(ctx, l, d, part, s); s.err != nil {
			return
		}
	}
}

// stretches cuts the ordinals of a delivery, those of rejected rows too, into
// stretches of so many at most, each from one to before another.
func (d *delivery) stretches(rows int64) (list [][2]uint32) {
	for _, run := range [][2]int64{{0, d.stored}, {rejectedFrom, rejectedFrom + d.rejected}} {
		for from := run[0]; from < run[1]; from += rows {
			list = append(list, [2]uint32{uint32(from), uint32(min(from+rows, run[1]))})
		}
	}
	return list
}

func (r *reading) pourStretch(ctx context.Context, l *link, d *delivery, part [2]uint32, s *stream) error {
	asking, err := with(ctx, numbers("asked", "ticket", []uint64{d.ticket}))
	if err != nil {
		return err
	}
	row, page := newScanned(), newGathering(r.give.chunk.Batch.Dict)
	text := "SELECT " + rowFields + " FROM row_here WHERE " + ofTickets + " AND ordinal >= ? AND ordinal < ? ORDER BY ordinal"
	err = l.query(asking, text, []any{part[0], part[1]}, func(rows driver.Rows) error {
		if err := row.scan(rows); err != nil {
			return err
		}
		page.add(row, d.id, false)
		if len(page.marks) < pageRows {
			return nil
		}
		full := page
		page = newGathering(full.batch.Dict)
		return s.send(ctx, full)
	})
	if err != nil {
		return err
	}
	return s.send(ctx, page)
}

func (s *stream) send(ctx context.Context, page *gathering) error {
	select {
	case s.pages <- page:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
