package snapshot

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// DefaultWorst is how many causes and how many feeders of an area a [Detail] lists
// where nothing else is asked for.
const DefaultWorst = 20

// detail gathers what the exporter shows beside a report, of the windows given.
func (x *examiner) detail(ws []window, worst int) *Detail {
	d := &Detail{AsOf: x.asOf, Scopes: x.named(), Classes: x.namedClasses(), Limits: x.limits()}
	for _, r := range x.p.RepeatRules {
		d.Repeats = append(d.Repeats, Named{r.ID, r.Name})
	}
	for _, w := range ws {
		if w.name == Month || w.name == Custom {
			continue
		}
		d.Cells = append(d.Cells, x.cells(w)...)
		if w.name == YearToDate || w.name == WholeYear {
			x.standout(d, w, worst)
		}
	}
	d.Out = x.out()
	d.Days = x.days()
	if hours, ok := x.major.Thresholds[x.p.YearStart.YearOf(x.asOf-1, x.p.Zone)]; ok {
		d.MajorHours = &hours
	}
	for _, a := range x.p.Areas {
		d.DataThrough = append(d.DataThrough, Reach{string(a.ID), x.cover.through([]outage.Area{a.ID}, x.asOf)})
	}
	return d
}

func (x *examiner) limits() Limits {
	l := Limits{Coverage: x.p.Coverage.Minimum, Rejected: x.p.Coverage.Rejected, Burn: map[string]policy.Fraction{}}
	for _, b := range x.p.Risk.Burns() {
		l.Burn[b.Window] = b.Limit()
	}
	l.Risk = map[string]policy.Fraction{string(policy.AtRisk): x.p.Risk.AtRisk, string(policy.OffTrack): x.p.Risk.OffTrack}
	return l
}

// named lists the scopes of the policy with their members.
func (x *examiner) named() []Scope {
	var all []Scope
	for _, a := range x.p.Areas {
		all = append(all, Scope{Named{string(a.ID), a.Name}, LevelArea, []string{string(a.ID)}})
	}
	for _, g := range x.p.Groups {
		all = append(all, Scope{Named{g.ID, g.Name}, LevelGroup, codes(g.Areas)})
	}
	return append(all, Scope{Named{x.p.Whole.ID, x.p.Whole.Name}, LevelWhole, codes(x.p.Whole.Areas)})
}

// namedClasses lists the classes, their groups, those of no class and all.
func (x *examiner) namedClasses() []Named {
	var all []Named
	for _, c := range x.p.Classes {
		all = append(all, Named{string(c.ID), c.Name})
	}
	for _, g := range x.p.ClassGroups {
		all = append(all, Named{g.ID, g.Name})
	}
	for _, id := range []outage.Class{outage.Unclassified, outage.AllClasses} {
		all = append(all, Named{string(id), x.p.ClassName(string(id))})
	}
	return all
}

// cells lists the sums of every stratum that has customers or outages and of
// whose area something is known in the window.
func (x *examiner) cells(w window) []Cell {
	tally := x.tally(w.Period)
	var all []Cell
	for s := range x.e.Base().Strata() {
		area, class := x.e.Base().Stratum(s)
		if !x.present([]int{s}) || x.silentAll(area, w.Period) {
			continue
		}
		pool := tally.Pool([]int{s}, x.e.Bands())
		all = append(all, Cell{
			Area: string(area), Class: string(class), Window: w.name, EquivalentCustomers: pool.EquivalentCustomers(), ByNature: parts(pool),
		})
	}
	return all
}

// out lists who is without supply, by stratum.
func (x *examiner) out() []Out {
	var all []Out
	served := x.servedNow()
	for s, o := range x.e.Out() {
		if served[s] == 0 && o == (engine.Out{}) && !x.present([]int{s}) {
			continue
		}
		area, class := x.e.Base().Stratum(s)
		all = append(all, Out{
			Area: string(area), Class: string(class), Served: Milli(served[s] * reliability.Milli), Interrupted: Milli(o.Interrupted), Events: o.Events,
		})
	}
	return all
}

