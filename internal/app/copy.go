package app

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// A Recorded clock tells the times at which deliveries were received once, so that
// a copy of a store has them again: it is the clock of the store copied into.
type Recorded struct {
	mu sync.Mutex
	at time.Time
}

// Now is the time at which the next delivery was received.
func (r *Recorded) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at
}

// set makes a time the present one.
func (r *Recorded) set(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = now
}

// A Copying copies what one store was told into another one, which is empty or
// holds the beginning of it, so that a copy that broke off goes on. Numbers,
// sequences, times received, streams, declared periods, positions and withdrawals
// stay as they are.
type Copying struct {
	From, To store.Keeper
	Clock    *Recorded              // that To was opened with
	Progress func(done, rows int64) // deliveries and rows of events so far; may be nil

	Until int64 // the last sequence of the source that is in the copy, after Run

	known knownPositions
	by    map[int64]int64 // what a delivery withdrew, the first of them
	rows  int64
}

// ErrOther says that the target of a copy holds what the source does not begin with.
var ErrOther = errors.New("the target holds other things than the beginning of the source: copy into an empty store")

// Run copies all that the source holds now, and gives how many deliveries it put
// into the target.
func (c *Copying) Run(ctx context.Context) (put int64, err error) {
	until, done := c.From.Last(), c.To.Stats().Deliveries
	c.Until = until
	c.by = map[int64]int64{}
	if c.known, err = positionsOf(ctx, c.From, until); err != nil {
		return 0, err
	}
	err = eachPage(ctx, c.From, until, func(page []store.DeliveryInfo) error {
		for i := range page {
			if w := page[i].WithdrawnBy; w != 0 && c.by[w] == 0 {
				c.by[w] = page[i].ID
			}
		}
		there := min(max(0, done-page[0].ID+1), int64(len(page)))
		if err := c.begins(ctx, page[:there], done); err != nil {
			return err
		}
		put += int64(len(page)) - there
		return c.copy(ctx, page[there:])
	})
	if err != nil {
		return put, err
	}
	if last := c.To.Stats().Deliveries; last > done+put {
		return put, fmt.Errorf("%w: it has %d deliveries, the source %d", ErrOther, last, done+put)
	}
	return put, c.settle(ctx)
}

