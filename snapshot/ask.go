package snapshot

import (
	"errors"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// ErrPartial is of a question that needs rows, put to an engine that was composed
// of shares; see [engine.Engine.Partial].
var ErrPartial = errors.New("the engine was composed of sums and does not hold the rows that this needs")

// mustHold is [ErrPartial] for an engine that does not hold all its rows.
func mustHold(e *engine.Engine) error {
	if e.Partial() {
		return ErrPartial
	}
	return nil
}

// leeway is by how many seconds the clock, and what deliveries declare to cover,
// may go on until shares have to be made by another ask.
const leeway = 2 * 86400

// AskFor says what shares must hold for an answer as of an instant, as [Build]
// makes it with the same options, or of one up to two days later.
func AskFor(base *reliability.Base, p *policy.Policy, asOf int64, deliveries []*outage.Delivery, o Options) *engine.Ask {
	return (&asker{p, asOf, deliveries, o, leeway}).ask(base)
}

// StillServes says whether shares that were made by an ask hold what an answer as
// of an instant needs.
func StillServes(ask *engine.Ask, base *reliability.Base, p *policy.Policy, asOf int64, deliveries []*outage.Delivery, o Options) bool {
	return ask.Covers((&asker{p, asOf, deliveries, o, 0}).ask(base))
}

// AskForDossier says what shares must hold for [NewDossier].
func AskForDossier(base *reliability.Base, p *policy.Policy, asOf int64, deliveries []*outage.Delivery, o Options) *engine.Ask {
	o.Suspicious = true
	a := &asker{p, asOf, deliveries, o, 0}
	ask := a.ask(base)
	ask.Exclusions, ask.FeederSet = true, p.Index
	b := a.builder()
	ask.Feeders = append(ask.Feeders, b.mainWindow(o))
	for _, year := range b.years(o) {
		ask.Feeders = append(ask.Feeders, b.year(year))
	}
	for i := range ask.Feeders {
		ask.Feeders[i] = upTo(ask.Feeders[i], asOf)
	}
	slices.SortFunc(ask.Feeders, comparePeriods)
	ask.Feeders = slices.Compact(ask.Feeders)
	return ask
}

// An asker works out what an answer needs.
type asker struct {
	p          *policy.Policy
	asOf       int64
	deliveries []*outage.Delivery
	o          Options
	leeway     int64
}

// builder knows the calendar of the answer, and no engine.
func (a *asker) builder() *builder { return &builder{p: a.p, asOf: a.asOf} }

func (a *asker) ask(base *reliability.Base) *engine.Ask {
	b := a.builder()
	now, before := b.looked(a.o)
	ask := &engine.Ask{Years: a.p.YearStart, Hot: a.hot(), Suspicions: a.o.Suspicious, Silences: period.Period{From: before.From, To: now.To}}
	if a.o.Window == nil {
		ask.Silences.To = b.year(b.years(a.o)[0]).To
	}
	for _, t := range []int64{a.asOf, a.asOf + a.leeway} {
		if to := b.year(a.p.YearStart.YearOf(t-1, a.p.Zone)).To; !slices.Contains(ask.Ahead, to) {
			ask.Ahead = append(ask.Ahead, to)
		}
	}
	if !a.o.Anonymous && base.HasUnits() {
		ask.Pools, ask.Identities = a.pools(base), a.identities(b)
	}
	return ask
}

// pools lists the strata of every scope that may be shown.
func (a *asker) pools(base *reliability.Base) [][]int {
	var pools [][]int
	add := func(areas []outage.Area, class string) {
		in := a.p.ClassFilter(class)
		var list []int
		for s := range base.Strata() {
			if area, of := base.Stratum(s); slices.Contains(areas, area) && in(of) {
				list = append(list, s)
			}
		}
		if !slices.ContainsFunc(pools, func(o []int) bool { return slices.Equal(o, list) }) {
			pools = append(pools, list)
		}
	}
	for _, areas := range a.members() {
		add(areas, string(outage.AllClasses))
		for _, c := range a.p.Classes {
			add(areas, string(c.ID))
		}
		for _, g := range a.p.ClassGroups {
			add(areas, g.ID)
		}
	}
	return pools
}

// members lists the areas of every scope.
func (a *asker) members() (list [][]outage.Area) {
	for _, area := range a.p.Areas {
		list = append(list, []outage.Area{area.ID})
	}
	for _, g := range a.p.Groups {
		list = append(list, g.Areas)
	}
	return append(list, a.p.Whole.Areas)
}

// identities lists the windows in which distinct customers are counted.
func (a *asker) identities(b *builder) (list []engine.IdentityAsk) {
	var ws []window
	if a.o.Window != nil {
		ws = append(ws, window{Custom, upTo(*a.o.Window, a.asOf)})
	}
	for _, year := range b.years(a.o) {
		ws = append(ws, yearWindows(year, a.asOf, a.p)...)
	}
	for _, w := range ws {
		list = append(list, engine.IdentityAsk{Window: w.Period, Set: a.p.Index})
	}
	return list
}
