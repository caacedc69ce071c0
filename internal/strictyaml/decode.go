// Package strictyaml reads YAML files of settings so that no mistake goes by: a
// key or word that is not known is told with its line and the nearest that is,
// and all mistakes of a file together.
package strictyaml

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/internal/spelling"
)

// A Decoder walks the nodes of one YAML file and keeps every mistake with its
// place. What it reads in spite of a mistake is not to be used.
type Decoder struct {
	name     string // of the file, for messages
	problems []problem
}

// New begins the decoding of a file; its name stands in the messages.
func New(name string) *Decoder { return &Decoder{name: name} }

// Mistakes is the number of mistakes found so far.
func (d *Decoder) Mistakes() int { return len(d.problems) }

// A problem is one mistake and the line, from 1, where it stands.
type problem struct {
	line int
	text string
}

// A Field is a key of a mapping and what reads its value.
type Field struct {
	key  string
	read func(*yaml.Node)
}

// Key pairs a key of a mapping with what reads its value.
func Key(key string, read func(*yaml.Node)) Field { return Field{key: key, read: read} }

// A Word is a text with the line where it stands.
type Word struct {
	Text string
	Line int
}

// Fail notes a mistake on a line.
func (d *Decoder) Fail(line int, format string, args ...any) {
	d.problems = append(d.problems, problem{line, fmt.Sprintf(format, args...)})
}

// fewKnown is the number of known words up to which all of them are told.
const fewKnown = 4

// Unknown reports a word that is none of the known ones.
func (d *Decoder) Unknown(w Word, what string, known []string) {
	if len(known) > 1 && len(known) <= fewKnown && what != "key" {
		last := len(known) - 1
		d.Fail(w.Line, "unknown %s %q: the nearest known is %q; known are %s and %s", what, w.Text, spelling.Nearest(w.Text, known), strings.Join(known[:last], ", "), known[last])
		return
	}
	if near := spelling.Nearest(w.Text, known); near != "" {
		d.Fail(w.Line, "unknown %s %q: the nearest known is %q", what, w.Text, near)
		return
	}
	d.Fail(w.Line, "unknown %s %q: none is known", what, w.Text)
}

// Err joins the mistakes in the order of their lines; nil where there is none.
func (d *Decoder) Err() error {
	slices.SortStableFunc(d.problems, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	var all []error
	for _, p := range d.problems {
		all = append(all, fmt.Errorf("%s:%d: %s", d.name, p.line, p.text))
	}
	return errors.Join(all...)
}

// Mapping reads the keys of node, each once and none but the fields'.
func (d *Decoder) Mapping(node *yaml.Node, what string, fields ...Field) {
	node = Resolve(node)
	if node.Kind != yaml.MappingNode {
		d.Fail(node.Line, "%s: want keys and values, have %s", what, Describe(node))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := Word{node.Content[i].Value, node.Content[i].Line}
		if seen[key.Text] {
			d.Fail(key.Line, "%s: key %q stands twice", what, key.Text)
			continue
		}
		seen[key.Text] = true
		d.field(key, node.Content[i+1], fields)
	}
}

func (d *Decoder) field(key Word, value *yaml.Node, fields []Field) {
	known := make([]string, 0, len(fields))
	for _, f := range fields {
		if f.key == key.Text {
			f.read(value)
			return
		}
		known = append(known, f.key)
	}
	d.Unknown(key, "key", known)
}

// List reads each item of node.
func (d *Decoder) List(what string, item func(*yaml.Node)) func(*yaml.Node) {
	return func(node *yaml.Node) {
		node = Resolve(node)
		if node.Kind != yaml.SequenceNode {
			d.Fail(node.Line, "%s: want a list, have %s", what, Describe(node))
			return
		}
		for _, n := range node.Content {
			item(n)
		}
	}
}

// Word reads a text that is not empty and has no space around it.
func (d *Decoder) Word(what string, to *Word) func(*yaml.Node) {
	return func(node *yaml.Node) {
		node = Resolve(node)
		to.Line = node.Line
		switch {
		case node.Kind != yaml.ScalarNode || node.Value == "" || node.Tag == "!!null":
			d.Fail(node.Line, "%s: want a text, have %s", what, Describe(node))
		case strings.TrimSpace(node.Value) != node.Value:
			d.Fail(node.Line, "%s %q: has space around it", what, node.Value)
		default:
			to.Text = node.Value
		}
	}
}

// Words reads a list of texts.
func (d *Decoder) Words(what string, to *[]Word) func(*yaml.Node) {
	return d.List(what, func(node *yaml.Node) {
		var w Word
		if d.Word(what, &w)(node); w.Text != "" {
			*to = append(*to, w)
		}
	})
}

// Resolve follows an alias to what it stands for.
func Resolve(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// Describe says what a node is, for messages.
func Describe(node *yaml.Node) string {
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
