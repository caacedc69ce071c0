package clickhouse

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/store"
)

// look asks the catalogue in memory.
func (s *Store) look(ctx context.Context, ask func(*ledger) error) error {
	if s.isClosed() {
		return store.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.ledger.mu.RLock()
	defer s.ledger.mu.RUnlock()
	return ask(s.ledger)
}

// lookAt is look up to a sequence, of which another process may know before this
// one: then the catalogue is read first. What is not there even so is an error, as
// an answer without it would be of another sequence than the one asked for.
func (s *Store) lookAt(ctx context.Context, until int64, ask func(*ledger) error) error {
	if until > s.Last() {
		if err := s.Refresh(ctx); err != nil {
			return err
		}
		if last := s.Last(); until > last {
			return fmt.Errorf("sequence %d: the store has the sequences 1 to %d: ask for one of these, or leave it out to have all that is known", until, last)
		}
	}
	return s.look(ctx, ask)
}

// At is the last sequence that was received at or before an instant; 0 where
// nothing was.
func (s *Store) At(ctx context.Context, t time.Time) (last int64, err error) {
	err = s.look(ctx, func(l *ledger) error {
		if id := l.upTo(func(d *delivery) bool { return d.received <= t.UnixMicro() }); id > 0 {
			last = l.at(id).last
		}
		return nil
	})
	return last, err
}

// Withdrawn says whether one of the deliveries up to a sequence was withdrawn
// behind it, up to another (0: now): then who follows the store must read anew.
func (s *Store) Withdrawn(ctx context.Context, after, until int64) (found bool, err error) {
	err = s.lookAt(ctx, until, func(l *ledger) error {
		from, to := l.cuts(after, until)
		found = slices.ContainsFunc(l.withdrawals, func(w withdrawal) bool { return w.by > from && w.by <= to && w.delivery <= from })
		return nil
	})
	return found, err
}

// BaseChanged says whether the base was told anew, or some of it withdrawn,
// behind one sequence, up to another (0: now).
func (s *Store) BaseChanged(ctx context.Context, after, until int64) (found bool, err error) {
	err = s.lookAt(ctx, until, func(l *ledger) error {
		from, to := l.cuts(after, until)
		found = slices.ContainsFunc(l.bases, func(id int64) bool {
			by := l.at(id).by
			return id > from && id <= to || by > from && by <= to
		})
		return nil
	})
	return found, err
}

// Era is a number that grows whenever the base or what is withdrawn changes up to
// a sequence (0: now).
func (s *Store) Era(ctx context.Context, until int64) (era uint64, err error) {
	err = s.lookAt(ctx, until, func(l *ledger) error {
		cut := l.cut(until)
		last := int64(0)
		for _, id := range l.bases {
			if id <= cut {
				last = max(last, id)
			}
		}
		for _, w := range l.withdrawals {
			if w.by <= cut {
				last = max(last, w.by)
			}
		}
		era = uint64(last)
		return nil
	})
	return era, err
}

// Streams adds up, by stream, the deliveries of events and of the base in force
// as known at the sequence until (0: now) that came after another sequence.
func (s *Store) Streams(ctx context.Context, after, until int64) (list []store.StreamSum, err error) {
	err = s.lookAt(ctx, until, func(l *ledger) error {
		from, to := l.cuts(after, until)
		sums := map[int64]*store.StreamSum{}
		for i := from; i < to; i++ {
			if d := &l.deliveries[i]; d.counts(to) && l.kind(d) != store.Withdrawal {
				if err := l.addUp(sums, d); err != nil {
					return err
				}
			}
		}
		for _, id := range slices.Sorted(maps.Keys(sums)) {
			sum := sums[id]
			store.SortCovers(sum.Covers)
			if sum.Deliveries > 1 {
				sum.SHA256 = ""
			}
			list = append(list, *sum)
		}
		return nil
	})
	return list, err
}

// addUp adds a delivery to the sums of its stream.
func (l *ledger) addUp(sums map[int64]*store.StreamSum, d *delivery) error {
	covers, err := store.ParseCovers(d.covers)
	if err != nil {
		return err
	}
	sum := sums[d.stream]
	if sum == nil {
		sum = &store.StreamSum{Stream: l.streams[d.stream-1], ID: d.stream, FirstReceived: instant(d.received)}
		sum.Covers = covers
		sums[d.stream] = sum
	} else {
		sum.Covers = store.JoinCovers(sum.Covers, covers)
	}
	sum.Deliveries++
	sum.Rows, sum.Stored, sum.Rejected, sum.Skipped = sum.Rows+d.read, sum.Stored+d.stored, sum.Rejected+d.rejected, sum.Skipped+d.skipped
	sum.SHA256, sum.Delivery, sum.LastReceived = d.sha256, d.id, instant(d.received)
	return nil
}

// info is all that is known of a delivery.
func (l *ledger) info(d *delivery) (info store.DeliveryInfo, err error) {
	info = store.DeliveryInfo{
		Head: store.Head{Stream: l.streams[d.stream-1], SHA256: d.sha256, Rows: int(d.read), Skipped: int(d.skipped), Position: d.position},
		ID:   d.id, StreamID: d.stream, First: d.first, Last: d.last, Received: instant(d.received),
		Stored: int(d.stored), Rejected: int(d.rejected), WithdrawnBy: d.by,
	}
	if info.Covers, err = store.ParseCovers(d.covers); err != nil || d.warnings == "" {
		return info, err
	}
	if err := json.Unmarshal([]byte(d.warnings), &info.Warnings); err != nil {
		return info, fmt.Errorf("warnings of delivery %d: %w", d.id, err)
	}
	return info, nil
}

// defaultLimit is how many deliveries are listed where nothing is said.
const defaultLimit = 100

// Deliveries lists deliveries.
func (s *Store) Deliveries(ctx context.Context, q store.Query) (list []store.DeliveryInfo, err error) {
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	err = s.look(ctx, func(l *ledger) error {
		for id := range l.from(q.After, q.Newest) {
			if len(list) == limit {
				return nil
			}
			d := l.at(id)
			if s := &l.streams[d.stream-1]; q.Kind != 0 && s.Kind != q.Kind || q.Source != "" && s.Source != q.Source {
				continue
			}
			info, err := l.info(d)
			if err != nil {
				return err
			}
			list = append(list, info)
		}
		return nil
	})
	return list, err
}

// from gives the numbers of deliveries behind one, or downwards before it.
func (l *ledger) from(after int64, newest bool) func(yield func(int64) bool) {
	last := int64(len(l.deliveries))
	return func(yield func(int64) bool) {
		if !newest {
			for id := max(after, 0) + 1; id <= last && yield(id); id++ {
			}
			return
		}
		if after > 0 {
			last = min(last, after-1)
		}
		for id := last; id > 0 && yield(id); id-- {
		}
	}
}

// Delivery is what is known of one delivery, or [store.ErrUnknown].
func (s *Store) Delivery(ctx context.Context, id int64) (info store.DeliveryInfo, err error) {
	err = s.look(ctx, func(l *ledger) error {
		if id < 1 || id > int64(len(l.deliveries)) {
			return unknown(id)
		}
		info, err = l.info(l.at(id))
		return err
	})
	return info, err
}

func unknown(id int64) error { return faultf(store.ErrUnknown, "there is no delivery %d", id) }

// positionOf is the position of a delivery as it was noted last.
func (l *ledger) positionOf(d *delivery) string {
	if noted, ok := l.positions[d.id]; ok {
		return noted
	}
	return d.position
}

// Position is the position of the last delivery of a source that has one, be it
// one that was told again; empty where none has.
func (s *Store) Position(ctx context.Context, source string) (position string, err error) {
	err = s.look(ctx, func(l *ledger) error {
		last := int64(0)
		for _, d := range slices.Backward(l.deliveries) {
			if d.position != "" && l.streams[d.stream-1].Source == source {
				last, position = d.id, d.position
				break
			}
		}
		if noted, ok := l.notes[source]; ok && noted.behind >= last {
			position = noted.position
		}
		return nil
	})
	return position, err
}

// Remembered lists the files of a source that no later one took the place of, in
// the order in which they were told: those in force, and those withdrawn by hand,
// which are not to be told again as they are.
func (s *Store) Remembered(ctx context.Context, source string) (files []store.Remembrance, err error) {
	err = s.look(ctx, func(l *ledger) error {
		files = []store.Remembrance{}
		for i := range l.deliveries {
			d := &l.deliveries[i]
			stream := &l.streams[d.stream-1]
			if stream.Source != source || stream.Channel != store.File || d.by != 0 && l.kind(l.at(d.by)) != store.Withdrawal {
				continue
			}
			files = append(files, store.Remembrance{
				Kind: stream.Kind, Name: stream.Name, Position: l.positionOf(d), SHA256: d.sha256, Delivery: d.id, Withdrawn: d.by != 0,
			})
		}
		return nil
	})
	return files, err
}

// basesAt are the deliveries of the base in force up to one: of each source,
// channel and name the last, in the order of the names.
func (l *ledger) basesAt(cut int64) []*delivery {
	last := map[sender]*delivery{}
	for _, id := range l.bases {
		if d := l.at(id); d.counts(cut) {
			last[senderOf(&l.streams[d.stream-1])] = d
		}
	}
	list := slices.Collect(maps.Values(last))
	slices.SortFunc(list, func(x, y *delivery) int {
		a, b := &l.streams[x.stream-1], &l.streams[y.stream-1]
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Name, b.Name), cmp.Compare(x.id, y.id))
	})
	return list
}
