package jsonlines

import (
	"errors"
	"fmt"
	"io"
)

// nextElement puts the next element of the array into record, as text; whether
// it is an object, and well formed, is seen later.
func (r *Reader) nextElement() (row int, err error) {
	c, err := r.significant()
	if err != nil {
		return 0, err
	}
	if !r.begun {
		r.begun = true
		if c, err = r.significant(); err != nil { // behind the bracket
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

// element reads the element that begins with c, up to the comma or bracket
// behind it, which it leaves.
func (r *Reader) element(c byte) (row int, err error) {
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

// atEnd checks that nothing follows the array.
func (r *Reader) atEnd() error {
	for {
		c, err := r.src.ReadByte()
		if err != nil {
			return err
		}
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return fmt.Errorf("line %d: text behind the end of the array", r.line)
		}
	}
}

// significant is the next byte that is not space.
func (r *Reader) significant() (byte, error) {
	for {
		c, err := r.read()
		if err != nil || c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c, err
		}
	}
}

// read is the next byte; the array has not ended, so there must be one.
func (r *Reader) read() (byte, error) {
	c, err := r.src.ReadByte()
	switch {
	case errors.Is(err, io.EOF):
		return 0, fmt.Errorf("line %d: the array breaks off: %w", r.line, io.ErrUnexpectedEOF)
	case err != nil:
		return 0, fmt.Errorf("read line %d: %w", r.line, err)
	case c == '\n':
		r.line++
	}
	return c, nil
}
