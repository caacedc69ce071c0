package policy

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// judged is the policy of the cases: a cap of 10 h and a reduction of 8 %, once
// against the base year and once against a published 12.5 h, in 2022.
const judged = `id: judged
zone: UTC
valid: {from: 2021-01-01, until: 2026-06-30}
areas: [{id: north}, {id: south}]
groups: [{id: both, areas: [north, south]}]
targets:
  - {scope: north, cap: 10h, strength: aspiration, deadline: 2022-12-31}
  - {scope: north, reduction: 8%, strength: duty, deadline: 2022-12-31}
  - {scope: south, reduction: 8%, base_value: 12.5h, strength: duty, deadline: 2022-12-31}
`

// The targets of judged, by their place in the file.
const (
	capTarget = iota
	reductionTarget
	publishedTarget
)

// Each of the years 2021, 2022 and 2023 has 365 days of 86 400 s. Of 1 000
// customers, 1 h of each is 3 600 000 customer-seconds: the cap of 10 h allows
// 36 000 000; a base of 12.5 h is 45 000 000, 8 % less is 41 400 000 (11.5 h).
const (
	yearLength  int64 = 365 * 86400
	capSeconds  int64 = 36_000_000
	baseSeconds int64 = 45_000_000
	lessEight   int64 = 41_400_000
)

