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
}

// A Span is what is known of a window of time.
type Span struct {
	Period  period.Period
	Value   Value
	Without []outage.Area // members without data: without customers, or without rows and declared periods
	Areas   []Declared    // of each member
	Rows    int           // read, those of no outage apart
	Bad     int           // of these, rejected or with more customers than the base has
}

// Declared is the time that deliveries declare to cover in an area.
type Declared struct {
	Area    outage.Area
	Known   bool  // some delivery declares something of the area
	Covered int64 // seconds
	Elapsed int64 // seconds
}

// short lists the members that are covered by less than a share.
func (s *Span) short(minimum Fraction) []outage.Area {
	var short []outage.Area
	for _, a := range s.Areas {
		if a.Known && a.Elapsed > 0 && big.NewRat(a.Covered, a.Elapsed).Cmp(minimum.rat()) < 0 {
			short = append(short, a.Area)
		}
	}
	return short
}

// undeclared says whether of some member nothing is declared.
func (s *Span) undeclared() bool {
	for _, a := range s.Areas {
		if !a.Known {
			return true
		}
	}
	return false
}

// uncounted says whether more rows than a share of all do not count in full.
func (s *Span) uncounted(most Fraction) bool {
	return s.Rows > 0 && big.NewRat(int64(s.Bad), int64(s.Rows)).Cmp(most.rat()) > 0
}
