package columnar

import (
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// arrowWriter writes each batch as a record batch.
type arrowWriter struct {
	columns []Column
	schema  *arrow.Schema
	builder *array.RecordBuilder
	out     interface {
		Write(arrow.Record) error
		Close() error
	}
}

// NewArrowWriter begins an Arrow IPC stream, packed with Zstandard. Texts stand
// in it plainly: a dictionary that grows from batch to batch would need deltas,
// which many readers do not know and files do not allow.
func NewArrowWriter(w io.Writer, columns []Column) (Writer, error) {
	a, err := newArrowWriter(columns)
	if err != nil {
		return nil, err
	}
	a.out = ipc.NewWriter(w, ipc.WithSchema(a.schema), ipc.WithZstd(), ipc.WithAllocator(memory.NewGoAllocator()))
	return a, nil
}

// NewArrowFileWriter begins an Arrow IPC file, which holds the same as a stream
// and says at its end where everything lies.
func NewArrowFileWriter(w io.Writer, columns []Column) (Writer, error) {
	a, err := newArrowWriter(columns)
	if err != nil {
		return nil, err
	}
	a.out, err = ipc.NewFileWriter(&forward{w: w}, ipc.WithSchema(a.schema), ipc.WithZstd(), ipc.WithAllocator(memory.NewGoAllocator()))
	if err != nil {
		return nil, fmt.Errorf("arrow: %w", err)
	}
	return a, nil
}

// forward says where it is, which is all that the library's file writer asks
// of seeking.
type forward struct {
	w  io.Writer
	at int64
}

func (f *forward) Write(b []byte) (int, error) {
	n, err := f.w.Write(b)
	f.at += int64(n)
	return n, err
}

// Seek only tells the place.
func (f *forward) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekCurrent {
		return 0, errors.New("what is written cannot be gone back to")
	}
	return f.at, nil
}

func newArrowWriter(columns []Column) (*arrowWriter, error) {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		t, err := arrowTypeOf(c)
		if err != nil {
			return nil, err
		}
		fields[i] = arrow.Field{Name: c.Name, Type: t, Nullable: true}
	}
	s := arrow.NewSchema(fields, nil)
	return &arrowWriter{columns: columns, schema: s, builder: array.NewRecordBuilder(memory.NewGoAllocator(), s)}, nil
}

// arrowTypeOf is the type of a column.
func arrowTypeOf(c Column) (arrow.DataType, error) {
	switch c.Kind {
	case Text:
		return arrow.BinaryTypes.String, nil
	case Integer:
		return arrow.PrimitiveTypes.Int64, nil
	case Float:
		if c.Single {
			return arrow.PrimitiveTypes.Float32, nil
		}
		return arrow.PrimitiveTypes.Float64, nil
	case Decimal:
		return &arrow.Decimal128Type{Precision: c.precision(), Scale: c.Scale}, nil
	case Moment:
		zone := ""
		if c.HasZone {
			zone = "UTC"
		}
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: zone}, nil
	case Date:
		return arrow.FixedWidthTypes.Date32, nil
	case Clock:
		return arrow.FixedWidthTypes.Time64us, nil
	case Bool:
		return arrow.FixedWidthTypes.Boolean, nil
	}
	return nil, fmt.Errorf("arrow: column %q has no kind", c.Name)
}

// Write adds the rows of a batch.
func (w *arrowWriter) Write(b *Batch) (err error) {
	defer guardWrite(&err, arrowFormat)
	if len(b.Columns) != len(w.columns) {
		return fmt.Errorf("arrow: %d columns where %d are written", len(b.Columns), len(w.columns))
	}
	for i := range b.Columns {
		v := &b.Columns[i]
		if v.Kind != w.columns[i].Kind {
			return fmt.Errorf("arrow: column %q: values of kind %s where %s is written", w.columns[i].Name, v.Kind, w.columns[i].Kind)
		}
		if err := fillArrow(w.builder.Field(i), v, b.Rows); err != nil {
			return fmt.Errorf("arrow: column %q: %w", w.columns[i].Name, err)
		}
	}
	record := w.builder.NewRecord()
	defer record.Release()
	if err := w.out.Write(record); err != nil {
		return fmt.Errorf("arrow: write: %w", err)
	}
	return nil
}

// fillArrow adds the values of a column to its builder.
func fillArrow(to array.Builder, v *Values, rows int) error {
	to.Reserve(rows)
	for k := range rows {
		if v.IsNull(k) {
			to.AppendNull()
			continue
		}
		if err := appendArrow(to, v, k); err != nil {
			return err
		}
	}
	return nil
}

func appendArrow(to array.Builder, v *Values, k int) error {
	switch to := to.(type) {
	case *array.StringBuilder:
		to.AppendString(v.Dict.Text(v.Text[k]))
	case *array.Int64Builder:
		to.Append(v.Int[k])
	case *array.Float64Builder:
		to.Append(v.Float[k])
	case *array.Float32Builder:
		to.Append(float32(v.Float[k]))
	case *array.Decimal128Builder:
		high := v.Int[k] >> 63
		if v.High != nil {
			high = v.High[k]
		}
		to.Append(decimal128.New(high, uint64(v.Int[k])))
	case *array.Date32Builder:
		if v.Int[k] != int64(int32(v.Int[k])) {
			return fmt.Errorf("%d days do not fit into 32 bits", v.Int[k])
		}
		to.Append(arrow.Date32(v.Int[k]))
	case *array.BooleanBuilder:
		to.Append(v.Int[k] != 0)
	default:
		us, err := v.micros(k)
		if err != nil {
			return err
		}
		appendMicros(to, us)
	}
	return nil
}

func appendMicros(to array.Builder, us int64) {
	switch to := to.(type) {
	case *array.TimestampBuilder:
		to.Append(arrow.Timestamp(us))
	case *array.Time64Builder:
		to.Append(arrow.Time64(us))
	}
}

// Close writes the end.
func (w *arrowWriter) Close() (err error) {
	defer guardWrite(&err, arrowFormat)
	w.builder.Release()
	if err := w.out.Close(); err != nil {
		return fmt.Errorf("arrow: close: %w", err)
	}
	return nil
}
