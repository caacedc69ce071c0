package clickhouse

import (
	"context"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// rejectedFrom is the ordinal of the first rejected row of a delivery: they come
// behind the readable ones.
const rejectedFrom = 1 << 31

// A block is rows on their way to one shard, in columns.
type block struct {
	slot                                  []uint16
	group                                 []string
	ticket                                []uint64
	ordinal                               []uint32
	event                                 []uint64
	id, source, feeder, unit, area, class []string
	start, finish, customers              []int64
	nature                                []int8
	cause, technical, stage, steps        []string
	revision                              []int64
	cancelled                             []uint8
	capacity                              []float64
	flags                                 []uint16
	row                                   []uint32
	reason, reasonColumn, reasonValue     []string
}

func (b *block) rows() int { return len(b.slot) }

// add adds a row at a place. Rejected ones have a reason.
func (b *block) add(at Group, ticket uint64, ordinal uint32, e *outage.Event, why *outage.Rejection) {
	b.slot, b.group, b.ticket, b.ordinal = append(b.slot, uint16(at.Slot)), append(b.group, at.Name), append(b.ticket, ticket), append(b.ordinal, ordinal)
	b.event, b.id, b.source = append(b.event, eventHash(e.Source, []byte(e.ID))), append(b.id, e.ID), append(b.source, e.Source)
	b.feeder, b.unit, b.area, b.class = append(b.feeder, e.Feeder), append(b.unit, e.Unit), append(b.area, e.Area), append(b.class, e.Class)
	b.start, b.finish, b.customers = append(b.start, e.Start), append(b.finish, e.End), append(b.customers, e.Customers)
	b.nature, b.cause, b.technical = append(b.nature, int8(e.Nature)), append(b.cause, e.Cause), append(b.technical, e.TechnicalCause)
	b.stage, b.steps, b.revision = append(b.stage, e.Stage), append(b.steps, store.StepsText(e.Steps)), append(b.revision, e.Revision)
	b.cancelled, b.capacity = append(b.cancelled, bit(e.Cancelled)), append(b.capacity, e.CapacityKVA)
	b.flags, b.row = append(b.flags, uint16(e.Flags)), append(b.row, uint32(e.Row))
	if why == nil {
		why = &outage.Rejection{}
	}
	b.reason, b.reasonColumn, b.reasonValue = append(b.reason, string(why.Reason)), append(b.reasonColumn, why.Column), append(b.reasonValue, why.Value)
}

// columns are the columns in the order of the table.
func (b *block) columns() []any {
	return []any{
		b.slot, b.group, b.ticket, b.ordinal, b.event, b.id, b.source, b.feeder, b.unit, b.area, b.class, b.start, b.finish, b.customers, b.nature,
		b.cause, b.technical, b.stage, b.steps, b.revision, b.cancelled, b.capacity, b.flags, b.row, b.reason, b.reasonColumn, b.reasonValue,
	}
}

// reset empties the block and keeps its memory.
func (b *block) reset() {
	*b = block{
		b.slot[:0], b.group[:0], b.ticket[:0], b.ordinal[:0], b.event[:0], b.id[:0], b.source[:0], b.feeder[:0], b.unit[:0], b.area[:0], b.class[:0],
		b.start[:0], b.finish[:0], b.customers[:0], b.nature[:0], b.cause[:0], b.technical[:0], b.stage[:0], b.steps[:0], b.revision[:0], b.cancelled[:0],
		b.capacity[:0], b.flags[:0], b.row[:0], b.reason[:0], b.reasonColumn[:0], b.reasonValue[:0],
	}
}

// join adds the rows of another block.
func (b *block) join(o *block) {
	b.slot = append(b.slot, o.slot...)
	b.group = append(b.group, o.group...)
	b.ticket = append(b.ticket, o.ticket...)
	b.ordinal = append(b.ordinal, o.ordinal...)
	b.event = append(b.event, o.event...)
	b.id = append(b.id, o.id...)
	b.source = append(b.source, o.source...)
	b.feeder = append(b.feeder, o.feeder...)
	b.unit = append(b.unit, o.unit...)
	b.area = append(b.area, o.area...)
	b.class = append(b.class, o.class...)
	b.start = append(b.start, o.start...)
	b.finish = append(b.finish, o.finish...)
	b.customers = append(b.customers, o.customers...)
	b.nature = append(b.nature, o.nature...)
	b.cause = append(b.cause, o.cause...)
	b.technical = append(b.technical, o.technical...)
	b.stage = append(b.stage, o.stage...)
	b.steps = append(b.steps, o.steps...)
	b.revision = append(b.revision, o.revision...)
	b.cancelled = append(b.cancelled, o.cancelled...)
	b.capacity = append(b.capacity, o.capacity...)
	b.flags = append(b.flags, o.flags...)
	b.row = append(b.row, o.row...)
	b.reason = append(b.reason, o.reason...)
	b.reasonColumn = append(b.reasonColumn, o.reasonColumn...)
	b.reasonValue = append(b.reasonValue, o.reasonValue...)
}

// insertBlocks inserts rows of one or several tickets, by shard.
func (s *Store) insertBlocks(ctx context.Context, blocks []*block) error {
	names := (&table{columns: rowColumns()}).names()
	return s.cluster.onShards(func(i int, l *link) error {
		if b := blocks[i]; b != nil && b.rows() > 0 {
			return l.insert(ctx, rowTable+"_here", names, b.fill)
		}
		return nil
	})
}

func (b *block) fill(batch driver.Batch) error {
	for i, c := range b.columns() {
		if err := batch.Column(i).Append(c); err != nil {
			return err
		}
	}
	return nil
}
