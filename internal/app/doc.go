// Package app is the life cycle of the exporter: it loads, computes and swaps.
//
// One goroutine owns the engine. When a file changes, the clock has moved, or a
// reload is asked for, it takes in what is new, advances the engine, makes a
// snapshot, and puts it in the place of the last one in one step; whoever serves
// a request sees one snapshot or the next, never a part of either. What goes
// wrong is kept as a fault beside the last good snapshot.
//
// The files are the memory of the program: what counts is what they hold, taken
// in the order in which they were written. A file that comes behind the others
// is added; one that changes or goes makes the engine anew. A file that cannot
// be read any more, or a place that is gone, takes nothing away.
//
// With a store in ClickHouse the engine is composed of sums that several processes
// worked out together (internal/cluster), as of one instant that all of them agreed
// on. It holds no rows: a question about rows has an engine made for it, of the
// groups that matter, beside the goroutine that runs.
package app
