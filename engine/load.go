package engine

import (
	"fmt"
	"hash/maphash"
	"math"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// A Load takes in the rows of one delivery, or of several parts of streams.
// Nothing counts until Commit or CommitParts; after Abort the engine is as it
// was.
type Load struct {
	e        *Engine
	from     int32      // rows of the engine before
	extras   int        // extras of the engine before
	parts    int        // parts of the engine before
	account  *account   // of the rows that are being added
	part     part       // that is being added; of a file it has no account yet
	inParts  bool       // rows are of parts
	isNew    bool       // the part has no rows yet
	sourced  []*account // got their first row by this load
	lastDict *outage.Dict
	last     *translation
	known    map[*outage.Dict]*translation
	ahead    ahead
	event    uint32   // of the row before
	odd      []uint32 // odd events, some of them more than once
	extra    extra    // of the row that is being added; empty between rows
	foreign  bool     // the rows that are being added count elsewhere

	// Received is when the delivery came, in UTC seconds: rows that start more
	// than a day later are impossible. 0 says nothing of them, as of files that
	// may tell of planned outages.
	Received int64
}

// By how many seconds an outage may start after it was told, as clocks differ; and
// one that was arranged beforehand (预安排), which may be told as soon as it is.
const (
	laterThanReceived = 86400
	aheadOfTime       = 366 * 86400
)

// Begin starts a delivery, or some parts. One at a time.
func (e *Engine) Begin() *Load {
	e.mustBeWhole()
	return e.begin()
}

func (e *Engine) begin() *Load {
	from := int32(e.rows.len())
	return &Load{
		e: e, from: from, extras: e.extras.n, parts: len(e.parts.list), account: newAccount(nil), part: part{first: from},
		known: map[*outage.Dict]*translation{}, event: noEvent,
	}
}

// Deliver says that rows added from here on are of a part, which the store knows
// by id, of the account that [Engine.Open] made; received is when it came, see
// [Load.Received]. Parts count in the order in which they are delivered, one
// without rows not at all. A load has either parts or the rows of one file.
func (l *Load) Deliver(account int, id, received int64) {
	if !l.inParts && l.e.rows.len() > int(l.from) {
		panic("engine: rows of a file and parts in one load")
	}
	l.inParts, l.isNew = true, true
	l.account, l.Received = l.e.accounts[account], received
	l.part = part{id: id, first: int32(l.e.rows.len()), account: int32(account)}
}

const maxRows = math.MaxInt32

// Add takes in a batch, which the caller may reuse.
func (l *Load) Add(b *outage.Batch) error {
	return l.AddRows(b, [2]int{0, b.Len()}, [2]int{0, len(b.Rejected)})
}

// AddRows takes in a stretch of a batch, which the caller may reuse: some of its
// rows and some of its rejections, each from one to before another.
func (l *Load) AddRows(b *outage.Batch, rows, rejected [2]int) error {
	if l.e.rows.len()+rows[1]-rows[0]+rejected[1]-rejected[0] > maxRows {
		return fmt.Errorf("more than %d rows in all deliveries: split the data by area", maxRows)
	}
	if !l.e.events.ids.fits(idBytes(b, rows, rejected)) {
		return fmt.Errorf("more than 4 GiB of event ids: split the data by area")
	}
	t := l.translation(b)
	for i := rows[0]; i < rows[1]; i++ {
		l.lookAhead(b, t, i)
		l.add(b, t, i, i > rows[0] && b.ID.Again(i) && b.Source[i] == b.Source[i-1])
	}
	for i := rejected[0]; i < rejected[1]; i++ {
		l.reject(&b.Rejected[i])
	}
	return nil
}

// idBytes bounds what the ids of a stretch of a batch take.
func idBytes(b *outage.Batch, rows, rejected [2]int) (n int) {
	for i := rows[0]; i < rows[1]; i++ {
		if n += lengthSize; i == rows[0] || !b.ID.Again(i) {
			n += min(len(b.ID.Bytes(i)), longestID)
		}
	}
	for i := rejected[0]; i < rejected[1]; i++ {
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
	t := l.last
	if b.Dict != l.lastDict || t == nil {
		if t = l.known[b.Dict]; t == nil {
			t = &translation{}
			l.known[b.Dict] = t
		}
		l.lastDict, l.last = b.Dict, t
	}
	for _, text := range b.Dict.Texts()[len(t.refs):] {
		t.refs = append(t.refs, l.e.dict.Intern(text))
		t.areas, t.classes = append(t.areas, unread), append(t.classes, unread)
	}
	l.e.numbers.reserve(l.e.dict.Len())
	return t
}

// An ahead remembers how far a load has looked ahead, and what it saw, so that it
// does look.
type ahead struct {
	batch    *outage.Batch
	from, to int
	seen     uint32
}

// lookAhead looks for the events of the next rows of a batch, so that what they
// need comes near before it is needed. Nothing depends on it but the speed.
func (l *Load) lookAhead(b *outage.Batch, t *translation, i int) {
	const rows = 64
	a := &l.ahead
	if b == a.batch && i > a.from && i < a.to {
		return
	}
	a.batch, a.from, a.to = b, i, min(i+rows, b.Len())
	var hashes [rows]uint32
	for k := i; k < a.to; k++ {
		if int(b.Source[k]) < len(t.refs) {
			hashes[k-i] = l.e.events.hash(t.refs[b.Source[k]], b.ID.Bytes(k))
		}
	}
	events := &l.e.events
	mask := uint32(len(events.slots) - 1)
	for _, hash := range hashes[:a.to-i] {
		a.seen += events.slots[hash&mask].hash
	}
	for _, hash := range hashes[:a.to-i] {
		if last := events.seen(hash); last != noRow {
			a.seen += l.e.rows.at(last).start
		}
	}
}

// isPlain says whether a row has what most rows have, and nothing else.
func (l *Load) isPlain(b *outage.Batch, i int) bool {
	return b.Stage[i] == 0 && b.Revision[i] == 0 && !b.Cancelled[i] && b.Flags[i]&outage.UnknownArea == 0 &&
		len(b.Steps)+len(b.Capacity) == 0
}

// add adds row i of a batch; again says that source and id are those of the row
// before.
func (l *Load) add(b *outage.Batch, t *translation, i int, again bool) {
	r := row{
		feeder: t.refs[b.Feeder[i]], unit: t.refs[b.Unit[i]],
		cause: l.e.causes.number(cause{t.refs[b.Cause[i]], t.refs[b.Technical[i]]}),
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
	l.append(&r, id, again, t.refs[b.Source[i]])
}

// fill gathers what few rows have.
func (x *extra) fill(b *outage.Batch, t *translation, i int) {
	x.stage, x.revision, x.steps = t.refs[b.Stage[i]], b.Revision[i], b.Steps[i]
	x.capacity = b.Capacity[i]
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
	if l.Received != 0 && start > l.Received+mostAhead(r.nature) {
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

// mostAhead is by how many seconds an outage of a nature may start after it was told.
func mostAhead(n outage.Nature) int64 {
	if n.PreArranged() {
		return aheadOfTime
	}
	return laterThanReceived
}

// clock writes an instant for a message.
func clock(t int64) string { return time.Unix(t, 0).UTC().Format(time.RFC3339) }

// append adds a row, whose extra is that of l; again says that source and id are
// those of the row before.
func (l *Load) append(r *row, id []byte, again bool, source outage.Ref) {
	e, x := l.e, &l.extra
	i := int32(e.rows.len())
	if l.begin(i, source); source != l.account.source {
		x.source, x.ownSource = source, true
	}
	if x.any() {
		r.marks |= hasExtra
		e.extras.put(i, *x)
		*x = extra{}
	}
	if l.foreign {
		r.marks |= foreign
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

// begin notes the part of row i, and the source of an account that had no rows.
func (l *Load) begin(i int32, source outage.Ref) {
	if !l.account.hasRows {
		l.account.source, l.account.hasRows = source, true
		l.sourced = append(l.sourced, l.account)
	}
	if l.isNew {
		l.isNew = false
		l.e.parts.list = append(l.e.parts.list, l.part)
	}
	number := int32(len(l.e.parts.list))
	if l.inParts {
		number--
	}
	l.e.parts.add(i, number)
}

// number is that of an event; the rows of one often follow each other.
func (l *Load) number(source outage.Ref, id []byte) uint32 {
	if l.event == noEvent || !l.e.events.is(l.event, source, id) {
		l.event = l.e.events.number(source, id)
	}
	return l.event
}

// link puts row i behind the others of its event. Where one of them is of an
// earlier part, has an extra, withdraws the event, or can be in another group
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
	if r.next < l.part.first || (r.marks|before.marks)&(hasExtra|cancels|foreign) != 0 || e.isLoose(r) || e.isLoose(before) || e.events.isOdd(r.event) {
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
		feeder: e.dict.Intern(rej.Feeder), unit: e.dict.Intern(rej.Unit), cause: e.causes.number(cause{e.dict.Intern(rej.Cause), e.dict.Intern(rej.TechnicalCause)}),
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
	e.parts.truncate(l.parts, l.from)
	for _, a := range l.sourced {
		a.source, a.hasRows = 0, false
	}
}

// Commit makes the delivery of a file count. d is kept.
func (l *Load) Commit(d *outage.Delivery) error {
	if l.inParts {
		panic("engine: a load of parts is no delivery of a file")
	}
	e := l.e
	l.account.Delivery, l.part.account = d, int32(len(e.accounts))
	e.accounts = append(e.accounts, l.account)
	if e.rows.len() > int(l.from) {
		e.parts.list = append(e.parts.list, l.part)
	}
	if err := l.commit(); err != nil {
		e.accounts = e.accounts[:l.part.account]
		return fmt.Errorf("%s: %w", d.Path, err)
	}
	l.account.outcomes[Skipped] = d.Skipped
	e.givesStillOut = e.givesStillOut || d.Repeated == outage.RepeatedRemaining
	return nil
}

// CommitParts makes the parts count, as if each had been committed by itself. If
// customers and durations are more than can be counted, the engine is as it was,
// and the parts may be loaded one by one to find the one to leave out.
func (l *Load) CommitParts() error {
	if !l.inParts && l.e.rows.len() > int(l.from) {
		panic("engine: a delivery of a file is no load of parts")
	}
	return l.commit()
}

func (l *Load) commit() error {
	e := l.e
	shares := e.shares(l.from)
	demanded := e.demanded + l.place(shares)
	if demanded > math.MaxInt64/2 {
		l.Abort()
		return fmt.Errorf("customers times duration add up to %.3g customer-seconds, more than can be counted; look for customers or ends that are far too large", demanded/reliability.Milli)
	}
	e.demanded = demanded
	for _, a := range l.sourced {
		e.sources[a.source] = true
	}
	for n := l.extras; n < e.extras.n; n++ {
		if x := e.extras.at(n); x.ownSource {
			e.sources[x.source] = true
		}
	}
	e.settle(l.sort(shares), shares)
	return nil
}
