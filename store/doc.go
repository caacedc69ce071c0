// Package store keeps what was told us, by whom and when, durably. Nothing in it
// is ever changed: what is corrected is told again, what was wrong is withdrawn
// by a later delivery, and so any answer can be made again as it was known at any
// time.
//
// # Deliveries and sequences
//
// A [Parcel] gathers the rows of one delivery, and [Store.Put] stores it under a
// number, 1, 2, …, with a run of sequence numbers: one for each row that is kept,
// readable rows first, then those that the reader rejected; one also where there
// are none. Sequences have no holes. "As known at S" means all deliveries whose
// last sequence is at most S, but for those that one of them withdrew. The times
// received never go back. A delivery that is in force already is not stored
// again: the same source, channel, bytes, declared periods and mapping, and for
// files the same name.
//
// # What an acknowledgement covers
//
// When Put returns without an error, the rows were written and the disk was asked
// to keep them (fsync, of files, folders and the journal). A process that is
// killed at any instant loses none of them and counts none twice. A lost power
// supply loses nothing that the disk kept when it was asked to: consumer disks
// and some virtual ones answer too early. Callers that wait at one time share one
// transaction, and with it one wait for the disk.
//
// # On the disk: format 1
//
//	DIR/lock                 held by the one process that writes
//	DIR/catalogue.sqlite     what there is, and the tail: the rows not yet in segments
//	DIR/segments/*.parquet   rows; files that never change
//	DIR/unused/              whole files that a killed process left behind, put aside at the next start
//
// A delivery of many rows is written to a Parquet file while it comes and is a
// segment of its own. Smaller ones go to the table tail of the catalogue, and
// from there, once there are enough, into a segment together; a segment holds an
// unbroken run of deliveries. Files are written under a name that ends with .tmp,
// forced to the disk, renamed, and then entered into the catalogue in one
// transaction, with the removal of the rows from the tail: what the catalogue
// does not name does not count.
//
// A segment, named after its first and last sequence, has the columns of the
// canonical record (event_id, source, feeder_id, unit_id, area, class, start, end,
// customers, nature, cause, technical_cause, stage, steps, revision, cancelled,
// capacity_kva), flags as bits, row (the ordinal of the row in what was sent), for
// rejected rows reason, reason_column and reason_value, and sequence, received,
// delivery and stream. Any program that reads Parquet can read it:
//
//	SELECT * FROM 'DIR/segments/0*.parquet' WHERE reason IS NULL
//
// Files named base-DELIVERY.parquet hold the rows of the base. Deliveries that are
// withdrawn are there too: the catalogue knows them. In all files and in the tail
// a text that is no valid UTF-8 stands quoted behind the character U+FFFF.
//
// The tables of the catalogue, all times in microseconds since 1970:
//
//	stream          what the deliveries of a sender have in common, as JSON in spec
//	delivery        one row each: stream, received, sequences, numbers of rows, declared periods, position
//	withdrawal      the delivery that no longer counts, and by which one
//	note            positions of deliveries that were told again
//	tail            rows by delivery, as lines of JSON with the names above; start, end and at in seconds
//	segment         files, their runs of deliveries, sizes and sums; filled has a bit for each column that says anything
//	segment_stream  what the deliveries of a segment add up to, by stream
//	base            files of the base
//
// SQLite's user_version is the format. A program refuses a newer one, and will
// bring an older one up to its own.
//
// # Damage
//
// Each row of the catalogue carries a CRC-32C over its fields, and the catalogue
// the CRC-32C and SHA-256 of each file. The former are checked whenever something
// is read, so that a bit that turned is an error ([ErrCorrupt]) and never a wrong
// number. [Store.Verify] reads everything; [Store.Backup] makes a copy, while the
// store is in use, and verifies it.
package store
