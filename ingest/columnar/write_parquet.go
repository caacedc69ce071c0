package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// A Writer writes batches to a file. Every column may have nulls; moments and
// clocks are written in microseconds, and a finer fraction is an error. The
// same batches make the same bytes.
type Writer interface {
	// Write adds the rows of a batch, whose columns are those of the writer,
	// in their order.
	Write(b *Batch) error
	// Close writes what belongs at the end. It does not close what is below.
	Close() error
}

// defaultGroup is how many rows there are in a row group: few enough for several
// readers at once, enough for dictionaries to be worth it.
const defaultGroup = 128 << 10

// parquetWriter writes row groups that hold their packed pages in memory until
// they are full.
type parquetWriter struct {
	columns []Column
	out     *file.Writer
	group   file.BufferedRowGroupWriter
	most    int // rows in a row group
	rows    int // in the present one
	levels  []int16
	texts   []parquet.ByteArray
	bytes   []byte // of texts
	ints    []int64
	narrow  []int32
	floats  []float64
	bools   []bool
	fixed   []parquet.FixedLenByteArray
}

// NewParquetWriter begins a Parquet file: texts as codes into a dictionary as
// long as that is smaller, pages packed with Snappy, and row groups of 128 Ki
// rows, which are held in memory one at a time.
func NewParquetWriter(w io.Writer, columns []Column) (Writer, error) {
	return NewParquetGroupWriter(w, columns, defaultGroup)
}

// NewParquetGroupWriter is [NewParquetWriter] with at most so many rows in a row
// group.
func NewParquetGroupWriter(w io.Writer, columns []Column, rows int) (writer Writer, err error) {
	defer guardWrite(&err, parquetFormat)
	options := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Snappy), parquet.WithVersion(parquet.V2_LATEST),
		parquet.WithDictionaryDefault(false), parquet.WithDictionaryPageSizeLimit(16 << 20),
		parquet.WithCreatedBy("saidi"), parquet.WithRootName("schema"),
	}
	var nodes schema.FieldList
	for _, c := range columns {
		node, err := nodeOf(c)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, node)
		if c.Kind == Text {
			options = append(options, parquet.WithDictionaryPath(parquet.ColumnPath{c.Name}, true))
		}
	}
	if len(columns) == 0 {
		return nil, errors.New("parquet: a file needs a column")
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, nodes, -1)
	if err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	out := file.NewParquetWriter(unclosed{w}, root, file.WithWriterProps(parquet.NewWriterProperties(options...)))
	return &parquetWriter{columns: columns, out: out, most: max(1, rows)}, nil
}

// unclosed keeps the library from closing what it writes to.
type unclosed struct{ io.Writer }

// guardWrite turns the library's panics, most of them over the writer below,
// into errors.
func guardWrite(err *error, format string) {
	switch r := recover().(type) {
	case nil:
	case error:
		*err = fmt.Errorf("%s: write: %w", format, r)
	default:
		*err = fmt.Errorf("%s: write: %v", format, r)
	}
}

// nodeOf is the type of a column in the file.
func nodeOf(c Column) (schema.Node, error) {
	var logical schema.LogicalType = schema.NoLogicalType{}
	physical, width := parquet.Types.Int64, -1
	switch c.Kind {
	case Text:
		logical, physical = schema.StringLogicalType{}, parquet.Types.ByteArray
	case Integer:
	case Float:
		physical = parquet.Types.Double
		if c.Single {
			physical = parquet.Types.Float
		}
	case Decimal:
		logical = schema.NewDecimalLogicalType(c.precision(), c.Scale)
		if c.precision() > 18 {
			physical, width = parquet.Types.FixedLenByteArray, 16
		}
	case Moment:
		logical = schema.NewTimestampLogicalType(c.HasZone, schema.TimeUnitMicros)
	case Date:
		logical, physical = schema.DateLogicalType{}, parquet.Types.Int32
	case Clock:
		logical = schema.NewTimeLogicalType(false, schema.TimeUnitMicros)
	case Bool:
		physical = parquet.Types.Boolean
	default:
		return nil, fmt.Errorf("parquet: column %q has no kind", c.Name)
	}
	node, err := schema.NewPrimitiveNodeLogical(c.Name, parquet.Repetitions.Optional, logical, physical, width, -1)
	if err != nil {
		return nil, fmt.Errorf("parquet: column %q: %w", c.Name, err)
	}
	return node, nil
}

