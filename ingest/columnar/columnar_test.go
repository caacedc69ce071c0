package columnar_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/ingest/columnar"
)

// The formats that can be written and read.
func formats() []format {
	return []format{
		{"parquet", columnar.NewParquetWriter, openParquet},
		{"arrow stream", columnar.NewArrowWriter, openArrow},
		{"arrow file", columnar.NewArrowFileWriter, openArrowFile},
	}
}

type format struct {
	name  string
	write func(io.Writer, []columnar.Column) (columnar.Writer, error)
	open  func(data []byte) (*columnar.Reader, error)
}

func openParquet(data []byte) (*columnar.Reader, error) {
	return columnar.OpenParquet(bytes.NewReader(data), int64(len(data)), columnar.Limits{})
}

func openArrow(data []byte) (*columnar.Reader, error) {
	return columnar.OpenArrow(bytes.NewReader(data), columnar.Limits{})
}

func openArrowFile(data []byte) (*columnar.Reader, error) {
	return columnar.OpenArrowFile(bytes.NewReader(data), int64(len(data)), columnar.Limits{})
}

// texts reads a file to its end: the columns, each as the texts of its rows.
func texts(r *columnar.Reader) ([][]string, error) {
	var all [][]string
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = make([][]string, len(b.Columns))
		}
		for i := range b.Columns {
			all[i] = append(all[i], rows(&b.Columns[i], b.Rows)...)
		}
	}
}

// rows are the values of a column as texts, null as "NULL".
func rows(v *columnar.Values, n int) []string {
	list := make([]string, n)
	for k := range list {
		list[k] = "NULL"
		if !v.IsNull(k) {
			list[k] = string(v.AppendText(nil, k))
		}
	}
	return list
}

// every is one column of each kind.
func every() []columnar.Column {
	return []columnar.Column{
		{Name: "text", Kind: columnar.Text}, {Name: "integer", Kind: columnar.Integer}, {Name: "float", Kind: columnar.Float},
		{Name: "single", Kind: columnar.Float, Single: true},
		{Name: "decimal", Kind: columnar.Decimal, Precision: 12, Scale: 3}, {Name: "wide", Kind: columnar.Decimal, Precision: 38, Scale: 2},
		{Name: "local", Kind: columnar.Moment}, {Name: "utc", Kind: columnar.Moment, HasZone: true},
		{Name: "date", Kind: columnar.Date}, {Name: "clock", Kind: columnar.Clock}, {Name: "bool", Kind: columnar.Bool},
	}
}

// What is written is read back, whatever it is.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, f := range formats() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { roundTrip(t, f) })
		})
	}
}

