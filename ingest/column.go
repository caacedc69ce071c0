package ingest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// What stands at the beginning of files of columns.
var (
	parquetMagic = []byte("PAR1")
	arrowMagic   = []byte("ARROW1")
	arrowStream  = []byte{0xFF, 0xFF, 0xFF, 0xFF} // before each message
)

// columnFormat recognises files of columns by the first bytes; empty for others.
func columnFormat(head []byte) format {
	switch {
	case bytes.HasPrefix(head, parquetMagic):
		return formatParquet
	case bytes.HasPrefix(head, arrowMagic), bytes.HasPrefix(head, arrowStream):
		return formatArrow
	}
	return ""
}

// isOldArrow recognises Feather files of version 1, and streams in which
// messages begin with their length alone: that of the schema, a multiple of 8
// together with its own 4 bytes, and a table not far behind it.
func isOldArrow(head []byte) bool {
	if bytes.HasPrefix(head, []byte("FEA1")) {
		return true
	}
	if len(head) < 8 {
		return false
	}
	size, root := binary.LittleEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:])
	return size >= 36 && size < 1<<24 && (size+4)%8 == 0 && root >= 8 && root <= 64 && root%4 == 0
}

// columns takes the rows of a Parquet or Arrow file. Unlike other files it has
// one header and no rows of titles, units or totals.
func (d *delivering) columns(w *walk) error {
	r, closing, err := d.openColumns()
	if err != nil {
		return d.unreadable(err)
	}
	defer closing()
	d.delivery.Content = string(d.in.format) + packed(d.in.compression)
	d.delivery.Sheets = []outage.Sheet{{}}
	c := &columnRows{passage: passage{walk: w, sheet: &sheet{}}, reader: r}
	if err := c.header(); err != nil {
		return err
	}
	if err := c.takeAll(); err != nil {
		return err
	}
	if d.opts.Progress != nil {
		d.opts.Progress(d.in.raw)
	}
	return c.end()
}

// unreadable is the error of a file of columns that cannot be taken apart.
func (d *delivering) unreadable(err error) error {
	if errors.Is(err, ErrTemporary) { // no fault of the file's
		return err
	}
	return fmt.Errorf("read %s: %w; copy the file again, or write it anew, whole and not encrypted", d.in.format.title(), err)
}

// title is how errors name a format of columns.
func (f format) title() string {
	if f == formatParquet {
		return "the Parquet file"
	}
	return "the Arrow data"
}

// openColumns opens a file of columns; closing frees what that took.
func (d *delivering) openColumns() (r *columnar.Reader, closing func(), err error) {
	limits := columnar.Limits{Columns: d.limits.Columns, Text: d.limits.Record}
	if d.in.format == formatArrow && !bytes.HasPrefix(d.in.head, arrowMagic) {
		src, closing, err := d.in.open(d.opts.Progress)
		if err != nil {
			return nil, nil, err
		}
		r, err := columnar.OpenArrow(src, limits)
		if err != nil {
			closing()
		}
		return r, closing, err
	}
	src, size, err := d.in.anywhere()
	if err != nil {
		return nil, nil, err
	}
	open := columnar.OpenParquet
	if d.in.format == formatArrow {
		open = columnar.OpenArrowFile
	}
	r, err = open(src, size, limits)
	return r, func() {}, err
}
