package engine

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// Counts says what became of the rows of a delivery. Rows read are the sum of
// all the others.
type Counts struct {
	Rows, Accepted, Rejected, Duplicate, Superseded, Cancelled, Skipped, Excluded int
}

func (c *Counts) add(o Counts) {
	c.Rows += o.Rows
	c.Accepted += o.Accepted
	c.Rejected += o.Rejected
	c.Duplicate += o.Duplicate
	c.Superseded += o.Superseded
	c.Cancelled += o.Cancelled
	c.Skipped += o.Skipped
	c.Excluded += o.Excluded
}

// Deliveries lists the deliveries in the order in which they came.
func (e *Engine) Deliveries() []*outage.Delivery {
	list := make([]*outage.Delivery, len(e.deliveries))
	for i, d := range e.deliveries {
		list[i] = d.Delivery
	}
	return list
}

// Counts says what became of the rows of delivery number i, as of now.
func (e *Engine) Counts(i int) Counts {
	o := e.deliveries[i].outcomes
	return Counts{
		Rows: e.deliveries[i].Rows, Accepted: o[Accepted], Rejected: o[Rejected], Duplicate: o[Duplicate],
		Superseded: o[Superseded], Cancelled: o[Cancelled], Skipped: o[Skipped], Excluded: o[Excluded],
	}
}

// RejectedReasons counts the rejected rows of delivery number i by reason.
func (e *Engine) RejectedReasons(i int) map[outage.Reason]int {
	reasons := map[outage.Reason]int{}
	last := int32(e.rows.len())
	if i+1 < len(e.deliveries) {
		last = e.deliveries[i+1].first
	}
	for n := e.deliveries[i].first; n < last; n++ {
		if e.rows.at(n).outcome == Rejected {
			reasons[e.extra(n).rejection.reason]++
		}
	}
	return reasons
}

// Quality is what is wrong with the data as of the engine's instant.
type Quality struct {
	Counts
	RejectedReasons map[outage.Reason]int
	Flags           map[string]int // accepted rows by what is suspicious about them
	Open            []int          // rows that are out at as-of and have no end, by start
	Stale           []int          // of these, those open for longer than StaleAfter
	Pending         int            // rows that start after as-of
	Loss            reliability.Loss
	Seconds         int64   // all that counts, in thousandths of customer-seconds
	UnknownNature   int64   // of these, those of unknown nature
	NoOutage        float64 // customer-hours that the excluded rows speak of, up to as-of; nothing of it counts
}

// Quality looks through all rows.
func (e *Engine) Quality() *Quality {
	q := &Quality{RejectedReasons: map[outage.Reason]int{}, Flags: map[string]int{}}
	for i := range e.deliveries {
		q.add(e.Counts(i))
	}
	for i := range e.rows.len() {
		switch r := e.rows.at(int32(i)); r.outcome {
		case Rejected:
			q.RejectedReasons[e.extra(int32(i)).rejection.reason]++
		case Accepted:
			e.judge(q, i)
		case Excluded:
			q.NoOutage += float64(max(0, r.customers)) * float64(max(0, min(r.end(), e.asOf)-int64(r.start))) / 3600
		}
	}
	slices.SortFunc(q.Open, e.byStart)
	slices.SortFunc(q.Stale, e.byStart)
	if e.sums != nil {
		q.Loss = e.sums.Loss
		q.addSeconds(e.sums)
	}
	return q
}

func (e *Engine) byStart(i, j int) int {
	return cmp.Or(cmp.Compare(e.rows.at(int32(i)).start, e.rows.at(int32(j)).start), cmp.Compare(i, j))
}

func (e *Engine) judge(q *Quality, i int) {
	r := e.rows.at(int32(i))
	for _, code := range r.flags.Codes() {
		q.Flags[code]++
	}
	switch {
	case int64(r.start) > e.asOf:
		q.Pending++
	case r.open() && int64(r.start) < e.asOf:
		q.Open = append(q.Open, i)
		if e.asOf-int64(r.start) > e.opts.StaleAfter {
			q.Stale = append(q.Stale, i)
		}
	}
}

func (q *Quality) addSeconds(sums *reliability.DaySums) {
	total := sums.Total()
	for n := range total {
		for b := range total[n] {
			q.Seconds += total[n][b].Seconds
			if outage.Nature(n) == outage.Unknown {
				q.UnknownNature += total[n][b].Seconds
			}
		}
	}
}

// A Rejected row is one that could not be counted, with its place.
type RejectedRow struct {
	Origin
	Event  outage.Event
	Column string
	Value  string
	Reason outage.Reason
}

// rejected lists the rows that are rejected, by delivery and place.
func (e *Engine) rejected() []int {
	var list []int
	for i := range e.rows.len() {
		if e.rows.at(int32(i)).outcome == Rejected {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(i, j int) int {
		x, y := e.rows.at(int32(i)), e.rows.at(int32(j))
		return cmp.Or(cmp.Compare(e.deliveryNumber(int32(i)), e.deliveryNumber(int32(j))), cmp.Compare(x.place, y.place))
	})
	return list
}

// Rejects lists the rows that are rejected, by delivery and place.
func (e *Engine) Rejects() []RejectedRow {
	var list []RejectedRow
	for _, i := range e.rejected() {
		ev, origin := e.Event(i)
		why := *e.extra(int32(i)).rejection
		if header, ok := e.deliveryOf(int32(i)).Headers[why.column]; ok && why.print == 0 {
			why.column = header // the base or the row's company said no: in the file's own words
		}
		list = append(list, RejectedRow{Origin: origin, Event: ev, Column: why.column, Value: why.value, Reason: why.reason})
	}
	return list
}

// A Suspicion is an accepted row about which something is odd.
type Suspicion struct {
	Origin
	Event outage.Event
}

// Suspicions lists the accepted rows that have flags.
func (e *Engine) Suspicions() []Suspicion {
	var list []Suspicion
	for i := range e.rows.len() {
		if r := e.rows.at(int32(i)); r.outcome == Accepted && r.flags != 0 {
			ev, origin := e.Event(i)
			list = append(list, Suspicion{Origin: origin, Event: ev})
		}
	}
	return list
}

// HasSource says whether some row that came is of a source.
func (e *Engine) HasSource(source string) bool {
	ref, ok := e.dict.Known(source)
	if !ok {
		return false
	}
	for _, d := range e.deliveries {
		if d.source == ref {
			return true
		}
	}
	for n := range e.extras.n {
		if x := e.extras.at(n); x.ownSource && x.source == ref {
			return true
		}
	}
	return false
}

// Outcome says what became of row i, which counts all rows of all deliveries,
// title and total rows apart, in the order in which they came.
func (e *Engine) Outcome(i int) Outcome { return e.rows.at(int32(i)).outcome }

// Rows is the number of rows that came, title and total rows apart.
func (e *Engine) Rows() int { return e.rows.len() }
