package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
)

// A format is what the unpacked bytes of a delivery are.
type format string

const (
	formatDelimited format = "csv"
	formatLines     format = "ndjson"
	formatArray     format = "json"
	formatWorkbook  format = "xlsx"
	formatParquet   format = "parquet"
	formatArrow     format = "arrow"
)

// inColumns says whether the format holds typed columns instead of rows of text.
func (f format) inColumns() bool { return f == formatParquet || f == formatArrow }

// headSize is how many bytes at the front decide what a delivery is.
const headSize = 64 << 10

// formatOf recognises the format by the first bytes; text of the encoding that
// a mapping names, or a byte order mark, is not taken for binary.
func formatOf(head []byte, encoding string) (format, error) {
	if f := columnFormat(head); f != "" {
		return f, nil
	}
	if err := foreign(head); err != nil {
		return "", err
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return formatWorkbook, nil
	}
	if encoding == "" {
		encoding = bomEncoding(head)
	}
	if encoding == encodingUTF16LE || encoding == encodingUTF16BE {
		text, err := io.ReadAll(decoded(bytes.NewReader(head), encoding))
		if err != nil {
			return "", fmt.Errorf("decode the text: %w", err)
		}
		head = text
	}
	if isBinary(head) {
		return "", errors.New("neither text nor a workbook: the file is binary")
	}
	return textFormat(bytes.TrimSpace(bytes.TrimPrefix(head, bomUTF8))), nil
}

// textFormat tells JSON from delimited text.
func textFormat(text []byte) format {
	switch {
	case bytes.HasPrefix(text, []byte("{")):
		return formatLines
	case bytes.HasPrefix(text, []byte("[")):
		inside := bytes.TrimSpace(text[1:])
		if len(inside) == 0 || inside[0] == '{' || inside[0] == ']' {
			return formatArray
		}
	}
	return formatDelimited
}

// foreign recognises what other programs read.
func foreign(head []byte) error {
	start := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head[:min(len(head), 512)], bomUTF8)))
	switch {
	case bytes.HasPrefix(head, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return errors.New("an old Excel file (.xls) or a workbook with a password: save it as .xlsx without one")
	case bytes.HasPrefix(head, []byte("PARE")):
		return errors.New("an encrypted Parquet file: write it without encryption")
	case isOldArrow(head):
		return errors.New("an Arrow stream of a version before 0.15, or a Feather file of version 1: write it as an Arrow file or as Parquet")
	case bytes.HasPrefix(head, []byte("%PDF")):
		return errors.New("a PDF: export the table as .xlsx or .csv")
	case bytes.HasPrefix(start, []byte("<html")), bytes.HasPrefix(start, []byte("<!doctype")), bytes.HasPrefix(start, []byte("<?xml")), bytes.HasPrefix(start, []byte("<table")):
		return errors.New("HTML or XML, whatever its name says: save it as .xlsx or .csv")
	}
	return nil
}

// isBinary says whether text holds a NUL or, of a hundred bytes, five or more
// control characters.
func isBinary(text []byte) bool {
	control := 0
	for _, c := range text {
		switch {
		case c == 0:
			return true
		case c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f':
			control++
		}
	}
	return control > 0 && control*20 >= len(text)
}

// suffixes are what file names call the formats.
var suffixes = map[string][]format{
	".csv": {formatDelimited}, ".tsv": {formatDelimited}, ".txt": {formatDelimited},
	".xlsx": {formatWorkbook}, ".xlsm": {formatWorkbook},
	".parquet": {formatParquet}, ".arrow": {formatArrow}, ".feather": {formatArrow}, ".ipc": {formatArrow}, ".arrows": {formatArrow},
	".ndjson": {formatLines, formatArray}, ".jsonl": {formatLines, formatArray}, ".json": {formatLines, formatArray},
}

// nameWarning says where a file's name disagrees with what is in it.
func nameWarning(path string, f format, c compression) []outage.Note {
	name := strings.ToLower(filepath.Base(path))
	packed := noCompression
	for suffix, named := range map[string]compression{".gz": compressGzip, ".zst": compressZstd} {
		if strings.HasSuffix(name, suffix) {
			name, packed = strings.TrimSuffix(name, suffix), named
		}
	}
	known := suffixes[filepath.Ext(name)]
	if packed != c && (packed != noCompression || len(known) > 0) || len(known) > 0 && !slices.Contains(known, f) {
		return []outage.Note{outage.Notef("name", "the name %s does not tell that the content is %s", filepath.Base(path), describe(f, c))}
	}
	return nil
}

func describe(f format, c compression) string {
	if c == noCompression {
		return string(f)
	}
	return string(f) + ", " + string(c)
}

// formatWarning says where the content is not what a mapping asserts.
func formatWarning(asserted string, f format) []outage.Note {
	is := f
	switch asserted {
	case "":
		return nil
	case "tsv":
		asserted = string(formatDelimited)
	case "json":
		if f == formatLines {
			return nil
		}
	case "ndjson":
		if f == formatArray {
			return nil
		}
	}
	if asserted == string(is) {
		return nil
	}
	return []outage.Note{outage.Notef("format", "the mapping says format: %s, and the content is %s", asserted, is)}
}
