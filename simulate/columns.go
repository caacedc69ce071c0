package simulate

import (
	"io"

	"github.com/saidi-exporter/saidi/ingest/columnar"
)

// columns writes a file of typed columns, a batch of rows at a time. Times are
// instants; what is empty is null.
type columns struct {
	out   columnar.Writer
	batch columnar.Batch
}

// columnBatch is how many rows make a batch, and an Arrow record batch.
const columnBatch = 64 << 10

// columnKinds are the kinds of the columns that hold no texts.
var columnKinds = map[string]columnar.Kind{
	"start": columnar.Moment, "end": columnar.Moment, "valid_from": columnar.Moment, "valid_to": columnar.Moment,
	"customers": columnar.Integer, "revision": columnar.Integer, "cancelled": columnar.Bool,
}

func newColumns(w io.Writer, f Format, headers []string) (*columns, error) {
	t := &columns{batch: columnar.Batch{Columns: make([]columnar.Values, len(headers))}}
	var list []columnar.Column
	for i, header := range headers {
		c := columnar.Column{Name: header, Kind: columnar.Text}
		if kind, ok := columnKinds[header]; ok {
			c.Kind, c.HasZone = kind, kind == columnar.Moment
		}
		list = append(list, c)
		t.batch.Columns[i] = columnar.Values{Column: c}
	}
	open := columnar.NewParquetWriter
	if f == Arrow {
		open = columnar.NewArrowFileWriter
	}
	var err error
	t.out, err = open(w, list)
	t.clear()
	return t, err
}

// clear empties the batch. Its texts go, too, because ids never come again.
func (t *columns) clear() {
	t.batch.Rows = 0
	for i := range t.batch.Columns {
		v := &t.batch.Columns[i]
		v.Null, v.Int, v.Text = v.Null[:0], v.Int[:0], v.Text[:0]
		if v.Kind == columnar.Text {
			v.Dict = columnar.NewDict(columnar.Limits{})
		}
	}
}

func (t *columns) row(cells []cell) error {
	for k := range cells {
		if err := appendValue(&t.batch.Columns[k], &cells[k]); err != nil {
			return err
		}
	}
	if t.batch.Rows++; t.batch.Rows < columnBatch {
		return nil
	}
	return t.flush()
}

func (t *columns) flush() error {
	err := t.out.Write(&t.batch)
	t.clear()
	return err
}

func (t *columns) close() error {
	if err := t.flush(); err != nil {
		return err
	}
	return t.out.Close()
}

// wordForNumber is what stands in a column of numbers for a word, which it
// cannot hold: one that is as impossible.
const wordForNumber = -1

// appendValue adds a cell to its column.
func appendValue(v *columnar.Values, c *cell) error {
	v.Null = append(v.Null, c.kind == blank)
	switch {
	case v.Kind == columnar.Text:
		code, err := v.Dict.Intern([]byte(c.text))
		v.Text = append(v.Text, code)
		return err
	case c.kind == moment:
		v.Int = append(v.Int, c.n-zoneOffset)
	case c.kind == word:
		v.Int = append(v.Int, wordForNumber)
	default:
		v.Int = append(v.Int, c.n)
	}
	return nil
}
