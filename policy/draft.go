package policy

import (
	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/internal/strictyaml"
)

// A draft is a policy file as it stands, before one part is held against
// another.
type draft struct {
	line        int // of the first key
	id          word
	title       Text
	source      word
	zone        word
	index       word
	indices     []word
	momentary   word
	yearStart   word
	settle      word
	from, until word
	areas       []entry
	groups      []entry
	whole       entry
	classes     []entry
	classGroups []entry
	targets     []targetEntry
	after       word
	minimum     word
	rejected    word
	repeat      []repeatEntry // nil where not given
	prearranged word
	risk        [4]word // at_risk, off_track, pace_at_risk, pace_off_track
	burn        [3]word // burn_24h, burn_7d, burn_30d
}

// An entry is one area, class or group of either.
type entry struct {
	id      word
	name    Text
	match   []word // of an area or class
	members []word // of a group
}

func (d *decoder) draft(root *yaml.Node) *draft {
	f := &draft{line: root.Line}
	d.Mapping(root, "policy",
		strictyaml.Key("id", d.Word("id", &f.id)),
		strictyaml.Key("title", d.text("title", &f.title)),
		strictyaml.Key("source", d.Word("source", &f.source)),
		strictyaml.Key("zone", d.Word("zone", &f.zone)),
		strictyaml.Key("index", d.Word("index", &f.index)),
		strictyaml.Key("indices", d.Words("indices", &f.indices)),
		strictyaml.Key("momentary", d.Word("momentary", &f.momentary)),
		strictyaml.Key("year_start", d.Word("year_start", &f.yearStart)),
		strictyaml.Key("settle", d.Word("settle", &f.settle)),
		strictyaml.Key("valid", d.valid(f)),
		strictyaml.Key("areas", d.entries("areas", "match", &f.areas)),
		strictyaml.Key("groups", d.entries("groups", "areas", &f.groups)),
		strictyaml.Key("whole", func(node *yaml.Node) { f.whole = d.entry(node, "whole", "") }),
		strictyaml.Key("classes", d.entries("classes", "match", &f.classes)),
		strictyaml.Key("class_groups", d.entries("class_groups", "classes", &f.classGroups)),
		strictyaml.Key("targets", d.List("targets", func(node *yaml.Node) { f.targets = append(f.targets, d.targetEntry(node)) })),
		strictyaml.Key("after_deadline", d.Word("after_deadline", &f.after)),
		strictyaml.Key("coverage", d.coverage(f)),
		strictyaml.Key("risk", d.risk(f)),
		strictyaml.Key("repeat_rules", func(node *yaml.Node) {
			f.repeat = []repeatEntry{}
			d.List("repeat_rules", func(node *yaml.Node) { f.repeat = append(f.repeat, d.repeatEntry(node)) })(node)
		}),
		strictyaml.Key("prearranged_share", d.Word("prearranged_share", &f.prearranged)),
	)
	return f
}

func (d *decoder) valid(f *draft) func(*yaml.Node) {
	return func(node *yaml.Node) {
		d.Mapping(node, "valid", strictyaml.Key("from", d.Word("from", &f.from)), strictyaml.Key("until", d.Word("until", &f.until)))
	}
}

func (d *decoder) coverage(f *draft) func(*yaml.Node) {
	return func(node *yaml.Node) {
		d.Mapping(node, "coverage", strictyaml.Key("minimum", d.Word("minimum", &f.minimum)), strictyaml.Key("rejected", d.Word("rejected", &f.rejected)))
	}
}

func (d *decoder) risk(f *draft) func(*yaml.Node) {
	return func(node *yaml.Node) {
		d.Mapping(node, "risk",
			strictyaml.Key("at_risk", d.Word("at_risk", &f.risk[0])), strictyaml.Key("off_track", d.Word("off_track", &f.risk[1])),
			strictyaml.Key("pace_at_risk", d.Word("pace_at_risk", &f.risk[2])), strictyaml.Key("pace_off_track", d.Word("pace_off_track", &f.risk[3])),
			strictyaml.Key("burn_24h", d.Word("burn_24h", &f.burn[0])), strictyaml.Key("burn_7d", d.Word("burn_7d", &f.burn[1])), strictyaml.Key("burn_30d", d.Word("burn_30d", &f.burn[2])))
	}
}

// entries reads a list of areas, classes or groups; list names the key that
// holds an entry's match words or members.
func (d *decoder) entries(what, list string, to *[]entry) func(*yaml.Node) {
	return d.List(what, func(node *yaml.Node) { *to = append(*to, d.entry(node, what, list)) })
}

func (d *decoder) entry(node *yaml.Node, what, list string) entry {
	var e entry
	fields := []strictyaml.Field{strictyaml.Key("id", d.Word("id", &e.id)), strictyaml.Key("name", d.text("name", &e.name))}
	switch list {
	case "":
	case "match":
		fields = append(fields, strictyaml.Key(list, d.Words(list, &e.match)))
	default:
		fields = append(fields, strictyaml.Key(list, d.Words(list, &e.members)))
	}
	before := d.Mistakes()
	d.Mapping(node, what, fields...)
	if e.id.Text == "" && list != "" && d.Mistakes() == before {
		d.Fail(node.Line, "%s: an entry without an id", what)
	}
	e.name = e.name.orElse(Text{Zh: e.id.Text, En: e.id.Text})
	return e
}
