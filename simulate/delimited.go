package simulate

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// canonicalText writes CSV in UTF-8 with times as RFC 3339.
type canonicalText struct {
	w    *bufio.Writer
	line []byte
}

func (t *canonicalText) row(cells []cell) error {
	t.line = appendLine(t.line[:0], cells, appendCanonical)
	_, err := t.w.Write(append(t.line, '\n'))
	return err
}

func (t *canonicalText) close() error { return nil }

// appendLine appends the cells with commas between them.
func appendLine(line []byte, cells []cell, value func([]byte, *cell) []byte) []byte {
	for k := range cells {
		if k > 0 {
			line = append(line, ',')
		}
		if c := &cells[k]; c.kind != blank {
			line = value(line, c)
		}
	}
	return line
}

// appendCanonical appends a cell as canonical records write it.
func appendCanonical(line []byte, c *cell) []byte {
	switch c.kind {
	case count:
		return strconv.AppendInt(line, c.n, 10)
	case hours:
		return appendHundredths(line, c.n)
	case moment:
		return c.appendTime(line, "2006-01-02T15:04:05+08:00")
	case truth:
		return strconv.AppendBool(line, c.n == 1)
	}
	return appendQuoted(line, c.text)
}

// appendQuoted appends a text, in quotes where it needs them.
func appendQuoted(line []byte, text string) []byte {
	if !strings.ContainsAny(text, "\",\r\n") {
		return append(line, text...)
	}
	line = append(line, '"')
	line = append(line, strings.ReplaceAll(text, `"`, `""`)...)
	return append(line, '"')
}

// utilityText writes CSV as spreadsheets of Chinese utilities export it: GB18030,
// lines that end in CR LF, and times without a zone.
type utilityText struct {
	w       *bufio.Writer
	encoder io.WriteCloser
	line    []byte
}

func newUtilityText(w io.Writer) *utilityText {
	encoder := transform.NewWriter(w, simplifiedchinese.GB18030.NewEncoder())
	return &utilityText{w: bufio.NewWriterSize(encoder, writeBuffer), encoder: encoder}
}

func (t *utilityText) row(cells []cell) error {
	t.line = appendLine(t.line[:0], cells, appendUtility)
	_, err := t.w.Write(append(t.line, '\r', '\n'))
	return err
}

func (t *utilityText) close() error { return errors.Join(t.w.Flush(), t.encoder.Close()) }

// appendUtility appends a cell as exports write it: 2021/1/5 8:03, with seconds
// only where there are some, and a date alone at midnight.
func appendUtility(line []byte, c *cell) []byte {
	switch {
	case c.kind == moment && c.n%day == 0:
		return c.appendTime(line, "2006/1/2")
	case c.kind == moment:
		line = c.appendTime(line, "2006/1/2 ")
		line = append(strconv.AppendInt(line, c.n%day/hour, 10), ':')
		if c.n%minute == 0 {
			return c.appendTime(line, "04")
		}
		return c.appendTime(line, "04:05")
	case c.kind == truth:
		return append(line, "是"...)
	}
	return appendCanonical(line, c)
}
