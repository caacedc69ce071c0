package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// A prepared delivery is ready to be written: texts are made, files are whole.
type prepared struct {
	head             Head
	spec             string // of the stream
	covers, warnings string // as stored
	key              int64  // by which one told before is found; 0: it is not looked for
	stored, rejected int64
	lines            []byte // rows for the tail
	file             *columnFile
}

// prepare does all that can be done before the writer's turn.
func (s *Store) prepare(told *Told) (p prepared, err error) {
	parcel := told.gathered()
	switch {
	case told.Head.Kind != Events && told.Head.Kind != Base, parcel != nil && parcel.isBase && told.Head.Kind != Base:
		return p, errRows
	case told.Head.Kind == Base && (parcel == nil || !parcel.isBase):
		parcel.adopt()
		if parcel == nil || !parcel.isBase {
			return p, errRows
		}
	case parcel != nil && parcel.done:
		return p, errors.New("put: the parcel was put or discarded already")
	}
	if err := parcel.ready(); err != nil {
		return p, err
	}
	if p, err = prepareHead(told.Head); err != nil || parcel == nil {
		return p, err
	}
	p.stored, p.rejected, p.file = int64(parcel.stored), int64(parcel.rejected), parcel.file
	if p.file == nil {
		p.lines = append(parcel.rows[:len(parcel.rows):len(parcel.rows)], parcel.rejects...)
	}
	return p, nil
}

// gathered is the parcel of what is told, nil where there is none. Only those of
// [Store.Begin] may be put into a Store.
func (t *Told) gathered() *parcel {
	if t.Parcel == nil {
		return nil
	}
	return t.Parcel.(*parcel)
}

// adopt makes an empty parcel one of the base.
func (p *parcel) adopt() {
	if p != nil && p.stored+p.rejected == 0 {
		p.isBase = true
	}
}

func prepareHead(h Head) (p prepared, err error) {
	h.SHA256 = strings.ToLower(h.SHA256)
	p.head = h
	if p.spec, err = h.spec(); err != nil {
		return p, err
	}
	if p.covers, err = coversText(h.Covers); err != nil {
		return p, err
	}
	if len(h.Warnings) > 0 {
		text, err := json.Marshal(h.Warnings)
		if err != nil {
			return p, err
		}
		p.warnings = string(text)
	}
	if h.SHA256 != "" {
		p.key = keyOf(&h, p.covers)
	}
	return p, nil
}

// keyOf tells deliveries apart that are not the same told again. It is never 0.
func keyOf(h *Head, covers string) int64 {
	name := ""
	if h.Channel == File {
		name = h.Name
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d %q %q %q %q %q %q", h.Kind, h.Source, h.Channel, h.SHA256, covers, h.Mapping, name)))
	return int64(binary.BigEndian.Uint64(sum[:]) | 1)
}

// isAgain says whether a delivery is one that was stored.
func (p *prepared) isAgain(h *Head) bool {
	return h.Kind == p.head.Kind && h.Source == p.head.Source && h.Channel == p.head.Channel && h.SHA256 == p.head.SHA256 &&
		h.Mapping == p.head.Mapping && (h.Channel != File || h.Name == p.head.Name)
}

// put stores one delivery, unless it is stored already.
func (t *transaction) put(ctx context.Context, p *prepared) (Receipt, error) {
	old, found, err := t.again(ctx, p)
	if err != nil {
		return Receipt{}, err
	}
	var replaced []int64
	if p.head.Replace {
		if replaced, err = t.inForce(ctx, &p.head.Stream); err != nil {
			return Receipt{}, err
		}
	}
	if found && (len(replaced) == 0 || len(replaced) == 1 && replaced[0] == old.id) {
		err := t.notePosition(ctx, p, &old)
		return Receipt{Delivery: old.id, First: old.first, Last: old.last, Received: instant(old.received), Again: true}, err
	}
	d, err := t.deliver(ctx, p)
	if err != nil {
		return Receipt{}, err
	}
	for _, id := range replaced {
		if err := t.withdraw(ctx, id, d.id); err != nil {
			return Receipt{}, err
		}
	}
	return Receipt{Delivery: d.id, First: d.first, Last: d.last, Received: instant(d.received)}, nil
}

// again looks for the delivery among those in force.
func (t *transaction) again(ctx context.Context, p *prepared) (old deliveryRow, found bool, err error) {
	if p.key == 0 {
		return old, false, nil
	}
	rows, err := t.insert.findKey.QueryContext(ctx, p.key)
	if err != nil {
		return old, false, catalogueError(err)
	}
	list, err := scanDeliveries(rows)
	if err != nil {
		return old, false, err
	}
	for _, d := range list {
		stream, err := loadStream(ctx, t.insert.conn, d.stream)
		if err != nil {
			return old, false, err
		}
		if d.covers == p.covers && p.isAgain(&Head{Stream: stream, SHA256: d.sha256}) {
			return d, true, nil
		}
	}
	return old, false, nil
}

// notePosition keeps the position of a delivery that was told again, where it
// is another one.
func (t *transaction) notePosition(ctx context.Context, p *prepared, old *deliveryRow) error {
	if p.head.Position == "" {
		return nil
	}
	is, err := position(ctx, t.insert.conn, old)
	if err != nil || is == p.head.Position {
		return err
	}
	var id int64
	if err := t.insert.conn.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) + 1 FROM note").Scan(&id); err != nil {
		return catalogueError(err)
	}
	behind := t.end.delivery
	return t.exec(ctx, t.insert.note, id, p.head.Source, old.id, p.head.Position, behind, rowSum(id, p.head.Source, old.id, p.head.Position, behind))
}

