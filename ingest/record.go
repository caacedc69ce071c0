package ingest

import "github.com/saidi-exporter/saidi/outage"

// A record is one row of events on its way into a batch.
type record struct {
	row                           outage.Row
	id                            []byte
	source, feeder, unit          outage.Ref
	area, class, cause, technical outage.Ref
	stage                         outage.Ref
	start, end                    int64
	customers, served, revision   int64
	capacity                      float64
	steps                         []outage.Step
	nature                        outage.Nature
	cancelled                     bool
	flags                         outage.Flags
}

// blankRecord is a record of which nothing has been read yet.
func blankRecord(row outage.Row) record {
	return record{row: row, end: outage.Open, customers: outage.Missing, served: outage.Missing}
}

// append puts the record into the columns of a batch.
func (r *record) append(b *outage.Batch) {
	i := b.Len()
	b.Row = append(b.Row, r.row)
	b.ID.AppendBytes(r.id)
	b.Source, b.Feeder, b.Unit = append(b.Source, r.source), append(b.Feeder, r.feeder), append(b.Unit, r.unit)
	b.Area, b.Class = append(b.Area, r.area), append(b.Class, r.class)
	b.Cause, b.Technical, b.Stage = append(b.Cause, r.cause), append(b.Technical, r.technical), append(b.Stage, r.stage)
	b.Start, b.End = append(b.Start, r.start), append(b.End, r.end)
	b.Customers, b.Revision = append(b.Customers, r.customers), append(b.Revision, r.revision)
	b.Nature, b.Cancelled = append(b.Nature, r.nature), append(b.Cancelled, r.cancelled)
	b.Flags = append(b.Flags, r.flags)
	if len(r.steps) > 0 {
		b.Steps[i] = r.steps
	}
	if r.capacity != 0 {
		b.Capacity[i] = r.capacity
	}
	if r.served != outage.Missing {
		b.Served[i] = r.served
	}
}

// event is the record as an event of its own.
func (r *record) event(d *outage.Dict) outage.Event {
	return outage.Event{
		Row: r.row, Source: d.Text(r.source), ID: string(r.id), Feeder: d.Text(r.feeder), Unit: d.Text(r.unit),
		Area: d.Text(r.area), Class: d.Text(r.class), Cause: d.Text(r.cause), TechnicalCause: d.Text(r.technical), Stage: d.Text(r.stage),
		Start: r.start, End: r.end, Customers: r.customers, Served: r.served, Revision: r.revision, CapacityKVA: r.capacity,
		Steps: r.steps, Nature: r.nature, Cancelled: r.cancelled, Flags: r.flags,
	}
}

// impossible is [outage.Event.Impossible] of the record, without an event for
// rows that have no steps.
func (r *record) impossible() (outage.Reason, field) {
	switch {
	case r.cancelled:
		return "", noField
	case r.end < r.start:
		return outage.EndBeforeStart, fieldEnd
	case r.customers < outage.Missing || r.customers > outage.MaxCustomers:
		return outage.BadCustomers, fieldCustomers
	case len(r.steps) == 0:
		return "", noField
	}
	e := outage.Event{Start: r.start, End: r.end, Customers: r.customers, Steps: r.steps}
	reason, _ := e.Impossible()
	return reason, fieldSteps
}

// suspicious is [outage.Event.Suspicious] of the record.
func (r *record) suspicious() outage.Flags {
	if r.end != outage.Open && r.end-r.start > outage.LongestPlausible {
		return outage.LongOutage
	}
	return 0
}

// customerSeconds is what the record's own interval and steps make, 0 and false
// where it is open or has no customers.
func (r *record) customerSeconds() (float64, bool) {
	if r.end == outage.Open || r.customers == outage.Missing {
		return 0, false
	}
	total := float64(r.customers) * float64(r.end-r.start)
	for _, s := range r.steps {
		total -= float64(s.Restored) * float64(r.end-s.At)
	}
	return total, true
}
