package snapshot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/internal/spelling"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// An Explanation is the rows behind a number, largest first. Lines and Rest add
// up to CustomerSeconds and Interruptions exactly.
type Explanation struct {
	SchemaVersion       int      `json:"schema_version"`
	Scope               string   `json:"scope"`
	Class               string   `json:"class"`
	Index               string   `json:"index"`
	From                string   `json:"from"`
	To                  string   `json:"to"`
	CustomerSeconds     Milli    `json:"customer_seconds"`
	Interruptions       Milli    `json:"interruptions"`
	EquivalentCustomers float64  `json:"equivalent_customers"`
	SAIDIHours          *float64 `json:"saidi_hours"`
	Lines               []Line   `json:"lines"`
	Rest                Rest     `json:"rest"`
	Targets             []Target `json:"targets"` // that rest on this number: of the scope and class, in the year of the window

	Name      policy.Text `json:"-"`
	ClassName policy.Text `json:"-"`
	Areas     []Named     `json:"-"`
	Classes   []Named     `json:"-"`
}

// A Line is what one row adds in one area and class.
type Line struct {
	CustomerSeconds Milli  `json:"customer_seconds"`
	Interruptions   Milli  `json:"interruptions"`
	Customers       Milli  `json:"customers"`   // the most out at one instant, of what counts here
	NotCounted      Milli  `json:"not_counted"` // customer-seconds that others hold or the base does not have
	Source          string `json:"source"`
	EventID         string `json:"event_id"`
	Feeder          string `json:"feeder_id"`
	Unit            string `json:"unit_id"`
	Area            string `json:"area"`
	Class           string `json:"class"`
	Nature          string `json:"nature"`
	Cause           string `json:"cause"`
	Start           string `json:"start"`
	End             string `json:"end"`  // empty where supply is still out
	From            string `json:"from"` // what of it counts here
	To              string `json:"to"`
	Path            string `json:"path"`
	Sheet           string `json:"sheet"`
	Row             int    `json:"row"`
	Delivery        int64  `json:"delivery,omitempty"` // of a store
}

// A Rest is what the lines beyond the largest ones add.
type Rest struct {
	Rows            int   `json:"rows"`
	CustomerSeconds Milli `json:"customer_seconds"`
	Interruptions   Milli `json:"interruptions"`
}

// A Question asks what is behind the number of a scope, class and window.
type Question struct {
	Scope, Class, Index string // Class empty: all; Index empty: the policy's
	Window              period.Period
	Top                 int // the number of lines; 0 means all
}

// Explain answers a question; an unknown scope, class or index set is an error.
func Explain(e *engine.Engine, p *policy.Policy, q Question) (*Explanation, error) {
	if err := mustHold(e); err != nil {
		return nil, err
	}
	b := newBuilder(e, p)
	n, err := b.number(q)
	if err != nil {
		return nil, err
	}
	out := &Explanation{
		SchemaVersion: SchemaVersion, Scope: n.id, Class: n.class, Index: n.set.ID,
		From: b.at(n.tally.Window.From), To: b.at(n.tally.Window.To), CustomerSeconds: Milli(n.sums.Seconds), Interruptions: Milli(n.sums.Interruptions),
		EquivalentCustomers: n.pool.EquivalentCustomers(), SAIDIHours: some(n.pool.SAIDIHours(n.sums)), Lines: []Line{},
		Targets: b.resting(n.scope, n.tally.Window, n.set.ID), Name: n.name, ClassName: n.className, Areas: b.areas(), Classes: b.classes(),
	}
	for i, c := range e.Explain(n.strata, q.Window, n.set, b.major) {
		if q.Top > 0 && i >= q.Top {
			out.Rest.Rows++
			out.Rest.CustomerSeconds += Milli(c.Milli)
			out.Rest.Interruptions += Milli(c.Interruptions)
			continue
		}
		out.Lines = append(out.Lines, b.line(c))
	}
	return out, nil
}

// A number is what a question is about.
type number struct {
	scope
	set   reliability.IndexSet
	tally *reliability.Tally
	pool  *reliability.Pool
	sums  reliability.Sums
}

// number works out the number of a question; an index set that does not exist in
// the window is an error.
func (b *builder) number(q Question) (*number, error) {
	s, set, err := b.asked(q)
	if err != nil {
		return nil, err
	}
	n := &number{scope: s, set: set, tally: b.tally(q.Window)}
	n.pool = n.tally.Pool(s.strata, b.e.Bands())
	var ok bool
	if n.sums, ok = n.pool.Of(set); !ok {
		return nil, fmt.Errorf("index set %q does not exist in this window: there is no year before it from which to work out major event days", set.ID)
	}
	return n, nil
}

// resting lists the targets that rest on the number of a scope in a window: a
// year that is judged, up to as-of.
func (b *builder) resting(s scope, w period.Period, index string) []Target {
	year := b.p.YearStart.YearOf(w.From, b.p.Zone)
	if w != upTo(b.year(year), b.asOf) || index != b.p.Index {
		return []Target{}
	}
	targets := b.examiner(b.e.Quality()).targets([]int{year}, nil)
	return slices.DeleteFunc(targets, func(t Target) bool { return t.Scope != s.id || t.Class != s.class })
}

func (b *builder) find(id, class string) (scope, error) {
	var ids, classes []string
	for _, s := range b.scopes() {
		ids = append(ids, s.id)
		if s.id != id {
			continue
		}
		if s.class == class {
			return s, nil
		}
		classes = append(classes, s.class)
	}
	if len(classes) == 0 {
		return scope{}, fmt.Errorf("scope %q is not an area, group or whole of policy %s; the nearest is %q", id, b.p.ID, spelling.Nearest(id, ids))
	}
	return scope{}, fmt.Errorf("scope %q has no customers of class %q; it has %s", id, class, strings.Join(classes, ", "))
}

func setIDs() []string {
	var ids []string
	for _, s := range reliability.Sets() {
		ids = append(ids, s.ID)
	}
	return ids
}

func (b *builder) line(c engine.Contribution) Line {
	ev, o := b.e.Event(c.Row)
	l := Line{
		CustomerSeconds: Milli(c.Milli), Interruptions: Milli(c.Interruptions), Customers: Milli(c.Customers), NotCounted: Milli(c.NotCounted),
		Source: ev.Source, EventID: ev.ID, Feeder: ev.Feeder, Unit: ev.Unit, Area: string(c.Area), Class: string(c.Class),
		Nature: ev.Nature.String(), Cause: ev.Cause, Start: b.at(ev.Start), From: b.at(c.From), To: b.at(c.To),
		Path: o.Path, Sheet: o.Sheet, Row: o.Row, Delivery: o.Delivery,
	}
	if ev.End != outage.Open {
		l.End = b.at(ev.End)
	}
	return l
}
