package ingest

import (
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// A columnRows is the way through the rows of a file of columns, of which the
// first is row 1.
type columnRows struct {
	passage
	reader *columnar.Reader
	table  *columnTable
	row    int64 // rows taken
}

// takeAll takes all rows.
func (c *columnRows) takeAll() error {
	t, isEvents := c.handler.(*eventTaker)
	groups := c.reader.Groups()
	if b, isBase := c.handler.(*baseTaker); isBase {
		b.expect(total(groups))
	}
	switch {
	case !isEvents:
		return c.each(c.reader, c.careful)
	case len(groups) > 1 && runtime.GOMAXPROCS(0) > 1:
		return c.abreast(t, groups)
	}
	e := newColumnEvents(t, c.table, c.reader.Columns())
	return c.each(c.reader, e.take)
}

// total adds up the rows of groups, as far as they can be true.
func total(groups []int64) (n int64) {
	for _, rows := range groups {
		n += max(0, min(rows, math.MaxUint32))
	}
	return n
}

// each gives the batches of the whole file, each with the number of rows before
// it.
func (c *columnRows) each(r *columnar.Reader, take func(b *columnar.Batch, from int64) error) error {
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return c.unreadable(err)
		}
		from := c.row
		if err := c.book(int64(b.Rows)); err != nil {
			return err
		}
		if err := take(b, from); err != nil {
			return err
		}
	}
}

// book counts rows. A file that stores a cell in next to nothing can say that
// it has any number of rows; against that, each cell counts as a byte, which it
// would at least take in a file of text.
func (c *columnRows) book(n int64) error {
	if n < 0 || c.row+n >= math.MaxUint32 {
		return fmt.Errorf("%d rows and %d more, which are more than can be told apart", c.row, n)
	}
	if c.opts.Wanted != nil {
		if err := c.opts.Wanted(); err != nil {
			return err
		}
	}
	c.row += n
	if most := c.limits.Rows; most > 0 && c.row > int64(most) {
		return fmt.Errorf("row %d: %w of %d", c.row, ErrRows, most)
	}
	c.rows += int(n)
	c.delivery.Rows += int(n)
	cells := c.row * int64(max(1, len(c.table.places)))
	if cells > c.limits.RatioFrom && cells/c.limits.Ratio > c.in.raw {
		return fmt.Errorf("%d rows in %d bytes, more than the limit of %d cells a byte", c.row, c.in.raw, c.limits.Ratio)
	}
	return nil
}

// careful takes the rows of a batch as cells.
func (c *columnRows) careful(b *columnar.Batch, from int64) error {
	for i := range b.Rows {
		if err := c.table.take(c.handler, outage.Row(from+int64(i)+1), b, i); err != nil {
			return err
		}
	}
	return nil
}