// begins holds deliveries that are in the target already against those of the
// source. A withdrawal that comes later is no difference.
func (c *Copying) begins(ctx context.Context, page []store.DeliveryInfo, done int64) error {
	if len(page) == 0 {
		return nil
	}
	there, err := c.To.Deliveries(ctx, store.Query{After: page[0].ID - 1, Limit: len(page)})
	if err != nil {
		return err
	}
	for i := range page {
		want := page[i]
		if want.WithdrawnBy > done {
			want.WithdrawnBy = 0
		}
		if i >= len(there) || !sameDelivery(&want, &there[i]) {
			return fmt.Errorf("%w: delivery %d", ErrOther, want.ID)
		}
	}
	for i := range page { // what was told again since, or right behind the last one
		if there[i].WithdrawnBy == 0 {
			if err := c.again(ctx, &page[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// sameDelivery says whether two stores say the same of a delivery.
func sameDelivery(x, y *store.DeliveryInfo) bool {
	if !x.Received.Equal(y.Received) {
		return false
	}
	a, b := *x, *y
	a.Received, b.Received = time.Time{}, time.Time{}
	a.Replace, b.Replace = false, false
	return reflect.DeepEqual(a, b)
}

// copy copies deliveries that follow one another.
func (c *Copying) copy(ctx context.Context, list []store.DeliveryInfo) error {
	for _, run := range readable(list) {
		if err := c.run(ctx, list[run[0]:run[1]]); err != nil {
			return err
		}
	}
	return nil
}

// run copies deliveries that can be read together.
func (c *Copying) run(ctx context.Context, list []store.DeliveryInfo) error {
	r := &copyRun{Copying: c, list: list}
	defer func() { r.parcel.Discard() }()
	r.parcel = c.To.Begin()
	if anyRows(list) {
		err := c.From.Read(ctx, list[0].First-1, list[len(list)-1].Last, func(chunk *store.Chunk) error { return r.take(ctx, chunk) })
		if err != nil {
			return err
		}
	}
	for len(r.list) > 0 {
		if err := r.next(ctx); err != nil {
			return err
		}
	}
	return nil
}

// anyRows says whether some of the deliveries have rows of events.
func anyRows(list []store.DeliveryInfo) bool {
	for i := range list {
		if list[i].Kind == store.Events && list[i].Stored+list[i].Rejected > 0 {
			return true
		}
	}
	return false
}

// A copyRun is some deliveries on their way, the next first.
type copyRun struct {
	*Copying
	list   []store.DeliveryInfo
	parcel store.Parcel // of the first
}

// take takes rows, and puts deliveries whose rows are all there.
func (r *copyRun) take(ctx context.Context, chunk *store.Chunk) error {
	for i := range chunk.Parts {
		p := &chunk.Parts[i]
		for len(r.list) > 0 && r.list[0].ID < p.Delivery {
			if err := r.next(ctx); err != nil {
				return err
			}
		}
		if len(r.list) == 0 || r.list[0].ID != p.Delivery {
			return fmt.Errorf("copy: rows of delivery %d come out of order", p.Delivery)
		}
		if err := r.parcel.Add(partOf(chunk.Batch, p)); err != nil {
			return err
		}
	}
	return nil
}

// partOf is the rows of one part of a chunk.
func partOf(b *outage.Batch, p *store.Part) *outage.Batch {
	if p.Rows == [2]int{0, b.Len()} && p.Rejected == [2]int{0, len(b.Rejected)} {
		return b
	}
	part := outage.NewBatch(outage.NewDict())
	for i := p.Rows[0]; i < p.Rows[1]; i++ {
		e := b.Event(i)
		part.Append(&e)
	}
	part.Rejected = b.Rejected[p.Rejected[0]:p.Rejected[1]]
	return part
}

// next puts the first delivery of the list.
func (r *copyRun) next(ctx context.Context) error {
	d := &r.list[0]
	receipt, err := r.tell(ctx, d)
	if err != nil {
		return fmt.Errorf("copy delivery %d: %w", d.ID, err)
	}
	if receipt.Again || receipt.Delivery != d.ID || receipt.First != d.First || receipt.Last != d.Last || !receipt.Received.Equal(d.Received) {
		return fmt.Errorf("copy delivery %d with sequences %d to %d of %s: the target made it delivery %d with %d to %d of %s: does something else write to it, or to the source's own folder?",
			d.ID, d.First, d.Last, d.Received.Format(time.RFC3339Nano), receipt.Delivery, receipt.First, receipt.Last, receipt.Received.Format(time.RFC3339Nano))
	}
	if err := r.again(ctx, d); err != nil {
		return err
	}
	if d.Kind == store.Events {
		r.rows += int64(d.Stored + d.Rejected)
	}
	if r.Progress != nil {
		r.Progress(d.ID, r.rows)
	}
	r.list, r.parcel = r.list[1:], r.To.Begin()
	return nil
}

// tell tells the target of a delivery.
func (r *copyRun) tell(ctx context.Context, d *store.DeliveryInfo) (store.Receipt, error) {
	r.Clock.set(d.Received)
	switch d.Kind {
	case store.Withdrawal:
		why := ""
		if len(d.Warnings) > 0 {
			why = d.Warnings[0]
		}
		return r.To.Withdraw(ctx, r.by[d.ID], d.Who, why)
	case store.Base:
		if err := r.base(ctx, d); err != nil {
			return store.Receipt{}, err
		}
	}
	if stored, rejected := r.parcel.Rows(); stored != d.Stored || rejected != d.Rejected {
		return store.Receipt{}, fmt.Errorf("%d rows and %d rejected ones were read, want %d and %d: is the source damaged? saidi store verify says so", stored, rejected, d.Stored, d.Rejected)
	}
	head := d.Head
	head.Replace = r.by[d.ID] != 0
	receipts, err := r.To.Put(ctx, store.Told{Head: head, Parcel: r.parcel})
	if err != nil {
		return store.Receipt{}, err
	}
	return receipts[0], nil
}

// base reads the rows of a delivery of the base.
func (r *copyRun) base(ctx context.Context, d *store.DeliveryInfo) error {
	rows, err := baseOf(ctx, r.From, d)
	if err != nil {
		return err
	}
	return r.parcel.AddBase(rows)
}

// baseOf are the rows that a delivery told of the base, as it was known then.
func baseOf(ctx context.Context, st store.Keeper, d *store.DeliveryInfo) ([]outage.Customers, error) {
	parts, err := st.Base(ctx, d.Last)
	if err != nil {
		return nil, err
	}
	for i := range parts {
		if parts[i].Delivery == d.ID {
			return parts[i].Rows, nil
		}
	}
	return nil, fmt.Errorf("the customer base of delivery %d is not in the store", d.ID)
}

// pageOfDeliveries is how many deliveries are looked at together.
const pageOfDeliveries = 1000

// eachPage lists the deliveries up to a sequence, in order.
func eachPage(ctx context.Context, st store.Keeper, until int64, take func([]store.DeliveryInfo) error) error {
	for after := int64(0); ; {
		page, err := st.Deliveries(ctx, store.Query{After: after, Limit: pageOfDeliveries})
		if err != nil {
			return err
		}
		for len(page) > 0 && page[len(page)-1].Last > until {
			page = page[:len(page)-1]
		}
		for i := range page { // what is withdrawn behind the end is not, here
			if by := page[i].WithdrawnBy; by > 0 {
				d, err := st.Delivery(ctx, by)
				if err != nil {
					return err
				}
				if d.Last > until {
					page[i].WithdrawnBy = 0
				}
			}
		}
		if len(page) == 0 {
			return nil
		}
		if err := take(page); err != nil {
			return err
		}
		after = page[len(page)-1].ID
	}
}
