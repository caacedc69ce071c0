package clickhouse

import (
	"context"
	"sync/atomic"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/store"
)

// measureEvery is at each how manieth look at the catalogue the servers are asked
// for sizes.
const measureEvery = 60

// Stats tells the sizes of the store. That on the disks of all shards is measured
// now and then; meanwhile, and while a shard does not answer, it is the last one.
func (s *Store) Stats() store.Stats {
	s.ledger.mu.RLock()
	e := s.ledger.end
	s.ledger.mu.RUnlock()
	return store.Stats{Deliveries: e.delivery, Rows: e.rows, Rejected: e.rejected, Bytes: s.size(), Last: e.sequence}
}

// size is how many bytes the tables had when they were measured last.
func (s *Store) size() int64 {
	s.mu.Lock()
	measured := s.measured
	s.mu.Unlock()
	if !measured && !s.isClosed() {
		s.measure()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes
}

// measure asks all shards how many bytes their tables have.
func (s *Store) measure() {
	ctx, cancel := context.WithTimeout(s.stopping, s.cluster.timeout)
	defer cancel()
	var bytes atomic.Int64
	err := s.cluster.onShards(func(_ int, l *link) error {
		list, err := queryAll(ctx, l, func(rows driver.Rows, n *uint64) error { return rows.Scan(n) },
			"SELECT sum(bytes_on_disk) FROM system.parts WHERE database = ? AND active", s.cluster.database)
		for _, n := range list {
			bytes.Add(int64(n))
		}
		return err
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.measured = true
	if err == nil {
		s.bytes = bytes.Load()
	}
}