// exec executes a statement.
func (t *transaction) exec(ctx context.Context, stmt *sql.Stmt, args ...any) error {
	if _, err := stmt.ExecContext(ctx, args...); err != nil {
		return catalogueError(err)
	}
	return nil
}

// deliver gives a delivery its numbers and writes it with its rows.
func (t *transaction) deliver(ctx context.Context, p *prepared) (deliveryRow, error) {
	stream, err := t.stream(ctx, &p.head.Stream, p.spec)
	if err != nil {
		return deliveryRow{}, err
	}
	d := deliveryRow{
		id: t.end.delivery + 1, stream: stream, received: max(t.end.received, microseconds(t.store.options.Now())), sha256: p.head.SHA256,
		first: t.end.sequence + 1, last: t.end.sequence + max(1, p.stored+p.rejected), rows: int64(p.head.Rows), stored: p.stored, rejected: p.rejected,
		skipped: int64(p.head.Skipped), covers: p.covers, position: p.head.Position, warnings: p.warnings,
	}
	key := sql.NullInt64{Int64: p.key, Valid: p.key != 0}
	if err := t.exec(ctx, t.insert.delivery, d.id, d.stream, d.received, d.sha256, key, d.first, d.last, d.rows, d.stored, d.rejected,
		d.skipped, d.covers, d.position, d.warnings, d.sum()); err != nil {
		return d, err
	}
	t.news = true
	t.end.delivery, t.end.sequence, t.end.received = d.id, d.last, d.received
	if p.head.Kind == Events {
		t.end.rows, t.end.rejected = t.end.rows+d.stored, t.end.rejected+d.rejected
	}
	return d, t.rows(ctx, p, &d)
}

// rows writes the rows of a delivery to where they belong.
func (t *transaction) rows(ctx context.Context, p *prepared, d *deliveryRow) error {
	switch {
	case p.head.Kind == Base:
		t.end.pending++
		return t.base(ctx, p, d)
	case p.file != nil:
		return t.ownSegment(ctx, p, d)
	case len(p.lines) == 0:
		t.end.pending++
		return nil
	}
	t.end.pending += d.stored + d.rejected
	t.end.tail += d.stored + d.rejected
	lines := string(p.lines)
	return t.exec(ctx, t.insert.tail, d.id, lines, rowSum(d.id, lines))
}

// install gives a file that is whole its name, and takes that back if the
// transaction fails.
func (t *transaction) install(file *columnFile, name string) error {
	before := file.path
	if err := t.store.hook("rename"); err != nil {
		return err
	}
	if err := file.move(filepath.Join(t.store.folder(), name)); err != nil {
		return err
	}
	t.undo = append(t.undo, func() error { return file.move(before) })
	return t.store.hook("renamed")
}

