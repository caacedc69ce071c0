package snapshot

import (
	"errors"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
)

// A RecordQuestion asks for all that was told of one event.
type RecordQuestion struct {
	Source, EventID string
	// Delivery says what is known of a delivery to a store besides its rows; nil
	// without a store.
	Delivery func(id int64) Sender
}

// A Record is all that was ever told of one event, and what of it counts where.
type Record struct {
	SchemaVersion int            `json:"schema_version"`
	AsOf          string         `json:"as_of"` // RFC 3339
	Source        string         `json:"source"`
	EventID       string         `json:"event_id"`
	Told          []RecordRow    `json:"told"`   // in the order in which it was told
	Counts        []RecordCounts `json:"counts"` // what the rows in force add, by the index set that is judged; by year and row

	Areas   []Named `json:"-"`
	Classes []Named `json:"-"`
}

// A RecordRow is one row as it was told, and what became of it.
type RecordRow struct {
	Number   int      `json:"number"` // from 1
	Path     string   `json:"path"`
	Sheet    string   `json:"sheet"`
	Row      int      `json:"row"`
	Delivery int64    `json:"delivery,omitempty"` // of a store
	Received string   `json:"received,omitempty"` // RFC 3339, of a store
	Outcome  string   `json:"outcome"`            // accepted, rejected, duplicate, superseded, cancelled or excluded
	Rejected *Problem `json:"rejected"`           // null unless it is
	Flags    []string `json:"flags"`              // what is odd about it

	Feeder         string        `json:"feeder_id"`
	Unit           string        `json:"unit_id"`
	Area           string        `json:"area"`
	Class          string        `json:"class"`
	Start          string        `json:"start"`
	End            string        `json:"end"`       // empty: open
	Customers      *int64        `json:"customers"` // null where the row gives none
	Nature         string        `json:"nature"`
	Cause          string        `json:"cause"`
	TechnicalCause string        `json:"technical_cause"`
	Stage          string        `json:"stage"`
	Steps          []outage.Step `json:"-"`
	Revision       int64         `json:"revision"`
	Cancelled      bool          `json:"cancelled"`
	// Changed lists the fields, by their JSON names, in which the row differs from
	// the one before it of the same feeder, unit and stage.
	Changed []string `json:"changed"`
}

// A RecordCounts is what one row adds to one year in one area and class.
type RecordCounts struct {
	Number int `json:"number"` // of the row
	Year   int `json:"year"`
	Line
}

// FindRecord finds an event; ok is false where none of its source and id was told.
func FindRecord(e *engine.Engine, p *policy.Policy, q RecordQuestion) (r *Record, ok bool, err error) {
	return nil, false, errors.New("not there yet")
}
