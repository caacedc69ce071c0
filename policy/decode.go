package policy

import (
	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/internal/strictyaml"
)

// A decoder reads the parts of a policy file.
type decoder struct{ *strictyaml.Decoder }

func newDecoder(name string) *decoder { return &decoder{strictyaml.New(name)} }

// A word is a text with the line where it stands.
type word = strictyaml.Word

// text reads one text for both languages, or one for each.
func (d *decoder) text(what string, to *Text) func(*yaml.Node) {
	return func(node *yaml.Node) {
		var zh, en word
		if strictyaml.Resolve(node).Kind == yaml.MappingNode {
			d.Mapping(node, what, strictyaml.Key("zh", d.Word(what, &zh)), strictyaml.Key("en", d.Word(what, &en)))
		} else {
			d.Word(what, &zh)(node)
		}
		*to = Text{Zh: zh.Text, En: en.Text}.orElse(Text{})
	}
}