func roundTrip(t *rapid.T, f format) {
	columns := every()
	var out bytes.Buffer
	w, err := f.write(&out, columns)
	if err != nil {
		t.Fatal(err)
	}
	want := make([][]string, len(columns))
	dict := columnar.NewDict(columnar.Limits{})
	for range rapid.IntRange(1, 4).Draw(t, "batches") {
		b := drawBatch(t, columns, dict)
		for i := range b.Columns {
			want[i] = append(want[i], rows(&b.Columns[i], b.Rows)...)
		}
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := f.open(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(columns, r.Columns()); diff != "" {
		t.Fatalf("columns differ (-want +got):\n%s", diff)
	}
	got, err := texts(r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("rows differ (-want +got):\n%s", diff)
	}
}

func drawBatch(t *rapid.T, columns []columnar.Column, dict *columnar.Dict) *columnar.Batch {
	b := &columnar.Batch{Rows: rapid.IntRange(1, 40).Draw(t, "rows"), Columns: make([]columnar.Values, len(columns))}
	for i, c := range columns {
		v := &b.Columns[i]
		v.Column = c
		if rapid.Bool().Draw(t, "nulls") {
			v.Null = rapid.SliceOfN(rapid.Bool(), b.Rows, b.Rows).Draw(t, "null")
		}
		for range b.Rows {
			drawValue(t, v, dict)
		}
	}
	return b
}

func drawValue(t *rapid.T, v *columnar.Values, dict *columnar.Dict) {
	integer := func(low, high int64) { v.Int = append(v.Int, rapid.Int64Range(low, high).Draw(t, v.Name)) }
	switch v.Kind {
	case columnar.Text:
		v.Dict = dict
		code, err := dict.Intern(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, v.Name))
		if err != nil {
			t.Fatal(err)
		}
		v.Text = append(v.Text, code)
	case columnar.Float:
		if v.Single {
			v.Float = append(v.Float, float64(rapid.Float32().Draw(t, v.Name)))
			return
		}
		v.Float = append(v.Float, rapid.Float64().Draw(t, v.Name))
	case columnar.Decimal:
		if v.Precision > 18 {
			v.High = append(v.High, rapid.Int64Range(-1<<60, 1<<60).Draw(t, "high"))
		}
		integer(-999_999_999_999, 999_999_999_999)
	case columnar.Moment:
		integer(-62167219200, 253402300799)
		v.Nanos = append(v.Nanos, 1000*rapid.Int32Range(0, 999_999).Draw(t, "micros"))
	case columnar.Date:
		integer(-700_000, 2_900_000)
	case columnar.Clock:
		integer(0, 86399)
		v.Nanos = append(v.Nanos, 1000*rapid.Int32Range(0, 999_999).Draw(t, "micros"))
	case columnar.Bool:
		integer(0, 1)
	default:
		v.Int = append(v.Int, rapid.Int64().Draw(t, v.Name))
	}
}

// outages is a batch of what outage files hold, without nulls but in the last
// column.
func outages(n, from int, dicts *[2]*columnar.Dict) (*columnar.Batch, []columnar.Column) {
	columns := []columnar.Column{
		{Name: "unit", Kind: columnar.Text}, {Name: "start", Kind: columnar.Moment}, {Name: "end", Kind: columnar.Moment},
		{Name: "nature", Kind: columnar.Text}, {Name: "customers", Kind: columnar.Integer},
	}
	b := &columnar.Batch{Rows: n, Columns: make([]columnar.Values, len(columns))}
	for i, c := range columns {
		b.Columns[i].Column = c
	}
	state := uint64(from) + 1
	for i := range dicts {
		if dicts[i] == nil {
			dicts[i] = columnar.NewDict(columnar.Limits{})
		}
		b.Columns[3*i].Dict = dicts[i]
	}
	for range n {
		state = state*6364136223846793005 + 1442695040888963407
		unit, _ := dicts[0].Intern(fmt.Appendf(nil, "U%09d", state>>33%400_000))
		nature, _ := dicts[1].Intern([]byte([]string{"fault", "planned", "limited"}[state>>40%3]))
		start := int64(1_700_000_000 + state>>35%31_536_000)
		b.Columns[0].Text = append(b.Columns[0].Text, unit)
		b.Columns[1].Int = append(b.Columns[1].Int, start)
		b.Columns[2].Int = append(b.Columns[2].Int, start+int64(state>>45%86_400))
		b.Columns[3].Text = append(b.Columns[3].Text, nature)
		b.Columns[4].Int = append(b.Columns[4].Int, int64(state>>50%500))
		b.Columns[4].Null = append(b.Columns[4].Null, state>>52%50 == 0)
	}
	return b, columns
}

// written is a file of n rows of outages.
func written(tb testing.TB, f format, n int) []byte {
	tb.Helper()
	var out bytes.Buffer
	var dicts [2]*columnar.Dict
	var w columnar.Writer
	for from := 0; from < n; from += 65536 {
		b, columns := outages(min(65536, n-from), from, &dicts)
		if w == nil {
			var err error
			if w, err = f.write(&out, columns); err != nil {
				tb.Fatal(err)
			}
		}
		if err := w.Write(b); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}
