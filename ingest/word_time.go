package ingest

import "strings"

// A scanner reads the parts of a date and time from the front of a text.
type scanner struct {
	text string
	pm   bool // 下午, PM
	am   bool // 上午, AM
}

// parseWords reads a date with a clock, a zone and the words around them. Of
// two numbers before the year the first is the month if the clock is that of
// the United States (AM, PM), and else nobody can tell: no reading.
func parseWords(text string, epoch1904 bool) (reading, bool) {
	s := scanner{text: strings.ToLower(text)}
	year, month, day, monthFirst, ok := s.date()
	if !ok {
		return reading{}, false
	}
	s.skip(" ,t")
	if s.text == "" {
		wall, ok := wallOf(year, month, day, 0, 0, 0)
		return reading{seconds: wall}, ok && !monthFirst
	}
	clock, ok := s.clock()
	if !ok || monthFirst && !s.am && !s.pm {
		return reading{}, false
	}
	midnight, ok := wallOf(year, month, day, 0, 0, 0)
	if !ok {
		return reading{}, false
	}
	offset, absolute, ok := s.zone()
	return reading{seconds: midnight + clock - offset, absolute: absolute}, ok && s.text == ""
}

// date reads a date: 2006-1-2 with -, / or . or in Chinese, January 2, 2006 or
// 2 January 2006, or 1/2/2006, of which monthFirst tells.
func (s *scanner) date() (year, month, day int, monthFirst, ok bool) {
	s.weekday()
	if month, ok := s.month(); ok {
		day, _, _ := s.number()
		s.skip(" ,.")
		year, digits, _ := s.number()
		return year, month, day, false, digits == 4
	}
	first, digits, _ := s.number()
	if digits == 0 {
		return 0, 0, 0, false, false
	}
	if digits == 4 {
		year, month, day, ok := s.yearFirst(first)
		return year, month, day, false, ok
	}
	s.skip(" ")
	if month, ok := s.month(); ok {
		s.skip(" ,.-")
		year, digits, _ := s.number()
		return year, month, first, false, digits == 4
	}
	return s.yearLast(first)
}

// yearFirst reads the rest of a date that begins with the year.
func (s *scanner) yearFirst(y int) (year, month, day int, ok bool) {
	chinese := s.take("年")
	separator := ""
	if !chinese {
		separator = s.oneOf("-/.")
	}
	if !chinese && separator == "" {
		return 0, 0, 0, false
	}
	month, _, _ = s.number()
	if chinese && !s.take("月") || !chinese && !s.take(separator) {
		return 0, 0, 0, false
	}
	day, digits, _ := s.number()
	if chinese {
		_ = s.take("日") || s.take("号")
	}
	s.weekday()
	return y, month, day, digits > 0
}

// yearLast reads the rest of 1/2/2006.
func (s *scanner) yearLast(first int) (year, month, day int, monthFirst, ok bool) {
	separator := s.oneOf("-/.")
	second, digits, _ := s.number()
	if separator == "" || digits == 0 || !s.take(separator) {
		return 0, 0, 0, false, false
	}
	year, digits, _ = s.number()
	return year, first, second, true, digits == 4
}

// clock reads a time of the day in seconds: 8:03, 8:03:00.5, 8时3分, with AM, PM,
// 上午 or 下午 before or behind.
func (s *scanner) clock() (seconds int64, ok bool) {
	s.halfDay()
	hour, digits, _ := s.number()
	if digits == 0 || digits > 2 {
		return 0, false
	}
	minute, second, clock := 0, 0, false
	switch {
	case s.take(":"):
		minute, digits, _ = s.number()
		clock = digits == 2
		if s.take(":") {
			second, digits, _ = s.number()
			clock = clock && digits == 2
			s.fraction()
		}
	case s.take("时"), s.take("点"):
		minute, second, clock = s.chineseClock()
	}
	s.halfDay()
	if !clock && !s.am && !s.pm {
		return 0, false
	}
	hour, ok = s.hourOfDay(hour)
	if !ok || minute > 59 || second > 59 || hour == 24 && minute+second > 0 {
		return 0, false
	}
	return int64(hour*secondsPerHour + minute*60 + second), true
}

// chineseClock reads what follows 8时: 3分, 3分20秒, 整, or nothing.
func (s *scanner) chineseClock() (minute, second int, ok bool) {
	s.take("整")
	minute, digits, _ := s.number()
	if digits == 0 {
		return 0, 0, true
	}
	if !s.take("分") {
		return minute, 0, s.text == "" && digits == 2
	}
	s.take("钟")
	second, digits, _ = s.number()
	return minute, second, digits == 0 || s.take("秒")
}

// hourOfDay applies AM and PM. A clock of 24 hours with one of them, as some
// exports write it, is taken as it is if they agree.
func (s *scanner) hourOfDay(hour int) (int, bool) {
	switch {
	case s.am && s.pm:
		return 0, false
	case s.am && hour == 12:
		return 0, true
	case s.am:
		return hour, hour < 12
	case s.pm && hour < 12:
		return hour + 12, hour > 0
	}
	return hour, hour <= 24
}
