package clickhouse

import (
	"context"
	"encoding/binary"
	"hash/fnv"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// A placer says to which allocation group a row belongs by one base.
type placer struct {
	print uint64            // of the deliveries of the base; 0 where there is none
	base  *reliability.Base // nil where there is none, or its rows contradict each other
}

// group is the name of the group of a row: where there is no base, its feeder.
func (p *placer) group(feeder, unit, area string) string {
	if p.base == nil {
		return feeder
	}
	return p.base.GroupName(feeder, unit, outage.Area(area))
}

// A Group is some rows that are always worked out together: of an allocation group
// of feeders, or of the name "", in slot 0, all that are of no feeder.
type Group struct {
	Slot int
	Name string
}

// Slots is how many slots the groups are spread over, fixed when the store was
// made.
func (s *Store) Slots() int { return int(s.founding.slots) }

// Shards is how many shards the store has.
func (s *Store) Shards() int { return len(s.cluster.shards) }

// SlotOf is the slot of the group of a name.
func (s *Store) SlotOf(name string) int {
	if name == "" || s.founding.slots < 2 {
		return 0
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	return 1 + int(mixed(h.Sum64())%uint64(s.founding.slots-1))
}

// mixed spreads the bits of a sum, whose lowest ones say little.
func mixed(n uint64) uint64 {
	n ^= n >> 33
	n *= 0xff51afd7ed558ccd
	n ^= n >> 33
	return n
}

// groupOf is the group of a name.
func (s *Store) groupOf(name string) Group { return Group{s.SlotOf(name), name} }

// shardOf is the shard that has a slot.
func (s *Store) shardOf(slot int) *link { return s.cluster.shards[slot%len(s.cluster.shards)] }

// longestID is how many bytes of an id tell events apart.
const longestID = 4096

// eventHash is the number by which rows of one event find each other; others may
// have the same.
func eventHash(source string, id []byte) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(source)) // never fails
	_, _ = h.Write([]byte{0})
	_, _ = h.Write(id[:min(len(id), longestID)])
	return mixed(h.Sum64())
}

// keptPlacers is how many bases are kept for placing rows.
const keptPlacers = 2

// placerAt is the placer of the base in force up to a sequence (0: now).
func (s *Store) placerAt(ctx context.Context, until int64) (*placer, error) {
	s.placing.Lock()
	defer s.placing.Unlock()
	parts, sum, err := s.basePrint(ctx, until)
	if err != nil {
		return nil, err
	}
	for _, p := range s.placers {
		if p.print == sum {
			return p, nil
		}
	}
	p := &placer{print: sum}
	var rows []outage.Customers
	for i := range parts {
		more, err := s.baseRows(ctx, &parts[i])
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	if len(rows) > 0 {
		p.base, _ = reliability.NewBase(rows, nil) // nil after an error: who counts says what is wrong
	}
	s.placers = append(s.placers, p)
	s.placers = s.placers[max(0, len(s.placers)-keptPlacers):]
	return p, nil
}

// basePrint gives the deliveries of the base in force up to a sequence, and a
// number that stands for them.
func (s *Store) basePrint(ctx context.Context, until int64) (parts []delivery, sum uint64, err error) {
	err = s.lookAt(ctx, until, func(l *ledger) error {
		h := fnv.New64a()
		for _, d := range l.basesAt(l.cut(until)) {
			parts = append(parts, *d)
			_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(d.id))) // never fails
		}
		if len(parts) > 0 {
			sum = max(1, mixed(h.Sum64()))
		}
		return nil
	})
	return parts, sum, err
}
