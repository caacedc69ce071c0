package policy

import (
	"strconv"

	"go.yaml.in/yaml/v3"
)

// A RepeatRule says from how many interruptions within a time on a customer has
// repeat outages (频繁停电).
type RepeatRule struct {
	ID          string
	Name        Text
	MoreThan    int   // interruptions, 0 … 1000: the rule is broken by one more
	Within      int64 // seconds of a window that moves, or [WithinYear]
	PreArranged bool  // of pre-arranged outages only
}

// WithinYear is the policy's year as the time of a [RepeatRule].
const WithinYear int64 = 0

// DefaultRepeatRules are those of a policy that gives none: more than 5 in the
// year, more than 3 in any 60 days, more than 3 pre-arranged in the year. They
// are one rule in use, and so configuration.
func DefaultRepeatRules() []RepeatRule {
	return []RepeatRule{
		{ID: "year", Name: Text{Zh: "全年超过5次", En: "more than 5 in the year"}, MoreThan: 5},
		{ID: "60-days", Name: Text{Zh: "60天内超过3次", En: "more than 3 in 60 days"}, MoreThan: 3, Within: 60 * 86400},
		{ID: "pre-arranged", Name: Text{Zh: "全年预安排超过3次", En: "more than 3 pre-arranged in the year"}, MoreThan: 3, PreArranged: true},
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
	e := repeatEntry{line: resolve(node).Line}
	before := len(d.problems)
	d.mapping(node, "repeat_rules",
		field{"id", d.word("id", &e.id)}, field{"name", d.text("name", &e.name)}, field{"more_than", d.word("more_than", &e.moreThan)},
		field{"within", d.word("within", &e.within)}, field{"nature", d.word("nature", &e.nature)})
	e.broken = len(d.problems) > before
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
		if e.id.text == "" {
			d.fail(e.line, "repeat_rules: an entry without an id")
			continue
		}
		if seen[e.id.text] {
			d.fail(e.id.line, "repeat_rules: %q stands twice", e.id.text)
		}
		seen[e.id.text] = true
		all = append(all, d.repeatRule(e))
	}
	return all
}

func (d *decoder) repeatRule(e repeatEntry) RepeatRule {
	r := RepeatRule{ID: e.id.text, Name: e.name.orElse(Text{Zh: e.id.text, En: e.id.text})}
	n, err := strconv.Atoi(e.moreThan.text)
	if err != nil || n < 0 || n > 1000 {
		d.fail(max(e.line, e.moreThan.line), "repeat_rules: more_than %q: want a whole number from 0 to 1000", e.moreThan.text)
	}
	r.MoreThan = n
	switch e.within.text {
	case "":
		d.fail(e.line, "repeat_rules: the key %q is missing", "within")
	case "year":
	default:
		if r.Within, _ = parseDuration(e.within.text); r.Within == 0 {
			d.fail(e.within.line, "repeat_rules: within %q: want year, or a time above 0, such as 60d", e.within.text)
		}
	}
	if e.nature.text != "" {
		r.PreArranged = oneOf(d, e.nature, "nature", []string{"pre-arranged"}) != ""
	}
	return r
}