func mustParse(t testing.TB, text string) *Policy {
	t.Helper()
	p, err := Parse("p.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func civil(year int) period.Period { return period.YearStart{}.Year(year, time.UTC) }

// thousand gives the value of 1 000 customers, in service for all of a window,
// who were without supply for so many customer-seconds together.
func thousand(customerSeconds, length int64) Value {
	return Average(customerSeconds*1000, 1000*length, length)
}

// span is a window in which 1 000 customers of north lost so many
// customer-seconds, and of which everything is known.
func span(w period.Period, customerSeconds int64) Span {
	return Span{
		Period: w, Value: thousand(customerSeconds, w.Seconds()),
		Areas: []Member{{Area: "north", Known: true, Covered: w.Seconds(), Elapsed: w.Seconds(), Rows: 1000}},
	}
}

// closed is the evidence on 2022, complete and settled, of 1 000 customers that
// lost so many customer-seconds, after 12.5 h in 2021.
func closed(customerSeconds int64) *Evidence {
	base := func() Span { return span(civil(2021), baseSeconds) }
	return &Evidence{
		AsOf: civil(2022).To + DefaultSettle, Year: civil(2022),
		Now: span(civil(2022), customerSeconds), Base: base(), Before: base(), BeforeToDate: base(),
	}
}

// running is the evidence on the first half of 2022, until 2 July at noon, when
// exactly half of the time has passed and last year had reached nothing.
func running(customerSeconds int64) *Evidence {
	half, halfBase := civil(2022), civil(2021)
	half.To -= yearLength / 2
	halfBase.To -= yearLength / 2
	return &Evidence{
		AsOf: half.To, Year: civil(2022),
		Now: span(half, customerSeconds), Base: span(civil(2021), baseSeconds),
		Before: span(civil(2021), baseSeconds), BeforeToDate: span(halfBase, 0),
		Part: span(half, customerSeconds), PartBase: span(halfBase, 0),
	}
}

// A judgeCase is evidence and the verdict that the specification gives to it.
type judgeCase struct {
	name        string
	target      int
	evidence    *Evidence
	change      func(*Evidence)
	want        Verdict
	provisional bool
	reasons     []Reason // in any order
}

func judgeCases() []judgeCase {
	return slices.Concat(closedCases(), untellableCases(), openCases(), runningCases(), shareCases(), forecastCases(), gapCases(), staleCases(), oddCases())
}

// The limit is inclusive: exactly as much is within it, one customer-second more
// is not. Values are compared as they are, not as they are shown.
func closedCases() []judgeCase {
	return []judgeCase{
		{"cap exactly", capTarget, closed(capSeconds), nil, Met, false, []Reason{WithinLimit}},
		{"cap and one customer-second", capTarget, closed(capSeconds + 1), nil, Missed, false, []Reason{OverLimit}},
		{"8 % exactly: 12.5 h to 11.5 h", reductionTarget, closed(lessEight), nil, Met, false, []Reason{WithinLimit}},
		{"8 % and one customer-second", reductionTarget, closed(lessEight + 1), nil, Missed, false, []Reason{OverLimit}},
		{"a thousandth of a customer-second beyond", capTarget, closed(0), func(e *Evidence) {
			e.Now.Value = Average(capSeconds*1000+1, 1000*yearLength, yearLength)
		}, Missed, false, []Reason{OverLimit}},
		{"a cap looks at no base", capTarget, closed(capSeconds), func(e *Evidence) {
			e.Base = Span{Without: []outage.Area{"north"}, Areas: []Member{{Area: "north", Rows: 1, Bad: 1}}}
		}, Met, false, []Reason{WithinLimit}},
		// Last year's 1 000 customers lost 12.5 h. This year 500 more joined on 2
		// July at noon, so 1 250 were served on average: 11.5 h × 1 250 = 14 375 h.
		{"more customers, 8 % exactly", reductionTarget, closed(0), func(e *Evidence) {
			e.Now.Value = Average(14_375*3600*1000, 1250*yearLength, yearLength)
		}, Met, false, []Reason{WithinLimit}},
		{"the last second before the year is settled", capTarget, closed(capSeconds), func(e *Evidence) { e.AsOf-- }, Met, true, []Reason{WithinLimit, NotSettled}},
		{"missed, not settled", capTarget, closed(capSeconds + 1), func(e *Evidence) { e.AsOf-- }, Missed, true, []Reason{OverLimit, NotSettled}},
		{"the first instant after the year", capTarget, closed(capSeconds), func(e *Evidence) { e.AsOf = e.Year.To }, Met, true, []Reason{WithinLimit, NotSettled}},
		{"published base, exactly", publishedTarget, closed(lessEight), nil, Met, false, []Reason{WithinLimit, PublishedBase}},
		{"published base, one more", publishedTarget, closed(lessEight + 1), nil, Missed, false, []Reason{OverLimit, PublishedBase}},
		{"published base, whatever the data has of the base year", publishedTarget, closed(lessEight), func(e *Evidence) {
			e.Base = Span{Period: civil(2021), Without: []outage.Area{"north"}, Areas: []Member{{Area: "north", Rows: 1, Bad: 1}}}
		}, Met, false, []Reason{WithinLimit, PublishedBase}},
	}
}

// Too little is known to compare at all.
func untellableCases() []judgeCase {
	two := func(s *Span) { s.Areas = append(s.Areas, Member{"south", true, yearLength, yearLength, 0, 0}) }
	return []judgeCase{
		{"zero base", reductionTarget, closed(lessEight), func(e *Evidence) { e.Base.Value = thousand(0, yearLength) }, CannotTell, false, []Reason{ZeroBase}},
		{"zero base and zero value", reductionTarget, closed(0), func(e *Evidence) { e.Base.Value = thousand(0, yearLength) }, CannotTell, false, []Reason{ZeroBase, ZeroValue}},
		{"base missing", reductionTarget, closed(lessEight), func(e *Evidence) { e.Base = Span{Without: []outage.Area{"north"}} }, CannotTell, false, []Reason{NoBaseYear}},
		{"base without rows, with customers", reductionTarget, closed(lessEight), func(e *Evidence) { e.Base.Without = []outage.Area{"north"} }, CannotTell, false, []Reason{NoBaseYear}},
		{"base of an index that does not exist", reductionTarget, closed(lessEight), func(e *Evidence) { e.Base.Value = Value{} }, CannotTell, false, []Reason{NoIndex}},
		{"no data", capTarget, closed(0), func(e *Evidence) { e.Now.Without = []outage.Area{"north"} }, CannotTell, false, []Reason{NoData, ZeroValue}},
		{"nobody served", capTarget, closed(0), func(e *Evidence) {
			e.Now.Value, e.Now.Without = Average(0, 0, yearLength), []outage.Area{"north"}
		}, CannotTell, false, []Reason{NoData}},
		{"the index does not exist", capTarget, closed(0), func(e *Evidence) { e.Now.Value = Value{} }, CannotTell, false, []Reason{NoIndex}},
		{"a member without data", capTarget, closed(capSeconds), func(e *Evidence) {
			two(&e.Now)
			e.Now.Without = []outage.Area{"south"}
		}, CannotTell, false, []Reason{MemberWithoutData}},
		{"a member without data, over the limit", capTarget, closed(capSeconds + 1), func(e *Evidence) {
			two(&e.Now)
			e.Now.Without = []outage.Area{"south"}
		}, CannotTell, false, []Reason{MemberWithoutData}},
		{"a member without data in the base year", reductionTarget, closed(lessEight), func(e *Evidence) {
			two(&e.Now)
			two(&e.Base)
			e.Base.Without = []outage.Area{"south"}
		}, CannotTell, false, []Reason{BaseMemberWithout}},
		{"a member without data in both", reductionTarget, closed(lessEight), func(e *Evidence) {
			two(&e.Now)
			two(&e.Base)
			e.Now.Without, e.Base.Without = []outage.Area{"north"}, []outage.Area{"south"}
		}, CannotTell, false, []Reason{MemberWithoutData, BaseMemberWithout}},
		{"no base while the year runs", reductionTarget, running(1), func(e *Evidence) { e.Base = Span{Without: []outage.Area{"north"}} }, CannotTell, true, []Reason{NoBaseYear}},
	}
}

// A complete year with an outage in it that is neither over nor stale runs on.
func openCases() []judgeCase {
	open := func(e *Evidence) { e.Open = 1 }
	return []judgeCase{
		{"complete, an outage open, within", capTarget, closed(capSeconds), open, OnTrack, true, []Reason{PaceWithin, ShareLastYear, StillOpen}},
		{"complete, an outage open, over", capTarget, closed(capSeconds + 1), open, OffTrack, true, []Reason{LimitPassed, StillOpen}},
		{"complete, nothing of last year, an outage open", capTarget, closed(capSeconds), func(e *Evidence) {
			e.Open, e.Before, e.BeforeToDate = 1, Span{}, Span{}
		}, OnTrack, true, []Reason{PaceWithin, ShareElapsed, StillOpen}},
		{"complete, open and stale", capTarget, closed(capSeconds), func(e *Evidence) { e.Open, e.Stale = 1, 1 }, OnTrack, true, []Reason{PaceWithin, ShareLastYear, StillOpen, StaleOpen}},
	}
}

// Half of the time has passed, so half of the cap, 5 h, is expected: 18 000 000
// customer-seconds are a pace of exactly 1.0, 21 600 000 of exactly 1.2. Both
// are still the better verdict.
func runningCases() []judgeCase {
	return []judgeCase{
		{"nothing yet", capTarget, running(0), nil, OnTrack, true, []Reason{PaceWithin, ShareElapsed, ZeroValue}},
		{"pace 1.0 exactly", capTarget, running(18_000_000), nil, OnTrack, true, []Reason{PaceWithin, ShareElapsed}},
		{"pace just above 1.0", capTarget, running(18_000_001), nil, AtRisk, true, []Reason{PaceAbove, ShareElapsed}},
		{"pace 1.2 exactly", capTarget, running(21_600_000), nil, AtRisk, true, []Reason{PaceAbove, ShareElapsed}},
		{"pace just above 1.2", capTarget, running(21_600_001), nil, OffTrack, true, []Reason{PaceFarAbove, ShareElapsed}},
		{"cap reached while the year runs", capTarget, running(capSeconds), nil, OffTrack, true, []Reason{PaceFarAbove, ShareElapsed}},
		{"cap passed while the year runs", capTarget, running(capSeconds + 1), nil, OffTrack, true, []Reason{LimitPassed}},
		{"limit of a reduction passed", reductionTarget, running(lessEight + 1), nil, OffTrack, true, []Reason{LimitPassed}},
		{"the last second of the year", capTarget, closed(capSeconds), func(e *Evidence) { e.AsOf = e.Year.To - 1 }, OnTrack, true, []Reason{PaceWithin, ShareLastYear}},
		// Half of the reduction's limit of 11.5 h is 20 700 000 customer-seconds.
		{"reduction, pace 1.0 exactly", reductionTarget, running(20_700_000), nil, OnTrack, true, []Reason{PaceWithin, ShareElapsed}},
		{"reduction, pace just above 1.0", reductionTarget, running(20_700_001), nil, AtRisk, true, []Reason{PaceAbove, ShareElapsed}},
		{"published base, pace 1.0 exactly", publishedTarget, running(20_700_000), nil, OnTrack, true, []Reason{PaceWithin, ShareElapsed, PublishedBase}},
	}
}

// Where last year had reached 7.5 of its 12.5 h by the same date, 0.6 of the cap
// are expected: 6 h, which are 21 600 000 customer-seconds. Where last year says
// nothing, half of the time makes it 5 h, and 21 600 000 are a pace of 1.2.
func shareCases() []judgeCase {
	profile := func(e *Evidence) { e.BeforeToDate.Value = thousand(27_000_000, yearLength/2) }
	but := func(change func(e *Evidence)) func(*Evidence) {
		return func(e *Evidence) {
			profile(e)
			change(e)
		}
	}
	elapsed := []Reason{PaceAbove, ShareElapsed}
	const steady = 21_600_000
	return []judgeCase{
		{"as last year, pace 1.0 exactly", capTarget, running(steady), profile, OnTrack, true, []Reason{PaceWithin, ShareLastYear}},
		{"as last year, pace just above 1.0", capTarget, running(steady + 1), profile, AtRisk, true, []Reason{PaceAbove, ShareLastYear}},
		{"as last year, pace 1.2 exactly", capTarget, running(25_920_000), profile, AtRisk, true, []Reason{PaceAbove, ShareLastYear}},
		{"as last year, pace just above 1.2", capTarget, running(25_920_001), profile, OffTrack, true, []Reason{PaceFarAbove, ShareLastYear}},
		{"last year without data", capTarget, running(steady), but(func(e *Evidence) { e.Before.Without = []outage.Area{"north"} }), AtRisk, true, elapsed},
		{"last year without customers", capTarget, running(steady), but(func(e *Evidence) { e.Before.Value = Value{} }), AtRisk, true, elapsed},
		{"last year zero", capTarget, running(steady), but(func(e *Evidence) { e.Before.Value = thousand(0, yearLength) }), AtRisk, true, elapsed},
		{"last year had not begun", capTarget, running(steady), but(func(e *Evidence) { e.BeforeToDate.Value = Value{} }), AtRisk, true, elapsed},
		{"last year had reached nothing", capTarget, running(steady), but(func(e *Evidence) { e.BeforeToDate.Value = thousand(0, yearLength/2) }), AtRisk, true, elapsed},
		{"last year covered just enough", capTarget, running(steady), but(func(e *Evidence) { e.Before.Areas[0].Covered = yearLength / 100 * 99 }), OnTrack, true, []Reason{PaceWithin, ShareLastYear}},
		{"last year covered a second too little", capTarget, running(steady), but(func(e *Evidence) { e.Before.Areas[0].Covered = yearLength/100*99 - 1 }), AtRisk, true, elapsed},
	}
}

// gap is evidence with one thing missing in the year or in the base year.
func gap(e *Evidence, change func(*Span), base bool) *Evidence {
	if base {
		change(&e.Base)
	} else {
		change(&e.Now)
	}
	return e
}

// Gaps in the year block only met and on-track: what is missing can only have
// made the value worse. Gaps in the base year block only a reduction's missed:
// what is missing can only have made the limit higher.
func gapCases() []judgeCase {
	// Of a year, exactly 99 % are 31 220 640 s; of 1 000 rows 1 % are 10.
	enough := func(s *Span) { s.Areas[0].Covered = s.Areas[0].Elapsed / 100 * 99 }
	short := func(s *Span) { s.Areas[0].Covered = s.Areas[0].Elapsed/100*99 - 1 }
	few := func(s *Span) { s.Areas[0].Bad = 10 }
	many := func(s *Span) { s.Areas[0].Bad = 11 }
	silent := func(s *Span) { s.Areas[0] = Member{Area: "north", Elapsed: s.Period.Seconds()} }
	member := func(s *Span) {
		s.Areas = append(s.Areas, Member{Area: "south", Known: true, Covered: 1, Elapsed: s.Period.Seconds()})
	}
	half := func(s *Span) { s.Areas = append(s.Areas, Member{Area: "south", Elapsed: s.Period.Seconds()}) }
	return []judgeCase{
		{"coverage at the minimum", capTarget, gap(closed(capSeconds), enough, false), nil, Met, false, []Reason{WithinLimit}},
		{"gap, met", capTarget, gap(closed(capSeconds), short, false), nil, CannotTell, false, []Reason{WithinLimit, CoverageGap}},
		{"gap, missed", capTarget, gap(closed(capSeconds+1), short, false), nil, Missed, false, []Reason{OverLimit, CoverageGap}},
		{"gap, on track", capTarget, gap(running(18_000_000), short, false), nil, CannotTell, true, []Reason{PaceWithin, ShareElapsed, CoverageGap}},
		{"gap, at risk", capTarget, gap(running(18_000_001), short, false), nil, AtRisk, true, []Reason{PaceAbove, ShareElapsed, CoverageGap}},
		{"gap, off track", capTarget, gap(running(21_600_001), short, false), nil, OffTrack, true, []Reason{PaceFarAbove, ShareElapsed, CoverageGap}},
		{"gap, limit passed", capTarget, gap(running(capSeconds+1), short, false), nil, OffTrack, true, []Reason{LimitPassed, CoverageGap}},
		{"gap of a member, met", capTarget, gap(closed(capSeconds), member, false), nil, CannotTell, false, []Reason{WithinLimit, CoverageGap}},
		{"rejected at the limit", capTarget, gap(closed(capSeconds), few, false), nil, Met, false, []Reason{WithinLimit}},
		{"rejected above, met", capTarget, gap(closed(capSeconds), many, false), nil, CannotTell, false, []Reason{WithinLimit, TooManyUncounted}},
		{"rejected above, missed", capTarget, gap(closed(capSeconds+1), many, false), nil, Missed, false, []Reason{OverLimit, TooManyUncounted}},
		{"rejected above, on track", capTarget, gap(running(1), many, false), nil, CannotTell, true, []Reason{PaceWithin, ShareElapsed, TooManyUncounted}},
		{"rejected above, at risk", capTarget, gap(running(18_000_001), many, false), nil, AtRisk, true, []Reason{PaceAbove, ShareElapsed, TooManyUncounted}},
		{"undeclared, met", capTarget, gap(closed(capSeconds), silent, false), nil, Met, false, []Reason{WithinLimit, CoverageUnknown}},
		{"undeclared, on track", capTarget, gap(running(1), silent, false), nil, OnTrack, true, []Reason{PaceWithin, ShareElapsed, CoverageUnknown}},
		{"one member undeclared, met", capTarget, gap(closed(capSeconds), half, false), nil, Met, false, []Reason{WithinLimit, CoverageUnknown}},
		{"base at the minimum, missed", reductionTarget, gap(closed(lessEight+1), enough, true), nil, Missed, false, []Reason{OverLimit}},
		{"base gap, missed", reductionTarget, gap(closed(lessEight+1), short, true), nil, CannotTell, false, []Reason{OverLimit, BaseCoverageGap}},
		{"base gap, met", reductionTarget, gap(closed(lessEight), short, true), nil, Met, false, []Reason{WithinLimit, BaseCoverageGap}},
		{"base gap, on track", reductionTarget, gap(running(1), short, true), nil, OnTrack, true, []Reason{PaceWithin, ShareElapsed, BaseCoverageGap}},
		{"base gap, limit passed", reductionTarget, gap(running(lessEight+1), short, true), nil, OffTrack, true, []Reason{LimitPassed, BaseCoverageGap}},
		{"base gap, a cap missed", capTarget, gap(closed(capSeconds+1), short, true), nil, Missed, false, []Reason{OverLimit}},
		{"base rejected at the limit, missed", reductionTarget, gap(closed(lessEight+1), few, true), nil, Missed, false, []Reason{OverLimit}},
		{"base rejected above, missed", reductionTarget, gap(closed(lessEight+1), many, true), nil, CannotTell, false, []Reason{OverLimit, BaseUncounted}},
		{"base rejected above, met", reductionTarget, gap(closed(lessEight), many, true), nil, Met, false, []Reason{WithinLimit, BaseUncounted}},
		{"base undeclared, missed", reductionTarget, gap(closed(lessEight+1), silent, true), nil, Missed, false, []Reason{OverLimit, BaseUnknown}},
		{"base gap, published base missed", publishedTarget, gap(closed(lessEight+1), short, true), nil, Missed, false, []Reason{OverLimit, PublishedBase}},
	}
}

// An outage whose end is probably missing counts too long: it blocks missed and
// the limit already passed, and nothing else.
func staleCases() []judgeCase {
	stale := func(e *Evidence) { e.Stale = 1 }
	return []judgeCase{
		{"stale, met", capTarget, closed(capSeconds), stale, Met, true, []Reason{WithinLimit, StaleOpen}},
		{"stale, missed", capTarget, closed(capSeconds + 1), stale, CannotTell, true, []Reason{OverLimit, StaleOpen}},
		{"stale, a reduction missed", reductionTarget, closed(lessEight + 1), stale, CannotTell, true, []Reason{OverLimit, StaleOpen}},
		{"stale, limit passed", capTarget, running(capSeconds + 1), stale, CannotTell, true, []Reason{LimitPassed, StaleOpen}},
		{"stale, on track", capTarget, running(18_000_000), stale, OnTrack, true, []Reason{PaceWithin, ShareElapsed, StaleOpen}},
		{"stale, at risk", capTarget, running(18_000_001), stale, AtRisk, true, []Reason{PaceAbove, ShareElapsed, StaleOpen}},
		{"stale, far above the pace", capTarget, running(21_600_001), stale, OffTrack, true, []Reason{PaceFarAbove, ShareElapsed, StaleOpen}},
	}
}

// Values that cannot be, or hardly, are judged and said to be so.
func oddCases() []judgeCase {
	// 1 000 customers out for all of the year are 31 536 000 000 customer-seconds.
	const always = 1000 * yearLength
	return []judgeCase{
		{"zero value", reductionTarget, closed(0), nil, Met, false, []Reason{WithinLimit, ZeroValue}},
		{"out for the whole year", capTarget, closed(always), nil, Missed, false, []Reason{OverLimit}},
		{"out for longer than the year", capTarget, closed(always + 1), nil, Missed, false, []Reason{OverLimit, Impossible}},
		{"a base of the whole year", reductionTarget, closed(lessEight), func(e *Evidence) { e.Base = span(civil(2021), always) }, Met, false, []Reason{WithinLimit}},
		{"a base longer than its year", reductionTarget, closed(lessEight), func(e *Evidence) { e.Base = span(civil(2021), always+1) }, Met, false, []Reason{WithinLimit, ImpossibleBase}},
		{"longer than the half that has passed", capTarget, running(always/2 + 1), nil, OffTrack, true, []Reason{LimitPassed, Impossible}},
	}
}

// judge gives the finding of the case.
func (c judgeCase) judge(t *testing.T) *Finding {
	t.Helper()
	p := mustParse(t, judged)
	if c.change != nil {
		c.change(c.evidence)
	}
	return p.Judge(p.Standings(2022)[c.target], c.evidence)
}

// Where there is a forecast, its probability decides and not the pace: above 0.2 a
// target is at risk, above 0.8 off track; exactly as much is not above.
func forecastCases() []judgeCase {
	with := func(over, draws int) func(*Evidence) {
		return func(e *Evidence) { e.Forecast = &Forecast{Over: over, Draws: draws, Share: Fraction{1, 4}} }
	}
	fast := capSeconds / 2 // 5 h of 10 h, of which a quarter is expected: pace 2
	return []judgeCase{
		{"0 of 1000, whatever the pace", capTarget, running(fast), with(0, 1000), OnTrack, true, []Reason{MissUnlikely, ShareHistory}},
		{"exactly a fifth", capTarget, running(fast), with(200, 1000), OnTrack, true, []Reason{MissUnlikely, ShareHistory}},
		{"one draw more", capTarget, running(fast), with(201, 1000), AtRisk, true, []Reason{MissPossible, ShareHistory}},
		{"exactly four fifths", capTarget, running(0), with(4, 5), AtRisk, true, []Reason{MissPossible, ShareHistory, ZeroValue}},
		{"more than that", reductionTarget, running(fast), with(801, 1000), OffTrack, true, []Reason{MissLikely, ShareHistory}},
		{"nobody can say what a usual year has reached", capTarget, running(fast), func(e *Evidence) {
			e.Forecast = &Forecast{Over: 1, Draws: 1000, Share: Fraction{0, 1}}
		}, OnTrack, true, []Reason{MissUnlikely, ShareElapsed}},
		{"a gap in the year", capTarget, running(fast), func(e *Evidence) {
			e.Forecast = &Forecast{Over: 1, Draws: 1000, Share: Fraction{1, 4}}
			e.Now.Areas[0].Covered /= 2
		}, CannotTell, true, []Reason{CoverageGap, MissUnlikely, ShareHistory}},
		{"the limit is passed already", capTarget, running(capSeconds + 1), with(1000, 1000), OffTrack, true, []Reason{LimitPassed}},
		{"a year that is over is judged by its value", capTarget, closed(capSeconds), with(1000, 1000), Met, false, []Reason{WithinLimit}},
		{"storms in the base year", reductionTarget, closed(lessEight), func(e *Evidence) { e.StormBase = true }, Met, false, []Reason{WithinLimit, StormBase}},
	}
}

func sorted(reasons []Reason) []Reason { return slices.Sorted(slices.Values(reasons)) }

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, tt := range judgeCases() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := tt.judge(t)
			if f.Verdict != tt.want || f.Provisional != tt.provisional {
				t.Errorf("got %s, provisional %t, want %s, %t", f.Verdict, f.Provisional, tt.want, tt.provisional)
			}
			if diff := cmp.Diff(sorted(tt.reasons), sorted(f.Reasons)); diff != "" {
				t.Errorf("reasons differ (-want +got):\n%s", diff)
			}
		})
	}
}

