package wording

import (
	"fmt"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
)

// A Language is one in which answers are shown.
type Language string

// The languages.
const (
	Chinese Language = "zh"
	English Language = "en"
)

// Locale finds the language of the user's locale: the first of LC_ALL,
// LC_MESSAGES and LANG that says something, Chinese where it begins with zh,
// else English.
func Locale(variable func(name string) string) Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := variable(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), string(Chinese)) {
				return Chinese
			}
			return English
		}
	}
	return English
}

// A phrase is the same in both languages.
type phrase struct{ zh, en string }

func (p phrase) in(l Language) string {
	if l == Chinese {
		return p.zh
	}
	return p.en
}

// Word gives the word for a code of a closed list; a code that has none is shown
// as it is.
func (l Language) Word(k Kind, code string) string {
	if k == Advice && l != Chinese {
		return outage.Reason(code).Advice()
	}
	if p, ok := codes[k][code]; ok {
		return p.in(l)
	}
	return code
}

// Say gives the sentence of a key with its arguments, as [fmt.Sprintf] does. A
// key that the catalogue does not have is a programmer's mistake, and shown as
// it is.
func (l Language) Say(key string, args ...any) string {
	p, ok := sentences[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return p.in(l)
	}
	return fmt.Sprintf(p.in(l), args...)
}

// List joins words into an enumeration.
func (l Language) List(words []string) string {
	if l == Chinese {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}

// Origin names a row of a file, or of a delivery to a store.
func (l Language) Origin(path, sheet string, row int, delivery int64) string {
	if delivery > 0 {
		return l.Say("place.delivery", l.Place(path, sheet, row), delivery)
	}
	return l.Place(path, sheet, row)
}

// Place names a row of a file.
func (l Language) Place(path, sheet string, row int) string {
	if sheet != "" {
		return l.Say("place.sheet-row", path, sheet, row)
	}
	return l.Say("place.row", path, row)
}

// Note words a note.
func (l Language) Note(n outage.Note) string {
	p, ok := codes[Note][n.Code]
	if l != Chinese || !ok {
		return n.String()
	}
	text := p.zh
	if len(n.Args) > 0 {
		text = fmt.Sprintf(p.zh, n.Args...)
	}
	if n.Sheet != "" {
		text = l.Say("place.sheet", n.Sheet, text)
	}
	if n.Path != "" {
		text = n.Path + "：" + text
	}
	return text
}

// Arithmetic words the equations of a verdict, which are made of numbers, signs
// and a few words.
func (l Language) Arithmetic(text string) string {
	if l != Chinese {
		return text
	}
	return strings.NewReplacer(arithmetic...).Replace(text)
}

// arithmetic pairs the words of equations with their Chinese.
var arithmetic = []string{
	"customer-hours", "时户", "customers", "户", "limit", "限值", "share", "应占比例", "risk", "超限概率", "draws", "次模拟", "pace", "进度", ", published", "（公布值）",
}
