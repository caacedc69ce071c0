package clickhouse

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// baseAtOnce is how many rows of the base are inserted at once.
const baseAtOnce = 200_000

// insertBase inserts the rows of a base under a ticket.
func (s *Store) insertBase(ctx context.Context, ticket uint64, rows []outage.Customers) error {
	names := (&table{columns: baseColumns()}).names()
	for from := 0; from < len(rows); from += baseAtOnce {
		some := rows[from:min(from+baseAtOnce, len(rows))]
		err := s.cluster.home.insert(ctx, baseTable, names, func(b driver.Batch) error {
			for i := range some {
				r := &some[i]
				if err := b.Append(ticket, uint32(from+i), r.Path, r.Sheet, int64(r.Row), r.Feeder, r.Unit, string(r.Area), string(r.Class), r.Customers,
					r.ValidFrom, r.ValidTo, r.CapacityKVA, string(r.Kind)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("keep the base: %w", err)
		}
	}
	return nil
}

// baseRows reads the rows of a delivery of the base, in order.
func (s *Store) baseRows(ctx context.Context, d *delivery) ([]outage.Customers, error) {
	rows := make([]outage.Customers, 0, d.stored)
	err := s.cluster.home.query(ctx, `SELECT ordinal, path, sheet, row, feeder_id, unit_id, area, class, customers, valid_from, valid_to, capacity_kva, customer_kind
		FROM base_row WHERE ticket = ? ORDER BY ordinal`, []any{d.ticket}, func(r driver.Rows) error {
		var c outage.Customers
		var ordinal uint32
		var row int64
		var area, class, kind string
		if err := r.Scan(&ordinal, &c.Path, &c.Sheet, &row, &c.Feeder, &c.Unit, &area, &class, &c.Customers, &c.ValidFrom, &c.ValidTo, &c.CapacityKVA, &kind); err != nil {
			return err
		}
		if int(ordinal) != len(rows) { // it was inserted twice
			return nil
		}
		c.Row, c.Area, c.Class, c.Kind = int(row), outage.Area(area), outage.Class(class), outage.Kind(kind)
		rows = append(rows, c)
		return nil
	})
	if err == nil && int64(len(rows)) != d.stored {
		err = missing(d, int64(len(rows)))
	}
	return rows, err
}

// missing says that a delivery has not all of its rows.
func missing(d *delivery, found int64) error {
	return faultf(store.ErrCorrupt, "the store is damaged: %d of the %d rows of delivery %d are there: restore the store from a backup; saidi store verify lists what is damaged", found, d.stored+d.rejected, d.id)
}

// Base gives what is in force of the base as known at a sequence (0: now): of
// each name the file or push that came last.
func (s *Store) Base(ctx context.Context, until int64) ([]store.BasePart, error) {
	list, _, err := s.basePrint(ctx, until)
	if err != nil {
		return nil, err
	}
	var parts []store.BasePart
	for i := range list {
		d := &list[i]
		info, err := s.Delivery(ctx, d.id)
		if err != nil {
			return nil, err
		}
		rows, err := s.baseRows(ctx, d)
		if err != nil {
			return nil, fmt.Errorf("read the base: %w", err)
		}
		parts = append(parts, store.BasePart{Stream: info.Stream, Delivery: d.id, SHA256: d.sha256, Received: info.Received, Covers: info.Covers, Rows: rows})
	}
	return parts, nil
}
