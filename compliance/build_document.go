package compliance

import (
	"cmp"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// New words a dossier.
func New(d *snapshot.Dossier, l wording.Language) *Document {
	m := newMaker(d, l)
	doc := &Document{Language: l, Asked: d.Asked, Program: d.Provenance.Program, Stamp: newStamp(d, l)}
	doc.Title = m.Say("paper.title", m.title())
	doc.Notices, doc.Facts = m.notices(), m.facts()
	for _, make := range []func() (Section, bool){
		m.summary, m.targets, m.budgets, m.grounds, m.measures, m.curves, m.months, m.monthly, m.indices, m.sets, m.natures,
		m.feeders, m.repeats, m.exclusions, m.quality, m.rejected, m.provenance,
	} {
		if s, ok := make(); ok {
			doc.Sections = append(doc.Sections, s)
		}
	}
	return doc
}

// A maker words the parts of a dossier.
type maker struct {
	wording.Language
	d       *snapshot.Dossier
	names   map[string]string // of scopes
	classes map[string]string
	entries map[entryKey]*snapshot.Entry
	spans   []span
	order   []*snapshot.Target // by year, strength and verdict, the worst first
}

// An entryKey finds indices. Those of months are found by when they begin.
type entryKey struct{ scope, class, window string }

func newMaker(d *snapshot.Dossier, l wording.Language) *maker {
	m := &maker{Language: l, d: d, names: map[string]string{}, classes: map[string]string{}, entries: map[entryKey]*snapshot.Entry{}}
	for _, s := range d.Scopes {
		m.names[s.ID] = s.Name.In(string(l))
	}
	for _, c := range d.Classes {
		m.classes[c.ID] = c.Name.In(string(l))
	}
	for i := range d.Indices {
		e := &d.Indices[i]
		window := e.Window
		if window == snapshot.Month {
			window = e.From
		}
		m.entries[entryKey{e.Scope, e.Class, window}] = e
	}
	m.spans = spansOf(d.Indices)
	m.order = ordered(d.Snapshot)
	return m
}

// name is that of a scope; one that has none is shown by its id.
func (m *maker) name(scope string) string { return cmp.Or(m.names[scope], scope) }

// class is the name of a class.
func (m *maker) class(id string) string { return cmp.Or(m.classes[id], id) }

func (m *maker) title() string { return m.d.Title.In(string(m.Language)) }

// notices are what must not be overlooked.
func (m *maker) notices() []string {
	var all []string
	if m.d.Synthetic {
		all = append(all, m.Say("head.synthetic"))
	}
	if m.d.Provisional {
		all = append(all, m.Say("paper.provisional"))
	}
	for _, y := range m.d.Judged.Years {
		if y.Complete && !y.Settled {
			all = append(all, m.Say("paper.unsettled", y.Year, local(y.SettledOn)))
		}
	}
	return all
}

// facts say in the head what the report is about and where it comes from.
func (m *maker) facts() []Fact {
	v := &m.d.Provenance
	facts := []Fact{
		{m.Say("paper.what"), m.Say("paper.index-of", m.d.Index, m.setName(m.d.Index))},
		{m.Say("paper.period"), m.periods()},
		{m.Say("paper.as-of"), m.Say("paper.in-zone", local(v.AsOf), v.Zone)},
		{m.Say("paper.through"), local(m.d.DataThrough)},
		{m.Say("paper.policy"), m.Say("paper.digest", v.Policy.ID, short(v.Policy.SHA256))},
		{m.Say("paper.inputs"), m.Say("paper.files", len(v.Inputs), count(int64(m.d.Quality.Rows)))},
		{m.Say("paper.program"), v.Program},
	}
	if m.d.Asked.KnownAt > 0 {
		facts = append(facts, Fact{m.Say("paper.known-at"), m.Say("paper.sequence", m.d.Asked.KnownAt)})
	}
	return facts
}

// periods are the windows that are shown.
func (m *maker) periods() string {
	var all []string
	for _, s := range m.spans {
		all = append(all, m.Say("paper.from-to", local(s.from), local(s.to)))
	}
	return m.List(all)
}
