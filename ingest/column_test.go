package ingest

import (
	"bytes"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// columnWriters are the formats of columns.
var columnWriters = map[string]func(io.Writer, []columnar.Column) (columnar.Writer, error){
	"parquet": columnar.NewParquetWriter, "arrow file": columnar.NewArrowFileWriter, "arrow stream": columnar.NewArrowWriter,
	"parquet in groups": func(w io.Writer, c []columnar.Column) (columnar.Writer, error) {
		return columnar.NewParquetGroupWriter(w, c, 7)
	},
	"arrow in batches": func(w io.Writer, c []columnar.Column) (columnar.Writer, error) {
		all, err := columnar.NewArrowFileWriter(w, c)
		return inBatches{all}, err
	},
}

// inBatches writes each batch as several of up to 70 rows.
type inBatches struct{ columnar.Writer }

func (w inBatches) Write(b *columnar.Batch) error {
	for from := 0; from < b.Rows; from += 70 {
		to := min(from+70, b.Rows)
		part := columnar.Batch{Rows: to - from}
		for _, v := range b.Columns {
			v.Null, v.Int, v.Nanos = window(v.Null, from, to), window(v.Int, from, to), window(v.Nanos, from, to)
			v.Float, v.Text = window(v.Float, from, to), window(v.Text, from, to)
			part.Columns = append(part.Columns, v)
		}
		if err := w.Writer.Write(&part); err != nil {
			return err
		}
	}
	return nil
}

func window[T any](s []T, from, to int) []T {
	if s == nil {
		return nil
	}
	return s[from:to]
}

// textColumns writes rows of texts, the first of which is the header, as a file
// of columns; an empty text is a null.
func textColumns(t testing.TB, format string, rows [][]string) []byte {
	t.Helper()
	b := &columnar.Batch{Rows: len(rows) - 1}
	var columns []columnar.Column
	for i, name := range rows[0] {
		v := columnar.Values{Column: columnar.Column{Name: name, Kind: columnar.Text}, Dict: columnar.NewDict(columnar.Limits{})}
		for _, row := range rows[1:] {
			code, err := v.Dict.Intern([]byte(row[i]))
			if err != nil {
				t.Fatal(err)
			}
			v.Text, v.Null = append(v.Text, code), append(v.Null, row[i] == "")
		}
		columns, b.Columns = append(columns, v.Column), append(b.Columns, v)
	}
	return columnFile(t, format, columns, b)
}

// columnFile writes batches.
func columnFile(t testing.TB, format string, columns []columnar.Column, batches ...*columnar.Batch) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := columnWriters[format](&out, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range batches {
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Texts in columns give the events that they give in a file of text.
func TestColumnsOfText(t *testing.T) {
	t.Parallel()
	rows := sampleRows(20)
	want := read(t, delimitedSample(",", rows), shanghai(t)).Events
	tests := []struct{ file, format, content string }{
		{"a.parquet", "parquet", "parquet"}, {"a.arrow", "arrow file", "arrow"}, {"a.feather", "arrow file", "arrow"}, {"a.arrows", "arrow stream", "arrow"},
	}
	for _, tt := range tests {
		data := textColumns(t, tt.format, append([][]string{sampleHeader}, rows...))
		for packing, data := range map[string][]byte{"": data, ".gz": gzipped(t, data), ".zst": zstandard(t, data)} {
			t.Run(tt.file+packing, func(t *testing.T) {
				t.Parallel()
				r, err := gather(t, tt.file+packing, data, shanghai(t))
				if err != nil {
					t.Fatal(err)
				}
				content := tt.content + map[string]string{"": "", ".gz": ", gzip", ".zst": ", zstd"}[packing]
				if r.Delivery.Content != content || len(r.Delivery.Warnings) > 0 {
					t.Errorf("content %q, warnings %q, want %q and none", r.Delivery.Content, r.Delivery.Warnings, content)
				}
				if diff := cmp.Diff(want, r.Events, cmpopts.IgnoreFields(outage.Event{}, "Row")); diff != "" {
					t.Errorf("(-csv +%s):\n%s", tt.file, diff)
				}
				for i, e := range r.Events {
					if e.Row != outage.Row(i+1) {
						t.Fatalf("event %d is of row %d, want %d", i, e.Row, i+1)
					}
				}
			})
		}
	}
}
