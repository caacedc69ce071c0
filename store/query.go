package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// At is the last sequence that was received at or before an instant; 0 where
// nothing was.
func (s *Store) At(ctx context.Context, t time.Time) (int64, error) {
	v, err := s.view(ctx)
	if err != nil {
		return 0, err
	}
	defer v.close()
	id, err := v.upTo(ctx, "received", microseconds(t))
	if err != nil || id == 0 {
		return 0, err
	}
	d, _, err := v.delivery(ctx, id)
	return d.last, err
}

// Withdrawn says whether one of the deliveries up to a sequence was withdrawn
// behind it, up to another (0: now): then who follows the store must read anew.
func (s *Store) Withdrawn(ctx context.Context, after, until int64) (bool, error) {
	return s.any(ctx, after, until, "SELECT count(*) FROM withdrawal WHERE by > ?1 AND by <= ?2 AND delivery <= ?1")
}

// BaseChanged says whether the base was told anew, or some of it withdrawn,
// behind one sequence, up to another (0: now).
func (s *Store) BaseChanged(ctx context.Context, after, until int64) (bool, error) {
	return s.any(ctx, after, until, `SELECT (SELECT count(*) FROM base WHERE delivery > ?1 AND delivery <= ?2) +
		(SELECT count(*) FROM withdrawal w JOIN base b ON b.delivery = w.delivery WHERE w.by > ?1 AND w.by <= ?2)`)
}

func (s *Store) any(ctx context.Context, after, until int64, text string) (bool, error) {
	v, err := s.view(ctx)
	if err != nil {
		return false, err
	}
	defer v.close()
	from, to, err := v.cuts(ctx, after, until)
	if err != nil {
		return false, err
	}
	var n int64
	if err := v.tx.QueryRowContext(ctx, text, from, to).Scan(&n); err != nil {
		return false, catalogueError(err)
	}
	return n > 0, nil
}

// bases are the files of the base in force up to a delivery, of each source,
// channel and name the last, in the order of the names.
func (v *view) bases(ctx context.Context, cut int64) ([]baseFile, error) {
	withdrawn, err := v.withdrawn(ctx, cut)
	if err != nil {
		return nil, err
	}
	list, err := query(ctx, v, scanBase, "SELECT delivery, name, rows, bytes, crc32c, sha256, sum FROM base WHERE delivery <= ? ORDER BY delivery", cut)
	if err != nil {
		return nil, err
	}
	last := map[[3]string]baseFile{}
	for _, b := range list {
		if withdrawn[b.info.ID] > 0 {
			continue
		}
		d, _, err := v.delivery(ctx, b.info.ID)
		if err != nil {
			return nil, err
		}
		if b.info, err = v.info(ctx, &d, 0); err != nil {
			return nil, err
		}
		last[[3]string{b.info.Source, b.info.Channel, b.info.Name}] = b
	}
	files := make([]baseFile, 0, len(last))
	for _, b := range last {
		files = append(files, b)
	}
	slices.SortFunc(files, func(x, y baseFile) int {
		return cmp.Or(cmp.Compare(x.info.Source, y.info.Source), cmp.Compare(x.info.Name, y.info.Name), cmp.Compare(x.info.ID, y.info.ID))
	})
	return files, nil
}

func scanBase(rows *sql.Rows) (b baseFile, err error) {
	var sum int64
	if err := rows.Scan(&b.info.ID, &b.name, &b.rows, &b.bytes, &b.crc, &b.sha256, &sum); err != nil {
		return b, err
	}
	return b, checkSum("base", b.info.ID, sum, b.info.ID, b.name, b.rows, b.bytes, b.crc, b.sha256)
}

// defaultLimit is how many deliveries are listed where nothing is said.
const defaultLimit = 100

// Deliveries lists deliveries.
func (s *Store) Deliveries(ctx context.Context, q Query) ([]DeliveryInfo, error) {
	text, args := q.text()
	return s.infos(ctx, text, args...)
}

