package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Document gives the root of the file's only YAML document.
func Document(name string, data []byte) (*yaml.Node, error) {
	if line, ok := badUTF8(data); ok {
		return nil, fmt.Errorf("%s:%d: no YAML: the line is not UTF-8: save the file as UTF-8", name, line)
	}
	var first, second yaml.Node
	in := yaml.NewDecoder(bytes.NewReader(data))
	if err := in.Decode(&first); errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s:1: the file is empty", name)
	} else if err != nil {
		return nil, syntaxError(name, err, data)
	}
	if err := in.Decode(&second); err == nil {
		return nil, fmt.Errorf("%s:%d: a second document: want one a file", name, second.Line)
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxError(name, err, data)
	}
	return first.Content[0], nil
}

// badUTF8 finds the first line, from 1, that is not UTF-8.
func badUTF8(data []byte) (line int, ok bool) {
	for text := range bytes.Lines(data) {
		if line++; !utf8.Valid(text) {
			return line, true
		}
	}
	return 0, false
}

// syntaxError puts the line, which the YAML library writes as "yaml: line 3:
// …", where every other message has it.
func syntaxError(name string, err error, data []byte) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if number, after, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(number); err == nil {
				line, text = n, after
			}
		}
	}
	if anchor, ok := strings.CutPrefix(text, "unknown anchor '"); ok { // the only error without a line
		anchor, _, _ = strings.Cut(anchor, "'")
		line += bytes.Count(data[:max(0, bytes.Index(data, []byte("*"+anchor)))], []byte("\n"))
	}
	return fmt.Errorf("%s:%d: no YAML: %s%s", name, line, text, fullWidth(data))
}

// fullWidth says where a sign of YAML may have been typed in its full width.
func fullWidth(data []byte) string {
	line := 0
	for text := range bytes.Lines(data) {
		line++
		text, _, _ = bytes.Cut(text, []byte("#"))
		if i := bytes.IndexAny(text, "：，｛｝［］"); i >= 0 {
			sign, _ := utf8.DecodeRune(text[i:])
			return fmt.Sprintf("; line %d has a full-width %q", line, sign)
		}
	}
	return ""
}
