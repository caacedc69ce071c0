package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// An arrowColumn reads one column of the present record batch.
type arrowColumn struct {
	source *arrowSource
	field  arrowField
	place  int        // among the fields of the schema
	codes  *arrowDict // of a field that has a dictionary
	dict   *Dict      // of Text
	shared bool       // the column is a dictionary itself, whose codes stay

	rows    int
	valid   []byte // a bit a row, nil where none is null
	first   []byte // values, offsets, codes or views
	second  []byte // texts
	more    [][]byte
	stores  [][]byte // memory for buffers, used again
	null    []bool   // memory for a batch's
	indices []int64
	scratch []uint32
}

var errBuffer = errors.New("a buffer is too short for its rows")

// begin takes the column's buffers out of a body.
func (c *arrowColumn) begin(b arrowBatch, body body, node, buffer, view int) error {
	if 2*node+1 >= len(b.nodes) {
		return errors.New("the message has fewer columns than the schema")
	}
	if b.nodes[2*node] != int64(b.rows) {
		return fmt.Errorf("%d values in %d rows", b.nodes[2*node], b.rows)
	}
	if c.codes == nil && !c.shared {
		c.dict = c.dict.renewed()
	}
	c.rows = b.rows
	count := c.buffers()
	more := 0
	if !c.field.coded && c.field.layout == layoutViews {
		more = b.views(view, view+1)
	}
	for len(c.stores) < count+more {
		c.stores = append(c.stores, nil)
	}
	parts := make([][]byte, count+more)
	for i := range parts {
		if i == 0 && b.nodes[2*node+1] == 0 {
			continue // without nulls the bits say nothing
		}
		var err error
		if parts[i], err = c.buffer(b, body, buffer+i, i); err != nil {
			return err
		}
	}
	return c.hold(parts, count)
}

// buffers is how many buffers the column has itself.
func (c *arrowColumn) buffers() int {
	switch {
	case c.field.coded:
		return 2
	case c.field.layout == layoutNull:
		return 0
	case c.field.layout == layoutOffsets:
		return 3
	}
	return 2
}

// hold keeps the buffers and makes sure that they hold all rows.
func (c *arrowColumn) hold(parts [][]byte, count int) error {
	c.valid, c.first, c.second, c.more = nil, nil, nil, nil
	if count == 0 {
		return nil
	}
	c.valid, c.first, c.more = parts[0], parts[1], parts[count:]
	if count == 3 {
		c.second = parts[2]
	}
	if len(c.valid) == 0 {
		c.valid = nil
	}
	if c.valid != nil && len(c.valid) < (c.rows+7)/8 || int64(len(c.first)) < c.least() {
		return errBuffer
	}
	return nil
}

// least is how many bytes the first buffer must have.
func (c *arrowColumn) least() int64 {
	rows := int64(c.rows)
	switch {
	case rows == 0:
		return 0
	case c.field.coded:
		return rows * int64(c.field.index.width)
	case c.field.layout == layoutBits:
		return (rows + 7) / 8
	case c.field.layout == layoutOffsets:
		return (rows + 1) * int64(c.field.width)
	}
	return rows * int64(c.field.width)
}

// buffer gives one buffer of a body, unpacked.
func (c *arrowColumn) buffer(b arrowBatch, body body, i, store int) ([]byte, error) {
	if 2*i+1 >= len(b.buffers) {
		return nil, errors.New("the message has fewer buffers than the schema")
	}
	from, size := b.buffers[2*i], b.buffers[2*i+1]
	if b.codec == codecNone || size == 0 {
		part, err := body.buffer(from, size, c.stores[store])
		c.keep(body, store, part)
		return part, err
	}
	packed, err := body.buffer(from, size, c.source.packed)
	if err != nil {
		return nil, err
	}
	if _, inFile := body.(*arrowFile); inFile {
		c.source.packed = packed
	}
	return c.unpack(b.codec, packed, store)
}

// keep remembers memory that belongs to the column, to use it again.
func (c *arrowColumn) keep(body body, store int, part []byte) {
	if _, inFile := body.(*arrowFile); inFile && part != nil {
		c.stores[store] = part
	}
}