// The first reason is the one that decides: of a verdict that the data does not
// allow it says what is missing, not on which side of the limit the value was.
func TestFirstReasonDecides(t *testing.T) {
	t.Parallel()
	compared := []Reason{WithinLimit, OverLimit, LimitPassed, PaceWithin, PaceAbove, PaceFarAbove, MissUnlikely, MissPossible, MissLikely}
	for _, tt := range judgeCases() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := tt.judge(t)
			if got, want := slices.Contains(compared, f.Reasons[0]), f.Verdict != CannotTell; got != want {
				t.Errorf("%s is said to be for the reason %q first, of %q", f.Verdict, f.Reasons[0], f.Reasons)
			}
		})
	}
}

// Every reason of the closed list occurs, no other does, and none stands twice.
func TestEveryReasonOccurs(t *testing.T) {
	t.Parallel()
	var got []Reason
	for _, tt := range judgeCases() {
		got = append(got, tt.judge(t).Reasons...)
	}
	if diff := cmp.Diff(sorted(Reasons()), slices.Compact(sorted(got))); diff != "" {
		t.Errorf("reasons differ (-listed +occurring):\n%s", diff)
	}
}

// Every verdict occurs, and a year that is complete and settled is provisional
// only for what is open in it.
func TestEveryVerdictOccurs(t *testing.T) {
	t.Parallel()
	got := map[Verdict]bool{}
	for _, tt := range judgeCases() {
		got[tt.judge(t).Verdict] = true
	}
	for _, v := range Verdicts() {
		if !got[v] {
			t.Errorf("no case is judged %s", v)
		}
	}
	if got, want := len(got), len(Verdicts()); got != want {
		t.Errorf("%d verdicts occur, want %d", got, want)
	}
}

