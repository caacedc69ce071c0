package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// A pageHead is what stands before a page.
type pageHead struct {
	kind     int64
	size     int64 // bytes, unpacked
	packed   int64 // bytes, as they lie in the file
	values   int64 // with nulls
	encoding int64
	levels   int64 // encoding of the definition levels, version 1

	v2        bool
	repeats   int64 // bytes of repetition levels, version 2
	defs      int64 // bytes of definition levels, version 2
	isPlain2  bool  // version 2, not packed although the column is
	hasHeader bool
}

// The kinds of pages.
const (
	pageData       = 0
	pageDictionary = 2
	pageData2      = 3
)

// head reads the head of the next page.
func (c *cursor) head() (pageHead, error) {
	for size := min(headSize, int(min(c.chunk, largestHead))); ; size = min(4*size, largestHead) {
		view, err := c.peek(size)
		if len(view) == 0 {
			return pageHead{}, io.ErrUnexpectedEOF
		}
		walk := &compact{data: view}
		h := readHead(walk)
		if walk.err == nil {
			if err := c.drop(walk.at); err != nil {
				return pageHead{}, err
			}
			return h, c.check(h)
		}
		if !errors.Is(walk.err, errThriftShort) || err != nil || size == largestHead || len(view) < size {
			return pageHead{}, fmt.Errorf("head of a page: %w", walk.err)
		}
	}
}

// peek looks at up to n bytes that come next, in a larger buffer where that is
// needed.
func (c *cursor) peek(n int) ([]byte, error) {
	if n > c.in.Size() {
		c.in = grownReader(c.in, n)
	}
	view, err := c.in.Peek(n)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return view, err
}

func (c *cursor) drop(n int) error {
	c.chunk -= int64(n)
	_, err := c.in.Discard(n)
	return err
}

// readHead reads the fields that matter.
func readHead(w *compact) pageHead {
	var h pageHead
	w.fields(0, func(id int16, kind byte) bool {
		switch {
		case kind == thriftI32 && id == 1:
			h.kind = w.integer()
		case kind == thriftI32 && id == 2:
			h.size = w.integer()
		case kind == thriftI32 && id == 3:
			h.packed = w.integer()
		case kind == thriftStruct && (id == 5 || id == 7 || id == 8):
			h.hasHeader = true
			h.v2 = id == 8
			readInner(w, &h)
		default:
			return false
		}
		return true
	})
	return h
}

// readInner reads the head of a data or dictionary page proper, of which both
// versions have the number of values first.
func readInner(w *compact, h *pageHead) {
	w.fields(1, func(id int16, kind byte) bool {
		if h.v2 && id == 7 && kind == thriftFalse {
			h.isPlain2 = true
			return true
		}
		if kind != thriftI32 {
			return false
		}
		v := w.integer()
		switch {
		case id == 1:
			h.values = v
		case !h.v2 && id == 2, h.v2 && id == 4:
			h.encoding = v
		case !h.v2 && id == 3:
			h.levels = v
		case h.v2 && id == 5:
			h.defs = v
		case h.v2 && id == 6:
			h.repeats = v
		}
		return true
	})
}

// check holds the sizes against the chunk and the limits.
func (c *cursor) check(h pageHead) error {
	if h.packed < 0 || h.packed > c.chunk {
		return fmt.Errorf("a page of %d bytes, with %d left", h.packed, c.chunk)
	}
	if h.size < 0 || h.size > c.file.limits.largestBlock() {
		return fmt.Errorf("a page of %d bytes unpacked, more than the limit of %d", h.size, c.file.limits.largestBlock())
	}
	if h.values < 0 || h.values > math.MaxInt32 || h.defs < 0 || h.repeats < 0 || h.defs+h.repeats > min(h.size, h.packed) {
		return errors.New("the head of a page is broken")
	}
	return nil
}

// take reads a page. Those that are neither data nor a dictionary are passed
// over.
func (c *cursor) take(h pageHead) error {
	switch h.kind {
	case pageDictionary:
		return c.takeDictionary(h)
	case pageData, pageData2:
		if !h.hasHeader || h.v2 != (h.kind == pageData2) {
			return errors.New("the head is not that of its kind")
		}
		return c.takeData(h)
	}
	return c.drop(int(h.packed))
}

