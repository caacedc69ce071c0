package policy

import (
	"slices"
	"strconv"

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
	t := targetEntry{line: resolve(node).Line}
	before := len(d.problems)
	d.mapping(node, "targets",
		field{"scope", d.word("scope", &t.scope)}, field{"class", d.word("class", &t.class)},
		field{"cap", d.word("cap", &t.limit)}, field{"reduction", d.word("reduction", &t.reduction)},
		field{"base", d.word("base", &t.base)}, field{"base_value", d.word("base_value", &t.baseValue)},
		field{"strength", d.word("strength", &t.strength)}, field{"deadline", d.word("deadline", &t.deadline)},
		field{"clause", d.word("clause", &t.clause)})
	t.broken = len(d.problems) > before
	return t
}

// targets checks every target and that none stands twice.
func (d *decoder) targets(f *draft, p *Policy) []Target {
	var all []Target
	seen := map[Target]int{}
	for _, e := range f.targets {
		before := len(d.problems)
		t := d.target(e, p)
		if len(d.problems) > before || e.broken {
			continue
		}
		key := Target{Scope: t.Scope, Class: t.Class, Rule: t.Rule, Deadline: t.Deadline}
		if line, ok := seen[key]; ok {
			d.fail(e.line, "target: scope %q, class %q has a %s until %s already, on line %d", t.Scope, t.Class, t.Rule, t.Deadline, line)
			continue
		}
		seen[key] = e.line
		all = append(all, t)
	}
	return all
}

func (d *decoder) target(e targetEntry, p *Policy) Target {
	t := Target{Class: string(outage.AllClasses), Clause: e.clause.text}
	if d.given(e, "scope", e.scope) {
		t.Scope = d.scope(e.scope, p)
	}
	if e.class.text != "" {
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
	if w.text == "" && !e.broken {
		d.fail(e.line, "target: the key %q is missing", key)
	}
	return w.text != ""
}

// longestYear is the length of a leap year in seconds.
const longestYear = 366 * 86400

// scope reads the id of an area, a group or the whole.
func (d *decoder) scope(w word, p *Policy) string {
	area, ok := d.recognised(p).Area(w.text)
	return d.id(w, "scope", p.scopeIDs(), string(area), ok)
}

// class reads the id of a class or group of classes, or all.
func (d *decoder) class(w word, p *Policy) string {
	class, ok := d.recognised(p).Class(w.text)
	return d.id(w, "class", p.classIDs(), string(class), ok)
}

// id reads one of the known ids; meant is the one that a name stands for.
func (d *decoder) id(w word, what string, known []string, meant string, isName bool) string {
	if isName && !slices.Contains(known, w.text) {
		d.fail(w.line, "unknown %s %q: the nearest known is %q; write the id", what, w.text, meant)
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
	case e.limit.text != "" && e.reduction.text != "":
		d.fail(e.reduction.line, "target: cap and reduction are two targets, want one of them")
	case e.limit.text != "":
		t.Rule, t.Cap = Cap, d.hours("cap", e.limit)
		if t.Cap > longestYear {
			d.fail(e.limit.line, "cap %q: longer than a year, and never to be missed", e.limit.text)
		}
		for _, w := range []word{e.base, e.baseValue} {
			if w.text != "" {
				d.fail(w.line, "target: a cap has no base")
			}
		}
	case e.reduction.text != "":
		t.Rule = Reduction
		d.reduction(e, t)
	case !e.broken:
		d.fail(e.line, "target: want a cap, such as 2.73h, or a reduction, such as 8%%")
	}
}

// hours reads a time that is above zero.
func (d *decoder) hours(key string, w word) int64 {
	before := len(d.problems)
	seconds := d.duration(key, w, 0)
	if seconds == 0 && w.text != "" && len(d.problems) == before {
		d.fail(w.line, "%s %q: want more than 0", key, w.text)
	}
	return seconds
}

func (d *decoder) reduction(e targetEntry, t *Target) {
	f, ok := parseFraction(e.reduction.text)
	if !ok || f.Num == 0 || f.Num >= f.Den {
		d.fail(e.reduction.line, "reduction %q: want a share between 0 and 1, such as 8%%", e.reduction.text)
	}
	t.Reduction = f
	t.BaseValue = d.hours("base_value", e.baseValue)
	if e.base.text == "" || e.base.text == "previous-year" {
		return
	}
	year, err := strconv.Atoi(e.base.text)
	if err != nil || year < 1900 || year > 2200 {
		d.fail(e.base.line, "base %q: want previous-year, or a year such as 2021", e.base.text)
		return
	}
	t.BaseYear = year
}

// deadline reads the last day of the year that is judged.
func (d *decoder) deadline(e targetEntry, p *Policy, t *Target) {
	before := len(d.problems)
	t.Deadline = d.day("deadline", e.deadline, 0)
	if len(d.problems) > before {
		return
	}
	year := p.YearStart.YearOfDay(t.Deadline)
	if t.BaseYear >= year {
		d.fail(e.base.line, "base %d: want a year before that of the deadline, %d", t.BaseYear, year)
	}
	switch last := p.YearStart.LastDay(year); {
	case t.Deadline != last:
		d.fail(e.deadline.line, "deadline %s: want %s, the last day of that year: hours a year are judged", t.Deadline, last)
	case !p.Valid.Holds(t.Deadline):
		d.fail(e.deadline.line, "deadline %s: the policy is valid %s", t.Deadline, p.Valid)
	}
}
