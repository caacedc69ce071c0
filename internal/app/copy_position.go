package app

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/saidi-exporter/saidi/store"
)

// knownPositions are the positions by which sources go on: of files how each was
// when it was taken in last, of tables how far they were read. A store keeps only
// the last of each. What pushes and messages say of theirs, nobody asks for.
type knownPositions struct {
	files  map[int64]string // by delivery, where it is not its own: it was told again
	tables map[string]string
	last   map[string]store.DeliveryInfo // the last page of a table, by source
}

// positionsOf asks a store for the positions of all sources.
func positionsOf(ctx context.Context, st store.Keeper, until int64) (k knownPositions, err error) {
	k = knownPositions{files: map[int64]string{}, tables: map[string]string{}, last: map[string]store.DeliveryInfo{}}
	own, sources := map[int64]string{}, map[string]bool{}
	err = eachPage(ctx, st, until, func(page []store.DeliveryInfo) error {
		for i := range page {
			switch d := &page[i]; {
			case d.Channel == store.File:
				own[d.ID], sources[d.Source] = d.Position, true
			case d.Channel == store.Postgres && d.Position != "":
				k.last[d.Source] = *d
			}
		}
		return nil
	})
	if err != nil {
		return k, err
	}
	for source, last := range k.last {
		if k.tables[source], err = positionAt(ctx, st, &last, until); err != nil {
			return k, err
		}
	}
	for source := range sources {
		files, err := st.Remembered(ctx, source)
		if err != nil {
			return k, err
		}
		for _, f := range files {
			if position, known := own[f.Delivery]; known && f.Position != position {
				k.files[f.Delivery] = f.Position
			}
		}
	}
	return k, nil
}

// positionAt is how far a table was read at a sequence, where a page was the last:
// how far the store says, unless it has later ones.
func positionAt(ctx context.Context, st store.Keeper, last *store.DeliveryInfo, until int64) (string, error) {
	position, err := st.Position(ctx, last.Source)
	if err != nil {
		return "", err
	}
	for after := last.ID; ; {
		page, err := st.Deliveries(ctx, store.Query{Source: last.Source, After: after, Limit: pageOfDeliveries})
		if err != nil || len(page) == 0 {
			return position, err
		}
		for i := range page {
			if page[i].Last > until && page[i].Position != "" {
				return last.Position, nil
			}
		}
		after = page[len(page)-1].ID
	}
}

// again tells the target again of a delivery that was told again at another
// position.
func (c *Copying) again(ctx context.Context, d *store.DeliveryInfo) error {
	if position, ok := c.known.files[d.ID]; ok {
		return c.tellAgain(ctx, d, position)
	}
	if c.known.last[d.Source].ID == d.ID && d.Channel == store.Postgres && c.known.tables[d.Source] != d.Position {
		return c.tellAgain(ctx, d, c.known.tables[d.Source])
	}
	return nil
}

func (c *Copying) tellAgain(ctx context.Context, d *store.DeliveryInfo, position string) error {
	if d.SHA256 == "" || position == "" {
		return nil // it cannot have been told again
	}
	head := d.Head
	head.Position, head.Replace = position, false
	parcel := c.To.Begin()
	defer parcel.Discard()
	receipts, err := c.To.Put(ctx, store.Told{Head: head, Parcel: parcel})
	if err == nil && !receipts[0].Again {
		err = fmt.Errorf("copy: delivery %d was told again, and the target took it for another one, %d", d.ID, receipts[0].Delivery)
	}
	return err
}

// settle makes the last position of each table that of the source: an earlier page
// that was told again may have given it.
func (c *Copying) settle(ctx context.Context) error {
	for _, source := range slices.Sorted(maps.Keys(c.known.tables)) {
		want := c.known.tables[source]
		is, err := c.To.Position(ctx, source)
		if err != nil {
			return err
		}
		if is == want {
			continue
		}
		if err := c.turnTo(ctx, source, want); err != nil {
			return err
		}
	}
	return nil
}

// turnTo tells the target again of a page of a table that it knows, at a position.
func (c *Copying) turnTo(ctx context.Context, source, position string) error {
	list, err := c.To.Deliveries(ctx, store.Query{Kind: store.Events, Source: source, Newest: true, Limit: pageOfDeliveries})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(d store.DeliveryInfo) bool {
		return d.Channel == store.Postgres && d.SHA256 != "" && d.WithdrawnBy == 0
	})
	if at < 0 {
		return nil // what differs will be told
	}
	for _, text := range []string{position + " ", position} { // the same twice would change nothing
		if err := c.tellAgain(ctx, &list[at], text); err != nil {
			return err
		}
	}
	return nil
}
