package policy

import "go.yaml.in/yaml/v3"

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
	d.mapping(root, "policy",
		field{"id", d.word("id", &f.id)},
		field{"title", d.text("title", &f.title)},
		field{"source", d.word("source", &f.source)},
		field{"zone", d.word("zone", &f.zone)},
		field{"index", d.word("index", &f.index)},
		field{"indices", d.words("indices", &f.indices)},
		field{"momentary", d.word("momentary", &f.momentary)},
		field{"year_start", d.word("year_start", &f.yearStart)},
		field{"settle", d.word("settle", &f.settle)},
		field{"valid", d.valid(f)},
		field{"areas", d.entries("areas", "match", &f.areas)},
		field{"groups", d.entries("groups", "areas", &f.groups)},
		field{"whole", func(node *yaml.Node) { f.whole = d.entry(node, "whole", "") }},
		field{"classes", d.entries("classes", "match", &f.classes)},
		field{"class_groups", d.entries("class_groups", "classes", &f.classGroups)},
		field{"targets", d.list("targets", func(node *yaml.Node) { f.targets = append(f.targets, d.targetEntry(node)) })},
		field{"after_deadline", d.word("after_deadline", &f.after)},
		field{"coverage", d.coverage(f)},
		field{"risk", d.risk(f)},
		field{"repeat_rules", func(node *yaml.Node) {
			f.repeat = []repeatEntry{}
			d.list("repeat_rules", func(node *yaml.Node) { f.repeat = append(f.repeat, d.repeatEntry(node)) })(node)
		}},
		field{"prearranged_share", d.word("prearranged_share", &f.prearranged)},
	)
	return f
}

func (d *decoder) valid(f *draft) func(*yaml.Node) {
	return func(node *yaml.Node) {
		d.mapping(node, "valid", field{"from", d.word("from", &f.from)}, field{"until", d.word("until", &f.until)})
	}
}

func (d *decoder) coverage(f *draft) func(*yaml.Node) {
	return func(node *yaml.Node) {
		d.mapping(node, "coverage", field{"minimum", d.word("minimum", &f.minimum)}, field{"rejected", d.word("rejected", &f.rejected)})
	}
}

func (d *decoder) risk(f *draft) func(*yaml.Node) {
	return func(node *yaml.Node) {
		d.mapping(node, "risk",
			field{"at_risk", d.word("at_risk", &f.risk[0])}, field{"off_track", d.word("off_track", &f.risk[1])},
			field{"pace_at_risk", d.word("pace_at_risk", &f.risk[2])}, field{"pace_off_track", d.word("pace_off_track", &f.risk[3])})
	}
}

// entries reads a list of areas, classes or groups; list names the key that
// holds an entry's match words or members.
func (d *decoder) entries(what, list string, to *[]entry) func(*yaml.Node) {
	return d.list(what, func(node *yaml.Node) { *to = append(*to, d.entry(node, what, list)) })
}

func (d *decoder) entry(node *yaml.Node, what, list string) entry {
	var e entry
	fields := []field{{"id", d.word("id", &e.id)}, {"name", d.text("name", &e.name)}}
	switch list {
	case "":
	case "match":
		fields = append(fields, field{list, d.words(list, &e.match)})
	default:
		fields = append(fields, field{list, d.words(list, &e.members)})
	}
	before := len(d.problems)
	d.mapping(node, what, fields...)
	if e.id.text == "" && list != "" && len(d.problems) == before {
		d.fail(node.Line, "%s: an entry without an id", what)
	}
	e.name = e.name.orElse(Text{Zh: e.id.text, En: e.id.text})
	return e
}