// base writes the entry of a file of the base.
func (t *transaction) base(ctx context.Context, p *prepared, d *deliveryRow) error {
	sums, err := p.file.sums(p.file.footer)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("base-%012d.parquet", d.id)
	if err := t.install(p.file, name); err != nil {
		return err
	}
	return t.exec(ctx, t.insert.base, d.id, name, d.stored, sums.bytes, sums.crc, sums.sha256,
		rowSum(d.id, name, d.stored, sums.bytes, sums.crc, sums.sha256))
}

// ownSegment writes the entry of a segment that is of one delivery.
func (t *transaction) ownSegment(ctx context.Context, p *prepared, d *deliveryRow) error {
	sums, err := p.file.numbered(d.first, d.received, d.id, d.stream)
	if err != nil {
		return err
	}
	seg := segment{
		from: d.id, to: d.id, name: segmentName(d.first, d.last), first: d.first, last: d.last, rows: p.file.rows,
		filled: p.file.table.filled | isSingle, sums: sums,
	}
	if err := t.install(p.file, seg.name); err != nil {
		return err
	}
	return t.segment(ctx, &seg, []streamSums{streamSumsOf(d)})
}

func segmentName(first, last int64) string { return fmt.Sprintf("%015d-%015d.parquet", first, last) }

// segment writes the entry of a segment, and what its deliveries add up to.
func (t *transaction) segment(ctx context.Context, seg *segment, list []streamSums) error {
	if err := t.exec(ctx, t.insert.segment, seg.from, seg.to, seg.name, seg.first, seg.last, seg.rows, seg.filled, seg.bytes, seg.crc, seg.sha256, seg.sum()); err != nil {
		return err
	}
	t.end.segments++
	for i := range list {
		l := &list[i]
		covers, err := coversText(l.covers)
		if err != nil {
			return err
		}
		if err := t.exec(ctx, t.insert.segmentStream, seg.from, l.stream, l.deliveries, l.rows, l.stored, l.rejected, l.skipped, covers,
			l.lastDelivery, l.firstReceived, l.lastReceived, l.sum(seg.from, covers)); err != nil {
			return err
		}
	}
	return nil
}

// stream is the number of a stream, a new one where it is new.
func (t *transaction) stream(ctx context.Context, s *Stream, spec string) (id int64, err error) {
	if id, ok := t.insert.known[spec]; ok {
		return id, nil
	}
	if id, ok := t.streams[spec]; ok {
		return id, nil
	}
	err = t.insert.findStream.QueryRowContext(ctx, spec).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		id, err = t.newStream(ctx, s, spec)
	}
	if err != nil {
		return 0, catalogueError(err)
	}
	t.streams[spec] = id
	return id, nil
}

func (t *transaction) newStream(ctx context.Context, s *Stream, spec string) (id int64, err error) {
	if err := t.insert.conn.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) + 1 FROM stream").Scan(&id); err != nil {
		return 0, err
	}
	kind := int64(s.Kind)
	return id, t.exec(ctx, t.insert.stream, id, kind, s.Source, s.Channel, s.Name, spec, rowSum(id, kind, s.Source, s.Channel, s.Name, spec))
}

// inForce lists the deliveries in force of a stream's kind, source, channel and
// name.
func (t *transaction) inForce(ctx context.Context, s *Stream) (ids []int64, err error) {
	rows, err := t.insert.conn.QueryContext(ctx, `SELECT d.id FROM stream s JOIN delivery d ON d.stream = s.id
		WHERE s.source = ? AND s.channel = ? AND s.name = ? AND s.kind = ?
		AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.delivery = d.id) ORDER BY d.id`, s.Source, s.Channel, s.Name, int64(s.Kind))
	if err != nil {
		return nil, catalogueError(err)
	}
	return scanAll(rows, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) })
}

// withdraw makes a delivery count no longer from another one on.
func (t *transaction) withdraw(ctx context.Context, delivery, by int64) error {
	return t.exec(ctx, t.insert.withdrawal, delivery, by, rowSum(delivery, by))
}
