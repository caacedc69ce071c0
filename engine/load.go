package engine

import (
	"fmt"
	"hash/maphash"
	"math"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// A Load takes in the rows of one delivery. Nothing counts until Commit; after
// Abort the engine is as it was.
type Load struct {
	e       *Engine
	from    int // rows of the engine before
	extras  int // extras of the engine before
	source  outage.Ref
	hasRows bool
	refs    map[*outage.Dict][]outage.Ref // from a batch's texts to the engine's
}

// Begin starts a delivery. One at a time.
func (e *Engine) Begin() *Load {
	return &Load{e: e, from: e.rows.len(), extras: e.extras.n, refs: map[*outage.Dict][]outage.Ref{}}
}

const maxRows = math.MaxInt32

// Add takes in a batch, which the caller may reuse.
func (l *Load) Add(b *outage.Batch) error {
	if l.e.rows.len()+b.Len()+len(b.Rejected) > maxRows {
		return fmt.Errorf("more than %d rows in all deliveries: split the data by area", maxRows)
	}
	if l.e.ids.full() {
		return fmt.Errorf("more than 4 GiB of event ids: split the data by area")
	}
	for i := range b.Row {
		l.add(b, i)
	}
	for i := range b.Rejected {
		l.reject(&b.Rejected[i])
	}
	return nil
}

func (l *Load) ref(d *outage.Dict, r outage.Ref) outage.Ref {
	if r == 0 {
		return 0
	}
	known := l.refs[d]
	if int(r) < len(known) {
		return known[r]
	}
	for i := len(known); i < d.Len(); i++ {
		known = append(known, l.e.dict.Intern(d.Text(outage.Ref(i))))
	}
	l.refs[d] = known
	return known[r]
}

func (l *Load) add(b *outage.Batch, i int) {
	e := l.e
	r := row{
		feeder: l.ref(b.Dict, b.Feeder[i]), unit: l.ref(b.Dict, b.Unit[i]), cause: l.ref(b.Dict, b.Cause[i]),
		place: b.Row[i], next: noRow, delivery: uint32(len(e.deliveries)), flags: b.Flags[i], nature: b.Nature[i],
		customers: int32(b.Customers[i]),
	}
	x := extra{
		stage: l.ref(b.Dict, b.Stage[i]), revision: b.Revision[i], steps: b.Steps[i],
		technical: l.ref(b.Dict, b.Technical[i]), capacity: b.Capacity[i],
	}
	id := b.ID.Bytes(i)
	if b.Cancelled[i] {
		r.marks |= cancels
	}
	if b.Cancelled[i] && b.End[i] < b.Start[i] {
		x.odd = [2]int64{b.Start[i], b.End[i]}
	}
	if reason, column, value := l.times(&r, b.Start[i], b.End[i]); reason != "" {
		x.rejection = &rejection{reason: reason, column: column, value: value, final: true}
	}
	if len(id) > longestID {
		x.rejection = &rejection{reason: outage.Malformed, column: "event_id", value: string(id[:32]) + "…", final: true}
		id = id[:longestID]
	}
	l.names(&r, &x, b.Dict.Text(b.Area[i]), b.Dict.Text(b.Class[i]))
	l.append(r, x, id, l.ref(b.Dict, b.Source[i]))
}

// times packs start and end.
func (l *Load) times(r *row, start, end int64) (outage.Reason, string, string) {
	if start < 0 || start >= math.MaxUint32 {
		if r.marks&cancels == 0 {
			return outage.ImplausibleYear, "start", clock(start)
		}
		start = 0
	}
	r.start = uint32(start)
	switch length := end - start; {
	case end == outage.Open || end < start && r.marks&cancels != 0:
		r.length = openLength
	case end < start:
		return outage.EndBeforeStart, "end", clock(end)
	case length >= int64(openLength):
		return outage.ImplausibleYear, "end", clock(end)
	default:
		r.length = uint32(length)
	}
	return "", "", ""
}

// clock writes an instant for a message.
func clock(t int64) string { return time.Unix(t, 0).UTC().Format(time.RFC3339) }

// names packs area and class; an area that is not one of the policy's is kept
// as the word it is. There is room for 65 534 areas and 254 classes; any more
// are flagged as unknown.
func (l *Load) names(r *row, x *extra, area, class string) {
	e := l.e
	if !e.areas.Known(area) && e.areas.Len() >= math.MaxUint16 {
		r.flags |= outage.UnknownArea
	}
	if r.flags&outage.UnknownArea != 0 {
		x.areaWord = e.dict.Intern(area)
	} else {
		r.area = uint16(e.areas.Intern(area))
	}
	if !e.classes.Known(class) && e.classes.Len() >= math.MaxUint8 {
		r.flags |= outage.UnknownClass
		return
	}
	r.class = uint8(e.classes.Intern(class))
}

func (l *Load) append(r row, x extra, id []byte, source outage.Ref) {
	e := l.e
	if !l.hasRows {
		l.source, l.hasRows = source, true
	}
	if source != l.source {
		x.source, x.ownSource = source, true
	}
	if len(id) == 0 {
		r.marks |= unkeyed
	}
	r.id = e.ids.add(id)
	if x.stage != 0 || x.revision != 0 || x.steps != nil || x.technical != 0 || x.capacity != 0 || x.areaWord != 0 || x.rejection != nil || x.ownSource || x.odd != [2]int64{} {
		r.marks |= hasExtra
		e.extras.put(int32(e.rows.len()), x)
	}
	e.learn(&r)
	e.rows.append(r)
}

// reject takes in a row that the reader rejected, with as much of its key as
// could be read.
func (l *Load) reject(rej *outage.Rejection) {
	e := l.e
	r := row{
		feeder: e.dict.Intern(rej.Feeder), unit: e.dict.Intern(rej.Unit), cause: e.dict.Intern(rej.Cause),
		place: rej.Row, next: noRow, delivery: uint32(len(e.deliveries)), customers: int32(outage.Missing), nature: rej.Nature,
		flags: rej.Flags & (outage.UnknownArea | outage.UnknownClass),
	}
	if r.length = openLength; rej.Start > 0 && rej.Start < math.MaxUint32 {
		r.start = uint32(rej.Start)
	}
	x := extra{
		stage: e.dict.Intern(rej.Stage), revision: rej.Revision,
		rejection: &rejection{reason: rej.Reason, column: rej.Column, value: rej.Value, final: true, print: e.fingerprint(rej)},
	}
	l.names(&r, &x, rej.Area, rej.Class)
	id := rej.ID
	if len(id) > longestID {
		id = id[:longestID]
	}
	l.append(r, x, []byte(id), e.dict.Intern(rej.Source))
}

// fingerprint tells rejected rows apart that differ in what an impossible row
// cannot keep, such as an end before the start.
func (e *Engine) fingerprint(rej *outage.Rejection) uint64 {
	ev := rej.Event
	ev.Row = 0
	return maphash.String(e.events.seed, fmt.Sprintf("%v", ev))
}

// Abort forgets the rows that were added.
func (l *Load) Abort() {
	l.e.extras.truncate(l.extras, int32(l.from))
	l.e.rows.truncate(l.from)
}

// Commit makes the delivery count. d is kept.
func (l *Load) Commit(d *outage.Delivery) error {
	e := l.e
	e.deliveries = append(e.deliveries, &delivery{Delivery: d, source: l.source})
	demanded := e.demanded
	for i := l.from; i < e.rows.len(); i++ {
		demanded += e.place(int32(i), d)
	}
	if demanded > math.MaxInt64/2 {
		e.deliveries = e.deliveries[:len(e.deliveries)-1]
		l.Abort()
		return fmt.Errorf("%s: customers times duration add up to %.3g customer-seconds, more than can be counted; look for customers or ends that are far too large", d.Path, demanded/reliability.Milli)
	}
	e.demanded = demanded
	e.deliveries[len(e.deliveries)-1].outcomes[Skipped] = d.Skipped
	e.settle(int32(l.from))
	return nil
}

// longestOpen bounds, for the check against overflow only, how long an open
// outage may come to last: two years, in seconds.
const longestOpen = 2 * 366 * 86400

// place finds out whether the base knows where row i is, and gives a bound of
// what it asks for.
func (e *Engine) place(i int32, d *outage.Delivery) (demanded float64) {
	r := e.rows.at(i)
	if r.marks&cancels != 0 || e.extra(i).rejection != nil {
		return 0
	}
	p := &e.found
	if !e.base.Place(e.claim(i), p) {
		e.rejectRow(i, e.unknownPlace(i))
		return 0
	}
	r.flags |= p.Flags
	if p.Unit != reliability.Nowhere {
		return 0
	}
	if r.customers < 0 {
		return e.placeWhole(i, d, p)
	}
	if p.Feeder != reliability.Nowhere && int64(r.customers)*reliability.Milli > p.Total() {
		r.flags |= outage.OverBase
	}
	length := float64(r.length)
	if r.open() {
		length = longestOpen
	}
	return float64(r.customers) * reliability.Milli * length
}

// placeWhole decides about a row that gives no customers: where the delivery
// says so it interrupts all of its feeder, unless it names a unit or is one of
// several that give the customers still out.
func (e *Engine) placeWhole(i int32, d *outage.Delivery, p *reliability.Place) float64 {
	if !d.WholeFeeder || p.Feeder == reliability.Nowhere || e.rows.at(i).unit != 0 || d.Repeated == outage.RepeatedRemaining {
		e.rejectRow(i, &rejection{reason: outage.MissingCustomers, column: "customers", final: true})
		return 0
	}
	var restored int64
	for _, s := range e.extra(i).steps {
		restored += s.Restored
	}
	if restored*reliability.Milli > p.Total() {
		e.rejectRow(i, &rejection{reason: outage.StepsExceed, column: "steps", value: fmt.Sprint(restored), final: true})
		return 0
	}
	return float64(p.Total()) * float64(min(e.rows.at(i).length, longestOpen))
}

func (e *Engine) unknownPlace(i int32) *rejection {
	r := e.rows.at(i)
	area := e.areas.Text(outage.Ref(r.area))
	if word := e.extra(i).areaWord; word != 0 {
		area = e.dict.Text(word)
	}
	if area == "" {
		return &rejection{reason: outage.UnknownPlace, column: "feeder_id", value: e.dict.Text(r.feeder), final: true}
	}
	return &rejection{reason: outage.UnknownPlace, column: "area", value: area, final: true}
}

func (e *Engine) rejectRow(i int32, why *rejection) {
	r := e.rows.at(i)
	if r.marks&hasExtra == 0 {
		r.marks |= hasExtra
		e.extras.put(i, extra{})
	}
	e.extras.of(i).rejection = why
}
