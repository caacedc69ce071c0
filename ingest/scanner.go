package ingest

import "strings"

// take moves past a word if the text begins with it.
func (s *scanner) take(word string) bool {
	rest, ok := strings.CutPrefix(s.text, word)
	s.text = rest
	return ok
}

// skip moves past any of the bytes.
func (s *scanner) skip(bytes string) { s.text = strings.TrimLeft(s.text, bytes) }

// oneOf moves past one of the bytes and gives it; empty where there is none.
func (s *scanner) oneOf(bytes string) string {
	if s.text == "" || strings.IndexByte(bytes, s.text[0]) < 0 {
		return ""
	}
	c := s.text[:1]
	s.text = s.text[1:]
	return c
}

// number reads digits, at most nine of them, past spaces.
func (s *scanner) number() (value, digits int, ok bool) {
	s.skip(" ")
	for digits < len(s.text) && digits < 9 && s.text[digits] >= '0' && s.text[digits] <= '9' {
		value = value*10 + int(s.text[digits]-'0')
		digits++
	}
	s.text = s.text[digits:]
	return value, digits, digits > 0
}

// fraction moves past a fraction of a second.
func (s *scanner) fraction() {
	if len(s.text) > 1 && (s.text[0] == '.' || s.text[0] == ',') && s.text[1] >= '0' && s.text[1] <= '9' {
		s.text = strings.TrimLeft(s.text[1:], "0123456789")
	}
}

// halfDay moves past a word for the half of the day and keeps it.
func (s *scanner) halfDay() {
	s.skip(" ")
	switch {
	case s.take("上午"), s.take("am"), s.take("a.m."):
		s.am = true
	case s.take("下午"), s.take("pm"), s.take("p.m."):
		s.pm = true
	}
	s.skip(" ")
}

// zone reads Z, UTC, GMT or an offset from UTC in seconds at the end.
func (s *scanner) zone() (offset int64, absolute, ok bool) {
	s.skip(" ")
	if s.text == "" {
		return 0, false, true
	}
	named := s.take("z") || s.take("utc") || s.take("gmt")
	sign := s.oneOf("+-")
	if sign == "" {
		return 0, true, named
	}
	return s.offset(sign == "-")
}

// offset reads 08:00, 0800 or 08.
func (s *scanner) offset(west bool) (offset int64, absolute, ok bool) {
	hours, digits, _ := s.number()
	minutes := 0
	switch {
	case digits == 4:
		hours, minutes = hours/100, hours%100
	case s.take(":"):
		minutes, _, _ = s.number()
	}
	if digits == 0 || hours > 18 || minutes > 59 {
		return 0, true, false
	}
	offset = int64(hours*secondsPerHour + minutes*60)
	if west {
		offset = -offset
	}
	return offset, true, true
}

var monthWords = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

var weekdayWords = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// month reads the name of a month, in full or its first three letters.
func (s *scanner) month() (int, bool) {
	for i, word := range monthWords {
		if s.named(word) {
			s.skip(". -")
			return i + 1, true
		}
	}
	return 0, false
}

// weekday moves past the name of a day of the week, which the date implies.
func (s *scanner) weekday() {
	before := s.text
	s.skip(" (")
	for _, prefix := range []string{"星期", "周"} {
		if s.take(prefix) && len(s.text) >= len("一") {
			s.text = s.text[len("一"):]
			s.skip(") ")
			return
		}
	}
	for _, word := range weekdayWords {
		if s.named(word) {
			s.skip("., )")
			return
		}
	}
	s.text = strings.TrimLeft(before, " ")
}

// named moves past a name in full or its first three letters.
func (s *scanner) named(word string) bool {
	letters := 0
	for letters < len(s.text) && s.text[letters] >= 'a' && s.text[letters] <= 'z' {
		letters++
	}
	got := s.text[:letters]
	if got != word && got != word[:3] && (word != "september" || got != "sept") {
		return false
	}
	s.text = s.text[letters:]
	return true
}
