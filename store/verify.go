package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// A Finding is something wrong with a store.
type Finding struct {
	Path string // the file
	What string // is wrong
	Todo string // what to do about it
}

// What is to be done about findings.
const (
	todoRestore = "restore the store from a backup"
	todoUnused  = "it is no part of the store; look at it, and delete it"
)

// A verification looks at a store as it is at one moment.
type verification struct {
	*view
	store    *Store
	last     int64
	findings []Finding
	tail     map[int64]bool // deliveries with rows in the tail
	segments []segment
	kinds    map[int64]Kind // by stream
}

// Verify checks everything that the store holds, and lists what is wrong with
// it; nothing, where it is sound. The error says that it could not be checked.
func (s *Store) Verify(ctx context.Context) ([]Finding, error) {
	view, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	defer view.close()
	v := &verification{view: view, store: s, tail: map[int64]bool{}, kinds: map[int64]Kind{}}
	for _, check := range []func(context.Context) error{
		v.integrity, v.checkStreams, v.checkSegments, v.checkTail, v.checkDeliveries, v.checkWithdrawals, v.checkBases, v.checkFiles,
	} {
		err := check(ctx)
		if ctxErr := ctx.Err(); ctxErr != nil {
			return nil, ctxErr
		}
		if err != nil {
			v.found(catalogueName, err.Error(), todoRestore)
		}
	}
	return v.findings, nil
}

// most is how many findings are listed.
const mostFindings = 1000

func (v *verification) found(name, what, todo string) {
	if len(v.findings) < mostFindings {
		v.findings = append(v.findings, Finding{filepath.Join(v.store.dir, name), what, todo})
	}
}

func (v *verification) catalogue(format string, args ...any) {
	v.found(catalogueName, fmt.Sprintf(format, args...), todoRestore)
}

// integrity has SQLite look at its own file.
func (v *verification) integrity(ctx context.Context) error {
	list, err := query(ctx, v.view, func(r *sql.Rows) (text string, err error) { return text, r.Scan(&text) }, "PRAGMA integrity_check(20)")
	if err != nil {
		return err
	}
	for _, text := range list {
		if text != "ok" {
			v.catalogue("SQLite finds: %s", text)
		}
	}
	return nil
}

func (v *verification) checkStreams(ctx context.Context) error {
	ids, err := query(ctx, v.view, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) }, "SELECT id FROM stream ORDER BY id")
	if err != nil {
		return err
	}
	for _, id := range ids {
		s, err := loadStream(ctx, v.tx, id)
		if err != nil {
			v.catalogue("%v", err)
			continue
		}
		v.kinds[id] = s.Kind
	}
	return nil
}

// checkSegments reads all segments.
func (v *verification) checkSegments(ctx context.Context) (err error) {
	if v.last, err = v.view.last(ctx); err != nil {
		return err
	}
	if v.segments, err = v.view.segments(ctx, 0); err != nil {
		return err
	}
	before := segment{}
	for i := range v.segments {
		seg := &v.segments[i]
		if seg.from <= before.to || seg.first <= before.last || seg.to < seg.from || seg.to > v.last {
			v.catalogue("segment %s of deliveries %d to %d does not go with that before it, of deliveries %d to %d", seg.name, seg.from, seg.to, before.from, before.to)
		}
		before = *seg
		v.checkFile(seg.name, seg.sums)
		if err := v.checkSegment(ctx, seg); err != nil {
			v.found(filepath.Join(segmentFolder, seg.name), err.Error(), todoRestore)
		}
	}
	return nil
}

