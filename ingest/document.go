package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/internal/spelling"
)

// A document is a YAML file whose nodes are decoded by hand, so that every error
// has its line and the nearest known word.
type document struct{ name string }

func (d *document) errorf(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", d.name, n.Line, fmt.Errorf(format, args...))
}

// unknown is the error of a word that is not one of known.
func (d *document) unknown(n *yaml.Node, what, word string, known []string) error {
	if near := spelling.Nearest(word, known); near != "" {
		return d.errorf(n, "unknown %s %q; did you mean %q?", what, word, near)
	}
	return d.errorf(n, "unknown %s %q", what, word)
}

// resolve follows an alias.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// pairs gives the keys and values of a table to each.
func (d *document) pairs(n *yaml.Node, each func(key, value *yaml.Node) error) error {
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		return d.errorf(n, "want a table of keys and values")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return d.errorf(key, "want a plain key")
		}
		if seen[key.Value] {
			return d.errorf(key, "key %q stands twice", key.Value)
		}
		seen[key.Value] = true
		if err := each(key, resolve(n.Content[i+1])); err != nil {
			return err
		}
	}
	return nil
}

// table decodes a table whose keys are known.
func (d *document) table(n *yaml.Node, keys map[string]func(*yaml.Node) error) error {
	return d.pairs(n, func(key, value *yaml.Node) error {
		decode, ok := keys[key.Value]
		if !ok {
			return d.unknown(key, "key", key.Value, slices.Sorted(maps.Keys(keys)))
		}
		return decode(value)
	})
}

// word is a plain value.
func (d *document) word(n *yaml.Node) (string, error) {
	if n = resolve(n); n.Kind != yaml.ScalarNode {
		return "", d.errorf(n, "want one value")
	}
	return n.Value, nil
}

// words is a list of plain values.
func (d *document) words(n *yaml.Node) ([]string, error) {
	if n = resolve(n); n.Kind != yaml.SequenceNode {
		return nil, d.errorf(n, "want a list")
	}
	words := make([]string, 0, len(n.Content))
	for _, item := range n.Content {
		word, err := d.word(item)
		if err != nil {
			return nil, err
		}
		words = append(words, word)
	}
	return words, nil
}

// oneOf is one of the words known.
func (d *document) oneOf(n *yaml.Node, what string, known ...string) (string, error) {
	word, err := d.word(n)
	if err != nil {
		return "", err
	}
	if !slices.Contains(known, word) {
		return "", d.unknown(n, what, word, known)
	}
	return word, nil
}

func (d *document) number(n *yaml.Node, from, to int) (int, error) {
	word, err := d.word(n)
	if err != nil {
		return 0, err
	}
	value, err := strconv.Atoi(word)
	if err != nil || value < from || value > to {
		return 0, d.errorf(n, "%q: want a whole number from %d to %d", word, from, to)
	}
	return value, nil
}

func (d *document) date(n *yaml.Node) (string, error) {
	word, err := d.word(n)
	if err != nil {
		return "", err
	}
	if _, err := time.Parse(time.DateOnly, word); err != nil {
		return "", d.errorf(n, "%q: want a date, 2006-01-02", word)
	}
	return word, nil
}

// location is a time zone by its name in the zone database.
func (d *document) location(n *yaml.Node) (*time.Location, error) {
	word, err := d.word(n)
	if err != nil {
		return nil, err
	}
	loc, err := time.LoadLocation(word)
	if err != nil || word == "" || word == "Local" {
		return nil, d.errorf(n, "time zone %q is not known; want Area/City, such as Asia/Shanghai", word)
	}
	return loc, nil
}
