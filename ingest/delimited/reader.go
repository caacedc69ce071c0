// Package delimited takes text with delimited fields (CSV, TSV) apart into rows
// of cells, following RFC 4180: fields may stand in quotes, a doubled quote is
// a quote, and inside quotes delimiters and line ends are text. A quote in the
// middle of an unquoted field is text too. Lines end with LF, CRLF or CR.
//
// It takes nothing for granted about the text's meaning: headers, totals and
// the number of fields are the caller's business.
package delimited

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Limits bounds what a hostile or broken file can cost.
type Limits struct {
	Record  int // bytes in one record, its line end apart
	Columns int // fields in one record
}

// Malformed is a record that cannot be taken apart. The reader goes on with the
// line after the one on which the record begins.
type Malformed struct {
	Row     int    // the line on which the record begins, from 1
	Text    string // that line, cut where it is long
	Problem string // what is wrong with it
}

// Error says where and what.
func (m *Malformed) Error() string { return fmt.Sprintf("line %d: %s", m.Row, m.Problem) }

const (
	firstBuffer = 1 << 20
	leastChunk  = 1 << 16 // bytes that are read at a time, at least
	longestText = 200     // bytes of a malformed line that are kept
)

// A Reader gives the records of a text. Its buffer is reused: a record is valid
// until the next one is read.
type Reader struct {
	src    io.Reader
	buf    []byte
	start  int // where the record begins
	next   int // where the one after it begins
	end    int // of what was read into buf
	eof    bool
	broken error // of src, once what came before it is read
	line   int   // of the record's first line, from 1
	inside int   // line ends inside the record's quotes
	limits Limits
	chunk  int // bytes to read at a time, at least

	special [256]bool // bytes that end an unquoted field
	comma   byte
	cells   [][]byte
	doubled []int // the cells that hold doubled quotes
}

// NewReader reads src, whose fields are told apart by comma.
func NewReader(src io.Reader, comma byte, limits Limits) *Reader {
	r := &Reader{src: src, buf: make([]byte, firstBuffer), line: 1, limits: limits, chunk: leastChunk, comma: comma}
	r.special[comma], r.special['\n'], r.special['\r'] = true, true, true
	return r
}

// Read gives the next record that is not a blank line, with the line on which
// it begins. The error is [io.EOF] at the end, a [*Malformed] for a record that
// cannot be taken apart, after which reading goes on, and anything else for a
// stream that is broken or beyond the limits.
func (r *Reader) Read() (row int, cells [][]byte, err error) {
	for {
		if r.start == r.end && r.eof {
			return 0, nil, io.EOF
		}
		switch r.scan() {
		case complete:
			if row, ok, err := r.accept(); ok || err != nil {
				return row, r.cells, err
			}
		case incomplete:
			if err := r.fill(); err != nil {
				return 0, nil, err
			}
		case unclosed:
			return 0, nil, r.skipLine("an opening quote is never closed")
		case garbage:
			if ok, err := r.tryRecover("text behind a closing quote"); ok {
				return 0, nil, err
			}
			if err := r.fill(); err != nil {
				return 0, nil, err
			}
		}
	}
}

// accept moves past the record; a blank line is not a row.
func (r *Reader) accept() (row int, ok bool, err error) {
	row = r.line
	if r.next-r.start > r.limits.Record+2 {
		return 0, false, r.tooLong()
	}
	if len(r.cells) > r.limits.Columns {
		return 0, false, fmt.Errorf("line %d has %d columns, more than the limit of %d", row, len(r.cells), r.limits.Columns)
	}
	blank := len(r.cells) == 1 && len(r.cells[0]) == 0
	r.unescape()
	r.line += 1 + r.inside
	r.start = r.next
	return row, !blank, nil
}

// unescape turns doubled quotes into quotes, in place.
func (r *Reader) unescape() {
	for _, i := range r.doubled {
		cell := r.cells[i]
		to := 0
		for from := 0; from < len(cell); from++ {
			cell[to] = cell[from]
			to++
			if cell[from] == '"' {
				from++
			}
		}
		r.cells[i] = cell[:to]
	}
}

// fill reads more behind what is left of the buffer, which it first moves to
// the front, or enlarges up to the limit.
func (r *Reader) fill() error {
	if r.broken != nil {
		return fmt.Errorf("read from line %d on: %w", r.line, r.broken)
	}
	r.toFront()
	if r.end == len(r.buf) {
		if r.end > r.limits.Record+2 {
			return r.overflow()
		}
		r.buf = append(r.buf, make([]byte, len(r.buf))...)
	}
	r.more(max(r.chunk, r.end&^(leastChunk-1)))
	return nil
}

// toFront moves what is left of the buffer to its front.
func (r *Reader) toFront() {
	if r.start > 0 {
		copy(r.buf, r.buf[r.start:r.end])
		r.end -= r.start
		r.start = 0
	}
}

// more reads at least so many bytes, if the buffer has room for them. It asks for
// as many again as an unfinished record already has, so that scanning the record
// anew stays linear in its length.
func (r *Reader) more(least int) {
	for want := min(r.end+least, len(r.buf)); r.end < want && !r.eof && r.broken == nil; {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		switch {
		case errors.Is(err, io.EOF):
			r.eof = true
		case err != nil:
			r.broken = err
		}
	}
}

// overflow is a record beyond the limit. If its first line ends within it, an
// opening quote was never closed and only that line is lost.
func (r *Reader) overflow() error {
	if bytes.ContainsAny(r.buf[r.start:r.end], "\r\n") {
		return r.skipLine("an opening quote is not closed within the length a record may have")
	}
	return r.tooLong()
}

func (r *Reader) tooLong() error {
	return fmt.Errorf("the record on line %d is longer than the limit of %d bytes", r.line, r.limits.Record)
}

// tryRecover skips the record's first line if the buffer holds its end.
func (r *Reader) tryRecover(problem string) (bool, error) {
	if !r.eof && !bytes.ContainsAny(r.buf[r.start:max(r.start, r.end-1)], "\r\n") {
		return false, nil
	}
	return true, r.skipLine(problem)
}

// skipLine moves past the record's first line, which is malformed.
func (r *Reader) skipLine(problem string) error {
	rest := r.buf[r.start:r.end]
	length := bytes.IndexAny(rest, "\r\n")
	if length < 0 {
		length = len(rest)
	}
	m := &Malformed{Row: r.line, Text: string(rest[:min(length, longestText)]), Problem: problem}
	r.start += min(length+lineEnd(rest[length:]), len(rest))
	r.line++
	return m
}

// lineEnd is the number of bytes of the line end at the front of text.
func lineEnd(text []byte) int {
	if bytes.HasPrefix(text, []byte("\r\n")) {
		return 2
	}
	return 1
}