// unpack unpacks a buffer, before which its size stands; -1 says that it is not
// packed after all.
func (c *arrowColumn) unpack(codec codec, packed []byte, store int) (part []byte, err error) {
	if len(packed) < 8 {
		return nil, errBuffer
	}
	size := int64(binary.LittleEndian.Uint64(packed))
	packed = packed[8:]
	if size == -1 {
		codec, size = codecNone, int64(len(packed))
	}
	if err := checkRatio(codec, int64(len(packed)), size); err != nil {
		return nil, err
	}
	if size > c.source.limits.largestBlock() {
		return nil, fmt.Errorf("a buffer of %d bytes, more than the limit of %d", size, c.source.limits.largestBlock())
	}
	if c.stores[store], err = c.source.budget.resize(c.stores[store], size); err != nil {
		return nil, err
	}
	return c.stores[store], c.source.unpackers.unpack(codec, c.stores[store], packed)
}

// window fills v with some rows of the record batch.
func (c *arrowColumn) window(v *Values, from, to int) error {
	n := to - from
	v.resize(n)
	v.High, v.Nanos = nil, nil
	hasNull := c.nulls(v, from, n)
	if c.field.coded {
		return c.look(v, from, to)
	}
	if err := c.values(v, from, n); err != nil {
		return err
	}
	if !hasNull {
		v.Null = nil
	}
	return c.finish(v)
}

// nulls says which rows are null.
func (c *arrowColumn) nulls(v *Values, from, n int) (hasNull bool) {
	c.null = grown(c.null, n)
	v.Null = c.null
	if c.valid == nil {
		for i := range v.Null {
			v.Null[i] = c.field.layout == layoutNull
		}
		return c.field.layout == layoutNull
	}
	for i := range v.Null {
		null := c.valid[(from+i)/8]>>((from+i)%8)&1 == 0
		v.Null[i] = null
		hasNull = hasNull || null
	}
	return hasNull
}

// values reads what is not null.
func (c *arrowColumn) values(v *Values, from, n int) error {
	switch c.field.layout {
	case layoutNull:
		clear(v.Text)
	case layoutBits:
		for i := range v.Int {
			v.Int[i] = int64(c.first[(from+i)/8] >> ((from + i) % 8) & 1)
		}
	case layoutInteger:
		return loadIntegers(v.Int, c.first[from*c.field.width:], c.field.width, c.field.unsigned)
	case layoutFloat:
		return loadFloats(v.Float, c.first[from*c.field.width:], c.field.width)
	case layoutDecimal:
		return c.decimals(v, from)
	default:
		for i := range n {
			if v.Null[i] {
				v.Text[i] = 0
				continue
			}
			b, err := c.bytes(from + i)
			if err != nil {
				return err
			}
			if v.Text[i], err = v.Dict.Intern(b); err != nil {
				return err
			}
		}
	}
	return nil
}

var errText = errors.New("a text lies beyond its buffer")

// bytes is the string of bytes of one row.
func (c *arrowColumn) bytes(row int) ([]byte, error) {
	var from, to uint64
	width := c.field.width
	switch {
	case c.field.layout == layoutFixed:
		return c.first[row*width : (row+1)*width], nil
	case c.field.layout == layoutViews:
		return c.view(c.first[row*width : (row+1)*width])
	case width == 4:
		from, to = uint64(binary.LittleEndian.Uint32(c.first[4*row:])), uint64(binary.LittleEndian.Uint32(c.first[4*row+4:]))
	default:
		from, to = binary.LittleEndian.Uint64(c.first[8*row:]), binary.LittleEndian.Uint64(c.first[8*row+8:])
	}
	if from > to || to > uint64(len(c.second)) {
		return nil, errText
	}
	return c.second[from:to], nil
}

// view follows a view: up to 12 bytes are in place, more lie in a buffer.
func (c *arrowColumn) view(v []byte) ([]byte, error) {
	size := uint64(binary.LittleEndian.Uint32(v))
	if size <= 12 {
		return v[4 : 4+size], nil
	}
	buffer, from := binary.LittleEndian.Uint32(v[8:]), uint64(binary.LittleEndian.Uint32(v[12:]))
	if int64(buffer) >= int64(len(c.more)) || from+size > uint64(len(c.more[buffer])) {
		return nil, errText
	}
	return c.more[buffer][from : from+size], nil
}

// decimals reads two's complements, the lowest byte first.
func (c *arrowColumn) decimals(v *Values, from int) error {
	width := c.field.width
	backwards := make([]byte, width)
	for i := range v.Int {
		if v.Null[i] {
			v.setWide(i, 0, 0)
			continue
		}
		b := c.first[(from+i)*width : (from+i+1)*width]
		for k, x := range b {
			backwards[width-1-k] = x
		}
		if err := takeNumber(v, i, backwards); err != nil {
			return err
		}
	}
	return nil
}

