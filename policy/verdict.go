package policy

// A Verdict says how a target stands.
type Verdict string

// The verdicts.
const (
	Met        Verdict = "met"         // the year is complete and the value within the limit
	Missed     Verdict = "missed"      // the year is complete and the value above the limit
	OnTrack    Verdict = "on-track"    // the year runs, and the value is within what the limit leaves for so far
	AtRisk     Verdict = "at-risk"     // the year runs, and the value is above it
	OffTrack   Verdict = "off-track"   // the year runs, and the value is far above it, or above the limit already
	CannotTell Verdict = "cannot-tell" // the data does not allow any of these
)

// Verdicts lists the verdicts, the worst first.
func Verdicts() []Verdict { return []Verdict{Missed, OffTrack, CannotTell, AtRisk, OnTrack, Met} }

// A Reason is why a verdict is as it is, from a closed list; several may hold.
type Reason string

// The reasons.
const (
	NoData            Reason = "no-data"                  // the scope has no customers, or neither an accepted row nor a declared period
	MemberWithoutData Reason = "member-without-data"      // so has a member of a group
	NoBaseYear        Reason = "no-base-year"             // the same of the base year of a reduction
	BaseMemberWithout Reason = "base-member-without-data" //
	ZeroBase          Reason = "zero-base"                // nothing can be less than a base of zero
	NoIndex           Reason = "index-unavailable"        // the index that is judged does not exist in the window
	WithinLimit       Reason = "within-limit"
	OverLimit         Reason = "over-limit"
	LimitPassed       Reason = "limit-passed"       // before the year is complete; the average can still fall as customers join
	PaceWithin        Reason = "pace-within"        // value / (limit × expected share) is at most risk.pace_at_risk
	PaceAbove         Reason = "pace-above"         // it is above that
	PaceFarAbove      Reason = "pace-far-above"     // it is above risk.pace_off_track
	MissUnlikely      Reason = "miss-unlikely"      // the probability of missing is at most risk.at_risk
	MissPossible      Reason = "miss-possible"      // it is above that
	MissLikely        Reason = "miss-likely"        // it is above risk.off_track
	ShareHistory      Reason = "share-of-history"   // the expected share is what the years before had reached on average by the same day
	ShareLastYear     Reason = "share-of-last-year" // the expected share is what last year had reached by the same date and clock
	ShareElapsed      Reason = "share-of-time"      // the expected share is that of the time that has passed
	StillOpen         Reason = "outages-still-open" // the year is complete, but an outage in it is not, and is not stale
	NotSettled        Reason = "not-settled"        // the year is complete, but its data may still be corrected
	StaleOpen         Reason = "stale-open-outages" // an outage has been open for so long that its end is probably missing
	CoverageGap       Reason = "coverage-gap"       // deliveries declare to cover less than coverage.minimum
	CoverageUnknown   Reason = "coverage-unknown"   // no delivery declares what it covers
	TooManyUncounted  Reason = "too-many-uncounted" // more rows than coverage.rejected allows are rejected or above the base
	BaseCoverageGap   Reason = "base-coverage-gap"  // these three of the base year
	BaseUnknown       Reason = "base-coverage-unknown"
	BaseUncounted     Reason = "base-too-many-uncounted"
	PublishedBase     Reason = "published-base"   // the base is not worked out but was published
	StormBase         Reason = "storm-base"       // the base year's storms alone were as much as the reduction that is asked for
	ZeroValue         Reason = "zero-value"       // not a second without supply: too good to be believed unseen
	Impossible        Reason = "impossible-value" // longer than the window itself
	ImpossibleBase    Reason = "impossible-base"
)

// Reasons lists the closed list of reasons in a fixed order.
func Reasons() []Reason {
	return []Reason{
		NoData, MemberWithoutData, NoBaseYear, BaseMemberWithout, ZeroBase, NoIndex, WithinLimit, OverLimit, LimitPassed, PaceWithin,
		PaceAbove, PaceFarAbove, MissUnlikely, MissPossible, MissLikely, ShareHistory, ShareLastYear, ShareElapsed, StillOpen, NotSettled, StaleOpen, CoverageGap, CoverageUnknown, TooManyUncounted,
		BaseCoverageGap, BaseUnknown, BaseUncounted, PublishedBase, StormBase, ZeroValue, Impossible, ImpossibleBase,
	}
}
