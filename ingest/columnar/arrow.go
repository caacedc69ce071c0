package columnar

import (
	"errors"
	"fmt"
	"io"
	"math"
)

const arrowFormat = "arrow"

// OpenArrow begins to read an Arrow IPC stream.
func OpenArrow(r io.Reader, limits Limits) (*Reader, error) {
	limits = limits.withDefaults()
	b := newBudget(limits.Memory)
	return openArrow(&arrowStream{src: r, budget: b, limits: limits}, b, limits)
}

// OpenArrowFile begins to read an Arrow IPC file, also known as Feather 2, of
// size bytes. Nothing needs to be closed; the file must stay readable as long
// as the reader is used.
func OpenArrowFile(r io.ReaderAt, size int64, limits Limits) (*Reader, error) {
	limits = limits.withDefaults()
	b := newBudget(limits.Memory)
	return openArrow(&arrowFile{src: r, size: size, budget: b, limits: limits}, b, limits)
}

func openArrow(src messages, b *budget, limits Limits) (reader *Reader, err error) {
	defer guard(&err, arrowFormat)
	a := &arrowSource{src: src, limits: limits, budget: b, unpackers: newUnpackers(), dicts: map[int64]*arrowDict{}}
	if err := a.begin(); err != nil {
		return nil, fmt.Errorf("%s: %w", arrowFormat, broken(err))
	}
	var columns []Column
	var skipped []string
	for i, f := range a.fields {
		if f.layout == layoutNone || f.coded && !f.index.known() {
			skipped = append(skipped, f.Name)
			continue
		}
		a.readable, columns = append(a.readable, i), append(columns, f.Column)
	}
	return open(arrowFormat, limits, a, columns, skipped), nil
}

func (x arrowIndex) known() bool { return x.width == 1 || x.width == 2 || x.width == 4 || x.width == 8 }

// messages gives the messages of a stream or file, in an order in which each
// dictionary comes before the rows that need it.
type messages interface {
	next() (message, error) // io.EOF behind the last one
}

// A message is one message whose body is not yet read.
type message struct {
	table
	body body
}

// A body is what a message carries.
type body interface {
	// load makes the body available; without, it is passed over.
	load() error
	// buffer gives a part of the body, in store where it has to be read.
	buffer(from, size int64, store []byte) ([]byte, error)
}

// The kinds of messages.
const (
	messageSchema     = 1
	messageDictionary = 2
	messageRows       = 3
)

// An arrowSource reads record batch after record batch.
type arrowSource struct {
	src       messages
	limits    Limits
	budget    *budget
	unpackers *unpackers
	texts     *texts       // that all columns share, nil where each has its own
	fields    []arrowField // all at the top
	readable  []int        // fields by column
	dicts     map[int64]*arrowDict
	packed    []byte // a packed buffer, shared by all columns

	columns []*arrowColumn // as selected
	rows    int            // in the present record batch
	row     int            // the next one in it
	count   int            // record batches begun, for errors
}

// An arrowDict is a dictionary as far as it is known.
type arrowDict struct {
	field  arrowField
	column arrowColumn
	values Values
	rows   int
	booked int // rows for which memory is taken
	known  bool
}

// begin reads the schema.
func (a *arrowSource) begin() error {
	m, err := a.src.next()
	if err != nil {
		return err
	}
	schema, ok := m.table.table(2)
	if m.byte(1) != messageSchema || !ok {
		return errors.New("the first message is no schema")
	}
	s := arrowSchema{limits: a.limits}
	a.fields, err = s.fields(schema)
	return err
}

// use makes the selected columns and the dictionaries that they need.
func (a *arrowSource) use(columns, _ []int) {
	a.columns = make([]*arrowColumn, len(columns))
	clear(a.dicts)
	for i, c := range columns {
		f := a.fields[a.readable[c]]
		col := &arrowColumn{source: a, field: f, place: a.readable[c]}
		a.columns[i] = col
		if f.coded {
			col.codes = a.dictionary(f)
			col.dict = col.codes.values.Dict
		} else if f.Kind == Text {
			col.dict = newDict(a.limits, a.budget, a.texts)
		}
	}
}

// dictionary is the dictionary of a field; several fields may share one.
func (a *arrowSource) dictionary(f arrowField) *arrowDict {
	d := a.dicts[f.id]
	if d == nil {
		plain := f
		plain.coded = false
		d = &arrowDict{field: plain, values: Values{Column: f.Column}}
		d.column = arrowColumn{source: a, field: plain, shared: true}
		if f.Kind == Text {
			d.values.Dict = newDict(a.limits, a.budget, a.texts)
			d.column.dict = d.values.Dict
		}
		a.dicts[f.id] = d
	}
	return d
}

