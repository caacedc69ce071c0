package policy

import (
	"slices"
	"strconv"

	"github.com/saidi-exporter/saidi/internal/strictyaml"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/outage"
)

// A targetEntry is one target as the file has it.
type targetEntry struct {
	line                                 int
	scope, class, limit, reduction, base word
	baseValue, strength, deadline        word
	clause                               word
	broken                               bool // a mistake in it was reported already
}

func (d *decoder) targetEntry(node *yaml.Node) targetEntry {
	t := targetEntry{line: strictyaml.Resolve(node).Line}
	before := d.Mistakes()
	d.Mapping(node, "targets",
		strictyaml.Key("scope", d.Word("scope", &t.scope)), strictyaml.Key("class", d.Word("class", &t.class)),
		strictyaml.Key("cap", d.Word("cap", &t.limit)), strictyaml.Key("reduction", d.Word("reduction", &t.reduction)),
		strictyaml.Key("base", d.Word("base", &t.base)), strictyaml.Key("base_value", d.Word("base_value", &t.baseValue)),
		strictyaml.Key("strength", d.Word("strength", &t.strength)), strictyaml.Key("deadline", d.Word("deadline", &t.deadline)),
		strictyaml.Key("clause", d.Word("clause", &t.clause)))
	t.broken = d.Mistakes() > before
	return t
}

// targets checks every target and that none stands twice.
func (d *decoder) targets(f *draft, p *Policy) []Target {
	var all []Target
	seen := map[Target]int{}
	for _, e := range f.targets {
		before := d.Mistakes()
		t := d.target(e, p)
		if d.Mistakes() > before || e.broken {
			continue
		}
		key := Target{Scope: t.Scope, Class: t.Class, Rule: t.Rule, Deadline: t.Deadline}
		if line, ok := seen[key]; ok {
			d.Fail(e.line, "target: scope %q, class %q has a %s until %s already, on line %d", t.Scope, t.Class, t.Rule, t.Deadline, line)
			continue
		}
		seen[key] = e.line
		all = append(all, t)
	}
	return all
}

func (d *decoder) target(e targetEntry, p *Policy) Target {
	t := Target{Class: string(outage.AllClasses), Clause: e.clause.Text}
	if d.given(e, "scope", e.scope) {
		t.Scope = d.scope(e.scope, p)
	}
	if e.class.Text != "" {
		t.Class = d.class(e.class, p)
	}
	if d.given(e, "strength", e.strength) {
		t.Strength = oneOf(d, e.strength, "strength", Strengths())
	}
	d.rule(e, &t)
	if d.given(e, "deadline", e.deadline) {
		d.deadline(e, p, &t)
	}
	return t
}

// given reports a key that every target has.
func (d *decoder) given(e targetEntry, key string, w word) bool {
	if w.Text == "" && !e.broken {
		d.Fail(e.line, "target: the key %q is missing", key)
	}
	return w.Text != ""
}

// longestYear is the length of a leap year in seconds.
const longestYear = 366 * 86400

// scope reads the id of an area, a group or the whole.
func (d *decoder) scope(w word, p *Policy) string {
	area, ok := d.recognised(p).Area(w.Text)
	return d.id(w, "scope", p.scopeIDs(), string(area), ok)
}

// class reads the id of a class or group of classes, or all.
func (d *decoder) class(w word, p *Policy) string {
	class, ok := d.recognised(p).Class(w.Text)
	return d.id(w, "class", p.classIDs(), string(class), ok)
}

// id reads one of the known ids; meant is the one that a name stands for.
func (d *decoder) id(w word, what string, known []string, meant string, isName bool) string {
	if isName && !slices.Contains(known, w.Text) {
		d.Fail(w.Line, "unknown %s %q: the nearest known is %q; write the id", what, w.Text, meant)
		return ""
	}
	return oneOf(d, w, what, known)
}

// recognised are the names of the policy; mistakes in them are told elsewhere.
func (d *decoder) recognised(p *Policy) *outage.Names {
	names := outage.NewNames()
	claim(names, append(areaClaims(p.Areas), classClaims(p.Classes)...), func(claimant, string, error) {})
	return names
}

func (p *Policy) scopeIDs() []string {
	var ids []string
	for _, a := range p.Areas {
		ids = append(ids, string(a.ID))
	}
	for _, g := range p.Groups {
		ids = append(ids, g.ID)
	}
	return append(ids, p.Whole.ID)
}

func (p *Policy) classIDs() []string {
	ids := []string{string(outage.AllClasses)}
	for _, c := range p.Classes {
		ids = append(ids, string(c.ID))
	}
	for _, g := range p.ClassGroups {
		ids = append(ids, g.ID)
	}
	return ids
}

// rule reads either a cap or a reduction with its base.
func (d *decoder) rule(e targetEntry, t *Target) {
	switch {
	case e.limit.Text != "" && e.reduction.Text != "":
		d.Fail(e.reduction.Line, "target: cap and reduction are two targets, want one of them")
	case e.limit.Text != "":
		t.Rule, t.Cap = Cap, d.hours("cap", e.limit)
		if t.Cap > longestYear {
			d.Fail(e.limit.Line, "cap %q: longer than a year, and never to be missed", e.limit.Text)
		}
		for _, w := range []word{e.base, e.baseValue} {
			if w.Text != "" {
				d.Fail(w.Line, "target: a cap has no base")
			}
		}
	case e.reduction.Text != "":
		t.Rule = Reduction
		d.reduction(e, t)
	case !e.broken:
		d.Fail(e.line, "target: want a cap, such as 2.73h, or a reduction, such as 8%%")
	}
}

// hours reads a time that is above zero.
func (d *decoder) hours(key string, w word) int64 {
	before := d.Mistakes()
	seconds := d.duration(key, w, 0)
	if seconds == 0 && w.Text != "" && d.Mistakes() == before {
		d.Fail(w.Line, "%s %q: want more than 0", key, w.Text)
	}
	return seconds
}

func (d *decoder) reduction(e targetEntry, t *Target) {
	f, ok := ParseFraction(e.reduction.Text)
	if !ok || f.Num == 0 || f.Num >= f.Den {
		d.Fail(e.reduction.Line, "reduction %q: want a share between 0 and 1, such as 8%%", e.reduction.Text)
	}
	t.Reduction = f
	t.BaseValue = d.hours("base_value", e.baseValue)
	if e.base.Text == "" || e.base.Text == "previous-year" {
		return
	}
	year, err := strconv.Atoi(e.base.Text)
	if err != nil || year < 1900 || year > 2200 {
		d.Fail(e.base.Line, "base %q: want previous-year, or a year such as 2021", e.base.Text)
		return
	}
	t.BaseYear = year
}

// deadline reads the last day of the year that is judged.
func (d *decoder) deadline(e targetEntry, p *Policy, t *Target) {
	before := d.Mistakes()
	t.Deadline = d.day("deadline", e.deadline, 0)
	if d.Mistakes() > before {
		return
	}
	year := p.YearStart.YearOfDay(t.Deadline)
	if t.BaseYear >= year {
		d.Fail(e.base.Line, "base %d: want a year before that of the deadline, %d", t.BaseYear, year)
	}
	switch last := p.YearStart.LastDay(year); {
	case t.Deadline != last:
		d.Fail(e.deadline.Line, "deadline %s: want %s, the last day of that year: hours a year are judged", t.Deadline, last)
	case !p.Valid.Holds(t.Deadline):
		d.Fail(e.deadline.Line, "deadline %s: the policy is valid %s", t.Deadline, p.Valid)
	}
}
