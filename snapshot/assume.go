package snapshot

import (
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// assumed collects assumptions.
type assumed []Assumption

// add adds an assumption, once.
func (a *assumed) add(code string, args ...any) {
	if !slices.ContainsFunc(*a, func(b Assumption) bool { return b.Code == code && slices.Equal(b.Args, args) }) {
		*a = append(*a, Assumption{code, args})
	}
}

// addIf adds an assumption where it is made.
func (a *assumed) addIf(made bool, code string, args ...any) {
	if made {
		a.add(code, args...)
	}
}

// assumptions lists the choices that the numbers of a dossier rest on, in the order
// of [AssumptionCodes].
func (x *examiner) assumptions(d *Dossier, q *engine.Quality, o Options) []Assumption {
	var a assumed
	a.addIf(d.Synthetic, AssumedMadeUp)
	a.add(AssumedZone, x.p.Zone.String(), o.TZData)
	a.add(AssumedAsOf, x.at(x.asOf), q.Pending)
	a.addIf(o.KnownAt != 0, AssumedKnownAt, int(o.KnownAt))
	a.add(AssumedDataThrough, d.DataThrough)
	for _, year := range x.years(o) {
		w := upTo(x.year(year), x.asOf)
		a.add(AssumedYear, year, x.at(w.From), x.at(w.To))
	}
	if w := x.mainWindow(o); o.Window != nil {
		a.add(AssumedWindow, x.at(w.From), x.at(w.To))
	}
	x.assumeIndex(&a)
	x.assumeBase(&a, q)
	x.assumeDeliveries(&a)
	a.add(AssumedOpen, len(q.Open))
	a.add(AssumedStale, int(x.e.StaleAfter()), len(q.Stale))
	x.assumePolicy(&a, o)
	if o.Window == nil {
		x.assumeProjection(&a, d.Targets)
	}
	return a
}

// assumeIndex says what the judged index set counts.
func (x *examiner) assumeIndex(a *assumed) {
	a.add(AssumedIndex, x.set.ID)
	var natures []string
	for n := range outage.NatureCount {
		if x.set.Counts(outage.Nature(n), reliability.BandCount-1, x.e.Bands()) {
			natures = append(natures, outage.Nature(n).String())
		}
	}
	a.addIf(len(natures) == outage.NatureCount, AssumedAllNatures)
	a.addIf(len(natures) < outage.NatureCount, AssumedNatures, strings.Join(natures, ","))
	shortest := x.shortest()
	a.addIf(shortest == 0, AssumedAnyLength)
	a.addIf(shortest > 0, AssumedLonger, int(shortest))
	a.addIf(!x.set.StartDay, AssumedPassing)
	a.addIf(x.set.StartDay, AssumedStartDay)
	a.addIf(x.set.ExceptMajor, AssumedExceptMajor)
	a.add(AssumedMomentary, int(x.p.Momentary))
}

// shortest is the length in seconds that an interruption must pass to count by the
// judged set; 0 where it may be of any.
func (x *examiner) shortest() int64 {
	bands := x.e.Bands()
	var longest int64
	for _, limit := range []int64{bands.Momentary, bands.IEEE} {
		for n := range outage.NatureCount {
			if x.set.Counts(outage.Nature(n), bands.Of(limit+1), bands) && !x.set.Counts(outage.Nature(n), bands.Of(limit), bands) {
				longest = max(longest, limit)
			}
		}
	}
	return longest
}

// assumeBase says how finely the base knows customers, and what of the time fell to
// them without being known of them alone.
func (x *examiner) assumeBase(a *assumed, q *engine.Quality) {
	base := x.e.Base()
	feeders, without := 0, []string{}
	for _, f := range base.Feeders() {
		if f.Name == "" {
			without = append(without, string(f.Area))
		} else {
			feeders++
		}
	}
	a.addIf(base.HasUnits(), AssumedByUnit, base.Units())
	a.addIf(!base.HasUnits() && feeders > 0, AssumedByFeeder, feeders)
	a.addIf(len(without) > 0, AssumedByArea, strings.Join(without, ","))
	a.add(AssumedSplit, share(q.Loss.Split, q.Seconds))
	a.add(AssumedUnknownFeeder, share(q.Loss.Unplaced, q.Seconds))
}

// assumeDeliveries says how each delivery was read.
func (x *examiner) assumeDeliveries(a *assumed) {
	for _, d := range x.e.Deliveries() {
		a.addIf(d.WholeFeeder, AssumedWholeFeeder, d.Path)
		a.addIf(!d.WholeFeeder, AssumedNoCustomers, d.Path)
	}
	codes := map[outage.Repeated]string{
		outage.RepeatedReject: AssumedRepeatReject, outage.RepeatedStages: AssumedRepeatStages,
		outage.RepeatedLatest: AssumedRepeatLatest, outage.RepeatedRemaining: AssumedRepeatLeft,
	}
	for _, mode := range []outage.Repeated{outage.RepeatedReject, outage.RepeatedStages, outage.RepeatedLatest, outage.RepeatedRemaining} {
		for _, d := range x.e.Deliveries() {
			a.addIf(d.Repeated == mode, codes[mode], d.Path)
		}
	}
}

// assumePolicy says by which thresholds and base years targets are judged.
func (x *examiner) assumePolicy(a *assumed, o Options) {
	p := x.p
	a.add(AssumedSettle, int(p.Settle/86400))
	a.add(AssumedCoverage, p.Coverage.Minimum.String())
	a.add(AssumedRejected, p.Coverage.Rejected.String())
	a.add(AssumedRisk, p.Risk.AtRisk.String(), p.Risk.OffTrack.String())
	a.add(AssumedPace, p.Risk.PaceAtRisk.String(), p.Risk.PaceOffTrack.String())
	var standings []policy.Standing
	running := false // a reduction is judged in a year that is not over
	for _, year := range x.years(o) {
		standings = append(standings, p.Standings(year)...)
	}
	for _, s := range standings {
		if s.Rule == policy.Reduction {
			running = running || x.asOf < x.year(s.Year).To
			a.addIf(s.BaseValue == 0, AssumedBaseYear, s.Scope, s.Class, s.BaseYear, s.Reduction.String())
		}
	}
	for _, s := range standings {
		a.addIf(s.Rule == policy.Reduction && s.BaseValue != 0, AssumedBaseValue, s.Scope, s.Class, s.BaseYear, int(s.BaseValue))
	}
	a.addIf(running, AssumedSameDates)
	for _, s := range standings {
		a.addIf(s.AfterDeadline, AssumedAfterDeadline, s.Scope, s.Class, s.Deadline.String())
	}
	a.add(AssumedValid, validDay(p.Valid.From.String(), p.Valid.From == policy.AlwaysFrom), validDay(p.Valid.Until.String(), p.Valid.Until == policy.AlwaysUntil))
}

// validDay writes the first or last day of a policy; nothing where it has none.
func validDay(day string, always bool) string {
	if always {
		return ""
	}
	return day
}

// assumeProjection says how many futures a projection is made of.
func (x *examiner) assumeProjection(a *assumed, targets []Target) {
	for i := range targets {
		if p := targets[i].Projection; p != nil && p.Draws > 0 {
			a.add(AssumedProjection, p.Draws)
			return
		}
	}
	a.add(AssumedNoProjection)
}
