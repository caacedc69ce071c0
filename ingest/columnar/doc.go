// Package columnar takes Parquet files and Arrow IPC files and streams apart
// into batches of typed columns, and writes such batches.
//
// Only the flat columns at the top are read: nested and repeated ones are
// named by [Reader.Skipped]. Of a Parquet file only the columns that
// [Reader.Select] names are read from the disk at all.
//
// Text comes as codes into a [Dict] that lives for the whole file, so that what
// follows compares and counts numbers, and looks at each distinct text once.
// Only where a column holds ever new texts, as the numbers of reports are, is a
// new dictionary begun now and then: see [Limits].
//
// A file from outside is not trusted. Everything runs in the goroutine of the
// caller, panics become errors, and what a file says of its sizes is held
// against the file's size and the limits before memory is taken. Therefore
// the pages of Parquet and the messages of Arrow are decoded here; of the
// library, the readers use what takes the footer and the types of Parquet
// apart, and the writers use all of it.
package columnar
