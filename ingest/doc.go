// Package ingest turns the bytes of one delivery into outage events or rows of
// the customer base.
//
// The bytes go through these steps: [Events] and [Base] survey the whole input
// once (its hash, size, compression, content and encoding), then read it again,
// take it apart into rows of cells (packages delimited, workbook, jsonlines) or
// into typed columns (package columnar), find the header, bind its columns to
// canonical fields by a [Mapping] or by the header words that utilities use, and
// parse the values. Large deliveries of events are read in portions, several at
// once, and come out in the order of their rows.
//
// A bad row is data: it becomes a rejection with its place, value and reason,
// and reading goes on. A broken stream, a file beyond the limits or a mapping
// that does not fit is an error, and then nothing that was handed out counts.
// Of every delivery, rows read = rows + rejected rows + skipped rows.
package ingest
