package simulate

import (
	"bufio"
	"errors"
	"io"
)

// A sheet says what a table has beside its rows.
type sheet struct {
	title   string // above the headers, empty for none
	headers []string
	sums    []int // the columns that the total below adds up, for a table with a title
}

// A table writes rows of cells in one format.
type table struct {
	sheet
	cells []cell // of the next row, to be filled
	sum   []cell // of the columns in sums
	rows  int64
	out   writer
	w     *bufio.Writer
}

// A writer puts rows into the bytes of one format.
type writer interface {
	row(cells []cell) error
	close() error
}

// writeBuffer is how many bytes are written at once.
const writeBuffer = 1 << 16

// newTable begins a table with its title and headers.
func newTable(w io.Writer, f Format, s sheet) (*table, error) {
	t := &table{sheet: s, cells: make([]cell, len(s.headers)), sum: make([]cell, len(s.headers)), w: bufio.NewWriterSize(w, writeBuffer)}
	switch f {
	case NDJSON:
		t.out = &jsonLines{w: t.w, keys: s.headers}
		return t, nil
	case Parquet, Arrow:
		c, err := newColumns(t.w, f, s.headers)
		t.out = c
		return t, err
	case UtilityXLSX:
		b, err := newWorkbook(t.w, s)
		t.out = b
		return t, err
	case UtilityCSV:
		t.out = newUtilityText(t.w)
	default:
		t.out = &canonicalText{w: t.w}
	}
	return t, t.head()
}

// head writes title and headers of a text.
func (t *table) head() error {
	cells := make([]cell, len(t.headers))
	if t.title != "" {
		cells[0] = textCell(t.title)
		if err := t.out.row(cells); err != nil {
			return err
		}
	}
	for k, header := range t.headers {
		cells[k] = textCell(header)
	}
	return t.out.row(cells)
}

// row writes the cells.
func (t *table) row() error {
	t.rows++
	for _, k := range t.sums {
		if c := &t.cells[k]; c.kind == count || c.kind == hours {
			t.sum[k].kind = c.kind
			t.sum[k].n += c.n
		}
	}
	return t.out.row(t.cells)
}

// close writes the total, if there is one, and what ends the format.
func (t *table) close() error {
	if t.title != "" {
		t.sum[0] = textCell("合计")
		if err := t.out.row(t.sum); err != nil {
			return err
		}
	}
	return errors.Join(t.out.close(), t.w.Flush())
}