// text is the query in SQL.
func (q *Query) text() (text string, args []any) {
	text = "SELECT " + deliveryColumns + ", coalesce(w.by, 0) FROM delivery d JOIN stream s ON s.id = d.stream LEFT JOIN withdrawal w ON w.delivery = d.id WHERE 1"
	order := " ORDER BY d.id"
	if q.Newest {
		order = " ORDER BY d.id DESC"
	}
	if q.After > 0 && q.Newest {
		text, args = text+" AND d.id < ?", append(args, q.After)
	} else if q.After > 0 {
		text, args = text+" AND d.id > ?", append(args, q.After)
	}
	if q.Kind != 0 {
		text, args = text+" AND s.kind = ?", append(args, int64(q.Kind))
	}
	if q.Source != "" {
		text, args = text+" AND s.source = ?", append(args, q.Source)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	return text + order + " LIMIT ?", append(args, int64(limit))
}

// Delivery is what is known of one delivery, or [ErrUnknown].
func (s *Store) Delivery(ctx context.Context, id int64) (DeliveryInfo, error) {
	list, err := s.infos(ctx, "SELECT "+deliveryColumns+", coalesce(w.by, 0) FROM delivery d LEFT JOIN withdrawal w ON w.delivery = d.id WHERE d.id = ?", id)
	if err != nil {
		return DeliveryInfo{}, err
	}
	if len(list) == 0 {
		return DeliveryInfo{}, faultf(ErrUnknown, "there is no delivery %d", id)
	}
	return list[0], nil
}

// A marked delivery is one with the delivery that withdrew it.
type marked struct {
	deliveryRow
	by int64
}

func scanMarked(rows *sql.Rows) (m marked, err error) {
	d, sum := &m.deliveryRow, int64(0)
	err = rows.Scan(&d.id, &d.stream, &d.received, &d.sha256, &d.first, &d.last, &d.rows, &d.stored, &d.rejected, &d.skipped,
		&d.covers, &d.position, &d.warnings, &sum, &m.by)
	if err == nil && d.sum() != sum {
		err = checkSum("delivery", d.id, sum)
	}
	return m, err
}

func (s *Store) infos(ctx context.Context, text string, args ...any) ([]DeliveryInfo, error) {
	v, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	defer v.close()
	list, err := query(ctx, v, scanMarked, text, args...)
	if err != nil {
		return nil, err
	}
	infos := make([]DeliveryInfo, len(list))
	for i := range list {
		if infos[i], err = v.info(ctx, &list[i].deliveryRow, list[i].by); err != nil {
			return nil, err
		}
	}
	return infos, nil
}

// A noteRow is a position that was noted for a delivery told again.
type noteRow struct {
	id       int64
	source   string
	delivery int64
	position string
	behind   int64 // the last delivery at that time
}

func scanNote(rows *sql.Rows) (n noteRow, err error) {
	var sum int64
	if err := rows.Scan(&n.id, &n.source, &n.delivery, &n.position, &n.behind, &sum); err != nil {
		return n, err
	}
	return n, checkSum("note", n.id, sum, n.id, n.source, n.delivery, n.position, n.behind)
}

// lastNote is the last note of a source or of one delivery of it.
func lastNote(ctx context.Context, q querier, where string, args ...any) (noteRow, error) {
	rows, err := q.QueryContext(ctx, "SELECT id, source, delivery, position, behind, sum FROM note WHERE "+where+" ORDER BY id DESC LIMIT 1", args...)
	if err != nil {
		return noteRow{}, catalogueError(err)
	}
	list, err := scanAll(rows, scanNote)
	if err != nil || len(list) == 0 {
		return noteRow{}, err
	}
	return list[0], nil
}

// position is that of a delivery as it was noted last.
func position(ctx context.Context, q querier, d *deliveryRow) (string, error) {
	stream, err := loadStream(ctx, q, d.stream)
	if err != nil {
		return "", err
	}
	note, err := lastNote(ctx, q, "source = ? AND delivery = ?", stream.Source, d.id)
	if err != nil || note.id == 0 {
		return d.position, err
	}
	return note.position, nil
}

// Position is the position of the last delivery of a source that has one, be it
// one that was told again; empty where none has.
func (s *Store) Position(ctx context.Context, source string) (string, error) {
	v, err := s.view(ctx)
	if err != nil {
		return "", err
	}
	defer v.close()
	ids, err := query(ctx, v, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) }, "SELECT id FROM stream WHERE source = ?", source)
	if err != nil {
		return "", err
	}
	var last deliveryRow
	for _, id := range ids {
		list, err := query(ctx, v, scanDelivery, "SELECT "+deliveryColumns+" FROM delivery d WHERE d.stream = ? AND d.position <> '' ORDER BY d.id DESC LIMIT 1", id)
		if err != nil {
			return "", err
		}
		if len(list) > 0 && list[0].id > last.id {
			last = list[0]
		}
	}
	note, err := lastNote(ctx, v.tx, "source = ?", source)
	if err != nil || note.id == 0 || note.behind < last.id {
		return last.position, err
	}
	return note.position, nil
}

