package clickhouse

import (
	"context"
	"fmt"

	native "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/ext"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// A selection is the deliveries of one reading.
type selection struct {
	from, cut  int64 // the last one before it, and in it
	tickets    map[uint64]int64
	list       []delivery // in order
	deliveries map[int64]int
	others     []uint64 // tickets of deliveries with rows that are not in it
}

// selected are the deliveries of events with rows in force as known at a sequence
// (0: now) that have a sequence behind another one.
func (s *Store) selected(ctx context.Context, after, until int64) (sel *selection, err error) {
	err = s.lookAt(ctx, until, func(l *ledger) error {
		from, to := l.cuts(after, until)
		if sel = s.selection.Load(); sel != nil && sel.from == from && sel.cut == to {
			return nil // what was withdrawn since was in force then
		}
		sel = &selection{from: from, cut: to, tickets: map[uint64]int64{}, deliveries: map[int64]int{}}
		for i := from; i < to; i++ {
			if d := &l.deliveries[i]; d.counts(to) && d.kept() > 0 && l.kind(d) == store.Events {
				sel.tickets[d.ticket], sel.deliveries[d.id] = d.id, len(sel.list)
				sel.list = append(sel.list, *d)
			}
		}
		for i := range l.deliveries {
			if d := &l.deliveries[i]; d.kept() > 0 && l.kind(d) == store.Events && sel.tickets[d.ticket] == 0 {
				sel.others = append(sel.others, d.ticket)
			}
		}
		s.selection.Store(sel)
		return nil
	})
	return sel, err
}

// only is the condition, to be sent with a list, that rows are of the selection;
// nothing where all deliveries are. Rows that were inserted in vain may come along
// where fewer deliveries are left out than there are.
func (sel *selection) only(ctx context.Context) (context.Context, string, error) {
	if len(sel.others) == 0 {
		return ctx, "", nil
	}
	list, condition := sel.others, " AND ticket NOT IN (SELECT ticket FROM asked)"
	if len(sel.list) < len(list) {
		list, condition = sel.asked(), " AND ticket IN (SELECT ticket FROM asked)"
	}
	asking, err := with(ctx, numbers("asked", "ticket", list))
	return asking, condition, err
}

// asked are the tickets of the selection, in order.
func (sel *selection) asked() []uint64 {
	list := make([]uint64, len(sel.list))
	for i := range list {
		list[i] = sel.list[i].ticket
	}
	return list
}

// part is the part of a delivery, without rows.
func (sel *selection) part(id int64) store.Part {
	d := &sel.list[sel.deliveries[id]]
	return store.Part{Delivery: id, Stream: d.stream, Received: instant(d.received).Unix()}
}

// defaultReadAtOnce is how many rows are put in order at once. A delivery of more
// is put in order by the servers.
const defaultReadAtOnce = 300_000

// Read gives the rows of events that are in force as known at the sequence until
// (0: now) and have a sequence behind after, in the order of the sequences. The
// batches of one call share a dictionary. An error of take ends it.
func (s *Store) Read(ctx context.Context, after, until int64, take func(*store.Chunk) error) error {
	sel, err := s.selected(ctx, after, until)
	if err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	dict := outage.NewDict()
	give := newGiver(dict, sel.part, func(c *Chunk) error {
		plain := &store.Chunk{Batch: c.Batch, Parts: make([]store.Part, len(c.Parts))}
		for i := range c.Parts {
			plain.Parts[i] = c.Parts[i].Part
		}
		return take(plain)
	})
	r := &reading{Store: s, sel: sel, after: after, give: give, harvest: newHarvest(dict, len(s.cluster.shards))}
	for from := 0; from < len(sel.list); {
		to, rows := from+1, sel.list[from].kept()
		for to < len(sel.list) && rows+sel.list[to].kept() <= s.readAtOnce {
			rows += sel.list[to].kept()
			to++
		}
		if err := r.some(ctx, sel.list[from:to], rows); err != nil {
			return err
		}
		from = to
	}
	return give.flush()
}

// kept is how many rows a delivery has.
func (d *delivery) kept() int64 { return d.stored + d.rejected }

// sequence is that of a row by its ordinal.
func (d *delivery) sequence(ordinal uint32) int64 {
	if ordinal < rejectedFrom {
		return d.first + int64(ordinal)
	}
	return d.first + d.stored + int64(ordinal-rejectedFrom)
}

// A reading is one call of Read.
type reading struct {
	*Store
	sel     *selection
	after   int64 // sequence
	give    *giver
	harvest *harvest
}

// some reads a run of deliveries.
func (r *reading) some(ctx context.Context, list []delivery, rows int64) error {
	if rows > r.readAtOnce {
		return r.large(ctx, &list[0])
	}
	r.harvest.reset()
	err := r.cluster.onShards(func(i int, l *link) error { return r.ofShard(ctx, l, list, r.harvest.shards[i]) })
	if err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	r.harvest.sort()
	if err := r.complete(list); err != nil {
		return err
	}
	return r.give.give(r.harvest)
}

// ofTickets are the conditions on rows of some tickets: first on where there are
// any, by which whole stretches of the table are left out.
const ofTickets = "(slot, grp) IN (SELECT slot, grp FROM touched_here WHERE ticket IN (SELECT ticket FROM asked)) AND ticket IN (SELECT ticket FROM asked)"

// ofShard gathers the rows of a run of deliveries on a shard.
func (r *reading) ofShard(ctx context.Context, l *link, list []delivery, into *gathering) error {
	tickets := make([]uint64, len(list))
	for i := range list {
		tickets[i] = list[i].ticket
	}
	asking, err := with(ctx, numbers("asked", "ticket", tickets))
	if err != nil {
		return err
	}
	row := newScanned()
	return l.query(asking, "SELECT "+rowFields+" FROM row_here WHERE "+ofTickets, nil, func(rows driver.Rows) error {
		if err := row.scan(rows); err != nil {
			return err
		}
		into.add(row, r.sel.tickets[row.ticket], false)
		return nil
	})
}

// complete makes sure that all rows are there, and leaves out those up to the
// sequence behind which is read.
func (r *reading) complete(list []delivery) error {
	marks, kept := r.harvest.marks, r.harvest.marks[:0]
	at := 0
	for i := range list {
		d, found := &list[i], int64(0)
		for ; at < len(marks) && marks[at].delivery == d.id; at++ {
			found++
			if m := marks[at]; d.sequence(m.ordinal) > r.after {
				kept = append(kept, m)
			}
		}
		if found != d.kept() {
			return missing(d, found)
		}
	}
	r.harvest.marks = kept
	return nil
}

// numbers is a table of one column of numbers.
func numbers(name, column string, list []uint64) func() (*ext.Table, error) {
	return func() (*ext.Table, error) {
		t, err := ext.NewTable(name, ext.Column(column, "UInt64"))
		for i := 0; i < len(list) && err == nil; i++ {
			err = t.Append(list[i])
		}
		return t, err
	}
}

// with sends tables with a query.
func with(ctx context.Context, list ...func() (*ext.Table, error)) (context.Context, error) {
	all := make([]*ext.Table, len(list))
	for i, make := range list {
		t, err := make()
		if err != nil {
			return nil, fmt.Errorf("send a list: %w", err)
		}
		all[i] = t
	}
	return native.Context(ctx, native.WithExternalTable(all...)), nil
}
