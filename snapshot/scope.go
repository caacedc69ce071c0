package snapshot

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
)

// A scope is one line of the answer: an area, a group or the whole, of one
// class, a group of classes, or all.
type scope struct {
	id, level       string
	class           string
	name, className policy.Text
	pooled          bool // the class is a group of classes
	strata          []int
	areas           []outage.Area // its members
}

// The levels of scopes.
const (
	LevelArea  = "area"
	LevelGroup = "group"
	LevelWhole = "whole"
)

// scopes lists areas, groups and the whole in the policy's order, each as all
// customers, by class and by group of classes. A class that the base never has
// in a scope, and that no row names there, has no line.
func (b *builder) scopes() []scope {
	var all []scope
	for _, a := range b.p.Areas {
		all = append(all, b.ofScope(string(a.ID), LevelArea, a.Name, []outage.Area{a.ID})...)
	}
	for _, g := range b.p.Groups {
		all = append(all, b.ofScope(g.ID, LevelGroup, g.Name, g.Areas)...)
	}
	return append(all, b.ofScope(b.p.Whole.ID, LevelWhole, b.p.Whole.Name, b.p.Whole.Areas)...)
}

func (b *builder) ofScope(id, level string, name policy.Text, areas []outage.Area) []scope {
	all := []scope{{id: id, level: level, name: name, class: string(outage.AllClasses), className: b.p.ClassName(string(outage.AllClasses)), strata: b.strata(areas, b.p.ClassFilter(string(outage.AllClasses))), areas: areas}}
	add := func(class string, className policy.Text, pooled bool) {
		if strata := b.strata(areas, b.p.ClassFilter(class)); b.present(strata) {
			all = append(all, scope{id: id, level: level, name: name, class: class, className: className, pooled: pooled, strata: strata, areas: areas})
		}
	}
	for _, c := range b.p.Classes {
		add(string(c.ID), c.Name, false)
	}
	for _, g := range b.p.ClassGroups {
		add(g.ID, g.Name, true)
	}
	return all
}

func (b *builder) strata(areas []outage.Area, in func(outage.Class) bool) []int {
	var list []int
	for s := range b.e.Base().Strata() {
		area, class := b.e.Base().Stratum(s)
		if slices.Contains(areas, area) && in(class) {
			list = append(list, s)
		}
	}
	return list
}

// present says whether a cell of the base or a counted row is in the strata.
func (b *builder) present(strata []int) bool {
	for _, s := range strata {
		if b.e.Base().Populated(s) || b.e.Sums() != nil && b.e.Sums().Any(s) {
			return true
		}
	}
	return false
}
