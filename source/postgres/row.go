package postgres

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// appendRow writes a row as a JSON object on a line of its own. A value that is
// NULL is left out.
func appendRow(to []byte, columns []column, values [][]byte) ([]byte, error) {
	to = append(to, '{')
	first := true
	for i, c := range columns {
		if values[i] == nil {
			continue
		}
		if !first {
			to = append(to, ',')
		}
		first = false
		to = append(to, c.key...)
		var err error
		if to, err = appendValue(to, c.form, values[i]); err != nil {
			return nil, fmt.Errorf("the column %s %w", bytes.TrimSuffix(c.key, []byte(":")), err)
		}
	}
	return append(to, '}', '\n'), nil
}

// appendValue writes a value that the server wrote as text.
func appendValue(to []byte, f form, text []byte) ([]byte, error) {
	switch f {
	case formBool:
		if string(text) == "t" {
			return append(to, "true"...), nil
		}
		return append(to, "false"...), nil
	case formNumber:
		if c := text[len(text)-1]; c >= '0' && c <= '9' {
			return append(to, text...), nil
		}
		return appendText(to, text), nil // NaN and Infinity are no JSON numbers
	case formJSON:
		line := bytes.NewBuffer(to)
		if err := json.Compact(line, text); err != nil {
			return nil, fmt.Errorf("is not JSON: %w", err)
		}
		return line.Bytes(), nil
	case formInstant:
		return appendInstant(to, text), nil
	}
	return appendText(to, text), nil
}

// appendInstant turns 2022-03-01 08:00:00.25 into RFC 3339. What that has no form
// for, infinity and years beyond four digits or before Christ, stays as it is.
func appendInstant(to, text []byte) []byte {
	const shortest = "2022-03-01 08:00:00"
	if len(text) < len(shortest) || text[4] != '-' || text[10] != ' ' || text[len(text)-1] == 'C' {
		return appendText(to, text)
	}
	to = append(to, '"')
	to = append(to, text[:10]...)
	to = append(to, 'T')
	to = append(to, text[11:]...)
	return append(to, 'Z', '"')
}

// appendText writes a text in quotes. Bytes that are no UTF-8, which a database
// without an encoding may hold, become the sign for that.
func appendText(to, text []byte) []byte {
	const hex = "0123456789abcdef"
	to = append(to, '"')
	for len(text) > 0 {
		n := 0
		for n < len(text) && text[n] >= ' ' && text[n] < utf8.RuneSelf && text[n] != '"' && text[n] != '\\' {
			n++
		}
		if to = append(to, text[:n]...); n == len(text) {
			break
		}
		text = text[n:]
		c, size := utf8.DecodeRune(text)
		switch {
		case c == utf8.RuneError && size == 1:
			to = append(to, "\uFFFD"...)
		case c == '"' || c == '\\':
			to = append(to, '\\', byte(c))
		case c == '\n':
			to = append(to, `\n`...)
		case c < ' ':
			to = append(to, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			to = append(to, text[:size]...)
		}
		text = text[size:]
	}
	return append(to, '"')
}
