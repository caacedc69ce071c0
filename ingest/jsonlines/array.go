package jsonlines

import (
	"bytes"
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
	return r.element()
}

// element reads the element whose first byte was the last one read, up to the
// comma or bracket behind it, which it leaves.
func (r *Reader) element() (row int, err error) {
	row = r.line
	r.record = r.record[:0]
	if err := r.src.UnreadByte(); err != nil {
		return 0, err
	}
	for s := (span{}); ; {
		part, err := r.buffered()
		if err != nil {
			return 0, r.breaksOff(err)
		}
		n, ended := s.add(part)
		r.record = append(r.record, part[:n]...)
		if len(r.record) > r.limits.Record {
			return 0, r.tooLong(row)
		}
		r.line += bytes.Count(part[:n], []byte{'\n'})
		if _, err := r.src.Discard(n); err != nil || ended {
			return row, err
		}
	}
}

// buffered is what the buffer holds, at least one byte.
func (r *Reader) buffered() ([]byte, error) {
	if _, err := r.src.Peek(1); err != nil {
		return nil, err
	}
	return r.src.Peek(r.src.Buffered())
}

// A span looks for the end of an element.
type span struct {
	depth           int
	quoted, escaped bool
}

// add goes on with the next bytes of the text and says how many of them belong
// to the element and whether it ends behind them.
func (s *span) add(part []byte) (n int, ended bool) {
	for i := 0; i < len(part); i++ {
		switch c := part[i]; {
		case s.escaped:
			s.escaped = false
		case s.quoted:
			if i = plain(part, i); i < len(part) {
				s.escaped, s.quoted = part[i] == '\\', part[i] != '"'
			}
		case c == '"':
			s.quoted = true
		case c == '{' || c == '[':
			s.depth++
		case s.depth == 0 && (c == ',' || c == ']'):
			return i, true
		case c == '}' || c == ']':
			s.depth = max(s.depth-1, 0)
		}
	}
	return len(part), false
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
	if err != nil {
		return 0, r.breaksOff(err)
	}
	if c == '\n' {
		r.line++
	}
	return c, nil
}

// breaksOff is the error of an array behind which there is no more to read.
func (r *Reader) breaksOff(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("line %d: the array breaks off: %w", r.line, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("read line %d: %w", r.line, err)
}
