package engine

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// The identity rules: which of the rows of one event are in force. The verdict
// is worked out again from all rows that ever came, so it depends on the rows,
// the deliveries' order and their modes, and on nothing else.

// identity is the state of the identity rules for the rows of one event, given in
// the order in which they came, and in turn for its subjects: the rows of one
// feeder and unit. Several may be at work at once, each with an event of its own.
type identity struct {
	e        *Engine
	rows     []int32
	outcome  []Outcome
	withdraw []int   // the withdrawals that were news, in order
	force    []int   // of the subject, what is in force, as indices into rows
	history  [][]int // of the subject, every statement so far: the rows of one key in one delivery
	rejected []int   // of the subject, every row rejected so far
	doomed   []rejectedRow
}

// identify works out the outcomes.
func (d *identity) identify() {
	d.revisions()
	d.withdrawals()
	order := make([]int, 0, len(d.rows))
	for k := range d.rows {
		if d.outcome[k] == Fresh {
			order = append(order, k)
		}
	}
	slices.SortStableFunc(order, d.compareSubjects)
	for len(order) > 0 {
		n := 1
		for n < len(order) && d.compareSubjects(order[0], order[n]) == 0 {
			n++
		}
		d.subject(order[:n])
		order = order[n:]
	}
}

func (d *identity) compareSubjects(j, k int) int {
	x, y := d.row(j), d.row(k)
	return cmp.Or(cmp.Compare(x.feeder, y.feeder), cmp.Compare(x.unit, y.unit))
}

// subject decides about the rows of one feeder and unit, delivery by delivery.
func (d *identity) subject(rows []int) {
	d.force, d.history, d.rejected = nil, nil, nil
	withdraw := d.withdraw
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && d.delivery(rows[to]) == d.delivery(rows[from]) {
			to++
		}
		for len(withdraw) > 0 && d.delivery(withdraw[0]) < d.delivery(rows[from]) {
			d.clear()
			withdraw = withdraw[1:]
		}
		for _, statement := range d.statements(d.deliver(rows[from:to])) {
			d.state(statement)
		}
		from = to
	}
	if len(withdraw) > 0 {
		d.clear()
	}
	d.supersedeRejected(rows)
	for _, k := range d.force {
		d.outcome[k] = d.e.inForce(d.rows[k])
	}
}

// clear supersedes what is in force: the event was withdrawn.
func (d *identity) clear() {
	for _, k := range d.force {
		d.outcome[k] = Superseded
	}
	d.force = nil
}

// withdrawals finds the rows that withdraw the event; one equal to an earlier
// one is a duplicate.
func (d *identity) withdrawals() {
	for k := range d.rows {
		if d.outcome[k] != Fresh || d.row(k).marks&cancels == 0 || d.impossible(k) {
			continue
		}
		if d.containsEqual(d.withdraw, k) {
			d.outcome[k] = Duplicate
			continue
		}
		d.outcome[k] = Cancelled
		d.withdraw = append(d.withdraw, k)
	}
}

// inForce is the outcome of a row in force.
func (e *Engine) inForce(i int32) Outcome {
	if e.rows.at(i).nature == outage.NotAnOutage {
		return Excluded
	}
	return Accepted
}

func (d *identity) row(k int) *row     { return d.e.rows.at(d.rows[k]) }
func (d *identity) extra(k int) *extra { return d.e.extra(d.rows[k]) }

// delivery is the number of the part of a row: of a delivery or what came in one.
func (d *identity) delivery(k int) int { return d.e.partNumber(d.rows[k]) }

// impossible says whether a row is rejected for its own sake.
func (d *identity) impossible(k int) bool {
	why := d.extra(k).rejection
	return why != nil && why.final
}

// revisions supersedes every row of a lower revision than the highest: a higher
// revision replaces the whole event.
func (d *identity) revisions() {
	highest, found := int64(0), false
	for k := range d.rows {
		if rev := d.extra(k).revision; !d.impossible(k) && (!found || rev > highest) {
			highest, found = rev, true
		}
	}
	for k := range d.rows {
		if found && d.extra(k).revision < highest {
			d.outcome[k] = Superseded
		}
	}
}

// deliver takes the rows of one delivery, sorts out those that are equal to
// others or impossible, and gives back the rest.
func (d *identity) deliver(rows []int) (fresh []int) {
	for n, k := range rows {
		switch {
		case d.containsEqual(rows[:n], k):
			d.outcome[k] = Duplicate
		case d.impossible(k):
			d.reject(k)
		default:
			fresh = append(fresh, k)
		}
	}
	return fresh
}

// reject rejects a row, unless an equal one was rejected before.
func (d *identity) reject(k int) {
	d.outcome[k] = Rejected
	if d.containsEqual(d.rejected, k) {
		d.outcome[k] = Duplicate
	}
	d.rejected = append(d.rejected, k)
}

func (d *identity) containsEqual(list []int, k int) bool {
	return slices.ContainsFunc(list, func(j int) bool { return d.e.equal(d.rows[j], d.rows[k]) })
}

// statements cuts rows of one subject and delivery into those of one key each.
// With numbered stages, and with rows that give who is still out, all rows of
// the subject have one key; otherwise the stage is a part of it.
func (d *identity) statements(rows []int) [][]int {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, d.compareKeys)
	var all [][]int
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && d.compareKeys(sorted[0], sorted[n]) == 0 {
			n++
		}
		all = append(all, sorted[:n])
		sorted = sorted[n:]
	}
	return all
}

