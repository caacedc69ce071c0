package web

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A province is the areas at a glance: a map coloured by the verdicts that are
// chosen, and the numbers of the areas, groups and the whole.
type province struct {
	year    int // that is judged; 0 where none is
	Heading string
	Choices []crumb // of the verdicts that colour the map
	Map     drawing // empty where nobody knows where the areas lie
	Tiles   []tile  // instead of the map
	Hours   string  // heads the customer-hours of the rows
	Rows    []scopeRow
}

// A tile is an area with its verdict.
type tile struct {
	Area    number
	Verdict *badge // nil: not judged
	Text    string
}

// A colouring chooses the targets by which areas are coloured.
type colouring struct {
	id, word string
	strength string // empty: each area's strongest
	class    string // empty: all
}

// province shows the year whose targets weigh most.
func (v *visit) province(s *snapshot.Snapshot) (*province, error) {
	judged, found := weightiest(s)
	p := &province{year: judged.Year, Hours: v.allHours(s)}
	list := v.colourings(s, judged.Year)
	var by colouring
	if found && len(list) > 0 {
		ids, q := colouringIDs(list), &query{values: v.values}
		chosen := q.choice("map", ids...)
		if q.err != nil {
			return nil, q.err
		}
		by = list[slices.Index(ids, chosen)]
		p.Choices = v.choices(list, chosen)
		p.Heading = v.Say("page.map-by", judged.Year, by.word)
	} else {
		p.Heading = v.Say("page.areas")
	}
	p.Rows = v.scopeRows(s, judged, by)
	v.picture(p, s, judged.Year, by)
	return p, nil
}

// weightiest is the judged year that has duties, else the first.
func weightiest(s *snapshot.Snapshot) (y snapshot.JudgedYear, ok bool) {
	for _, y := range s.Judged.Years {
		if slices.ContainsFunc(s.Targets, func(x snapshot.Target) bool { return x.Year == y.Year && !x.AfterDeadline }) {
			return y, true
		}
	}
	if len(s.Judged.Years) == 0 {
		return y, false
	}
	return s.Judged.Years[0], true
}

// colourings lists by what the map may be coloured: each strength, then each class
// of which areas have targets.
func (t *teller) colourings(s *snapshot.Snapshot, year int) []colouring {
	var all []colouring
	of := func(choose func(*snapshot.Target) bool) bool {
		return slices.ContainsFunc(s.Targets, func(x snapshot.Target) bool { return x.Year == year && isArea(s, x.Scope) && choose(&x) })
	}
	for _, strength := range policy.Strengths() {
		if of(func(x *snapshot.Target) bool { return x.Strength == string(strength) }) {
			all = append(all, colouring{id: string(strength), strength: string(strength), word: t.Word(wording.Strength, string(strength))})
		}
	}
	var classes []string
	for i := range s.Targets {
		x := &s.Targets[i]
		if slices.Contains(classes, x.Class) || !of(func(y *snapshot.Target) bool { return y.Class == x.Class }) {
			continue
		}
		classes = append(classes, x.Class)
		all = append(all, colouring{id: x.Class, class: x.Class, word: x.ClassName.In(string(t.Language))})
	}
	return all
}

// colouringIDs are the words by which colourings are chosen.
func colouringIDs(list []colouring) []string {
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].id
	}
	return ids
}

// judgedYear is the year whose targets the map shows.
func judgedYear(s *snapshot.Snapshot) int {
	y, _ := weightiest(s)
	return y.Year
}

func isArea(s *snapshot.Snapshot, scope string) bool {
	return slices.ContainsFunc(s.Areas, func(a snapshot.Named) bool { return a.ID == scope })
}

// choices links to each colouring.
func (t *teller) choices(list []colouring, chosen string) []crumb {
	var all []crumb
	for _, c := range list {
		all = append(all, crumb{t.link("/", "map", c.id) + "#map", c.word, currentIf(c.id == chosen)})
	}
	return all
}

// targets lists a scope's targets of a colouring, the worst first. Without a
// strength of its own it has those of the strongest there are.
func (c colouring) targets(s *snapshot.Snapshot, year int, scope string) []*snapshot.Target {
	if c.id == "" {
		return nil
	}
	list := snapshot.WorstFirst(s.Targets, func(x *snapshot.Target) bool {
		return x.Year == year && x.Scope == scope && (c.strength == "" || x.Strength == c.strength) && (c.class == "" || x.Class == c.class)
	})
	if c.strength != "" || len(list) == 0 {
		return list
	}
	rank := func(x *snapshot.Target) int { return slices.Index(policy.Strengths(), policy.Strength(x.Strength)) }
	first := slices.MinFunc(list, func(a, b *snapshot.Target) int { return cmp.Compare(rank(a), rank(b)) })
	return slices.DeleteFunc(list, func(x *snapshot.Target) bool { return rank(x) != rank(first) })
}
