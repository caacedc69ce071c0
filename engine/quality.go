package engine

import (
	"cmp"
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
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

// Deliveries lists the accounts: what is told of deliveries, and of streams of
// them, in the order in which they were committed or opened.
func (e *Engine) Deliveries() []*outage.Delivery {
	list := make([]*outage.Delivery, len(e.accounts))
	for i, a := range e.accounts {
		list[i] = a.Delivery
	}
	return list
}

// Counts says what became of the rows of account number i, as of now.
func (e *Engine) Counts(i int) Counts {
	o := e.accounts[i].outcomes
	return Counts{
		Rows: e.accounts[i].Rows, Accepted: o[Accepted], Rejected: o[Rejected], Duplicate: o[Duplicate],
		Superseded: o[Superseded], Cancelled: o[Cancelled], Skipped: o[Skipped], Excluded: o[Excluded],
	}
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

// Quality takes what it says from what is kept of all rows, and looks through
// those only that are out at as-of or later.
func (e *Engine) Quality() *Quality {
	q := &Quality{RejectedReasons: map[outage.Reason]int{}, Flags: map[string]int{}}
	for i, a := range e.accounts {
		q.add(e.Counts(i))
		for reason, n := range a.reasons {
			if n != 0 {
				q.RejectedReasons[reason] += n
			}
		}
	}
	over := e.readBooks().over
	for bit, n := range over.flags {
		q.flag(outage.Flags(1)<<bit, n)
	}
	none := over.noOutage
	for i, r := range e.lateRows {
		switch r.outcome {
		case Accepted:
			e.judge(q, int(i))
		case Excluded:
			none.add(uint64(max(0, r.customers))*uint64(max(min(r.end(), e.asOf), int64(r.start))-int64(r.start)), 1)
		}
	}
	q.NoOutage = none.float() / 3600
	slices.SortFunc(q.Open, e.byStart)
	slices.SortFunc(q.Stale, e.byStart)
	if e.sums != nil {
		q.Loss = e.sums.Loss
		q.addSeconds(e.sums)
	}
	return q
}

// flag counts rows that have some flags.
func (q *Quality) flag(flags outage.Flags, n int) {
	if n == 0 {
		return
	}
	for _, code := range flags.Codes() {
		q.Flags[code] += n
	}
}

func (e *Engine) byStart(i, j int) int {
	return cmp.Or(cmp.Compare(e.rows.at(int32(i)).start, e.rows.at(int32(j)).start), cmp.Compare(i, j))
}

func (e *Engine) judge(q *Quality, i int) {
	r := e.rows.at(int32(i))
	q.flag(r.flags, 1)
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

// Rejects lists the rows that are rejected, by delivery and place.
func (e *Engine) Rejects() []RejectedRow {
	var list []RejectedRow
	for _, i := range e.rejected() {
		list = append(list, e.rejectedRow(i))
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
	if e.partial != nil && !e.partial.ask.Suspicions {
		e.miss(period.Period{From: math.MinInt64, To: e.asOf})
	}
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
	return ok && e.sources[ref]
}

// Outcome says what became of row i, which counts all rows of all deliveries,
// title and total rows apart, in the order in which they came.
func (e *Engine) Outcome(i int) Outcome { return e.rows.at(int32(i)).outcome }

// Rows is the number of rows that came, title and total rows apart.
func (e *Engine) Rows() int { return e.rows.len() }
