package store

import (
	"fmt"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// groupRows is how many rows there are in a row group, which is what one
// goroutine reads at once.
const groupRows = 64 << 10

// A table gathers the rows of one row group in columns.
type table struct {
	columnar.Batch
	dict   *columnar.Dict // of the group
	filled int64          // a bit for each column that says anything in the file, and isSealed
	null   []bool         // by column, whether the group has a null there

	known map[*outage.Dict][]uint32 // by dictionary and reference: the code in dict, plus one
}

func newTable(columns []columnar.Column) *table {
	t := &table{null: make([]bool, len(columns))}
	t.Columns = make([]columnar.Values, len(columns))
	for i, c := range columns {
		t.Columns[i].Column = c
	}
	t.reset()
	return t
}

// reset empties the columns and begins a new dictionary.
func (t *table) reset() {
	t.Rows, t.dict, t.known = 0, columnar.NewDict(trusted()), map[*outage.Dict][]uint32{}
	for i := range t.Columns {
		v := &t.Columns[i]
		v.Text, v.Int, v.Float, v.Null, v.Nanos = v.Text[:0], v.Int[:0], v.Float[:0], v.Null[:0], v.Nanos[:0]
		v.Dict = nil
		if v.Kind == columnar.Text {
			v.Dict = t.dict
		}
		t.null[i] = false
	}
}

// none puts a null.
func (t *table) none(column int) {
	v := &t.Columns[column]
	v.Null = append(v.Null, true)
	t.null[column] = true
	switch v.Kind {
	case columnar.Text:
		v.Text = append(v.Text, 0)
	case columnar.Float:
		v.Float = append(v.Float, 0)
	default:
		v.Int = append(v.Int, 0)
	}
}

// integer puts a number, which says something unless it is what most rows have.
func (t *table) integer(column int, n, usual int64) {
	v := &t.Columns[column]
	v.Int, v.Null = append(v.Int, n), append(v.Null, false)
	if n != usual {
		t.filled |= 1 << column
	}
}

// text puts a text, a null where it is empty.
func (t *table) text(column int, text string) error {
	if text == "" {
		t.none(column)
		return nil
	}
	code, err := t.intern(text)
	if err != nil {
		return err
	}
	t.code(column, code)
	return nil
}

func (t *table) code(column int, code uint32) {
	v := &t.Columns[column]
	v.Text, v.Null = append(v.Text, code), append(v.Null, false)
	t.filled |= 1 << column
}

func (t *table) intern(text string) (uint32, error) {
	whole := sealed(text)
	if whole != text {
		t.filled |= isSealed
	}
	return t.dict.Intern([]byte(whole))
}

// ref puts a text of a dictionary, which is looked at once in a group.
func (t *table) ref(column int, codes []uint32, d *outage.Dict, r outage.Ref) error {
	if r == 0 {
		t.none(column)
		return nil
	}
	if codes[r] == 0 {
		code, err := t.intern(d.Text(r))
		if err != nil {
			return err
		}
		codes[r] = code + 1
	}
	t.code(column, codes[r]-1)
	return nil
}

// codes are what is known of the texts of a dictionary.
func (t *table) codes(d *outage.Dict) []uint32 {
	codes := t.known[d]
	if n := d.Len(); n > len(codes) {
		codes = append(codes, make([]uint32, n-len(codes))...)
		t.known[d] = codes
	}
	return codes
}

// add puts a readable row of a batch.
func (t *table) add(b *outage.Batch, i int) error {
	codes := t.codes(b.Dict)
	if err := t.text(columnID, string(b.ID.Bytes(i))); err != nil {
		return fmt.Errorf("column event_id: %w", err)
	}
	for _, c := range []struct {
		column int
		ref    outage.Ref
	}{
		{columnSource, b.Source[i]}, {columnFeeder, b.Feeder[i]}, {columnUnit, b.Unit[i]}, {columnArea, b.Area[i]}, {columnClass, b.Class[i]},
		{columnCause, b.Cause[i]}, {columnStage, b.Stage[i]}, {columnTechnical, b.Technical[i]},
	} {
		if err := t.ref(c.column, codes, b.Dict, c.ref); err != nil {
			return fmt.Errorf("column %s: %w", t.Columns[c.column].Name, err)
		}
	}
	if err := t.numbers(&outage.Event{
		Row: b.Row[i], Start: b.Start[i], End: b.End[i], Customers: b.Customers[i], Nature: b.Nature[i], Steps: b.Steps[i],
		Revision: b.Revision[i], Cancelled: b.Cancelled[i], CapacityKVA: b.Capacity[i], Flags: b.Flags[i],
	}); err != nil {
		return err
	}
	t.none(columnReason)
	t.none(columnReasonColumn)
	t.none(columnReasonValue)
	t.Rows++
	return nil
}

// reject puts a rejected row.
func (t *table) reject(r *outage.Rejection) error {
	for _, c := range []struct {
		column int
		text   string
	}{
		{columnID, r.ID}, {columnSource, r.Source}, {columnFeeder, r.Feeder}, {columnUnit, r.Unit}, {columnArea, r.Area}, {columnClass, r.Class},
		{columnCause, r.Cause}, {columnStage, r.Stage}, {columnTechnical, r.TechnicalCause},
		{columnReasonColumn, r.Column}, {columnReasonValue, r.Value},
	} {
		if err := t.text(c.column, c.text); err != nil {
			return fmt.Errorf("column %s: %w", t.Columns[c.column].Name, err)
		}
	}
	code, err := t.intern(string(r.Reason)) // not null, also where it is empty
	if err != nil {
		return err
	}
	t.code(columnReason, code)
	t.Rows++
	return t.numbers(&r.Event)
}

// numbers puts what is no plain text.
func (t *table) numbers(e *outage.Event) error {
	t.integer(columnStart, e.Start, outage.Open)
	t.optional(columnEnd, e.End, outage.Open)
	t.optional(columnCustomers, e.Customers, outage.Missing)
	t.integer(columnRevision, e.Revision, 0)
	t.integer(columnFlags, int64(e.Flags), 0)
	t.integer(columnRow, int64(e.Row), -1)
	cancelled := int64(0)
	if e.Cancelled {
		cancelled = 1
	}
	t.integer(columnCancelled, cancelled, 0)
	t.float(columnCapacity, e.CapacityKVA)
	if err := t.text(columnNature, e.Nature.String()); err != nil {
		return err
	}
	if len(e.Steps) == 0 {
		t.none(columnSteps)
		return nil
	}
	return t.text(columnSteps, string(appendSteps(nil, e.Steps)))
}

// optional puts a number, a null where it is one that stands for none.
func (t *table) optional(column int, n, none int64) {
	if n == none {
		t.none(column)
		return
	}
	t.integer(column, n, none)
}

func (t *table) float(column int, f float64) {
	if f == 0 {
		t.none(column)
		return
	}
	v := &t.Columns[column]
	v.Float, v.Null = append(v.Float, f), append(v.Null, false)
	t.filled |= 1 << column
}

// finished is the batch to be written.
func (t *table) finished() *columnar.Batch {
	for i := range t.Columns {
		if !t.null[i] {
			t.Columns[i].Null = nil
		}
	}
	return &t.Batch
}
