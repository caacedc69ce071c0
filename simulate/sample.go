package simulate

import "github.com/saidi-exporter/saidi/outage"

// sampled bounds the feeders of a stratum that calibration looks at.
const sampled = 600

// A sample is what calibration knows of a year: who was there, and what happened
// to them.
type sample struct {
	o         Options
	customers [len(strata)]float64 // customers × seconds in service
	fixed     [len(strata)]float64 // customer-seconds that no factor changes
	cross     [len(strata)]float64 // customer-seconds of faults of other strata's factors
	elastic   [len(strata)][]elastic
	weight    [len(strata)]float64 // feeders of the province for each one in the sample
}

// An elastic is a stage whose length is in question.
type elastic struct {
	length, limit int64
	own, other    float64 // weighted customers of the stratum, and of the one beside it
	beside        int
	seconds       bool
}

// sample goes through the incidents of a year and the first feeders of every
// stratum.
func (p *Province) sample(year int) *sample {
	s := &sample{o: p.o}
	g := fate{o: p.o}
	var storms [12][len(strata)][]storm
	for n := range storms {
		storms[n] = p.o.stormsByStratum(monthOf(year, 1) + month(n))
	}
	for at := range strata {
		n := min(p.counts[at], sampled)
		s.weight[at] = float64(p.counts[at]) / float64(n)
		for number := range n {
			f := p.o.feeder(at, number)
			s.serve(&f, year)
			g.list = g.list[:0]
			for k := range storms {
				g.run(&f, monthOf(year, 1)+month(k), storms[k][at])
			}
			p.takeAll(s, g.list)
		}
	}
	return s
}

// takeAll adds the incidents of a feeder to the sample, and their rows to those
// of the deliveries.
func (p *Province) takeAll(s *sample, list []incident) {
	for i := range list {
		p.o.amend(&list[i])
		p.tally(&list[i], s.weight[list[i].feeder.stratum])
		s.take(&list[i])
	}
}

// serve adds the customers of a feeder in a year.
func (s *sample) serve(f *feeder, year int) {
	weight := s.weight[f.stratum]
	for m := monthOf(year, 1); m < monthOf(year+1, 1); m++ {
		size := s.o.sizeIn(f, m)
		first := size
		if f.second != none {
			first = f.split
			s.customers[f.second] += float64(weight * float64((size-first)*m.days()*day))
		}
		s.customers[f.home(year)] += float64(weight * float64(first*m.days()*day))
	}
}

// tally adds the rows of an incident to those of the deliveries.
func (p *Province) tally(i *incident, weight float64) {
	rows := weight * float64(p.o.rowsOf(i))
	p.rows[First] += rows
	if i.amends.kind != notAmended {
		p.rows[Late] += rows
	}
}

// take adds the true incident.
func (s *sample) take(i *incident) {
	if i.amends.kind == withdrawn || i.nature == outage.NotAnOutage {
		return
	}
	year, weight := i.month.year(), s.weight[i.feeder.stratum]
	home, limit := i.feeder.home(year), s.o.limit(i)
	from := i.from
	for _, stage := range i.stages[:i.steps] {
		own, other := s.o.shares(i, from, stage.to)
		from = stage.to
		e := elastic{length: stage.length, limit: limit, own: float64(own * weight), other: float64(other * weight), beside: i.feeder.second, seconds: i.seconds}
		if i.elastic {
			s.elastic[home] = append(s.elastic[home], e)
			continue
		}
		s.fixed[home] += float64(float64(stage.length) * e.own)
		if e.other > 0 {
			s.fixed[e.beside] += float64(float64(stage.length) * e.other)
		}
	}
}

// shares are the customers of a stage in the feeder's first and second stratum:
// by unit as they stand on the line; by feeder as the row names them or, if it
// names none, in proportion.
func (o Options) shares(i *incident, from, to int) (own, other float64) {
	f, n := i.feeder, float64(to-from)
	switch {
	case f.second == none:
		return n, 0
	case o.Units:
		first := float64(max(0, min(to, f.split)-from))
		return first, n - first
	case i.named == f.second:
		return 0, n
	case i.named != none:
		return n, 0
	}
	first := float64(n*float64(f.split)) / float64(o.sizeIn(f, i.month))
	return first, n - first
}
