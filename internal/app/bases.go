package app

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/store"
)

// bases puts deliveries of the customer base into a store, one at a time, as each
// is held against what others told.
type bases struct {
	store  *store.Store
	policy *policy.Policy
	mu     sync.Mutex
}

// put tells the store of a base, if it makes one with what others told. Only an
// error of the store is one of [errStore].
func (b *bases) put(ctx context.Context, head store.Head, rows []outage.Customers) (store.Receipt, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	parts, err := b.store.Base(ctx, 0)
	if err != nil {
		return store.Receipt{}, fmt.Errorf("%w: %w", errStore, err)
	}
	all := slices.Clone(rows)
	for _, part := range parts {
		if part.Source != head.Source || part.Channel != head.Channel || part.Name != head.Name {
			all = append(all, part.Rows...)
		}
	}
	if _, err := b.policy.NewBase(all); err != nil {
		return store.Receipt{}, fmt.Errorf("customer base: %w", err)
	}
	parcel := b.store.Begin()
	defer parcel.Discard()
	if err := parcel.AddBase(rows); err != nil {
		return store.Receipt{}, fmt.Errorf("%w: %w", errStore, err)
	}
	receipts, err := put(ctx, b.store, []store.Told{{Head: head, Parcel: parcel}})
	if err != nil {
		return store.Receipt{}, err
	}
	return receipts[0], nil
}
