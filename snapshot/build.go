package snapshot

import (
	"cmp"
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
	Window        *period.Period // instead of the year's windows; then nothing is judged
	Ledger        *policy.Ledger // of measures; nil: none
	Notes         []outage.Note  // what is odd about files and arguments, beside what deliveries say of themselves
	Suspicious    bool           // list every suspicious row, not just how many
	Detail        bool           // make the [Detail] and the [Live], which needs an engine with a watch
	Anonymous     bool           // leave out the indices of distinct customers, for which every outage of a window has to be looked at
	KnownAt       int64          // the last sequence of the store that counts; zero without a store
	Worst         int            // how many causes and feeders of an area a detail lists; zero means [DefaultWorst]
}

// Build makes the answer of an engine that has advanced to its as-of instant.
func Build(e *engine.Engine, p *policy.Policy, o Options) *Snapshot {
	b := newBuilder(e, p)
	b.anonymous = o.Anonymous
	for _, id := range p.Indices {
		if set, ok := reliability.SetByID(id); ok {
			b.sets = append(b.sets, set)
		}
	}
	q := e.Quality()
	x := b.examiner(q)
	years := b.years(o)
	s := &Snapshot{
		SchemaVersion: SchemaVersion, Provenance: b.provenance(o), Synthetic: e.HasSource(outage.SyntheticSource), Provisional: len(q.Open) > 0,
		DataThrough: b.at(x.cover.through(p.Whole.Areas, b.asOf)), Targets: x.targets(years, o.Ledger), Quality: x.quality(q, o),
		Title: p.Title, Index: p.Index, Rejects: rejects(e), OpenOutages: b.stale(q), Judged: b.judged(years), Areas: b.areas(), Places: b.places(),
	}
	if o.Suspicious {
		s.Suspicious = b.suspicious()
	}
	s.Indices = x.entries(b.windows(o))
	if o.Detail {
		s.Detail = x.detail(b.windows(o), cmp.Or(o.Worst, DefaultWorst))
		s.Live = x.live(s.Detail)
	}
	if len(s.Indices) == 0 {
		s.Provenance.Notes = append(s.Provenance.Notes, outage.Notef("nothing", "there is nothing to show: no accepted row starts before the end of the time asked for"))
	}
	return s
}

type builder struct {
	e       *engine.Engine
	p       *policy.Policy
	asOf    int64                  // that of the engine, or before
	sets    []reliability.IndexSet // that are shown
	set     reliability.IndexSet   // that is judged
	major   *engine.Major
	tallies map[period.Period]*reliability.Tally

	anonymous bool // indices of distinct customers are left out
	past      bool // asOf lies before that of the engine; burn is left out
}

func newBuilder(e *engine.Engine, p *policy.Policy) *builder {
	b := &builder{e: e, p: p, asOf: e.AsOf(), major: e.Major(p.YearStart), tallies: map[period.Period]*reliability.Tally{}}
	b.set, _ = reliability.SetByID(p.Index)
	return b
}

// tally adds up a window, once.
func (b *builder) tally(w period.Period) *reliability.Tally {
	t, ok := b.tallies[w]
	if !ok {
		t = b.e.Tally(w, b.major)
		b.tallies[w] = t
	}
	return t
}

func (b *builder) areas() []Named {
	var all []Named
	for _, a := range b.p.Areas {
		all = append(all, Named{string(a.ID), a.Name})
	}
	return all
}

func (b *builder) places() map[string][]string {
	all := map[string][]string{}
	for _, a := range b.p.Areas {
		all[string(a.ID)] = a.Match
	}
	return all
}

func (b *builder) classes() []Named {
	all := []Named{{string(outage.Unclassified), b.p.ClassName(string(outage.Unclassified))}}
	for _, c := range b.p.Classes {
		all = append(all, Named{string(c.ID), c.Name})
	}
	return all
}

// judged says which years have targets.
func (b *builder) judged(years []int) Judged {
	var j Judged
	for _, y := range years {
		if len(b.p.Standings(y)) == 0 {
			continue
		}
		w, settled := b.year(y), b.year(y).To+b.p.Settle
		j.Years = append(j.Years, JudgedYear{
			Year: y, To: b.at(min(w.To, b.asOf)), Complete: b.asOf >= w.To, Settled: b.asOf >= settled, SettledOn: b.at(settled),
		})
	}
	for i := range b.p.Targets {
		j.Deadlines = append(j.Deadlines, b.p.YearStart.YearOfDay(b.p.Targets[i].Deadline))
	}
	slices.Sort(j.Deadlines)
	j.Deadlines = slices.Compact(j.Deadlines)
	return j
}

func (b *builder) at(t int64) string { return time.Unix(t, 0).In(b.p.Zone).Format(time.RFC3339) }

func (b *builder) provenance(o Options) Provenance {
	ledger := ""
	if o.Ledger != nil {
		ledger = o.Ledger.SHA256
	}
	v := Provenance{
		LedgerSHA256: ledger,
		Program:      o.Program, Policy: Digest{ID: b.p.ID, SHA256: b.p.SHA256}, BaseSHA256: o.BaseSHA256, MappingSHA256: o.MappingSHA256,
		AsOf: b.at(b.asOf), KnownAt: cmp.Or(o.KnownAt, int64(len(b.e.Deliveries()))), Zone: b.p.Zone.String(), TZData: o.TZData, Inputs: []File{},
	}
	for i, d := range b.e.Deliveries() {
		c := b.e.Counts(i)
		v.Inputs = append(v.Inputs, File{
			Path: d.Path, Content: d.Content, SHA256: d.SHA256, Rows: c.Rows, Accepted: c.Accepted, Rejected: c.Rejected,
			Duplicate: c.Duplicate, Superseded: c.Superseded, Cancelled: c.Cancelled, Skipped: c.Skipped, Excluded: c.Excluded,
		})
	}
	v.Notes = append([]outage.Note{}, o.Notes...)
	for _, d := range b.e.Deliveries() {
		for _, w := range d.Warnings {
			w.Path = d.Path
			v.Notes = append(v.Notes, w)
		}
	}
	return v
}

// entries works out every scope in every window.
func (x *examiner) entries(ws []window) []Entry {
	scopes := x.scopes()
	pools := make([][]int, len(scopes))
	for i := range scopes {
		pools[i] = scopes[i].strata
	}
	perWindow := make([][]Entry, len(ws))
	for i, w := range ws {
		tally := x.tally(w.Period)
		var identities []*reliability.Identity
		if w.name != Month && !x.anonymous {
			identities = x.e.Identities(pools, tally.Window, x.set)
		}
		for k := range scopes {
			var identity *reliability.Identity
			if identities != nil {
				identity = identities[k]
			}
			entry := x.entry(&scopes[k], w, tally, identity)
			x.withoutData(&scopes[k], &entry, w, tally)
			perWindow[i] = append(perWindow[i], entry)
		}
	}
	x.reduce(scopes, ws, perWindow)
	all := []Entry{}
	for k := range scopes {
		for i := range ws {
			all = append(all, perWindow[i][k])
		}
	}
	return all
}