// finish turns units of time into what [Values] says.
func (c *arrowColumn) finish(v *Values) error {
	switch {
	case c.field.Kind == Moment || c.field.Kind == Clock:
		v.Nanos = split(v.Int, c.field.per)
	case c.field.millis:
		for i, n := range v.Int {
			v.Int[i] = floor(n, 86400e3)
		}
	case c.field.Kind == Decimal && c.field.unsigned:
		v.High = highUnsigned(v.Int)
	}
	return nil
}

// look takes values from the dictionary by their codes.
func (c *arrowColumn) look(v *Values, from, to int) error {
	d, n := c.codes, to-from
	c.indices = grown(c.indices, n)
	indices := c.indices
	if err := loadIntegers(indices, c.first[from*c.field.index.width:], c.field.index.width, c.field.index.unsigned); err != nil {
		return err
	}
	c.scratch = grown(c.scratch, n)
	hasNull := false
	for i, code := range indices {
		if !v.Null[i] && (code < 0 || code >= int64(d.rows)) {
			return errCode
		}
		if v.Null[i] = v.Null[i] || d.values.IsNull(int(code)); v.Null[i] {
			code, hasNull = 0, true
		}
		c.scratch[i] = uint32(code)
	}
	if !hasNull {
		v.Null = nil
	}
	if d.rows == 0 {
		return nil
	}
	return gather(v, 0, c.scratch, &d.values)
}

// extend reads the next rows of a dictionary behind those it has.
func (d *arrowDict) extend(rows int) error {
	if more := d.rows + rows - d.booked; more > 0 {
		if err := d.column.source.budget.take(64 * int64(more)); err != nil {
			return err
		}
		d.booked += more
	}
	part := Values{Column: d.values.Column, Dict: d.values.Dict}
	if err := d.column.window(&part, 0, rows); err != nil {
		return err
	}
	v := &d.values
	high, null, nanos := part.High != nil || v.High != nil && d.rows > 0, part.Null != nil || v.Null != nil && d.rows > 0, part.Nanos != nil || v.Nanos != nil && d.rows > 0
	old := *v
	v.High, v.Null, v.Nanos = nil, nil, nil
	if high {
		v.High = append(highOf(&old, d.rows), highOf(&part, rows)...)
	}
	if null {
		v.Null = append(orZero(old.Null, d.rows), orZero(part.Null, rows)...)
	}
	if nanos {
		v.Nanos = append(orZero(old.Nanos, d.rows), orZero(part.Nanos, rows)...)
	}
	v.Int = append(v.Int[:min(d.rows, len(v.Int))], part.Int...)
	v.Float = append(v.Float[:min(d.rows, len(v.Float))], part.Float...)
	v.Text = append(v.Text[:min(d.rows, len(v.Text))], part.Text...)
	d.rows += rows
	return nil
}

func orZero[T any](s []T, n int) []T {
	if s == nil {
		return make([]T, n)
	}
	return s[:n]
}

func highOf(v *Values, n int) []int64 {
	if v.High != nil {
		return v.High[:n]
	}
	high := make([]int64, n)
	extend(high, v.Int[:n])
	return high
}

var errWidth = errors.New("numbers of an unknown width")

// loadIntegers reads integers, the lowest byte first.
func loadIntegers(dst []int64, b []byte, width int, unsigned bool) error {
	switch {
	case width == 8:
		for i := range dst {
			dst[i] = int64(binary.LittleEndian.Uint64(b[8*i:]))
		}
	case width == 4 && unsigned:
		for i := range dst {
			dst[i] = int64(binary.LittleEndian.Uint32(b[4*i:]))
		}
	case width == 4:
		for i := range dst {
			dst[i] = int64(int32(binary.LittleEndian.Uint32(b[4*i:])))
		}
	case width == 2 && unsigned:
		for i := range dst {
			dst[i] = int64(binary.LittleEndian.Uint16(b[2*i:]))
		}
	case width == 2:
		for i := range dst {
			dst[i] = int64(int16(binary.LittleEndian.Uint16(b[2*i:])))
		}
	case width == 1 && unsigned:
		for i := range dst {
			dst[i] = int64(b[i])
		}
	case width == 1:
		for i := range dst {
			dst[i] = int64(int8(b[i]))
		}
	default:
		return errWidth
	}
	return nil
}

// loadFloats reads floats of 16 to 64 bits.
func loadFloats(dst []float64, b []byte, width int) error {
	switch width {
	case 2:
		for i := range dst {
			dst[i] = half(binary.LittleEndian.Uint16(b[2*i:]))
		}
	case 4:
		for i := range dst {
			dst[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:])))
		}
	case 8:
		for i := range dst {
			dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
		}
	default:
		return errWidth
	}
	return nil
}
