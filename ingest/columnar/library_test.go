package columnar_test

import (
	"bytes"
	"fmt"
	"math/big"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/schema"
	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/ingest/columnar"
)

// A libraryFile is a file that the library wrote by itself, and what it holds.
type libraryFile struct {
	name string
	open func([]byte) (*columnar.Reader, error)
	data []byte
	want [][]string
}

// What the library writes in all its encodings, page versions and codecs is
// read.
func TestLibraryFiles(t *testing.T) {
	t.Parallel()
	for _, f := range libraryFiles(t) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			r, err := f.open(f.data)
			if err != nil {
				t.Fatal(err)
			}
			got, err := texts(r)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(f.want, got); diff != "" {
				t.Errorf("rows differ (-want +got):\n%s", diff)
			}
		})
	}
}

func libraryFiles(t *testing.T) []libraryFile {
	t.Helper()
	var files []libraryFile
	for _, codec := range []compress.Compression{compress.Codecs.Uncompressed, compress.Codecs.Gzip, compress.Codecs.Brotli, compress.Codecs.Zstd} {
		for _, version := range []parquet.DataPageVersion{parquet.DataPageV1, parquet.DataPageV2} {
			f := libraryParquet(t, parquet.NewWriterProperties(parquet.WithCompression(codec), parquet.WithDataPageVersion(version), parquet.WithDataPageSize(2000), parquet.WithBatchSize(64)))
			f.name = fmt.Sprint("parquet ", codec, " ", version)
			files = append(files, f)
		}
	}
	delta := libraryParquet(t, parquet.NewWriterProperties(parquet.WithDictionaryDefault(false), parquet.WithVersion(parquet.V2_LATEST),
		parquet.WithEncodingFor("int32", parquet.Encodings.DeltaBinaryPacked), parquet.WithEncodingFor("int64", parquet.Encodings.DeltaBinaryPacked),
		parquet.WithEncodingFor("text", parquet.Encodings.DeltaByteArray), parquet.WithEncodingFor("enum", parquet.Encodings.DeltaLengthByteArray)))
	delta.name = "parquet delta"
	return append(files, delta, libraryArrow(t))
}

