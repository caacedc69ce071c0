package policy

import "slices"

// A Text is a name or title in the languages in which answers are shown. One
// that a file gives in one language only is the same in both.
type Text struct{ Zh, En string }

// In gives the text in the language "zh"; any other language reads English.
func (t Text) In(lang string) string {
	if lang == "zh" {
		return t.Zh
	}
	return t.En
}

// orElse fills what is missing: a language from the other one, and both from
// the fallback.
func (t Text) orElse(fallback Text) Text {
	switch {
	case t.Zh == "" && t.En == "":
		return fallback
	case t.Zh == "":
		t.Zh = t.En
	case t.En == "":
		t.En = t.Zh
	}
	return t
}

// distinct lists the texts that are not empty, each once.
func (t Text) distinct() []string {
	all := slices.Compact([]string{t.Zh, t.En})
	return slices.DeleteFunc(all, func(text string) bool { return text == "" })
}
