package wording

import (
	"strconv"
	"strings"
)

// Minus is the sign of a negative number, as wide as a digit.
const Minus = "−"

// Number writes a number with four decimals at most, and none that say nothing.
func Number(v float64) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 4, 64), "0"), ".")
}

// Change writes a share as a change in per cent with one decimal; what rounds to
// zero has no sign.
func Change(share float64) string {
	text := strconv.FormatFloat(share*100, 'f', 1, 64) + " %"
	switch {
	case strings.Trim(text, "-0. %") == "":
		return strings.TrimPrefix(text, "-")
	case share > 0:
		return "+" + text
	}
	return strings.Replace(text, "-", Minus, 1)
}

// AtMost writes a limit in hours.
func AtMost(hours float64) string { return "≤ " + Number(hours) + " h" }

// LessBy writes by which share less is asked for.
func LessBy(share float64) string { return Minus + Number(share*100) + " %" }
