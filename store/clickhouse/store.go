package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/saidi-exporter/saidi/store"
)

// Options of a store.
type Options struct {
	Now      func() time.Time // the time received; needed, unless it is only read
	ReadOnly bool
	Slots    int    // of a store that is made; 0: 256
	ID       string // of this process among those that use the store; empty: random
}

// defaultSlots are enough for as many processes as will ever share the work.
const defaultSlots = 256

// mostSlots is how many fit into the column.
const mostSlots = 1 << 16

// A Store is open. Any number of goroutines may use it, and any number of
// processes may have it open at one time, all of them writing.
type Store struct {
	options  Options
	cluster  *cluster
	founding founding
	ledger   *ledger
	turn     turn // of who reads the catalogue on, or writes into it
	pen      pen  // that this process has, as far as it knows; of who has the turn

	requests chan *request
	closing  chan struct{}
	once     sync.Once
	written  chan struct{} // closed when the writer has ended
	tailed   chan struct{} // closed when following has ended
	stopping context.Context
	stop     context.CancelFunc

	committed chan struct{}

	placing  sync.Mutex
	placers  []*placer
	straying sync.Mutex
	strays   map[uint64]*strays // by the base that they stray from

	selection atomic.Pointer[selection] // asked for last

	mu       sync.Mutex
	ailing   error // why the catalogue cannot be followed
	bytes    int64 // on the disks, as measured last
	measured bool

	rowsAtOnce  int   // that a parcel inserts
	readAtOnce  int64 // rows that are put in order here
	stretchRows int64 // rows of a larger delivery that a server puts in order at once

	hook func(point string) error // of tests
}

var _ store.Keeper = (*Store)(nil)

// A turn is had by one at a time.
type turn chan struct{}

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) give() { <-t }

// Open opens the store that a URL names, makes it where there is none, and brings
// its tables up to the format of this program.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	a, err := parseURL(url)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open the store: %w", err)
	case o.Now == nil && !o.ReadOnly:
		return nil, errors.New("open the store: it needs a clock")
	case o.Slots < 0 || o.Slots > mostSlots:
		return nil, fmt.Errorf("open the store: %d slots; give 1 to %d", o.Slots, mostSlots)
	}
	if o.Slots == 0 {
		o.Slots = defaultSlots
	}
	if o.ID == "" {
		o.ID = newWord()
	}
	s := newStore(o)
	if err := s.open(ctx, a); err != nil {
		s.stop()
		if s.cluster != nil {
			s.cluster.close()
		}
		return nil, fmt.Errorf("open the store: %w", err)
	}
	go s.tail()
	if !o.ReadOnly {
		go s.write()
	} else {
		close(s.written)
	}
	return s, nil
}

func newStore(o Options) *Store {
	s := &Store{
		options: o, ledger: newLedger(), turn: make(turn, 1), requests: make(chan *request, groupedRequests), closing: make(chan struct{}),
		written: make(chan struct{}), tailed: make(chan struct{}), committed: make(chan struct{}, 1), strays: map[uint64]*strays{},
		rowsAtOnce: defaultRowsAtOnce, readAtOnce: defaultReadAtOnce, stretchRows: defaultStretchRows, hook: func(string) error { return nil },
	}
	s.stopping, s.stop = context.WithCancel(context.Background())
	return s
}

func (s *Store) open(ctx context.Context, a address) (err error) {
	if s.cluster, err = connect(ctx, a, s.options.ReadOnly); err != nil {
		return err
	}
	if err := s.cluster.migrate(ctx, s.options.ReadOnly); err != nil {
		return err
	}
	if s.founding, err = s.cluster.found(ctx, s.options.Slots, s.options.ReadOnly); err != nil {
		return err
	}
	return s.Refresh(ctx)
}

// ID names this process among those that use the store.
func (s *Store) ID() string { return s.options.ID }

// Refresh brings what is known of the catalogue up to now: all that was stored,
// by whomever, before it was called.
func (s *Store) Refresh(ctx context.Context) error {
	if s.isClosed() {
		return store.ErrClosed
	}
	if err := s.turn.take(ctx); err != nil {
		return err
	}
	defer s.turn.give()
	if _, err := s.follow(ctx); err != nil {
		return fmt.Errorf("read the catalogue: %w", err)
	}
	return nil
}

// followEvery is how often it is looked what other processes stored.
const followEvery = 500 * time.Millisecond

// tail follows the catalogue until the store is closed.
func (s *Store) tail() {
	defer close(s.tailed)
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-tick.C:
		case <-s.closing:
			return
		}
		if n%measureEvery == 0 {
			s.measure()
		}
		err := s.Refresh(s.stopping)
		if s.isClosed() {
			return
		}
		s.mu.Lock()
		s.ailing = err
		s.mu.Unlock()
	}
}

// announce says that something was stored.
func (s *Store) announce() {
	select {
	case s.committed <- struct{}{}:
	default:
	}
}

// Last is the sequence of the last delivery that is known to be stored; 0 in an
// empty store. What others stored is known within a second; see [Store.Refresh].
func (s *Store) Last() int64 {
	s.ledger.mu.RLock()
	defer s.ledger.mu.RUnlock()
	return s.ledger.end.sequence
}

// Committed gets a value after deliveries were stored, here or by another
// process. It holds one at most: who takes it looks for all that is new.
func (s *Store) Committed() <-chan struct{} { return s.committed }

// Health tells what does not work: following the catalogue.
func (s *Store) Health() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ailing == nil {
		return nil
	}
	return []error{s.ailing}
}

func (s *Store) isClosed() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}

// Close waits for what is being stored and ends the use of the store.
func (s *Store) Close() error {
	err := store.ErrClosed
	s.once.Do(func() {
		close(s.closing)
		<-s.written
		s.stop()
		<-s.tailed
		s.cluster.close()
		err = nil
	})
	return err
}
