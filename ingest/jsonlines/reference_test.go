package jsonlines

import (
	"errors"
	"fmt"
)

// A reference reads as a [Reader] does, slowly: it takes every object apart with
// encoding/json and looks for the ends of elements byte by byte.
type reference struct{ *Reader }

func (r reference) Read() (row int, cells [][]byte, err error) {
	next := r.nextLine
	if r.array {
		next = r.nextElement
	}
	if row, err = next(); err != nil {
		return 0, nil, err
	}
	clear(r.cells)
	if err := r.careful(r.record); err != nil {
		var limit *limitError
		if errors.As(err, &limit) {
			return 0, nil, fmt.Errorf("line %d: %w", row, err)
		}
		return 0, nil, &Malformed{Row: row, Text: string(r.record[:min(len(r.record), longestText)]), Problem: err.Error()}
	}
	return row, r.cells, nil
}

func (r reference) nextElement() (row int, err error) {
	c, err := r.significant()
	if err != nil {
		return 0, err
	}
	if !r.begun {
		r.begun = true
		if c, err = r.significant(); err != nil {
			return 0, err
		}
	}
	if c == ',' {
		if c, err = r.significant(); err != nil {
			return 0, err
		}
	}
	if c == ']' {
		return 0, r.atEnd()
	}
	return r.element(c)
}

func (r reference) element(c byte) (row int, err error) {
	row = r.line
	r.record = r.record[:0]
	depth, quoted, escaped := 0, false, false
	for {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = c == '\\', c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			depth++
		case depth == 0 && (c == ',' || c == ']'):
			return row, r.src.UnreadByte()
		case c == '}' || c == ']':
			depth--
		}
		r.record = append(r.record, c)
		if len(r.record) > r.limits.Record {
			return 0, r.tooLong(row)
		}
		if c, err = r.read(); err != nil {
			return 0, err
		}
		depth = max(depth, 0)
	}
}
