package ingest

import (
	"math"
	"strconv"
	"strings"
)

// parseCount reads a whole number: digits, thousands separators, .0 behind them
// and a unit behind all that. The number is not negative unless it is written
// so.
func parseCount(text []byte) (int64, bool) {
	if n := len(text); n > 0 && n <= 15 {
		value := int64(0)
		for i, c := range text {
			if c < '0' || c > '9' {
				break
			}
			value = value*10 + int64(c-'0')
			if i == n-1 {
				return value, true
			}
		}
	}
	value, ok := parseNumberText(string(text), "户", "台", "个")
	if !ok || value != math.Trunc(value) || math.Abs(value) > 1<<53 {
		return 0, false
	}
	return int64(value), true
}

// parseAmount reads a decimal number with an optional unit behind it.
func parseAmount(text []byte, units ...string) (float64, bool) {
	return parseNumberText(string(text), units...)
}

func parseNumberText(text string, units ...string) (float64, bool) {
	text = strings.TrimSpace(foldWidth(text))
	for _, unit := range units {
		if head, ok := cutSuffixFold(text, unit); ok {
			text = strings.TrimSpace(head)
			break
		}
	}
	text, ok := ungroup(text)
	if !ok || strings.Trim(text, "0123456789.+-eE") != "" {
		return 0, false
	}
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil
}

func cutSuffixFold(text, suffix string) (string, bool) {
	n := len(text) - len(suffix)
	if n < 0 || !strings.EqualFold(text[n:], suffix) {
		return text, false
	}
	return text[:n], true
}

// ungroup takes thousands separators away; commas elsewhere make no number.
func ungroup(text string) (string, bool) {
	whole, fraction, point := strings.Cut(text, ".")
	groups := strings.Split(strings.TrimLeft(whole, "+-"), ",")
	if len(groups) == 1 {
		return text, !strings.Contains(fraction, ",")
	}
	for i, group := range groups {
		if i > 0 && len(group) != 3 || i == 0 && (group == "" || len(group) > 3) {
			return "", false
		}
	}
	whole = strings.ReplaceAll(whole, ",", "")
	if point {
		return whole + "." + fraction, !strings.Contains(fraction, ",")
	}
	return whole, true
}

// decimals is how many digits a number shows behind the point.
func decimals(text []byte) int {
	_, fraction, _ := strings.Cut(string(text), ".")
	return len(fraction)
}

// parseYesNo reads yes or no in the words of exports.
func parseYesNo(text []byte) (yes, ok bool) {
	switch strings.ToLower(foldWidth(string(text))) {
	case "true", "1", "1.0", "yes", "y", "t", "是", "已取消", "取消", "作废", "已作废", "cancelled", "canceled":
		return true, true
	case "false", "0", "0.0", "no", "n", "f", "否", "未取消", "正常", "有效":
		return false, true
	}
	return false, false
}
