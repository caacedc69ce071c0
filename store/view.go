package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
)

// A view is the catalogue as it was at one moment.
type view struct {
	tx    *sql.Tx
	store *Store
}

func (s *Store) view(ctx context.Context) (*view, error) {
	if s.stopping.Err() != nil {
		return nil, ErrClosed
	}
	tx, err := s.reading.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("read the store: %w", catalogueError(err))
	}
	return &view{tx, s}, nil
}

func (v *view) close() { _ = v.tx.Rollback() } // nothing was changed

// A deliveryRow is a row of the table delivery.
type deliveryRow struct {
	id, stream, received       int64
	sha256                     string
	first, last                int64
	rows, stored, rejected     int64
	skipped                    int64
	covers, position, warnings string
}

const deliveryColumns = "d.id, d.stream, d.received, d.sha256, d.first, d.last, d.rows, d.stored, d.rejected, d.skipped, d.covers, d.position, d.warnings, d.sum"

func (d *deliveryRow) sum() int64 {
	return rowSum(d.id, d.stream, d.received, d.sha256, d.first, d.last, d.rows, d.stored, d.rejected, d.skipped, d.covers, d.position, d.warnings)
}

// pending is what the delivery counts for compaction, of which only events have
// rows in segments.
func (d *deliveryRow) pending(isTail bool) int64 {
	if isTail {
		return d.stored + d.rejected
	}
	return 1
}

func scanDelivery(rows *sql.Rows) (d deliveryRow, err error) {
	var sum int64
	err = rows.Scan(&d.id, &d.stream, &d.received, &d.sha256, &d.first, &d.last, &d.rows, &d.stored, &d.rejected, &d.skipped,
		&d.covers, &d.position, &d.warnings, &sum)
	if err == nil && d.sum() != sum {
		err = checkSum("delivery", d.id, sum)
	}
	return d, err
}

func scanDeliveries(rows *sql.Rows) ([]deliveryRow, error) { return scanAll(rows, scanDelivery) }

// scanAll reads all rows.
func scanAll[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) (list []T, err error) {
	err = scanEach(rows, scan, func(item T) error {
		list = append(list, item)
		return nil
	})
	return list, err
}

// scanEach gives row after row.
func scanEach[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error), take func(T) error) error {
	defer func() { _ = rows.Close() }() // its error is that of Err
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return catalogueError(err)
		}
		if err := take(item); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return catalogueError(err)
	}
	return nil
}

// query is a query of the view whose rows are all read.
func query[T any](ctx context.Context, v *view, scan func(*sql.Rows) (T, error), text string, args ...any) ([]T, error) {
	rows, err := v.tx.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, catalogueError(err)
	}
	return scanAll(rows, scan)
}

// last is the number of the last delivery, 0 where there is none.
func (v *view) last(ctx context.Context) (id int64, err error) {
	if err := v.tx.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM delivery").Scan(&id); err != nil {
		return 0, catalogueError(err)
	}
	return id, nil
}

