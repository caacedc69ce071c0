package ingest

import "unicode/utf8"

// A utf8Watch looks for the first byte that is not UTF-8.
type utf8Watch struct {
	offset int64 // of the next byte
	bad    int64 // -1 while there is none
	carry  []byte
}

// add looks at the next bytes of the text.
func (w *utf8Watch) add(chunk []byte) {
	if w.bad >= 0 {
		return
	}
	for len(w.carry) > 0 && len(chunk) > 0 && !utf8.FullRune(w.carry) {
		w.carry = append(w.carry, chunk[0])
		chunk = chunk[1:]
	}
	if !utf8.FullRune(w.carry) && len(chunk) == 0 {
		return
	}
	w.check(w.carry)
	w.carry = w.carry[:0]
	tail := incompleteRune(chunk)
	w.check(chunk[:len(chunk)-tail])
	w.carry = append(w.carry, chunk[len(chunk)-tail:]...)
}

// end says that the text is over.
func (w *utf8Watch) end() {
	if len(w.carry) > 0 {
		w.check(w.carry)
	}
}

func (w *utf8Watch) check(text []byte) {
	if w.bad >= 0 {
		return
	}
	if utf8.Valid(text) {
		w.offset += int64(len(text))
		return
	}
	for {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			w.bad = w.offset
			return
		}
		w.offset += int64(n)
		text = text[n:]
	}
}

// incompleteRune is the length of a character that the end of chunk cuts off.
func incompleteRune(chunk []byte) int {
	for i := 1; i < utf8.UTFMax && i <= len(chunk); i++ {
		tail := chunk[len(chunk)-i:]
		if utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return i
		}
	}
	return 0
}