// precision is how many digits a decimal may have; 38 where nothing is said.
func (c Column) precision() int32 {
	if c.Precision <= 0 || c.Precision > 38 {
		return 38
	}
	return c.Precision
}

// Write adds the rows of a batch.
func (w *parquetWriter) Write(b *Batch) (err error) {
	defer guardWrite(&err, parquetFormat)
	if len(b.Columns) != len(w.columns) {
		return fmt.Errorf("parquet: %d columns where %d are written", len(b.Columns), len(w.columns))
	}
	for from := 0; from < b.Rows; {
		if w.group == nil {
			w.group, w.rows = w.out.AppendBufferedRowGroup(), 0
		}
		to := min(b.Rows, from+w.most-w.rows)
		for i := range b.Columns {
			if err := w.column(i, &b.Columns[i], from, to); err != nil {
				return fmt.Errorf("parquet: column %q: %w", w.columns[i].Name, err)
			}
		}
		w.rows, from = w.rows+to-from, to
		if w.rows < w.most {
			continue
		}
		if err := w.group.Close(); err != nil {
			return fmt.Errorf("parquet: row group: %w", err)
		}
		w.group = nil
	}
	return nil
}

// column writes some rows of one column: the definition levels of all, and the
// values of those that are not null.
func (w *parquetWriter) column(i int, v *Values, from, to int) error {
	if v.Kind != w.columns[i].Kind {
		return fmt.Errorf("values of kind %s where %s is written", v.Kind, w.columns[i].Kind)
	}
	out, err := w.group.Column(i)
	if err != nil {
		return err
	}
	w.levels = grown(w.levels, to-from)
	for k := range w.levels {
		w.levels[k] = 1
		if v.IsNull(from + k) {
			w.levels[k] = 0
		}
	}
	switch out := out.(type) {
	case *file.ByteArrayColumnChunkWriter:
		w.texts, w.bytes = w.texts[:0], slices.Grow(w.bytes[:0], textBytes(v, from, to))
		for k := from; k < to; k++ {
			if !v.IsNull(k) {
				begin := len(w.bytes)
				w.bytes = append(w.bytes, v.Dict.Text(v.Text[k])...)
				w.texts = append(w.texts, w.bytes[begin:])
			}
		}
		_, err = out.WriteBatch(w.texts, w.levels, nil)
	case *file.Float64ColumnChunkWriter:
		w.floats = present(w.floats[:0], v, v.Float, from, to)
		_, err = out.WriteBatch(w.floats, w.levels, nil)
	case *file.Float32ColumnChunkWriter:
		w.floats = present(w.floats[:0], v, v.Float, from, to)
		_, err = out.WriteBatch(narrowed(w.floats), w.levels, nil)
	case *file.FixedLenByteArrayColumnChunkWriter:
		w.wide(v, from, to)
		_, err = out.WriteBatch(w.fixed, w.levels, nil)
	default:
		return w.integers(out, v, from, to)
	}
	return err
}

