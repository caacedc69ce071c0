package ingest

import (
	"bytes"
	"unicode/utf8"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// A columnEvents turns the rows of typed columns into events: column by column
// where nothing needs care, else as the cells that the careful reader takes,
// which alone rejects and flags what is odd. Words are looked at by the careful
// reader, too, each at its first sight.
type columnEvents struct {
	taker  *eventTaker
	table  *columnTable
	reader *columnar.Reader // of a worker

	swift   bool  // rows may go the short way
	id      []int // columns read that make the id
	words   []columnWord
	numbers []columnNumber
	times   [2]columnTime // start, and end if there is one
	odd     []int         // columns read whose values always need care
	east    int64         // seconds of the zone east of UTC at the last instant

	found   columnFound
	idCell  []byte   // of the last row whose id lies in one column
	lastID  []byte   // which it says
	text    []byte   // of cells
	cells   [][]byte // in which just the id is filled
	example [][]byte // cells of a row of which a meaning is asked
}

// newColumnEvents works out what can go the short way in the layout of t.
func newColumnEvents(t *eventTaker, table *columnTable, columns []columnar.Column) *columnEvents {
	e := &columnEvents{taker: t, table: table, cells: make([][]byte, len(columns)), example: make([][]byte, len(columns))}
	for _, i := range t.layout.places[fieldEventID].columns() {
		e.id = append(e.id, table.at(i))
	}
	if !e.assign(columns) {
		return e
	}
	blank, sure := e.alone(func([][]byte) bool { return true })
	if sure {
		e.swift = true
		e.found.begin(blank)
	}
	return e
}

// take takes the rows of a batch, of which so many come before.
func (e *columnEvents) take(b *columnar.Batch, from int64) error {
	for i := range e.words {
		e.words[i].follow(b)
	}
	for lo := 0; lo < b.Rows; lo += foundRows {
		if err := e.chunk(b, lo, min(lo+foundRows, b.Rows), outage.Row(from+int64(lo)+1)); err != nil {
			return err
		}
	}
	return nil
}

// chunk takes the rows from lo, before hi, of which the first is row first of
// the file. Rows that go the short way wait until one needs care or the batch
// is full; only their ids are put there at once.
func (e *columnEvents) chunk(b *columnar.Batch, lo, hi int, first outage.Row) error {
	e.look(b, lo, hi)
	t, waiting := e.taker, 0
	for i := range hi - lo {
		short := !e.found.care[i] && e.readID(b, lo+i)
		if short {
			t.batch.ID.AppendBytes(e.lastID)
			if t.batch.ID.Len()+len(t.batch.Rejected) < batchRows {
				continue
			}
			i++
		}
		e.found.put(t.batch, first, waiting, i)
		waiting = i
		if err := t.flush(batchRows); err != nil {
			return err
		}
		if short {
			continue
		}
		if err := e.table.take(t, first+outage.Row(i), b, lo+i); err != nil {
			return err
		}
		waiting++
	}
	e.found.put(t.batch, first, waiting, hi-lo)
	return nil
}

// look finds out what the columns say, and which rows need care.
func (e *columnEvents) look(b *columnar.Batch, lo, hi int) {
	if !e.swift {
		e.found.allCare(hi - lo)
		return
	}
	e.found.reset(hi - lo)
	for _, i := range e.odd {
		v := &b.Columns[i]
		for k := range hi - lo {
			if !v.IsNull(lo + k) {
				e.found.care[k] = true
			}
		}
	}
	for i := range e.words {
		e.words[i].look(e, b, lo, hi)
	}
	for i := range e.numbers {
		e.numbers[i].look(&e.found, b, lo, hi)
	}
	e.interval(b, lo, hi)
}

// readID reads the id of a row into lastID; mostly it is that of the row before,
// as an event has many units.
func (e *columnEvents) readID(b *columnar.Batch, row int) bool {
	if len(e.id) != 1 || b.Columns[e.id[0]].Spans == nil || b.Columns[e.id[0]].IsNull(row) {
		return e.joinID(b, row)
	}
	cell := b.Columns[e.id[0]].Plain(row)
	if e.idCell == nil || !bytes.Equal(cell, e.idCell) {
		if !utf8.Valid(cell) {
			return false
		}
		e.idCell = append(e.idCell[:0], cell...)
		e.cells[e.table.places[e.id[0]]] = e.idCell
		e.lastID = plainID(e.taker.layout.text(fieldEventID, e.cells))
	}
	return len(e.lastID) > 0
}

// joinID reads an id of any column, or joined of several.
func (e *columnEvents) joinID(b *columnar.Batch, row int) bool {
	e.text, e.idCell = e.text[:0], nil
	for _, i := range e.id {
		cell, whole := e.cell(&b.Columns[i], row)
		if !whole {
			return false
		}
		e.cells[e.table.places[i]] = cell
	}
	e.lastID = plainID(e.taker.layout.text(fieldEventID, e.cells))
	return len(e.lastID) > 0
}

// cell is the text of a value, valid until text is used again; whole is false
// where it is not UTF-8.
func (e *columnEvents) cell(v *columnar.Values, row int) (cell []byte, whole bool) {
	from := len(e.text)
	e.text = v.AppendText(e.text, row)
	cell = e.text[from:len(e.text):len(e.text)]
	return cell, v.Kind != columnar.Text || utf8.Valid(cell)
}
