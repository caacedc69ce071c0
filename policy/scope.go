package policy

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// MembersOf lists the areas of a scope: an area itself, those of a group, or
// all.
func (p *Policy) MembersOf(scope string) []outage.Area {
	if i := slices.IndexFunc(p.Groups, func(g Group) bool { return g.ID == scope }); i >= 0 {
		return p.Groups[i].Areas
	}
	if scope == p.Whole.ID {
		return p.Whole.Areas
	}
	return []outage.Area{outage.Area(scope)}
}

// ClassFilter says which classes the id of a class, a group of classes or all
// stands for.
func (p *Policy) ClassFilter(id string) func(outage.Class) bool {
	if id == string(outage.AllClasses) {
		return func(outage.Class) bool { return true }
	}
	if i := slices.IndexFunc(p.ClassGroups, func(g ClassGroup) bool { return g.ID == id }); i >= 0 {
		return func(c outage.Class) bool { return slices.Contains(p.ClassGroups[i].Classes, c) }
	}
	return func(c outage.Class) bool { return string(c) == id }
}

// ScopeName is the name of an area, a group or the whole; the id where it has
// none.
func (p *Policy) ScopeName(id string) Text {
	for _, a := range p.Areas {
		if string(a.ID) == id {
			return a.Name
		}
	}
	for _, g := range p.Groups {
		if g.ID == id {
			return g.Name
		}
	}
	if id == p.Whole.ID {
		return p.Whole.Name
	}
	return Text{Zh: id, En: id}
}

// ClassName is the name of a class or group of classes, of all customers and of
// those of no class.
func (p *Policy) ClassName(id string) Text {
	switch outage.Class(id) {
	case outage.AllClasses:
		return Text{Zh: "全部", En: "All"}
	case outage.Unclassified:
		return Text{Zh: "未分类", En: "Unclassified"}
	}
	for _, c := range p.Classes {
		if string(c.ID) == id {
			return c.Name
		}
	}
	for _, g := range p.ClassGroups {
		if g.ID == id {
			return g.Name
		}
	}
	return Text{Zh: id, En: id}
}
