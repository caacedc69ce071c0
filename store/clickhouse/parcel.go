package clickhouse

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// What a parcel gathers before it inserts anything.
const (
	defaultRowsAtOnce = 100_000
	bytesAtOnce       = 64 << 20 // of texts
)

// mostRows is how many rows of one kind a delivery may have.
const mostRows = rejectedFrom - 1

// A parcel gathers the rows of one delivery. Once they are many they are inserted
// while more of them come, under the ticket of the parcel: they count when the
// catalogue has the ticket.
type parcel struct {
	store            *Store
	ticket           uint64 // 0 before the first row
	placer           *placer
	stored, rejected int
	filling          []*block // by shard
	gathered, bytes  int      // in filling
	inserting        chan error
	spare            []*block
	streamed         bool // some rows were inserted already
	base             []outage.Customers
	isBase           bool
	baseIsThere      bool
	done             bool // it was put or discarded
	err              error
	ctx              context.Context
	cancel           context.CancelFunc
}

// Begin begins to gather rows. What it gives is put or discarded at the end.
func (s *Store) Begin() store.Parcel {
	p := &parcel{store: s}
	p.ctx, p.cancel = context.WithCancel(s.stopping)
	return p
}

// Rows are the numbers of rows that were added, of events or of the base.
func (p *parcel) Rows() (stored, rejected int) {
	if p == nil {
		return 0, 0
	}
	return p.stored, p.rejected
}

// placed is the base by which the rows were placed.
func (p *parcel) placed() uint64 {
	if p.placer == nil {
		return 0
	}
	return p.placer.print
}

// Add adds the rows of a batch, rejected ones too, and keeps nothing of it. It
// waits while the servers take what was added before.
func (p *parcel) Add(b *outage.Batch) error {
	if p.err == nil {
		p.err = p.add(b)
	}
	return p.err
}

func (p *parcel) add(b *outage.Batch) error {
	if p.store.options.ReadOnly {
		return store.ErrReadOnly
	}
	if p.done || p.isBase {
		return errors.New("add rows: the parcel holds a base, or was put already")
	}
	if err := p.begin(); err != nil {
		return err
	}
	for i := range b.Len() {
		if err := store.CheckRow(b, i); err != nil {
			return err
		}
		e := b.Event(i)
		if err := p.addRow(&e, uint32(p.stored), nil); err != nil {
			return err
		}
		p.stored++
	}
	for i := range b.Rejected {
		r := b.Rejected[i]
		store.FitRejected(&r.Event)
		if err := p.addRow(&r.Event, rejectedFrom+uint32(p.rejected), &r); err != nil {
			return err
		}
		p.rejected++
	}
	return nil
}

// begin gives the parcel a ticket and finds out by which base its rows are placed.
func (p *parcel) begin() (err error) {
	if p.ticket == 0 {
		p.ticket = newTicket()
	}
	if p.placer != nil {
		return nil
	}
	p.filling, p.spare = p.store.newBlocks(), p.store.newBlocks()
	if p.placer, err = p.store.placerAt(p.ctx, 0); err != nil {
		return fmt.Errorf("place rows: %w", err)
	}
	return nil
}

func newTicket() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint64(b[:]) | 1
}

func (s *Store) newBlocks() []*block {
	blocks := make([]*block, len(s.cluster.shards))
	for i := range blocks {
		blocks[i] = &block{}
	}
	return blocks
}

func (p *parcel) addRow(e *outage.Event, ordinal uint32, why *outage.Rejection) error {
	if max(p.stored, p.rejected) >= mostRows {
		return fmt.Errorf("add rows: a delivery can have %d rows: tell the others in another one", mostRows)
	}
	at := p.store.groupOf(p.placer.group(e.Feeder, e.Unit, e.Area))
	p.filling[at.Slot%len(p.filling)].add(at, p.ticket, ordinal, e, why)
	p.gathered++
	p.bytes += len(e.ID) + len(e.Cause) + len(e.TechnicalCause) + len(e.Stage) + len(e.Feeder) + len(e.Unit)
	if p.gathered < p.store.rowsAtOnce && p.bytes < bytesAtOnce {
		return nil
	}
	return p.send()
}