// A verdict that cannot be told names the members whose data is missing, and
// one with gaps the members that have them, each once and in the scope's order.
func TestJudgeNamesMembers(t *testing.T) {
	t.Parallel()
	p := mustParse(t, judged)
	e := closed(lessEight)
	for _, s := range []*Span{&e.Now, &e.Base} {
		s.Areas = []Member{{"south", true, 1, yearLength, 0, 0}, {"north", true, 1, yearLength, 0, 0}}
	}
	f := p.Judge(p.Standings(2022)[reductionTarget], e)
	if diff := cmp.Diff([]outage.Area{"south", "north"}, f.Gaps); diff != "" {
		t.Errorf("gaps differ (-want +got):\n%s", diff)
	}
	e.Now.Without, e.Base.Without = []outage.Area{"south"}, []outage.Area{"north", "south"}
	f = p.Judge(p.Standings(2022)[reductionTarget], e)
	if diff := cmp.Diff([]outage.Area{"south", "north"}, f.Without); diff != "" {
		t.Errorf("members without data differ (-want +got):\n%s", diff)
	}
}

// The limit was passed in July with 1 000 customers at 10.5 h. In the second half
// 2 000 customers lost 3 000 h more: 13 500 h among 1 500 customers on average
// are 9.0 h, and the cap of 10 h is met.
func TestLimitPassedThenDiluted(t *testing.T) {
	t.Parallel()
	p := mustParse(t, judged)
	cap10 := p.Standings(2022)[capTarget]
	july := p.Judge(cap10, running(10_500*3600))
	if july.Verdict != OffTrack || july.Reasons[0] != LimitPassed {
		t.Errorf("in July got %s, %q, want %s, %s", july.Verdict, july.Reasons, OffTrack, LimitPassed)
	}
	e := closed(0)
	e.Now.Value = Average(13_500*3600*1000, 1500*yearLength, yearLength)
	end := p.Judge(cap10, e)
	if hours, _ := end.Value.Hours(); end.Verdict != Met || hours != 9 {
		t.Errorf("in the end got %s at %v h, want %s at 9 h", end.Verdict, hours, Met)
	}
}