// days gives the IEEE SAIDI of the running local day of every scope of which
// something is known.
func (x *examiner) days() []Day {
	asOf := x.asOf
	today := period.Period{From: period.DayOf(asOf-1, x.p.Zone).Start(x.p.Zone), To: asOf}
	tally := x.tally(today)
	ieee, _ := reliability.SetByID(reliability.IEEE)
	var all []Day
	for _, s := range x.named() {
		if x.untold(s.ID) {
			continue
		}
		pool := tally.Pool(x.strata(x.p.MembersOf(s.ID), x.p.ClassFilter(string(outage.AllClasses))), x.e.Bands())
		sums, _ := pool.Of(ieee)
		if hours, ok := pool.SAIDIHours(sums); ok {
			all = append(all, Day{s.ID, hours})
		}
	}
	return all
}

// untold says whether a member of a scope has customers and nothing is known of
// it in the running year.
func (x *examiner) untold(id string) bool {
	year := upTo(x.year(x.p.YearStart.YearOf(x.asOf-1, x.p.Zone)), x.asOf)
	tally := x.tally(year)
	return slices.ContainsFunc(x.p.MembersOf(id), func(a outage.Area) bool {
		return x.silentAll(a, year) && x.served(a, x.strata([]outage.Area{a}, x.p.ClassFilter(string(outage.AllClasses))), tally) > 0
	})
}

// standout adds the worst causes and feeders of the year of a window, and whom
// the repeat rules hold for.
func (x *examiner) standout(d *Detail, w window, worst int) {
	s := x.e.Standout(x.p.YearStart.YearOf(w.From, x.p.Zone))
	d.Causes = append(d.Causes, worstCauses(s.Causes, w.name, worst)...)
	listed := map[outage.Area]int{}
	for _, f := range s.Feeders {
		if f.Name != "" && listed[f.Area] < worst {
			listed[f.Area]++
			d.Feeder = append(d.Feeder, Feeder{f.Name, string(f.Area), w.name, Milli(f.Milli)})
		}
	}
	if w.name == x.current() {
		x.addRepeats(d, s)
	}
}

// addRepeats adds whom the repeat rules hold for.
func (x *examiner) addRepeats(d *Detail, s *engine.Standout) {
	for stratum, rules := range s.Repeats {
		if !x.present([]int{stratum}) {
			continue
		}
		area, class := x.e.Base().Stratum(stratum)
		for n, milli := range rules {
			d.Repeat = append(d.Repeat, Repeat{string(area), string(class), x.p.RepeatRules[n].ID, Milli(milli)})
		}
	}
}

// current is the name of the window of the year of the instant before as-of.
func (x *examiner) current() string {
	if year := x.p.YearStart.YearOf(x.asOf-1, x.p.Zone); x.asOf >= x.year(year).To {
		return WholeYear
	}
	return YearToDate
}

// worstCauses keeps the largest causes of each area; the others, and what has
// none, stand together.
func worstCauses(costs []engine.Cost, window string, worst int) []Cause {
	var all []Cause
	for len(costs) > 0 {
		n := 1
		for n < len(costs) && costs[n].Area == costs[0].Area {
			n++
		}
		all = append(all, causesOfArea(costs[:n], window, worst)...)
		costs = costs[n:]
	}
	return all
}

func causesOfArea(costs []engine.Cost, window string, worst int) []Cause {
	var all []Cause
	rest := Cause{Area: string(costs[0].Area), Cause: OtherCause, Window: window}
	for _, c := range costs {
		if c.Name == "" || c.Name == OtherCause || len(all) == worst {
			rest.CustomerSeconds += Milli(c.Milli)
			continue
		}
		all = append(all, Cause{string(c.Area), c.Name, window, Milli(c.Milli)})
	}
	if rest.CustomerSeconds > 0 {
		all = append(all, rest)
	}
	slices.SortStableFunc(all, func(a, b Cause) int { return cmp.Compare(b.CustomerSeconds, a.CustomerSeconds) })
	return all
}