// upTo is the last delivery of which a column, which only grows, is at most
// the bound; 0 where there is none.
func (v *view) upTo(ctx context.Context, column string, bound int64) (int64, error) {
	last, err := v.last(ctx)
	if err != nil {
		return 0, err
	}
	stmt, err := v.tx.PrepareContext(ctx, "SELECT "+column+" FROM delivery WHERE id = ?")
	if err != nil {
		return 0, catalogueError(err)
	}
	defer func() { _ = stmt.Close() }() // nothing was changed
	above := sort.Search(int(last), func(i int) bool {
		var value int64
		if err == nil {
			err = stmt.QueryRowContext(ctx, int64(i)+1).Scan(&value)
		}
		return value > bound
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, faultf(ErrCorrupt, "the store is damaged: deliveries are missing from the catalogue: restore the store from a backup; saidi store verify lists what is damaged")
	}
	return int64(above), catalogueError(err)
}

// cut is the last delivery that counts as known at a sequence, 0: now.
func (v *view) cut(ctx context.Context, sequence int64) (int64, error) {
	if sequence == 0 {
		return v.last(ctx)
	}
	return v.upTo(ctx, "last", sequence)
}

// cuts are the deliveries up to two sequences, of which the first may be 0: none.
func (v *view) cuts(ctx context.Context, after, until int64) (from, to int64, err error) {
	if after > 0 {
		if from, err = v.cut(ctx, after); err != nil {
			return 0, 0, err
		}
	}
	to, err = v.cut(ctx, until)
	return from, to, err
}

// delivery is one row, if there is one.
func (v *view) delivery(ctx context.Context, id int64) (d deliveryRow, found bool, err error) {
	list, err := query(ctx, v, scanDelivery, "SELECT "+deliveryColumns+" FROM delivery d WHERE d.id = ?", id)
	if err != nil || len(list) == 0 {
		return d, false, err
	}
	return list[0], true, nil
}

// stream is a stream by its number, which never changes its meaning once it is
// committed.
func (v *view) stream(ctx context.Context, id int64) (Stream, error) {
	if known, ok := v.store.streams.Load(id); ok {
		return known.(Stream), nil
	}
	s, err := loadStream(ctx, v.tx, id)
	if err == nil {
		v.store.streams.Store(id, s)
	}
	return s, err
}

func loadStream(ctx context.Context, q querier, id int64) (Stream, error) {
	var kind, sum int64
	var source, channel, name, spec string
	row := q.QueryRowContext(ctx, "SELECT kind, source, channel, name, spec, sum FROM stream WHERE id = ?", id)
	err := row.Scan(&kind, &source, &channel, &name, &spec, &sum)
	if errors.Is(err, sql.ErrNoRows) {
		return Stream{}, faultf(ErrCorrupt, "the store is damaged: stream %d is missing from the catalogue: restore the store from a backup", id)
	}
	if err != nil {
		return Stream{}, catalogueError(err)
	}
	if err := checkSum("stream", id, sum, id, kind, source, channel, name, spec); err != nil {
		return Stream{}, err
	}
	return parseStream(spec)
}

// withdrawn are the deliveries that no longer count as known at a delivery, by
// which one.
func (v *view) withdrawn(ctx context.Context, cut int64) (map[int64]int64, error) {
	list, err := query(ctx, v, scanWithdrawal, "SELECT delivery, by, sum FROM withdrawal WHERE by <= ?", cut)
	if err != nil {
		return nil, err
	}
	by := make(map[int64]int64, len(list))
	for _, w := range list {
		by[w.delivery] = w.by
	}
	return by, nil
}

type withdrawalRow struct{ delivery, by int64 }

func scanWithdrawal(rows *sql.Rows) (w withdrawalRow, err error) {
	var sum int64
	if err := rows.Scan(&w.delivery, &w.by, &sum); err != nil {
		return w, err
	}
	return w, checkSum("withdrawal", w.delivery, sum, w.delivery, w.by)
}

// info is all that is known of a delivery.
func (v *view) info(ctx context.Context, d *deliveryRow, by int64) (info DeliveryInfo, err error) {
	stream, err := v.stream(ctx, d.stream)
	if err != nil {
		return info, err
	}
	info = DeliveryInfo{
		Head: Head{Stream: stream, SHA256: d.sha256, Rows: int(d.rows), Skipped: int(d.skipped), Position: d.position},
		ID:   d.id, StreamID: d.stream, First: d.first, Last: d.last, Received: instant(d.received),
		Stored: int(d.stored), Rejected: int(d.rejected), WithdrawnBy: by,
	}
	if info.Covers, err = parseCovers(d.covers); err != nil {
		return info, err
	}
	if d.warnings != "" {
		if err := json.Unmarshal([]byte(d.warnings), &info.Warnings); err != nil {
			return info, fmt.Errorf("warnings of delivery %d: %w", d.id, err)
		}
	}
	return info, nil
}

// A segment is an entry of the table segment.
type segment struct {
	from, to    int64 // deliveries
	name        string
	first, last int64 // sequences
	rows        int64
	filled      int64 // a bit for each column that says anything, isSealed and isSingle
	sums
}

const segmentFields = "from_delivery, to_delivery, name, first, last, rows, filled, bytes, crc32c, sha256, sum"

func (s *segment) sum() int64 {
	return rowSum(s.from, s.to, s.name, s.first, s.last, s.rows, s.filled, s.bytes, s.crc, s.sha256)
}

func scanSegment(rows *sql.Rows) (s segment, err error) {
	var sum int64
	err = rows.Scan(&s.from, &s.to, &s.name, &s.first, &s.last, &s.rows, &s.filled, &s.bytes, &s.crc, &s.sha256, &sum)
	if err == nil && s.sum() != sum {
		err = checkSum("segment", s.from, sum)
	}
	return s, err
}

// segments are those that reach beyond a delivery, in order.
func (v *view) segments(ctx context.Context, beyond int64) ([]segment, error) {
	return query(ctx, v, scanSegment, "SELECT "+segmentFields+" FROM segment WHERE to_delivery > ? ORDER BY from_delivery", beyond)
}

// A span is the deliveries from one to another, both included.
type span struct{ from, to int64 }

// gaps are the deliveries up to one that lie in no segment.
func gaps(list []segment, beyond, upTo int64) (spans []span) {
	next := beyond + 1
	for i := range list {
		if list[i].from > next {
			spans = append(spans, span{next, min(list[i].from-1, upTo)})
		}
		next = max(next, list[i].to+1)
		if next > upTo {
			return spans
		}
	}
	if next <= upTo {
		spans = append(spans, span{next, upTo})
	}
	return spans
}