func (d *identity) repeated(k int) outage.Repeated {
	return d.e.accountOf(d.rows[k]).Repeated
}

// wholeSubject says whether a row's statement is about all rows of the subject,
// whatever their stage.
func (d *identity) wholeSubject(k int) bool {
	mode := d.repeated(k)
	return mode == outage.RepeatedStages || mode == outage.RepeatedRemaining
}

// compareKeys compares the keys of two rows of the subject, by the kind of key
// that the delivery of the first has.
func (d *identity) compareKeys(j, k int) int {
	if d.wholeSubject(j) {
		return 0
	}
	return cmp.Compare(d.extra(j).stage, d.extra(k).stage)
}

// state takes one statement: it holds instead of what was in force with its
// key. One that was made before, by any delivery, changes nothing.
func (d *identity) state(rows []int) {
	for _, before := range d.history {
		if d.sameSet(before, rows) {
			for _, k := range rows {
				d.outcome[k] = Duplicate
			}
			return
		}
	}
	d.history = append(d.history, rows)
	if rows = d.choose(rows); len(rows) == 0 {
		return
	}
	d.replace(rows)
}

// sameSet says whether two statements are about the same kind of key and make
// up the same rows.
func (d *identity) sameSet(x, y []int) bool {
	if len(x) != len(y) || d.wholeSubject(x[0]) != d.wholeSubject(y[0]) {
		return false
	}
	for _, k := range y {
		if !d.containsEqual(x, k) {
			return false
		}
	}
	return true
}

// choose says which of several different rows with one key hold.
func (d *identity) choose(rows []int) []int {
	mode, last := d.repeated(rows[0]), len(rows)-1
	switch {
	case last == 0 || mode == outage.RepeatedStages || mode == outage.RepeatedRemaining && d.startsDiffer(rows):
		return rows
	case mode == outage.RepeatedLatest:
		for _, k := range rows[:last] {
			d.outcome[k] = Superseded
		}
		return rows[last:]
	}
	for _, k := range rows {
		d.reject(k)
		d.doomed = append(d.doomed, rejectedRow{d.rows[k], &rejection{reason: outage.RepeatedKey, column: "event_id", value: string(d.e.events.id(d.row(k).event))}})
	}
	return nil
}

func (d *identity) startsDiffer(rows []int) bool {
	starts := map[uint32]bool{}
	for _, k := range rows {
		starts[d.row(k).start] = true
	}
	return len(starts) == len(rows)
}

// replace puts rows in force instead of those with their key. A row that is in
// force already stays, and its new copy is a duplicate.
func (d *identity) replace(rows []int) {
	var kept []int
	covered := map[int]bool{} // rows of the statement that are in force already
	for _, j := range d.force {
		if d.compareKeys(rows[0], j) != 0 {
			kept = append(kept, j)
			continue
		}
		at := slices.IndexFunc(rows, func(k int) bool { return !covered[k] && d.e.equal(d.rows[j], d.rows[k]) })
		if at < 0 {
			d.outcome[j] = Superseded
			continue
		}
		covered[rows[at]] = true
		d.read(j, d.repeated(rows[0]))
		kept = append(kept, j)
	}
	for _, k := range rows {
		if covered[k] {
			d.outcome[k] = Duplicate
			continue
		}
		d.read(k, d.repeated(k))
		kept = append(kept, k)
	}
	d.force = kept
}

// read notes whether a row in force gives the customers still out.
func (d *identity) read(k int, mode outage.Repeated) {
	d.row(k).marks &^= remaining
	if mode == outage.RepeatedRemaining {
		d.row(k).marks |= remaining
	}
}

// supersedeRejected supersedes the rejected rows of the subject whose key a
// later delivery has in force.
func (d *identity) supersedeRejected(rows []int) {
	for _, k := range rows {
		if d.outcome[k] == Rejected && slices.ContainsFunc(d.force, func(j int) bool {
			return d.delivery(j) > d.delivery(k) && d.extra(j).stage == d.extra(k).stage
		}) {
			d.outcome[k] = Superseded
		}
	}
}

// equal says whether two rows of one event are equal in every field.
func (e *Engine) equal(i, j int32) bool {
	x, y := e.rows.at(i), e.rows.at(j)
	const compared = cancels
	return x.start == y.start && x.length == y.length && x.customers == y.customers &&
		x.feeder == y.feeder && x.unit == y.unit && x.cause == y.cause && x.area == y.area &&
		x.class == y.class && x.nature == y.nature && x.marks&compared == y.marks&compared &&
		e.equalExtras(e.extra(i), e.extra(j))
}

func (e *Engine) equalExtras(x, y *extra) bool {
	return x.stage == y.stage && x.areaWord == y.areaWord && x.revision == y.revision &&
		x.capacity == y.capacity && x.odd == y.odd && slices.Equal(x.steps, y.steps) &&
		fingerprint(x.rejection) == fingerprint(y.rejection)
}

// fingerprint is that of a row that the reader rejected, else 0. What the base
// or the rows' company said of a row is not one of its fields.
func fingerprint(why *rejection) uint64 {
	if why == nil {
		return 0
	}
	return why.print
}
