package clickhouse

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/store"
)

// entriesAtOnce is how many entries of the catalogue are read at once.
const entriesAtOnce = 100_000

// entriesBehind reads some entries behind one, in order, with those that do not
// count.
func (s *Store) entriesBehind(ctx context.Context, number uint64) ([]entry, error) {
	return queryAll(ctx, s.cluster.home, scanEntry,
		"SELECT entry, pen, what, delivery, ticket, placed, spec, received, sha256, first, last, read, stored, rejected, skipped, covers, position, warnings, withdraws "+
			"FROM catalogue WHERE entry > ? ORDER BY entry, pen LIMIT ?", number, entriesAtOnce)
}

func scanEntry(rows driver.Rows, e *entry) error {
	return rows.Scan(&e.number, &e.pen, &e.what, &e.id, &e.ticket, &e.placed, &e.spec, &e.received, &e.sha256, &e.first, &e.last, &e.read, &e.stored,
		&e.rejected, &e.skipped, &e.covers, &e.position, &e.warnings, &e.withdraws)
}

// insertEntries writes entries as one block, which is there as a whole or not at
// all. Entries that are there already may be written again.
func (s *Store) insertEntries(ctx context.Context, list []entry) error {
	names := (&table{columns: catalogueColumns()}).names()
	return s.cluster.home.insert(ctx, catalogueTable, names, func(b driver.Batch) error {
		for i := range list {
			e := &list[i]
			withdraws := e.withdraws
			if withdraws == nil {
				withdraws = []int64{}
			}
			if err := b.Append(e.number, e.pen, e.what, e.id, e.ticket, e.placed, e.spec, e.received, e.sha256, e.first, e.last, e.read, e.stored,
				e.rejected, e.skipped, e.covers, e.position, e.warnings, withdraws); err != nil {
				return err
			}
		}
		return nil
	})
}

// counting are the entries of a list, in order behind one of a pen, that count:
// one that was written twice counts once, and what a pen wrote at or behind the
// place where a later pen begins does not. (Entries have no holes: so what the
// later pen wrote is there too, or the pen is the one given.)
func counting(list []entry, last uint64) []entry {
	list = slices.DeleteFunc(slices.Clone(list), func(e entry) bool { return e.pen < last })
	slices.SortStableFunc(list, func(x, y entry) int { return cmp.Or(cmp.Compare(x.number, y.number), cmp.Compare(x.pen, y.pen)) })
	begins := map[uint64]uint64{}
	for _, e := range slices.Backward(list) {
		begins[e.pen] = e.number
	}
	ends, limit := map[uint64]uint64{}, uint64(math.MaxUint64)
	for _, pen := range slices.Backward(slices.Sorted(maps.Keys(begins))) {
		ends[pen] = limit
		limit = min(limit, begins[pen])
	}
	list = slices.DeleteFunc(list, func(e entry) bool { return e.number >= ends[e.pen] })
	return slices.CompactFunc(list, func(x, y entry) bool { return x.number == y.number })
}

// follow reads what is new in the catalogue, as far as it is sure to count, and
// gives what it took in. Who calls it has the turn. Nothing counts for sure that
// was written before a pen was taken that nobody has sealed yet: then it is sealed.
func (s *Store) follow(ctx context.Context) (taken []entry, err error) {
	for tries := 0; ; tries++ {
		list, err := s.entriesBehind(ctx, s.ledger.entry)
		cutOff := len(list) == entriesAtOnce
		if list = counting(list, s.ledger.pen); err != nil || len(list) == 0 {
			return taken, err
		}
		highest, err := s.highestPen(ctx)
		if err != nil {
			return taken, err
		}
		if cutOff { // what is behind may take the place of the last ones
			list = list[:len(list)/2]
		} else if highest.number > max(s.ledger.pen, list[len(list)-1].pen) {
			if err := s.sealOrWait(ctx, highest, tries); err != nil {
				return taken, err
			}
			continue
		}
		if err := s.takeIn(list); err != nil {
			return taken, err
		}
		taken = append(taken, list...)
	}
}

// takeIn takes entries into the ledger.
func (s *Store) takeIn(list []entry) error {
	for i := range list {
		e := &list[i]
		if e.number != s.ledger.entry+1 {
			return faultf(store.ErrCorrupt, "the store is damaged: entry %d of the catalogue is missing: restore the store from a backup", s.ledger.entry+1)
		}
		if err := s.ledger.apply(e); err != nil {
			return err
		}
		if e.what == isDelivery {
			s.announce()
		}
	}
	return nil
}
