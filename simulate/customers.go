package simulate

import (
	"iter"

	"github.com/saidi-exporter/saidi/outage"
)

// Customers gives the base, feeder by feeder: with [Options].Units a row a
// transformer, else a row a feeder and class, each for the time in which it
// holds.
func (p *Province) Customers() iter.Seq[outage.Customers] {
	return func(yield func(outage.Customers) bool) {
		for f := range p.all() {
			for _, s := range p.spans(&f) {
				if !p.yieldSpan(&f, s, yield) {
					return
				}
			}
		}
	}
}

// A span is a run of transformers of one stratum over the time in which they
// and no others of it are there.
type span struct {
	stratum  int
	from, to int   // transformers
	since    month // 0 for always
	until    month // 0 for always
}

// spans cuts a feeder's transformers by stratum and time. By feeder, a span is
// all transformers of a stratum for as long as their number stays; by unit, it is
// those that came together, for as long as they are of one class.
func (p *Province) spans(f *feeder) []span {
	var list []span
	at := []month{0}
	sizes := []int{f.size}
	for year := p.o.First; year <= p.o.Last; year++ {
		if m, added := p.o.growth(f, year); added > 0 {
			at, sizes = append(at, m), append(sizes, sizes[len(sizes)-1]+added)
		}
	}
	if f.second != none {
		list = append(list, span{stratum: f.stratum, to: f.split})
	}
	first := 0
	if f.second != none {
		first = f.split
	}
	for i := range at {
		s := span{stratum: f.of(first, p.o.First), from: first, to: sizes[i], since: at[i]}
		if p.o.Units && i > 0 {
			s.from = sizes[i-1]
		}
		if !p.o.Units && i+1 < len(at) {
			s.until = at[i+1]
		}
		list = f.cut(list, s)
	}
	return list
}

// cut appends a span, in two where the feeder changes its class within it.
func (f *feeder) cut(list []span, s span) []span {
	change := monthOf(f.townsFrom, 1)
	if f.townsFrom == never || s.until != 0 && s.until <= change {
		return append(list, s)
	}
	towns := stratumOf(strata[f.stratum].area, town)
	if s.since >= change {
		s.stratum = towns
		return append(list, s)
	}
	before, after := s, s
	before.until, after.since, after.stratum = change, change, towns
	return append(list, before, after)
}

// yieldSpan gives the rows of a span.
func (p *Province) yieldSpan(f *feeder, s span, yield func(outage.Customers) bool) bool {
	c := outage.Customers{
		Feeder: f.id, Area: strata[s.stratum].area, Class: strata[s.stratum].class, Customers: int64(s.to - s.from),
		ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo, Kind: outage.MediumVoltage,
	}
	if s.since != 0 {
		c.ValidFrom = s.since.from()
	}
	if s.until != 0 {
		c.ValidTo = s.until.from()
	}
	if !p.o.Units {
		return yield(c)
	}
	c.Customers = 1
	for n := s.from; n < s.to; n++ {
		c.Unit = f.unit(n)
		if !yield(c) {
			return false
		}
	}
	return true
}
