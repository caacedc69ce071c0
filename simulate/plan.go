package simulate

import "github.com/saidi-exporter/saidi/period"

// plans draws the arranged outages of the feeder and month: planned work in
// working hours, work at short notice, and curtailment on winter evenings.
func (g *fate) plans() {
	g.start(g.o.Seed, ofPlans, g.f.stratum, g.f.number, int(g.m))
	rate := g.level * 120 * g.more / 1000 // 0.12 a year for each hour of the level, in millionths
	n := g.count(ofWork.in(g.m, rate))
	if n == 0 && g.f.number == 0 && g.m == monthOf(g.m.year(), 5) {
		n = 1 // so that every stratum has an outage every year
	}
	for range n {
		g.work(planned[:], g.workday(), 7*hour+15*minute*g.below(13), 15*minute*g.between(10, 39))
	}
	for range g.count(ofWork.in(g.m, rate/4)) {
		g.work(shortNotice[:], g.below(g.m.days()), 8*hour+5*minute*g.below(100), 5*minute*g.between(10, 54))
	}
	if name := g.m.name(); (name == 12 || name <= 2) && g.chance(30) {
		g.work(curtailment[:], g.below(g.m.days()), 17*hour+15*minute*g.below(10), 15*minute*g.between(4, 12))
	}
}

// workday draws a day for planned work, counted from 0.
func (g *fate) workday() int {
	n := g.below(g.m.days())
	for range 12 {
		if g.below(100) < workday(g.m.first()+period.Day(n)) {
			return n
		}
		n = g.below(g.m.days())
	}
	return n
}

// work draws a job on a section of the line, at a second of a day of the month.
func (g *fate) work(jobs []job, n, at, length int) {
	i := g.outage(n*day + at)
	j := g.assign(jobs)
	i.nature, i.cause = j.nature, j.cause
	section := max(1, g.size*g.between(12, 62)/100)
	i.from = g.below(g.size - section + 1)
	i.to = i.from + section
	g.nameClass(&i)
	i.once(int64(length))
	g.add(i)
}
