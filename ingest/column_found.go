package ingest

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// foundRows is how many rows are looked at column by column: few enough to stay
// near the processor.
const foundRows = 4096

// A columnFound is what was found in some rows, in columns.
type columnFound struct {
	care       []bool                   // rows that need care
	refs       [fieldCount][]outage.Ref // by field, of those that are words
	ints       [fieldCount][]int64      // by field, of those that are numbers or times
	nature     []outage.Nature
	flags      []outage.Flags
	blankFlags outage.Flags // of constants
	wordly     outage.Flags // that come with words of columns
	rare       []field      // numbers that few rows have
}

// begin fills in what rows say that have nothing but an id: constants above all.
func (f *columnFound) begin(blank *record) {
	f.nature = slices.Repeat([]outage.Nature{blank.nature}, foundRows)
	f.blankFlags = blank.flags &^ f.wordly
	for _, w := range wordFields {
		f.refs[w] = slices.Repeat([]outage.Ref{meaningOf(w, blank).ref}, foundRows)
	}
	for field, n := range map[field]int64{
		fieldStart: 0, fieldEnd: blank.end, fieldCustomers: blank.customers, fieldServed: blank.served, fieldRevision: blank.revision, fieldCapacity: 0,
	} {
		f.ints[field] = slices.Repeat([]int64{n}, foundRows)
	}
}

// reset forgets the rows, but for what never changes.
func (f *columnFound) reset(rows int) {
	f.care = grown(f.care, rows)
	clear(f.care)
	f.flags = grown(f.flags, rows)
	for i := range f.flags {
		f.flags[i] = f.blankFlags
	}
}

// allCare has all rows need care.
func (f *columnFound) allCare(rows int) {
	f.care = grown(f.care, rows)
	for i := range f.care {
		f.care[i] = true
	}
}

// grown is a slice of n elements, s where that is long enough.
func grown[T any](s []T, n int) []T {
	if n <= cap(s) {
		return s[:n]
	}
	return make([]T, n, foundRows)
}

// put appends the rows from from, before to, to a batch that has their ids.
func (f *columnFound) put(b *outage.Batch, first outage.Row, from, to int) {
	if from == to {
		return
	}
	at := b.Len()
	for i := from; i < to; i++ {
		b.Row = append(b.Row, first+outage.Row(i))
		b.Cancelled = append(b.Cancelled, false)
	}
	b.Source = append(b.Source, f.refs[fieldSource][from:to]...)
	b.Feeder, b.Unit = append(b.Feeder, f.refs[fieldFeeder][from:to]...), append(b.Unit, f.refs[fieldUnit][from:to]...)
	b.Area, b.Class = append(b.Area, f.refs[fieldArea][from:to]...), append(b.Class, f.refs[fieldClass][from:to]...)
	b.Cause, b.Stage = append(b.Cause, f.refs[fieldCause][from:to]...), append(b.Stage, f.refs[fieldStage][from:to]...)
	b.Technical = append(b.Technical, f.refs[fieldTechnicalCause][from:to]...)
	b.Start, b.End = append(b.Start, f.ints[fieldStart][from:to]...), append(b.End, f.ints[fieldEnd][from:to]...)
	b.Customers, b.Revision = append(b.Customers, f.ints[fieldCustomers][from:to]...), append(b.Revision, f.ints[fieldRevision][from:to]...)
	b.Nature, b.Flags = append(b.Nature, f.nature[from:to]...), append(b.Flags, f.flags[from:to]...)
	for _, field := range f.rare {
		f.putRare(b, field, at, from, to)
	}
}

// putRare sets a field that few rows have.
func (f *columnFound) putRare(b *outage.Batch, field field, at, from, to int) {
	for i := from; i < to; i++ {
		k := at + i - from
		switch {
		case field == fieldCapacity && f.ints[field][i] != 0:
			b.Capacity[k] = float64(f.ints[field][i])
		case field == fieldServed && f.ints[field][i] != outage.Missing:
			b.Served[k] = f.ints[field][i]
		}
	}
}
