package snapshot

import (
	"errors"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/policy"
)

// A FeederList is what each feeder adds to a number, the most customer-seconds
// first. With its rest it adds up to the number exactly.
type FeederList struct {
	SchemaVersion   int         `json:"schema_version"`
	AsOf            string      `json:"as_of"` // RFC 3339
	Scope           string      `json:"scope"`
	Class           string      `json:"class"`
	Index           string      `json:"index"`
	From            string      `json:"from"`
	To              string      `json:"to"`
	CustomerSeconds Milli       `json:"customer_seconds"`
	Interruptions   Milli       `json:"interruptions"`
	Lines           []FeederSum `json:"lines"`
	Rest            Rest        `json:"rest"` // Rows are feeders

	Areas []Named `json:"-"`
}

// A FeederSum is what a feeder adds in one area. Feeder is empty for rows that
// name none.
type FeederSum struct {
	Feeder          string `json:"feeder_id"`
	Area            string `json:"area"`
	Customers       Milli  `json:"customers"` // that the base has on it in the scope at as-of; 0 where it does not know it
	Rows            int    `json:"rows"`
	CustomerSeconds Milli  `json:"customer_seconds"`
	Interruptions   Milli  `json:"interruptions"`
}

// Feeders lists the feeders behind a number, Top of them; an unknown scope,
// class or index set is an error.
func Feeders(e *engine.Engine, p *policy.Policy, q Question) (*FeederList, error) {
	return nil, errors.New("not there yet")
}
