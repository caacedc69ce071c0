package columnar_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/ingest/columnar"
)

// Only what is selected is read, in the order of the selection.
func TestSelect(t *testing.T) {
	t.Parallel()
	for _, f := range formats() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			r, err := f.open(written(t, f, 70_000))
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Select([]int{4, 5}); err == nil {
				t.Error("a column that is not there was selected")
			}
			if err := r.Select([]int{4, 0}); err != nil {
				t.Fatal(err)
			}
			var dicts [2]*columnar.Dict
			want, _ := outages(65536, 0, &dicts)
			b, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			got := [][]string{rows(&b.Columns[0], 1000), rows(&b.Columns[1], 1000)}
			if diff := cmp.Diff([][]string{rows(&want.Columns[4], 1000), rows(&want.Columns[0], 1000)}, got); diff != "" {
				t.Errorf("rows differ (-want +got):\n%s", diff)
			}
			if err := r.Select([]int{0}); err == nil {
				t.Error("columns were selected after the first batch")
			}
		})
	}
}

// Nested and repeated columns are named.
func TestSkipped(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		file libraryFile
		want []string
	}{{libraryParquet(t, parquet.NewWriterProperties()), []string{"nested", "list"}}, {libraryArrow(t), []string{"nested"}}} {
		r, err := tt.file.open(tt.file.data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, r.Skipped()); diff != "" {
			t.Errorf("%s: skipped columns differ (-want +got):\n%s", tt.file.name, diff)
		}
	}
}

// The same rows make the same bytes.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	for _, f := range formats() {
		if !bytes.Equal(written(t, f, 5_000), written(t, f, 5_000)) {
			t.Errorf("%s: the same rows made different bytes", f.name)
		}
	}
}

// Row groups end where they are full, within a batch too, and codes mean the
// same text in all of them.
func TestRowGroups(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	columns := []columnar.Column{{Name: "n", Kind: columnar.Integer}, {Name: "t", Kind: columnar.Text}}
	w, err := columnar.NewParquetWriter(&out, columns)
	if err != nil {
		t.Fatal(err)
	}
	const size, batches = 50_000, 22
	dict := columnar.NewDict(columnar.Limits{})
	for i := range batches {
		b := &columnar.Batch{Rows: size, Columns: []columnar.Values{{Column: columns[0]}, {Column: columns[1], Dict: dict}}}
		for k := range size {
			code, err := dict.Intern(fmt.Append(nil, (i*size+k)%1000))
			if err != nil {
				t.Fatal(err)
			}
			b.Columns[0].Int = append(b.Columns[0].Int, int64(i*size+k))
			b.Columns[1].Text = append(b.Columns[1].Text, code)
		}
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := openParquet(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for k := range b.Rows {
			if got := b.Columns[0].Int[k]; got != int64(n) || b.Columns[1].Text[k] != 1+uint32(n%1000) {
				t.Fatalf("row %d: got %d and the code %d", n, got, b.Columns[1].Text[k])
			}
			n++
		}
	}
	if n != size*batches {
		t.Errorf("%d rows, want %d", n, size*batches)
	}
}

// Limits and broken beginnings have errors that say what is wrong.
func TestRefused(t *testing.T) {
	t.Parallel()
	pages := written(t, formats()[0], 5000)
	stream := written(t, formats()[1], 5000)
	file := written(t, formats()[2], 5000)
	limits := func(l columnar.Limits) func(data []byte) (*columnar.Reader, error) {
		return func(data []byte) (*columnar.Reader, error) {
			if bytes.HasPrefix(data, []byte("PAR1")) {
				return columnar.OpenParquet(bytes.NewReader(data), int64(len(data)), l)
			}
			return columnar.OpenArrow(bytes.NewReader(data), l)
		}
	}
	tests := []struct {
		name string
		open func([]byte) (*columnar.Reader, error)
		data []byte
		want string
	}{
		{"empty", openParquet, nil, "parquet: a file of 0 bytes is too short"},
		{"no parquet", openParquet, bytes.Repeat([]byte("x"), 100), "parquet: the file does not begin and end with PAR1"},
		{"cut", openParquet, pages[:len(pages)-1], "parquet: the file does not begin and end with PAR1"},
		{"no arrow file", openArrowFile, bytes.Repeat([]byte("x"), 100), "arrow: the file does not begin and end with ARROW1"},
		{"cut arrow file", openArrowFile, file[:len(file)-1], "arrow: the file does not begin and end with ARROW1"},
		{"cut stream", openArrow, stream[:len(stream)/2], "arrow: record batch 0: the file breaks off: unexpected EOF"},
		{"columns", limits(columnar.Limits{Columns: 4}), pages, "parquet: 5 columns, more than the limit of 4"},
		{"columns of a stream", limits(columnar.Limits{Columns: 4}), stream, "arrow: 5 columns, more than the limit of 4"},
		{"text", limits(columnar.Limits{Text: 9}), pages, `parquet: row group 0, column "unit": page: a text of 10 bytes, more than the limit of 9`},
		{"memory", limits(columnar.Limits{Memory: 300_000}), pages, "more memory than the limit of 300000 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := readAll(tt.open, tt.data)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got the error %v, want %q", err, tt.want)
			}
		})
	}
}

