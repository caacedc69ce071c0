package ingest

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// A columnTable gives rows of typed columns as the cells that a file of text
// would have.
type columnTable struct {
	places []int    // of the columns that are read among all of the file
	plain  []int    // those of them whose texts hardly recur
	days   []bool   // by column read: the date of a date and a time of the day
	cells  [][]byte // one for each column of the file
	text   []byte
	ends   []int
}

func newColumnTable(k kind, l *layout, columns []columnar.Column) *columnTable {
	t := &columnTable{places: l.used(), cells: make([][]byte, len(columns))}
	t.days, t.ends = make([]bool, len(t.places)), make([]int, len(t.places))
	for f := range l.places {
		if at := l.places[f].date; at >= 0 {
			t.days[t.at(at)] = true
		}
	}
	id := fieldEventID
	if k == baseRows {
		id = fieldUnit
	}
	for _, i := range l.places[id].columns() {
		if columns[i].Kind == columnar.Text && l.users(i) == 1 {
			t.plain = append(t.plain, i)
		}
	}
	return t
}

// users is how many fields take their values from a column.
func (l *layout) users(column int) (n int) {
	for f := range l.places {
		if slices.Contains(l.places[f].columns(), column) {
			n++
		}
	}
	return n + btoi(l.zoneColumn == column)
}

// at is the number of a column of the file among those read, -1 where it is not
// read.
func (t *columnTable) at(column int) int {
	if i, ok := slices.BinarySearch(t.places, column); ok {
		return i
	}
	return -1
}

// midnightClock is what a moment ends in that stands for a day.
var midnightClock = []byte(" 00:00:00")

// row gives the cells of a row, valid until the next call; whole is false where
// a text is not UTF-8.
func (t *columnTable) row(b *columnar.Batch, row int) (cells [][]byte, whole bool) {
	t.text, whole = t.text[:0], true
	for i := range b.Columns {
		v := &b.Columns[i]
		from := len(t.text)
		t.text = v.AppendText(t.text, row)
		switch cell := t.text[from:]; {
		case v.Kind == columnar.Text:
			whole = whole && utf8.Valid(cell)
		case t.days[i] && bytes.HasSuffix(cell, midnightClock):
			t.text = t.text[:len(t.text)-len(midnightClock)]
		}
		t.ends[i] = len(t.text)
	}
	from := 0
	for i, to := range t.ends {
		t.cells[t.places[i]] = t.text[from:to:to]
		from = to
	}
	return t.cells, whole
}

// take gives one row to a handler.
func (t *columnTable) take(h handler, at outage.Row, b *columnar.Batch, row int) error {
	cells, whole := t.row(b, row)
	if !whole {
		return h.malformed(at, joined(cells), "the text is not UTF-8")
	}
	return h.row(at, cells)
}
