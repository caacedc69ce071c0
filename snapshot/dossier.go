package snapshot

import (
	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
)

// A Dossier is all that a compliance report shows: an answer and what lies behind
// it, by the index set that is judged.
type Dossier struct {
	*Snapshot // with all rejected and suspicious rows
	Asked     Asked
	Scopes    []Scope // areas, groups and the whole, in the order of the policy
	Classes   []Named
	Curves    []Curve      // of every scope, class and year with a target, in the order of the targets
	Feeders   []FeederList // of every area, all classes, in each year or the window that is shown, the latest first: all of its feeders
	Repeats   []Repeat     // customers that a rule of repeat outages holds for in the year of as-of; nil where the base knows no units, or the engine keeps no watch
	Rules     []Named      // of repeat outages
	Uncounted []Uncounted  // what is not in the numbers, all of it
	Excluded  []Suspect    // rows of nature not_an_outage
	Assumed   []Assumption
}

// Asked is how an answer was asked for, as far as its inputs do not say it: with
// the same inputs the same comes out again.
type Asked struct {
	AsOf       string `json:"as_of"`               // RFC 3339
	Year       int    `json:"year"`                // that was asked for; 0 without one: that of the instant before as-of, or the window
	Window     string `json:"window"`              // FROM..TO in RFC 3339; empty without one
	StaleAfter int64  `json:"stale_after_seconds"` // seconds
	KnownAt    int64  `json:"known_at"`            // the last sequence of a store; 0 of files
	Covers     string `json:"covers"`              // what the events were declared to hold, beside what files say: FROM..TO as it was given; empty without
}

// The kinds of what is not counted. Those of rows, but for pending ones, which are
// accepted, and the accepted rows add up to all that were read.
const (
	UncountedRejected   = "rejected"
	UncountedDuplicate  = "duplicate"
	UncountedSuperseded = "superseded"
	UncountedCancelled  = "cancelled"
	UncountedSkipped    = "skipped" // title and total rows
	UncountedExcluded   = "excluded"
	UncountedPending    = "pending"   // accepted rows that start after as-of
	UncountedOverlap    = "overlap"   // others were out already
	UncountedOverBase   = "over-base" // more than the base has
)

// An Uncounted is a kind of rows or of customer-seconds that is in no number.
type Uncounted struct {
	Kind            string // one of the Uncounted constants
	Rows            int    // 0 of overlap and over-base
	CustomerSeconds *Milli // of overlap and over-base; and of excluded rows what they speak of
}

// NewDossier makes a dossier of an engine that has advanced to as-of. It is an
// error if the index set that is judged does not exist in the year.
func NewDossier(e *engine.Engine, p *policy.Policy, o Options) (*Dossier, error) {
	b := newBuilder(e, p)
	w := b.mainWindow(o)
	if _, err := b.number(Question{Scope: p.Whole.ID, Window: w}); err != nil {
		return nil, err
	}
	o.Suspicious = true
	q := e.Quality()
	x := b.examiner(q)
	d := &Dossier{Snapshot: Build(e, p, o), Asked: b.askedFor(o), Scopes: x.named(), Classes: x.namedClasses(), Repeats: x.repeats()}
	for _, r := range p.RepeatRules {
		d.Rules = append(d.Rules, Named{r.ID, r.Name})
	}
	d.Curves = x.curvesOf(d.Targets)
	var err error
	if d.Feeders, err = b.feeders(o); err != nil {
		return nil, err
	}
	d.exclude(b, q)
	d.Assumed = x.assumptions(d, q, o)
	return d, nil
}

// mainWindow is the window that a dossier shows first: that which was asked for, or
// the year as far as it goes.
func (b *builder) mainWindow(o Options) period.Period {
	if o.Window != nil {
		return upTo(*o.Window, b.asOf)
	}
	return upTo(b.year(b.years(o)[0]), b.asOf)
}

// feeders lists the feeders of every area in the main window and, while the year
// before is not settled, in that.
func (b *builder) feeders(o Options) ([]FeederList, error) {
	shown := []period.Period{b.mainWindow(o)}
	for _, w := range b.windows(o) {
		if w.name == WholeYear && w.Period != shown[0] && b.exists(w.Period) {
			shown = append(shown, w.Period)
		}
	}
	var all []FeederList
	for _, w := range shown {
		for _, a := range b.p.Areas {
			f, err := Feeders(b.e, b.p, Question{Scope: string(a.ID), Window: w})
			if err != nil {
				return nil, err
			}
			all = append(all, *f)
		}
	}
	return all, nil
}

// exists says whether the index set that is judged exists in a window.
func (b *builder) exists(w period.Period) bool {
	_, err := b.number(Question{Scope: b.p.Whole.ID, Window: w})
	return err == nil
}

func (b *builder) askedFor(o Options) Asked {
	a := Asked{AsOf: b.at(b.asOf), StaleAfter: b.e.StaleAfter(), KnownAt: o.KnownAt}
	switch {
	case o.Window != nil:
		a.Window = b.at(o.Window.From) + ".." + b.at(o.Window.To)
	case o.Year != nil:
		a.Year = *o.Year
	}
	return a
}

// repeats lists whom the repeat rules hold for in the year of as-of; nil where that
// is not known.
func (x *examiner) repeats() []Repeat {
	d := &Detail{}
	s := x.e.Standout(x.p.YearStart.YearOf(x.asOf-1, x.p.Zone))
	if s.Repeats != nil {
		d.Repeat = []Repeat{}
		x.addRepeats(d, s)
	}
	return d.Repeat
}

// curvesOf draws the curve of every scope, class and year that has a target.
func (x *examiner) curvesOf(targets []Target) []Curve {
	type key struct {
		scope, class string
		year         int
	}
	c, seen := x.curves(), map[key]bool{}
	var all []Curve
	for i := range targets {
		t := &targets[i]
		k := key{t.Scope, t.Class, t.Year}
		s, err := x.find(t.Scope, t.Class)
		if seen[k] || err != nil { // a target of customers whom nobody has
			continue
		}
		seen[k] = true
		all = append(all, *c.of(&s, t.Year))
	}
	return all
}

// exclude says what is not in the numbers.
func (d *Dossier) exclude(b *builder, q *engine.Quality) {
	rows, spoken := b.e.ExcludedRows()
	for _, i := range rows {
		ev, o := b.e.Event(i)
		d.Excluded = append(d.Excluded, b.suspect(ev, o, append([]string{ev.Nature.String()}, ev.Flags.Codes()...)))
	}
	overlap, over, none := Milli(q.Loss.Overlap), Milli(q.Loss.OverBase), Milli(spoken)
	d.Uncounted = []Uncounted{
		{Kind: UncountedRejected, Rows: q.Rejected}, {Kind: UncountedDuplicate, Rows: q.Duplicate}, {Kind: UncountedSuperseded, Rows: q.Superseded},
		{Kind: UncountedCancelled, Rows: q.Cancelled}, {Kind: UncountedSkipped, Rows: q.Skipped}, {Kind: UncountedExcluded, Rows: q.Excluded, CustomerSeconds: &none},
		{Kind: UncountedPending, Rows: q.Pending}, {Kind: UncountedOverlap, CustomerSeconds: &overlap}, {Kind: UncountedOverBase, CustomerSeconds: &over},
	}
}
