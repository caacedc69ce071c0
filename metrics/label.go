package metrics

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// noName stands for rows that name no area the policy knows, and for every other
// name that is empty: Prometheus does not tell an empty label from a missing one.
const noName = "-"

// longest is the most characters that a text from outside may have in a label.
const longest = 200

// orNone gives the id, or [noName] where there is none.
func orNone(id string) string {
	if id == "" {
		return noName
	}
	return id
}

// printable gives text as an exposition can hold it: valid UTF-8 without control
// characters, on which parsers of the formats stop.
func printable(text string) string {
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	if !strings.ContainsFunc(text, unicode.IsControl) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// cut shortens text to so many characters.
func cut(text string, most int) string {
	for i := range text {
		if most == 0 {
			return text[:i]
		}
		most--
	}
	return text
}

// shown gives each text from outside as a label shows it: printable, not empty
// and of at most [longest] characters. Texts that differ stay different: what
// became equal to another gets "~2", "~3" and so on behind it, in bytewise order
// of the texts. A text that needs no change has none.
func shown(texts map[string]bool) map[string]string {
	labels, taken := make(map[string]string, len(texts)), map[string]bool{}
	var changed []string
	for _, text := range slices.Sorted(maps.Keys(texts)) {
		if orNone(cut(printable(text), longest)) != text {
			changed = append(changed, text)
			continue
		}
		labels[text], taken[text] = text, true
	}
	for _, text := range changed {
		label := orNone(cut(printable(text), longest))
		for n, plain := 2, label; taken[label]; n++ {
			suffix := "~" + strconv.Itoa(n)
			label = cut(plain, longest-len(suffix)) + suffix
		}
		labels[text], taken[label] = label, true
	}
	return labels
}