// While the year runs the reduction compares the year and the base year up to
// the same local date and clock, afterwards the whole years.
func TestReduction(t *testing.T) {
	t.Parallel()
	halves := func(part, base int64) func(*Evidence) {
		return func(e *Evidence) {
			e.Part.Value, e.PartBase.Value = thousand(part, yearLength/2), thousand(base, yearLength/2)
		}
	}
	tests := []struct {
		name     string
		target   int
		evidence *Evidence
		change   func(*Evidence)
		want     float64
		wantOK   bool
	}{
		{"whole years, 11.5 h after 12.5 h", reductionTarget, closed(lessEight), nil, 0.08, true},
		{"whole years, worse", reductionTarget, closed(2 * baseSeconds), nil, -1, true},
		{"half years, 3 h after 4 h", reductionTarget, running(1), halves(3, 4), 0.25, true},
		{"half years, worse", reductionTarget, running(1), halves(5, 4), -0.25, true},
		{"half years, published base", publishedTarget, running(1), halves(3, 4), 0, false},
		{"whole year, published base", publishedTarget, closed(lessEight), func(e *Evidence) { e.Base = Span{} }, 0.08, true},
		{"nothing in the base's half", reductionTarget, running(1), halves(3, 0), 0, false},
		{"the half without data", reductionTarget, running(1), func(e *Evidence) { e.Part.Without = []outage.Area{"north"} }, 0, false},
		{"the base's half without data", reductionTarget, running(1), func(e *Evidence) {
			halves(3, 4)(e)
			e.PartBase.Without = []outage.Area{"north"}
		}, 0, false},
		{"zero base", reductionTarget, closed(1), func(e *Evidence) { e.Base = span(civil(2021), 0) }, 0, false},
		{"base without data", reductionTarget, closed(1), func(e *Evidence) { e.Base.Without = []outage.Area{"north"} }, 0, false},
		{"the year without data", reductionTarget, closed(1), func(e *Evidence) { e.Now.Without = []outage.Area{"north"} }, 0, false},
		{"a cap", capTarget, closed(1), nil, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := judgeCase{target: tt.target, evidence: tt.evidence, change: tt.change}.judge(t).Reduction()
			if got != tt.want || ok != tt.wantOK {
				t.Errorf("got %v, %t, want %v, %t", got, ok, tt.want, tt.wantOK)
			}
		})
	}
}