// libraryParquet has required and optional columns of every physical type, and
// nested ones between them.
func libraryParquet(t *testing.T, props *parquet.WriterProperties) libraryFile {
	t.Helper()
	required, optional := parquet.Repetitions.Required, parquet.Repetitions.Optional
	logical := func(name string, rep parquet.Repetition, l schema.LogicalType, typ parquet.Type, width int) schema.Node {
		return schema.MustPrimitive(schema.NewPrimitiveNodeLogical(name, rep, l, typ, width, -1))
	}
	nested := schema.MustGroup(schema.NewGroupNode("nested", optional, schema.FieldList{schema.NewInt32Node("a", optional, -1), schema.NewInt32Node("b", optional, -1)}, -1))
	root := schema.MustGroup(schema.NewGroupNode("schema", required, schema.FieldList{
		schema.NewInt32Node("int32", required, -1), nested, schema.NewInt64Node("int64", optional, -1),
		schema.NewInt32Node("list", parquet.Repetitions.Repeated, -1),
		schema.NewInt96Node("int96", optional, -1), schema.NewByteArrayNode("text", optional, -1),
		logical("enum", required, schema.EnumLogicalType{}, parquet.Types.ByteArray, -1),
		logical("uuid", optional, schema.UUIDLogicalType{}, parquet.Types.FixedLenByteArray, 16),
		logical("decimal", optional, schema.NewDecimalLogicalType(9, 2), parquet.Types.FixedLenByteArray, 5),
		logical("unsigned", required, schema.NewIntLogicalType(64, false), parquet.Types.Int64, -1),
		logical("small", required, schema.NewIntLogicalType(32, false), parquet.Types.Int32, -1),
		schema.MustPrimitive(schema.NewPrimitiveNodeConverted("millis", optional, parquet.Types.Int64, schema.ConvertedTypes.TimestampMillis, -1, 0, 0, -1)),
		logical("nanos", required, schema.NewTimestampLogicalType(false, schema.TimeUnitNanos), parquet.Types.Int64, -1),
		schema.NewBooleanNode("bool", optional, -1), schema.NewFloat32Node("float", optional, -1), schema.NewFloat64Node("double", required, -1),
	}, -1))
	var out bytes.Buffer
	w := file.NewParquetWriter(&out, root, file.WithWriterProps(props))
	l := &libraryRows{want: make([][]string, 14)}
	for range 3 {
		l.group(t, w, 700)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return libraryFile{open: openParquet, data: out.Bytes(), want: l.want}
}

// libraryRows writes row groups by a rule that says what is in each row.
type libraryRows struct {
	want   [][]string
	column int
	levels []int16
}

// note adds what a reader should see of one column.
func (l *libraryRows) note(n int, optional bool, text func(i int) string) {
	l.levels = l.levels[:0]
	for i := range n {
		if optional && i%7 == 3 {
			l.want[l.column], l.levels = append(l.want[l.column], "NULL"), append(l.levels, 0)
			continue
		}
		l.want[l.column], l.levels = append(l.want[l.column], text(i)), append(l.levels, 1)
	}
	l.column++
	if !optional {
		l.levels = nil
	}
}

// values are those of the rows that are not null.
func values[T any](l *libraryRows, n int, value func(i int) T) []T {
	var list []T
	for i := range n {
		if l.levels == nil || l.levels[i] == 1 {
			list = append(list, value(i))
		}
	}
	return list
}

func (l *libraryRows) group(t *testing.T, w *file.Writer, n int) {
	t.Helper()
	l.column = 0
	g := w.AppendRowGroup()
	next := func() file.ColumnChunkWriter {
		c, err := g.NextColumn()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	check := func(_ int64, err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	l.note(n, false, func(i int) string { return fmt.Sprint(i*i - 300) })
	check(next().(*file.Int32ColumnChunkWriter).WriteBatch(values(l, n, func(i int) int32 { return int32(i*i - 300) }), l.levels, nil))
	for range 2 {
		check(next().(*file.Int32ColumnChunkWriter).WriteBatch(nil, make([]int16, n), nil))
	}
	l.note(n, true, func(i int) string { return fmt.Sprint(int64(i) << 40) })
	check(next().(*file.Int64ColumnChunkWriter).WriteBatch(values(l, n, func(i int) int64 { return int64(i) << 40 }), l.levels, nil))
	check(next().(*file.Int32ColumnChunkWriter).WriteBatch(make([]int32, n), fill(n, 1), make([]int16, n)))
	l.note(n, true, func(i int) string { return fmt.Sprintf("2024-03-0%d 01:02:03.5Z", 1+i%9) })
	check(next().(*file.Int96ColumnChunkWriter).WriteBatch(values(l, n, func(i int) parquet.Int96 { return int96(19783+i%9, 3723.5e9) }), l.levels, nil))
	text := func(i int) string {
		return fmt.Sprintf("%s-%d", []string{"", "feeder", "a longer name of a unit", "北京"}[i%4], i/9)
	}
	l.note(n, true, text)
	check(next().(*file.ByteArrayColumnChunkWriter).WriteBatch(values(l, n, func(i int) parquet.ByteArray { return []byte(text(i)) }), l.levels, nil))
	l.note(n, false, text)
	check(next().(*file.ByteArrayColumnChunkWriter).WriteBatch(values(l, n, func(i int) parquet.ByteArray { return []byte(text(i)) }), nil, nil))
	l.note(n, true, func(i int) string { return fmt.Sprintf("%08x-0000-0000-0000-0000000000ff", i) })
	check(next().(*file.FixedLenByteArrayColumnChunkWriter).WriteBatch(values(l, n, func(i int) parquet.FixedLenByteArray {
		return []byte{0, 0, byte(i >> 8), byte(i), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF}
	}), l.levels, nil))
	l.note(n, true, func(i int) string { return fmt.Sprintf("-0.%02d", 1+i%99) })
	check(next().(*file.FixedLenByteArrayColumnChunkWriter).WriteBatch(values(l, n, func(i int) parquet.FixedLenByteArray {
		return []byte{0xFF, 0xFF, 0xFF, 0xFF, byte(255 - i%99)}
	}), l.levels, nil))
	l.note(n, false, func(i int) string { return fmt.Sprint(uint64(1<<63) + uint64(i)) })
	check(next().(*file.Int64ColumnChunkWriter).WriteBatch(values(l, n, func(i int) int64 { return -1<<63 + int64(i) }), nil, nil))
	l.note(n, false, func(i int) string { return fmt.Sprint(uint32(1<<31) + uint32(i)) })
	check(next().(*file.Int32ColumnChunkWriter).WriteBatch(values(l, n, func(i int) int32 { return -1<<31 + int32(i) }), nil, nil))
	l.rest(n, next, check)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
}

func (l *libraryRows) rest(n int, next func() file.ColumnChunkWriter, check func(int64, error)) {
	l.note(n, true, func(i int) string { return fmt.Sprintf("1969-12-31 23:59:59.%03dZ", 1+i%9+990) })
	check(next().(*file.Int64ColumnChunkWriter).WriteBatch(values(l, n, func(i int) int64 { return int64(i%9 - 9) }), l.levels, nil))
	l.note(n, false, func(i int) string { return fmt.Sprintf("1970-01-01 00:00:%02d.000000001", i%60) })
	check(next().(*file.Int64ColumnChunkWriter).WriteBatch(values(l, n, func(i int) int64 { return int64(i%60)*1e9 + 1 }), nil, nil))
	l.note(n, true, func(i int) string { return fmt.Sprint(i%3 == 0) })
	check(next().(*file.BooleanColumnChunkWriter).WriteBatch(values(l, n, func(i int) bool { return i%3 == 0 }), l.levels, nil))
	l.note(n, true, func(i int) string { return fmt.Sprintf("%d.1", i) })
	check(next().(*file.Float32ColumnChunkWriter).WriteBatch(values(l, n, func(i int) float32 { return float32(i) + 0.1 }), l.levels, nil))
	l.note(n, false, func(i int) string { return fmt.Sprintf("%d.25", i) })
	check(next().(*file.Float64ColumnChunkWriter).WriteBatch(values(l, n, func(i int) float64 { return float64(i) + 0.25 }), nil, nil))
}

func fill(n int, level int16) []int16 {
	list := make([]int16, n)
	for i := range list {
		list[i] = level
	}
	return list
}

// int96 is a timestamp of old: nanoseconds of the day and a Julian day.
func int96(days int, nanos float64) (v parquet.Int96) {
	for i := range 8 {
		v[i] = byte(uint64(nanos) >> (8 * i))
	}
	for i := range 4 {
		v[8+i] = byte((days + 2440588) >> (8 * i))
	}
	return v
}

// libraryArrow has dictionaries that grow and are replaced, views, large texts
// and nested columns.
func libraryArrow(t *testing.T) libraryFile {
	t.Helper()
	mem := memory.NewGoAllocator()
	s := arrow.NewSchema([]arrow.Field{
		{Name: "coded", Type: &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int16, ValueType: arrow.BinaryTypes.String}, Nullable: true},
		{Name: "nested", Type: arrow.StructOf(arrow.Field{Name: "a", Type: arrow.ListOf(arrow.BinaryTypes.String), Nullable: true})},
		{Name: "large", Type: arrow.BinaryTypes.LargeString, Nullable: true},
		{Name: "u8", Type: arrow.PrimitiveTypes.Uint8, Nullable: true},
		{Name: "half", Type: arrow.FixedWidthTypes.Float16, Nullable: true},
		{Name: "view", Type: arrow.BinaryTypes.StringView, Nullable: true},
		{Name: "decimal", Type: &arrow.Decimal128Type{Precision: 38, Scale: 1}, Nullable: true},
		{Name: "seconds", Type: &arrow.TimestampType{Unit: arrow.Second, TimeZone: "Asia/Shanghai"}, Nullable: true},
		{Name: "date64", Type: arrow.FixedWidthTypes.Date64, Nullable: true},
		{Name: "time32", Type: arrow.FixedWidthTypes.Time32ms, Nullable: true},
		{Name: "null", Type: arrow.Null, Nullable: true},
	}, nil)
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(s), ipc.WithLZ4(), ipc.WithDictionaryDeltas(true))
	want := make([][]string, 10)
	b := array.NewRecordBuilder(mem, s)
	for batch := range 4 {
		if batch == 3 {
			b.Field(0).(*array.BinaryDictionaryBuilder).ResetFull()
		}
		for i := range 150 {
			libraryArrowRow(t, b, want, batch, i)
		}
		record := b.NewRecord()
		if err := w.Write(record); err != nil {
			t.Fatal(err)
		}
		record.Release()
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return libraryFile{name: "arrow", open: openArrow, data: out.Bytes(), want: want}
}

func libraryArrowRow(t *testing.T, b *array.RecordBuilder, want [][]string, batch, i int) {
	t.Helper()
	note := func(column int, text string) { want[column] = append(want[column], text) }
	if i%11 == 5 {
		for c := range b.Fields() {
			b.Field(c).AppendNull()
		}
		for c := range want {
			note(c, "NULL")
		}
		return
	}
	text := fmt.Sprintf("text of more than twelve bytes %d", batch*10+i%20)
	if err := b.Field(0).(*array.BinaryDictionaryBuilder).AppendString(text); err != nil {
		t.Fatal(err)
	}
	note(0, text)
	b.Field(1).AppendEmptyValue()
	b.Field(2).(*array.LargeStringBuilder).Append(text)
	note(1, text)
	b.Field(3).(*array.Uint8Builder).Append(uint8(100 + i))
	note(2, fmt.Sprint(100+i))
	if err := b.Field(4).AppendValueFromString("1.5"); err != nil {
		t.Fatal(err)
	}
	note(3, "1.5")
	b.Field(5).(*array.StringViewBuilder).Append(text[:i%30])
	note(4, text[:i%30])
	b.Field(6).(*array.Decimal128Builder).Append(decimal128.New(1<<50, uint64(i)))
	note(5, wantWide(i))
	b.Field(7).(*array.TimestampBuilder).Append(arrow.Timestamp(i))
	note(6, fmt.Sprintf("1970-01-01 00:%02d:%02dZ", i/60, i%60))
	b.Field(8).(*array.Date64Builder).Append(arrow.Date64(i%9) * 86400e3)
	note(7, fmt.Sprintf("1970-01-0%d", 1+i%9))
	b.Field(9).(*array.Time32Builder).Append(arrow.Time32(1000*i + 7))
	note(8, fmt.Sprintf("00:%02d:%02d.007", i/60, i%60))
	b.Field(10).AppendNull()
	note(9, "NULL")
}

// wantWide is 2^114 + i with one digit behind the point.
func wantWide(i int) string {
	n := new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 114), big.NewInt(int64(i)))
	s := n.String()
	return s[:len(s)-1] + "." + s[len(s)-1:]
}
