package policy

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

func areas(entries []entry) []Area {
	var all []Area
	for _, e := range entries {
		all = append(all, Area{ID: outage.Area(e.id.Text), Name: e.name, Match: texts(e.match)})
	}
	return all
}

func classes(entries []entry) []Class {
	var all []Class
	for _, e := range entries {
		all = append(all, Class{ID: outage.Class(e.id.Text), Name: e.name, Match: texts(e.match)})
	}
	return all
}

func (d *decoder) groups(f *draft) []Group {
	var all []Group
	for _, e := range f.groups {
		all = append(all, Group{ID: e.id.Text, Name: e.name, Areas: members[outage.Area](d, e, "area", f.areas)})
	}
	return all
}

func (d *decoder) classGroups(f *draft) []ClassGroup {
	var all []ClassGroup
	for _, e := range f.classGroups {
		all = append(all, ClassGroup{ID: e.id.Text, Name: e.name, Classes: members[outage.Class](d, e, "class", f.classes)})
	}
	return all
}

// members gives the members of a group, each of which must be one of the known
// entries and stand once.
func members[ID ~string](d *decoder, group entry, what string, known []entry) []ID {
	ids := entryIDs(known)
	var all []ID
	for _, w := range group.members {
		switch {
		case !slices.Contains(ids, w.Text):
			d.Unknown(w, what, ids)
		case slices.Contains(all, ID(w.Text)):
			d.Fail(w.Line, "group %q: %s %q stands twice", group.id.Text, what, w.Text)
		}
		all = append(all, ID(w.Text))
	}
	if len(all) == 0 && group.id.Text != "" {
		d.Fail(group.id.Line, "group %q: has no members", group.id.Text)
	}
	return all
}

// whole is the group of all areas; a file may name it.
func whole(e entry, p *Policy) Group {
	w := Group{ID: DefaultWhole, Name: p.Title}
	if e.id.Text != "" {
		w.ID = e.id.Text
	}
	w.Name = e.name.orElse(w.Name)
	for _, a := range p.Areas {
		w.Areas = append(w.Areas, a.ID)
	}
	return w
}

// scopeIDs reports an id that two of areas, groups and the whole bear.
func (d *decoder) scopeIDs(f *draft, whole string) {
	seen := map[string]string{whole: "the whole"}
	d.distinct(f.areas, "area", seen)
	d.distinct(f.groups, "group", seen)
}

// classIDs reports an id that two classes or class groups bear, or that stands
// for all customers or those of no class.
func (d *decoder) classIDs(f *draft) {
	seen := map[string]string{string(outage.AllClasses): "all customers", string(outage.Unclassified): "customers of no class"}
	d.distinct(f.classes, "class", seen)
	d.distinct(f.classGroups, "class group", seen)
}

func (d *decoder) distinct(entries []entry, what string, seen map[string]string) {
	for _, e := range entries {
		if e.id.Text == "" {
			continue
		}
		if other, ok := seen[e.id.Text]; ok {
			d.Fail(e.id.Line, "%s %q: the id already means %s", what, e.id.Text, other)
			continue
		}
		seen[e.id.Text] = "another " + what
	}
}

func entryIDs(entries []entry) []string {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.id.Text
	}
	return ids
}

func texts(words []word) []string {
	var all []string
	for _, w := range words {
		all = append(all, w.Text)
	}
	return all
}
