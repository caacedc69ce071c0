package columnar

import (
	"encoding/binary"
	"errors"
)

// A delta reads integers of Parquet's DELTA_BINARY_PACKED: blocks of
// differences, each block of miniblocks with a bit width of their own.
type delta struct {
	data  []byte // what is left
	size  int    // values in a miniblock
	minis int    // miniblocks in a block
	left  int    // values still to come, with the first

	first   bool // the first value is still to come
	last    int64
	least   int64  // smallest difference in the block
	widths  []byte // of the miniblocks of the block that are still to come
	pending []int64
	buffer  []int64
}

// largestMini bounds the values in a miniblock; writers take 32 to 128.
const largestMini = 1 << 14

var errDelta = errors.New("a page of differences is broken")

func newDelta(data []byte) (*delta, error) {
	d := &delta{first: true}
	var head [3]uint64
	for i := range head {
		v, n := binary.Uvarint(data)
		if n <= 0 {
			return nil, errDelta
		}
		head[i], data = v, data[n:]
	}
	last, n := binary.Varint(data)
	if n <= 0 || head[0] > 1<<24 || head[1] == 0 || head[1] > head[0] || head[0]/head[1] > largestMini || head[2] > 1<<31 {
		return nil, errDelta
	}
	d.size, d.minis, d.left, d.last = int(head[0]/head[1]), int(head[1]), int(head[2]), last
	d.data = data[n:]
	return d, nil
}

// read fills dst.
func (d *delta) read(dst []int64) error {
	if len(dst) > d.left {
		return errShort
	}
	d.left -= len(dst)
	if d.first && len(dst) > 0 {
		dst[0], dst, d.first = d.last, dst[1:], false
	}
	for len(dst) > 0 {
		if len(d.pending) == 0 {
			if err := d.unpack(); err != nil {
				return err
			}
		}
		n := copy(dst, d.pending)
		dst, d.pending = dst[n:], d.pending[n:]
	}
	return nil
}

// block reads the head of the next block.
func (d *delta) block() error {
	least, n := binary.Varint(d.data)
	if n <= 0 || len(d.data) < n+d.minis {
		return errDelta
	}
	d.least, d.widths = least, d.data[n:n+d.minis]
	d.data = d.data[n+d.minis:]
	return nil
}

// take gives the bytes of the next miniblock and its bit width.
func (d *delta) take() (bits []byte, width uint, err error) {
	if len(d.widths) == 0 {
		if err := d.block(); err != nil {
			return nil, 0, err
		}
	}
	width = uint(d.widths[0])
	d.widths = d.widths[1:]
	size := d.size * int(width) / 8
	if width > 64 || size > len(d.data) {
		return nil, 0, errDelta
	}
	bits, d.data = d.data[:size], d.data[size:]
	return bits, width, nil
}

// unpack sums one miniblock up.
func (d *delta) unpack() error {
	bits, width, err := d.take()
	if err != nil {
		return err
	}
	d.buffer = grown(d.buffer, d.size)
	d.pending = d.buffer
	at := uint(0)
	for i := range d.pending {
		d.last += d.least + int64(bitsAt(bits, at, width))
		d.pending[i] = d.last
		at += width
	}
	return nil
}

// bitsAt loads up to 64 bits, the lowest first.
func bitsAt(b []byte, at, width uint) uint64 {
	if width == 0 {
		return 0
	}
	v := loadTail(b, at/8) >> (at % 8)
	if have := 64 - at%8; width > have {
		v |= loadTail(b, at/8+8) << have
	}
	if width == 64 {
		return v
	}
	return v & (1<<width - 1)
}

// end passes over all values that are left and gives the bytes behind them.
func (d *delta) end() ([]byte, error) {
	probe := *d
	for left := probe.left - 1; left > 0; left -= probe.size {
		if _, _, err := probe.take(); err != nil {
			return nil, err
		}
	}
	return probe.data, nil
}
