package jsonlines

import (
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// decode gives what the inside of a string stands for, and to; or unsure where
// an escape is none of JSON's. As encoding/json does, it puts the replacement
// character for a byte that is not UTF-8 and for half of a surrogate pair.
func (r *Reader) decode(raw []byte, to int) ([]byte, int) {
	from := len(r.decoded)
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '\\':
			if i = r.unescape(raw, i+1); i == unsure {
				return nil, unsure
			}
		case c < utf8.RuneSelf:
			r.decoded = append(r.decoded, c)
			i++
		default:
			letter, size := utf8.DecodeRune(raw[i:])
			r.decoded = utf8.AppendRune(r.decoded, letter)
			i += size
		}
	}
	return r.decoded[from:], to
}

// unescape decodes the escape whose letter is at i and gives the place behind
// it, or unsure.
func (r *Reader) unescape(raw []byte, i int) int {
	c := raw[i] // which is there, or the closing quote would be escaped
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		letter, to := escaped(raw, i)
		if to != unsure {
			r.decoded = utf8.AppendRune(r.decoded, letter)
		}
		return to
	default:
		return unsure
	}
	r.decoded = append(r.decoded, c)
	return i + 1
}

// escaped gives the character of the escape whose u is at i, which may be two of
// them, and the place behind it, or unsure.
func escaped(raw []byte, i int) (rune, int) {
	letter := unit(raw, i+1)
	switch {
	case letter < 0:
		return 0, unsure
	case !utf16.IsSurrogate(letter):
		return letter, i + 5
	case i+6 < len(raw) && raw[i+5] == '\\' && raw[i+6] == 'u':
		if pair := utf16.DecodeRune(letter, unit(raw, i+7)); pair != unicode.ReplacementChar {
			return pair, i + 11
		}
	}
	return unicode.ReplacementChar, i + 5
}

// unit is the number of the four hexadecimal digits at i, -1 where there are
// none.
func unit(raw []byte, i int) rune {
	if i+4 > len(raw) {
		return -1
	}
	var value rune
	for _, c := range raw[i : i+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		value = value<<4 | rune(c)
	}
	return value
}
