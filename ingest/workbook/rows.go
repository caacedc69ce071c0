package workbook

import (
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Rows gives the rows of one sheet. A row is valid until the next one is read.
type Rows struct {
	sheet  string
	rows   *excelize.Rows
	limits Limits
	row    int
	text   []byte
	cells  [][]byte
}

// Rows begins to read a sheet. The rows must be closed.
func (b *Book) Rows(sheet string) (r *Rows, err error) {
	defer guard(&err)
	rows, err := b.file.Rows(sheet)
	if err != nil {
		return nil, fmt.Errorf("sheet %q: %w", sheet, err)
	}
	return &Rows{sheet: sheet, rows: rows, limits: b.limits}, nil
}

// Read gives the next row that has cells, with its number as the spreadsheet
// shows it, or [io.EOF]. Cells behind the last one filled are left out.
func (r *Rows) Read() (row int, cells [][]byte, err error) {
	defer guard(&err)
	for r.rows.Next() {
		r.row++
		texts, err := r.rows.Columns()
		if err != nil {
			return 0, nil, fmt.Errorf("sheet %q row %d: %w", r.sheet, r.row, err)
		}
		if len(texts) == 0 {
			continue
		}
		if len(texts) > r.limits.Columns {
			return 0, nil, fmt.Errorf("sheet %q row %d has %d columns, more than the limit of %d", r.sheet, r.row, len(texts), r.limits.Columns)
		}
		if err := r.take(texts); err != nil {
			return 0, nil, err
		}
		return r.row, r.cells, nil
	}
	if err := r.rows.Error(); err != nil {
		return 0, nil, fmt.Errorf("sheet %q after row %d: %w", r.sheet, r.row, err)
	}
	return 0, nil, io.EOF
}

// take copies the texts of a row into one buffer.
func (r *Rows) take(texts []string) error {
	size := 0
	for i, text := range texts {
		if len(text) > r.limits.Cell && utf8.RuneCountInString(text) > r.limits.Cell {
			return fmt.Errorf("sheet %q row %d column %d: the cell is longer than the limit of %d characters", r.sheet, r.row, i+1, r.limits.Cell)
		}
		size += len(text)
	}
	if cap(r.text) < size {
		r.text = make([]byte, 0, 2*size)
	}
	r.text, r.cells = r.text[:0], r.cells[:0]
	for _, text := range texts {
		from := len(r.text)
		r.text = append(r.text, text...)
		r.cells = append(r.cells, r.text[from:len(r.text):len(r.text)])
	}
	return nil
}

// Close ends the reading of the sheet.
func (r *Rows) Close() (err error) {
	defer guard(&err)
	return r.rows.Close()
}
