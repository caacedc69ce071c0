package postgres

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgtype"
)

// A kind is what watermarks are made of.
type kind string

const (
	kindTimestamptz kind = "timestamptz"
	kindTimestamp   kind = "timestamp" // without zone
	kindDate        kind = "date"
	kindInteger     kind = "integer"
	kindNumeric     kind = "numeric"
	kindText        kind = "text"
)

// kindOf is the kind of a column's type; ok is false where the type does not
// order rows as they are written.
func kindOf(oid uint32) (k kind, ok bool) {
	switch oid {
	case pgtype.TimestamptzOID:
		return kindTimestamptz, true
	case pgtype.TimestampOID:
		return kindTimestamp, true
	case pgtype.DateOID:
		return kindDate, true
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID:
		return kindInteger, true
	case pgtype.NumericOID:
		return kindNumeric, true
	case pgtype.TextOID, pgtype.VarcharOID:
		return kindText, true
	}
	return "", false
}

// cast is the type of a parameter that is compared with a column of the kind.
func (k kind) cast() string {
	if k == kindInteger {
		return "int8"
	}
	return string(k)
}

// layout is how times of the kind are written; empty where they are none.
func (k kind) layout() string {
	switch k {
	case kindTimestamptz:
		return "2006-01-02T15:04:05.999999Z"
	case kindTimestamp:
		return "2006-01-02T15:04:05.999999"
	case kindDate:
		return time.DateOnly
	}
	return ""
}

// isTime says whether the kind has a distance from now.
func (k kind) isTime() bool { return k.layout() != "" }

// A mark is one watermark: the text that the server takes for it, and for all but
// texts its place on the line: microseconds of the wall clock, or the number
// rounded down.
type mark struct {
	value string
	place int64
}

// readMark takes a mark from its text. Only what [mark.value] would be is taken,
// so that a text which was changed by hand or cut off is found out.
func readMark(k kind, value string) (mark, error) {
	switch {
	case k.isTime():
		at, err := time.Parse(k.layout(), value)
		if err != nil || at.Format(k.layout()) != value {
			return mark{}, notOf(k, value)
		}
		return mark{value, at.UnixMicro()}, nil
	case k == kindInteger:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || strconv.FormatInt(n, 10) != value {
			return mark{}, notOf(k, value)
		}
		return mark{value, n}, nil
	case k == kindNumeric:
		n, ok := decimal(value)
		if !ok {
			return mark{}, notOf(k, value)
		}
		return mark{value, floor(n)}, nil
	case k == kindText && utf8.ValidString(value) && !strings.ContainsRune(value, 0):
		return mark{value: value}, nil
	}
	return mark{}, notOf(k, value)
}

func notOf(k kind, value string) error {
	return fmt.Errorf("%q is not a watermark of type %s", value, k)
}

// told takes a mark as the server writes it, which writes times with a blank.
func told(k kind, text string) (mark, error) {
	if k == kindTimestamptz || k == kindTimestamp {
		text = strings.Replace(text, " ", "T", 1)
	}
	if k == kindTimestamptz {
		text += "Z"
	}
	return readMark(k, text)
}

// decimal reads a number as the server writes it, without exponent.
func decimal(text string) (*big.Rat, bool) {
	digits := strings.TrimPrefix(text, "-")
	whole, part, point := strings.Cut(digits, ".")
	for _, d := range []string{whole, part} {
		if strings.Trim(d, "0123456789") != "" {
			return nil, false
		}
	}
	if whole == "" || point && part == "" {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// floor rounds a number down, within the numbers that an int64 holds.
func floor(n *big.Rat) int64 {
	whole := new(big.Int).Div(n.Num(), n.Denom()) // Euclidean: down, as denominators are positive
	switch {
	case whole.IsInt64():
		return whole.Int64()
	case whole.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

const microsecondsPerDay = int64(24 * time.Hour / time.Microsecond)

// firstPlace is the first instant that a mark can be: earlier ones stand for it.
var firstPlace = time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// before is the mark that lies an overlap before m: microseconds for times, else
// whole numbers.
func (m mark) before(k kind, overlap int64) mark {
	switch k {
	case kindTimestamptz, kindTimestamp, kindDate:
		if k == kindDate {
			overlap = (overlap + microsecondsPerDay - 1) / microsecondsPerDay * microsecondsPerDay
		}
		place := max(m.place-overlap, firstPlace)
		return mark{time.UnixMicro(place).UTC().Format(k.layout()), place}
	case kindInteger:
		place := m.place - overlap
		if place > m.place {
			place = math.MinInt64
		}
		return mark{strconv.FormatInt(place, 10), place}
	case kindNumeric:
		n, _ := decimal(m.value)
		n.Sub(n, new(big.Rat).SetInt64(overlap))
		_, part, _ := strings.Cut(m.value, ".")
		return mark{n.FloatString(len(part)), floor(n)}
	}
	return m
}

// overlap is how far before a mark of the kind a look begins, as [mark.before]
// counts it.
func (c Config) overlap(k kind) int64 {
	switch {
	case k.isTime():
		return c.Overlap.Microseconds()
	case k == kindText:
		return 0
	}
	return c.OverlapNumber
}
