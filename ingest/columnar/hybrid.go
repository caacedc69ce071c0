package columnar

import (
	"encoding/binary"
	"errors"
)

// A hybrid reads the numbers of Parquet's hybrid of run lengths and packed
// bits: definition levels, codes of a dictionary, and bools.
type hybrid struct {
	data  []byte // what is left
	width uint   // bits in a number, 0 to 32

	repeats int    // of the value, still to come
	value   uint32 //
	packed  int    // numbers still to come from bits
	bits    []byte // of the present packed run
	at      uint   // the next bit in it
}

var errShort = errors.New("a page ends before its values do")

// begin finds the next run.
func (h *hybrid) begin() error {
	head, n := binary.Uvarint(h.data)
	if n <= 0 || head>>1 > 1<<31 {
		return errShort
	}
	h.data = h.data[n:]
	if head&1 == 1 {
		return h.beginPacked(int(head >> 1))
	}
	size := int(h.width+7) / 8
	if len(h.data) < size {
		return errShort
	}
	h.value = 0
	for i := range size {
		h.value |= uint32(h.data[i]) << (8 * i)
	}
	h.data, h.repeats = h.data[size:], int(head>>1)
	return nil
}

// beginPacked takes the bits of groups of eight numbers. Some writers cut the
// last group short.
func (h *hybrid) beginPacked(groups int) error {
	size := groups * int(h.width)
	h.packed = 8 * groups
	if size > len(h.data) {
		size = len(h.data)
		h.packed = size * 8 / int(h.width)
	}
	h.bits, h.at = h.data[:size], 0
	h.data = h.data[size:]
	return nil
}

// refill makes sure that a run of at least one number is at hand.
func (h *hybrid) refill() error {
	for h.repeats == 0 && h.packed == 0 {
		if err := h.begin(); err != nil {
			return err
		}
	}
	return nil
}

// read fills dst.
func (h *hybrid) read(dst []uint32) error {
	for len(dst) > 0 {
		if err := h.refill(); err != nil {
			return err
		}
		n := min(len(dst), h.repeats)
		if n > 0 {
			for i := range dst[:n] {
				dst[i] = h.value
			}
			h.repeats -= n
		} else {
			n = min(len(dst), h.packed)
			h.unpack(dst[:n])
			h.packed -= n
		}
		dst = dst[n:]
	}
	return nil
}

// unpack takes numbers out of the present bits. Eight bytes are loaded at once
// where the buffer has them.
func (h *hybrid) unpack(dst []uint32) {
	width, at := h.width, h.at
	mask := uint64(1)<<width - 1
	wide := h.bits
	if cap(wide) >= len(wide)+padding {
		wide = wide[:len(wide)+padding]
	}
	i := 0
	for ; i < len(dst) && int(at/8)+8 <= len(wide); i++ {
		dst[i] = uint32(binary.LittleEndian.Uint64(wide[at/8:]) >> (at % 8) & mask)
		at += width
	}
	for ; i < len(dst); i++ {
		dst[i] = uint32(loadTail(wide, at/8) >> (at % 8) & mask)
		at += width
	}
	h.at = at
}

// loadTail loads up to eight bytes from the end of a buffer.
func loadTail(b []byte, from uint) uint64 {
	var word [8]byte
	if from < uint(len(b)) {
		copy(word[:], b[from:])
	}
	return binary.LittleEndian.Uint64(word[:])
}

// nulls fills dst with what definition levels of one bit say, true for null,
// and counts the values that are there.
func (h *hybrid) nulls(dst []bool) (present int, err error) {
	for len(dst) > 0 {
		if err := h.refill(); err != nil {
			return 0, err
		}
		n := min(len(dst), h.repeats)
		if n > 0 {
			for i := range dst[:n] {
				dst[i] = h.value == 0
			}
			present += n * int(h.value&1)
			h.repeats -= n
		} else {
			n = min(len(dst), h.packed)
			present += h.unpackNulls(dst[:n])
			h.packed -= n
		}
		dst = dst[n:]
	}
	return present, nil
}

func (h *hybrid) unpackNulls(dst []bool) (present int) {
	for i := range dst {
		bit := h.bits[h.at/8] >> (h.at % 8) & 1
		dst[i] = bit == 0
		present += int(bit)
		h.at++
	}
	return present
}
