package snapshot

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
)

func comparePeriods(a, b period.Period) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
}

// hot lists the days in which windows are cut.
func (a *asker) hot() []period.Period {
	var ends []int64
	ends = append(ends, a.asOf)
	ends = append(ends, a.reaches()...)
	var days []period.Period
	for _, t := range ends {
		for _, years := range a.distances() {
			days = append(days, a.days(period.YearsBefore(t, years, a.p.Zone), period.YearsBefore(t+a.leeway, years, a.p.Zone)))
		}
	}
	for _, burn := range a.p.Risk.Burns() {
		days = append(days, a.days(a.asOf-burn.Seconds, a.asOf-burn.Seconds+a.leeway))
	}
	if w := a.o.Window; w != nil {
		days = append(days, a.days(w.From, w.From), a.days(w.To, w.To))
	}
	return period.Union(days)
}

// days are the whole local days of a span of time.
func (a *asker) days(from, to int64) period.Period {
	return period.Period{From: period.DayOf(from, a.p.Zone).Start(a.p.Zone), To: (period.DayOf(to, a.p.Zone) + 1).Start(a.p.Zone)}
}

// reaches lists where the data of the areas ends.
func (a *asker) reaches() (ends []int64) {
	c := coverage{byArea: map[outage.Area]period.Spans{}}
	for _, d := range a.deliveries {
		c.declarations = append(c.declarations, d.Covers...)
	}
	for _, area := range a.p.Areas {
		ends = append(ends, c.through([]outage.Area{area.ID}, a.asOf))
	}
	slices.Sort(ends)
	return slices.Compact(ends)
}

// distances lists by how many years windows are set back: those of the answer
// itself, the year before, and base years.
func (a *asker) distances() []int {
	list := []int{0, 1}
	b := a.builder()
	for _, t := range []int64{a.asOf, a.asOf + a.leeway} {
		b.asOf = t
		for _, year := range b.years(a.o) {
			for _, s := range a.p.Standings(year) {
				if s.Rule == policy.Reduction {
					list = append(list, s.Year-s.BaseYear)
				}
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
