package snapshot

import (
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// Options are what an answer depends on besides engine and policy.
type Options struct {
	Program       string // name and version
	BaseSHA256    string
	MappingSHA256 string
	TZData        string
	Year          *int           // nil: that of the instant before as-of
	Window        *period.Period // instead of the year's windows
	Notes         []string       // what is odd about files and arguments, beside what deliveries say of themselves
	Suspicious    bool           // list every suspicious row, not just how many
}

// Build makes the answer of an engine that has advanced to its as-of instant.
func Build(e *engine.Engine, p *policy.Policy, o Options) *Snapshot {
	b := &builder{e: e, p: p, major: e.Major(p.YearStart)}
	for _, id := range p.Indices {
		if set, ok := reliability.SetByID(id); ok {
			b.sets = append(b.sets, set)
		}
	}
	b.set, _ = reliability.SetByID(p.Index)
	q := e.Quality()
	s := &Snapshot{
		SchemaVersion: SchemaVersion, Provenance: b.provenance(o), Provisional: len(q.Open) > 0,
		DataThrough: b.at(e.AsOf()), Targets: []struct{}{}, Quality: b.quality(q),
		Title: p.Title.En, Index: p.Index, Rejects: rejects(e), OpenOutages: b.stale(q),
	}
	if o.Suspicious {
		s.Suspicious = b.suspicious()
	}
	s.Indices = b.entries(windows(e, p, o))
	if len(s.Indices) == 0 {
		s.Provenance.Notes = append(s.Provenance.Notes, "there is nothing to show: no accepted row starts before the end of the time asked for")
	}
	return s
}

type builder struct {
	e     *engine.Engine
	p     *policy.Policy
	sets  []reliability.IndexSet
	set   reliability.IndexSet
	major *engine.Major
}

func (b *builder) at(t int64) string { return time.Unix(t, 0).In(b.p.Zone).Format(time.RFC3339) }

func (b *builder) provenance(o Options) Provenance {
	v := Provenance{
		Program: o.Program, Policy: Digest{ID: b.p.ID, SHA256: b.p.SHA256}, BaseSHA256: o.BaseSHA256, MappingSHA256: o.MappingSHA256,
		AsOf: b.at(b.e.AsOf()), KnownAt: len(b.e.Deliveries()), Zone: b.p.Zone.String(), TZData: o.TZData, Inputs: []File{},
	}
	for i, d := range b.e.Deliveries() {
		c := b.e.Counts(i)
		v.Inputs = append(v.Inputs, File{
			Path: d.Path, Content: d.Content, SHA256: d.SHA256, Rows: c.Rows, Accepted: c.Accepted, Rejected: c.Rejected,
			Duplicate: c.Duplicate, Superseded: c.Superseded, Cancelled: c.Cancelled, Skipped: c.Skipped, Excluded: c.Excluded,
		})
	}
	v.Notes = append([]string{}, o.Notes...)
	for _, d := range b.e.Deliveries() {
		for _, w := range d.Warnings {
			v.Notes = append(v.Notes, d.Path+": "+w)
		}
	}
	return v
}

func (b *builder) quality(q *engine.Quality) Quality {
	out := Quality{
		Rows: q.Rows, Accepted: q.Accepted, Rejected: q.Rejected, RejectedReasons: map[string]int{},
		OpenEvents: len(q.Open), StaleOpenEvents: len(q.Stale), PendingEvents: q.Pending, SuspiciousRows: q.Flags,
		OverlapExcess: Milli(q.Loss.Overlap), OverBase: Milli(q.Loss.OverBase),
		SplitShare: share(q.Loss.Split, q.Seconds), UnknownNatureShare: share(q.UnknownNature, q.Seconds),
		UnknownFeederShare: share(q.Loss.Unplaced, q.Seconds), Coverage: []Coverage{},
	}
	for reason, n := range q.RejectedReasons {
		out.RejectedReasons[string(reason)] = n
	}
	for _, a := range b.p.Areas {
		out.Coverage = append(out.Coverage, Coverage{Area: string(a.ID), Gaps: []Gap{}})
	}
	return out
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func rejects(e *engine.Engine) []Reject {
	var list []Reject
	for _, r := range e.Rejects() {
		list = append(list, Reject{
			Path: r.Path, Sheet: r.Sheet, Row: r.Row, EventID: r.Event.ID, Column: r.Column, Value: r.Value,
			Reason: string(r.Reason), Advice: r.Reason.Advice(),
		})
	}
	return list
}

func (b *builder) suspicious() []Suspect {
	var list []Suspect
	for _, s := range b.e.Suspicions() {
		list = append(list, b.suspect(s.Event, s.Origin, s.Event.Flags.Codes()))
	}
	return list
}

func (b *builder) stale(q *engine.Quality) []Suspect {
	var list []Suspect
	for _, i := range q.Stale {
		ev, origin := b.e.Event(i)
		list = append(list, b.suspect(ev, origin, []string{"stale-open-outage"}))
	}
	return list
}

func (b *builder) suspect(ev outage.Event, o engine.Origin, what []string) Suspect {
	return Suspect{Path: o.Path, Sheet: o.Sheet, Row: o.Row, EventID: ev.ID, What: what, Start: b.at(ev.Start)}
}

// A scope is one line of the answer: an area, a group or the whole, of one
// class, a group of classes, or all.
type scope struct {
	id, level, name  string
	class, className string
	pooled           bool // the class is a group of classes
	strata           []int
	areas            []outage.Area // its members
}

// entries works out every scope in every window.
func (b *builder) entries(ws []window) []Entry {
	scopes := b.scopes()
	pools := make([][]int, len(scopes))
	for i := range scopes {
		pools[i] = scopes[i].strata
	}
	perWindow := make([][]Entry, len(ws))
	for i, w := range ws {
		tally := b.e.Tally(w.Period, b.major)
		var identities []*reliability.Identity
		if w.name != Month {
			identities = b.e.Identities(pools, tally.Window, b.set)
		}
		for k := range scopes {
			var identity *reliability.Identity
			if identities != nil {
				identity = identities[k]
			}
			perWindow[i] = append(perWindow[i], b.entry(&scopes[k], w, tally, identity))
		}
	}
	all := []Entry{}
	for k := range scopes {
		for i := range ws {
			all = append(all, perWindow[i][k])
		}
	}
	return all
}

// scopes lists areas, groups and the whole in the policy's order, each as all
// customers, by class and by group of classes. A class that the base never has
// in a scope, and that no row names there, has no line.
func (b *builder) scopes() []scope {
	var all []scope
	for _, a := range b.p.Areas {
		all = append(all, b.ofScope(string(a.ID), "area", a.Name.En, []outage.Area{a.ID})...)
	}
	for _, g := range b.p.Groups {
		all = append(all, b.ofScope(g.ID, "group", g.Name.En, g.Areas)...)
	}
	return append(all, b.ofScope(b.p.Whole.ID, "whole", b.p.Whole.Name.En, b.p.Whole.Areas)...)
}

func (b *builder) ofScope(id, level, name string, areas []outage.Area) []scope {
	every := func(outage.Class) bool { return true }
	all := []scope{{id: id, level: level, name: name, class: string(outage.AllClasses), className: "all", strata: b.strata(areas, every), areas: areas}}
	add := func(class, className string, pooled bool, in func(outage.Class) bool) {
		if strata := b.strata(areas, in); b.present(strata) {
			all = append(all, scope{id: id, level: level, name: name, class: class, className: className, pooled: pooled, strata: strata, areas: areas})
		}
	}
	for _, c := range b.p.Classes {
		add(string(c.ID), c.Name.En, false, func(id outage.Class) bool { return id == c.ID })
	}
	for _, g := range b.p.ClassGroups {
		add(g.ID, g.Name.En, true, func(id outage.Class) bool { return slices.Contains(g.Classes, id) })
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
