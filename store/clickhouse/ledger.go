package clickhouse

import (
	"sort"
	"sync"
	"time"

	"github.com/saidi-exporter/saidi/store"
)

// What an entry of the catalogue is.
const (
	isSeal     = iota + 1 // that a pen begins here
	isDelivery            // that something was told, or withdrawn
	isNote                // the position of a delivery that was told again
)

// An entry is a row of the catalogue. Entries are numbered 1, 2, … over all pens.
type entry struct {
	number, pen uint64
	what        uint8
	delivery
	spec string // of the stream of a delivery
}

// A delivery is what the catalogue knows of one.
type delivery struct {
	id, stream                      int64
	ticket                          uint64 // its rows carry it; 0: it has none
	placed                          uint64 // the base by which they were placed
	received                        int64  // microseconds since 1970
	sha256                          string
	first, last                     int64 // sequences
	read, stored, rejected, skipped int64
	covers, position, warnings      string
	withdraws                       []int64
	key                             int64 // by which it is found when it is told again; 0: it is not looked for
	by                              int64 // the delivery that withdrew it; 0: it is in force
}

// A sender is what a delivery replaces others by.
type sender struct {
	kind                  store.Kind
	source, channel, name string
}

func senderOf(s *store.Stream) sender { return sender{s.Kind, s.Source, s.Channel, s.Name} }

// A note is a position that was noted for a delivery told again.
type note struct {
	position string
	behind   int64 // the last delivery at that time
}

// A withdrawal says which delivery no longer counts, from which one on.
type withdrawal struct{ delivery, by int64 }

// A ledger is the catalogue in memory. Only who has the store's turn writes it.
type ledger struct {
	mu          sync.RWMutex
	entry, pen  uint64 // the last ones
	deliveries  []delivery
	streams     []store.Stream
	specs       map[string]int64
	keys        map[int64][]int64
	tickets     map[uint64]int64
	senders     map[sender][]int64
	positions   map[int64]string // as noted last, by delivery
	notes       map[string]note  // the last, by source
	withdrawals []withdrawal     // in the order of those that withdraw
	bases       []int64          // deliveries of the base
	end         end
}

// An end is where a ledger ends, and what it holds.
type end struct {
	delivery, sequence, received int64
	rows, rejected               int64
}

func newLedger() *ledger {
	return &ledger{
		specs: map[string]int64{}, keys: map[int64][]int64{}, tickets: map[uint64]int64{}, senders: map[sender][]int64{},
		positions: map[int64]string{}, notes: map[string]note{},
	}
}

// apply takes in an entry that counts.
func (l *ledger) apply(e *entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entry, l.pen = e.number, e.pen
	switch e.what {
	case isDelivery:
		return l.deliver(e)
	case isNote:
		source := l.streams[l.deliveries[e.id-1].stream-1].Source
		l.positions[e.id], l.notes[source] = e.position, note{e.position, l.end.delivery}
	}
	return nil
}

func (l *ledger) deliver(e *entry) error {
	d := e.delivery
	if d.id != l.end.delivery+1 || d.first != l.end.sequence+1 {
		return faultf(store.ErrCorrupt, "the store is damaged: delivery %d of the catalogue, which begins with sequence %d, comes behind delivery %d and sequence %d: restore the store from a backup", d.id, d.first, l.end.delivery, l.end.sequence)
	}
	stream, err := l.stream(e.spec)
	if err != nil {
		return err
	}
	d.stream = stream
	s := &l.streams[stream-1]
	if d.key, err = keyOf(s, &d); err != nil {
		return err
	}
	l.deliveries = append(l.deliveries, d)
	for _, gone := range d.withdraws {
		l.deliveries[gone-1].by = d.id
		l.withdrawals = append(l.withdrawals, withdrawal{gone, d.id})
	}
	l.index(s, &d)
	l.end.delivery, l.end.sequence, l.end.received = d.id, d.last, d.received
	return nil
}

// index enters a delivery where it will be looked for.
func (l *ledger) index(s *store.Stream, d *delivery) {
	if d.key != 0 {
		l.keys[d.key] = append(l.keys[d.key], d.id)
	}
	if d.ticket != 0 {
		l.tickets[d.ticket] = d.id
	}
	l.senders[senderOf(s)] = append(l.senders[senderOf(s)], d.id)
	switch s.Kind {
	case store.Base:
		l.bases = append(l.bases, d.id)
	case store.Events:
		l.end.rows, l.end.rejected = l.end.rows+d.stored, l.end.rejected+d.rejected
	}
}

// stream is the number of a stream, a new one where it is new.
func (l *ledger) stream(spec string) (int64, error) {
	if id, ok := l.specs[spec]; ok {
		return id, nil
	}
	s, err := store.ParseStream(spec)
	if err != nil {
		return 0, err
	}
	l.streams = append(l.streams, s)
	l.specs[spec] = int64(len(l.streams))
	return int64(len(l.streams)), nil
}

// keyOf is by what a delivery is found when it is told again.
func keyOf(s *store.Stream, d *delivery) (int64, error) {
	covers, err := store.ParseCovers(d.covers)
	if err != nil {
		return 0, err
	}
	text, err := store.TextOf(&store.Head{Stream: *s, SHA256: d.sha256, Covers: covers})
	return text.Key, err
}

// upTo is the last delivery up to which something holds that holds of none behind
// those of which it does not; 0 where it holds of none.
func (l *ledger) upTo(holds func(*delivery) bool) int64 {
	return int64(sort.Search(len(l.deliveries), func(i int) bool { return !holds(&l.deliveries[i]) }))
}

// cut is the last delivery that counts as known at a sequence, 0: now.
func (l *ledger) cut(sequence int64) int64 {
	if sequence == 0 {
		return int64(len(l.deliveries))
	}
	return l.upTo(func(d *delivery) bool { return d.last <= sequence })
}

// cuts are the deliveries up to two sequences, of which the first may be 0: none.
func (l *ledger) cuts(after, until int64) (from, to int64) {
	if after > 0 {
		from = l.cut(after)
	}
	return from, l.cut(until)
}

// counts says whether a delivery is in force as known at another.
func (d *delivery) counts(cut int64) bool { return d.id <= cut && (d.by == 0 || d.by > cut) }

// at is a delivery by its number.
func (l *ledger) at(id int64) *delivery { return &l.deliveries[id-1] }

// kind is that of a delivery.
func (l *ledger) kind(d *delivery) store.Kind { return l.streams[d.stream-1].Kind }

// instant is a time as the catalogue counts it.
func instant(us int64) time.Time { return time.UnixMicro(us).UTC() }
