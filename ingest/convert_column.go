package ingest

import (
	"fmt"
	"io"

	"github.com/saidi-exporter/saidi/ingest/columnar"
)

// A columnOf is a canonical column to be written.
type columnOf struct {
	field field
	kind  columnar.Kind
}

// A columnBuilder gathers rows in columns and writes them batch by batch.
type columnBuilder struct {
	out   columnar.Writer
	batch columnar.Batch
	at    [fieldCount]int // columns by field
	words layout          // tells what a reader takes for nothing
}

// builtRows is how many rows are gathered at most.
const builtRows = 16 << 10

// longestText bounds the bytes of a text that is written.
const longestText = 64 << 20

func (w *columnBuilder) begin(out io.Writer, columns []columnOf) (err error) {
	w.words.setEmpty(nil)
	var list []columnar.Column
	for i, c := range columns {
		column := columnar.Column{Name: c.field.String(), Kind: c.kind, HasZone: c.kind == columnar.Moment}
		w.at[c.field], list = i, append(list, column)
		w.batch.Columns = append(w.batch.Columns, columnar.Values{Column: column})
	}
	w.clear()
	w.out, err = columnar.NewParquetWriter(out, list)
	return err
}

// clear forgets the rows, and the texts, because ids do not come again.
func (w *columnBuilder) clear() {
	w.batch.Rows = 0
	for i := range w.batch.Columns {
		v := &w.batch.Columns[i]
		v.Null, v.Int, v.Float, v.Text = v.Null[:0], v.Int[:0], v.Float[:0], v.Text[:0]
		if v.Kind == columnar.Text {
			v.Dict = columnar.NewDict(columnar.Limits{Text: longestText})
		}
	}
}

// A cellOf is the text of a field.
type cellOf struct {
	field field
	text  string
}

// texts sets fields of the present row; empty ones are null.
func (w *columnBuilder) texts(cells []cellOf) error {
	for _, c := range cells {
		if err := w.check(c); err != nil {
			return err
		}
		v := &w.batch.Columns[w.at[c.field]]
		code, err := v.Dict.Intern([]byte(c.text))
		if err != nil {
			return fmt.Errorf("%s: %w", c.field, err)
		}
		v.Text, v.Null = append(v.Text, code), append(v.Null, c.text == "")
	}
	return nil
}

// check refuses a text that would not read back, as only a mapping can make one:
// a word for nothing, space around it, or a number behind which .0 stands.
func (w *columnBuilder) check(c cellOf) error {
	text := trim([]byte(c.text))
	if w.words.isEmpty(text) {
		text = nil
	}
	switch c.field {
	case fieldEventID, fieldFeeder, fieldUnit, fieldStage:
		text = plainID(text)
	}
	if string(text) != c.text {
		return fmt.Errorf("%s %q would be read back as %q: let the mapping give another word", c.field, c.text, text)
	}
	return nil
}

// number sets a field of the present row, null where it is not given.
func (w *columnBuilder) number(f field, n int64, given bool) {
	v := &w.batch.Columns[w.at[f]]
	if !given {
		n = 0
	}
	v.Int, v.Null = append(v.Int, n), append(v.Null, !given)
}

// float sets a field of the present row, null where it is 0.
func (w *columnBuilder) float(f field, x float64) {
	v := &w.batch.Columns[w.at[f]]
	v.Float, v.Null = append(v.Float, x), append(v.Null, x == 0)
}

// next ends the present row, of which all fields are set.
func (w *columnBuilder) next() error {
	if w.batch.Rows++; w.batch.Rows < builtRows {
		return nil
	}
	return w.flush()
}

func (w *columnBuilder) flush() error {
	err := w.out.Write(&w.batch)
	w.clear()
	return err
}

// Close ends the file. It does not close what is below.
func (w *columnBuilder) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.out.Close()
}
