package simulate

import (
	"iter"
	"strconv"

	"github.com/saidi-exporter/saidi/outage"
)

// A Delivery is one of the two transfers of events.
type Delivery int

// The deliveries.
const (
	First Delivery = iota // every event, as far as it was known
	Late                  // whole events again that the first delivery had wrong, with a higher revision
)

// Records gives the rows of a delivery in about the order of time: month by month
// and, in each month, by start within every block of 1024 feeders. Areas and
// classes are the ids of the policy. A number of customers that is none is
// [outage.Missing]. A record is good until the next one.
func (p *Province) Records(d Delivery) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		for list := range p.incidents() {
			for i := range list {
				if d == Late && list[i].amends.kind == notAmended {
					continue
				}
				if !p.deliver(&list[i], d, yield) {
					return
				}
			}
		}
	}
}

// deliver gives the rows of an incident, in the first delivery with dirt.
func (p *Province) deliver(i *incident, d Delivery, yield func(*Record) bool) bool {
	told := *i
	if d == First {
		told = i.told()
	}
	r := p.o.head(&told, d)
	n, from := 0, told.from
	for k, s := range told.stages[:told.steps] {
		if told.steps > 1 {
			r.Stage = strconv.Itoa(k + 1)
		}
		r.End = told.start + s.length
		if told.open && k == told.steps-1 {
			r.End = outage.Open
		}
		for unit := range p.o.rows(from, s.to) {
			p.o.fill(&r, &told, unit, from, s.to)
			if !p.send(r, i, d, n, yield) {
				return false
			}
			n++
		}
		from = s.to
	}
	return true
}

// send gives a row, spoilt or twice if it is one of those.
func (p *Province) send(r Record, i *incident, d Delivery, n int, yield func(*Record) bool) bool {
	if d == Late || p.o.Clean || i.open || i.amends.kind != notAmended || p.matters(&r, i) {
		return yield(&r)
	}
	kind, drawn := p.o.dirt(i, n)
	r.spoil(kind, drawn)
	copied := r
	return yield(&r) && (kind != twice || yield(&copied))
}