// Where ever new texts come, a new dictionary is begun and the rows stay right.
func TestManyTexts(t *testing.T) {
	t.Parallel()
	data := written(t, formats()[1], 140_000)
	want, err := openArrow(data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := columnar.OpenArrow(bytes.NewReader(data), columnar.Limits{Dictionary: 50_000})
	if err != nil {
		t.Fatal(err)
	}
	dicts := map[*columnar.Dict]bool{}
	for {
		w, err := want.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		g, err := got.Next()
		if err != nil {
			t.Fatal(err)
		}
		dicts[g.Columns[0].Dict] = true
		if diff := cmp.Diff(rows(&w.Columns[0], w.Rows), rows(&g.Columns[0], g.Rows)); diff != "" {
			t.Fatalf("rows differ (-want +got):\n%s", diff)
		}
	}
	if len(dicts) != 3 {
		t.Errorf("%d dictionaries, want 3", len(dicts))
	}
}

// A dictionary gives equal texts one code and others others.
func TestDict(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := columnar.NewDict(columnar.Limits{})
		want := map[string]uint32{"": 0}
		text := rapid.OneOf(rapid.StringN(0, 20, 20), rapid.StringMatching(`[ab]{0,3}`), rapid.StringMatching(`a{7}[ab]{0,30}`))
		for _, s := range rapid.SliceOfN(text, 0, 300).Draw(t, "texts") {
			code, err := d.Intern([]byte(s))
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := want[s]; !ok {
				want[s] = uint32(len(want))
			}
			if code != want[s] || d.Text(code) != s {
				t.Fatalf("%q has the code %d of %q, want %d", s, code, d.Text(code), want[s])
			}
		}
		if d.Len() != len(want) {
			t.Errorf("%d texts, want %d", d.Len(), len(want))
		}
	})
}

func TestAppendText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		v    columnar.Values
		want string
	}{
		{"integer", columnar.Values{Column: columnar.Column{Kind: columnar.Integer}, Int: []int64{math.MinInt64}}, "-9223372036854775808"},
		{"null", columnar.Values{Column: columnar.Column{Kind: columnar.Integer}, Int: []int64{7}, Null: []bool{true}}, ""},
		{"decimal", columnar.Values{Column: columnar.Column{Kind: columnar.Decimal, Scale: 3}, Int: []int64{-5}}, "-0.005"},
		{"decimal of one", columnar.Values{Column: columnar.Column{Kind: columnar.Decimal, Scale: 3}, Int: []int64{1000}}, "1.000"},
		{"decimal of hundreds", columnar.Values{Column: columnar.Column{Kind: columnar.Decimal, Scale: -2}, Int: []int64{12}}, "1200"},
		{"decimal beyond 64 bits", columnar.Values{Column: columnar.Column{Kind: columnar.Decimal, Scale: 1}, Int: []int64{-1}, High: []int64{0}}, "1844674407370955161.5"},
		{"float", columnar.Values{Column: columnar.Column{Kind: columnar.Float}, Float: []float64{1e6}}, "1000000"},
		{"small float", columnar.Values{Column: columnar.Column{Kind: columnar.Float}, Float: []float64{1.5e-9}}, "1.5e-09"},
		{"single", columnar.Values{Column: columnar.Column{Kind: columnar.Float, Single: true}, Float: []float64{float64(float32(0.1))}}, "0.1"},
		{"moment", columnar.Values{Column: columnar.Column{Kind: columnar.Moment}, Int: []int64{-1}}, "1969-12-31 23:59:59"},
		{"fraction", columnar.Values{Column: columnar.Column{Kind: columnar.Moment, HasZone: true}, Int: []int64{0}, Nanos: []int32{20_000_000}}, "1970-01-01 00:00:00.02Z"},
		{"moment too late", columnar.Values{Column: columnar.Column{Kind: columnar.Moment}, Int: []int64{math.MaxInt64}}, "9223372036854775807 seconds after 1970"},
		{"date", columnar.Values{Column: columnar.Column{Kind: columnar.Date}, Int: []int64{19_782}}, "2024-02-29"},
		{"date too late", columnar.Values{Column: columnar.Column{Kind: columnar.Date}, Int: []int64{1 << 40}}, "1099511627776 days after 1970"},
		{"clock", columnar.Values{Column: columnar.Column{Kind: columnar.Clock}, Int: []int64{3_661}}, "01:01:01"},
		{"bool", columnar.Values{Column: columnar.Column{Kind: columnar.Bool}, Int: []int64{1}}, "true"},
	}
	for _, tt := range tests {
		if got := string(tt.v.AppendText(nil, 0)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
