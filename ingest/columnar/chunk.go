package columnar

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/parquet/metadata"
)

// A cursor reads one column of a Parquet file, page after page.
type cursor struct {
	shape
	file *parquetFile

	in     *bufio.Reader
	chunk  int64 // bytes still to come in the column chunk
	codec  codec
	rows   int64 // still to come in the chunk's pages not yet begun
	buffer []byte

	left   int     // rows still to come in the present page
	nulls  *hybrid // nil where none is null
	null   []bool  // memory for a batch's
	values decoder
	codes  []uint32 // memory for those of a page

	hasDict  bool
	page     Values // the dictionary of the chunk
	pageRows int    // values in it
}

// headSize is the least bytes that are buffered, and thereby the first try at
// the head of a page; heads with statistics may be longer.
const (
	headSize    = 32 << 10
	largestHead = 4 << 20
)

// begin places the cursor at the first page of a column chunk.
func (c *cursor) begin(chunk *metadata.ColumnChunkMetaData, rows int64) error {
	from, size := chunk.DataPageOffset(), chunk.TotalCompressedSize()
	if d := chunk.DictionaryPageOffset(); chunk.HasDictionaryPage() && d > 0 && d < from {
		from = d
	}
	switch {
	case chunk.CryptoMetadata() != nil:
		return errors.New("the column is encrypted")
	case chunk.FilePath() != "":
		return errors.New("the column lies in another file")
	case chunk.Type() != c.physical:
		return errors.New("the row group and the schema differ in its type")
	case chunk.NumValues() != rows:
		return fmt.Errorf("%d values in %d rows", chunk.NumValues(), rows)
	case from < 4 || size < 0 || from > c.file.size || size > c.file.size-from:
		return fmt.Errorf("%d bytes at %d do not lie in the file", size, from)
	}
	// Old versions of parquet-mr left the head of the dictionary page out of
	// the size, so that a little more is offered.
	size = min(size+100, c.file.size-from)
	section := io.NewSectionReader(c.file.src, from, size)
	if c.in == nil {
		c.in = bufio.NewReaderSize(section, headSize)
	} else {
		c.in.Reset(section)
	}
	c.chunk, c.codec, c.rows = size, codec(chunk.Compression()), rows
	c.left, c.hasDict, c.values = 0, false, nil
	c.page.Dict = c.page.Dict.renewed()
	return nil
}

// read fills v with the next n rows.
func (c *cursor) read(v *Values, n int) error {
	if c.optional {
		c.null = grown(c.null, n)
		v.Null = c.null
	}
	c.clear(v, n)
	hasNull := false
	for from := 0; from < n; {
		if err := c.turn(); err != nil {
			return err
		}
		k := min(n-from, c.left)
		null, err := c.readPage(v, from, from+k)
		if err != nil {
			return err
		}
		hasNull = hasNull || null
		from, c.left = from+k, c.left-k
	}
	if !hasNull {
		v.Null = nil
	}
	c.finish(v)
	return nil
}

// clear makes room for n values.
func (c *cursor) clear(v *Values, n int) {
	v.resize(n)
	v.High, v.Nanos = nil, nil
	if c.width == 12 && c.Kind == Moment {
		v.Nanos = make([]int32, n)
	}
}

// readPage reads rows of the present page.
func (c *cursor) readPage(v *Values, from, to int) (hasNull bool, err error) {
	if !c.optional {
		return false, c.values.decode(v, from, to)
	}
	if c.nulls == nil {
		clear(v.Null[from:to])
		return false, c.values.decode(v, from, to)
	}
	present, err := c.nulls.nulls(v.Null[from:to])
	if err != nil {
		return false, fmt.Errorf("definition levels: %w", err)
	}
	if present > 0 {
		if err := c.values.decode(v, from, from+present); err != nil {
			return false, err
		}
	}
	if present < to-from {
		spread(v, from, to, present)
		return true, nil
	}
	return false, nil
}

// spread moves values that lie close together to the rows that are not null.
func spread(v *Values, from, to, present int) {
	null := v.Null[from:to]
	spreadSlice(v.Int, null, from, present)
	spreadSlice(v.High, null, from, present)
	spreadSlice(v.Nanos, null, from, present)
	spreadSlice(v.Float, null, from, present)
	spreadSlice(v.Text, null, from, present)
	spreadSlice(v.Spans, null, from, present)
}

func spreadSlice[T any](s []T, null []bool, from, present int) {
	if len(s) < from+len(null) {
		return
	}
	var zero T
	s = s[from : from+len(null)]
	for i := len(null) - 1; i >= 0; i-- {
		if null[i] {
			s[i] = zero
			continue
		}
		present--
		s[i] = s[present]
	}
}

// turn makes sure that a page with rows is at hand.
func (c *cursor) turn() error {
	for c.left == 0 {
		if c.rows == 0 {
			return errors.New("the pages end before the row group does")
		}
		head, err := c.head()
		if err != nil {
			return err
		}
		if err := c.take(head); err != nil {
			return fmt.Errorf("page: %w", err)
		}
	}
	return nil
}

// finish turns what lies in the file into what [Values] says.
func (c *cursor) finish(v *Values) {
	switch c.Kind {
	case Moment, Clock:
		if c.width == 12 {
			v.Nanos = unlessZero(v.Nanos)
			return
		}
		v.Nanos = split(v.Int, c.per)
	case Decimal:
		if c.unsigned && v.High == nil {
			v.High = highUnsigned(v.Int)
		}
	case Integer:
		if c.unsigned {
			for i, n := range v.Int {
				v.Int[i] = int64(uint32(n))
			}
		}
	}
}

// highUnsigned gives the upper words of unsigned integers, nil where they are
// all small enough to be signed.
func highUnsigned(low []int64) []int64 {
	for _, n := range low {
		if n < 0 {
			return make([]int64, len(low))
		}
	}
	return nil
}

// unlessZero is nil where all fractions are zero.
func unlessZero(nanos []int32) []int32 {
	for _, n := range nanos {
		if n != 0 {
			return nanos
		}
	}
	return nil
}

// split turns counts of units into whole seconds and, where there are any, the
// fractions. Dividing by constants is several times faster.
func split(units []int64, per int64) []int32 {
	var rests int64
	switch per {
	case 1:
		return nil
	case 1e3:
		for i, n := range units {
			units[i] = floor(n, 1e3)
			rests |= n - units[i]*1e3
			if rests != 0 {
				return splitRest(units, i, n, per)
			}
		}
	case 1e6:
		for i, n := range units {
			units[i] = floor(n, 1e6)
			rests |= n - units[i]*1e6
			if rests != 0 {
				return splitRest(units, i, n, per)
			}
		}
	default:
		for i, n := range units {
			units[i] = floor(n, 1e9)
			rests |= n - units[i]*1e9
			if rests != 0 {
				return splitRest(units, i, n, per)
			}
		}
	}
	return nil
}

// splitRest goes on from the first unit that is not a whole second.
func splitRest(units []int64, from int, first, per int64) []int32 {
	nanos := make([]int32, len(units))
	units[from] = first
	for i := from; i < len(units); i++ {
		s := floor(units[i], per)
		nanos[i] = int32((units[i] - s*per) * (1e9 / per))
		units[i] = s
	}
	return nanos
}
