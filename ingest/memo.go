package ingest

import (
	"bytes"

	"github.com/saidi-exporter/saidi/outage"
)

// A sense is what a cell stands for: the reference of a text, or a nature, and
// a flag if its word is unknown.
type sense struct {
	ref    outage.Ref
	flags  outage.Flags
	nature outage.Nature
}

// A memory is what is known of the cells of one field, whose meaning depends on
// nothing but their bytes as long as the layout is the same.
type memory struct {
	column int          // of the field's cells; -1 where they are several or none
	fixed  bool         // every row means the same
	same   sense        // which is this, and that of an empty cell
	trail  outage.Trail // through the texts of the field
	cell   []byte       // the last one, where the field often has the same again
	mean   sense        // of that cell

	// Where a word or the mapping's table lies between a cell and its meaning,
	// the cells that were met and their meanings, by reference.
	wordy bool
	known *outage.Dict
	means []sense
	path  outage.Trail // through the cells
}

const (
	// longestKnown is the length in bytes of the longest cell that is kept:
	// longer texts rarely recur.
	longestKnown = 64
	// mostKnown is how many cells of a field are kept. Those that are met first
	// when so many are known are read with care each time.
	mostKnown = 1_000_000
)

// remembered are the fields whose cells recur.
var remembered = [...]field{
	fieldSource, fieldFeeder, fieldUnit, fieldStage, fieldArea, fieldClass, fieldNature, fieldCause, fieldTechnicalCause,
}

// forget begins the memories of a layout anew.
func (r *eventReader) forget() {
	r.idKnown = false
	r.times.forget(r.layout)
	for _, f := range remembered {
		p, m := &r.layout.places[f], &r.memories[f]
		*m = memory{column: -1, trail: outage.NewTrail(r.dict)}
		switch {
		case !p.bound || p.constant != nil:
			m.fixed, m.same = true, r.careful(f, r.layout.text(f, nil))
		case p.one >= 0:
			m.column, m.same = p.one, r.careful(f, r.layout.value(p, nil))
			m.wordy = p.table != nil || r.sheets || f == fieldArea || f == fieldClass || f == fieldNature
		}
	}
}

// recall gives the meaning of a field in a row.
func (r *eventReader) recall(f field, cells [][]byte) sense {
	m := &r.memories[f]
	if m.column < 0 {
		if m.fixed {
			return m.same
		}
		return r.careful(f, r.layout.text(f, cells))
	}
	cell := cells[m.column]
	switch {
	case len(cell) == 0:
		return m.same
	case m.trail.Stays() && bytes.Equal(cell, m.cell):
		return m.mean
	}
	mean := r.look(f, m, cell)
	if m.trail.Stays() {
		m.cell, m.mean = append(m.cell[:0], cell...), mean
	}
	return mean
}

// look gives the meaning of a cell that is not empty.
func (r *eventReader) look(f field, m *memory, cell []byte) sense {
	if m.wordy {
		return r.learn(f, m, cell)
	}
	return r.careful(f, r.layout.value(&r.layout.places[f], trim(cell)))
}

// learn gives the meaning of a cell that is not empty, and keeps it if there is
// room.
func (r *eventReader) learn(f field, m *memory, cell []byte) sense {
	if m.known == nil {
		m.known, m.means = outage.NewDict(), append(m.means[:0], m.same)
		m.path = outage.NewTrail(m.known)
	}
	if len(cell) > longestKnown {
		return r.careful(f, r.layout.value(&r.layout.places[f], trim(cell)))
	}
	ref, ok := m.path.Known(cell)
	if ok {
		return m.means[ref]
	}
	mean := r.careful(f, r.layout.value(&r.layout.places[f], trim(cell)))
	if len(m.means) < r.room {
		m.path.Intern(cell)
		m.means = append(m.means, mean)
	}
	return mean
}

// careful gives the meaning of a field whose text has gone through the mapping's
// table; nil is none.
func (r *eventReader) careful(f field, text []byte) sense {
	switch f {
	case fieldSource:
		if text == nil {
			return sense{ref: r.source}
		}
	case fieldFeeder, fieldUnit:
		text = r.plain(text)
	case fieldStage:
		text = plainID(text)
	case fieldArea:
		return r.words.area(text)
	case fieldClass:
		return r.words.class(text)
	case fieldNature:
		return r.words.nature(text)
	}
	if len(text) == 0 {
		return sense{}
	}
	return sense{ref: r.memories[f].trail.Intern(text)}
}
