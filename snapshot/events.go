package snapshot

import (
	"errors"

	"github.com/saidi-exporter/saidi/engine"
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
	Feeder  string
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

// Events answers a question; an unknown scope, class, index set, nature or order
// is an error that names the nearest known word.
func Events(e *engine.Engine, p *policy.Policy, q EventsQuestion) (*EventList, error) {
	return nil, errors.New("not there yet")
}