// The expected share and the pace are shown while the year runs. A complete year
// with an outage open has all of its limit to use, however late it is.
func TestShareAndPace(t *testing.T) {
	t.Parallel()
	alone := func(e *Evidence) { e.Open, e.Before, e.BeforeToDate = 1, Span{}, Span{} }
	tests := []struct {
		name        string
		evidence    *Evidence
		change      func(*Evidence)
		share, pace float64
		wantOK      bool
	}{
		{"half of the time, 5.5 of 10 h", running(19_800_000), nil, 0.5, 1.1, true},
		{"7.5 of 12.5 h last year, 3 of 10 h", running(10_800_000), func(e *Evidence) {
			e.BeforeToDate.Value = thousand(27_000_000, yearLength/2)
		}, 0.6, 0.5, true},
		{"complete, an outage open, settled long ago", closed(18_000_000), alone, 1, 0.5, true},
		{"complete", closed(18_000_000), nil, 0, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := judgeCase{target: capTarget, evidence: tt.evidence, change: tt.change}.judge(t)
			share, ok := f.ExpectedShare()
			pace, paceOK := f.Pace()
			if share != tt.share || pace != tt.pace || ok != tt.wantOK || paceOK != tt.wantOK {
				t.Errorf("got share %v, %t, pace %v, %t, want %v, %v, %t", share, ok, pace, paceOK, tt.share, tt.pace, tt.wantOK)
			}
		})
	}
	// Once the limit is passed, what was expected of it still is so; there is no pace.
	f := judgeCase{target: capTarget, evidence: running(capSeconds + 1)}.judge(t)
	share, ok := f.ExpectedShare()
	if _, paced := f.Pace(); !ok || share != 0.5 || paced {
		t.Errorf("limit passed: share %v, %t, pace %t, want 0.5 and no pace", share, ok, paced)
	}
}

