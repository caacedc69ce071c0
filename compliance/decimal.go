package compliance

import (
	"regexp"
	"strconv"
	"strings"
)

// decimal matches what is a number in a report that is text.
var decimal = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// sameDecimal says whether two texts are one decimal number, to the last digit: 1e-05
// is 0.00001.
func sameDecimal(a, b string) bool {
	x, okX := decimalOf(a)
	y, okY := decimalOf(b)
	return okX && okY && x == y
}

// A decimalNumber is digits that neither begin nor end with a zero, times a power of
// ten; zero has none.
type decimalNumber struct {
	negative bool
	digits   string
	power    int
}

// decimalOf reads a number; false if the text is none.
func decimalOf(text string) (n decimalNumber, ok bool) {
	if !decimal.MatchString(text) {
		return n, false
	}
	text, n.negative = strings.CutPrefix(strings.TrimPrefix(text, "+"), "-")
	mantissa, power, scaled := strings.Cut(strings.ToLower(text), "e")
	if scaled {
		var err error
		if n.power, err = strconv.Atoi(power); err != nil {
			return n, false
		}
	}
	whole, part, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+part, "0")
	if n.digits = strings.TrimRight(digits, "0"); n.digits == "" {
		return decimalNumber{}, true
	}
	n.power += len(digits) - len(n.digits) - len(part)
	return n, true
}
