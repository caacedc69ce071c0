package clickhouse

// Shards is how many shards the store has.
func (s *Store) Shards() int { return len(s.cluster.shards) }
