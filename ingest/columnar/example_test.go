package columnar_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/saidi-exporter/saidi/ingest/columnar"
)

// A file is written, and two of its columns are read back.
func Example() {
	columns := []columnar.Column{
		{Name: "unit", Kind: columnar.Text},
		{Name: "start", Kind: columnar.Moment},
		{Name: "customers", Kind: columnar.Integer},
	}
	units := columnar.NewDict(columnar.Limits{})
	code, err := units.Intern([]byte("U-1"))
	if err != nil {
		log.Fatal(err)
	}
	var out bytes.Buffer
	w, err := columnar.NewParquetWriter(&out, columns)
	if err != nil {
		log.Fatal(err)
	}
	batch := &columnar.Batch{Rows: 2, Columns: []columnar.Values{
		{Column: columns[0], Text: []uint32{code, code}, Dict: units},
		{Column: columns[1], Int: []int64{1_700_000_000, 1_700_003_600}},
		{Column: columns[2], Int: []int64{40, 0}, Null: []bool{false, true}},
	}}
	if err := w.Write(batch); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}

	r, err := columnar.OpenParquet(bytes.NewReader(out.Bytes()), int64(out.Len()), columnar.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	if err := r.Select([]int{1, 2}); err != nil {
		log.Fatal(err)
	}
	b, err := r.Next()
	if err != nil {
		log.Fatal(err)
	}
	for row := range b.Rows {
		fmt.Printf("%s,%s\n", b.Columns[0].AppendText(nil, row), b.Columns[1].AppendText(nil, row))
	}
	// Output:
	// 2023-11-14 22:13:20,40
	// 2023-11-14 23:13:20,
}
