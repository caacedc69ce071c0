package engine_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
)

// ---- Rules 11 and 12: which rows are in force.

// A refRow is a row with what becomes of it.
type refRow struct {
	outage.Event
	delivery int
	mode     outage.Repeated
	whole    bool
	text     string // all fields but Row
	flawed   bool   // rejected for its own sake
	outcome  string
}

func refRowOf(e outage.Event, delivery int, d refDelivery, base refBase) *refRow {
	r := &refRow{Event: e, delivery: delivery, mode: d.Repeated, whole: d.WholeFeeder}
	e.Row = 0
	e.Steps = append([]outage.Step{}, e.Steps...)
	r.text = fmt.Sprintf("%#v", e)
	r.flawed = !e.Cancelled && (refImpossible(e) || base.homeless(r))
	return r
}

// refImpossible says whether a row contradicts itself.
func refImpossible(e outage.Event) bool {
	bad := e.End < e.Start || e.Customers < outage.Missing || e.Customers > outage.MaxCustomers
	var restored int64
	before := e.Start
	for _, s := range e.Steps {
		bad = bad || s.At < before || s.At > e.End || s.Restored < 0 || s.Restored > outage.MaxCustomers
		before = s.At
		restored += s.Restored
	}
	return bad || (e.Customers != outage.Missing && restored > e.Customers)
}

// homeless says whether the base knows no place for a row or nobody says how
// many customers it interrupts. All of a known feeder, or of an area without
// feeders, are meant where the delivery says so and the row names no unit; not
// among rows that give the customers still out.
func (b refBase) homeless(r *refRow) bool {
	if b.knowsUnit(r.Unit) {
		return false
	}
	p, ok := b.place(r.Event)
	if !ok || r.Customers != outage.Missing {
		return !ok
	}
	return !r.whole || p.uncapped || r.Unit != "" || r.mode == outage.RepeatedRemaining
}

// refSettle gives every row its outcome, event by event.
func refSettle(in refInput) []*refRow {
	var all []*refRow
	events := map[[2]string][]*refRow{}
	for i, d := range in.Deliveries {
		for _, e := range d.Events {
			r := refRowOf(e, i, d, in.Base)
			all = append(all, r)
			events[[2]string{e.Source, e.ID}] = append(events[[2]string{e.Source, e.ID}], r)
		}
	}
	for _, rows := range events {
		refSettleEvent(rows, len(in.Deliveries))
	}
	return all
}

// A refEvent is what is known of one event after some deliveries.
type refEvent struct {
	inForce  []*refRow
	told     map[string]bool // statements, by key and rows
	cancels  map[string]bool // cancelled rows, by text
	rejected map[string]bool // rejected rows, by text
}

// refSettleEvent leaves aside revisions below the highest one of a row that is
// not rejected for its own sake, then takes the deliveries in order.
func refSettleEvent(rows []*refRow, deliveries int) {
	highest, sound := int64(0), false
	for _, r := range rows {
		if !r.flawed && (!sound || r.Revision > highest) {
			highest, sound = r.Revision, true
		}
	}
	ev := &refEvent{told: map[string]bool{}, cancels: map[string]bool{}, rejected: map[string]bool{}}
	for i := range deliveries {
		var now []*refRow
		for _, r := range rows {
			switch {
			case r.delivery != i:
			case sound && r.Revision < highest:
				r.outcome = "superseded"
			default:
				now = append(now, r)
			}
		}
		ev.deliver(now)
	}
	ev.finish(rows)
}

// deliver takes the rows of one delivery: equal ones once, rejected ones
// aside, then the statements, and last the cancellation, which leaves nothing
// in force.
func (ev *refEvent) deliver(rows []*refRow) {
	seen := map[string]bool{}
	var keys []string
	statements := map[string][]*refRow{}
	var cancels []*refRow
	for _, r := range rows {
		switch {
		case seen[r.text]:
			r.outcome = "duplicate"
		case r.flawed:
			ev.reject(r)
		case r.Cancelled:
			cancels = append(cancels, r)
		default:
			key := r.statement()
			if statements[key] == nil {
				keys = append(keys, key)
			}
			statements[key] = append(statements[key], r)
		}
		seen[r.text] = true
	}
	for _, key := range keys {
		ev.state(key, statements[key])
	}
	for _, r := range cancels {
		ev.cancel(r)
	}
}

