package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/snapshot"
)

// scopesOf lists areas, groups and the whole in the order of the policy.
func scopesOf(s *snapshot.Snapshot) []snapshot.Scope {
	if s.Detail != nil {
		return s.Detail.Scopes
	}
	var all []snapshot.Scope
	add := func(id snapshot.Named, level string) {
		if !slices.ContainsFunc(all, func(x snapshot.Scope) bool { return x.ID == id.ID }) {
			all = append(all, snapshot.Scope{Named: id, Level: level})
		}
	}
	for _, a := range s.Areas {
		add(a, "area")
	}
	for i := range s.Indices {
		e := &s.Indices[i]
		add(snapshot.Named{ID: e.Scope, Name: e.Name}, e.Level)
	}
	return all
}

// classesOf lists the classes, groups of classes, and all.
func classesOf(s *snapshot.Snapshot) []snapshot.Named {
	if s.Detail != nil {
		return s.Detail.Classes
	}
	var all []snapshot.Named
	add := func(class snapshot.Named) {
		if !slices.ContainsFunc(all, func(x snapshot.Named) bool { return x.ID == class.ID }) {
			all = append(all, class)
		}
	}
	for i := range s.Indices {
		add(snapshot.Named{ID: s.Indices[i].Class, Name: s.Indices[i].ClassName})
	}
	for i := range s.Targets {
		add(snapshot.Named{ID: s.Targets[i].Class, Name: s.Targets[i].ClassName})
	}
	return all
}

// classesIn lists the ids of the classes of a scope, all customers first.
func classesIn(s *snapshot.Snapshot, scope string) []string {
	all := []string{string(outage.AllClasses)}
	add := func(class string) {
		if !slices.Contains(all, class) {
			all = append(all, class)
		}
	}
	for i := range s.Indices {
		if e := &s.Indices[i]; e.Scope == scope {
			add(e.Class)
		}
	}
	for i := range s.Targets {
		if x := &s.Targets[i]; x.Scope == scope {
			add(x.Class)
		}
	}
	return all
}

// idsOf are the ids of what has names.
func idsOf(list []snapshot.Named) []string {
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	return ids
}

// scopeIDs are the ids of areas, groups and the whole.
func scopeIDs(s *snapshot.Snapshot) []string {
	var ids []string
	for _, scope := range scopesOf(s) {
		ids = append(ids, scope.ID)
	}
	return ids
}

// know takes the zone and all names from the answer. A zone that this machine does
// not know leaves times in the zone that they come in.
func (t *teller) know(s *snapshot.Snapshot) {
	if zone, err := time.LoadLocation(s.Provenance.Zone); err == nil {
		t.zone = zone
	}
	for _, scope := range scopesOf(s) {
		t.scopes[scope.ID] = scope.Name.In(string(t.Language))
	}
	t.learn(nil, classesOf(s))
}

// learn takes in the names that an answer brings along.
func (t *teller) learn(areas, classes []snapshot.Named) {
	for _, n := range areas {
		t.scopes[n.ID] = n.Name.In(string(t.Language))
	}
	for _, n := range classes {
		t.classes[n.ID] = n.Name.In(string(t.Language))
	}
}

// scopeName names an area, a group or the whole; one without a name is shown by its
// id.
func (t *teller) scopeName(id string) string { return cmp.Or(t.scopes[id], id) }

// className names a class; one without a name is shown by its id.
func (t *teller) className(id string) string {
	if t.classes[id] == "" && id == string(outage.AllClasses) {
		return t.Say("area.all")
	}
	return cmp.Or(t.classes[id], id)
}

// yearShown is a number of the year that is shown first, which tells its window and
// when it begins; nil where there is none.
func yearShown(s *snapshot.Snapshot) *snapshot.Entry {
	for i := range s.Indices {
		if e := &s.Indices[i]; e.Window == snapshot.YearToDate || e.Window == snapshot.WholeYear {
			return e
		}
	}
	return nil
}

// shown gives the windows of the year that is shown first.
func shown(s *snapshot.Snapshot) behind {
	e := yearShown(s)
	return behindOf(s, snapshot.JudgedYear{Complete: e != nil && e.Window == snapshot.WholeYear})
}

// yearWindow names the window of a year: that of the report for the year that is
// shown, else its dates.
func yearWindow(s *snapshot.Snapshot, year int) string {
	begin := time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)
	if e := yearShown(s); e != nil {
		if from, err := time.Parse(time.RFC3339, e.From); err == nil {
			if from.Year() == year {
				return e.Window
			}
			begin = from.AddDate(year-from.Year(), 0, 0)
		}
	}
	return begin.Format(time.DateOnly) + ".." + begin.AddDate(1, 0, 0).Format(time.DateOnly)
}
