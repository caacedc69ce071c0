package delimited

import "bytes"

// A Portion is a run of whole records of a text.
type Portion struct {
	Text []byte
	Line int // of the first record, from 1
}

// Ahead says whether at least so many bytes are left behind the last record
// that Read gave, and reads them if the buffer has room for them.
func (r *Reader) Ahead(bytes int) bool {
	r.ready(bytes)
	return r.end-r.start >= bytes
}

// Portion gives about size bytes of the records that follow, not taken apart, and
// goes on behind them; another Reader takes them apart with [Reader.Take] just as
// this one would. Where it is not ok, nothing has happened, and the next record is
// for Read: it is long, or cannot be taken apart, or there is none.
//
// The text is the caller's. The reader needs other memory in its place, which may
// be the text of an earlier portion that is needed no more.
func (r *Reader) Portion(size int, spare []byte) (p Portion, ok bool) {
	r.ready(size)
	to, lines := r.records(min(r.start+size, r.end))
	if to == r.start {
		return Portion{}, false
	}
	p = Portion{Text: r.buf[r.start:to], Line: r.line}
	if spare = spare[:cap(spare)]; len(spare) < len(r.buf) {
		spare = make([]byte, len(r.buf))
	}
	rest := r.buf[to:r.end]
	r.buf = spare[:len(r.buf)]
	r.start, r.end = 0, copy(r.buf, rest)
	r.line += lines
	return p, true
}

// Helper is a reader of portions of r's text: it has none before [Reader.Take]
// gives it one.
func (r *Reader) Helper() *Reader {
	return &Reader{eof: true, limits: r.limits, special: r.special, comma: r.comma}
}

// Take makes a helper read a portion. What it has read before is no longer valid.
func (r *Reader) Take(p Portion) {
	r.buf, r.start, r.end, r.line = p.Text, 0, len(p.Text), p.Line
}

// ready reads until so many bytes lie ready, as far as there are so many, in a
// buffer that is no longer than that of a record may become.
func (r *Reader) ready(size int) {
	for len(r.buf) < size && len(r.buf) <= r.limits.Record+2 {
		r.buf = append(r.buf, make([]byte, len(r.buf))...)
	}
	if have := r.end - r.start; have < size && !r.eof && r.broken == nil {
		r.toFront()
		r.more(size - have)
	}
}

// records looks for the last place up to about the given one where a record ends,
// and counts the lines before it. Without a quote every line is a record; where
// there are quotes, the scan decides.
func (r *Reader) records(about int) (to, lines int) {
	first, line := r.start, r.line
	defer func() { r.start, r.line = first, line }()
	quote := r.start - 1
	for r.start < about {
		if quote < r.start {
			quote = r.quote()
		}
		if to := r.lines(about, quote); to > r.start {
			r.line += lineEnds(r.buf[r.start:to])
			r.start = to
			continue
		}
		if r.scan() != complete {
			break
		}
		r.line += 1 + r.inside
		r.start = r.next
	}
	return r.start, r.line - line
}

// quote is the place of the next quote, or the end of what was read.
func (r *Reader) quote() int {
	if i := bytes.IndexByte(r.buf[r.start:r.end], '"'); i >= 0 {
		return r.start + i
	}
	return r.end
}

// lines is the last place behind a line end, up to about and before the quote; at
// the end of the text its last line needs none.
func (r *Reader) lines(about, quote int) int {
	if about >= quote && quote == r.end && r.eof {
		return r.end
	}
	text := r.buf[r.start:min(about, quote)]
	for i := len(text) - 1; i >= 0; i-- {
		to := r.start + i + 1
		if text[i] == '\n' || text[i] == '\r' && to < r.end && r.buf[to] != '\n' {
			return to
		}
	}
	return r.start
}
