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
	from    int32 // rows of the engine before
	extras  int   // extras of the engine before
	source  outage.Ref
	hasRows bool
	known   map[*outage.Dict]*translation
	event   uint32   // of the row before
	odd     []uint32 // odd events, some of them more than once
	extra   extra    // of the row that is being added; empty between rows

	// Received is when the delivery came, in UTC seconds: rows that start more
	// than a day later are impossible. 0 says nothing of them, as of files that
	// may tell of planned outages.
	Received int64
}

// laterThanReceived is by how many seconds an outage may start after it was
// told, as clocks differ and some are told beforehand.
const laterThanReceived = 86400

// Begin starts a delivery. One at a time.
func (e *Engine) Begin() *Load {
	return &Load{e: e, from: int32(e.rows.len()), extras: e.extras.n, known: map[*outage.Dict]*translation{}, event: noEvent}
}

const maxRows = math.MaxInt32

// Add takes in a batch, which the caller may reuse.
func (l *Load) Add(b *outage.Batch) error {
	if l.e.rows.len()+b.Len()+len(b.Rejected) > maxRows {
		return fmt.Errorf("more than %d rows in all deliveries: split the data by area", maxRows)
	}
	if !l.e.events.ids.fits(idBytes(b)) {
		return fmt.Errorf("more than 4 GiB of event ids: split the data by area")
	}
	t := l.translation(b)
	for i := range b.Row {
		l.add(b, t, i)
	}
	for i := range b.Rejected {
		l.reject(&b.Rejected[i])
	}
	return nil
}

// idBytes bounds what the ids of a batch take.
func idBytes(b *outage.Batch) int {
	n := b.ID.Size() + lengthSize*b.Len()
	for i := range b.Rejected {
		n += lengthSize + min(len(b.Rejected[i].ID), longestID)
	}
	return n
}

// A translation gives what the texts of a reader's batches are to the engine, by
// reference.
type translation struct {
	refs    []outage.Ref
	areas   []int32 // numbers of areas; unread, or noNumber where there is no room for more
	classes []int32
}

const noNumber int32 = -1

// translation learns the texts that are new.
func (l *Load) translation(b *outage.Batch) *translation {
	t := l.known[b.Dict]
	if t == nil {
		t = &translation{}
		l.known[b.Dict] = t
	}
	for _, text := range b.Dict.Texts()[len(t.refs):] {
		t.refs = append(t.refs, l.e.dict.Intern(text))
		t.areas, t.classes = append(t.areas, unread), append(t.classes, unread)
	}
	l.e.numbers.reserve(l.e.dict.Len())
	return t
}

// isPlain says whether a row has what most rows have, and nothing else.
func (l *Load) isPlain(b *outage.Batch, i int) bool {
	return b.Stage[i] == 0 && b.Revision[i] == 0 && !b.Cancelled[i] && b.Flags[i]&outage.UnknownArea == 0 &&
		len(b.Steps)+len(b.Technical)+len(b.Capacity) == 0
}

func (l *Load) add(b *outage.Batch, t *translation, i int) {
	r := row{
		feeder: t.refs[b.Feeder[i]], unit: t.refs[b.Unit[i]], cause: t.refs[b.Cause[i]],
		place: b.Row[i], flags: b.Flags[i], nature: b.Nature[i],
		customers: int32(b.Customers[i]),
	}
	x := &l.extra
	if !l.isPlain(b, i) {
		x.fill(b, t, i)
		if b.Cancelled[i] {
			r.marks |= cancels
		}
	}
	id := b.ID.Bytes(i)
	if reason, column, value := l.times(&r, b.Start[i], b.End[i]); reason != "" {
		x.rejection = &rejection{reason: reason, column: column, value: value, final: true}
	}
	if len(id) > longestID {
		x.rejection = &rejection{reason: outage.Malformed, column: "event_id", value: string(id[:32]) + "…", final: true}
		id = id[:longestID]
	}
	l.area(&r, b, t, b.Area[i])
	l.class(&r, b, t, b.Class[i])
	l.append(&r, id, b.ID.Again(i) && b.Source[i] == b.Source[i-1], t.refs[b.Source[i]])
}

// fill gathers what few rows have.
func (x *extra) fill(b *outage.Batch, t *translation, i int) {
	x.stage, x.revision, x.steps = t.refs[b.Stage[i]], b.Revision[i], b.Steps[i]
	x.technical, x.capacity = t.refs[b.Technical[i]], b.Capacity[i]
	if b.Cancelled[i] && b.End[i] < b.Start[i] {
		x.odd = [2]int64{b.Start[i], b.End[i]}
	}
}

// area packs the area; one that is not the policy's is kept as the word it is.
func (l *Load) area(r *row, b *outage.Batch, t *translation, ref outage.Ref) {
	if t.areas[ref] == unread {
		t.areas[ref] = l.e.areaNumber(b.Text(ref))
	}
	if n := t.areas[ref]; n != noNumber && r.flags&outage.UnknownArea == 0 {
		r.area = uint16(n)
		return
	}
	r.flags |= outage.UnknownArea
	l.extra.areaWord = t.refs[ref]
}

