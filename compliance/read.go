package compliance

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// largestRead bounds the bytes of a report that is read back, and of what unfolds
// from one.
const largestRead = 1 << 30

// ErrNoReport says that a file is none of the reports that can be read back.
var ErrNoReport = errors.New("this is no report of saidi: want its HTML, its workbook, its JSON, or its CSV of indices, targets or budgets")

// Read reads a report of any form, which it finds by the content. What is none is
// [ErrNoReport]; one that is torn is another error.
func Read(r io.ReaderAt, size int64) (*Paper, error) {
	if size > largestRead {
		return nil, fmt.Errorf("the report has %d bytes, more than the %d that are read", size, int64(largestRead))
	}
	data := make([]byte, size)
	if _, err := r.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readWorkbook(data)
	case bytes.HasPrefix(text, []byte("<")):
		return readHTML(text)
	case bytes.HasPrefix(text, []byte("{")):
		return readJSON(text)
	}
	return readCSV(text)
}

// sortOf tells a number from a text.
func sortOf(text string) Sort {
	if decimal.MatchString(text) {
		return ANumber
	}
	return AText
}

// places gives each place a name of its own: one that was there before gets a
// number.
type places map[string]int

func (p places) once(name string) string {
	p[name]++
	if n := p[name]; n > 1 {
		return p.once(fmt.Sprintf("%s #%d", name, n))
	}
	return name
}
