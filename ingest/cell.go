package ingest

import (
	"slices"
	"strings"
)

// usualEmpty are the words that stand for nothing, in lower case.
var usualEmpty = []string{"na", "n/a", "-", "--", "null", "none", "无", `\n`}

func (l *layout) setEmpty(more []string) {
	l.empty = map[string]bool{}
	for _, word := range slices.Concat(usualEmpty, more) {
		word = strings.ToLower(strings.TrimSpace(word))
		l.empty[word] = true
		l.longest = max(l.longest, len(word))
		if word != "" {
			l.mayBegin[word[0]], l.mayBegin[upper(word[0])] = true, true
		}
	}
	for c := 0x80; c < len(l.mayBegin); c++ {
		l.mayBegin[c] = true // what the lower case of other letters is, is not seen in their first byte
	}
}

// upper is the capital of a plain letter, and any other byte itself.
func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// isEmpty says whether a trimmed text stands for nothing.
func (l *layout) isEmpty(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	if len(text) > l.longest || !l.mayBegin[text[0]] || text[0] >= '0' && text[0] <= '9' && !l.empty[string(text)] {
		return false
	}
	return l.empty[strings.ToLower(string(text))]
}

// text is the value of a field, trimmed and through the mapping's table, nil
// where it is empty. It is valid until the next call.
func (l *layout) text(f field, cells [][]byte) []byte {
	p := &l.places[f]
	if !p.bound {
		return nil
	}
	return l.value(p, l.raw(p, cells))
}

// value is what a raw text of a place stands for, nil where that is nothing.
func (l *layout) value(p *place, text []byte) []byte {
	if p.table != nil {
		if word, ok := p.table[string(text)]; ok {
			return word
		}
	}
	if l.isEmpty(text) {
		return nil
	}
	return text
}

// raw is the value as the file has it, but for outer space.
func (l *layout) raw(p *place, cells [][]byte) []byte {
	switch {
	case p.one >= 0:
		return trim(cells[p.one])
	case p.constant != nil:
		return p.constant
	case p.date >= 0:
		return l.join(cells, ' ', p.date, p.clock)
	}
	return l.join(cells, '/', p.many...)
}

// join puts cells together; where all are empty, so is the whole.
func (l *layout) join(cells [][]byte, separator byte, columns ...int) []byte {
	l.scratch = l.scratch[:0]
	filled := false
	for i, column := range columns {
		if i > 0 {
			l.scratch = append(l.scratch, separator)
		}
		part := trim(cells[column])
		filled = filled || !l.isEmpty(part)
		l.scratch = append(l.scratch, part...)
	}
	if !filled {
		return nil
	}
	return l.scratch
}
