package policy

import (
	"math/big"
	"strings"
)

// A Fraction is an exact share or ratio, Num / Den; Den is above zero.
type Fraction struct{ Num, Den int64 }

// Float is f as a floating-point number, for showing.
func (f Fraction) Float() float64 { return float64(f.Num) / float64(f.Den) }

func (f Fraction) rat() *big.Rat { return big.NewRat(f.Num, f.Den) }

// String writes f as a decimal number, exactly; the zero value, which is no
// fraction, as nothing.
func (f Fraction) String() string {
	if f.Den == 0 {
		return ""
	}
	return decimal(f.rat())
}

// Percent writes f in per cent, exactly, such as "8%".
func (f Fraction) Percent() string {
	return decimal(new(big.Rat).Mul(f.rat(), big.NewRat(100, 1))) + "%"
}

// decimal writes a number that has finitely many decimals.
func decimal(r *big.Rat) string {
	text := r.FloatString(12)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// longestFraction bounds the digits of a fraction, so that no comparison of it
// leaves 64 bits before it is made.
const longestFraction = 9

// ParseFraction reads a decimal number that is not negative, such as "0.99" or
// "1.2", or one in per cent, such as "8%".
func ParseFraction(text string) (f Fraction, ok bool) {
	number, percent := strings.CutSuffix(text, "%")
	if len(number) > longestFraction || strings.Trim(number, "0123456789.") != "" {
		return f, false
	}
	value, ok := new(big.Rat).SetString(number)
	if !ok {
		return f, false
	}
	if percent {
		value.Quo(value, big.NewRat(100, 1))
	}
	return Fraction{Num: value.Num().Int64(), Den: value.Denom().Int64()}, true
}
