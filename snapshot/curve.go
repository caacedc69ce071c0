package snapshot

import (
	"errors"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/policy"
)

// A Curve is how the hours of an average customer came about in a year, day by
// day, beside the year before.
type Curve struct {
	SchemaVersion int          `json:"schema_version"`
	AsOf          string       `json:"as_of"` // RFC 3339
	Scope         string       `json:"scope"`
	Class         string       `json:"class"`
	Index         string       `json:"index"` // the index set that is judged
	Year          int          `json:"year"`
	Days          []CurvePoint `json:"days"`       // of the year, each at the end of a local day; the last of a running year at as-of
	PriorDays     []CurvePoint `json:"prior_days"` // of the whole year before
}

// A CurvePoint is the year to date at the end of a local day.
type CurvePoint struct {
	At    string   `json:"at"`               // RFC 3339: the end of the day, or as-of
	Hours *float64 `json:"saidi_hours"`      // of the year to date; null without customers
	Day   Milli    `json:"customer_seconds"` // that passed on the day
}

// CurveOf gives the curve of a scope and class in the year of the instant before
// as-of; an unknown scope or class is an error. Its last point is the hours of the
// year to date, to the last bit.
func CurveOf(e *engine.Engine, p *policy.Policy, scope, class string) (*Curve, error) {
	return nil, errors.New("not there yet")
}