func (l *Load) class(r *row, b *outage.Batch, t *translation, ref outage.Ref) {
	if t.classes[ref] == unread {
		t.classes[ref] = l.e.classNumber(b.Text(ref))
	}
	if n := t.classes[ref]; n != noNumber {
		r.class = uint8(n)
		return
	}
	r.flags |= outage.UnknownClass
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
	if l.Received != 0 && start > l.Received+laterThanReceived {
		return outage.AfterReceived, "start", clock(start)
	}
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

// append adds a row, whose extra is that of l; again says that source and id are
// those of the row before.
func (l *Load) append(r *row, id []byte, again bool, source outage.Ref) {
	e, x := l.e, &l.extra
	if !l.hasRows {
		l.source, l.hasRows = source, true
	}
	if source != l.source {
		x.source, x.ownSource = source, true
	}
	i := int32(e.rows.len())
	if x.any() {
		r.marks |= hasExtra
		e.extras.put(i, *x)
		*x = extra{}
	}
	e.learn(r)
	r.event, r.next = noEvent, noRow
	if len(id) > 0 {
		r.event = l.event
		if !again || r.event == noEvent {
			r.event = l.number(source, id)
		}
		l.link(i, r)
	}
	e.rows.append(*r)
}

// number is that of an event; the rows of one often follow each other.
func (l *Load) number(source outage.Ref, id []byte) uint32 {
	if l.event == noEvent || !l.e.events.is(l.event, source, id) {
		l.event = l.e.events.number(source, id)
	}
	return l.event
}

// link puts row i behind the others of its event. Where one of them is of an
// earlier delivery, has an extra, withdraws the event, or can be in another group
// than a row of the same subject, the event is odd.
func (l *Load) link(i int32, r *row) {
	e := l.e
	ev := &e.events.list[r.event]
	r.next, ev.last = ev.last, i
	if r.next == noRow {
		return
	}
	before := e.rows.at(r.next)
	r.marks |= shared
	before.marks |= shared
	if r.next < l.from || (r.marks|before.marks)&(hasExtra|cancels) != 0 || e.isLoose(r) || e.isLoose(before) || e.events.isOdd(r.event) {
		e.events.setOdd(r.event)
		l.odd = append(l.odd, r.event)
	}
}

// isLoose says whether neither unit nor feeder tell in which group a row is.
func (e *Engine) isLoose(r *row) bool {
	return e.numbers.unit[r.unit] == reliability.Nowhere && e.numbers.feeder[r.feeder] == reliability.Nowhere
}

// reject takes in a row that the reader rejected, with as much of its key as
// could be read.
func (l *Load) reject(rej *outage.Rejection) {
	e := l.e
	r := row{
		feeder: e.dict.Intern(rej.Feeder), unit: e.dict.Intern(rej.Unit), cause: e.dict.Intern(rej.Cause),
		place: rej.Row, customers: int32(outage.Missing), nature: rej.Nature,
		flags: rej.Flags & (outage.UnknownArea | outage.UnknownClass),
	}
	if r.length = openLength; rej.Start > 0 && rej.Start < math.MaxUint32 {
		r.start = uint32(rej.Start)
	}
	x := &l.extra
	x.stage, x.revision = e.dict.Intern(rej.Stage), rej.Revision
	x.rejection = &rejection{reason: rej.Reason, column: rej.Column, value: rej.Value, final: true, print: e.fingerprint(rej)}
	if n := e.areaNumber(rej.Area); n != noNumber && r.flags&outage.UnknownArea == 0 {
		r.area = uint16(n)
	} else {
		r.flags |= outage.UnknownArea
		x.areaWord = e.dict.Intern(rej.Area)
	}
	if n := e.classNumber(rej.Class); n != noNumber {
		r.class = uint8(n)
	} else {
		r.flags |= outage.UnknownClass
	}
	id := rej.ID
	if len(id) > longestID {
		id = id[:longestID]
	}
	source := e.dict.Intern(rej.Source)
	e.numbers.reserve(e.dict.Len())
	l.append(&r, []byte(id), false, source)
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
	e := l.e
	for i := int32(e.rows.len()) - 1; i >= l.from; i-- {
		if r := e.rows.at(i); r.event != noEvent {
			e.events.list[r.event].last = r.next
		}
	}
	e.extras.truncate(l.extras, l.from)
	e.rows.truncate(int(l.from))
}

// Commit makes the delivery count. d is kept.
func (l *Load) Commit(d *outage.Delivery) error {
	e := l.e
	e.deliveries = append(e.deliveries, &delivery{Delivery: d, first: l.from, source: l.source})
	e.givesStillOut = e.givesStillOut || d.Repeated == outage.RepeatedRemaining
	shares := e.shares(l.from)
	demanded := e.demanded + l.place(shares, d)
	if demanded > math.MaxInt64/2 {
		e.deliveries = e.deliveries[:len(e.deliveries)-1]
		l.Abort()
		return fmt.Errorf("%s: customers times duration add up to %.3g customer-seconds, more than can be counted; look for customers or ends that are far too large", d.Path, demanded/reliability.Milli)
	}
	e.demanded = demanded
	e.deliveries[len(e.deliveries)-1].outcomes[Skipped] = d.Skipped
	e.settle(l.sort(shares))
	return nil
}
