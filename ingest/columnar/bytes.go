package columnar

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
)

// takeBytes writes what a string of bytes stands for into a row.
func (c *cursor) takeBytes(v *Values, row int, b []byte) error {
	switch c.form {
	case formNumber:
		return takeNumber(v, row, b)
	case formHalf:
		v.Float[row] = half(uint16(b[0]) | uint16(b[1])<<8)
		return nil
	case formUUID:
		if len(b) == 16 {
			b = appendUUID(make([]byte, 0, 36), b)
		}
	}
	if v.Dict == nil {
		return c.keepPlain(v, row, b)
	}
	code, err := v.Dict.Intern(b)
	if err != nil {
		return err
	}
	v.Text[row] = code
	return nil
}

// keepPlain writes a text behind those of the rows before it.
func (c *cursor) keepPlain(v *Values, row int, b []byte) error {
	if len(b) > c.file.limits.Text {
		return fmt.Errorf("a text of %d bytes, more than the limit of %d", len(b), c.file.limits.Text)
	}
	from := len(v.Bytes)
	if n := from + len(b); n > cap(v.Bytes) {
		if n > math.MaxInt32 {
			return errors.New("the texts of a batch take more than 2 GiB")
		}
		larger, err := c.file.budget.resize(nil, int64(max(n, 2*cap(v.Bytes), 1<<16)))
		if err != nil {
			return err
		}
		c.file.budget.give(int64(cap(v.Bytes)))
		v.Bytes = larger[:copy(larger, v.Bytes)]
	}
	v.Bytes = append(v.Bytes, b...)
	v.Spans[row] = Span{uint32(from), uint32(len(v.Bytes))}
	return nil
}

// appendUUID writes 16 bytes in the usual five groups.
func appendUUID(dst, b []byte) []byte {
	from := 0
	for _, to := range []int{4, 6, 8, 10} {
		dst = append(hex.AppendEncode(dst, b[from:to]), '-')
		from = to
	}
	return hex.AppendEncode(dst, b[from:])
}

// takeNumber reads a two's complement, the highest byte first, whose value must
// fit into 128 bits.
func takeNumber(v *Values, row int, b []byte) error {
	if len(b) == 0 {
		return errors.New("a decimal of no bytes")
	}
	sign := int64(int8(b[0])) >> 63
	for len(b) > 16 {
		if int64(int8(b[0])) != sign {
			return errors.New("a decimal of more than 128 bits")
		}
		b = b[1:]
	}
	high, low := sign, uint64(sign)
	for _, x := range b {
		high = high<<8 | int64(low>>56)
		low = low<<8 | uint64(x)
	}
	v.setWide(row, high, int64(low))
	return nil
}

// setWide writes a decimal. Upper words are only kept from the first row on
// that needs one; the rows are written in their order.
func (v *Values) setWide(row int, high, low int64) {
	v.Int[row] = low
	if v.High == nil && high != low>>63 {
		v.widen(row)
	}
	if v.High != nil {
		v.High[row] = high
	}
}

// half is the value of a float of 16 bits.
func half(bits uint16) float64 {
	sign := 1.0
	if bits>>15 == 1 {
		sign = -1
	}
	exponent, fraction := int(bits>>10&31), float64(bits&1023)
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

// deltaLength are strings of bytes behind all their lengths.
type deltaLength struct {
	take    taker
	lengths *delta
	data    []byte
	scratch []int64
}

func newDeltaLength(c *cursor, data []byte) (decoder, error) {
	lengths, err := newDelta(data)
	if err != nil {
		return nil, err
	}
	rest, err := lengths.end()
	return &deltaLength{take: c.takeBytes, lengths: lengths, data: rest}, err
}

func (d *deltaLength) decode(v *Values, from, to int) error {
	d.scratch = grown(d.scratch, to-from)
	if err := d.lengths.read(d.scratch); err != nil {
		return err
	}
	for i, n := range d.scratch {
		if n < 0 || n > int64(len(d.data)) {
			return errShort
		}
		if err := d.take(v, from+i, d.data[:n]); err != nil {
			return err
		}
		d.data = d.data[n:]
	}
	return nil
}

// deltaText are strings of bytes that share their beginning with the one
// before.
type deltaText struct {
	take     taker
	longest  int
	width    int // of each value, 0 where they differ
	prefixes *delta
	suffixes *delta
	data     []byte
	last     []byte
	scratch  []int64
}

func newDeltaText(c *cursor, data []byte) (decoder, error) {
	prefixes, err := newDelta(data)
	if err != nil {
		return nil, err
	}
	if data, err = prefixes.end(); err != nil {
		return nil, err
	}
	suffixes, err := newDelta(data)
	if err != nil {
		return nil, err
	}
	rest, err := suffixes.end()
	return &deltaText{take: c.takeBytes, longest: c.file.limits.Text, width: c.width, prefixes: prefixes, suffixes: suffixes, data: rest}, err
}

func (d *deltaText) decode(v *Values, from, to int) error {
	n := to - from
	d.scratch = grown(d.scratch, 2*n)
	if err := d.prefixes.read(d.scratch[:n]); err != nil {
		return err
	}
	if err := d.suffixes.read(d.scratch[n:]); err != nil {
		return err
	}
	for i := range n {
		if err := d.next(d.scratch[i], d.scratch[n+i]); err != nil {
			return err
		}
		if err := d.take(v, from+i, d.last); err != nil {
			return err
		}
	}
	return nil
}

// next puts the next string together.
func (d *deltaText) next(prefix, suffix int64) error {
	if prefix < 0 || prefix > int64(len(d.last)) || suffix < 0 || suffix > int64(len(d.data)) {
		return errShort
	}
	if prefix+suffix > int64(d.longest) {
		return fmt.Errorf("a text of %d bytes, more than the limit of %d", prefix+suffix, d.longest)
	}
	d.last = append(d.last[:prefix], d.data[:suffix]...)
	d.data = d.data[suffix:]
	if d.width > 0 && len(d.last) != d.width {
		return errors.New("a value of the wrong length")
	}
	return nil
}
