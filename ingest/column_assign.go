package ingest

import (
	"slices"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// wordFields are the fields that the careful reader makes out of their texts
// alone, and of which no text is wrong.
var wordFields = []field{
	fieldSource, fieldFeeder, fieldUnit, fieldStage, fieldArea, fieldClass, fieldNature, fieldCause, fieldTechnicalCause,
}

// assign says for each field what reads it; false where all rows need care.
func (e *columnEvents) assign(columns []columnar.Column) bool {
	l := e.taker.layout
	if l.zoneColumn >= 0 || l.isEmptyNumber() {
		return false
	}
	for f := range fieldCount {
		if f == fieldEventID || f == fieldFeederName || !eventRows.has(f) {
			continue
		}
		if p := &l.places[f]; p.bound && !e.place(f, p, columns) {
			return false
		}
	}
	return e.times[0].bound
}

// place assigns one field; false where all rows need care.
func (e *columnEvents) place(f field, p *place, columns []columnar.Column) bool {
	if slices.Contains(wordFields, f) {
		if p.constant == nil {
			e.word(f, p)
		}
		return true
	}
	if p.one < 0 || p.table != nil {
		return false
	}
	i, column := e.table.at(p.one), columns[p.one]
	limit, isNumber := largest(f, column)
	switch {
	case f == fieldStart:
		e.times[0] = columnTime{bound: true, at: i}
		return column.Kind == columnar.Moment
	case f == fieldEnd:
		e.times[1] = columnTime{bound: true, at: i}
		return column.Kind == columnar.Moment
	case isNumber:
		e.numbers = append(e.numbers, columnNumber{f, i, limit})
		if f == fieldServed || f == fieldCapacity {
			e.found.rare = append(e.found.rare, f)
		}
	default:
		e.odd = append(e.odd, i)
	}
	return true
}

func (e *columnEvents) word(f field, p *place) {
	w := columnWord{field: f}
	for _, i := range p.columns() {
		w.columns = append(w.columns, e.table.at(i))
	}
	e.words = append(e.words, w)
	e.found.wordly |= wordFlags[f]
}

// isEmptyNumber says whether a word that stands for nothing may be the text of
// a number, a time or a bool.
func (l *layout) isEmptyNumber() bool {
	for word := range l.empty {
		if word == "true" || word == "false" || slices.ContainsFunc([]byte(word), func(c byte) bool { return c >= '0' && c <= '9' }) {
			return true
		}
	}
	return false
}

// A columnNumber is a field that is a number without a fraction.
type columnNumber struct {
	field field
	at    int // the column read
	limit int64
}

// exactly is how large integers may be that are read digit by digit.
const exactly = 1e15 - 1

// largest is the largest number that a field can have without a doubt; ok is
// false where the column holds no integers.
func largest(f field, c columnar.Column) (limit int64, ok bool) {
	switch {
	case f == fieldCancelled:
		return 0, c.Kind == columnar.Bool
	case c.Kind != columnar.Integer:
		return 0, false
	case f == fieldCustomers, f == fieldServed:
		return outage.MaxCustomers, true
	case f == fieldRevision, f == fieldCapacity:
		return exactly, true
	}
	return 0, false
}

// look reads the numbers of some rows.
func (n columnNumber) look(f *columnFound, b *columnar.Batch, lo, hi int) {
	v, ints := &b.Columns[n.at], f.ints[n.field]
	for i, value := range v.Int[lo:hi] {
		switch {
		case v.IsNull(lo + i):
			value = n.missing()
		case value < 0 || value > n.limit:
			f.care[i] = true
		}
		if ints != nil {
			ints[i] = value
		}
	}
}

// missing is what stands for a number that is not given.
func (n columnNumber) missing() int64 {
	if n.field == fieldCustomers || n.field == fieldServed {
		return outage.Missing
	}
	return 0
}
