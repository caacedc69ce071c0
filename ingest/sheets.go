package ingest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/ingest/workbook"
	"github.com/saidi-exporter/saidi/outage"
)

// workbook gives the visible sheets of a workbook, or those that the mapping
// names.
func (d *delivering) workbook(take func(*sheet) error) (err error) {
	file, err := d.in.unpackedFile()
	if err != nil {
		return err
	}
	l := d.limits
	book, err := workbook.Open(file, workbook.Limits{Columns: l.Columns, Cell: l.Cell, Size: l.Decompressed, Ratio: l.Ratio, RatioFrom: l.RatioFrom})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	d.delivery.Content = "xlsx" + packed(d.in.compression)
	y1904, err := book.Date1904()
	if err != nil {
		return err
	}
	names, err := d.sheetNames(book)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := d.sheet(book, name, y1904, take); err != nil {
			return err
		}
	}
	if d.opts.Progress != nil {
		d.opts.Progress(d.in.raw)
	}
	return book.Verify()
}

func (d *delivering) sheetNames(book *workbook.Book) ([]string, error) {
	names, hidden, err := book.Sheets()
	for _, name := range hidden {
		d.warn(outage.Notef("hidden-sheet", "sheet %q is hidden, and it is left out", name))
	}
	if err != nil || len(d.plan.sheets) == 0 {
		return names, err
	}
	for _, wanted := range d.plan.sheets {
		if !slices.Contains(names, wanted) {
			return nil, fmt.Errorf("the mapping names sheet %q, which is not among the visible ones: %s", wanted, shown(names))
		}
	}
	return d.plan.sheets, nil
}

func (d *delivering) sheet(book *workbook.Book, name string, y1904 bool, take func(*sheet) error) (err error) {
	rows, err := book.Rows(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return take(&sheet{table: rows, name: name, excel: true, y1904: y1904})
}
