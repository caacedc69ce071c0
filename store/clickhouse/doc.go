// Package clickhouse keeps what was told in ClickHouse, as package store does in a
// folder, for more rows than one machine takes: it is a [store.Keeper] that says
// the same as a [store.Store] that was told the same. Any number of processes may
// have one store open, all of them writing.
//
// Beside that it gives rows by allocation group, so that processes can share the
// work of counting: see [Store.ReadGroups].
//
// # Where rows are
//
// A row is stored in a slot, 1 + hash(name of its group) mod (slots - 1), and a
// slot is on the shard slot mod shards. The group is that of the base that is known
// when the row is told; where there is no base it is the row's feeder. All that is
// of no feeder is in slot 0 under the name "". How many slots and shards there are
// is fixed when the store is made. A later base may put rows into other groups:
// they stay where they are, and are found and read as the present base has them.
//
// # The tables
//
// On home, which is the first server that the URL names:
//
//	store_format  the format of the tables: the largest version counts
//	founding      a view: the number of slots and of shards
//	catalogue     what was told, by whom and when, in entries that are numbered without holes
//	base_row      rows of the base
//	pen_N         views: who may write into the catalogue
//	seal_N_…      views: with which entry a pen begins
//
// On every shard, under names that end with _here; where the URL names a cluster
// there is a Distributed table without that ending over each:
//
//	row      the rows of events: slot, grp, ticket, ordinal, event (a hash of source and event id) and the canonical record
//	revised  those with a revision or a cancellation again, by event
//	event    in which groups an event has rows
//	touched  which groups have rows of a ticket
//
// The last three are filled from row as it is inserted into. There, start and finish
// are seconds since 1970, and finish is 9223372036854775807 of an outage that goes on;
// customers is -1 where the row gave none; flags are bits; rejected rows have an
// ordinal from 2147483648 on, and a reason. Only rows count whose ticket is that of
// a delivery of the catalogue, and of rows of one ticket and ordinal one:
//
//	SELECT nature, count() FROM row WHERE ordinal < 2147483648 GROUP BY nature
//
// is therefore about right, and exact as long as nothing was inserted in vain.
//
// # How a delivery is stored
//
// A [store.Parcel] inserts its rows while they come, under a random ticket; those of
// small deliveries go together with those of others. Once all are there, one entry
// of the catalogue makes them count. An insert that may not have arrived is done
// again: rows have ordinals, and entries numbers.
//
// Entries are written by who has the pen. To take it is to make the view pen_N+1,
// which fails where it exists: so one process gets it. It begins behind the last
// entry that is in the catalogue by then, and says so by a seal. The process that
// had the pen looks, after each of its entries, for the next pen: there is none, and
// whoever takes it will find the entry; or there is one, and its seal says whether
// the entry counts. If not, the entry is written again, later, under another number.
// Who reads the catalogue looks for pens, too, and seals what nobody did. Nothing of
// this depends on clocks, and a process that stops anywhere holds up nobody.
//
// # What an acknowledgement covers
//
// When Put returns without an error, the rows are in the hands of the servers: each
// shard has acknowledged its rows, and home the entry. A process that is killed at
// any instant, of this program or of a server, loses none of them and counts none
// twice. A lost power supply may lose what the system had not written to the disk
// yet: servers that know the setting fsync_after_insert are asked to write it; old ones,
// such as 18.16, do not know it. Where shards have replicas and a keeper,
// tables are replicated, and a block of rows is acknowledged once two of them have it.
//
// After an error of the network nobody may know whether a delivery is stored. The
// same parcel put again, or the same delivery told again with its digest, is then
// stored once all the same.
//
// # Errors
//
// What may pass by itself is tried again with growing pauses, for as long as the
// URL's timeout says. Then the error is a [ShardError], which names the shard that
// does not answer.
package clickhouse
