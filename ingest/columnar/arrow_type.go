package columnar

import (
	"errors"
	"fmt"
)

// An arrowField is how a column lies in the messages of Arrow.
type arrowField struct {
	Column
	layout   layout
	width    int   // bytes of a value, of an offset, or of a code
	per      int64 // units in a second of a Moment or Clock
	unsigned bool
	millis   bool // a Date counted in milliseconds

	coded bool  // the values are codes into a dictionary
	id    int64 // of the dictionary
	index arrowIndex

	// What the column, with those nested in it, takes of a message.
	nodes, buffers, views int
}

// arrowIndex is the type of the codes into a dictionary.
type arrowIndex struct {
	width    int
	unsigned bool
}

// layout is what the buffers of a column hold.
type layout uint8

const (
	layoutNone    layout = iota // not to be read
	layoutNull                  // nothing
	layoutBits                  // bools
	layoutInteger               //
	layoutFloat
	layoutDecimal
	layoutFixed   // strings of bytes of one length
	layoutOffsets // offsets and strings of bytes
	layoutViews   // short strings in place, long ones elsewhere
)

// The types of Arrow, as its messages number them.
const (
	typeNull = iota + 1
	typeInt
	typeFloat
	typeBinary
	typeText
	typeBool
	typeDecimal
	typeDate
	typeTime
	typeTimestamp
	typeInterval
	typeList
	typeStruct
	typeUnion
	typeFixed
	typeFixedList
	typeMap
	typeDuration
	typeLargeBinary
	typeLargeText
	typeLargeList
	typeRuns
	typeBinaryView
	typeTextView
	typeListView
	typeLargeListView
)

// An arrowSchema counts the fields it has met, so that no message makes it
// walk for ever.
type arrowSchema struct {
	limits Limits
	seen   int
}

// fields reads the top of a schema.
func (s *arrowSchema) fields(schema table) ([]arrowField, error) {
	if schema.short(0, 0) != 0 {
		return nil, errors.New("the bytes of numbers are in big-endian order")
	}
	tables, err := schema.tables(1)
	if err != nil {
		return nil, err
	}
	if len(tables) > s.limits.Columns {
		return nil, fmt.Errorf("%d columns, more than the limit of %d", len(tables), s.limits.Columns)
	}
	fields := make([]arrowField, len(tables))
	for i, t := range tables {
		if fields[i], err = s.field(t, 0); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// field reads a field and counts what those nested in it take.
func (s *arrowSchema) field(t table, depth int) (f arrowField, err error) {
	if s.seen++; depth > deepest || s.seen > 16*s.limits.Columns {
		return f, errors.New("the schema is nested too deep or has too many fields")
	}
	if f.Name, err = t.text(0); err != nil {
		return f, err
	}
	kind := int(t.byte(2))
	of, ok := t.table(3)
	if !ok {
		return f, fmt.Errorf("the field %q has no type", f.Name)
	}
	f.take(kind, of)
	if f.Kind == Moment {
		zone, err := of.text(1)
		if err != nil {
			return f, err
		}
		f.HasZone = zone != ""
	}
	if dictionary, ok := t.table(4); ok {
		f.takeDictionary(dictionary)
		return f, nil
	}
	f.nodes, f.buffers = 1, buffersOf(kind, of)
	if kind == typeBinaryView || kind == typeTextView {
		f.views = 1
	}
	children, err := t.tables(5)
	if err != nil {
		return f, err
	}
	for _, child := range children {
		c, err := s.field(child, depth+1)
		if err != nil {
			return f, err
		}
		f.nodes, f.buffers, f.views = f.nodes+c.nodes, f.buffers+c.buffers, f.views+c.views
	}
	return f, nil
}

// takeDictionary makes a field one of codes, which take two buffers.
func (f *arrowField) takeDictionary(t table) {
	f.coded, f.id = true, t.long(0)
	f.index = arrowIndex{width: 4}
	if of, ok := t.table(1); ok {
		f.index = arrowIndex{width: int(of.int(0, 0)) / 8, unsigned: of.byte(1) == 0}
	}
	f.nodes, f.buffers = 1, 2
}

// buffersOf is how many buffers a type has itself, views of text without those
// that hold long ones.
func buffersOf(kind int, of table) int {
	switch kind {
	case typeNull, typeRuns:
		return 0
	case typeStruct, typeFixedList:
		return 1
	case typeUnion:
		return 1 + int(of.short(0, 0))
	case typeBinary, typeText, typeLargeBinary, typeLargeText, typeListView, typeLargeListView:
		return 3
	}
	return 2
}

// take reads the type of a flat field; others stay without a layout.
func (f *arrowField) take(kind int, of table) {
	switch kind {
	case typeNull:
		f.Kind, f.layout = Text, layoutNull
	case typeBool:
		f.Kind, f.layout = Bool, layoutBits
	case typeInt:
		f.takeInteger(int(of.int(0, 0)), of.byte(1) == 0)
	case typeFloat:
		f.Kind, f.layout, f.width = Float, layoutFloat, 2<<of.short(0, 0)
		f.Single = f.width < 8
	case typeDecimal:
		f.takeDecimal(of)
	case typeDate:
		f.Kind, f.layout, f.width = Date, layoutInteger, 4
		if f.millis = of.short(0, 1) == 1; f.millis {
			f.width = 8
		}
	case typeTime:
		f.Kind, f.layout, f.width, f.per = Clock, layoutInteger, int(of.int(1, 32))/8, perUnit(of.short(0, 1))
	case typeTimestamp:
		f.Kind, f.layout, f.width, f.per = Moment, layoutInteger, 8, perUnit(of.short(0, 0))
	case typeText, typeBinary:
		f.Kind, f.layout, f.width = Text, layoutOffsets, 4
	case typeLargeText, typeLargeBinary:
		f.Kind, f.layout, f.width = Text, layoutOffsets, 8
	case typeTextView, typeBinaryView:
		f.Kind, f.layout, f.width = Text, layoutViews, 16
	case typeFixed:
		f.Kind, f.layout, f.width = Text, layoutFixed, int(of.int(0, 0))
	}
	if f.width < 0 || f.width > 1<<20 || f.width == 0 && f.layout >= layoutInteger {
		f.layout = layoutNone
	}
}

// takeInteger makes decimals of unsigned integers that may be larger than
// signed ones can be.
func (f *arrowField) takeInteger(bits int, unsigned bool) {
	f.Kind, f.layout, f.width, f.unsigned = Integer, layoutInteger, bits/8, unsigned
	if unsigned && bits == 64 {
		f.Kind, f.Precision = Decimal, 20
	}
}

func (f *arrowField) takeDecimal(of table) {
	bits := of.int(2, 128)
	f.Kind, f.layout, f.width = Decimal, layoutDecimal, int(bits)/8
	f.Precision, f.Scale = of.int(0, 0), of.int(1, 0)
	if bits < 32 || bits > 256 || bits%32 != 0 || f.Scale < -1000 || f.Scale > 1000 {
		f.layout = layoutNone
	}
}

// perUnit is how many units of time make a second.
func perUnit(u int16) int64 {
	switch u {
	case 0:
		return 1
	case 1:
		return 1e3
	case 2:
		return 1e6
	}
	return 1e9
}
