package compliance

import (
	"errors"
	"io"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A Paper is a report that was read back: how it was asked for, and what stands
// where.
type Paper struct {
	Form     string // html or xlsx
	Language wording.Language
	Asked    snapshot.Asked
	Program  string   // that made it
	Digests  []string // SHA-256 of its inputs, in order
	Items    []Item   // in order
}

// An Item is what stands at a place: of a workbook a sheet and a cell, of an HTML
// a table, a row and a column.
type Item struct {
	Place   string
	Value   string // as it is written; of a formula its value
	Formula string
	Number  bool
}

// Read reads a report of either form. A file that is none is an error.
func Read(r io.ReaderAt, size int64) (*Paper, error) { return nil, errors.New("not there yet") }

// A Mismatch is the first place at which two reports differ.
type Mismatch struct {
	Place     string
	Said      string // by the report that is verified; empty where it has nothing there
	Counted   string // by the one made anew
	IsNumber  bool
	Different int // places in all
}

// Compare holds a report against one that was made anew of the same inputs; nil
// where nothing differs. Numbers come before texts, and both in the order of the
// report.
func Compare(said, counted *Paper) *Mismatch { return nil }
