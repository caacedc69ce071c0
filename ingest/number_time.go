package ingest

import (
	"math"
	"strconv"
	"strings"
)

// excelEpoch1900 and excelEpoch1904 are day 0 of the two systems in days since
// 1970-01-01; in the first, days up to 59 lie one later, as it counts a
// 29 February 1900 that never was.
const (
	excelEpoch1900 = -25569
	excelEpoch1904 = -24107
	lastSerial     = 2958465 // 9999-12-31 in the 1900 system
)

// parseNumber reads a time that is one number. Its digits tell which kind: up
// to 7 before the point a day of Excel with its fraction, 8 a date, 9 or 10
// seconds since 1970, 12 a date and time without seconds, 13 milliseconds since
// 1970, 14 a date and time, 17 one with milliseconds.
func parseNumber(text string, epoch1904 bool) (reading, bool) {
	whole, fraction, point := strings.Cut(text, ".")
	if strings.ContainsAny(text, "eE") {
		return parseScientific(text, epoch1904)
	}
	if !allDigits([]byte(whole)) || point && !allDigits([]byte(fraction)) {
		return reading{}, false
	}
	switch n := len(whole); {
	case n <= 7:
		return parseSerial(text, epoch1904)
	case n == 9 || n == 10:
		seconds, err := strconv.ParseInt(whole, 10, 64)
		return reading{seconds: seconds, absolute: true}, err == nil
	case n == 13:
		ms, err := strconv.ParseInt(whole, 10, 64)
		return reading{seconds: ms / 1000, absolute: true}, err == nil
	case n == 8 || n == 12 || n == 14 || n == 17:
		return parseCompact(whole)
	}
	return reading{}, false
}

// parseScientific reads a number that a spreadsheet stored with an exponent.
func parseScientific(text string, epoch1904 bool) (reading, bool) {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || value < 0 || value > 1e17 {
		return reading{}, false
	}
	plain := strconv.FormatFloat(value, 'f', -1, 64)
	return parseNumber(plain, epoch1904)
}

// parseCompact reads 20060102 and 200601021504 with more digits behind it.
func parseCompact(digits string) (reading, bool) {
	t := []byte((digits + "000000")[:14])
	wall, ok := wallOf(pair(t, 0)*100+pair(t, 2), pair(t, 4), pair(t, 6), pair(t, 8), pair(t, 10), pair(t, 12))
	return reading{seconds: wall}, ok
}

// parseSerial reads a day of Excel: days since its epoch, the time of the day as
// the fraction, rounded to the second.
func parseSerial(text string, epoch1904 bool) (reading, bool) {
	serial, err := strconv.ParseFloat(text, 64)
	if err != nil || serial < 1 || serial > lastSerial+1 {
		return reading{}, false
	}
	day, fraction := math.Modf(serial)
	epoch := int64(excelEpoch1900)
	switch {
	case epoch1904:
		epoch = excelEpoch1904
	case day == 60: // the 29 February 1900 that never was
		return reading{}, false
	case day < 60:
		epoch++
	}
	seconds := (int64(day)+epoch)*secondsPerDay + int64(math.Round(fraction*secondsPerDay))
	return reading{seconds: seconds}, true
}

// parseClockNumber reads a time of the day that a spreadsheet stored as the
// fraction of a day, the day itself, if there is one, left aside.
func parseClockNumber(text string) (seconds int64, ok bool) {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || value < 0 || value > lastSerial+1 || !strings.Contains(text, ".") && value > 1 {
		return 0, false
	}
	if value == 1 {
		return secondsPerDay, true
	}
	_, fraction := math.Modf(value)
	return int64(math.Round(fraction * secondsPerDay)), true
}
