package simulate

import (
	"iter"
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// A Province is made up as far as it is looked at. It does not change after
// [New], so any number of goroutines may read it.
type Province struct {
	o       Options
	counts  [len(strata)]int     // feeders
	factors [][len(strata)]int64 // of the lengths of faults, by year from the first, in parts of one
	rows    [2]float64           // of the first and the late delivery, about
}

// New makes the province that the options say. The error of options that make
// no sense begins with the name of the one that is wrong.
func New(o Options) (*Province, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	p := &Province{o: o}
	for s := range strata {
		p.counts[s] = max(1, int(math.Round(o.Scale*float64(strata[s].feeders))))
	}
	p.calibrate()
	return p, nil
}

// Rows is about how many rows a delivery has: exact where the province is small
// enough to be looked through as a whole, but for repeated rows.
func (p *Province) Rows(d Delivery) int64 { return int64(math.Round(p.rows[d])) }

// all gives every feeder.
func (p *Province) all() iter.Seq[feeder] {
	return func(yield func(feeder) bool) {
		for s := range strata {
			for n := range p.counts[s] {
				if !yield(p.o.feeder(s, n)) {
					return
				}
			}
		}
	}
}

// blockSize is how many feeders a month is made of at once.
const blockSize = 1024

// blocks gives the feeders by so many, in a slice that the next block reuses.
func (p *Province) blocks() iter.Seq[[]feeder] {
	return func(yield func([]feeder) bool) {
		block := make([]feeder, 0, blockSize)
		for f := range p.all() {
			if block = append(block, f); len(block) == blockSize {
				if !yield(block) {
					return
				}
				block = block[:0]
			}
		}
		if len(block) > 0 {
			yield(block)
		}
	}
}

// incidents gives what really happened: month by month, and within a month block
// by block, each by start. The slice is reused.
func (p *Province) incidents() iter.Seq[[]incident] {
	return func(yield func([]incident) bool) {
		g := fate{o: p.o}
		for m := monthOf(p.o.First, 1); m <= monthOf(p.o.Last, 12); m++ {
			storms := p.o.stormsByStratum(m)
			for block := range p.blocks() {
				p.happen(&g, block, m, storms)
				if !yield(g.list) {
					return
				}
			}
		}
	}
}

// happen makes the incidents of a block and month.
func (p *Province) happen(g *fate, block []feeder, m month, storms [len(strata)][]storm) {
	g.list = g.list[:0]
	for f := range block {
		g.run(&block[f], m, storms[block[f].stratum])
	}
	for i := range g.list {
		p.settle(&g.list[i])
		p.o.amend(&g.list[i])
	}
	slices.SortFunc(g.list, compareIncidents)
}

// stormsByStratum are the storms of a month over the area of each stratum.
func (o Options) stormsByStratum(m month) (list [len(strata)][]storm) {
	of := map[outage.Area][]storm{}
	for s := range strata {
		area := strata[s].area
		if _, ok := of[area]; !ok {
			of[area] = o.storms(area, m)
		}
		list[s] = of[area]
	}
	return list
}

// settle gives a fault the length that its stratum and year need.
func (p *Province) settle(i *incident) {
	if !i.elastic {
		return
	}
	year := i.month.year()
	factor, limit := p.factors[year-p.o.First][i.feeder.home(year)], p.o.limit(i)
	for k := range i.steps {
		s := &i.stages[k]
		s.length = stretch(s.length, factor, limit, i.seconds)
		s.length += p.placeholder(i, s.length)
	}
}

// placeholders is how many of a thousand faults that end in the last quarter of
// an hour of a day have the end 23:59:59.
const placeholders = 500

// placeholder is what such an end adds to a length, else 0.
func (p *Province) placeholder(i *incident, length int64) int64 {
	left := day - 1 - wall(i.start+length)%day
	if left >= 15*minute || hash(p.o.Seed, ofPlaceholder, i.feeder.stratum, i.feeder.number, int(i.month), i.number)%1000 >= placeholders {
		return 0
	}
	return left
}
