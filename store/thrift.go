package store

import (
	"encoding/binary"
	"errors"
)

// The kinds of values in Thrift's compact protocol.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftInt32  = 5
	thriftInt64  = 6
	thriftDouble = 7
	thriftBytes  = 8
	thriftList   = 9
	thriftSet    = 10
	thriftStruct = 12
)

// thriftFields are the fields of a structure, in their order.
type thriftFields []thriftField

// A thriftField has an int64, [8]byte, []byte, thriftValues or thriftFields;
// its kind says which, and of a bool everything.
type thriftField struct {
	id    int64
	kind  byte
	value any
}

// thriftValues are the elements of a list or a set.
type thriftValues struct {
	kind   byte
	values []any
}

// of is the value of a field, nil where there is none.
func (f thriftFields) of(id int64) any {
	for i := range f {
		if f[i].id == id {
			return f[i].value
		}
	}
	return nil
}

func (f thriftFields) list(id int64) (thriftValues, bool) {
	list, ok := f.of(id).(thriftValues)
	return list, ok
}

// add adds to an integer, if it is there.
func (f thriftFields) add(id, n int64) {
	for i := range f {
		if was, ok := f[i].value.(int64); ok && f[i].id == id {
			f[i].value = was + n
		}
	}
}

// A thriftReader takes a footer apart that this program wrote a moment ago.
type thriftReader struct {
	data []byte
	err  error
}

var errThrift = errors.New("the footer cannot be taken apart")

// fields reads a structure; after an error nothing comes.
func (r *thriftReader) fields() (fields thriftFields) {
	for id := int64(0); ; {
		head := r.byte()
		if head == 0 || r.err != nil {
			return fields
		}
		kind := head & 15
		if step := int64(head >> 4); step > 0 {
			id += step
		} else {
			id = r.integer()
		}
		f := thriftField{id: id, kind: kind}
		if kind != thriftTrue && kind != thriftFalse {
			f.value = r.value(kind)
		}
		fields = append(fields, f)
	}
}

func (r *thriftReader) value(kind byte) any {
	switch {
	case kind == thriftTrue || kind == thriftFalse || kind == thriftByte:
		return int64(r.byte())
	case kind > thriftByte && kind <= thriftInt64:
		return r.integer()
	case kind == thriftDouble:
		return r.bytes(8)
	case kind == thriftBytes:
		return r.bytes(r.unsigned())
	case kind == thriftList || kind == thriftSet:
		return r.list()
	case kind == thriftStruct:
		return r.fields()
	}
	r.err = errThrift
	return nil
}

func (r *thriftReader) list() (list thriftValues) {
	head := r.byte()
	list.kind = head & 15
	n := uint64(head >> 4)
	if n == 15 {
		n = r.unsigned()
	}
	for ; n > 0 && r.err == nil; n-- {
		list.values = append(list.values, r.value(list.kind))
	}
	return list
}

func (r *thriftReader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *thriftReader) bytes(n uint64) []byte {
	if r.err != nil || n > uint64(len(r.data)) {
		r.err = errThrift
		return nil
	}
	b := r.data[:n:n]
	r.data = r.data[n:]
	return b
}

func (r *thriftReader) unsigned() uint64 {
	u, n := binary.Uvarint(r.data)
	if n <= 0 {
		r.err = errThrift
		return 0
	}
	r.data = r.data[n:]
	return u
}

func (r *thriftReader) integer() int64 {
	i, n := binary.Varint(r.data)
	if n <= 0 {
		r.err = errThrift
		return 0
	}
	r.data = r.data[n:]
	return i
}

// appendFields writes a structure.
func appendFields(dst []byte, fields thriftFields) []byte {
	last := int64(0)
	for _, f := range fields {
		if step := f.id - last; step > 0 && step < 16 {
			dst = append(dst, byte(step)<<4|f.kind)
		} else {
			dst = binary.AppendVarint(append(dst, f.kind), f.id)
		}
		last = f.id
		if f.kind != thriftTrue && f.kind != thriftFalse {
			dst = appendValue(dst, f.kind, f.value)
		}
	}
	return append(dst, 0)
}

func appendValue(dst []byte, kind byte, value any) []byte {
	switch v := value.(type) {
	case int64:
		if kind <= thriftByte {
			return append(dst, byte(v))
		}
		return binary.AppendVarint(dst, v)
	case []byte:
		if kind == thriftBytes {
			dst = binary.AppendUvarint(dst, uint64(len(v)))
		}
		return append(dst, v...)
	case thriftValues:
		n := len(v.values)
		if n < 15 {
			dst = append(dst, byte(n)<<4|v.kind)
		} else {
			dst = binary.AppendUvarint(append(dst, 0xf0|v.kind), uint64(n))
		}
		for _, e := range v.values {
			dst = appendValue(dst, v.kind, e)
		}
	case thriftFields:
		return appendFields(dst, v)
	}
	return dst
}
