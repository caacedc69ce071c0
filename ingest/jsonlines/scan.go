package jsonlines

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"unicode/utf8"
)

// A member is one key of an object, decoded, and the cell of its value. Both
// are places in the record or in the reader's decoded text.
type member struct{ key, cell []byte }

// unsure is the place that the functions of the scan give for what they leave
// to the careful reading: text that is not JSON, above all.
const unsure = -1

// scan takes the object in text apart into members. It says false, having
// changed nothing but members and decoded, unless text is one object and nothing
// else; what is wrong then, and how much of it still counts, the careful reading
// finds out.
func (r *Reader) scan(text []byte) bool {
	r.members, r.decoded = r.members[:0], r.decoded[:0]
	i := space(text, 0)
	if i == len(text) || text[i] != '{' {
		return false
	}
	i = space(text, i+1)
	if i < len(text) && text[i] == '}' {
		return space(text, i+1) == len(text)
	}
	for len(r.members) < r.limits.Columns {
		if i = r.scanMember(text, i); i == unsure || i == len(text) {
			return false
		}
		switch text[i] {
		case ',':
			i = space(text, i+1)
		case '}':
			return space(text, i+1) == len(text)
		default:
			return false
		}
	}
	return false
}

// scanMember takes the member at i and gives the place of the first byte behind
// it that is not space, or unsure.
func (r *Reader) scanMember(text []byte, i int) int {
	key, i := r.quoted(text, i)
	if i == unsure {
		return unsure
	}
	if i = space(text, i); i == len(text) || text[i] != ':' {
		return unsure
	}
	cell, i := r.value(text, space(text, i+1))
	if i == unsure {
		return unsure
	}
	r.members = append(r.members, member{key, cell})
	return space(text, i)
}

// value gives the cell of the value at i, as [Reader.cell] makes it, and the
// place behind it, or unsure.
func (r *Reader) value(text []byte, i int) ([]byte, int) {
	if i == len(text) {
		return nil, unsure
	}
	switch c := text[i]; c {
	case '"':
		return r.quoted(text, i)
	case 't':
		return word(text, i, "true")
	case 'f':
		return word(text, i, "false")
	case 'n':
		_, to := word(text, i, "null")
		return nil, to
	case '{', '[':
		to := nested(text, i)
		if to == unsure || c == '{' {
			return nil, to
		}
		return text[i:to], to
	}
	to := number(text, i)
	if to == unsure {
		return nil, unsure
	}
	return text[i:to], to
}

// word gives the literal want if it is at i.
func word(text []byte, i int, want string) ([]byte, int) {
	to := i + len(want)
	if to > len(text) || string(text[i:to]) != want {
		return nil, unsure
	}
	return text[i:to], to
}

// space gives the place of the first byte from i on that is not space.
func space(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r') {
		i++
	}
	return i
}

// number gives the place behind the number at i.
func number(text []byte, i int) int {
	if text[i] == '-' {
		i++
	}
	first := i
	if i = digits(text, i); i == first || text[first] == '0' && i > first+1 {
		return unsure
	}
	if i < len(text) && text[i] == '.' {
		first = i + 1
		if i = digits(text, first); i == first {
			return unsure
		}
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		if i++; i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		first = i
		if i = digits(text, first); i == first {
			return unsure
		}
	}
	return i
}

// digits gives the place of the first byte from i on that is no digit.
func digits(text []byte, i int) int {
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	return i
}

// nested gives the place behind the object or array at i.
func nested(text []byte, i int) int {
	from, depth, inside := i, 0, false
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case inside && c == '\\':
			i++ // whatever it is, it closes no text
		case c == '"':
			inside = !inside
		case inside:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth > 0 {
				continue
			}
			if !json.Valid(text[from : i+1]) {
				return unsure
			}
			return i + 1
		}
	}
	return unsure
}

// quoted gives the string whose opening quote is at i, decoded, and the place
// behind its closing one, or unsure.
func (r *Reader) quoted(text []byte, i int) ([]byte, int) {
	if i == len(text) || text[i] != '"' {
		return nil, unsure
	}
	from := i + 1
	asItIs, wide := true, false
	for i = plain(text, from); i < len(text); i = plain(text, i) {
		switch c := text[i]; {
		case c == '"':
			raw := text[from:i]
			if asItIs && (!wide || utf8.Valid(raw)) {
				return raw, i + 1
			}
			return r.decode(raw, i+1)
		case c == '\\':
			asItIs = false
			i += 2 // which escape it is, decode sees
		case c < ' ':
			return nil, unsure
		default:
			wide = true
			for i++; i < len(text) && text[i] >= utf8.RuneSelf; i++ {
			}
		}
	}
	return nil, unsure
}

// Words of eight equal bytes.
const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
	lowBits  = 0x7F * eachByte
)

// plain gives the place of the first byte from i on that is a quote, a
// backslash, a control character or not ASCII, or one not before the end of
// text. It looks at eight bytes at a time.
func plain(text []byte, i int) int {
	for ; i+8 <= len(text); i += 8 {
		if found := marks(binary.LittleEndian.Uint64(text[i:])); found != 0 {
			return i + bits.TrailingZeros64(found)>>3
		}
	}
	for i < len(text) && text[i] >= ' ' && text[i] < utf8.RuneSelf && text[i] != '"' && text[i] != '\\' {
		i++
	}
	return i
}

// marks sets the high bit of each byte of word at which plain stops. No byte
// carries into the next: its low seven bits and what is added to them stay below
// 256, and its own high bit is looked at apart.
func marks(word uint64) uint64 {
	quote, backslash := word^'"'*eachByte, word^'\\'*eachByte
	others := (word&lowBits + (0x80-' ')*eachByte) & (quote&lowBits + lowBits) & (backslash&lowBits + lowBits)
	return highBits & (word | ^others)
}