// Last year's profile is worth nothing where its first part is not known: a gap
// reads as calm, so that too little would be expected by now. The gap is small
// in the year: of the half, one part in fifty.
func TestShareOfLastYearNeedsItsFirstPart(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*Evidence)
	}{
		{"gap", func(e *Evidence) { e.BeforeToDate.Areas[0].Covered = e.BeforeToDate.Areas[0].Elapsed / 50 * 49 }},
		{"without data", func(e *Evidence) { e.BeforeToDate.Without = []outage.Area{"north"} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := running(1)
			e.BeforeToDate.Value = thousand(27_000_000, yearLength/2)
			f := judgeCase{target: capTarget, evidence: e, change: tt.change}.judge(t)
			if share, _ := f.ExpectedShare(); share != 0.5 || !slices.Contains(f.Reasons, ShareElapsed) {
				t.Errorf("share = %v, reasons %q, want 0.5, %s", share, f.Reasons, ShareElapsed)
			}
		})
	}
}

// A published base is the one that is looked at: one longer than the year is
// flagged, and the base year's own data is not.
func TestPublishedBaseIsTheOneFlagged(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		base        Span
		want        bool
	}{
		{"published 8 760 h", "8760h", span(civil(2021), baseSeconds), false},
		{"published 9 000 h", "9000h", span(civil(2021), baseSeconds), true},
		{"own data longer than the year, not used", "12.5h", span(civil(2021), 1000*yearLength+1), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustParse(t, "id: p\nzone: UTC\nareas: [{id: north}]\ntargets:\n"+
				"- {scope: north, reduction: 8%, base_value: "+tt.value+", strength: duty, deadline: 2022-12-31}")
			e := closed(lessEight)
			e.Base = tt.base
			f := p.Judge(p.Standings(2022)[0], e)
			if got := slices.Contains(f.Reasons, ImpossibleBase); got != tt.want {
				t.Errorf("flagged %t, want %t: %q", got, tt.want, f.Reasons)
			}
		})
	}
}

