package store

import (
	"context"
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// A Keeper keeps what was told us: in a folder, as a [Store] does, or in a
// cluster. What their methods promise is said at those of [Store].
type Keeper interface {
	Begin() Parcel
	Put(ctx context.Context, told ...Told) ([]Receipt, error)
	Withdraw(ctx context.Context, delivery int64, who, why string) (Receipt, error)

	Read(ctx context.Context, after, until int64, take func(*Chunk) error) error
	Streams(ctx context.Context, after, until int64) ([]StreamSum, error)
	Base(ctx context.Context, until int64) ([]BasePart, error)
	Withdrawn(ctx context.Context, after, until int64) (bool, error)
	BaseChanged(ctx context.Context, after, until int64) (bool, error)

	Deliveries(ctx context.Context, q Query) ([]DeliveryInfo, error)
	Delivery(ctx context.Context, id int64) (DeliveryInfo, error)
	At(ctx context.Context, t time.Time) (int64, error)
	Position(ctx context.Context, source string) (string, error)
	Remembered(ctx context.Context, source string) ([]Remembrance, error)

	Last() int64
	Committed() <-chan struct{}
	Stats() Stats
	Health() []error
	Verify(ctx context.Context) ([]Finding, error)
	Close() error
}

// A Parcel gathers the rows of one delivery, or of one part of the base. It is for
// one goroutine at a time, and for the keeper that began it.
type Parcel interface {
	// Add adds the rows of a batch, rejected ones too, and keeps nothing of it.
	// After an error the parcel is of no use but to be discarded.
	Add(b *outage.Batch) error
	// AddBase adds rows of the base, and keeps them until the parcel is put.
	AddBase(rows []outage.Customers) error
	// Rows are the numbers of rows that were added, of events or of the base.
	Rows() (stored, rejected int)
	// Discard gives up what was gathered and not put. It may always be called.
	Discard()
}
