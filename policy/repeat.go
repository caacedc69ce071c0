package policy

import (
	"strconv"

	"github.com/saidi-exporter/saidi/internal/strictyaml"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/reliability"
)

// A RepeatRule is a rule of repeat outages (频繁停电) with its name.
type RepeatRule struct {
	ID   string
	Name Text
	reliability.RepeatRule
}

// DefaultRepeatRules are those of a policy that gives none: more than 5 in the
// year, more than 3 in any 60 days, more than 3 pre-arranged in the year. They
// are one rule in use, and so configuration.
func DefaultRepeatRules() []RepeatRule {
	return []RepeatRule{
		{ID: "year", Name: Text{Zh: "全年超过5次", En: "more than 5 in the year"}, RepeatRule: reliability.RepeatRule{MoreThan: 5}},
		{ID: "60-days", Name: Text{Zh: "60天内超过3次", En: "more than 3 in 60 days"}, RepeatRule: reliability.RepeatRule{MoreThan: 3, Within: 60 * 86400}},
		{ID: "pre-arranged", Name: Text{Zh: "全年预安排超过3次", En: "more than 3 pre-arranged in the year"}, RepeatRule: reliability.RepeatRule{MoreThan: 3, PreArranged: true}},
	}
}

// A repeatEntry is one rule as the file has it.
type repeatEntry struct {
	line                         int
	id, moreThan, within, nature word
	name                         Text
	broken                       bool
}

func (d *decoder) repeatEntry(node *yaml.Node) repeatEntry {
	e := repeatEntry{line: strictyaml.Resolve(node).Line}
	before := d.Mistakes()
	d.Mapping(node, "repeat_rules",
		strictyaml.Key("id", d.Word("id", &e.id)), strictyaml.Key("name", d.text("name", &e.name)), strictyaml.Key("more_than", d.Word("more_than", &e.moreThan)),
		strictyaml.Key("within", d.Word("within", &e.within)), strictyaml.Key("nature", d.Word("nature", &e.nature)))
	e.broken = d.Mistakes() > before
	return e
}

func (d *decoder) repeatRules(f *draft) []RepeatRule {
	if f.repeat == nil {
		return DefaultRepeatRules()
	}
	all := []RepeatRule{}
	seen := map[string]bool{}
	for _, e := range f.repeat {
		if e.broken {
			continue
		}
		if e.id.Text == "" {
			d.Fail(e.line, "repeat_rules: an entry without an id")
			continue
		}
		if seen[e.id.Text] {
			d.Fail(e.id.Line, "repeat_rules: %q stands twice", e.id.Text)
		}
		seen[e.id.Text] = true
		all = append(all, d.repeatRule(e))
	}
	return all
}

func (d *decoder) repeatRule(e repeatEntry) RepeatRule {
	r := RepeatRule{ID: e.id.Text, Name: e.name.orElse(Text{Zh: e.id.Text, En: e.id.Text})}
	n, err := strconv.Atoi(e.moreThan.Text)
	if err != nil || n < 0 || n > 1000 {
		d.Fail(max(e.line, e.moreThan.Line), "repeat_rules: more_than %q: want a whole number from 0 to 1000", e.moreThan.Text)
	}
	r.MoreThan = n
	switch e.within.Text {
	case "":
		d.Fail(e.line, "repeat_rules: the key %q is missing", "within")
	case "year":
	default:
		if r.Within, _ = ParseDuration(e.within.Text); r.Within == 0 {
			d.Fail(e.within.Line, "repeat_rules: within %q: want year, or a time above 0, such as 60d", e.within.Text)
		}
	}
	if e.nature.Text != "" {
		r.PreArranged = oneOf(d, e.nature, "nature", []string{"pre-arranged"}) != ""
	}
	return r
}
