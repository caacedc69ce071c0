package columnar

import (
	"encoding/binary"
	"errors"
)

// A table is a table of a FlatBuffer, in which Arrow describes its messages.
// Reading beyond the buffer panics, which the reader's guard turns into an
// error; what loops or takes memory asks for the sizes first.
type table struct {
	data []byte
	at   int
}

// rootOf is the outermost table.
func rootOf(data []byte) table {
	return table{data, int(binary.LittleEndian.Uint32(data))}
}

// field is where a field lies, 0 where it has its default.
func (t table) field(i int) int {
	fields := t.at - int(int32(binary.LittleEndian.Uint32(t.data[t.at:])))
	entry := 4 + 2*i
	if entry+2 > int(binary.LittleEndian.Uint16(t.data[fields:])) {
		return 0
	}
	off := int(binary.LittleEndian.Uint16(t.data[fields+entry:]))
	if off == 0 {
		return 0
	}
	return t.at + off
}

func (t table) byte(i int) byte {
	if at := t.field(i); at != 0 {
		return t.data[at]
	}
	return 0
}

func (t table) short(i int, otherwise int16) int16 {
	if at := t.field(i); at != 0 {
		return int16(binary.LittleEndian.Uint16(t.data[at:]))
	}
	return otherwise
}

func (t table) int(i int, otherwise int32) int32 {
	if at := t.field(i); at != 0 {
		return int32(binary.LittleEndian.Uint32(t.data[at:]))
	}
	return otherwise
}

func (t table) long(i int) int64 {
	if at := t.field(i); at != 0 {
		return int64(binary.LittleEndian.Uint64(t.data[at:]))
	}
	return 0
}

// table follows a field to another table.
func (t table) table(i int) (table, bool) {
	at := t.field(i)
	if at == 0 {
		return table{}, false
	}
	return table{t.data, at + int(binary.LittleEndian.Uint32(t.data[at:]))}, true
}

var errVector = errors.New("a list reaches beyond its message")

// vector is where the n elements of a list begin, which lie within the buffer.
func (t table) vector(i, size int) (at, n int, err error) {
	field := t.field(i)
	if field == 0 {
		return 0, 0, nil
	}
	at = field + int(binary.LittleEndian.Uint32(t.data[field:]))
	n = int(binary.LittleEndian.Uint32(t.data[at:]))
	if at += 4; n > (len(t.data)-at)/size {
		return 0, 0, errVector
	}
	return at, n, nil
}

func (t table) text(i int) (string, error) {
	at, n, err := t.vector(i, 1)
	return string(t.data[at : at+n]), err
}

// tables are the tables of a list.
func (t table) tables(i int) ([]table, error) {
	at, n, err := t.vector(i, 4)
	if err != nil {
		return nil, err
	}
	list := make([]table, n)
	for k := range list {
		list[k] = table{t.data, at + 4*k + int(binary.LittleEndian.Uint32(t.data[at+4*k:]))}
	}
	return list, nil
}

// longs are the words of a list of integers or, with two words each, of pairs.
func (t table) longs(i, words int) ([]int64, error) {
	at, n, err := t.vector(i, 8*words)
	if err != nil {
		return nil, err
	}
	list := make([]int64, n*words)
	for k := range list {
		list[k] = int64(binary.LittleEndian.Uint64(t.data[at+8*k:]))
	}
	return list, nil
}
