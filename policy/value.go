package policy

import (
	"math/big"
	"strconv"

	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// A Value is an average time without supply of a customer served, exactly. The
// zero value does not exist.
type Value struct {
	seconds *big.Rat // for each customer; nil where it does not exist

	milli, service, length int64 // what it is worked out from, zero where it was published
}

// Average gives the value that follows from sums: customer-seconds without
// supply in thousandths, customer-seconds in service, and the length in seconds
// of the window. Where nobody was served it does not exist.
//
//	SAIDI = Σ t·n / N,  N = ∫ customers in service dt / length
func Average(milli, service, length int64) Value {
	if service <= 0 || length <= 0 {
		return Value{}
	}
	seconds := new(big.Rat).SetFrac(
		new(big.Int).Mul(big.NewInt(milli), big.NewInt(length)),
		new(big.Int).Mul(big.NewInt(service), big.NewInt(reliability.Milli)),
	)
	return Value{seconds: seconds, milli: milli, service: service, length: length}
}

// Published gives a value that somebody else worked out, in seconds.
func Published(seconds *big.Rat) Value { return Value{seconds: new(big.Rat).Set(seconds)} }

// Less is v without some customer-seconds, in thousandths.
func (v Value) Less(milli int64) Value { return Average(v.milli-milli, v.service, v.length) }

// Exists says whether anybody was served.
func (v Value) Exists() bool { return v.seconds != nil }

// Zero says whether v exists and is zero.
func (v Value) Zero() bool { return v.seconds != nil && v.seconds.Sign() == 0 }

// Hours is v in hours, for showing; ok is false where v does not exist.
func (v Value) Hours() (hours float64, ok bool) {
	if v.seconds == nil {
		return 0, false
	}
	hours, _ = new(big.Rat).Quo(v.seconds, hour()).Float64()
	return hours, true
}

// Cmp compares two values that exist, exactly.
func (v Value) Cmp(w Value) int { return v.seconds.Cmp(w.seconds) }

// longer says whether v is longer than its own window, which it cannot be.
func (v Value) longer(w period.Period) bool {
	return v.Exists() && w.Seconds() > 0 && v.seconds.Cmp(big.NewRat(w.Seconds(), 1)) > 0
}

// times is a share of v.
func (v Value) times(share *big.Rat) Value {
	return Value{seconds: new(big.Rat).Mul(v.seconds, share)}
}

// over is the ratio of v to w, which is not zero.
func (v Value) over(w Value) *big.Rat { return new(big.Rat).Quo(v.seconds, w.seconds) }

func hour() *big.Rat { return big.NewRat(3600, 1) }

// fixed writes v in hours with so many decimals.
func (v Value) fixed(decimals int) string {
	return new(big.Rat).Quo(v.seconds, hour()).FloatString(decimals)
}

// division writes how v came about: the customer-hours and equivalent customers
// that were divided.
func (v Value) division() string {
	if v.service == 0 {
		return ""
	}
	customerHours := new(big.Rat).SetFrac64(v.milli, reliability.Milli*3600)
	customers := new(big.Rat).SetFrac64(v.service, v.length)
	return trimmed(customerHours.FloatString(4)) + " customer-hours / " + trimmed(customers.FloatString(4)) + " customers"
}

// trimmed drops decimals that say nothing.
func trimmed(number string) string {
	f, err := strconv.ParseFloat(number, 64)
	if err == nil && f == float64(int64(f)) {
		return strconv.FormatInt(int64(f), 10)
	}
	return number
}
