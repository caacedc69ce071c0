package report

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// columns is the number of places that a text takes on a terminal. Chinese
// letters take two; signs that some terminals draw wide count as one, whatever
// the locale.
func columns(text string) int {
	narrow := runewidth.Condition{StrictEmojiNeutral: true}
	return narrow.StringWidth(text)
}

// wrap breaks a text into lines of at most so many columns, behind a space or a
// Chinese mark or letter. A word that is longer stays whole.
func wrap(text string, width int) []string {
	var lines []string
	for columns(text) > width {
		at := breakAt(text, width)
		if at == 0 {
			break
		}
		lines = append(lines, strings.TrimRight(text[:at], " "))
		text = strings.TrimLeft(text[at:], " ")
	}
	return append(lines, text)
}

// breakAt is the last place within the width at which a line may end; without
// one the first behind it, or 0.
func breakAt(text string, width int) int {
	best, at := 0, 0
	for i, r := range text {
		if at > width && best > 0 {
			break
		}
		if i > 0 && at <= width && mayBreak(text, i, r) || best == 0 && at > width && mayBreak(text, i, r) {
			best = i
		}
		at += columns(string(r))
	}
	return best
}

// mayBreak says whether a line may end before the letter r at i.
func mayBreak(text string, i int, r rune) bool {
	if strings.ContainsRune("，。；：、）”!?)", r) {
		return false
	}
	return text[i-1] == ' ' || columns(string(r)) == 2
}
