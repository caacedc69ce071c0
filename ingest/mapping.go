package ingest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"go.yaml.in/yaml/v3"
)

// A Mapping says how the files of one sender are to be read: which columns hold
// which fields, what their words mean, and what cannot be seen in the bytes.
// One mapping may serve events and the base; its section base overrides the
// rest for files of the base.
type Mapping struct {
	Name   string // of the file, for messages
	SHA256 string // of the file
	Source string // the source of rows that name none
	covers []Covers

	events *plan
	base   *plan
}

// largestMapping bounds the size of a mapping file in bytes.
const largestMapping = 1 << 20

// LoadMapping reads a mapping from a YAML file.
func LoadMapping(path string) (*Mapping, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the mapping: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, largestMapping+1))
	if err != nil {
		return nil, fmt.Errorf("read the mapping: %w", err)
	}
	return ParseMapping(path, data)
}

// ParseMapping reads a mapping from YAML. It is strict: a key, field or word
// that it does not know is an error with the file, the line and the nearest
// word that it knows.
func ParseMapping(name string, data []byte) (*Mapping, error) {
	if len(data) > largestMapping {
		return nil, fmt.Errorf("%s: a mapping of more than %d bytes", name, largestMapping)
	}
	root, err := parseYAML(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	sum := sha256.Sum256(data)
	m := &Mapping{Name: name, SHA256: hex.EncodeToString(sum[:]), events: newPlan(eventRows), base: newPlan(baseRows)}
	if root == nil {
		return m, nil
	}
	if err := m.decode(&document{name: name}, root); err != nil {
		return nil, err
	}
	m.Source = m.events.source
	return m, nil
}

// parseYAML gives the root of the one document in data, nil where it is empty.
func parseYAML(data []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var root yaml.Node
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("not YAML: %w", err)
	}
	var more yaml.Node
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one YAML document")
	}
	if len(root.Content) == 0 || root.Content[0].Tag == "!!null" {
		return nil, nil
	}
	return root.Content[0], nil
}

// decode reads the mapping for events first and then, over a copy of what holds
// for both, the section for the base.
func (m *Mapping) decode(d *document, root *yaml.Node) error {
	var base *yaml.Node
	keys := m.events.keys(d)
	keys["covers"] = func(n *yaml.Node) (err error) { m.covers, err = d.covers(n); return err }
	keys["base"] = func(n *yaml.Node) error { base = n; return nil }
	if err := d.table(root, keys); err != nil {
		return err
	}
	m.base = m.events.inherit(baseRows)
	if base == nil {
		return nil
	}
	return d.table(base, m.base.keys(d))
}
