package columnar

// Kind is what the values of a column are.
type Kind uint8

// The kinds of values.
const (
	Text    Kind = iota + 1 // any text; binary columns without a type, too, because old writers store text in them
	Integer                 // up to 64 bits, signed
	Float                   // 16, 32 or 64 bits
	Decimal                 // exact, with a fixed number of digits behind the point; unsigned 64-bit integers, too
	Moment                  // an instant or a wall-clock time with its date
	Date                    // a day
	Clock                   // a time of day without a date
	Bool
)

// String names the kind.
func (k Kind) String() string {
	names := [...]string{"unknown", "text", "integer", "float", "decimal", "moment", "date", "clock", "bool"}
	if int(k) < len(names) {
		return names[k]
	}
	return names[0]
}

// A Column describes one column of a file.
type Column struct {
	Name      string
	Kind      Kind
	HasZone   bool  // a Moment counted in UTC; without, it is what a wall clock showed
	Single    bool  // a Float of at most 32 bits, whose shortest text has fewer digits
	Precision int32 // digits of a Decimal
	Scale     int32 // digits of a Decimal behind the point; below 0 where there are zeros before it
}

// largestBatch is the most rows in a batch.
const largestBatch = 64 << 10

// A Batch is some rows of the selected columns, at most 65 536.
type Batch struct {
	Rows    int
	Columns []Values // in the order of Select
}

// Values are the values of one column in one batch. What stands in the place of
// a null is of no meaning.
type Values struct {
	Column
	Null  []bool    // nil where none is null
	Int   []int64   // Integer; Bool as 0 and 1; Moment in seconds since 1970, in UTC or by the wall clock; Date in days since 1970-01-01; Clock in seconds since midnight; Decimal without its point
	High  []int64   // the upper 64 bits of a Decimal whose lower ones are in Int; nil where Int alone says it, with its sign
	Nanos []int32   // the fraction of a second of a Moment or Clock, 0 to 999 999 999; nil where none has one
	Float []float64 // Float
	Text  []uint32  // codes of Text in Dict
	Dict  *Dict     // the texts of the column, which grow while the file is read; another one only where there are too many
	Spans []Span    // where the texts of a Text column lie in Bytes, if they are not coded; else nil, as Dict is with them
	Bytes []byte    // texts end to end
}

// A Span is a part of [Values.Bytes].
type Span struct{ From, To uint32 }

// Plain is a text that is not coded, valid until the next batch.
func (v *Values) Plain(row int) []byte {
	s := v.Spans[row]
	return v.Bytes[s.From:s.To:s.To]
}

// IsNull says whether a row has no value.
func (v *Values) IsNull(row int) bool { return v.Null != nil && v.Null[row] }

// resize gives all the slices that the kind of the column uses n rows. The
// content is not kept.
func (v *Values) resize(n int) {
	switch v.Kind {
	case Text:
		if v.Dict == nil {
			v.Spans, v.Bytes = grown(v.Spans, n), v.Bytes[:0]
			return
		}
		v.Text = grown(v.Text, n)
	case Float:
		v.Float = grown(v.Float, n)
	default:
		v.Int = grown(v.Int, n)
	}
}

// grown is a slice of n values, the old one where that is large enough.
func grown[T any](s []T, n int) []T {
	if n <= cap(s) {
		return s[:n]
	}
	return make([]T, n, max(n, min(2*n, largestBatch)))
}
