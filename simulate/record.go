package simulate

import (
	"iter"

	"github.com/saidi-exporter/saidi/outage"
)

// A Record is a row of events with what registers show beside the event.
type Record struct {
	outage.Event
	FeederName    string
	CustomersText string // what stands in the place of the customers where that is no number, else empty
}

// rows gives the transformers that have a row each or, by feeder, one number for
// the row of all of them.
func (o Options) rows(from, to int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := from; n < to; n++ {
			if !yield(n) || !o.Units {
				return
			}
		}
	}
}

// rowsOf is how many rows an incident has.
func (o Options) rowsOf(i *incident) int {
	if o.Units {
		return i.to - i.from
	}
	return i.steps
}

// head fills what all rows of an incident have in common.
func (o Options) head(i *incident, d Delivery) Record {
	r := Record{FeederName: i.feeder.name(), Event: outage.Event{
		Source: outage.SyntheticSource, ID: i.id(), Feeder: i.feeder.id, Area: string(strata[i.feeder.stratum].area),
		Start: i.start, Nature: i.nature, Cause: i.cause.responsible, TechnicalCause: i.cause.technical, Served: outage.Missing,
	}}
	if i.named != none {
		r.Class = string(strata[i.named].class)
	}
	if d == Late {
		r.Revision, r.Cancelled = 1, i.amends.kind == withdrawn
	}
	return r
}

// fill fills what is of one row.
func (o Options) fill(r *Record, i *incident, unit, from, to int) {
	r.Customers = int64(to - from)
	if o.Units {
		r.Customers = 1
		r.Unit = i.feeder.unit(unit)
		r.Class = string(strata[i.feeder.of(unit, i.month.year())].class)
	}
}
