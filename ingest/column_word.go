package ingest

import (
	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/outage"
)

// A columnWord is a field that a text or several make out.
type columnWord struct {
	field   field
	columns []int // columns read that it is of
	dict    *columnar.Dict
	known   []meaning // by code in dict
	null    meaning
}

// A meaning is what the careful reader makes of a word.
type meaning struct {
	ref    outage.Ref
	flags  outage.Flags
	nature outage.Nature
	state  meaningState
}

type meaningState uint8

const (
	meaningNew meaningState = iota
	meaningSure
	meaningOdd // a row with the word needs care
)

// wordFlags are the flags that come with words of a field.
var wordFlags = map[field]outage.Flags{fieldArea: outage.UnknownArea, fieldClass: outage.UnknownClass, fieldNature: outage.UnknownNature}

// follow keeps up with the dictionary of a batch.
func (w *columnWord) follow(b *columnar.Batch) {
	v := &b.Columns[w.columns[0]]
	if len(w.columns) > 1 || v.Dict == nil {
		return
	}
	if w.dict != v.Dict {
		w.dict, w.known = v.Dict, nil
	}
}

// of is the meaning of a code, perhaps a new one.
func (w *columnWord) of(code uint32) *meaning {
	if n := int(code) + 1 - len(w.known); n > 0 {
		w.known = append(w.known, make([]meaning, n)...)
	}
	return &w.known[code]
}

// look finds the meanings of the words of some rows.
func (w *columnWord) look(e *columnEvents, b *columnar.Batch, lo, hi int) {
	f := &e.found
	v, refs := &b.Columns[w.columns[0]], f.refs[w.field]
	flagged, isNature := wordFlags[w.field] != 0, w.field == fieldNature
	for i := range hi - lo {
		m := &w.null
		if w.dict != nil && !v.IsNull(lo+i) {
			m = w.of(v.Text[lo+i])
		}
		if m.state != meaningSure && !w.learned(m, e, b, lo+i) {
			f.care[i] = true
		}
		refs[i] = m.ref
		if flagged {
			f.flags[i] |= m.flags
		}
		if isNature {
			f.nature[i] = m.nature
		}
	}
}

// learned asks for a meaning that is not known, and keeps it where the words are
// coded; false where a row with the word needs care.
func (w *columnWord) learned(m *meaning, e *columnEvents, b *columnar.Batch, row int) bool {
	if m.state == meaningNew {
		*m = e.learn(w, b, row)
	}
	sure := m.state == meaningSure
	if w.dict == nil {
		m.state = meaningNew
	}
	return sure
}

// meaningOf takes the meaning of a field out of a record.
func meaningOf(f field, rec *record) meaning {
	m := meaning{state: meaningSure, flags: rec.flags & wordFlags[f]}
	switch f {
	case fieldSource:
		m.ref = rec.source
	case fieldFeeder:
		m.ref = rec.feeder
	case fieldUnit:
		m.ref = rec.unit
	case fieldStage:
		m.ref = rec.stage
	case fieldCause:
		m.ref = rec.cause
	case fieldTechnicalCause:
		m.ref = rec.technical
	case fieldArea:
		m.ref = rec.area
	case fieldClass:
		m.ref = rec.class
	case fieldNature:
		m.nature = rec.nature
	}
	return m
}

// someID stands for the id of a row of which the words alone matter.
var someID = []byte("x")

// alone reads a row in which only the id is filled and the cells that fill
// writes. The careful reader must find nothing amiss but that the start is
// missing, before which it has read all words.
func (e *columnEvents) alone(fill func(cells [][]byte) bool) (*record, bool) {
	clear(e.example)
	for _, i := range e.id {
		e.example[e.table.places[i]] = someID
	}
	if !fill(e.example) {
		return nil, false
	}
	reason, f := e.taker.read(0, e.example)
	return &e.taker.rec, reason == outage.MissingValue && f == fieldStart
}

// learn asks the careful reader for the meaning of the word of a row: of that
// alone where it lies in one column, else of a row that has nothing else.
func (e *columnEvents) learn(w *columnWord, b *columnar.Batch, row int) meaning {
	if p := &e.taker.layout.places[w.field]; len(w.columns) == 1 && p.one >= 0 {
		e.text = e.text[:0]
		cell, whole := e.cell(&b.Columns[w.columns[0]], row)
		if !whole {
			return meaning{state: meaningOdd}
		}
		s := e.taker.careful(w.field, e.taker.layout.value(p, trim(cell)))
		return meaning{ref: s.ref, flags: s.flags, nature: s.nature, state: meaningSure}
	}
	rec, sure := e.alone(func(cells [][]byte) bool {
		e.text = e.text[:0]
		for _, i := range w.columns {
			cell, whole := e.cell(&b.Columns[i], row)
			if !whole {
				return false
			}
			cells[e.table.places[i]] = cell
		}
		return true
	})
	if !sure {
		return meaning{state: meaningOdd}
	}
	return meaningOf(w.field, rec)
}
