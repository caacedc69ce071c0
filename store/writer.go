package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// write is the one goroutine that writes: it gathers the requests that wait
// into one transaction, so that they share one wait for the disk.
func (s *Store) write() {
	defer close(s.written)
	for {
		list := s.queue.take()
		if len(list) == 0 {
			return
		}
		if err := s.commit(list); err != nil && len(list) > 1 {
			for _, r := range list { // one of them may spoil it for the others
				r.err = s.commit([]*request{r})
			}
		} else {
			for _, r := range list {
				r.err = err
			}
		}
		for _, r := range list {
			close(r.done)
		}
	}
}

// A transaction is what one commit does.
type transaction struct {
	store   *Store
	insert  *inserter
	end     end
	streams map[string]int64 // numbers of streams that are new or were looked up
	undo    []func() error   // what to do about files if it fails
	news    bool             // deliveries were stored
}

// commit does what some requests ask, all or nothing.
func (s *Store) commit(list []*request) error {
	ctx := context.Background()
	if err := s.hook("begin"); err != nil {
		return err
	}
	if _, err := s.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("store: %w", catalogueError(err))
	}
	t := &transaction{store: s, insert: s.insert, end: *s.end.Load(), streams: map[string]int64{}}
	err := t.requests(ctx, list)
	if err == nil {
		err = t.finish(ctx)
	}
	if err != nil {
		return fmt.Errorf("store: %w", errors.Join(err, s.rollback(ctx, t)))
	}
	_ = s.hook("committed") // too late for an error
	s.end.Store(&t.end)
	s.insert.remember(t.streams)
	if t.news {
		s.wake(s.committed)
		s.wakeCompaction()
	}
	return nil
}

// finish commits. Where that fails and it is not sure that the journal has
// nothing of it, the files keep their names: a process that is killed before the
// next commit might find the transaction whole.
func (t *transaction) finish(ctx context.Context) error {
	if err := t.store.hook("commit"); err != nil {
		return err
	}
	if err := t.store.inPlace(); err != nil {
		return err
	}
	_, err := t.insert.conn.ExecContext(ctx, "COMMIT")
	if err = catalogueError(err); err != nil && !errors.Is(err, ErrFull) {
		t.undo = nil
	}
	return err
}

// rollback undoes a transaction. SQLite may have done so by itself.
func (s *Store) rollback(ctx context.Context, t *transaction) error {
	_, _ = s.conn.ExecContext(ctx, "ROLLBACK")
	var err error
	for i := len(t.undo) - 1; i >= 0; i-- {
		err = errors.Join(err, t.undo[i]())
	}
	return err
}

func (s *Store) wake(channel chan struct{}) {
	select {
	case channel <- struct{}{}:
	default:
	}
}

func (t *transaction) requests(ctx context.Context, list []*request) error {
	moved := false
	for _, r := range list {
		if r.other != nil {
			if err := r.other(ctx, t); err != nil {
				return err
			}
			continue
		}
		r.receipts = make([]Receipt, len(r.told))
		for i := range r.told {
			receipt, err := t.put(ctx, &r.told[i])
			if err != nil {
				return err
			}
			r.receipts[i] = receipt
			moved = moved || !receipt.Again && r.told[i].file != nil
		}
	}
	if !moved {
		return nil
	}
	return syncFolder(t.store.folder())
}

// An inserter holds the prepared statements of the writer.
type inserter struct {
	conn                                                                   *sql.Conn
	stream, delivery, tail, segment, segmentStream, base, withdrawal, note *sql.Stmt
	findStream, findKey                                                    *sql.Stmt
	known                                                                  map[string]int64 // numbers of streams, by spec
}

func newInserter(ctx context.Context, conn *sql.Conn) (*inserter, error) {
	in := &inserter{conn: conn, known: map[string]int64{}}
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&in.stream, "INSERT INTO stream VALUES (?, ?, ?, ?, ?, ?, ?)"},
		{&in.delivery, "INSERT INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
		{&in.tail, "INSERT INTO tail VALUES (?, ?, ?)"},
		{&in.segment, "INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
		{&in.segmentStream, "INSERT INTO segment_stream VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
		{&in.base, "INSERT INTO base VALUES (?, ?, ?, ?, ?, ?, ?)"},
		{&in.withdrawal, "INSERT INTO withdrawal VALUES (?, ?, ?)"},
		{&in.note, "INSERT INTO note VALUES (?, ?, ?, ?, ?, ?)"},
		{&in.findStream, "SELECT id FROM stream WHERE spec = ?"},
		{&in.findKey, "SELECT " + deliveryColumns + " FROM delivery d WHERE d.key = ? AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.delivery = d.id) ORDER BY d.id"},
	} {
		stmt, err := conn.PrepareContext(ctx, s.text)
		if err != nil {
			return in, err
		}
		*s.to = stmt
	}
	return in, nil
}

func (in *inserter) close() (err error) {
	if in == nil {
		return nil
	}
	for _, s := range []*sql.Stmt{
		in.stream, in.delivery, in.tail, in.segment, in.segmentStream, in.base, in.withdrawal, in.note, in.findStream, in.findKey,
	} {
		if s != nil {
			err = errors.Join(err, s.Close())
		}
	}
	return err
}

// rememberedStreams is how many streams the writer knows without looking.
const rememberedStreams = 1 << 16

func (in *inserter) remember(streams map[string]int64) {
	if len(in.known) > rememberedStreams {
		clear(in.known)
	}
	for spec, id := range streams {
		in.known[spec] = id
	}
}
