package snapshot

// An Assumption is a choice that the numbers rest on, of a closed list, and its
// value.
type Assumption struct {
	Code string // see [AssumptionCodes]
	Args []any  // that the words of the code take: each a string, an int or a float64
}

// The codes of assumptions, each with what its words take, in this order.
// Instants are RFC 3339 in the zone of the policy; shares are decimal numbers
// from 0 to 1 as texts, exactly as the policy gives them; lists stand with
// commas between.
const (
	AssumedZone          = "zone"           // the zone of days, months and years; where its rules come from
	AssumedAsOf          = "as-of"          // the instant; how many rows start after it, and count for nothing
	AssumedKnownAt       = "known-at"       // of a store: the last sequence that counts (int)
	AssumedDataThrough   = "data-through"   // the instant up to which the data of every area reaches
	AssumedYear          = "year"           // the year (int); from; to. One of each year that is shown
	AssumedWindow        = "window"         // from; to, of a window of its own, in which nothing is judged
	AssumedIndex         = "index"          // the id of the index set that is judged
	AssumedNatures       = "natures"        // the codes of the natures that it counts
	AssumedAllNatures    = "all-natures"    // it counts every nature: no arguments
	AssumedAnyLength     = "any-length"     // it counts interruptions of any length: no arguments
	AssumedLonger        = "longer-than"    // it counts only what lasts longer than so many seconds (int)
	AssumedPassing       = "days-passing"   // time counts on the days on which it passes: no arguments
	AssumedStartDay      = "day-of-start"   // all time of an outage counts on the day on which it started: no arguments
	AssumedExceptMajor   = "without-major"  // major event days of the whole are left out: no arguments
	AssumedMomentary     = "momentary"      // an interruption up to so many seconds is momentary (int)
	AssumedWholeFeeder   = "whole-feeder"   // path of a delivery: a row without customers interrupts all of its feeder
	AssumedNoCustomers   = "no-customers"   // path: a row without customers is rejected
	AssumedRepeatReject  = "repeat-reject"  // path: different rows of one key are all rejected
	AssumedRepeatStages  = "repeat-stages"  // path: they are groups of customers, each with its own end
	AssumedRepeatLatest  = "repeat-latest"  // path: the last one holds
	AssumedRepeatLeft    = "repeat-left"    // path: each gives the customers who are still out
	AssumedOpen          = "open"           // outages without an end, which count to as-of (int)
	AssumedStale         = "stale"          // open for more than so many seconds is stale (int); how many outages are (int)
	AssumedSettle        = "settle"         // for so many days after its end a year may still be corrected (int)
	AssumedCoverage      = "coverage"       // the least share of time that must be declared, where any is
	AssumedRejected      = "rejected"       // the largest share of rows that may be rejected or above the base
	AssumedRisk          = "risk"           // the probabilities of missing above which a target is at risk; off track
	AssumedPace          = "pace"           // the paces above which it is so where there is no forecast: at risk; off track
	AssumedBaseYear      = "base-year"      // scope; class; the year that its reduction is measured against (int); the reduction, a share
	AssumedBaseValue     = "base-value"     // scope; class; the year (int); the published value of that year in seconds a customer (int)
	AssumedSameDates     = "same-dates"     // a reduction of a running year holds it against the same dates up to which data reaches: no arguments
	AssumedAfterDeadline = "after-deadline" // scope; class; deadline: judged after its deadline, for information
	AssumedValid         = "valid"          // the days on which the policy is in force: the first and the last, 2006-01-02; "" without a bound
	AssumedProjection    = "projection"     // so many futures are drawn (int)
	AssumedNoProjection  = "no-projection"  // there is too little history, or no target: no arguments
	AssumedByUnit        = "by-unit"        // the base knows so many units, transformers or customers (int)
	AssumedByFeeder      = "by-feeder"      // the base knows so many feeders, and no units (int)
	AssumedByArea        = "by-area"        // the areas of which some customers are known by area and class only
	AssumedSplit         = "split"          // the share of customer-seconds, of all time, of rows whose customers were split over classes in proportion (float64)
	AssumedUnknownFeeder = "unknown-feeder" // the share of customer-seconds, of all time, on feeders that the base does not know, which count in the area that the row names (float64)
	AssumedMadeUp        = "made-up"        // some rows are made up, and so is the answer: no arguments
)

// AssumptionCodes lists the codes, in the order in which a dossier gives them.
func AssumptionCodes() []string {
	return []string{
		AssumedMadeUp, AssumedZone, AssumedAsOf, AssumedKnownAt, AssumedDataThrough, AssumedYear, AssumedWindow,
		AssumedIndex, AssumedAllNatures, AssumedNatures, AssumedAnyLength, AssumedLonger, AssumedPassing, AssumedStartDay, AssumedExceptMajor,
		AssumedMomentary, AssumedByUnit, AssumedByFeeder, AssumedByArea, AssumedSplit, AssumedUnknownFeeder,
		AssumedWholeFeeder, AssumedNoCustomers, AssumedRepeatReject, AssumedRepeatStages, AssumedRepeatLatest, AssumedRepeatLeft,
		AssumedOpen, AssumedStale, AssumedSettle, AssumedCoverage, AssumedRejected, AssumedRisk, AssumedPace,
		AssumedBaseYear, AssumedBaseValue, AssumedSameDates, AssumedAfterDeadline, AssumedValid, AssumedProjection, AssumedNoProjection,
	}
}
