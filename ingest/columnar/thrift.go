package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A compact walks over structures of Thrift's compact protocol, in which
// Parquet writes its footer and the heads of its pages. The first error stays.
type compact struct {
	data    []byte
	at      int
	err     error
	structs int // how many structures and list elements were seen
}

// The types of the protocol.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftI16    = 4
	thriftI32    = 5
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
)

// errThriftShort says that the bytes at hand end within a structure.
var errThriftShort = errors.New("a header breaks off")

// deepest is how far structures may be nested.
const deepest = 32

func (c *compact) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

func (c *compact) byte() byte {
	if c.err != nil || c.at >= len(c.data) {
		c.fail(errThriftShort)
		return 0
	}
	c.at++
	return c.data[c.at-1]
}

func (c *compact) uvarint() uint64 {
	if c.err != nil {
		return 0
	}
	v, n := binary.Uvarint(c.data[c.at:])
	if n <= 0 {
		c.fail(errThriftShort)
		return 0
	}
	c.at += n
	return v
}

// integer reads an integer of 16 to 64 bits.
func (c *compact) integer() int64 {
	v := c.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

func (c *compact) pass(n uint64) {
	if c.err == nil && n > uint64(len(c.data)-c.at) {
		c.fail(errThriftShort)
	}
	if c.err == nil {
		c.at += int(n)
	}
}

// fields gives each field of a structure to visit, which says whether it read
// the field; one that it did not read is passed over.
func (c *compact) fields(depth int, visit func(id int16, kind byte) bool) {
	c.structs++
	if depth > deepest {
		c.fail(fmt.Errorf("a header is nested deeper than %d", deepest))
	}
	id := int16(0)
	for c.err == nil {
		head := c.byte()
		kind := head & 15
		if kind == 0 {
			return
		}
		if step := head >> 4; step != 0 {
			id += int16(step)
		} else {
			id = int16(c.integer())
		}
		if c.err == nil && !visit(id, kind) {
			c.skip(kind, depth)
		}
	}
}

// list reads the head of a list, whose elements take a byte each at least.
func (c *compact) list() (n int, kind byte) {
	head := c.byte()
	size := uint64(head >> 4)
	if size == 15 {
		size = c.uvarint()
	}
	if c.err == nil && size > uint64(len(c.data)-c.at) {
		c.fail(errThriftShort)
	}
	if c.err != nil {
		return 0, 0
	}
	return int(size), head & 15
}

// skip passes over one value.
func (c *compact) skip(kind byte, depth int) {
	switch kind {
	case thriftTrue, thriftFalse:
	case thriftByte:
		c.byte()
	case thriftI16, thriftI32, thriftI64:
		c.uvarint()
	case thriftDouble:
		c.pass(8)
	case thriftBinary:
		c.pass(c.uvarint())
	case thriftList, thriftSet:
		n, of := c.list()
		c.skipAll(n, of, 0, depth)
	case thriftMap:
		c.skipMap(depth)
	case thriftStruct:
		c.fields(depth+1, func(int16, byte) bool { return false })
	default:
		c.fail(fmt.Errorf("a header has a field of the unknown type %d", kind))
	}
}

// skipAll passes over the elements of a list or, with a second kind, of a map.
// A bool takes a byte there.
func (c *compact) skipAll(n int, kind, second byte, depth int) {
	c.structs += n
	if depth > deepest {
		c.fail(fmt.Errorf("a header is nested deeper than %d", deepest))
	}
	for range n {
		for _, k := range [2]byte{kind, second} {
			if k == thriftTrue || k == thriftFalse {
				k = thriftByte
			}
			if k != 0 && c.err == nil {
				c.skip(k, depth+1)
			}
		}
		if c.err != nil {
			return
		}
	}
}

func (c *compact) skipMap(depth int) {
	n := c.uvarint()
	if n == 0 || c.err != nil {
		return
	}
	if n > uint64(len(c.data)-c.at) {
		c.fail(errThriftShort)
		return
	}
	kinds := c.byte()
	c.skipAll(int(n), kinds>>4, kinds&15, depth)
}
