package engine

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// An Ask is what shares are to hold beside day sums and counts. Shares that are
// added up must have been made by asks that are equal.
type Ask struct {
	Years period.YearStart // by which a [Census] and what stands out are kept
	// Hot are whole local days in which windows may be cut: what lies there is kept
	// piece by piece.
	Hot        []period.Period
	Ahead      []int64         // the ends of time to which [Engine.Ahead] may be asked
	Silences   period.Period   // that [Engine.Silences] may be asked for, or up to as-of where that is earlier
	Pools      [][]int         // of strata, for the identities
	Identities []IdentityAsk   // that [Engine.Identities] may be asked for; none: nobody is
	Feeders    []period.Period // windows that [Engine.Feeders] may be asked for, by the set of FeederSet
	FeederSet  string
	Suspicions bool // the rows of [Engine.Suspicions]
	Exclusions bool // the rows of [Engine.ExcludedRows]
}

// An IdentityAsk is a window, which is cut at as-of, and the id of an index set.
type IdentityAsk struct {
	Window period.Period
	Set    string
}

// Covers says whether shares that were made by a hold all that those by o would
// hold.
func (a *Ask) Covers(o *Ask) bool {
	hot := period.Union(a.Hot)
	for _, day := range o.Hot {
		if hot.Within(day) < day.Seconds() {
			return false
		}
	}
	for _, t := range o.Ahead {
		if !slices.Contains(a.Ahead, t) {
			return false
		}
	}
	for _, pool := range o.Pools {
		if !slices.ContainsFunc(a.Pools, func(of []int) bool { return slices.Equal(of, pool) }) {
			return false
		}
	}
	within := func(list []period.Period, w period.Period) bool { return slices.Contains(list, w) }
	return a.Years == o.Years && a.Silences == o.Silences && (a.Suspicions || !o.Suspicions) && (a.Exclusions || !o.Exclusions) &&
		!slices.ContainsFunc(o.Identities, func(i IdentityAsk) bool { return !slices.Contains(a.Identities, i) }) &&
		!slices.ContainsFunc(o.Feeders, func(w period.Period) bool { return !within(a.Feeders, w) || a.FeederSet != o.FeederSet })
}

// A Share is what the rows of one named group add to the answers of an engine at
// an instant. A name may stand for several groups of the engine: an empty one is
// that of all rows that are of no feeder.
type Share struct {
	Name string
	// It holds from AsOf until before Due unless rows come: what runs grows meanwhile.
	// Due is [math.MaxInt64] where nothing ever changes by itself.
	AsOf, Due   int64
	First, Last int64 // starts of rows in force; the first is later where there are none
	Days        []DaySum
	Entries     []Entry
	Going       []byte // what is under way, ahead, or to be listed by row; nil of most groups
}

// A DaySum is what pieces of one nature and band add on a local day.
type DaySum struct {
	Stratum int32
	Day     period.Day
	Nature  outage.Nature
	Band    reliability.Band
	reliability.Sums
}

// An Entry is anything else that is added up: of all groups, the numbers of equal
// kind and key.
type Entry struct {
	Kind uint8
	Key  string
	N    [4]int64
}
