package simulate

import (
	"math"

	"github.com/saidi-exporter/saidi/outage"
)

// The shares of faults in thousandths, and of what is rarer or shorter beside
// them.
const (
	staged     = 150 // come back in stages
	trunk      = 150 // hit the whole feeder
	toSeconds  = 100 // are recorded to the second
	followed   = 30  // are followed by another before supply is back
	namesClass = 500 // of feeders with two classes, name the one that they hit
	reclosings = 65  // successful reclosings beside faults
	moments    = 115 // momentary interruptions beside faults
)

// faultRate is how many faults a feeder has in a year, in millionths: 1.9 times
// the root of its level in hours, as worse grids have more faults and longer
// ones.
func faultRate(level int64) int64 {
	return int64(1_900_000 * math.Sqrt(float64(level)/1000))
}

// faults draws what breaks on the feeder in the month, alone and in storms, and
// what only flickers.
func (g *fate) faults(storms []storm) {
	g.start(g.o.Seed, ofFaults, g.f.stratum, g.f.number, int(g.m))
	rate := faultRate(g.level) * g.more / 1000
	for range g.count(ofWeather.in(g.m, rate)) {
		g.fault(g.below(g.m.days()*day), 1)
	}
	for _, s := range storms {
		if g.below(10*million) < s.severity*int(rate/1000) {
			g.fault(int(s.from-g.m.from())+g.below(s.length), s.weight)
		}
	}
	for range g.count(ofWeather.in(g.m, rate*moments/1000)) {
		g.flicker(outage.FaultInternal, ofMoment, g.between(5, 180))
	}
	for range g.count(ofWeather.in(g.m, rate*reclosings/1000)) {
		g.flicker(outage.NotAnOutage, ofReclosing, g.between(1, 20))
	}
}

// fault draws a fault at a second of the month, and now and then another one
// before supply is back.
func (g *fate) fault(at int, weight int64) {
	i := g.outage(at)
	i.elastic, i.seconds = true, g.chance(toSeconds)
	i.nature, i.cause = g.blame(g.m)
	if weight > 1 {
		i.nature, i.cause = outage.FaultInternal, g.weather(g.m)
	}
	g.behind(&i)
	g.repairs(&i, g.repair()*weight)
	g.add(i)
	if later := at + 60*g.between(5, 40); g.chance(followed) && later < g.m.days()*day {
		g.fault(later, weight)
	}
}

// behind draws where the line breaks: who is behind loses supply.
func (g *fate) behind(i *incident) {
	i.from, i.to = 0, g.size
	if !g.chance(trunk) {
		u := g.below(1000)
		i.from = g.size - max(1, g.size*u/1000*u/1000)
	}
	g.nameClass(i)
}

// nameClass lets some incidents on a feeder of two classes hit and name one, and
// leaves the others to be split.
func (g *fate) nameClass(i *incident) {
	i.named = g.f.home(g.m.year())
	if g.f.second == none {
		return
	}
	if !g.chance(namesClass) {
		i.named = none
		return
	}
	if i.from < g.f.split {
		i.to = min(i.to, g.f.split)
		return
	}
	i.named = g.f.second
}

// repairs lets a fault be repaired at once or in stages.
func (g *fate) repairs(i *incident, length int64) {
	n := 1
	if g.chance(staged) {
		n = min(g.between(2, 4), i.to-i.from)
	}
	i.once(length)
	i.steps = n
	for k := range n {
		i.stages[k].to = i.from + (i.to-i.from)*(k+1)/n
		i.stages[k].length = length * int64(10*n-(n-1-k)*g.between(5, 9)) / int64(10*n)
	}
}

// flicker draws an interruption of seconds.
func (g *fate) flicker(nature outage.Nature, why cause, length int) {
	i := g.outage(g.below(g.m.days() * day))
	i.nature, i.cause, i.seconds = nature, why, true
	g.behind(&i)
	i.once(int64(length))
	g.add(i)
}
