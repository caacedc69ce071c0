package simulate

import (
	"bufio"
	"encoding/json"
)

// jsonLines writes an object a line, without the keys that are empty.
type jsonLines struct {
	w    *bufio.Writer
	keys []string
	line []byte
}

func (t *jsonLines) row(cells []cell) error {
	t.line = append(t.line[:0], '{')
	for k := range cells {
		if cells[k].kind == blank {
			continue
		}
		if len(t.line) > 1 {
			t.line = append(t.line, ',')
		}
		t.line = append(append(append(t.line, '"'), t.keys[k]...), '"', ':')
		t.line = appendJSON(t.line, &cells[k])
	}
	_, err := t.w.Write(append(t.line, '}', '\n'))
	return err
}

func (t *jsonLines) close() error { return nil }

// appendJSON appends a value: numbers and truths bare, all else in quotes.
func appendJSON(line []byte, c *cell) []byte {
	switch c.kind {
	case moment:
		return append(appendCanonical(append(line, '"'), c), '"')
	case word:
		text, err := json.Marshal(c.text)
		if err != nil {
			panic("simulate: a text that is no JSON: " + err.Error())
		}
		return append(line, text...)
	}
	return appendCanonical(line, c)
}
