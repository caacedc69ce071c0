package policy

import (
	"math"
	"math/big"

	"github.com/saidi-exporter/saidi/reliability"
)

// Budget is the customer-seconds, in thousandths and rounded down, that a limit
// leaves for a year: v × equivalent customers, which are the customer-seconds in
// service of the year divided by its length in seconds (时户数预算, 用户年均停电时间
// × 等效用户数). ok is false where the limit does not exist or nobody is served.
func (v Value) Budget(service, length int64) (milli int64, ok bool) {
	if !v.Exists() || service <= 0 || length <= 0 {
		return 0, false
	}
	r := new(big.Rat).Mul(v.seconds, new(big.Rat).SetFrac(big.NewInt(service), big.NewInt(length)))
	r.Mul(r, big.NewRat(reliability.Milli, 1))
	whole := new(big.Int).Quo(r.Num(), r.Denom())
	if !whole.IsInt64() {
		return 0, false
	}
	return whole.Int64(), true
}

// Divide splits a whole into parts in proportion to weights, exactly: the share of
// the parts up to and including each is rounded down, in the order given, so the
// parts add up to the whole, and none is a unit or more away from its own share.
//
//	part(i) = ⌊whole × (w(0) + … + w(i)) / Σw⌋ − ⌊whole × (w(0) + … + w(i−1)) / Σw⌋
//
// No weight is below zero; where all are zero the parts are as equal as can be.
// Without weights there are no parts.
func Divide(whole int64, weights []int64) []int64 {
	parts := make([]int64, len(weights))
	sum, even := new(big.Int), int64(0)
	for _, w := range weights {
		sum.Add(sum, big.NewInt(w))
	}
	if sum.Sign() == 0 {
		sum.SetInt64(int64(len(weights)))
		even = 1
	}
	upTo, share, before := new(big.Int), new(big.Int), int64(0)
	for i, w := range weights {
		upTo.Add(upTo, big.NewInt(w+even))
		share.Mul(big.NewInt(whole), upTo).Div(share, sum) // rounds down, below zero too
		parts[i], before = share.Int64()-before, share.Int64()
	}
	return parts
}

// Weights turns amounts into weights for [Divide], in parts per million of their
// sum, so that what is divided by them depends on no last digit of a
// floating-point number. ok is false where there is nothing to go by: the sum is
// not above zero, or no number.
func Weights(amounts []float64) (weights []int64, ok bool) {
	var sum float64
	for _, a := range amounts {
		sum += a
	}
	if !(sum > 0) || math.IsInf(sum, 0) {
		return nil, false
	}
	weights = make([]int64, len(amounts))
	for i, a := range amounts {
		weights[i] = max(0, int64(math.Round(a/sum*1e6)))
	}
	return weights, true
}

// budgetYear is the length in seconds of the year that burn is reckoned by, the
// same in leap years.
const budgetYear = 365 * 86400

// A Burn is a time before as-of, and the share of a year's budget above whose
// use in that time the policy wants to be warned.
type Burn struct {
	Window  string // as it is written, such as 7d
	Seconds int64
	Share   Fraction
}

// Ratio is how fast a budget was used by what was used in the window, both in
// thousandths of customer-seconds; 1 uses it up in exactly a year.
//
//	burn = used / budget × 365 d / window
func (b *Burn) Ratio(used, budget int64) float64 {
	r, _ := new(big.Rat).Mul(big.NewRat(used, budget), big.NewRat(budgetYear, b.Seconds)).Float64()
	return r
}

// Limit is the ratio at which the share is used in the window: 2 % in 24 h are
// 7.3, 5 % in 7 d 2.61, 10 % in 30 d 1.22.
func (b *Burn) Limit() Fraction {
	r := new(big.Rat).Mul(b.Share.rat(), big.NewRat(budgetYear, b.Seconds))
	return Fraction{r.Num().Int64(), r.Denom().Int64()}
}

// Burns lists the times of which the burn is told, the shortest first.
func (r *Risk) Burns() []Burn {
	return []Burn{{"24h", 86400, r.BurnDay}, {"7d", 7 * 86400, r.BurnWeek}, {"30d", 30 * 86400, r.BurnMonth}}
}
