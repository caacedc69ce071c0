package ingest

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/saidi-exporter/saidi/ingest/delimited"
	"github.com/saidi-exporter/saidi/outage"
)

// portionSize is how many bytes of delimited text one goroutine reads at a time.
const portionSize = 1 << 20

// A division reads the rest of a delimited text in portions, several at once.
// Where one ends and the next begins, and on which line, is what one reader of
// the whole text would say; that reader also takes what is no whole record.
type division struct {
	passage *passage
	taker   *eventTaker
	reader  *delimited.Reader
	spare   chan []byte // the memory of portions that have been read

	mu    sync.Mutex
	parts map[*eventTaker]*part
}

// A part is the way of one goroutine through its portions, with counts of its
// own.
type part struct {
	passage
	reader *delimited.Reader
}

// A piece is a portion, or the one row or malformed line for which the reader of
// the whole text was needed.
type piece struct {
	delimited.Portion
	row   int
	cells [][]byte
	err   error
}

// division says how to divide what is left of the sheet, nil where it stays
// whole: until the first row below the header is taken, whose meaning depends
// on its place, and where little is left.
func (p *passage) division() *division {
	if p.whole || p.layout == nil || p.first || p.limits.Rows > 0 || p.opts.Wanted != nil {
		return nil
	}
	p.whole = true
	taker, ok := p.handler.(*eventTaker)
	if !ok || taker.portion == 0 {
		return nil
	}
	reader, ok := p.sheet.table.(*delimited.Reader)
	if !ok || !reader.Ahead(taker.portion) {
		return nil
	}
	return &division{passage: p, taker: taker, reader: reader, spare: make(chan []byte, 64), parts: map[*eventTaker]*part{}}
}

// read reads what is left and adds up the counts of the parts.
func (d *division) read() error {
	if err := readPortions(d.taker, d.next, d.portion); err != nil {
		return err
	}
	p := d.passage
	for _, own := range d.parts {
		p.rows += own.rows
		p.last = max(p.last, own.last)
		p.delivery.Rows += own.delivery.Rows
		p.delivery.Skipped += own.delivery.Skipped
	}
	return nil
}

// next gives the next piece.
func (d *division) next() (piece, error) {
	var spare []byte
	select {
	case spare = <-d.spare:
	default:
	}
	if portion, ok := d.reader.Portion(d.taker.portion, spare); ok {
		return piece{Portion: portion}, nil
	}
	d.give(spare)
	row, cells, err := d.reader.Read()
	if _, isMalformed := asMalformed(err); err != nil && !isMalformed {
		return piece{}, err
	}
	own := make([][]byte, len(cells))
	for i, cell := range cells {
		own[i] = bytes.Clone(cell)
	}
	return piece{row: row, cells: own, err: err}, nil
}

// give keeps memory for portions to come.
func (d *division) give(spare []byte) {
	select {
	case d.spare <- spare:
	default:
	}
}

// portion reads one piece.
func (d *division) portion(t *eventTaker, p piece) error {
	own := d.part(t)
	if p.Text == nil {
		return own.step(p.row, p.cells, p.err)
	}
	own.reader.Take(p.Portion)
	for {
		row, cells, err := own.reader.Read()
		if errors.Is(err, io.EOF) {
			d.give(p.Text)
			return nil
		}
		if err := own.step(row, cells, err); err != nil {
			return err
		}
	}
}

// part is the one of a taker, who begins with a layout of its own.
func (d *division) part(t *eventTaker) *part {
	d.mu.Lock()
	defer d.mu.Unlock()
	if own := d.parts[t]; own != nil {
		return own
	}
	p := d.passage
	l := *p.layout
	l.scratch = nil
	run := *p.delivering
	run.delivery = &outage.Delivery{}
	own := &part{reader: d.reader.Helper(), passage: passage{
		walk: &walk{delivering: &run, handler: t}, sheet: p.sheet, offset: p.offset, layout: &l, fit: p.fit, width: p.width,
	}}
	d.parts[t] = own
	t.begin(&l, p.sheet)
	return own
}
