package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/saidi-exporter/saidi/store"
)

// errRows is what Put says of a head that does not go with the rows.
var errRows = errors.New("put: the kind of the delivery and its rows do not go together")

// Put stores deliveries, all or none of them. What it gives back without an error
// is in the servers' hands. A delivery that is in force already, by its sender,
// bytes and declared periods, is not stored again.
//
// After an error of the network it may be that nobody knows whether it is stored;
// putting the same parcels again says so.
func (s *Store) Put(ctx context.Context, list ...store.Told) ([]store.Receipt, error) {
	if s.options.ReadOnly {
		return nil, store.ErrReadOnly
	}
	r := &request{done: make(chan struct{})}
	for i := range list {
		p, err := s.prepare(ctx, &list[i])
		if err != nil {
			return nil, err
		}
		r.told = append(r.told, p)
	}
	if err := s.submit(ctx, r); err != nil {
		return nil, err
	}
	for i := range r.told {
		r.told[i].parcel.stowed()
	}
	return r.receipts, nil
}

// Withdraw makes a delivery of events or of the base count no longer. One that
// was withdrawn before gives the receipt of that, with Again.
func (s *Store) Withdraw(ctx context.Context, delivery int64, who, why string) (store.Receipt, error) {
	if s.options.ReadOnly {
		return store.Receipt{}, store.ErrReadOnly
	}
	p := prepared{head: store.Head{Stream: store.Stream{Kind: store.Withdrawal, Who: who}, Warnings: []string{why}}}
	var err error
	if p.text, err = store.TextOf(&p.head); err != nil {
		return store.Receipt{}, err
	}
	r := &request{told: []prepared{p}, withdraws: delivery, isWithdrawal: true, done: make(chan struct{})}
	if err := s.submit(ctx, r); err != nil {
		return store.Receipt{}, err
	}
	return r.receipts[0], nil
}

// prepare does all that can be done before the writer's turn.
func (s *Store) prepare(ctx context.Context, list *store.Told) (p prepared, err error) {
	parcel := gathered(list)
	switch {
	case list.Head.Kind != store.Events && list.Head.Kind != store.Base, parcel != nil && parcel.isBase && list.Head.Kind != store.Base:
		return p, errRows
	case list.Head.Kind == store.Base && (parcel == nil || !parcel.adopted()):
		return p, errRows
	case parcel != nil && parcel.done:
		return p, errors.New("put: the parcel was put or discarded already")
	}
	p = prepared{head: list.Head, parcel: parcel}
	if p.text, err = store.TextOf(&p.head); err != nil || parcel == nil {
		return p, err
	}
	p.stored, p.rejected = int64(parcel.stored), int64(parcel.rejected)
	return p, parcel.ready(ctx)
}

// gathered is the parcel of what is told, nil where there is none. Only those of
// [Store.Begin] may be put into a Store.
func gathered(t *store.Told) *parcel {
	if t.Parcel == nil {
		return nil
	}
	return t.Parcel.(*parcel)
}

// A request is work for the writer: deliveries of one call, or a withdrawal.
type request struct {
	told         []prepared
	withdraws    int64
	isWithdrawal bool
	state        atomic.Int32
	receipts     []store.Receipt
	err          error
	done         chan struct{} // closed at the end
}

// The states of a request.
const (
	isWaiting = iota
	isBegun
	isGivenUp
)

// submit hands a request to the writer and waits for its end. One that the writer
// has begun is waited for, whatever becomes of the context.
func (s *Store) submit(ctx context.Context, r *request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.requests <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return store.ErrClosed
	}
	select {
	case <-r.done:
	case <-s.written: // it may have been taken just before
		select {
		case <-r.done:
		default:
			return store.ErrClosed
		}
	case <-ctx.Done():
		if r.state.CompareAndSwap(isWaiting, isGivenUp) {
			return ctx.Err()
		}
		<-r.done
	}
	return r.err
}

// groupedRequests is how many requests one commit takes.
const groupedRequests = 1024

// write is the one goroutine that writes: it gathers the requests that wait into
// one commit, so that they share the inserts.
func (s *Store) write() {
	defer close(s.written)
	for {
		select {
		case r := <-s.requests:
			s.commitAll(s.waiting(r))
		case <-s.closing:
			return
		}
	}
}

// waiting are a request and those that wait behind it.
func (s *Store) waiting(r *request) (list []*request) {
	for {
		if r.state.CompareAndSwap(isWaiting, isBegun) {
			list = append(list, r)
		}
		if len(list) >= groupedRequests {
			return list
		}
		select {
		case r = <-s.requests:
		default:
			return list
		}
	}
}

// commitAll commits requests, together if that can be.
func (s *Store) commitAll(list []*request) {
	if err := s.commit(s.stopping, list); err != nil {
		for _, r := range list {
			if r.err == nil {
				r.err = err
			}
		}
	}
	for _, r := range list {
		close(r.done)
	}
}

// commit does what some requests ask. One that is refused has its error; that of
// commit is of all others.
func (s *Store) commit(ctx context.Context, list []*request) error {
	if err := s.turn.take(ctx); err != nil {
		return store.ErrClosed
	}
	defer s.turn.give()
	for n := 0; ; n++ {
		if s.pen.number == 0 {
			if n > 0 {
				pause(ctx, courtesy)
			}
			if err := s.takePen(ctx); err != nil {
				return fmt.Errorf("store: %w", err)
			}
		}
		t := s.newTransaction()
		t.requests(list)
		err := s.insertSmall(ctx, t.told)
		if err == nil {
			err = s.enter(ctx, t.entries)
		}
		if errors.Is(err, errLost) {
			continue
		}
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		return nil
	}
}

// courtesy is how long a process waits that lost the pen before it takes it back:
// so that the other one can do more than one thing with it.
const courtesy = 50 * time.Millisecond

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// requests does what some requests ask.
func (t *transaction) requests(list []*request) {
	for _, r := range list {
		r.receipts, r.err = nil, nil
		if r.isWithdrawal {
			var one store.Receipt
			one, r.err = t.withdraw(r.withdraws, &r.told[0])
			r.receipts = []store.Receipt{one}
			continue
		}
		for i := range r.told {
			r.receipts = append(r.receipts, t.put(&r.told[i]))
		}
	}
}

// enter writes entries into the catalogue and takes them in. It is errLost where
// somebody took the pen before and they do not count.
func (s *Store) enter(ctx context.Context, list []entry) error {
	if len(list) == 0 {
		return nil
	}
	mine := s.pen
	for i := range list {
		list[i].number, list[i].pen = s.ledger.entry+uint64(i)+1, mine.number
	}
	err := s.hook("insert")
	if err == nil {
		err = s.insertEntries(ctx, list)
	}
	if err == nil {
		err = s.hook("inserted")
	}
	if err != nil {
		s.pen = pen{} // nobody knows whether they are there
		return err
	}
	highest, err := s.highestPen(ctx)
	if err == nil && highest.number == mine.number {
		return s.takeIn(list)
	}
	s.pen = pen{}
	if err != nil {
		return err
	}
	return s.enteredBefore(ctx, &list[0])
}

// enteredBefore finds out whether entries count that were written while somebody
// took the pen: it is errLost where they do not.
func (s *Store) enteredBefore(ctx context.Context, first *entry) error {
	taken, err := s.follow(ctx)
	if err != nil {
		return err
	}
	for i := range taken {
		if taken[i].number == first.number && taken[i].pen == first.pen {
			return nil
		}
	}
	return errLost
}
