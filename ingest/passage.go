package ingest

import (
	"errors"
	"fmt"
	"math"

	"github.com/saidi-exporter/saidi/outage"
)

// A passage is the way through one sheet.
type passage struct {
	*walk
	sheet  *sheet
	offset int64
	last   int     // the last row's number
	layout *layout // nil until the header is found
	fit    fit     // of the layout
	width  int     // columns of the header
	titles int     // rows above it
	rows   int     // below it, those skipped apart
	first  bool    // the next row is the first below the header
	whole  bool    // it is not divided into portions
}

// errNoHeader ends a sheet in whose first rows there is no header.
var errNoHeader = errors.New("no header")

// step takes one row, or the error in its place.
func (p *passage) step(row int, cells [][]byte, err error) error {
	var m malformed
	isMalformed := false
	if err != nil {
		if m, isMalformed = asMalformed(err); !isMalformed {
			return err
		}
		row = m.row
	}
	if p.offset+int64(row) >= math.MaxUint32 {
		return fmt.Errorf("row %d: more rows than can be told apart", row)
	}
	p.last = row
	if err := p.allowed(isMalformed, cells); err != nil {
		return err
	}
	switch {
	case isMalformed && p.layout == nil:
		return p.title()
	case isMalformed:
		return p.malformed(row, m.text, m.problem)
	case p.sheet.keys != nil:
		return p.object(row, cells)
	case isBlank(cells):
		return nil
	case p.layout == nil:
		return p.header(row, cells)
	}
	return p.row(row, cells)
}

// allowed says whether the reading may go on to one row more.
func (p *passage) allowed(isMalformed bool, cells [][]byte) error {
	if p.opts.Wanted != nil {
		if err := p.opts.Wanted(); err != nil {
			return err
		}
	}
	if p.limits.Rows > 0 && p.layout != nil && (isMalformed || p.sheet.keys != nil || !isBlank(cells)) {
		if p.seen++; p.seen > p.limits.Rows {
			return fmt.Errorf("row %d: %w of %d", p.last, ErrRows, p.limits.Rows)
		}
	}
	return nil
}

// title counts a row above the header.
func (p *passage) title() error {
	if p.titles++; p.titles > max(titleRows, p.plan.skipRows+titleRows) {
		return errNoHeader
	}
	return nil
}

// header looks whether the row is the header.
func (p *passage) header(row int, cells [][]byte) error {
	if row <= p.plan.skipRows {
		return p.title()
	}
	headers := make([]string, len(cells))
	for i, cell := range cells {
		headers[i] = string(trim(cell))
	}
	l, f := bind(headers, p.plan)
	f.row = row
	if !f.fits() {
		if f.better(p.best) {
			p.best = f
		}
		return p.title()
	}
	if len(f.absent) > 0 {
		p.best = f
		return p.absentError()
	}
	p.fit = f
	p.accept(l, len(headers))
	return nil
}

// accept begins the rows below a header.
func (p *passage) accept(l *layout, width int) {
	p.layout, p.width, p.first = l, width, true
	p.delivery.Rows += p.titles
	p.delivery.Skipped += p.titles
	if p.sheet.excel {
		p.delivery.Sheets = append(p.delivery.Sheets, outage.Sheet{Name: p.sheet.name, Offset: outage.Row(p.offset)})
	}
	p.handler.begin(l, p.sheet)
}

// row takes a row below the header.
func (p *passage) row(row int, cells [][]byte) error {
	first := p.first
	p.first = false
	if first && isUnits(cells) && !p.handler.isTime(p.pad(cells)) || isTotal(cells) {
		p.delivery.Rows++
		p.delivery.Skipped++
		return nil
	}
	if p.sheet.strict && (len(cells) < p.width || len(cells) > p.width && !isBlank(cells[p.width:])) {
		return p.malformed(row, joined(cells), fmt.Sprintf("%d fields where the header has %d", len(cells), p.width))
	}
	p.rows++
	p.delivery.Rows++
	return p.handler.row(outage.Row(p.offset+int64(row)), p.pad(cells))
}

// object takes a row of JSON, whose columns are those seen so far.
func (p *passage) object(row int, cells [][]byte) error {
	if keys := p.sheet.keys(); len(keys) != p.width || p.first {
		l, f := bind(keys, p.plan)
		f.row = row
		p.layout, p.fit, p.width, p.first = l, f, len(keys), false
		p.handler.begin(l, p.sheet)
	}
	p.rows++
	p.delivery.Rows++
	return p.handler.row(outage.Row(p.offset+int64(row)), p.pad(cells))
}

func (p *passage) malformed(row int, text, problem string) error {
	p.rows++
	p.delivery.Rows++
	return p.handler.malformed(outage.Row(p.offset+int64(row)), text, problem)
}

// pad gives a row as many cells as the header has.
func (p *passage) pad(cells [][]byte) [][]byte {
	if len(cells) >= p.width {
		return cells
	}
	p.padded = append(p.padded[:0], cells...)
	for len(p.padded) < p.width {
		p.padded = append(p.padded, nil)
	}
	return p.padded
}

// end closes the sheet.
func (p *passage) end() error {
	p.next = p.offset + int64(p.last) + 1
	switch {
	case p.sheet.keys != nil:
		return p.endObjects()
	case p.layout != nil:
		p.found++
		p.nameFields()
		p.warn(p.layout.warnings...)
		if p.rows == 0 {
			p.warn(p.named(outage.Notef("no-rows", "a header and no rows below it")))
		}
	case len(p.plan.sheets) > 0:
		return fmt.Errorf("sheet %q: %w", p.sheet.name, p.unfound())
	case p.sheet.excel:
		p.warn(p.named(outage.Notef("no-header", "no header was found, and it is left out")))
	}
	return nil
}

// nameFields tells the delivery the file's own names of the fields; of several
// sheets, those of the first.
func (p *passage) nameFields() {
	if p.delivery.Headers == nil {
		p.delivery.Headers = map[string]string{}
	}
	for f := range fieldCount {
		at := &p.layout.places[f]
		if _, known := p.delivery.Headers[f.String()]; !known && at.bound && at.constant == nil {
			p.delivery.Headers[f.String()] = at.header
		}
	}
}

func (p *passage) unfound() error {
	if err := p.finish(); err != nil {
		return err
	}
	return errNoHeader
}

// endObjects closes a table of JSON: keys that no object had are missed only
// now.
func (p *passage) endObjects() error {
	p.nameFields()
	p.warn(p.layout.warnings...)
	if p.rows == 0 {
		p.found++
		p.warn(outage.Notef("no-objects", "no objects in it"))
		return nil
	}
	if len(p.fit.headers) == 0 {
		return errors.New("no JSON object with a key: want one object a line, or an array of objects")
	}
	if p.best = p.fit; p.fit.fits() {
		p.found++
		for _, a := range p.fit.absent {
			p.warn(outage.Notef("no-key", "no object has the key %q that the mapping names", a.column))
		}
	}
	return nil
}

// named tells of which sheet a warning is.
func (p *passage) named(n outage.Note) outage.Note {
	n.Sheet = p.sheet.name
	return n
}
