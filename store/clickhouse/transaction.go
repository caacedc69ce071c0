package clickhouse

import (
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/store"
)

// A prepared delivery is ready to be written: texts are made, rows are inserted
// but for those that the commit inserts with those of others.
type prepared struct {
	head             store.Head
	text             store.HeadText
	stored, rejected int64
	parcel           *parcel // nil where there are no rows
}

// A transaction is the entries that one commit adds to the catalogue, and what
// they change. The ledger has none of it until it is written.
type transaction struct {
	l         *ledger
	now       int64
	end       end
	entries   []entry
	told      []told // the deliveries among them
	withdrawn map[int64]int64
	positions map[int64]string // as noted
}

// A told delivery is one that a transaction adds.
type told struct {
	delivery
	*prepared
}

func (s *Store) newTransaction() *transaction {
	return &transaction{
		l: s.ledger, end: s.ledger.end, now: s.options.Now().UnixMicro(), withdrawn: map[int64]int64{}, positions: map[int64]string{},
	}
}

// at is a delivery by its number, with what it was told with, if there is one.
func (t *transaction) at(id int64) (d delivery, stream *store.Stream, ok bool) {
	known := int64(len(t.l.deliveries))
	switch {
	case id < 1 || id > t.end.delivery:
		return d, nil, false
	case id <= known:
		d = *t.l.at(id)
		stream = &t.l.streams[d.stream-1]
	default:
		d, stream = t.told[id-known-1].delivery, &t.told[id-known-1].head.Stream
	}
	if by := t.withdrawn[id]; by != 0 {
		d.by = by
	}
	return d, stream, true
}

// put stores one delivery, unless it is stored already.
func (t *transaction) put(p *prepared) store.Receipt {
	if d, ok := t.written(p); ok {
		return receipt(&d, false)
	}
	old, found := t.again(p)
	var replaced []int64
	if p.head.Replace {
		replaced = t.inForce(&p.head.Stream)
	}
	if found && (len(replaced) == 0 || len(replaced) == 1 && replaced[0] == old.id) {
		t.note(p, &old)
		return receipt(&old, true)
	}
	d := t.deliver(p, replaced)
	return receipt(&d, false)
}

func receipt(d *delivery, again bool) store.Receipt {
	return store.Receipt{Delivery: d.id, First: d.first, Last: d.last, Received: instant(d.received), Again: again}
}

// written finds the delivery to which the very rows belong: a commit of which it
// was not sure whether it was written was.
func (t *transaction) written(p *prepared) (d delivery, ok bool) {
	if p.parcel == nil || p.parcel.ticket == 0 {
		return d, false
	}
	id, ok := t.l.tickets[p.parcel.ticket]
	if ok {
		d, _, ok = t.at(id)
	}
	return d, ok
}

// again looks for the delivery among those in force.
func (t *transaction) again(p *prepared) (old delivery, found bool) {
	if p.text.Key == 0 {
		return old, false
	}
	ids := slices.Clone(t.l.keys[p.text.Key])
	for i := range t.told {
		if t.told[i].key == p.text.Key {
			ids = append(ids, t.told[i].id)
		}
	}
	for _, id := range ids {
		d, stream, _ := t.at(id)
		if d.by == 0 && d.covers == p.text.Covers && p.head.IsAgain(&store.Head{Stream: *stream, SHA256: d.sha256}) {
			return d, true
		}
	}
	return old, false
}

// inForce lists the deliveries in force of a stream's kind, source, channel and
// name.
func (t *transaction) inForce(s *store.Stream) (ids []int64) {
	all := slices.Clone(t.l.senders[senderOf(s)])
	for i := range t.told {
		if senderOf(&t.told[i].head.Stream) == senderOf(s) {
			all = append(all, t.told[i].id)
		}
	}
	for _, id := range all {
		if d, _, _ := t.at(id); d.by == 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// note keeps the position of a delivery that was told again, where it is another
// one.
func (t *transaction) note(p *prepared, old *delivery) {
	is, noted := t.positions[old.id]
	if !noted {
		is = t.l.positionOf(old)
	}
	if p.head.Position == "" || is == p.head.Position {
		return
	}
	t.positions[old.id] = p.head.Position
	t.entries = append(t.entries, entry{what: isNote, delivery: delivery{id: old.id, position: p.head.Position}})
}

// deliver gives a delivery its numbers.
func (t *transaction) deliver(p *prepared, withdraws []int64) delivery {
	d := delivery{
		id: t.end.delivery + 1, received: max(t.end.received, t.now), sha256: p.head.SHA256, first: t.end.sequence + 1,
		last: t.end.sequence + max(1, p.stored+p.rejected), read: int64(p.head.Rows), stored: p.stored, rejected: p.rejected,
		skipped: int64(p.head.Skipped), covers: p.text.Covers, position: p.head.Position, warnings: p.text.Warnings, withdraws: withdraws, key: p.text.Key,
	}
	if p.parcel != nil {
		d.ticket, d.placed = p.parcel.ticket, p.parcel.placed()
	}
	t.entries = append(t.entries, entry{what: isDelivery, delivery: d, spec: p.text.Spec})
	t.told = append(t.told, told{d, p})
	for _, id := range withdraws {
		t.withdrawn[id] = d.id
	}
	t.end.delivery, t.end.sequence, t.end.received = d.id, d.last, d.received
	return d
}

// withdraw makes a delivery count no longer.
func (t *transaction) withdraw(id int64, p *prepared) (store.Receipt, error) {
	d, stream, ok := t.at(id)
	switch {
	case !ok:
		return store.Receipt{}, fmt.Errorf("store: %w", unknown(id))
	case stream.Kind == store.Withdrawal:
		return store.Receipt{}, fmt.Errorf("store: withdraw delivery %d: it is a withdrawal itself; tell what it withdrew again instead", id)
	case d.by != 0:
		by, _, _ := t.at(d.by)
		return receipt(&by, true), nil
	}
	d = t.deliver(p, []int64{id})
	return receipt(&d, false), nil
}
