package policy

import (
	"math/big"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// A Finding is the verdict on a target in one year, and how it came about.
type Finding struct {
	Standing
	Value       Value // of the year, up to as-of while it runs
	Base        Value // of a reduction: of the base year
	Limit       Value // does not exist where a reduction has no base
	Verdict     Verdict
	Provisional bool     // the year is not complete and settled, or an outage in it is open
	Reasons     []Reason // the one that decides first
	Without     []outage.Area
	Gaps        []outage.Area // members with a gap or too many rows that do not count, in the year or the base year

	index     string   // that is judged
	reduction *big.Rat // nil where it does not exist
	share     *big.Rat // of the limit, expected by now; nil once the year is complete
	pace      *big.Rat
	steps     []string // of the arithmetic
}

// Reduction is 1 − value / base: of the whole years once the year is complete,
// before that of both up to the same local date and clock. ok is false where
// there is no base to compare with.
func (f *Finding) Reduction() (r float64, ok bool) { return float(f.reduction) }

// ExpectedShare is the part of the limit that is expected to be used by as-of.
func (f *Finding) ExpectedShare() (share float64, ok bool) { return float(f.share) }

// Pace is value / (limit × expected share).
func (f *Finding) Pace() (pace float64, ok bool) { return float(f.pace) }

func float(r *big.Rat) (v float64, ok bool) {
	if r == nil {
		return 0, false
	}
	v, _ = r.Float64()
	return v, true
}

// Judge holds a target against the evidence. The first that applies:
//
//   - cannot-tell: a member without data, no base year or a base of zero;
//   - the year is complete and nothing in it open but stale outages: met or
//     missed, provisional until it is settled;
//   - the limit is already passed: off-track;
//   - by the probability of missing, as far as there is a forecast: on-track,
//     at-risk, off-track;
//   - else so by the pace, value / (limit × expected share).
//
// Gaps in the data then turn into cannot-tell what they could have brought
// about: gaps in the year met and on-track, gaps in the base year a reduction's
// missed, and outages without end missed and the limit already passed, unless
// the limit is exceeded without them.
// Comparisons are exact, and a value that equals its limit is within it.
func (p *Policy) Judge(s Standing, e *Evidence) *Finding {
	j := &judgement{Finding: &Finding{Standing: s, Value: e.Now.Value, index: p.Index}, p: p, e: e}
	j.complete = e.AsOf >= e.Year.To
	j.Provisional = !j.complete || e.AsOf < e.Year.To+p.Settle || e.Open+e.Stale > 0
	j.Base, j.Limit = s.base(e), s.Limit(e)
	j.reduce()
	j.decide()
	j.block()
	j.remark()
	return j.Finding
}

type judgement struct {
	*Finding
	p        *Policy
	e        *Evidence
	complete bool
}

func (j *judgement) because(reasons ...Reason) {
	for _, r := range reasons {
		if !slices.Contains(j.Reasons, r) {
			j.Reasons = append(j.Reasons, r)
		}
	}
}

// Limit is the most that the value of a year may be. That of a reduction does not
// exist where its base does not.
func (s Standing) Limit(e *Evidence) Value {
	if s.Rule == Cap {
		return Published(big.NewRat(s.Cap, 1))
	}
	base := s.base(e)
	if !base.Exists() {
		return base
	}
	return base.times(new(big.Rat).Sub(big.NewRat(1, 1), s.Reduction.rat()))
}

// base is the value of the base year of a reduction.
func (s Standing) base(e *Evidence) Value {
	switch {
	case s.Rule == Cap:
	case s.BaseValue > 0:
		return Published(big.NewRat(s.BaseValue, 1))
	case len(e.Base.Without) == 0:
		return e.Base.Value
	}
	return Value{}
}

// reduce works out the reduction against the base year.
func (j *judgement) reduce() {
	if j.Rule != Reduction || j.BaseValue > 0 && !j.complete { // a published base is of a whole year
		return
	}
	now, base, without := j.Value, j.Base, j.e.Now.Without
	if !j.complete {
		now, base, without = j.e.Part.Value, j.e.PartBase.Value, slices.Concat(j.e.Part.Without, j.e.PartBase.Without)
	}
	if len(without) == 0 && now.Exists() && base.Exists() && !base.Zero() {
		j.reduction = new(big.Rat).Sub(big.NewRat(1, 1), now.over(base))
	}
}

// decide finds the verdict, apart from what gaps in the data do to it.
func (j *judgement) decide() {
	switch {
	case j.untellable():
		j.Verdict = CannotTell
	case j.complete && j.e.Open == 0:
		j.close()
	case j.Value.Cmp(j.Limit) > 0:
		j.Verdict = OffTrack
		j.because(LimitPassed)
		if !j.complete {
			j.expect()
		}
		j.compare()
		j.stillOpen()
	default:
		j.lookAhead()
		j.stillOpen()
	}
}

func (j *judgement) stillOpen() {
	if j.complete {
		j.because(StillOpen)
	}
}

// untellable says whether there is nothing to compare.
func (j *judgement) untellable() bool {
	without := func(missing []outage.Area, own, member Reason) {
		if len(missing) == 0 {
			return
		}
		if len(j.e.Now.Areas) > 1 {
			own = member
		}
		j.because(own)
		j.Without = append(j.Without, missing...)
	}
	without(j.e.Now.Without, NoData, MemberWithoutData)
	if j.Rule == Reduction && j.BaseValue == 0 {
		without(j.e.Base.Without, NoBaseYear, BaseMemberWithout)
	}
	j.Without = j.inOrder(j.Without)
	switch {
	case len(j.Reasons) > 0:
	case j.e.AsOf <= j.e.Year.From:
		j.because(NoData)
	case !j.Value.Exists(), j.Rule == Reduction && !j.Base.Exists():
		j.because(NoIndex)
	case j.Rule == Reduction && j.Base.Zero():
		j.because(ZeroBase)
	}
	return len(j.Reasons) > 0
}

// inOrder lists members once each, in the order of the scope.
func (j *judgement) inOrder(members []outage.Area) []outage.Area {
	var all []outage.Area
	for _, a := range j.e.Now.Areas {
		if slices.Contains(members, a.Area) {
			all = append(all, a.Area)
		}
	}
	return all
}

// close judges a complete year.
func (j *judgement) close() {
	j.Verdict = Met
	if j.Value.Cmp(j.Limit) > 0 {
		j.Verdict = Missed
		j.because(OverLimit)
	} else {
		j.because(WithinLimit)
	}
	j.compare()
	if j.e.AsOf < j.e.Year.To+j.p.Settle {
		j.because(NotSettled)
	}
}

// lookAhead judges a running year by the probability of missing, or without a
// forecast by what of the limit is expected to be used by now.
func (j *judgement) lookAhead() {
	kind := j.expect()
	j.pace = j.Value.over(j.Limit.times(j.share))
	if j.e.Forecast == nil {
		j.keepPace()
		j.because(kind)
		j.explainPace(kind)
		return
	}
	risk := big.NewRat(int64(j.e.Forecast.Over), int64(j.e.Forecast.Draws))
	switch {
	case risk.Cmp(j.p.Risk.OffTrack.rat()) > 0:
		j.Verdict = OffTrack
		j.because(MissLikely, kind)
	case risk.Cmp(j.p.Risk.AtRisk.rat()) > 0:
		j.Verdict = AtRisk
		j.because(MissPossible, kind)
	default:
		j.Verdict = OnTrack
		j.because(MissUnlikely, kind)
	}
	j.explainRisk(risk)
	j.explainPace(kind)
}

// keepPace judges by the pace.
func (j *judgement) keepPace() {
	switch {
	case j.pace.Cmp(j.p.Risk.PaceOffTrack.rat()) > 0:
		j.Verdict = OffTrack
		j.because(PaceFarAbove)
	case j.pace.Cmp(j.p.Risk.PaceAtRisk.rat()) > 0:
		j.Verdict = AtRisk
		j.because(PaceAbove)
	default:
		j.Verdict = OnTrack
		j.because(PaceWithin)
	}
}

// expect finds the share of the limit that is expected to be used: what history
// expects of a year by now; without a forecast what last year had reached of its
// value by the same local date and clock, where last year is known whole and had
// reached anything; else that of the time passed.
func (j *judgement) expect() Reason {
	if f := j.e.Forecast; f != nil && f.Share.Num > 0 {
		j.share = f.Share.rat()
		return ShareHistory
	}
	before, toDate := j.e.Before, j.e.BeforeToDate
	if j.whole(&before) && j.whole(&toDate) {
		j.share = toDate.Value.over(before.Value)
		return ShareLastYear
	}
	j.share = big.NewRat(min(j.e.AsOf, j.e.Year.To)-j.e.Year.From, j.e.Year.Seconds())
	return ShareElapsed
}

// whole says whether a span of last year is known without gaps and had an
// outage.
func (j *judgement) whole(s *Span) bool {
	return len(s.Without) == 0 && s.Value.Exists() && !s.Value.Zero() && len(s.short(j.p.Coverage.Minimum)) == 0
}

// block turns a verdict that gaps in the data may have brought about into
// cannot-tell. Gaps that could not are said beside the verdict.
func (j *judgement) block() {
	if j.Verdict == CannotTell {
		return
	}
	gap := j.gaps(&j.e.Now, CoverageGap, CoverageUnknown, TooManyUncounted)
	baseGap := j.Rule == Reduction && j.BaseValue == 0 && j.gaps(&j.e.Base, BaseCoverageGap, BaseUnknown, BaseUncounted)
	if j.e.Stale > 0 {
		j.because(StaleOpen)
	}
	passed := j.Reasons[0] == LimitPassed
	switch {
	case gap && (j.Verdict == Met || j.Verdict == OnTrack):
		j.cannotTell(CoverageGap, TooManyUncounted)
	case baseGap && j.Verdict == Missed:
		j.cannotTell(BaseCoverageGap, BaseUncounted)
	case j.e.Stale > 0 && (j.Verdict == Missed || passed) && !j.exceededAnyway():
		j.cannotTell(StaleOpen)
	}
}

// exceededAnyway says whether the value is above the limit without anything of
// the outages whose end is probably missing.
func (j *judgement) exceededAnyway() bool { return j.e.Floor.Exists() && j.e.Floor.Cmp(j.Limit) > 0 }

// cannotTell puts those of the reasons given that hold before the others.
func (j *judgement) cannotTell(because ...Reason) {
	j.Verdict = CannotTell
	decides := func(r Reason) int {
		if slices.Contains(because, r) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(j.Reasons, func(a, b Reason) int { return decides(a) - decides(b) })
}

// gaps notes what is missing in a span, and says whether it is too much.
func (j *judgement) gaps(s *Span, gap, unknown, uncounted Reason) (block bool) {
	note := func(r Reason, members []outage.Area) {
		if len(members) > 0 {
			j.because(r)
			j.Gaps = j.inOrder(append(j.Gaps, members...))
			block = true
		}
	}
	note(gap, s.short(j.p.Coverage.Minimum))
	note(uncounted, s.uncounted(j.p.Coverage.Rejected))
	if len(s.undeclared()) > 0 {
		j.because(unknown)
	}
	return block
}

// remark notes what is odd about the values themselves.
func (j *judgement) remark() {
	if j.Rule == Reduction && j.BaseValue > 0 {
		j.because(PublishedBase)
	}
	if j.e.StormBase {
		j.because(StormBase)
	}
	if j.Value.Zero() {
		j.because(ZeroValue)
	}
	if j.Value.longer(j.e.Now.Period) {
		j.because(Impossible)
	}
	if j.Rule == Reduction && j.Base.longer(j.e.Base.Period) {
		j.because(ImpossibleBase)
	}
}
