package policy

import (
	"math/big"
	"strings"
)

// longestDuration bounds every duration of a policy file, in seconds: ten
// years.
const longestDuration = 3660 * 86400

// ParseDuration reads a decimal number with one unit of s, m, h or d, such as
// "45d" or "2.73h", as seconds. It must be a whole number of seconds from 0 to
// longestDuration.
func ParseDuration(text string) (seconds int64, ok bool) {
	number := strings.TrimRight(text, "smhd")
	unit, known := map[string]int64{"s": 1, "m": 60, "h": 3600, "d": 86400}[text[len(number):]]
	if !known || len(number) > 20 || strings.Trim(number, "0123456789.") != "" {
		return 0, false
	}
	value, ok := new(big.Rat).SetString(number)
	if !ok {
		return 0, false
	}
	value.Mul(value, new(big.Rat).SetInt64(unit))
	if !value.IsInt() || value.Cmp(new(big.Rat).SetInt64(longestDuration)) > 0 {
		return 0, false
	}
	return value.Num().Int64(), true
}