// load reads a page and unpacks what lies behind its first bytes, which are
// never packed.
func (c *cursor) load(h pageHead, plain int64) ([]byte, error) {
	codec := c.codec
	if h.isPlain2 {
		codec = codecNone
	}
	if err := checkRatio(codec, h.packed, h.size); err != nil {
		return nil, err
	}
	var err error
	if c.buffer, err = c.file.budget.resize(c.buffer, h.size); err != nil {
		return nil, err
	}
	if codec == codecNone {
		if h.size != h.packed {
			return nil, errors.New("the two sizes of a page that is not packed differ")
		}
		return c.buffer, c.full(c.buffer)
	}
	if err := c.full(c.buffer[:plain]); err != nil {
		return nil, err
	}
	if h.packed == plain && h.size == plain {
		return c.buffer, nil
	}
	if c.file.packed, err = c.file.budget.resize(c.file.packed, h.packed-plain); err != nil {
		return nil, err
	}
	if err := c.full(c.file.packed); err != nil {
		return nil, err
	}
	return c.buffer, c.file.unpackers.unpack(codec, c.buffer[plain:], c.file.packed)
}

// full fills a buffer from the chunk.
func (c *cursor) full(buf []byte) error {
	c.chunk -= int64(len(buf))
	_, err := io.ReadFull(c.in, buf)
	return err
}

// takeDictionary decodes the dictionary of a chunk, each text of it once.
func (c *cursor) takeDictionary(h pageHead) error {
	if c.hasDict || c.values != nil {
		return errors.New("a dictionary that is not the first page")
	}
	if h.encoding != encodingPlain && h.encoding != encodingPlainDictionary {
		return fmt.Errorf("a dictionary in the encoding %d", h.encoding)
	}
	data, err := c.load(h, 0)
	if err != nil {
		return err
	}
	n := int(h.values)
	if n > c.most(len(data)) {
		return fmt.Errorf("a dictionary of %d values in %d bytes", n, len(data))
	}
	if err := c.room(n); err != nil {
		return err
	}
	c.clear(&c.page, n)
	c.hasDict, c.pageRows = true, n
	return c.plain(data).decode(&c.page, 0, n)
}

// room books the memory of a dictionary's values.
func (c *cursor) room(n int) error {
	if have := max(cap(c.page.Int), cap(c.page.Float), cap(c.page.Text)); n > have {
		return c.file.budget.take(int64(2*n-have) * 16)
	}
	return nil
}

// most is how many values can lie in so many bytes.
func (c *cursor) most(size int) int {
	switch {
	case c.Kind == Bool:
		return 8 * size
	case c.width == 0:
		return size / 4
	}
	return size / c.width
}

// takeData begins a page of rows.
func (c *cursor) takeData(h pageHead) error {
	if h.values > c.rows {
		return fmt.Errorf("%d values, with %d rows left", h.values, c.rows)
	}
	data, err := c.load(h, h.defs+h.repeats)
	if err != nil {
		return err
	}
	c.rows -= h.values
	c.left = int(h.values)
	c.nulls = nil
	if data, err = c.levels(h, data); err != nil {
		return err
	}
	c.values, err = c.decoderOf(h.encoding, data)
	return err
}

// The encodings of levels.
const (
	encodingRLE       = 3
	encodingBitPacked = 4
)

// levels takes the definition levels off.
func (c *cursor) levels(h pageHead, data []byte) ([]byte, error) {
	if h.v2 {
		if c.optional {
			c.nulls = &hybrid{data: data[h.repeats : h.repeats+h.defs], width: 1}
		}
		return data[h.repeats+h.defs:], nil
	}
	if !c.optional {
		return data, nil
	}
	if h.levels != encodingRLE {
		return nil, fmt.Errorf("definition levels in the encoding %d", h.levels)
	}
	if len(data) < 4 {
		return nil, errShort
	}
	size := int64(binary.LittleEndian.Uint32(data))
	if size > int64(len(data)-4) {
		return nil, errShort
	}
	c.nulls = &hybrid{data: data[4 : 4+size], width: 1}
	return data[4+size:], nil
}