// fill gives the next rows of the present record batch.
func (a *arrowSource) fill(b *Batch) error {
	for a.row == a.rows {
		if err := a.turn(); err != nil {
			return err
		}
	}
	b.Rows = min(a.rows-a.row, largestBatch)
	for i, c := range a.columns {
		v := &b.Columns[i]
		v.Dict = c.dict
		if err := c.window(v, a.row, a.row+b.Rows); err != nil {
			return fmt.Errorf("record batch %d, column %q: %w", a.count-1, c.field.Name, err)
		}
	}
	a.row += b.Rows
	return nil
}

// turn reads messages up to the next record batch.
func (a *arrowSource) turn() error {
	m, err := a.src.next()
	if err != nil {
		return err
	}
	head, ok := m.table.table(2)
	if !ok {
		return errors.New("a message without a head")
	}
	switch m.byte(1) {
	case messageDictionary:
		if err := a.takeDictionary(m, head); err != nil {
			return fmt.Errorf("dictionary %d: %w", head.long(0), broken(err))
		}
	case messageRows:
		a.count++
		if err := a.takeRows(m, head); err != nil {
			return fmt.Errorf("record batch %d: %w", a.count-1, broken(err))
		}
	case messageSchema:
		return errors.New("a second schema")
	}
	return nil
}

// takeDictionary reads a dictionary, one that takes its place, or more of it.
func (a *arrowSource) takeDictionary(m message, head table) error {
	d := a.dicts[head.long(0)]
	if d == nil {
		return nil
	}
	data, ok := head.table(1)
	if !ok {
		return errors.New("a dictionary without values")
	}
	if err := m.body.load(); err != nil {
		return err
	}
	batch, err := a.batch(data)
	if err != nil {
		return err
	}
	if err := d.column.begin(batch, m.body, 0, 0, 0); err != nil {
		return err
	}
	if head.byte(2) == 0 || !d.known {
		d.rows = 0
	}
	d.known = true
	return d.extend(batch.rows)
}

// takeRows begins a record batch.
func (a *arrowSource) takeRows(m message, head table) error {
	batch, err := a.batch(head)
	if err != nil {
		return err
	}
	if err := m.body.load(); err != nil {
		return err
	}
	at := make([][3]int, len(a.fields)) // the node, buffer and view of each field
	var node, buffer, view int
	for i, f := range a.fields {
		at[i] = [3]int{node, buffer, view}
		node, view = node+f.nodes, view+f.views
		buffer += f.buffers + batch.views(view-f.views, view)
	}
	for _, c := range a.columns {
		p := at[c.place]
		if err := c.begin(batch, m.body, p[0], p[1], p[2]); err != nil {
			return fmt.Errorf("column %q: %w", c.field.Name, err)
		}
	}
	a.rows, a.row = batch.rows, 0
	return nil
}

// An arrowBatch says where the columns of a record batch lie in a body.
type arrowBatch struct {
	rows    int
	nodes   []int64 // rows and nulls of each column
	buffers []int64 // offset and size of each
	counts  []int64 // further buffers of each column of views
	codec   codec
}

func (a *arrowSource) batch(t table) (b arrowBatch, err error) {
	rows := t.long(0)
	if rows < 0 || rows > math.MaxInt32 {
		return b, fmt.Errorf("%d rows", rows)
	}
	b.rows = int(rows)
	if b.nodes, err = t.longs(1, 2); err != nil {
		return b, err
	}
	if b.buffers, err = t.longs(2, 2); err != nil {
		return b, err
	}
	if b.counts, err = t.longs(4, 1); err != nil {
		return b, err
	}
	for _, n := range b.counts {
		if n < 0 || n > int64(len(b.buffers)) {
			return b, errors.New("more buffers of texts than there are")
		}
	}
	if packing, ok := t.table(3); ok {
		b.codec = codecFrameLZ4
		if packing.byte(0) == 1 {
			b.codec = codecZstd
		}
	}
	return b, nil
}

// views adds up the further buffers of columns of views.
func (b arrowBatch) views(from, to int) int {
	sum := 0
	for _, n := range b.counts[min(from, len(b.counts)):min(to, len(b.counts))] {
		sum += int(n)
	}
	return sum
}
