package ingest

import (
	"bytes"
	"strings"
	"unicode"
)

// foldWidth turns full-width letters, digits and signs into plain ones, and any
// kind of space into a space.
func foldWidth(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\uFEFF' || r == '\u200B':
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, text)
}

// headerKey folds a header to what its spellings have in common: no case, width,
// spaces or separators, and no unit in parentheses, which comes apart.
func headerKey(header string) (key, unit string) {
	text := strings.ToLower(foldWidth(header))
	if open := strings.IndexByte(text, '('); open > 0 {
		unit, _, _ = strings.Cut(text[open+1:], ")")
		text = text[:open]
	}
	key = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-.:*/\"'", r) {
			return -1
		}
		return r
	}, text)
	return key, strings.TrimSpace(unit)
}

// trim takes outer space away; of most texts without any it costs a few looks.
func trim(cell []byte) []byte {
	if n := len(cell); n == 0 || begins(cell[0]) && ends(cell) {
		return cell
	}
	return bytes.TrimFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B' })
}

// begins says whether a text that begins with c surely begins without space: a
// plain letter or sign, or the first byte of a Chinese character.
func begins(c byte) bool { return c > ' ' && c < 0x7F || c >= 0xE4 && c <= 0xE9 }

// ends says the same of the end of a text.
func ends(text []byte) bool {
	n := len(text)
	if c := text[n-1]; c < 0x7F {
		return c > ' '
	}
	return n >= 3 && text[n-3] >= 0xE4 && text[n-3] <= 0xE9
}

// isBlank says whether no cell holds anything.
func isBlank(cells [][]byte) bool {
	for _, cell := range cells {
		if len(trim(cell)) > 0 {
			return false
		}
	}
	return true
}

// plainID undoes what a spreadsheet does to a number that names something:
// 123.0 is 123.
func plainID(id []byte) []byte {
	n := len(id) - 2
	if n < 1 || id[n] != '.' || id[n+1] != '0' || !allDigits(id[:n]) {
		return id
	}
	return id[:n]
}

func allDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}
