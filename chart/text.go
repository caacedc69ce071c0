package chart

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// fontSize is that of the words in a drawing, in its pixels.
const fontSize = 12

// ellipsis stands for what was cut off.
const ellipsis = "…"

// breadth is about how wide words are. The font is not known here: the numbers
// are those of a wide one (DejaVu Sans).
func breadth(words string) float64 {
	sum := 0.0
	for _, r := range words {
		sum += runeBreadth(r)
	}
	return sum * fontSize
}

// runeBreadth is about how wide a character is, in ems.
func runeBreadth(r rune) float64 {
	switch kind := width.LookupRune(r).Kind(); {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case kind == width.EastAsianWide || kind == width.EastAsianFullwidth || kind == width.EastAsianAmbiguous:
		return 1
	case strings.ContainsRune("iljtfr.,:;'|!()[] ", r):
		return .4
	case unicode.IsUpper(r) || r == 'm' || r == 'w' || r == '%':
		return .86
	case r < 0x250:
		return .64
	}
	return .8
}

// cut shortens words to a room, with an ellipsis at the end.
func cut(words string, room float64) string {
	if breadth(words) <= room {
		return words
	}
	left := room - breadth(ellipsis)
	for i, r := range words {
		if left -= runeBreadth(r) * fontSize; left < 0 {
			if i == 0 {
				return ""
			}
			return strings.TrimSpace(words[:i]) + ellipsis
		}
	}
	return words
}

// widest is how wide the widest of some words is.
func widest(words []string) float64 {
	most := 0.0
	for _, w := range words {
		most = max(most, breadth(w))
	}
	return most
}

// every says, where each word has a room of its own, how many words must share
// theirs so that the one that is shown fits.
func every(words []string, room float64, most int) int {
	need := widest(words) + 4
	for n := 1; n < most; n++ {
		if need <= room*float64(n) {
			return n
		}
	}
	return most
}
