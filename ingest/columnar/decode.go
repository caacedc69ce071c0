package columnar

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/apache/arrow/go/v17/parquet"
)

// grownReader is a buffered reader with room for n bytes that goes on where in
// is.
func grownReader(in *bufio.Reader, n int) *bufio.Reader { return bufio.NewReaderSize(io.Reader(in), n) }

// A decoder gives the values of one page, nulls left out, in their order.
type decoder interface {
	// decode writes the next values to the rows from from, before to.
	decode(v *Values, from, to int) error
}

// The encodings of values.
const (
	encodingPlain           = 0
	encodingPlainDictionary = 2
	encodingDeltaInteger    = 5
	encodingDeltaLength     = 6
	encodingDeltaText       = 7
	encodingDictionary      = 8
	encodingStreamSplit     = 9
)

// decoderOf makes the decoder of a page.
func (c *cursor) decoderOf(encoding int64, data []byte) (decoder, error) {
	integer := c.physical == parquet.Types.Int32 || c.physical == parquet.Types.Int64
	bytes := c.physical == parquet.Types.ByteArray
	fixed := c.physical == parquet.Types.FixedLenByteArray
	switch {
	case encoding == encodingPlain:
		return c.plain(data), nil
	case encoding == encodingPlainDictionary || encoding == encodingDictionary:
		return c.coded(data)
	case encoding == encodingRLE && c.Kind == Bool:
		if len(data) < 4 {
			return nil, errShort
		}
		return &runs{bits: hybrid{data: data[4:], width: 1}}, nil
	case encoding == encodingDeltaInteger && integer:
		d, err := newDelta(data)
		return &differences{delta: d, narrow: c.width == 4}, err
	case encoding == encodingDeltaLength && bytes:
		return newDeltaLength(c, data)
	case encoding == encodingDeltaText && (bytes || fixed):
		return newDeltaText(c, data)
	case encoding == encodingStreamSplit && c.width > 0 && c.width != 12:
		return c.plain(joined(data, c.width)), nil
	}
	return nil, fmt.Errorf("the encoding %d of %s is not known", encoding, c.physical)
}

// coded makes a decoder of codes into the chunk's dictionary.
func (c *cursor) coded(data []byte) (decoder, error) {
	if !c.hasDict {
		return nil, errors.New("codes without a dictionary")
	}
	if len(data) == 0 {
		return &codes{page: &c.page, keep: c.keepPlain, n: c.pageRows, scratch: &c.codes}, nil
	}
	if data[0] > 32 {
		return nil, fmt.Errorf("codes of %d bits", data[0])
	}
	return &codes{page: &c.page, keep: c.keepPlain, n: c.pageRows, scratch: &c.codes, bits: hybrid{data: data[1:], width: uint(data[0])}}, nil
}

// codes looks values up in a dictionary.
type codes struct {
	page    *Values
	keep    taker // of texts that are not to be coded
	n       int   // values in the dictionary
	bits    hybrid
	scratch *[]uint32 // memory of the column
}

func (d *codes) decode(v *Values, from, to int) error {
	if v.Kind == Text && v.Dict != nil {
		if err := d.bits.read(v.Text[from:to]); err != nil {
			return err
		}
		return look(v.Text[from:to], v.Text[from:to], d.page.Text)
	}
	*d.scratch = grown(*d.scratch, to-from)
	if err := d.bits.read(*d.scratch); err != nil {
		return err
	}
	if v.Kind == Text {
		return d.plain(v, from)
	}
	return gather(v, from, *d.scratch, d.page)
}

// plain copies texts that are not to be coded.
func (d *codes) plain(v *Values, from int) error {
	for i, code := range *d.scratch {
		if uint(code) >= uint(len(d.page.Spans)) {
			return errCode
		}
		if err := d.keep(v, from+i, d.page.Plain(int(code))); err != nil {
			return err
		}
	}
	return nil
}

// gather takes values from a dictionary by their codes.
func gather(v *Values, from int, codes []uint32, dict *Values) error {
	to := from + len(codes)
	switch v.Kind {
	case Text:
		return look(v.Text[from:to], codes, dict.Text)
	case Float:
		return look(v.Float[from:to], codes, dict.Float)
	}
	if dict.Nanos != nil {
		if v.Nanos == nil {
			v.Nanos = make([]int32, len(v.Int))
		}
		if err := look(v.Nanos[from:to], codes, dict.Nanos); err != nil {
			return err
		}
	}
	if dict.High != nil {
		v.widen(from)
		if err := look(v.High[from:to], codes, dict.High); err != nil {
			return err
		}
	}
	err := look(v.Int[from:to], codes, dict.Int)
	if dict.High == nil && v.High != nil {
		extend(v.High[from:to], v.Int[from:to])
	}
	return err
}

// widen gives decimals upper words, those of the rows before to from the sign.
func (v *Values) widen(to int) {
	if v.High == nil {
		v.High = make([]int64, len(v.Int))
		extend(v.High[:to], v.Int[:to])
	}
}

// extend sets upper words from the sign of the lower ones.
func extend(high, low []int64) {
	for i, n := range low {
		high[i] = n >> 63
	}
}

var errCode = errors.New("a code beyond the dictionary")

// look takes values by their codes; dst may be the codes themselves.
func look[T any](dst []T, codes []uint32, dict []T) error {
	for i, code := range codes {
		if uint(code) >= uint(len(dict)) {
			return errCode
		}
		dst[i] = dict[code]
	}
	return nil
}

