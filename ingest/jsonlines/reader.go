// Package jsonlines takes JSON objects, one a line or in one array, apart into
// rows of cells. A key is a column; columns join as their keys are first seen.
//
// Strings come decoded, numbers, true and false as they are written, null as an
// empty cell, arrays as their JSON text; nested objects are left out. Of a key
// that an object holds twice the last one counts.
package jsonlines

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Limits bounds what a hostile or broken file can cost.
type Limits struct {
	Record  int // bytes in one object
	Columns int // different keys in the file
}

// Malformed is a line or element that is not one object; reading goes on behind
// it.
type Malformed struct {
	Row     int    // the line on which it begins, from 1
	Text    string // its beginning
	Problem string
}

// Error says where and what.
func (m *Malformed) Error() string { return fmt.Sprintf("line %d: %s", m.Row, m.Problem) }

// longestText is how many bytes of a malformed line are kept.
const longestText = 200

// A Reader gives the objects of a text as rows. Its memory is reused: a row is
// valid until the next one is read.
type Reader struct {
	src    *bufio.Reader
	limits Limits
	array  bool
	begun  bool // the array's opening bracket is read
	line   int  // of the next byte, from 1
	record []byte

	columns map[string]int
	keys    []string
	cells   [][]byte
	members []member // of the last object that the scan took apart
	decoded []byte   // its strings that do not stand in the record as they are
}

// NewReader reads src, which holds one object a line or, with array, one array
// of objects.
func NewReader(src io.Reader, array bool, limits Limits) *Reader {
	return &Reader{src: bufio.NewReaderSize(src, 1<<16), array: array, limits: limits, line: 1, columns: map[string]int{}}
}

// Keys are the columns so far, in the order of their first appearance; the
// slice only ever grows.
func (r *Reader) Keys() []string { return r.keys }

// Read gives the next object: cells by the columns so far, nil where the object
// has none, and the line on which it begins. The error is [io.EOF] at the end, a
// [*Malformed] for what is not an object, after which reading goes on, and
// anything else for a stream that is broken or beyond the limits.
func (r *Reader) Read() (row int, cells [][]byte, err error) {
	next := r.nextLine
	if r.array {
		next = r.nextElement
	}
	row, err = next()
	if err != nil {
		return 0, nil, err
	}
	if err := r.take(r.record); err != nil {
		var limit *limitError
		if errors.As(err, &limit) {
			return 0, nil, fmt.Errorf("line %d: %w", row, err)
		}
		return 0, nil, &Malformed{Row: row, Text: string(r.record[:min(len(r.record), longestText)]), Problem: err.Error()}
	}
	return row, r.cells, nil
}

// nextLine puts the next line that is not blank into record.
func (r *Reader) nextLine() (row int, err error) {
	for {
		r.record = r.record[:0]
		row = r.line
		err := r.readLine()
		r.record = bytes.TrimSpace(r.record)
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return 0, err
		case len(r.record) > 0:
			return row, nil
		case err != nil:
			return 0, io.EOF
		}
	}
}

func (r *Reader) readLine() error {
	for {
		part, err := r.src.ReadSlice('\n')
		r.record = append(r.record, part...)
		if len(r.record) > r.limits.Record+2 {
			return r.tooLong(r.line)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		r.line++
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read line %d: %w", r.line-1, err)
		}
		return err
	}
}

func (r *Reader) tooLong(line int) error {
	return fmt.Errorf("the record on line %d is longer than the limit of %d bytes", line, r.limits.Record)
}
