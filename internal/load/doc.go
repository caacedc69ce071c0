// Package load measures the exporter with a store: the real program, told events
// over HTTP on the loopback.
//
//   - Pushes: writers at once, single events and batches, beside sqlite3 given the
//     same rows as plain INSERT statements, in turns.
//   - Memory: what an hour of a bad storm day leaves behind, event by event, and
//     what each further delivery costs.
//   - Restart: a store of five years, from the start of the program until it is
//     ready, and from one more event until /metrics shows it.
//
// Figures are printed and never judged: what a machine takes for something else
// must not fail a test. What is counted is judged: rows, outcomes and sums of the
// report against those of everything that was acknowledged.
//
// It runs where SAIDI_LOAD says quick or full, as make load-quick and make load
// set it, and writes a page where SAIDI_LOAD_OUT names a file.
package load
