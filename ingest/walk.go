package ingest

import (
	"errors"
	"io"

	"github.com/saidi-exporter/saidi/outage"
)

// A handler takes the rows of one kind.
type handler interface {
	// begin says where the cells of the rows that follow are.
	begin(l *layout, s *sheet)
	// row takes a row with at least as many cells as there are headers.
	row(at outage.Row, cells [][]byte) error
	// malformed takes a row that could not be taken apart.
	malformed(at outage.Row, text, problem string) error
	// isTime says whether the row's start, or what is like it, is a time.
	isTime(cells [][]byte) bool
	// finish is called after the last row.
	finish() error
}

// A walk goes through the sheets of a delivery and tells headers, titles and
// totals from rows.
type walk struct {
	*delivering
	handler handler
	next    int64 // the ordinal of row 0 of the next sheet
	found   int   // sheets with a header
	seen    int   // rows that hold anything, where these are limited
	best    fit   // of a sheet without one
	padded  [][]byte
}

// take takes one sheet.
func (w *walk) take(s *sheet) error {
	p := passage{walk: w, sheet: s, offset: w.next}
	if s.keys != nil {
		p.accept(&layout{}, 0)
	}
	for {
		row, cells, err := s.Read()
		if errors.Is(err, io.EOF) {
			return p.end()
		}
		if err := p.step(row, cells, err); err != nil {
			if errors.Is(err, errNoHeader) {
				return p.end()
			}
			return err
		}
		if d := p.division(); d != nil {
			if err := d.read(); err != nil {
				return err
			}
			return p.end()
		}
	}
}

// finish says whether any sheet could be read.
func (w *walk) finish() error {
	switch {
	case w.found > 0:
		return nil
	case len(w.best.headers) == 0:
		return errors.New("no header: the file has no rows")
	case len(w.best.absent) > 0:
		return w.absentError()
	}
	return w.best.missingError(w.plan.kind)
}

func (w *walk) absentError() error { return w.best.absentError(w.opts.Mapping.Name) }
