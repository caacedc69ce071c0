package columnar

import (
	"fmt"
	"sync/atomic"
)

// Limits bounds what a hostile or broken file can cost. The zero value of each
// field stands for its default.
type Limits struct {
	Memory     int64 // bytes of pages, dictionaries and texts held at once; by default 640 MiB
	Columns    int   // columns at the top of the file; by default 4096
	Dictionary int   // distinct texts of one column after which a new row group or record batch begins a new dictionary; by default 4 Mi
	Text       int   // bytes in one text; by default 1 MiB
}

// withDefaults fills in what is not set.
func (l Limits) withDefaults() Limits {
	if l.Memory <= 0 {
		l.Memory = 640 << 20
	}
	if l.Columns <= 0 {
		l.Columns = 4096
	}
	if l.Dictionary <= 0 {
		l.Dictionary = 4 << 20
	}
	if l.Text <= 0 {
		l.Text = 1 << 20
	}
	return l
}

// largestBlock bounds the bytes of one page or buffer as a part of the memory.
func (l Limits) largestBlock() int64 { return l.Memory / 4 }

// A budget counts the bytes that may still be taken, by all readers of one file
// together.
type budget struct {
	limit int64
	taken atomic.Int64
}

func newBudget(limit int64) *budget { return &budget{limit: limit} }

// take books n bytes that live as long as the reader.
func (b *budget) take(n int64) error {
	if n < 0 || n > b.limit || b.taken.Add(n) > b.limit {
		if n > 0 && n <= b.limit {
			b.taken.Add(-n)
		}
		return fmt.Errorf("the file needs more memory than the limit of %d bytes", b.limit)
	}
	return nil
}

// give returns n bytes.
func (b *budget) give(n int64) { b.taken.Add(-n) }

// isShort says whether so much is taken that dictionaries should not grow over
// the groups of a file.
func (b *budget) isShort() bool { return b.taken.Load() > b.limit/4 }

// resize gives a buffer of n bytes, the old one where that is large enough.
// Its content is not kept.
func (b *budget) resize(buf []byte, n int64) ([]byte, error) {
	if n <= int64(cap(buf)) {
		return buf[:n], nil
	}
	b.give(int64(cap(buf)))
	if err := b.take(n + padding); err != nil {
		return nil, err
	}
	return make([]byte, n, n+padding), nil
}

// padding is how many bytes behind a block may be loaded, though not used, so
// that unpacking bits needs no special case at the end.
const padding = 8
