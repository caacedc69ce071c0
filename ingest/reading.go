package ingest

import "bytes"

const (
	secondsPerDay  = 86400
	secondsPerHour = 3600
)

// A reading is a date and time as a file writes it: what a local clock shows,
// or an instant where the text says so.
type reading struct {
	seconds  int64 // local date and time counted as if it were UTC, or UTC seconds where absolute
	absolute bool
}

// parseReading reads the common form 2006-01-02 15:04:05 at once and leaves
// others to the slower parser. Fractions of a second are cut off. Days of Excel
// count from 1904 with epoch1904, else from 1900.
func parseReading(text []byte, epoch1904 bool) (reading, bool) {
	if len(text) == 0 {
		return reading{}, false
	}
	if len(text) == fixedSize {
		if r, ok := parseFixed(text); ok {
			return r, true
		}
	}
	if r, ok := parsePlain(text); ok {
		return r, true
	}
	if c := text[0]; c >= '0' && c <= '9' && !bytes.ContainsAny(text, "-/:年 ") {
		if r, ok := parseNumber(string(text), epoch1904); ok {
			return r, true
		}
	}
	return parseWords(foldWidth(string(text)), epoch1904)
}

// fixedSize is the length of 2006-01-02 15:04:05.
const fixedSize = 19

// parseFixed reads 2006-01-02 15:04:05 with -, / or . between the numbers of
// the date and a space or T before the clock. No text that it takes has space
// around it.
func parseFixed(text []byte) (reading, bool) {
	t := (*[fixedSize]byte)(text)
	sep := t[4]
	if sep != t[7] || sep != '-' && sep != '/' && sep != '.' || t[13] != ':' || t[16] != ':' || t[10] != ' ' && t[10] != 'T' {
		return reading{}, false
	}
	century, year := pair(t[:], 0), pair(t[:], 2)
	month, day := pair(t[:], 5), pair(t[:], 8)
	hour, minute, second := pair(t[:], 11), pair(t[:], 14), pair(t[:], 17)
	if century|year|month|day|hour|minute|second < 0 {
		return reading{}, false
	}
	wall, ok := wallOf(century*100+year, month, day, hour, minute, second)
	return reading{seconds: wall}, ok
}

// pair is the number that two digits write, or a negative one.
func pair(t []byte, i int) int {
	a, b := t[i]-'0', t[i+1]-'0'
	if a > 9 || b > 9 {
		return -1
	}
	return int(a)*10 + int(b)
}

// wallOf checks a local date and time and counts its seconds as if it were UTC.
// 24:00:00 is the next midnight.
func wallOf(year, month, day, hour, minute, second int) (int64, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	if hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 59 || hour == 24 && minute+second > 0 {
		return 0, false
	}
	return dayNumber(year, month, day)*secondsPerDay + int64(hour*secondsPerHour+minute*60+second), true
}

func daysIn(year, month int) int {
	switch {
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	case month != 2:
		return 31
	case year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	}
	return 28
}

// dayNumber counts the days from 1970-01-01 to a date of the Gregorian calendar
// (the civil-from-days arithmetic with years that begin in March).
func dayNumber(year, month, day int) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	return int64(365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468)
}
