package ingest

import (
	"errors"

	"github.com/saidi-exporter/saidi/ingest/delimited"
	"github.com/saidi-exporter/saidi/ingest/jsonlines"
)

// A table gives rows of cells with their numbers, io.EOF at the end. Cells are
// valid until the next row is read.
type table interface {
	Read() (row int, cells [][]byte, err error)
}

// A sheet is one table of a delivery.
type sheet struct {
	table
	name   string
	strict bool            // every row must have as many cells as the header
	keys   func() []string // of JSON, whose columns join as they are seen; else nil
	excel  bool            // cells come from a workbook
	y1904  bool            // whose days count from 1904
}

// A malformed row is one that a format could not take apart.
type malformed struct {
	row           int
	text, problem string
}

// asMalformed says whether err is about one row only.
func asMalformed(err error) (malformed, bool) {
	if m, ok := errors.AsType[*delimited.Malformed](err); ok {
		return malformed{m.Row, m.Text, m.Problem}, true
	}
	if m, ok := errors.AsType[*jsonlines.Malformed](err); ok {
		return malformed{m.Row, m.Text, m.Problem}, true
	}
	return malformed{}, false
}