// Remembered lists the files of a source that no later one took the place of, in
// the order in which they were told: those in force, and those withdrawn by hand,
// which are not to be told again as they are.
func (s *Store) Remembered(ctx context.Context, source string) ([]Remembrance, error) {
	v, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	defer v.close()
	list, err := query(ctx, v, scanDelivery, "SELECT "+deliveryColumns+` FROM stream s JOIN delivery d ON d.stream = s.id
		WHERE s.source = ? AND s.channel = ? AND NOT EXISTS (SELECT 1 FROM withdrawal w JOIN delivery b ON b.id = w.by JOIN stream r ON r.id = b.stream
			WHERE w.delivery = d.id AND r.kind <> ?) ORDER BY d.id`, source, File, Withdrawal)
	if err != nil {
		return nil, err
	}
	withdrawn, err := v.withdrawn(ctx, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	files := make([]Remembrance, len(list))
	for i := range list {
		d := &list[i]
		stream, err := v.stream(ctx, d.stream)
		if err != nil {
			return nil, err
		}
		files[i] = Remembrance{Kind: stream.Kind, Name: stream.Name, SHA256: d.sha256, Delivery: d.id, Withdrawn: withdrawn[d.id] != 0}
		if files[i].Position, err = position(ctx, v.tx, d); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// Withdraw makes a delivery of events or of the base count no longer. One that
// was withdrawn before gives the receipt of that, with Again.
func (s *Store) Withdraw(ctx context.Context, delivery int64, who, why string) (Receipt, error) {
	if s.lock == nil {
		return Receipt{}, ErrReadOnly
	}
	var receipt Receipt
	p, err := prepareHead(Head{Stream: Stream{Kind: Withdrawal, Who: who}, Warnings: []string{why}})
	if err != nil {
		return receipt, err
	}
	r := &request{done: make(chan struct{}), other: func(ctx context.Context, t *transaction) (err error) {
		receipt, err = t.withdrawal(ctx, delivery, &p)
		return err
	}}
	if err := s.submit(ctx, r); err != nil {
		return Receipt{}, err
	}
	return receipt, nil
}

func (t *transaction) withdrawal(ctx context.Context, delivery int64, p *prepared) (Receipt, error) {
	d, err := t.one(ctx, delivery)
	if err != nil {
		return Receipt{}, err
	}
	stream, err := loadStream(ctx, t.insert.conn, d.stream)
	if err != nil {
		return Receipt{}, err
	}
	if stream.Kind == Withdrawal {
		return Receipt{}, fmt.Errorf("withdraw delivery %d: it is a withdrawal itself; tell what it withdrew again instead", delivery)
	}
	var by int64
	err = t.insert.conn.QueryRowContext(ctx, "SELECT by FROM withdrawal WHERE delivery = ?", delivery).Scan(&by)
	again := err == nil
	switch {
	case again:
		d, err = t.one(ctx, by)
	case errors.Is(err, sql.ErrNoRows):
		if d, err = t.deliver(ctx, p); err == nil {
			err = t.withdraw(ctx, delivery, d.id)
		}
	default:
		err = catalogueError(err)
	}
	return Receipt{Delivery: d.id, First: d.first, Last: d.last, Received: instant(d.received), Again: again}, err
}

// one is a delivery as the transaction sees it.
func (t *transaction) one(ctx context.Context, id int64) (deliveryRow, error) {
	rows, err := t.insert.conn.QueryContext(ctx, "SELECT "+deliveryColumns+" FROM delivery d WHERE d.id = ?", id)
	if err != nil {
		return deliveryRow{}, catalogueError(err)
	}
	list, err := scanDeliveries(rows)
	if err == nil && len(list) == 0 {
		err = faultf(ErrUnknown, "there is no delivery %d", id)
	}
	if err != nil {
		return deliveryRow{}, err
	}
	return list[0], nil
}
