package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver of the catalogue
)

// Options of a store that is written to.
type Options struct {
	Now         func() time.Time // the time received; needed
	SegmentRows int              // rows from which a delivery is a segment of its own, and of a segment made of smaller ones; 0: 65 536

	onDemand bool // compaction is what a test does
}

// defaultSegmentRows are as many as one goroutine reads at once.
const defaultSegmentRows = groupRows

// A Store is open. Any number of goroutines may use it.
type Store struct {
	dir     string
	options Options
	lock    *os.File // nil where the store is only read

	reading *sql.DB
	streams sync.Map // Stream by number

	writing  *sql.DB // and its one connection, which the writer alone uses
	conn     *sql.Conn
	insert   *inserter
	queue    queue
	written  chan struct{} // closed when the writer has ended
	tidied   chan struct{} // closed when compaction has ended
	stopping context.Context
	stop     context.CancelFunc
	tidy     chan struct{} // wakes compaction

	committed chan struct{}
	end       atomic.Pointer[end]

	compacting sync.Mutex

	mu      sync.Mutex
	ailing  error       // why compaction failed last, nil where it did not
	file    os.FileInfo // of the catalogue that is open; nil for reading only
	closing bool

	hook func(point string) error // of tests
}

// An end is where a store ends, and what it holds up to there.
type end struct {
	delivery, sequence, received int64
	rows, rejected               int64
	pending                      int64 // rows outside segments, and deliveries without any
	tail                         int64 // rows outside segments
	segments                     int64
}

// Open opens the store in a folder for reading and writing, makes it where
// there is none, and clears away what a process that was killed left behind.
func Open(dir string, o Options) (*Store, error) {
	if o.Now == nil {
		return nil, errors.New("open the store: it needs a clock")
	}
	if o.SegmentRows <= 0 {
		o.SegmentRows = defaultSegmentRows
	}
	s := newStore(dir, o)
	if err := s.open(); err != nil {
		_ = s.release() // the error before it matters
		return nil, err
	}
	go s.write()
	go s.compactAlways()
	return s, nil
}

func newStore(dir string, o Options) *Store {
	s := &Store{
		dir: dir, options: o, committed: make(chan struct{}, 1), tidy: make(chan struct{}, 1),
		written: make(chan struct{}), tidied: make(chan struct{}), hook: func(string) error { return nil },
	}
	s.queue.wake = make(chan struct{}, 1)
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.end.Store(&end{})
	return s
}

func (s *Store) open() (err error) {
	ctx := context.Background()
	if info, err := os.Stat(s.dir); err == nil && !info.IsDir() {
		return fmt.Errorf("open the store %s: it is a file, and should be a folder", s.dir)
	}
	if err := os.MkdirAll(s.folder(), 0o755); err != nil {
		return fmt.Errorf("open the store: %w", fileError(err))
	}
	if s.lock, err = lock(s.dir); err != nil {
		return err
	}
	if s.writing, s.conn, err = openWriting(ctx, s.dir); err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	if err := syncFolder(s.dir); err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	if s.insert, err = newInserter(ctx, s.conn); err != nil {
		return fmt.Errorf("open the store: %w", catalogueError(err))
	}
	if s.reading, err = openReading(ctx, s.dir, true); err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	if err := s.recover(ctx); err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	found, err := s.findEnd(ctx)
	if err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	s.end.Store(&found)
	s.wakeCompaction()
	return s.noteFile()
}

// OpenReadOnly opens a store for reading only: beside a running writer, or on a
// disk that cannot be written.
func OpenReadOnly(dir string) (*Store, error) {
	s := newStore(dir, Options{})
	ctx := context.Background()
	if _, err := os.Stat(filepath.Join(dir, catalogueName)); err != nil {
		return nil, fmt.Errorf("open the store %s: it has no catalogue: %w", dir, err)
	}
	var err error
	if s.reading, err = openReading(ctx, dir, false); err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	fresh, err := checkFormat(ctx, dir, s.reading)
	if err == nil && fresh {
		err = faultf(ErrCorrupt, "%s is empty: restore the store from a backup", filepath.Join(dir, catalogueName))
	}
	if err == nil {
		var found end
		found, err = s.findEnd(ctx)
		s.end.Store(&found)
	}
	if err != nil {
		_ = s.release() // the error before it matters
		return nil, fmt.Errorf("open the store: %w", catalogueError(err))
	}
	return s, nil
}

func (s *Store) folder() string { return filepath.Join(s.dir, segmentFolder) }

// Close waits for what is being stored and ends the use of the store.
func (s *Store) Close() error {
	s.mu.Lock()
	closing := s.closing
	s.closing = true
	s.mu.Unlock()
	if closing {
		return ErrClosed
	}
	s.stop()
	if s.lock != nil {
		<-s.tidied
		s.queue.close()
		<-s.written
	}
	if err := s.release(); err != nil {
		return fmt.Errorf("close the store: %w", catalogueError(err))
	}
	return nil
}

// release closes what is open, readers first: the last connection clears the
// journal away.
func (s *Store) release() (err error) {
	s.stop()
	if s.reading != nil {
		err = s.reading.Close()
	}
	if s.conn != nil {
		err = errors.Join(err, s.insert.close(), s.conn.Close())
	}
	if s.writing != nil {
		err = errors.Join(err, s.writing.Close())
	}
	if s.lock != nil {
		err = errors.Join(err, unlock(s.lock))
	}
	return err
}

// Last is the sequence of the last delivery that is stored; 0 in an empty store.
func (s *Store) Last() int64 { return s.known().sequence }

// known is where the store ends; beside a writer that is looked up.
func (s *Store) known() end {
	if s.lock == nil {
		if found, err := s.findEnd(s.stopping); err == nil {
			s.end.Store(&found)
		}
	}
	return *s.end.Load()
}

// Committed gets a value after deliveries were stored. It holds one at most: who
// takes it looks for all that is new.
func (s *Store) Committed() <-chan struct{} { return s.committed }

// ails says whether compaction failed last.
func (s *Store) ails() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ailing != nil
}

// Health tells what does not work: compaction, by which nothing is lost, or that
// the store was taken away.
func (s *Store) Health() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []error
	if err := s.inPlace(); err != nil {
		all = append(all, err)
	}
	if s.ailing != nil {
		all = append(all, s.ailing)
	}
	return all
}
