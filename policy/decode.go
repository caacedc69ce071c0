package policy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/internal/spelling"
)

// A decoder walks the nodes of one YAML file and keeps every mistake with its
// place. What it reads in spite of a mistake is not to be used.
type decoder struct {
	name     string // of the file, for messages
	problems []problem
}

// A problem is one mistake and the line, from 1, where it stands.
type problem struct {
	line int
	text string
}

// A field is a key of a mapping and what reads its value.
type field struct {
	key  string
	read func(*yaml.Node)
}

// A word is a text with the line where it stands.
type word struct {
	text string
	line int
}

func (d *decoder) fail(line int, format string, args ...any) {
	d.problems = append(d.problems, problem{line, fmt.Sprintf(format, args...)})
}

// fewKnown is the number of known words up to which all of them are told.
const fewKnown = 4

// unknown reports a word that is none of the known ones.
func (d *decoder) unknown(w word, what string, known []string) {
	if len(known) > 1 && len(known) <= fewKnown && what != "key" {
		last := len(known) - 1
		d.fail(w.line, "unknown %s %q: the nearest known is %q; known are %s and %s", what, w.text, spelling.Nearest(w.text, known), strings.Join(known[:last], ", "), known[last])
		return
	}
	if near := spelling.Nearest(w.text, known); near != "" {
		d.fail(w.line, "unknown %s %q: the nearest known is %q", what, w.text, near)
		return
	}
	d.fail(w.line, "unknown %s %q: none is known", what, w.text)
}

// err joins the mistakes in the order of their lines; nil where there is none.
func (d *decoder) err() error {
	slices.SortStableFunc(d.problems, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	var all []error
	for _, p := range d.problems {
		all = append(all, fmt.Errorf("%s:%d: %s", d.name, p.line, p.text))
	}
	return errors.Join(all...)
}

// mapping reads the keys of node, each once and none but the fields'.
func (d *decoder) mapping(node *yaml.Node, what string, fields ...field) {
	node = resolve(node)
	if node.Kind != yaml.MappingNode {
		d.fail(node.Line, "%s: want keys and values, have %s", what, describe(node))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := word{node.Content[i].Value, node.Content[i].Line}
		if seen[key.text] {
			d.fail(key.line, "%s: key %q stands twice", what, key.text)
			continue
		}
		seen[key.text] = true
		d.field(key, node.Content[i+1], fields)
	}
}

func (d *decoder) field(key word, value *yaml.Node, fields []field) {
	known := make([]string, 0, len(fields))
	for _, f := range fields {
		if f.key == key.text {
			f.read(value)
			return
		}
		known = append(known, f.key)
	}
	d.unknown(key, "key", known)
}

// list reads each item of node.
func (d *decoder) list(what string, item func(*yaml.Node)) func(*yaml.Node) {
	return func(node *yaml.Node) {
		node = resolve(node)
		if node.Kind != yaml.SequenceNode {
			d.fail(node.Line, "%s: want a list, have %s", what, describe(node))
			return
		}
		for _, n := range node.Content {
			item(n)
		}
	}
}

// word reads a text that is not empty and has no space around it.
func (d *decoder) word(what string, to *word) func(*yaml.Node) {
	return func(node *yaml.Node) {
		node = resolve(node)
		to.line = node.Line
		switch {
		case node.Kind != yaml.ScalarNode || node.Value == "" || node.Tag == "!!null":
			d.fail(node.Line, "%s: want a text, have %s", what, describe(node))
		case strings.TrimSpace(node.Value) != node.Value:
			d.fail(node.Line, "%s %q: has space around it", what, node.Value)
		default:
			to.text = node.Value
		}
	}
}

// words reads a list of texts.
func (d *decoder) words(what string, to *[]word) func(*yaml.Node) {
	return d.list(what, func(node *yaml.Node) {
		var w word
		if d.word(what, &w)(node); w.text != "" {
			*to = append(*to, w)
		}
	})
}

// text reads one text for both languages, or one for each.
func (d *decoder) text(what string, to *Text) func(*yaml.Node) {
	return func(node *yaml.Node) {
		var zh, en word
		if resolve(node).Kind == yaml.MappingNode {
			d.mapping(node, what, field{"zh", d.word(what, &zh)}, field{"en", d.word(what, &en)})
		} else {
			d.word(what, &zh)(node)
		}
		*to = Text{Zh: zh.text, En: en.text}.orElse(Text{})
	}
}

// resolve follows an alias to what it stands for.
func resolve(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

func describe(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "keys and values"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case node.Value == "" || node.Tag == "!!null":
		return "nothing"
	}
	return fmt.Sprintf("%q", node.Value)
}
