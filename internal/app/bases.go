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
	store  store.Keeper
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
			if err := apart(rows, part.Rows, part.Name); err != nil {
				return store.Receipt{}, err
			}
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

// apart refuses customers that another delivery has told of, too: those of a
// feeder, unit, or area and class add up where they are valid at the same time,
// and twice as many customers halve every index.
func apart(rows, others []outage.Customers, name string) error {
	type place struct {
		feeder, unit string
		area         outage.Area
		class        outage.Class
	}
	of := func(c *outage.Customers) place {
		if c.Feeder != "" || c.Unit != "" {
			return place{feeder: c.Feeder, unit: c.Unit}
		}
		return place{area: c.Area, class: c.Class}
	}
	told := map[place][]*outage.Customers{}
	for i := range others {
		told[of(&others[i])] = append(told[of(&others[i])], &others[i])
	}
	for i := range rows {
		r := &rows[i]
		for _, o := range told[of(r)] {
			if r.ValidFrom < o.ValidTo && o.ValidFrom < r.ValidTo {
				return fmt.Errorf("customer base: row %d: the customers of %s are told by %s, too, and would count twice: tell each feeder in one place, or let validities not overlap", r.Row, describe(r), name)
			}
		}
	}
	return nil
}

// describe names whose customers a row tells of.
func describe(c *outage.Customers) string {
	switch {
	case c.Unit != "":
		return fmt.Sprintf("unit %q", c.Unit)
	case c.Feeder != "":
		return fmt.Sprintf("feeder %q", c.Feeder)
	}
	return fmt.Sprintf("area %q, class %q", c.Area, c.Class)
}
