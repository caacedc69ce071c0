package compliance

import (
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/wording"
)

// absent stands for a number that does not exist.
const absent = "–"

// figures writes a number as a column of its kind shows it.
func figures(k Kind, v float64) string {
	switch k {
	case Count:
		return apart(fixed(v, 0))
	case Hours:
		return apart(fixed(v, 2))
	case Exact:
		return apart(trimmed(fixed(v, 3)))
	case Percent:
		return fixed(v*100, 1) + " %"
	case Share:
		return fixed(v, 6)
	case Number:
		return fixed(v, 4)
	}
	return trimmed(fixed(v, 6))
}

// fixed writes a number with so many decimals; what rounds to zero has no sign.
func fixed(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return strings.Replace(text, "-", wording.Minus, 1)
}

// trimmed leaves out decimals that say nothing.
func trimmed(text string) string {
	if !strings.Contains(text, ".") {
		return text
	}
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// apart puts commas between the thousands.
func apart(text string) string {
	digits, decimals, _ := strings.Cut(text, ".")
	sign := ""
	if rest, negative := strings.CutPrefix(digits, wording.Minus); negative {
		sign, digits = wording.Minus, rest
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if decimals != "" {
		digits += "." + decimals
	}
	return sign + digits
}

// count writes a whole number with its thousands apart.
func count(n int64) string {
	return apart(strings.Replace(strconv.FormatInt(n, 10), "-", wording.Minus, 1))
}
