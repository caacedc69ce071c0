package outage

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// An Area is the id of an area of the policy, such as "xining"; a Class that of
// a 地区特征, such as "urban-core".
type (
	Area  string
	Class string
)

// Unclassified are the customers and interruptions of no class; they count in
// AllClasses only.
const (
	Unclassified Class = "unclassified"
	AllClasses   Class = "all"
)

// Names recognises areas and classes in the words of files. It is filled once
// and then only read.
type Names struct {
	areas    map[string]Area
	prefixes map[string]Area // the first digits of a division code (GB/T 2260)
	classes  map[string]Class
}

// NewNames is empty: it recognises nothing.
func NewNames() *Names {
	return &Names{areas: map[string]Area{}, prefixes: map[string]Area{}, classes: map[string]Class{}}
}

// AddArea makes id recognised by each of the words, and by codes: a word of
// four digits also stands for every six-digit division code that begins with
// it (GB/T 2260: province and prefecture, then the county). A word that already
// means another area is an error.
func (n *Names) AddArea(id Area, words ...string) error {
	for _, word := range append([]string{string(id)}, words...) {
		key := fold(word)
		if key == "" {
			return fmt.Errorf("area %q: an empty word matches nothing", id)
		}
		if other, ok := n.areas[key]; ok && other != id {
			return fmt.Errorf("area %q: %q already means %q", id, word, other)
		}
		n.areas[key] = id
		if len(key) == 4 && digits(key) {
			n.prefixes[key] = id
		}
	}
	return nil
}

// AddClass makes id recognised by each of the words.
func (n *Names) AddClass(id Class, words ...string) error {
	for _, word := range append([]string{string(id)}, words...) {
		key := fold(word)
		if key == "" {
			return fmt.Errorf("class %q: an empty word matches nothing", id)
		}
		if other, ok := n.classes[key]; ok && other != id {
			return fmt.Errorf("class %q: %q already means %q", id, word, other)
		}
		n.classes[key] = id
	}
	return nil
}

// Area recognises an area by id, name or code.
func (n *Names) Area(text string) (Area, bool) {
	key := fold(text)
	if id, ok := n.areas[key]; ok {
		return id, true
	}
	if len(key) == 6 && digits(key) {
		id, ok := n.prefixes[key[:4]]
		return id, ok
	}
	return "", false
}

// AreaWords lists every word that means an area, sorted.
func (n *Names) AreaWords() []string { return slices.Sorted(maps.Keys(n.areas)) }

// Class recognises a class by id or name.
func (n *Names) Class(text string) (Class, bool) {
	id, ok := n.classes[fold(text)]
	return id, ok
}

// fold drops what tells two spellings of one name apart: outer and doubled
// space, case, full-width letters, and ".0" behind a code that went through a
// spreadsheet.
func fold(text string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.TrimSpace(text) {
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		b.WriteRune(unicode.ToLower(r))
	}
	key := b.String()
	if code, ok := strings.CutSuffix(key, ".0"); ok && digits(code) {
		return code
	}
	return key
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
