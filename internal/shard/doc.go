// Package shard tests several exporters that share the work of one store in
// ClickHouse: the real program, two or three times, and two real servers, each a
// shard, on the loopback.
//
//   - whole: a million simulated rows are copied from a store on disk into the
//     cluster; commands and exporters say the same of both.
//   - history: corrections, cancellations, moved events, new bases and
//     withdrawals are told to either exporter in turn, and to one with a store of
//     its own; after each step all say the same.
//   - shards: one shard, and then the other, is killed in the middle of pushes.
//     Nothing that was acknowledged is lost, nothing is there twice, and meanwhile
//     the last good numbers stay and the fault is named.
//   - members: an exporter is killed, the other answers for all; it comes back,
//     and the work is shared again.
//
// As that takes minutes, it runs only where SAIDI_E2E is 1, as make
// e2e-clickhouse sets it.
package shard