// statement is the key under which a row replaces others: with stages and
// remaining all of the feeder and unit, else also of its stage.
func (r *refRow) statement() string {
	if r.mode == outage.RepeatedStages || r.mode == outage.RepeatedRemaining {
		return fmt.Sprintf("%q", []string{r.Feeder, r.Unit})
	}
	return r.key()
}

func (r *refRow) key() string { return fmt.Sprintf("%q", []string{r.Feeder, r.Unit, r.Stage}) }

// reject tells a rejected row from one that was rejected in an earlier
// delivery.
func (ev *refEvent) reject(r *refRow) {
	r.outcome = "rejected"
	if ev.rejected[r.text] {
		r.outcome = "duplicate"
	}
	ev.rejected[r.text] = true
}

// cancel withdraws all that is in force; told again it changes nothing.
func (ev *refEvent) cancel(r *refRow) {
	if ev.cancels[r.text] {
		r.outcome = "duplicate"
		return
	}
	ev.cancels[r.text] = true
	r.outcome = "cancelled"
	for _, old := range ev.inForce {
		old.outcome = "superseded"
	}
	ev.inForce = nil
}

// state takes the rows of one key in one delivery. The same rows told before
// change nothing. Else they replace what is in force with that key; a row that
// is in force already stays, now read as the later delivery says.
func (ev *refEvent) state(key string, rows []*refRow) {
	var texts []string
	for _, r := range rows {
		texts = append(texts, r.text)
	}
	slices.Sort(texts)
	told := key + strings.Join(texts, "\n")
	if ev.told[told] {
		for _, r := range rows {
			r.outcome = "duplicate"
		}
		return
	}
	ev.told[told] = true
	if holding := ev.resolve(rows); holding != nil {
		ev.replace(key, holding)
	}
}

// resolve says which of several different rows with one key hold: none, so
// that nothing is replaced, the last, or all; of those that give the customers
// still out none if two start together.
func (ev *refEvent) resolve(rows []*refRow) []*refRow {
	starts := map[int64]bool{}
	for _, r := range rows {
		starts[r.Start] = true
	}
	mode, last := rows[0].mode, len(rows)-1
	switch {
	case mode == outage.RepeatedReject && last > 0, mode == outage.RepeatedRemaining && len(starts) < len(rows):
		for _, r := range rows {
			ev.reject(r)
		}
		return nil
	case mode == outage.RepeatedLatest:
		for _, r := range rows[:last] {
			r.outcome = "superseded"
		}
		return rows[last:]
	}
	return rows
}

func (ev *refEvent) replace(key string, rows []*refRow) {
	var inForce []*refRow
	for _, old := range ev.inForce {
		before := *old
		before.mode = rows[0].mode
		same := slices.IndexFunc(rows, func(r *refRow) bool { return r.text == old.text })
		switch {
		case same >= 0:
			rows[same].outcome = "duplicate"
			old.mode = rows[same].mode
			inForce = append(inForce, old)
		case before.statement() == key:
			old.outcome = "superseded"
		default:
			inForce = append(inForce, old)
		}
	}
	for _, r := range rows {
		if r.outcome == "" {
			inForce = append(inForce, r)
		}
	}
	ev.inForce = inForce
}

// finish names the rows in force, of which those that were no outage do not
// count, and lets a later delivery's row supersede a rejected one of its key.
func (ev *refEvent) finish(rows []*refRow) {
	for _, held := range ev.inForce {
		held.outcome = "accepted"
		if held.Nature == outage.NotAnOutage {
			held.outcome = "excluded"
		}
		for _, r := range rows {
			if r.outcome == "rejected" && r.delivery < held.delivery && r.key() == held.key() {
				r.outcome = "superseded"
			}
		}
	}
}