// At the first instant of a year nothing has passed of it, and no value can be
// held against a share of nothing.
func TestJudgeAtTheFirstInstant(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]Value{"worked out": Average(0, 0, 0), "published": Published(big.NewRat(0, 1))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := mustParse(t, judged)
			e := &Evidence{AsOf: civil(2022).From, Year: civil(2022), Now: Span{Value: value}, Base: span(civil(2021), baseSeconds)}
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("panic: %v", r)
				}
			}()
			for _, s := range p.Standings(2022) {
				if f := p.Judge(s, e); f.Verdict == Met || f.Verdict == Missed {
					t.Errorf("%s: got %s before anything has passed", s.Rule, f.Verdict)
				}
			}
		})
	}
}

// What is judged does not change what is given.
func TestJudgeLeavesEvidence(t *testing.T) {
	t.Parallel()
	p := mustParse(t, judged)
	e := closed(lessEight)
	e.Now.Without, e.Base.Without = []outage.Area{"south", "north"}, []outage.Area{"south", "north"}
	p.Judge(p.Standings(2022)[reductionTarget], e)
	want := []outage.Area{"south", "north"}
	if !slices.Equal(e.Now.Without, want) || !slices.Equal(e.Base.Without, want) {
		t.Errorf("got %v and %v, want %v", e.Now.Without, e.Base.Without, want)
	}
}
