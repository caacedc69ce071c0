package policy

import (
	"time"

	"github.com/saidi-exporter/saidi/period"
)

// The values that a file need not give.
const (
	DefaultMomentary int64 = 180        // seconds; 短时停电 in China and the EU
	DefaultSettle    int64 = 45 * 86400 // seconds; the year's report is due by 15 February
	DefaultWhole           = "whole"    // the id of all areas together
)

// A Policy is what one policy file says. It does not change after it is read,
// so any number of goroutines may read it.
type Policy struct {
	ID          string
	Title       Text
	Source      string         // where the policy is published, empty where not given
	Zone        *time.Location // in which days, months and years begin
	Index       string         // the id of the index set that is judged
	Indices     []string       // the ids of the index sets that are shown, Index among them
	Momentary   int64          // seconds, 1 … 3600; an interruption of exactly this length is momentary
	YearStart   period.YearStart
	Settle      int64 // seconds, 0 … 3660 days; a closed year may change for so long after its end
	Valid       Validity
	Areas       []Area // at least one, in the order of the file
	Groups      []Group
	Whole       Group // all areas
	Classes     []Class
	ClassGroups []ClassGroup
	Targets     []Target
	// AfterDeadline is the strength of a target in the years after that of its
	// deadline: [Informative], or empty where it is not judged any more.
	AfterDeadline Strength
	Coverage      Demand
	Risk          Risk
	RepeatRules   []RepeatRule // of repeat outages (频繁停电)
	// PreArrangedShare is the share of a budget of customer-hours that is set
	// aside for pre-arranged outages; nil where history is to give it.
	PreArrangedShare *Fraction
	SHA256           string // of the file's bytes, in lower-case hexadecimal
}

// A Demand is what the data must be for a verdict to be given.
type Demand struct {
	Minimum  Fraction // the least share of the time that deliveries must declare to cover, where they declare any
	Rejected Fraction // the largest share of rows that may be rejected or above the base
}

// DefaultDemand is the demand of a policy that makes none.
func DefaultDemand() Demand { return Demand{Minimum: Fraction{99, 100}, Rejected: Fraction{1, 100}} }

// A Risk says from where on a target is at risk or off track: by the probability
// of missing it, and, where there is no forecast, by its pace. The thresholds
// themselves are still the better verdict.
type Risk struct {
	AtRisk, OffTrack         Fraction // of the probability, 0 … 1
	PaceAtRisk, PaceOffTrack Fraction // of value / (limit × expected share)

	// The shares of a year's budget above whose use in so short a time operators
	// are to be warned, 0 … 1.
	BurnDay, BurnWeek, BurnMonth Fraction
}

// DefaultRisk is the risk of a policy that sets none.
func DefaultRisk() Risk {
	return Risk{
		AtRisk: Fraction{1, 5}, OffTrack: Fraction{4, 5}, PaceAtRisk: Fraction{1, 1}, PaceOffTrack: Fraction{6, 5},
		BurnDay: Fraction{1, 50}, BurnWeek: Fraction{1, 20}, BurnMonth: Fraction{1, 10},
	}
}
