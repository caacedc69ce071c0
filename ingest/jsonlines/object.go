package jsonlines

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// limitError is a file beyond the limits, which ends the reading.
type limitError struct{ problem string }

func (e *limitError) Error() string { return e.problem }

var (
	errNotObject = errors.New("not a JSON object")
	errBehind    = errors.New("text behind the JSON object")
)

// take turns the object in text into cells. Of a text that the scan takes apart
// nothing is left to find out but the columns.
func (r *Reader) take(text []byte) error {
	clear(r.cells)
	if !r.scan(text) {
		return r.careful(text)
	}
	next := 0 // objects often have the same keys in the same order
	for _, m := range r.members {
		column, err := r.columnFrom(next, m.key)
		if err != nil {
			return err
		}
		r.cells[column], next = m.cell, column+1
	}
	return nil
}

// columnFrom finds the column of a key, which next may be.
func (r *Reader) columnFrom(next int, key []byte) (int, error) {
	if next < len(r.keys) && r.keys[next] == string(key) {
		return next, nil
	}
	if i, ok := r.columns[string(key)]; ok {
		return i, nil
	}
	return r.column(string(key))
}

// careful turns the object in text into cells member by member, and finds what
// is wrong with it. The members before that count: their keys are columns.
func (r *Reader) careful(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return errNotObject
	}
	for decoder.More() {
		if err := r.member(decoder); err != nil {
			return err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return broken(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errBehind
	}
	return nil
}

func broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON object breaks off")
	}
	return fmt.Errorf("not a JSON object: %w", err)
}

// member takes one key and its value.
func (r *Reader) member(decoder *json.Decoder) error {
	key, err := decoder.Token()
	if err != nil {
		return broken(err)
	}
	name, ok := key.(string)
	if !ok {
		return errNotObject
	}
	var value json.RawMessage
	if err := decoder.Decode(&value); err != nil {
		return broken(err)
	}
	column, err := r.column(name)
	if err != nil {
		return err
	}
	r.cells[column], err = r.cell(value)
	return err
}

// column finds the column of a key, a new one where it is new.
func (r *Reader) column(name string) (int, error) {
	if i, ok := r.columns[name]; ok {
		return i, nil
	}
	if len(r.keys) == r.limits.Columns {
		return 0, &limitError{fmt.Sprintf("more than the limit of %d different keys", r.limits.Columns)}
	}
	i := len(r.keys)
	r.columns[name] = i
	r.keys = append(r.keys, name)
	r.cells = append(r.cells, nil)
	return i, nil
}

// cell is the text of a value.
func (r *Reader) cell(value json.RawMessage) ([]byte, error) {
	switch value[0] {
	case 'n', '{':
		return nil, nil
	case '"':
		var text string
		if err := json.Unmarshal(value, &text); err != nil {
			return nil, broken(err)
		}
		return []byte(text), nil
	}
	return value, nil
}
