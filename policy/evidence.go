package policy

import (
	"math/big"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// Evidence is what is known of the scope and class of a target in a year that
// is judged. Spans that do not apply stay zero.
type Evidence struct {
	AsOf int64         // UTC seconds
	Year period.Period // the year that is judged

	Now          Span // the year, up to as-of while it runs
	Base         Span // of a reduction: the whole base year
	Before       Span // the whole year before the one that is judged
	BeforeToDate Span // that year up to the same local date and clock

	// Of a reduction while the year runs: the year, and the base year, up to the
	// same local date and clock, not after the data reaches.
	Part, PartBase Span

	Open  int // outages of the year that have no end yet, apart from the stale ones
	Stale int // those open for so long that their end is probably missing
	// Floor is the least that the value can be if their ends turn up: it counts
	// nothing of them. It is left out where that is not certain, as for an index
	// that leaves out what is short: without a stale outage another may be short.
	Floor Value

	Forecast *Forecast // nil where there is none

	StormBase bool // of a reduction: the base year's storms alone were as much as what is asked for
}

// A Forecast is what is known of where a running year will end. Of so many draws,
// which are all as likely, some end above the limit of the target.
type Forecast struct {
	Over, Draws int      // Draws is above zero
	Share       Fraction // of a usual year, what it has reached by as-of; zero where nobody can say
}

// A Span is what is known of a window of time.
type Span struct {
	Period  period.Period
	Value   Value
	Without []outage.Area // members without data: without customers, or without rows and declared periods
	Areas   []Member
}

// A Member is what is known of the data of one area of a scope.
type Member struct {
	Area    outage.Area
	Known   bool  // some delivery declares what it covers of the area
	Covered int64 // seconds that deliveries declare to cover
	Elapsed int64 // seconds of the window
	Rows    int   // in force or rejected, of the year of the window, or that may be
	Bad     int   // of these, rejected or with more customers than the base has
}

// short lists the members that are covered by less than a share.
func (s *Span) short(minimum Fraction) []outage.Area {
	return s.where(func(m *Member) bool {
		return m.Known && m.Elapsed > 0 && big.NewRat(m.Covered, m.Elapsed).Cmp(minimum.rat()) < 0
	})
}

// undeclared lists the members of which nothing is declared.
func (s *Span) undeclared() []outage.Area { return s.where(func(m *Member) bool { return !m.Known }) }

// uncounted lists the members of whose rows more than a share do not count in
// full.
func (s *Span) uncounted(most Fraction) []outage.Area {
	return s.where(func(m *Member) bool { return m.Rows > 0 && big.NewRat(int64(m.Bad), int64(m.Rows)).Cmp(most.rat()) > 0 })
}

func (s *Span) where(holds func(*Member) bool) []outage.Area {
	var all []outage.Area
	for i := range s.Areas {
		if holds(&s.Areas[i]) {
			all = append(all, s.Areas[i].Area)
		}
	}
	return all
}
