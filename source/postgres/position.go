package postgres

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A position is up to where the rows were handed on: the highest watermark, of
// what type and of which column. The zero value is the beginning.
type position struct {
	kind   kind
	mark   mark
	column string
}

// String writes a position as a person can read it and [readPosition] does:
// type, watermark and column, such as "timestamptz 2022-03-01T08:00:00.25Z
// changed_at". The beginning is empty.
func (p position) String() string {
	if p.kind == "" {
		return ""
	}
	return string(p.kind) + " " + p.shown() + " " + p.column
}

// shown is the watermark, a text in quotes.
func (p position) shown() string {
	if p.kind == kindText {
		return strconv.Quote(p.mark.value)
	}
	return p.mark.value
}

// readPosition reads what [position.String] wrote. Anything else is an error: to
// begin again unasked would hide that something is wrong.
func readPosition(text string) (position, error) {
	if text == "" {
		return position{}, nil
	}
	wrong := fmt.Errorf("read the position %q: want a type, a watermark and a column, such as %q; give none to begin again",
		text, "timestamptz 2022-03-01T08:00:00Z changed_at")
	name, rest, _ := strings.Cut(text, " ")
	kinds := []kind{kindTimestamptz, kindTimestamp, kindDate, kindInteger, kindNumeric, kindText}
	p := position{kind: kind(name)}
	if !slices.Contains(kinds, p.kind) {
		return position{}, wrong
	}
	value, column, found := strings.Cut(rest, " ")
	if p.kind == kindText {
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return position{}, wrong
		}
		if value, err = strconv.Unquote(quoted); err != nil {
			return position{}, wrong
		}
		column, found = strings.CutPrefix(rest[len(quoted):], " ")
	}
	m, err := readMark(p.kind, value)
	if err != nil || !found || column == "" {
		return position{}, wrong
	}
	p.mark, p.column = m, column
	if p.String() != text {
		return position{}, wrong
	}
	return p, nil
}

// fits says why rows cannot be read on from the position by a column.
func (p position) fits(column string, k kind) error {
	switch {
	case p.kind == "":
		return nil
	case p.column != column:
		return fmt.Errorf("the position %q is of the column %q, the watermark is now %q: give no position to begin again", p, p.column, column)
	case k != "" && p.kind != k:
		return fmt.Errorf("the position %q is of the type %s, the column %q is now of the type %s: give no position to begin again", p, p.kind, column, k)
	}
	return nil
}
