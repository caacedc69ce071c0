package simulate

import "github.com/saidi-exporter/saidi/outage"

// A fate gathers the incidents that start on one feeder in one month.
type fate struct {
	draws
	o     Options
	f     *feeder
	m     month
	size  int   // transformers of the feeder
	level int64 // of its stratum in the year, in thousandths of an hour
	more  int64 // the effect of the year, in thousandths
	made  int   // incidents of the feeder and month
	list  []incident
}

// run draws the incidents of a feeder and month, lengths of faults not yet
// settled; none where the area does not deliver yet.
func (g *fate) run(f *feeder, m month, storms []storm) {
	if g.o.silent(strata[f.stratum].area, m.year()) {
		return
	}
	g.f, g.m, g.size, g.made = f, m, g.o.sizeIn(f, m), 0
	g.level, g.more = g.o.level(f.home(m.year()), m.year()), g.o.effect(f.home(m.year()), m.year())
	g.faults(storms)
	g.plans()
	g.unfinished()
}

// outage begins an incident at a second of the month, whole minutes only unless
// it says otherwise later.
func (g *fate) outage(at int) incident {
	return incident{feeder: g.f, month: g.m, start: g.m.from() + int64(at), named: none}
}

// add numbers an incident and takes it in.
func (g *fate) add(i incident) {
	if !i.seconds {
		i.start -= i.start % minute
	}
	i.number = g.made
	g.made++
	g.list = append(g.list, i)
}

// unfinished adds the one outage that is still going on when the last year ends:
// in the towns of Haixi that have no target, in its last two days. Only the
// calibrated province has it.
func (g *fate) unfinished() {
	if g.o.Kind != Calibrated || g.f.number != 0 || g.m != monthOf(g.o.Last, 12) || g.f.stratum != stratumOf("haixi", urban) {
		return
	}
	i := g.outage((g.m.days()-2)*day + 30*minute*g.between(20, 80))
	i.nature, i.cause, i.open = outage.FaultInternal, ofNetwork[0], true
	i.from, i.to = g.size-2, g.size
	i.named = g.f.of(i.from, g.m.year())
	i.once(g.m.to() - i.start)
	g.add(i)
}
