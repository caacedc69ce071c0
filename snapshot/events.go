package snapshot

import (
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/internal/spelling"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
)

// What the rows behind a number may be sorted by.
const (
	SortCustomerSeconds = "customer-seconds"
	SortInterruptions   = "interruptions"
	SortCustomers       = "customers"
	SortStart           = "start"
	SortDuration        = "duration" // of the record, to as-of while it is open
	SortFeeder          = "feeder"
)

// An EventsQuestion asks for the rows behind a number, some at a time. What is
// empty filters nothing.
type EventsQuestion struct {
	Question // Top is not looked at

	Area    string // of the row's part
	Nature  string // a nature, "pre-arranged" or "fault"
	Feeder  string // on which customers are, as a [FeederList] names it: of a row on several, the part on this one
	Unit    string
	Cause   string // responsible cause
	EventID string
	Text    string // somewhere in the ids of event, feeder and unit, or in the causes; letters of either case
	Out     bool   // only rows that are out at as-of

	Sort          string // one of the Sort constants; empty: [SortCustomerSeconds]
	Ascending     bool
	Offset, Limit int // Limit 0 means none are listed
}

// An EventList is some of the rows behind a number, in the order asked for. All
// of them add up to CustomerSeconds and Interruptions exactly, those that the
// filter leaves to Matched.
type EventList struct {
	SchemaVersion       int      `json:"schema_version"`
	AsOf                string   `json:"as_of"` // RFC 3339
	Scope               string   `json:"scope"`
	Class               string   `json:"class"`
	Index               string   `json:"index"`
	From                string   `json:"from"`
	To                  string   `json:"to"`
	CustomerSeconds     Milli    `json:"customer_seconds"` // of the number
	Interruptions       Milli    `json:"interruptions"`
	EquivalentCustomers float64  `json:"equivalent_customers"`
	SAIDIHours          *float64 `json:"saidi_hours"`
	Rows                int      `json:"rows"`    // behind the number: a row in two areas or classes is there twice
	Matched             EventSum `json:"matched"` // what the filter leaves
	Offset              int      `json:"offset"`
	Lines               []Line   `json:"lines"`

	Name      policy.Text `json:"-"`
	ClassName policy.Text `json:"-"`
	Areas     []Named     `json:"-"`
	Classes   []Named     `json:"-"`
}

// An EventSum is what some rows add.
type EventSum struct {
	Rows            int   `json:"rows"`
	CustomerSeconds Milli `json:"customer_seconds"`
	Interruptions   Milli `json:"interruptions"`
}

// The words of [EventsQuestion.Nature] for several natures.
const (
	NaturePreArranged = "pre-arranged"
	NatureFault       = "fault"
)

// Events answers a question; an unknown scope, class, index set, nature or order
// is an error that names the nearest known word.
func Events(e *engine.Engine, p *policy.Policy, q EventsQuestion) (*EventList, error) {
	if err := mustHold(e); err != nil {
		return nil, err
	}
	b := newBuilder(e, p)
	n, err := b.number(q.Question)
	if err != nil {
		return nil, err
	}
	sel, err := q.selection()
	if err != nil {
		return nil, err
	}
	out := &EventList{
		SchemaVersion: SchemaVersion, AsOf: b.at(b.asOf), Scope: n.id, Class: n.class, Index: n.set.ID,
		From: b.at(n.tally.Window.From), To: b.at(n.tally.Window.To), CustomerSeconds: Milli(n.sums.Seconds), Interruptions: Milli(n.sums.Interruptions),
		EquivalentCustomers: n.pool.EquivalentCustomers(), SAIDIHours: some(n.pool.SAIDIHours(n.sums)), Offset: q.Offset, Lines: []Line{},
		Name: n.name, ClassName: n.className, Areas: b.areas(), Classes: b.classes(),
	}
	got := e.Select(n.strata, q.Window, n.set, b.major, sel)
	out.Rows = got.Rows
	out.Matched = EventSum{got.Matched.Rows, Milli(got.Matched.Milli), Milli(got.Matched.Interruptions)}
	for _, c := range got.List {
		out.Lines = append(out.Lines, b.line(c))
	}
	return out, nil
}

// selection is what is asked of the rows.
func (q *EventsQuestion) selection() (*engine.Selection, error) {
	if q.Offset < 0 || q.Limit < 0 {
		return nil, fmt.Errorf("offset %d and limit %d: want 0 or more", q.Offset, q.Limit)
	}
	nature, err := natureAsked(q.Nature)
	if err != nil {
		return nil, err
	}
	order, err := orderAsked(q.Sort)
	if err != nil {
		return nil, err
	}
	return &engine.Selection{
		Area: outage.Area(q.Area), Nature: nature, Feeder: q.Feeder, Unit: q.Unit, Cause: q.Cause, EventID: q.EventID, Text: q.Text, Out: q.Out,
		Order: order, Ascending: q.Ascending, Offset: q.Offset, Limit: q.Limit,
	}, nil
}

// Sorts lists what the rows behind a number may be sorted by.
func Sorts() []string {
	return []string{SortCustomerSeconds, SortInterruptions, SortCustomers, SortStart, SortDuration, SortFeeder}
}

// orderAsked is the order of a word, which stand in the same order.
func orderAsked(word string) (engine.Order, error) {
	if word == "" {
		return engine.BySeconds, nil
	}
	n := slices.Index(Sorts(), word)
	if n < 0 {
		return 0, fmt.Errorf("sort %q is not known; the nearest known is %q", word, spelling.Nearest(word, Sorts()))
	}
	orders := [...]engine.Order{engine.BySeconds, engine.ByInterruptions, engine.ByCustomers, engine.ByStart, engine.ByDuration, engine.ByFeeder}
	return orders[n], nil
}

// natureAsked says which natures a word means; nil means any.
func natureAsked(word string) (func(outage.Nature) bool, error) {
	switch word {
	case "":
		return nil, nil
	case NaturePreArranged:
		return outage.Nature.PreArranged, nil
	case NatureFault:
		return outage.Nature.Fault, nil
	}
	known := []string{NaturePreArranged, NatureFault}
	for n := range outage.NatureCount {
		code := outage.Nature(n).String()
		if code == word {
			return func(of outage.Nature) bool { return of == outage.Nature(n) }, nil
		}
		known = append(known, code)
	}
	return nil, fmt.Errorf("nature %q is not known; the nearest known is %q", word, spelling.Nearest(word, known))
}
