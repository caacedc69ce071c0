package clickhouse

import (
	"context"
	"fmt"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/store"
)

// todoRestore is what to do about rows that are not there.
const todoRestore = "restore the store from a backup"

// Verify looks whether the servers have all rows of every delivery, withdrawn ones
// too, and lists what is missing; nothing, where it is sound. What the servers
// have is checked by their own sums. The error says that it could not be checked.
func (s *Store) Verify(ctx context.Context) ([]store.Finding, error) {
	if err := s.Refresh(ctx); err != nil {
		return nil, err
	}
	var bases, events []delivery
	err := s.look(ctx, func(l *ledger) error {
		for i := range l.deliveries {
			switch d := l.deliveries[i]; {
			case l.kind(&d) == store.Base:
				bases = append(bases, d)
			case d.kept() > 0:
				events = append(events, d)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	findings, err := s.verifyRows(ctx, events)
	for i := 0; i < len(bases) && err == nil; i++ {
		if _, wrong := s.baseRows(ctx, &bases[i]); isCorrupt(wrong) {
			findings = append(findings, store.Finding{Path: baseTable, What: wrong.Error(), Todo: todoRestore})
		} else {
			err = wrong
		}
	}
	if err != nil {
		return nil, fmt.Errorf("verify the store: %w", err)
	}
	return findings, nil
}

// verifyRows looks whether all rows of deliveries are there. Most are there once;
// only of others it is counted what is there twice.
func (s *Store) verifyRows(ctx context.Context, list []delivery) (findings []store.Finding, err error) {
	counts, err := s.countRows(ctx, "count()", nil)
	if err != nil {
		return nil, err
	}
	var odd []uint64
	for i := range list {
		if counts[list[i].ticket] != list[i].kept() {
			odd = append(odd, list[i].ticket)
		}
	}
	if len(odd) == 0 {
		return nil, nil
	}
	exact, err := s.countRows(ctx, "uniqExact(ordinal)", odd)
	if err != nil {
		return nil, err
	}
	for i := range list {
		d := &list[i]
		if n, isOdd := exact[d.ticket]; counts[d.ticket] != d.kept() && (!isOdd || n != d.kept()) {
			findings = append(findings, store.Finding{Path: rowTable, What: missing(d, n).Error(), Todo: todoRestore})
		}
	}
	return findings, nil
}

// countRows counts rows by ticket: of all tickets, or of some.
func (s *Store) countRows(ctx context.Context, count string, tickets []uint64) (map[uint64]int64, error) {
	where := ""
	if tickets != nil {
		asking, err := with(ctx, numbers("asked", "ticket", tickets))
		if err != nil {
			return nil, err
		}
		ctx, where = asking, " WHERE ticket IN (SELECT ticket FROM asked)"
	}
	counts := map[uint64]int64{}
	var mu sync.Mutex
	err := s.cluster.onShards(func(_ int, l *link) error {
		return l.query(ctx, "SELECT ticket, "+count+" FROM row_here"+where+" GROUP BY ticket", nil, func(rows driver.Rows) error {
			var ticket, n uint64
			err := rows.Scan(&ticket, &n)
			mu.Lock()
			defer mu.Unlock()
			counts[ticket] += int64(n)
			return err
		})
	})
	return counts, err
}
