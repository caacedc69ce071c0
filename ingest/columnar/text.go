package columnar

import (
	"math"
	"math/big"
	"strconv"
	"time"
)

// AppendText appends a value as a careful reader of delimited files would take
// it: integers plain, decimals exact, floats with the fewest digits that tell
// them apart, moments as 2006-01-02 15:04:05 (with Z where the column has a
// zone), dates as 2006-01-02, clocks as 15:04:05, bools as true and false, and
// nothing for null. Fractions of a second are added where there are any.
func (v *Values) AppendText(dst []byte, row int) []byte {
	if v.IsNull(row) {
		return dst
	}
	switch v.Kind {
	case Text:
		if v.Dict == nil {
			return append(dst, v.Plain(row)...)
		}
		return append(dst, v.Dict.Text(v.Text[row])...)
	case Integer:
		return strconv.AppendInt(dst, v.Int[row], 10)
	case Float:
		return v.appendFloat(dst, v.Float[row])
	case Decimal:
		return v.appendDecimal(dst, row)
	case Moment:
		return v.appendMoment(dst, row)
	case Date:
		return appendDate(dst, v.Int[row])
	case Clock:
		return v.appendFraction(appendClock(dst, v.Int[row]), row)
	case Bool:
		return strconv.AppendBool(dst, v.Int[row] != 0)
	}
	return dst
}

// appendFloat writes an exponent only where the zeros would be many.
func (v *Values) appendFloat(dst []byte, f float64) []byte {
	bits, format := 64, byte('f')
	if v.Single {
		bits = 32
	}
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(dst, f, format, -1, bits)
}

// appendDecimal puts the point, and zeros where there are too few digits.
func (v *Values) appendDecimal(dst []byte, row int) []byte {
	var digits []byte
	if v.High == nil {
		digits = strconv.AppendInt(nil, v.Int[row], 10)
	} else {
		digits = wide(v.High[row], v.Int[row]).Append(nil, 10)
	}
	if digits[0] == '-' {
		dst, digits = append(dst, '-'), digits[1:]
	}
	if v.Scale <= 0 {
		dst = append(dst, digits...)
		for range -v.Scale {
			if digits[0] == '0' {
				break
			}
			dst = append(dst, '0')
		}
		return dst
	}
	before := len(digits) - int(v.Scale)
	if before <= 0 {
		dst = append(dst, "0."...)
		for range -before {
			dst = append(dst, '0')
		}
		return append(dst, digits...)
	}
	dst = append(append(dst, digits[:before]...), '.')
	return append(dst, digits[before:]...)
}

// wide is the integer whose 128 bits the two words are.
func wide(high, low int64) *big.Int {
	n := new(big.Int).Lsh(big.NewInt(high), 64)
	return n.Add(n, new(big.Int).SetUint64(uint64(low)))
}

// The seconds from 0000-01-01 to the end of 9999, which four digits can say.
const (
	firstSecond = -62167219200
	lastSecond  = 253402300799
)

// appendMoment writes a moment beyond the years of four digits as a count of
// seconds, which no reader takes for a time.
func (v *Values) appendMoment(dst []byte, row int) []byte {
	s := v.Int[row]
	if s < firstSecond || s > lastSecond {
		return append(strconv.AppendInt(dst, s, 10), " seconds after 1970"...)
	}
	days := floor(s, 86400)
	dst = append(appendDate(dst, days), ' ')
	dst = v.appendFraction(appendClock(dst, s-days*86400), row)
	if v.HasZone {
		dst = append(dst, 'Z')
	}
	return dst
}

func appendDate(dst []byte, days int64) []byte {
	if days < firstSecond/86400 || days > lastSecond/86400 {
		return append(strconv.AppendInt(dst, days, 10), " days after 1970"...)
	}
	return time.Unix(days*86400, 0).UTC().AppendFormat(dst, time.DateOnly)
}

func appendClock(dst []byte, s int64) []byte {
	dst = append(appendTwo(dst, s/3600), ':')
	dst = append(appendTwo(dst, s/60%60), ':')
	return appendTwo(dst, s%60)
}

func appendTwo(dst []byte, n int64) []byte {
	if n >= 0 && n < 10 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, n, 10)
}

// appendFraction leaves out the zeros at the end.
func (v *Values) appendFraction(dst []byte, row int) []byte {
	if v.Nanos == nil || v.Nanos[row] == 0 {
		return dst
	}
	digits := strconv.AppendInt(nil, 1e9+int64(v.Nanos[row]), 10)[1:]
	for digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return append(append(dst, '.'), digits...)
}

// floor divides, rounding down, also below zero.
func floor(n, by int64) int64 {
	q := n / by
	if n%by < 0 {
		q--
	}
	return q
}
