package delimited

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// A status is how far the scan of a record came.
type status uint8

const (
	complete   status = iota // cells and next are set
	incomplete               // the buffer ends before the record does
	unclosed                 // the text ends inside quotes
	garbage                  // a closing quote is followed by text
)

// scan takes the record at start apart.
func (r *Reader) scan() status {
	r.cells, r.doubled, r.inside = r.cells[:0], r.doubled[:0], 0
	buf := r.buf[:r.end]
	for i := r.start; ; i++ {
		if i < len(buf) && buf[i] == '"' {
			to, s := r.quoted(i)
			if s != complete {
				return s
			}
			i = to
		} else {
			i = r.plain(buf, i)
		}
		if i == len(buf) {
			r.next = i
			return r.atEnd()
		}
		if buf[i] != r.comma {
			return r.lineEnd(i)
		}
	}
}

// atEnd is the status of a record that reaches the buffer's end.
func (r *Reader) atEnd() status {
	if r.eof {
		return complete
	}
	return incomplete
}

// lineEnd sets next behind the line end at i.
func (r *Reader) lineEnd(i int) status {
	r.next = i + 1
	if r.buf[i] != '\r' {
		return complete
	}
	if r.next == r.end {
		return r.atEnd()
	}
	if r.buf[r.next] == '\n' {
		r.next++
	}
	return complete
}

// Words of eight equal bytes.
const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
	lowBits  = 0x7F * eachByte
	control  = 0x0E // the bytes below are control characters, LF and CR among them
)

// plain takes the unquoted fields from i on and gives the place of the first byte
// behind one of them that is no delimiter, or of a delimiter before a quote. It
// looks at eight bytes at a time.
func (r *Reader) plain(buf []byte, i int) int {
	cells, comma := r.cells, r.comma
	from, commas := i, eachByte*uint64(comma)
	for ; i+8 <= len(buf); i += 8 {
		word := binary.LittleEndian.Uint64(buf[i:])
		found := marks(word, commas)
		for ; found != 0; found &= found - 1 {
			at := i + bits.TrailingZeros64(found)>>3
			c := buf[at]
			if c != comma && c != '\n' && c != '\r' {
				continue
			}
			cells = append(cells, buf[from:at])
			if c != comma || at+1 < len(buf) && buf[at+1] == '"' {
				r.cells = cells
				return at
			}
			from = at + 1
		}
	}
	r.cells = cells
	return r.rest(buf, from, i)
}

// marks sets the high bit of each byte of word that is a delimiter or a control
// character. No byte carries into the next: its low seven bits and what is added
// to them stay below 256, and its own high bit is looked at apart.
func marks(word, commas uint64) uint64 {
	differs := word ^ commas
	return highBits &^ ((word&lowBits + (0x80-control)*eachByte | word) & (differs&lowBits + lowBits | differs))
}

// rest is plain for the end of the buffer, byte by byte; the field begins at from.
func (r *Reader) rest(buf []byte, from, i int) int {
	for ; i < len(buf); i++ {
		c := buf[i]
		if !r.special[c] {
			continue
		}
		r.cells = append(r.cells, buf[from:i])
		if c != r.comma || i+1 < len(buf) && buf[i+1] == '"' {
			return i
		}
		from = i + 1
	}
	r.cells = append(r.cells, buf[from:])
	return i
}

// quoted takes the field whose opening quote is at i and gives the place behind
// its closing one.
func (r *Reader) quoted(i int) (int, status) {
	buf := r.buf[:r.end]
	doubled := false
	j := i + 1
	for {
		k := bytes.IndexByte(buf[j:], '"')
		if k < 0 {
			return 0, r.open()
		}
		j += k + 1
		if j == len(buf) || buf[j] != '"' {
			break
		}
		doubled = true
		j++
	}
	if j == len(buf) && !r.eof {
		return 0, incomplete
	}
	if j < len(buf) && !r.special[buf[j]] {
		return 0, garbage
	}
	if doubled {
		r.doubled = append(r.doubled, len(r.cells))
	}
	cell := buf[i+1 : j-1]
	r.inside += lineEnds(cell)
	r.cells = append(r.cells, cell)
	return j, complete
}

// open is the status of a field whose closing quote is not in the buffer.
func (r *Reader) open() status {
	if r.eof {
		return unclosed
	}
	return incomplete
}

// lineEnds counts the ends of lines in text.
func lineEnds(text []byte) int {
	n := bytes.Count(text, []byte{'\n'})
	for {
		i := bytes.IndexByte(text, '\r')
		if i < 0 {
			return n
		}
		if text = text[i+1:]; len(text) == 0 || text[0] != '\n' {
			n++
		}
	}
}
