package delimited

import "bytes"

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
			i = r.plain(i)
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

// plain takes the unquoted field at i and gives where it ends.
func (r *Reader) plain(i int) int {
	buf, special := r.buf[:r.end], &r.special
	j := i
	for j < len(buf) && !special[buf[j]] {
		j++
	}
	r.cells = append(r.cells, buf[i:j])
	return j
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
	if bytes.IndexByte(text, '\r') < 0 {
		return bytes.Count(text, []byte{'\n'})
	}
	n := bytes.Count(text, []byte{'\n'})
	for i, c := range text {
		if c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			n++
		}
	}
	return n
}