// runs are bools in run lengths.
type runs struct {
	bits    hybrid
	scratch []uint32
}

func (d *runs) decode(v *Values, from, to int) error {
	d.scratch = grown(d.scratch, to-from)
	if err := d.bits.read(d.scratch); err != nil {
		return err
	}
	for i, b := range d.scratch {
		v.Int[from+i] = int64(b)
	}
	return nil
}

// differences are integers as differences.
type differences struct {
	*delta
	narrow bool // to 32 bits, in which they may have overflowed
}

func (d *differences) decode(v *Values, from, to int) error {
	if err := d.read(v.Int[from:to]); err != nil {
		return err
	}
	if d.narrow {
		for i, n := range v.Int[from:to] {
			v.Int[from+i] = int64(int32(n))
		}
	}
	return nil
}

// plain makes the decoder of values that lie one behind the other.
func (c *cursor) plain(data []byte) decoder {
	switch {
	case c.Kind == Bool:
		return &plainBits{data: data}
	case c.physical == parquet.Types.ByteArray:
		return &plainBytes{take: c.takeBytes, keep: c.keepPlain, text: c.form == formText && c.Kind == Text, data: data}
	case c.physical == parquet.Types.FixedLenByteArray:
		return &plainFixed{take: c.takeBytes, width: c.width, data: data}
	}
	return &plainNumbers{physical: c.physical, width: c.width, data: data}
}

// plainBits are bools, eight a byte.
type plainBits struct {
	data []byte
	at   int
}

func (d *plainBits) decode(v *Values, from, to int) error {
	if to-from > 8*len(d.data)-d.at {
		return errShort
	}
	for i := from; i < to; i++ {
		v.Int[i] = int64(d.data[d.at/8] >> (d.at % 8) & 1)
		d.at++
	}
	return nil
}

// plainNumbers are integers, floats and INT96 timestamps.
type plainNumbers struct {
	physical parquet.Type
	width    int
	data     []byte
}

func (d *plainNumbers) decode(v *Values, from, to int) error {
	size := (to - from) * d.width
	if size > len(d.data) {
		return errShort
	}
	data := d.data[:size]
	d.data = d.data[size:]
	switch d.physical {
	case parquet.Types.Int32:
		for i := range v.Int[from:to] {
			v.Int[from+i] = int64(int32(binary.LittleEndian.Uint32(data[4*i:])))
		}
	case parquet.Types.Int64:
		ints := v.Int[from:to]
		for i := range ints {
			ints[i] = int64(binary.LittleEndian.Uint64(data[8*i:]))
		}
	case parquet.Types.Float:
		for i := range v.Float[from:to] {
			v.Float[from+i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:])))
		}
	case parquet.Types.Double:
		for i := range v.Float[from:to] {
			v.Float[from+i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
		}
	default:
		takeInt96(v, from, to, data)
	}
	return nil
}

// julian1970 is the Julian day of 1970-01-01.
const julian1970 = 2440588

// takeInt96 reads a nanosecond of the day and a Julian day each.
func takeInt96(v *Values, from, to int, data []byte) {
	for i := range to - from {
		nanos := int64(binary.LittleEndian.Uint64(data[12*i:]))
		day := int64(binary.LittleEndian.Uint32(data[12*i+8:]))
		s := floor(nanos, 1e9)
		v.Int[from+i] = (day-julian1970)*86400 + s
		v.Nanos[from+i] = int32(nanos - s*1e9)
	}
}

// A taker writes what a string of bytes stands for into a row.
type taker func(v *Values, row int, b []byte) error

// plainBytes are strings of bytes, each behind its length.
type plainBytes struct {
	take taker
	keep taker // of texts that are not to be coded
	text bool
	data []byte
}

func (d *plainBytes) decode(v *Values, from, to int) error {
	data := d.data
	for i := from; i < to; i++ {
		if len(data) < 4 {
			return errShort
		}
		size := uint64(binary.LittleEndian.Uint32(data))
		if size > uint64(len(data)-4) {
			return errShort
		}
		b := data[4 : 4+size]
		data = data[4+size:]
		if !d.text {
			if err := d.take(v, i, b); err != nil {
				return err
			}
			continue
		}
		if v.Dict == nil {
			if err := d.keep(v, i, b); err != nil {
				return err
			}
			continue
		}
		code, err := v.Dict.Intern(b)
		if err != nil {
			return err
		}
		v.Text[i] = code
	}
	d.data = data
	return nil
}

// plainFixed are strings of bytes of one length.
type plainFixed struct {
	take  taker
	width int
	data  []byte
}

func (d *plainFixed) decode(v *Values, from, to int) error {
	if to-from > len(d.data)/d.width {
		return errShort
	}
	for i := from; i < to; i++ {
		if err := d.take(v, i, d.data[:d.width]); err != nil {
			return err
		}
		d.data = d.data[d.width:]
	}
	return nil
}

// joined undoes BYTE_STREAM_SPLIT, which has all first bytes of the values
// first, then all second ones.
func joined(data []byte, width int) []byte {
	n := len(data) / width
	whole := make([]byte, n*width)
	for k := range width {
		for i, b := range data[k*n : (k+1)*n] {
			whole[i*width+k] = b
		}
	}
	return whole
}
