package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Told is one delivery to be stored.
type Told struct {
	Head   Head
	Parcel Parcel // its rows; nil where it has none
}

// A Receipt says that a delivery is stored.
type Receipt struct {
	Delivery, First, Last int64 // its number, and its sequences
	Received              time.Time
	Again                 bool // it was there before and nothing was stored
}

// Put stores deliveries, all or none of them. What it gives back without an
// error is durable. A delivery that is in force already, by its sender, bytes
// and declared periods, is not stored again.
//
// After an error nothing of the call counts, and its parcels may be put again,
// but for a [context.Context] that ended: then a delivery that was on its way
// may be stored, and putting it again says so.
func (s *Store) Put(ctx context.Context, told ...Told) ([]Receipt, error) {
	if s.lock == nil {
		return nil, ErrReadOnly
	}
	r := &request{done: make(chan struct{})}
	for i := range told {
		p, err := s.prepare(&told[i])
		if err != nil {
			return nil, err
		}
		r.told = append(r.told, p)
		r.rows += p.stored + p.rejected
	}
	if err := s.submit(ctx, r); err != nil {
		return nil, err
	}
	for i := range told {
		if p := told[i].gathered(); r.receipts[i].Again {
			p.Discard()
		} else {
			p.stowed()
		}
	}
	return r.receipts, nil
}

// submit hands a request to the writer and waits for its end. One that the
// writer has begun is waited for, whatever becomes of the context.
func (s *Store) submit(ctx context.Context, r *request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !s.queue.add(r) {
		return ErrClosed
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		if r.state.CompareAndSwap(isWaiting, isGivenUp) {
			return ctx.Err()
		}
		<-r.done
	}
	return r.err
}

// A request is work for the writer: deliveries of one call, or something else.
type request struct {
	told     []prepared
	other    func(ctx context.Context, t *transaction) error
	rows     int64
	state    atomic.Int32
	receipts []Receipt
	err      error
	done     chan struct{} // closed at the end
}

// The states of a request.
const (
	isWaiting = iota
	isBegun
	isGivenUp
)

// A queue is the requests that wait.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	closed  bool
	wake    chan struct{}
}

func (q *queue) add(r *request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.waiting = append(q.waiting, r)
	q.signal()
	return true
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.signal()
}

// What one transaction takes at most, beside its first request.
const (
	groupedRequests = 1024
	groupedRows     = 64 << 10
)

// take waits for requests and takes as many as make one transaction; none once
// the queue is closed and empty.
func (q *queue) take() []*request {
	for {
		list, closed := q.some()
		if len(list) > 0 || closed {
			return list
		}
		<-q.wake
	}
}

func (q *queue) some() (list []*request, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	rows := int64(0)
	for len(q.waiting) > 0 && len(list) < groupedRequests {
		r := q.waiting[0]
		if len(list) > 0 && rows+r.rows > groupedRows {
			break
		}
		q.waiting = q.waiting[1:]
		if r.state.CompareAndSwap(isWaiting, isBegun) {
			list = append(list, r)
			rows += r.rows
		}
	}
	return list, q.closed && len(q.waiting) == 0
}

// errRows is what Put says of a head that does not go with the rows.
var errRows = errors.New("put: the kind of the delivery and its rows do not go together")
