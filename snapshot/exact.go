package snapshot

import (
	"encoding/json"
	"math/big"

	"github.com/saidi-exporter/saidi/reliability"
)

// Hours are average hours without supply, exactly, so that parts add up to their
// sum. The zero value does not exist.
type Hours struct{ exact *big.Rat }

// hoursOf divides thousandths of customer-seconds by the equivalent customers of a
// window, of which service is ∫ customers in service dt and length the seconds.
// Where nobody was served there are no hours.
//
//	S / N,  N = service / length
func hoursOf(milli, service, length int64) Hours {
	if service <= 0 || length <= 0 {
		return Hours{}
	}
	h := big.NewRat(milli, reliability.Milli*3600)
	return Hours{h.Mul(h, big.NewRat(length, service))}
}

// less is h − o; it does not exist where one of them does not.
func (h Hours) less(o Hours) Hours {
	if h.exact == nil || o.exact == nil {
		return Hours{}
	}
	return Hours{new(big.Rat).Sub(h.exact, o.exact)}
}

// Rat is h as a fraction; nil where it does not exist.
func (h Hours) Rat() *big.Rat {
	if h.exact == nil {
		return nil
	}
	return new(big.Rat).Set(h.exact)
}

// Float is the floating-point number nearest to h; nil where it does not exist.
func (h Hours) Float() *float64 {
	if h.exact == nil {
		return nil
	}
	near, _ := h.exact.Float64()
	return &near
}

// Fixed writes h with so many decimals, of which the last is rounded from the
// exact number; it is empty where h does not exist.
func (h Hours) Fixed(decimals int) string {
	if h.exact == nil {
		return ""
	}
	return h.exact.FloatString(decimals)
}

// MarshalJSON writes the nearest floating-point number, or null.
func (h Hours) MarshalJSON() ([]byte, error) { return json.Marshal(h.Float()) }