// send inserts what was gathered, while more is gathered, once what was sent
// before is there.
func (p *parcel) send() error {
	if err := p.await(); err != nil {
		return err
	}
	p.streamed = true
	sent := p.filling
	p.filling, p.spare, p.gathered, p.bytes = p.spare, sent, 0, 0
	p.inserting = make(chan error, 1)
	go func(done chan error) { done <- p.store.insertBlocks(p.ctx, sent) }(p.inserting)
	return nil
}

// await waits until what was sent is there.
func (p *parcel) await() error {
	if p.inserting == nil {
		return nil
	}
	err := <-p.inserting
	p.inserting = nil
	for _, b := range p.spare {
		b.reset()
	}
	if err != nil {
		return fmt.Errorf("insert rows: %w", err)
	}
	return nil
}

// AddBase adds rows of the base, and keeps them until the parcel is put.
func (p *parcel) AddBase(rows []outage.Customers) error {
	if p.err == nil {
		p.err = p.addBase(rows)
	}
	return p.err
}

func (p *parcel) addBase(rows []outage.Customers) error {
	if p.store.options.ReadOnly {
		return store.ErrReadOnly
	}
	if p.done || !p.isBase && p.stored+p.rejected > 0 {
		return errors.New("add a base: the parcel holds events, or was put already")
	}
	for i := range rows {
		if err := store.CheckCustomers(&rows[i]); err != nil {
			return err
		}
	}
	p.isBase = true
	p.base = append(p.base, rows...)
	p.stored += len(rows)
	return nil
}

// adopted says whether the parcel is one of the base, and makes an empty one so.
func (p *parcel) adopted() bool {
	if p.stored+p.rejected == 0 {
		p.isBase = true
	}
	return p.isBase
}

// ready has all rows on the servers but for those of a small delivery, which the
// commit inserts with those of others.
func (p *parcel) ready(ctx context.Context) error {
	if p.err != nil {
		return p.err
	}
	if p.ticket == 0 {
		p.ticket = newTicket()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	switch {
	case p.isBase && !p.baseIsThere:
		if err := p.store.insertBase(ctx, p.ticket, p.base); err != nil {
			return err // it may be put again
		}
		p.baseIsThere = true
	case p.streamed:
		if p.err = p.await(); p.err != nil {
			return p.err
		}
		if p.gathered > 0 {
			if err := p.store.insertBlocks(ctx, p.filling); err != nil {
				return fmt.Errorf("insert rows: %w", err)
			}
			p.filling, p.gathered = p.store.newBlocks(), 0
		}
	}
	return nil
}

// Discard gives up what was gathered and not put. It may always be called. Rows
// that were inserted stay there and count nowhere.
func (p *parcel) Discard() {
	if p == nil || p.done {
		return
	}
	p.cancel()
	_ = p.await() // what became of them does not matter
	p.stowed()
}

// stowed ends a parcel whose rows are in the store, or given up.
func (p *parcel) stowed() {
	if p == nil {
		return
	}
	p.done = true
	p.cancel()
	p.filling, p.spare, p.base, p.placer = nil, nil, nil, nil
}

// insertSmall inserts the rows of small deliveries together.
func (s *Store) insertSmall(ctx context.Context, list []told) error {
	all, some := s.newBlocks(), false
	for i := range list {
		if p := list[i].parcel; p != nil && p.gathered > 0 {
			some = true
			for k, b := range p.filling {
				all[k].join(b)
			}
		}
	}
	if !some {
		return nil
	}
	if err := s.insertBlocks(ctx, all); err != nil {
		return fmt.Errorf("insert rows: %w", err)
	}
	for i := range list {
		if p := list[i].parcel; p != nil {
			p.gathered = 0
		}
	}
	return nil
}
