package snapshot

import (
	"strconv"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// entry divides the sums of one scope in one window.
func (b *builder) entry(s *scope, w window, tally *reliability.Tally, identity *reliability.Identity) Entry {
	pool := tally.Pool(s.strata, b.e.Bands())
	all, _ := pool.Of(allOf())
	e := Entry{
		Scope: s.id, Level: s.level, Class: s.class, Window: w.name, From: b.at(w.From), To: b.at(w.To),
		CustomerSeconds: Milli(all.Seconds), Interruptions: Milli(pool.Longer().Interruptions),
		MomentaryInterruption: Milli(pool.Momentary().Interruptions), Events: all.Events,
		EquivalentCustomers: pool.EquivalentCustomers(), ByIndex: map[string]Index{}, ByNature: parts(pool),
		Name: s.name, ClassName: s.className, Pooled: s.pooled, Length: w.Seconds(),
	}
	for _, set := range b.sets {
		e.ByIndex[set.ID] = index(pool, set)
	}
	judged := index(pool, b.set)
	e.SAIDIHours, e.SAIFI, e.CAIDIHours = judged.SAIDIHours, judged.SAIFI, judged.CAIDIHours
	e.MAIFI = some(reliability.MAIFI(e.MomentaryInterruption.Float(), e.EquivalentCustomers))
	if e.SAIDIHours != nil {
		e.ASAI = some(reliability.ASAI(*e.SAIDIHours, float64(w.Seconds())/3600))
	}
	b.identify(&e, pool, identity)
	return e
}

// parts are the sums of every nature that has any.
func parts(pool *reliability.Pool) map[string]Part {
	all := map[string]Part{}
	for n := range outage.NatureCount {
		sums := pool.Nature(outage.Nature(n))
		if sums == (reliability.Sums{}) {
			continue
		}
		short := pool.MomentaryOf(outage.Nature(n))
		all[outage.Nature(n).String()] = Part{
			CustomerSeconds: Milli(sums.Seconds), Interruptions: Milli(sums.Interruptions), Events: sums.Events,
			MomentarySeconds: Milli(short.Seconds), MomentaryInterruptions: Milli(short.Interruptions),
		}
	}
	return all
}

// withoutData lists the members of a scope of which nothing is known in a
// window. Where one of them has customers, what is known of the others says
// nothing of the scope, and its indices do not exist.
func (x *examiner) withoutData(s *scope, e *Entry, w window, tally *reliability.Tally) {
	e.WithoutData = []string{}
	silent := false
	for _, area := range s.areas {
		switch served := x.served(area, s.strata, tally) > 0; {
		case !served:
			e.WithoutData = append(e.WithoutData, string(area))
		case x.silentAll(area, w.Period):
			e.WithoutData = append(e.WithoutData, string(area))
			silent = true
		}
	}
	if !silent {
		return
	}
	e.SAIDIHours, e.SAIFI, e.MAIFI, e.CAIDIHours, e.ASAI, e.CTAIDIHours, e.CAIFI, e.CEMI, e.CELID = nil, nil, nil, nil, nil, nil, nil, nil, nil
	for id := range e.ByIndex {
		e.ByIndex[id] = Index{}
	}
}

// served is the customer-seconds in service of an area's part of some strata.
func (b *builder) served(area outage.Area, strata []int, tally *reliability.Tally) int64 {
	var sum int64
	for _, s := range strata {
		if a, _ := b.e.Base().Stratum(s); a == area {
			sum += tally.Service[s]
		}
	}
	return sum
}

// allOf is the set that counts everything.
func allOf() reliability.IndexSet {
	set, _ := reliability.SetByID(reliability.SAIDI1)
	return set
}

func index(pool *reliability.Pool, set reliability.IndexSet) Index {
	sums, ok := pool.Of(set)
	if !ok {
		return Index{}
	}
	return Index{
		SAIDIHours: some(pool.SAIDIHours(sums)), SAIFI: some(pool.SAIFI(sums)), CAIDIHours: some(pool.CAIDIHours(sums)),
	}
}

// identify fills in the indices of distinct customers, where every row that
// counts has an identity.
func (b *builder) identify(e *Entry, pool *reliability.Pool, d *reliability.Identity) {
	sums, ok := pool.Of(b.set)
	if d == nil || !ok || d.Anonymous || b.set.ExceptMajor || e.EquivalentCustomers == 0 {
		return
	}
	distinct := float64(d.Distinct) / reliability.Milli
	e.CTAIDIHours = some(reliability.CTAIDI(float64(sums.Seconds)/reliability.Milli/3600, distinct))
	e.CAIFI = some(reliability.CAIFI(float64(sums.Interruptions)/reliability.Milli, distinct))
	e.CEMI, e.CELID = map[string]float64{}, map[string]float64{}
	for n := 1; n < len(d.Times); n++ {
		if share, ok := reliability.CEMI(float64(d.Times[n])/reliability.Milli, e.EquivalentCustomers); ok {
			e.CEMI[strconv.Itoa(n)] = share
		}
	}
	for i, hours := range reliability.LongHours() {
		if share, ok := reliability.CELID(float64(d.Hours[i])/reliability.Milli, e.EquivalentCustomers); ok {
			e.CELID[strconv.Itoa(hours)] = share
		}
	}
}

func some(v float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &v
}