// checkFile compares a file with its SHA-256.
func (v *verification) checkFile(name string, want sums) {
	f, err := os.Open(filepath.Join(v.store.folder(), name))
	if err != nil {
		return // said where it is read
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := addUp(f, sum); err != nil {
		v.found(filepath.Join(segmentFolder, name), err.Error(), todoRestore)
	} else if got := hex.EncodeToString(sum.Sum(nil)); got != want.sha256 {
		v.found(filepath.Join(segmentFolder, name), fmt.Sprintf("its SHA-256 is %s, want %s", got, want.sha256), todoRestore)
	}
}

// checkSegment compares the rows of a segment with its deliveries, and what is
// added up of them.
func (v *verification) checkSegment(ctx context.Context, seg *segment) error {
	rows := map[int64][2]int64{}
	r := &reading{store: v.store, dict: outage.NewDict(), cut: seg.to, take: func(c *Chunk) error {
		for _, p := range c.Parts {
			n := rows[p.Delivery]
			rows[p.Delivery] = [2]int64{n[0] + int64(p.Rows[1]-p.Rows[0]), n[1] + int64(p.Rejected[1]-p.Rejected[0])}
		}
		return nil
	}}
	if err := r.segments(ctx, []segment{*seg}); err != nil {
		return err
	}
	want := summed{}
	err := v.eachDelivery(ctx, span{seg.from, seg.to}, func(d deliveryRow) error {
		one := streamSumsOf(&d)
		want.add(&one)
		n, is := rows[d.id]
		if is := is || d.stored+d.rejected > 0; is && v.kinds[d.stream] == Events && n != [2]int64{d.stored, d.rejected} {
			return fmt.Errorf("it has %d rows and %d rejected ones of delivery %d, want %d and %d", n[0], n[1], d.id, d.stored, d.rejected)
		}
		if is && v.kinds[d.stream] != Events {
			return fmt.Errorf("it has rows of delivery %d, which has no events", d.id)
		}
		delete(rows, d.id)
		return nil
	})
	if err != nil {
		return err
	}
	for id := range rows {
		return fmt.Errorf("it has rows of delivery %d, which does not belong there", id)
	}
	return v.checkSums(ctx, seg, want)
}

func (v *verification) checkSums(ctx context.Context, seg *segment, want summed) error {
	got, err := query(ctx, v.view, scanStreamSums, "SELECT * FROM segment_stream WHERE segment = ? ORDER BY stream", seg.from)
	if err != nil {
		return err
	}
	list := want.sorted()
	same := slices.EqualFunc(got, list, func(x, y streamSums) bool {
		one, _ := coversText(x.covers)
		other, _ := coversText(y.covers)
		return x.sum(seg.from, one) == y.sum(seg.from, other)
	})
	if !same {
		return errors.New("what the catalogue adds up of its deliveries is not their sum")
	}
	return nil
}

// checkTail reads the rows of the tail.
func (v *verification) checkTail(ctx context.Context) error {
	rows, err := v.tx.QueryContext(ctx, "SELECT "+deliveryColumns+", t.rows, t.sum FROM tail t JOIN delivery d ON d.id = t.delivery ORDER BY d.id")
	if err != nil {
		return catalogueError(err)
	}
	batch := outage.NewBatch(outage.NewDict())
	return scanEach(rows, scanLines, func(l linesRow) error {
		v.tail[l.id] = true
		batch.Reset()
		if err := decodeRows(batch, []byte(l.lines)); err != nil {
			v.catalogue("the tail of delivery %d: %v", l.id, err)
		} else if int64(batch.Len()) != l.stored || int64(len(batch.Rejected)) != l.rejected {
			v.catalogue("the tail of delivery %d has %d rows and %d rejected ones, want %d and %d", l.id, batch.Len(), len(batch.Rejected), l.stored, l.rejected)
		}
		return nil
	})
}

// checkDeliveries looks for holes and overlaps, and for rows that are nowhere or
// twice.
func (v *verification) checkDeliveries(ctx context.Context) error {
	var before deliveryRow
	at := 0
	return v.eachDelivery(ctx, span{1, v.last}, func(d deliveryRow) error {
		for at < len(v.segments) && v.segments[at].to < d.id {
			at++
		}
		inSegment := at < len(v.segments) && v.segments[at].from <= d.id
		if d.id != before.id+1 {
			v.catalogue("delivery %d comes behind delivery %d", d.id, before.id)
		}
		if d.first != before.last+1 || d.last != d.first+max(1, d.stored+d.rejected)-1 {
			v.catalogue("delivery %d of %d rows has the sequences %d to %d, behind %d", d.id, d.stored+d.rejected, d.first, d.last, before.last)
		}
		if d.received < before.received {
			v.catalogue("delivery %d was received before delivery %d", d.id, before.id)
		}
		if _, err := parseCovers(d.covers); err != nil {
			v.catalogue("delivery %d: %v", d.id, err)
		}
		if v.tail[d.id] && inSegment {
			v.catalogue("the rows of delivery %d are in the tail and in the segment %s", d.id, v.segments[at].name)
		}
		if v.kinds[d.stream] == Events && d.stored+d.rejected > 0 && !v.tail[d.id] && !inSegment {
			v.catalogue("the rows of delivery %d are neither in the tail nor in a segment", d.id)
		}
		if inSegment && (v.segments[at].from == d.id && v.segments[at].first != d.first || v.segments[at].to == d.id && v.segments[at].last != d.last) {
			v.catalogue("the segment %s of sequences %d to %d does not end where its deliveries do", v.segments[at].name, v.segments[at].first, v.segments[at].last)
		}
		before = d
		return nil
	})
}

func (v *verification) checkWithdrawals(ctx context.Context) error {
	list, err := query(ctx, v.view, scanWithdrawal, "SELECT delivery, by, sum FROM withdrawal ORDER BY delivery")
	if err != nil {
		return err
	}
	for _, w := range list {
		if w.delivery < 1 || w.delivery >= w.by || w.by > v.last {
			v.catalogue("delivery %d is withdrawn by delivery %d of %d", w.delivery, w.by, v.last)
		}
	}
	_, err = query(ctx, v.view, scanNote, "SELECT id, source, delivery, position, behind, sum FROM note")
	return err
}

// checkBases reads the files of the base, withdrawn ones too.
func (v *verification) checkBases(ctx context.Context) error {
	list, err := query(ctx, v.view, scanBase, "SELECT delivery, name, rows, bytes, crc32c, sha256, sum FROM base ORDER BY delivery")
	if err != nil {
		return err
	}
	files := map[int64]bool{}
	for _, b := range list {
		files[b.info.ID] = true
		v.checkFile(b.name, b.sums)
		if _, err := readBase(filepath.Join(v.store.folder(), b.name), b.sums, b.rows); err != nil {
			v.found(filepath.Join(segmentFolder, b.name), err.Error(), todoRestore)
		}
	}
	ids, err := query(ctx, v.view, scanDelivery, "SELECT "+deliveryColumns+" FROM delivery d JOIN stream s ON s.id = d.stream WHERE s.kind = ?", int64(Base))
	for _, d := range ids {
		if !files[d.id] {
			v.catalogue("the base of delivery %d has no file", d.id)
		}
	}
	return err
}

// checkFiles lists files that are no part of the store. Those that a running
// writer has not yet entered are passed over; it put all others aside when it
// began.
func (v *verification) checkFiles(ctx context.Context) error {
	names, err := v.names(ctx)
	if err != nil {
		return err
	}
	folders := []string{unusedFolder}
	if v.store.lock == nil && !isLocked(v.store.dir) {
		folders = append(folders, segmentFolder)
	}
	for _, folder := range folders {
		files, err := os.ReadDir(filepath.Join(v.store.dir, folder))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		for _, f := range files {
			if folder == unusedFolder || !names[f.Name()] {
				v.found(filepath.Join(folder, f.Name()), "the catalogue does not name it", todoUnused)
			}
		}
	}
	slices.SortStableFunc(v.findings, func(x, y Finding) int { return cmp.Compare(x.Path, y.Path) })
	return nil
}
