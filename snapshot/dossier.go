package snapshot

import (
	"errors"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/policy"
)

// A Dossier is all that a compliance report shows: an answer and what lies behind
// it, by the index set that is judged.
type Dossier struct {
	*Snapshot // with all rejected and suspicious rows
	Asked     Asked
	Scopes    []Scope // areas, groups and the whole, in the order of the policy
	Classes   []Named
	Curves    []Curve      // of every scope and class with a target, in the order of the targets
	Feeders   []FeederList // of every area, all classes, in the window that is shown: all of its feeders
	Repeats   []Repeat     // customers that a rule of repeat outages holds for; nil where the base knows no units
	Rules     []Named      // of repeat outages
	Uncounted []Uncounted  // what is not in the numbers, all of it
	Excluded  []Suspect    // rows of nature not_an_outage
	Assumed   []Assumption
}

// Asked is how an answer was asked for, as far as its inputs do not say it: with
// the same inputs the same comes out again.
type Asked struct {
	AsOf       string // RFC 3339
	Year       int    // that is shown; 0 with a window of its own
	Window     string // FROM..TO in RFC 3339; empty without one
	StaleAfter int64  // seconds
	KnownAt    int64  // the last sequence of a store; 0 of files
}

// An Uncounted is a kind of rows or of customer-seconds that is in no number.
type Uncounted struct {
	Kind            string // rejected, duplicate, superseded, cancelled, skipped, excluded, pending, overlap, over-base
	Rows            int    // 0 of overlap and over-base
	CustomerSeconds *Milli // of overlap and over-base; and of excluded rows what they speak of
}

// An Assumption is a choice that the numbers rest on, of a closed list, and its
// value.
type Assumption struct {
	Code string // see [AssumptionCodes]
	Args []any  // that the words of the code take
}

// AssumptionCodes lists the codes.
func AssumptionCodes() []string { return nil }

// NewDossier makes a dossier of an engine that has advanced to as-of. It is an
// error if the index set that is judged does not exist in the year.
func NewDossier(e *engine.Engine, p *policy.Policy, o Options) (*Dossier, error) {
	return nil, errors.New("not there yet")
}
