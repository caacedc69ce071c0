package ingest

import (
	"fmt"
	"slices"
	"strings"
)

// A timeLayout reads times in one form, written in the letters that
// spreadsheets and Java use: yyyy-MM-dd HH:mm:ss, M/d/yyyy h:mm:ss a,
// EEEE, MMMM d, yyyy. Text in single quotes stands for itself.
type timeLayout struct {
	parts []layoutPart
	text  string
}

// A layoutPart is a run of one letter, or literal text where letter is 0.
type layoutPart struct {
	letter  byte
	count   int
	literal string
}

const layoutLetters = "yMdEHhmsSaXZz"

// parseLayout takes a layout apart.
func parseLayout(text string) (*timeLayout, error) {
	l := &timeLayout{text: text}
	for rest := text; rest != ""; {
		part, tail, err := nextPart(rest)
		if err != nil {
			return nil, fmt.Errorf("layout %q: %w", text, err)
		}
		l.parts = append(l.parts, part)
		rest = tail
	}
	for _, need := range "yMd" {
		if !l.has(byte(need)) {
			return nil, fmt.Errorf("layout %q: no %c; want year, month and day, such as yyyy-MM-dd HH:mm:ss", text, need)
		}
	}
	if l.has('h') && !l.has('a') {
		return nil, fmt.Errorf("layout %q: h counts to 12 and needs a (AM, PM); HH counts to 24", text)
	}
	return l, nil
}

func (l *timeLayout) has(letter byte) bool {
	return slices.ContainsFunc(l.parts, func(p layoutPart) bool { return p.letter == letter })
}

func nextPart(text string) (part layoutPart, rest string, err error) {
	c := text[0]
	if c == '\'' {
		literal, rest, ok := strings.Cut(text[1:], "'")
		if !ok {
			return part, "", fmt.Errorf("a quote is not closed")
		}
		return layoutPart{literal: literal}, rest, nil
	}
	if c|0x20 >= 'a' && c|0x20 <= 'z' {
		if strings.IndexByte(layoutLetters, c) < 0 {
			return part, "", fmt.Errorf("unknown letter %q; known are y M d E H h m s S a X", c)
		}
		n := len(text) - len(strings.TrimLeft(text, string(c)))
		return layoutPart{letter: c, count: n}, text[n:], nil
	}
	return layoutPart{literal: foldWidth(text[:1])}, text[1:], nil
}

// A dateTime gathers the numbers of a date and time.
type dateTime struct{ year, month, day, hour, minute, second int }

// parse reads a text in the layout.
func (l *timeLayout) parse(text string) (reading, bool) {
	s := scanner{text: strings.ToLower(foldWidth(text))}
	var at dateTime
	var offset int64
	absolute := false
	for _, p := range l.parts {
		ok := false
		if p.letter == 'X' || p.letter == 'Z' || p.letter == 'z' {
			offset, absolute, ok = s.zone()
			ok = ok && absolute
		} else {
			ok = p.read(&s, &at)
		}
		if !ok {
			return reading{}, false
		}
	}
	hour, ok := s.hourOfDay(at.hour)
	s.skip(" ")
	if !ok || s.text != "" {
		return reading{}, false
	}
	wall, ok := wallOf(at.year, at.month, at.day, hour, at.minute, at.second)
	return reading{seconds: wall - offset, absolute: absolute}, ok
}

// read reads one part.
func (p layoutPart) read(s *scanner, at *dateTime) (ok bool) {
	switch p.letter {
	case 0:
		if strings.TrimSpace(p.literal) == "" {
			s.skip(" ")
			return true
		}
		return s.take(strings.ToLower(p.literal))
	case 'y':
		return p.year(s, at)
	case 'M':
		if p.count >= 3 {
			at.month, ok = s.monthName()
			return ok
		}
		return s.upTo(2, &at.month)
	case 'd':
		return s.upTo(2, &at.day)
	case 'E':
		return s.weekdayName()
	case 'H', 'h':
		return s.upTo(2, &at.hour)
	case 'm':
		return s.upTo(2, &at.minute)
	case 's':
		return s.upTo(2, &at.second)
	case 'S':
		_, _, ok = s.number()
		return ok
	default: // a
		s.halfDay()
		return s.am || s.pm
	}
}

// year reads four digits, or for yy two, which stand for 1970 to 2069.
func (p layoutPart) year(s *scanner, at *dateTime) bool {
	if p.count != 2 {
		before := len(s.text)
		return s.upTo(4, &at.year) && before-len(s.text) >= 4
	}
	if !s.upTo(2, &at.year) {
		return false
	}
	at.year += 1900
	if at.year < 1970 {
		at.year += 100
	}
	return true
}

// upTo reads one to n digits.
func (s *scanner) upTo(n int, value *int) bool {
	s.skip(" ")
	digits := 0
	for *value = 0; digits < n && digits < len(s.text) && s.text[digits] >= '0' && s.text[digits] <= '9'; digits++ {
		*value = *value*10 + int(s.text[digits]-'0')
	}
	s.text = s.text[digits:]
	return digits > 0
}

// monthName reads the name of a month and nothing behind it.
func (s *scanner) monthName() (int, bool) {
	for i, word := range monthWords {
		if s.named(word) {
			return i + 1, true
		}
	}
	return 0, false
}

func (s *scanner) weekdayName() bool {
	return slices.ContainsFunc(weekdayWords, s.named)
}
