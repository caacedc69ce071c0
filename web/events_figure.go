package web

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// exact writes a number of thousandths with its thousands apart and all decimals
// that it has.
func exact(m snapshot.Milli) string {
	sign := ""
	if m < 0 {
		sign, m = wording.Minus, -m
	}
	_, part, _ := strings.Cut(m.String(), ".")
	if part != "" {
		part = "." + part
	}
	return sign + count(int64(m)/1000) + part
}

// hundredthHours writes customer-seconds as customer-hours with two decimals. It
// rounds an integer: a hundredth of an hour is 36 000 thousandths of a second.
func hundredthHours(m snapshot.Milli) string {
	sign, n := "", int64(m)
	if n < 0 {
		sign, n = wording.Minus, -n
	}
	n = (n + 18_000) / 36_000
	if n == 0 {
		sign = ""
	}
	return fmt.Sprintf("%s%s.%02d", sign, count(n/100), n%100)
}

// someHundredthHours is hundredthHours of a number that may not exist.
func someHundredthHours(m *snapshot.Milli) string {
	if m == nil {
		return absent
	}
	return hundredthHours(*m)
}

// shareOf writes a part of a whole in per cent with two decimals, worked out in
// integers of 128 bits, as live.js does with smaller ones.
func shareOf(part, whole snapshot.Milli) string {
	if whole <= 0 || part < 0 {
		return absent
	}
	high, low := bits.Mul64(uint64(part), 10_000)
	low, carry := bits.Add64(low, uint64(whole)/2, 0)
	high += carry
	if high >= uint64(whole) {
		return absent // more than 10¹⁵ times the whole
	}
	n, _ := bits.Div64(high, low, uint64(whole))
	return fmt.Sprintf("%s.%02d %%", count(int64(n/100)), n%100) //nolint:gosec // a per cent fits
}

// average writes a number of customers over time with two decimals.
func average(v float64) string {
	whole, part, _ := strings.Cut(strconv.FormatFloat(v, 'f', 2, 64), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return absent
	}
	return count(n) + "." + part
}

// length writes the time between two RFC 3339 instants in hours and minutes,
// such as 26:05; an empty end is now.
func length(from, to, now string) string {
	if to == "" {
		to = now
	}
	begin, err := time.Parse(time.RFC3339, from)
	if err != nil {
		return absent
	}
	end, err := time.Parse(time.RFC3339, to)
	if err != nil {
		return absent
	}
	minutes := int64(max(end.Sub(begin), 0) / time.Minute)
	return fmt.Sprintf("%d:%02d", minutes/60, minutes%60)
}