// integers writes what is kept as integers.
func (w *parquetWriter) integers(out file.ColumnChunkWriter, v *Values, from, to int) (err error) {
	switch {
	case v.Kind == Decimal && v.High != nil:
		return errors.New("a decimal of more than 18 digits")
	case v.Kind == Moment || v.Kind == Clock:
		if w.ints, err = micros(w.ints[:0], v, from, to); err != nil {
			return err
		}
	default:
		w.ints = present(w.ints[:0], v, v.Int, from, to)
	}
	switch out := out.(type) {
	case *file.Int64ColumnChunkWriter:
		_, err = out.WriteBatch(w.ints, w.levels, nil)
	case *file.Int32ColumnChunkWriter:
		w.narrow = w.narrow[:0]
		for _, n := range w.ints {
			if n != int64(int32(n)) {
				return fmt.Errorf("%d does not fit into 32 bits", n)
			}
			w.narrow = append(w.narrow, int32(n))
		}
		_, err = out.WriteBatch(w.narrow, w.levels, nil)
	case *file.BooleanColumnChunkWriter:
		w.bools = w.bools[:0]
		for _, n := range w.ints {
			w.bools = append(w.bools, n != 0)
		}
		_, err = out.WriteBatch(w.bools, w.levels, nil)
	}
	return err
}

// present appends the values that are not null.
func present[T any](dst []T, v *Values, s []T, from, to int) []T {
	if v.Null == nil {
		return append(dst, s[from:to]...)
	}
	for k := from; k < to; k++ {
		if !v.Null[k] {
			dst = append(dst, s[k])
		}
	}
	return dst
}

func narrowed(floats []float64) []float32 {
	narrow := make([]float32, len(floats))
	for i, f := range floats {
		narrow[i] = float32(f)
	}
	return narrow
}

// micros appends moments or clocks that are not null in microseconds.
func micros(dst []int64, v *Values, from, to int) ([]int64, error) {
	for k := from; k < to; k++ {
		if v.IsNull(k) {
			continue
		}
		us, err := v.micros(k)
		if err != nil {
			return nil, err
		}
		dst = append(dst, us)
	}
	return dst, nil
}

// micros is a moment or clock in microseconds.
func (v *Values) micros(row int) (int64, error) {
	s, nanos := v.Int[row], int32(0)
	if v.Nanos != nil {
		nanos = v.Nanos[row]
	}
	if nanos%1000 != 0 {
		return 0, fmt.Errorf("a fraction of %d nanoseconds is finer than microseconds", nanos)
	}
	if s > math.MaxInt64/1_000_000-1 || s < math.MinInt64/1_000_000 {
		return 0, fmt.Errorf("%d seconds do not fit into microseconds", s)
	}
	return s*1_000_000 + int64(nanos/1000), nil
}

// wide takes decimals that are not null as 16 bytes, the highest first.
func (w *parquetWriter) wide(v *Values, from, to int) {
	w.fixed = w.fixed[:0]
	data := make([]byte, 0, 16*(to-from))
	for k := from; k < to; k++ {
		if v.IsNull(k) {
			continue
		}
		high := v.Int[k] >> 63
		if v.High != nil {
			high = v.High[k]
		}
		data = binary.BigEndian.AppendUint64(data, uint64(high))
		data = binary.BigEndian.AppendUint64(data, uint64(v.Int[k]))
		w.fixed = append(w.fixed, data[len(data)-16:])
	}
}

// Close ends the last row group and writes the footer. The library's own Close
// passes errors of the footer over.
func (w *parquetWriter) Close() (err error) {
	defer guardWrite(&err, parquetFormat)
	if w.group != nil {
		if err := w.group.Close(); err != nil {
			return fmt.Errorf("parquet: row group: %w", err)
		}
	}
	if err := w.out.FlushWithFooter(); err != nil {
		return fmt.Errorf("parquet: footer: %w", err)
	}
	if err := w.out.Close(); err != nil {
		return fmt.Errorf("parquet: close: %w", err)
	}
	return nil
}

// textBytes is how long the texts of some rows are together.
func textBytes(v *Values, from, to int) (n int) {
	for k := from; k < to; k++ {
		if !v.IsNull(k) {
			n += len(v.Dict.Text(v.Text[k]))
		}
	}
	return n
}
