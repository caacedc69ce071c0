package clickhouse

import (
	"cmp"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// rowFields are what is read of a row, in the order of [scanned.fields].
const rowFields = "ticket, ordinal, event_id, source, feeder_id, unit_id, area, class, start, finish, customers, nature, cause, technical_cause, " +
	"stage, steps, revision, cancelled, capacity_kva, flags, row, reason, reason_column, reason_value"

// A scanned row is one as it is read.
type scanned struct {
	ticket                uint64
	ordinal               uint32
	event                 outage.Event
	nature                int8
	steps                 string
	cancelled             uint8
	flags                 uint16
	row                   uint32
	reason, column, value string
	fields                []any
}

func newScanned() *scanned {
	s := &scanned{}
	e := &s.event
	s.fields = []any{
		&s.ticket, &s.ordinal, &e.ID, &e.Source, &e.Feeder, &e.Unit, &e.Area, &e.Class, &e.Start, &e.End, &e.Customers, &s.nature, &e.Cause, &e.TechnicalCause,
		&e.Stage, &s.steps, &e.Revision, &s.cancelled, &e.CapacityKVA, &s.flags, &s.row, &s.reason, &s.column, &s.value,
	}
	return s
}

// scan reads the next row.
func (s *scanned) scan(rows driver.Rows) (err error) {
	if err := rows.Scan(s.fields...); err != nil {
		return err
	}
	e := &s.event
	e.Nature, e.Cancelled, e.Flags, e.Row, e.Served = outage.Nature(s.nature), s.cancelled != 0, outage.Flags(s.flags), outage.Row(s.row), outage.Missing
	e.Steps, err = store.ParseSteps(s.steps)
	return err
}

// A gathering is rows of one shard that have to be put in order.
type gathering struct {
	batch *outage.Batch
	marks []mark
}

// A mark says where a row of a gathering is and where it belongs.
type mark struct {
	delivery int64
	ordinal  uint32
	at       int32 // in the batch, or in its rejected rows
	shard    uint16
	foreign  bool
}

func newGathering(dict *outage.Dict) *gathering { return &gathering{batch: outage.NewBatch(dict)} }

// add adds a row of a delivery.
func (g *gathering) add(s *scanned, delivery int64, foreign bool) {
	m := mark{delivery: delivery, ordinal: s.ordinal, foreign: foreign, at: int32(g.batch.Len())}
	if s.ordinal < rejectedFrom {
		g.batch.Append(&s.event)
	} else {
		m.at = int32(len(g.batch.Rejected))
		g.batch.Rejected = append(g.batch.Rejected, outage.Rejection{Event: s.event, Column: s.column, Value: s.value, Reason: outage.Reason(s.reason)})
	}
	g.marks = append(g.marks, m)
}

// reset empties the gathering and keeps its memory.
func (g *gathering) reset() {
	g.batch.Reset()
	g.marks = g.marks[:0]
}

// A harvest is what all shards gathered, in order.
type harvest struct {
	shards []*gathering
	marks  []mark
}

func newHarvest(dict *outage.Dict, shards int) *harvest {
	h := &harvest{shards: make([]*gathering, shards)}
	for i := range h.shards {
		h.shards[i] = newGathering(dict)
	}
	return h
}

func (h *harvest) reset() {
	for _, g := range h.shards {
		g.reset()
	}
}

// sort puts the rows of all shards in order, and drops what was inserted twice.
func (h *harvest) sort() {
	h.marks = h.marks[:0]
	for shard, g := range h.shards {
		for _, m := range g.marks {
			m.shard = uint16(shard)
			h.marks = append(h.marks, m)
		}
	}
	slices.SortFunc(h.marks, func(x, y mark) int {
		return cmp.Or(cmp.Compare(x.delivery, y.delivery), cmp.Compare(bit(x.foreign), bit(y.foreign)), cmp.Compare(x.ordinal, y.ordinal))
	})
	h.marks = slices.CompactFunc(h.marks, func(x, y mark) bool { return x.delivery == y.delivery && x.ordinal == y.ordinal })
}

// copyRow appends a row of a batch to another one of the same dictionary.
func copyRow(to, from *outage.Batch, i int) {
	n := to.Len()
	to.Row, to.Source, to.Feeder, to.Unit = append(to.Row, from.Row[i]), append(to.Source, from.Source[i]), append(to.Feeder, from.Feeder[i]), append(to.Unit, from.Unit[i])
	to.Area, to.Class, to.Stage = append(to.Area, from.Area[i]), append(to.Class, from.Class[i]), append(to.Stage, from.Stage[i])
	to.Cause, to.Technical = append(to.Cause, from.Cause[i]), append(to.Technical, from.Technical[i])
	to.Start, to.End, to.Customers, to.Revision = append(to.Start, from.Start[i]), append(to.End, from.End[i]), append(to.Customers, from.Customers[i]), append(to.Revision, from.Revision[i])
	to.Nature, to.Cancelled, to.Flags = append(to.Nature, from.Nature[i]), append(to.Cancelled, from.Cancelled[i]), append(to.Flags, from.Flags[i])
	to.ID.AppendBytes(from.ID.Bytes(i))
	if steps, ok := from.Steps[i]; ok {
		to.Steps[n] = steps
	}
	if kva, ok := from.Capacity[i]; ok {
		to.Capacity[n] = kva
	}
}

// rowsInChunk is how many rows a chunk has at most.
const rowsInChunk = 64 << 10

// A Chunk is some rows, in the order in which they were told. All rows and
// rejections of the batch are in one of the parts.
type Chunk struct {
	Batch *outage.Batch // used again after it was taken
	Parts []Part
}

// A Part is rows of one delivery in a chunk, of the groups that were asked for, or
// foreign. A delivery may come in several parts, its rejected rows last.
type Part struct {
	store.Part
	Foreign bool // rows of other groups, that say what is in force of events that have rows in these
}

// A giver hands rows on in chunks.
type giver struct {
	chunk Chunk
	part  func(delivery int64) store.Part // with number, stream and time received
	take  func(*Chunk) error
}

func newGiver(dict *outage.Dict, part func(int64) store.Part, take func(*Chunk) error) *giver {
	return &giver{chunk: Chunk{Batch: outage.NewBatch(dict)}, part: part, take: take}
}

// give hands on the rows of a harvest that is in order.
func (v *giver) give(h *harvest) error {
	for i := range h.marks {
		if err := v.row(h.shards[h.marks[i].shard].batch, &h.marks[i]); err != nil {
			return err
		}
	}
	return nil
}

func (v *giver) row(from *outage.Batch, m *mark) error {
	b := v.chunk.Batch
	if b.Len()+len(b.Rejected) >= rowsInChunk {
		if err := v.flush(); err != nil {
			return err
		}
	}
	p := v.partFor(m)
	if m.ordinal < rejectedFrom {
		copyRow(b, from, int(m.at))
	} else {
		b.Rejected = append(b.Rejected, from.Rejected[m.at])
	}
	p.Rows[1], p.Rejected[1] = b.Len(), len(b.Rejected)
	return nil
}

// partFor is the part to which a row belongs, the last one or a new one behind it.
func (v *giver) partFor(m *mark) *Part {
	parts := v.chunk.Parts
	if n := len(parts) - 1; n >= 0 && parts[n].Delivery == m.delivery && parts[n].Foreign == m.foreign {
		return &parts[n]
	}
	p := Part{Part: v.part(m.delivery), Foreign: m.foreign}
	p.Rows[0], p.Rejected[0] = v.chunk.Batch.Len(), len(v.chunk.Batch.Rejected)
	v.chunk.Parts = append(parts, p)
	return &v.chunk.Parts[len(parts)]
}

// flush hands on what there is.
func (v *giver) flush() error {
	if len(v.chunk.Parts) == 0 {
		return nil
	}
	if err := v.take(&v.chunk); err != nil {
		return err
	}
	v.chunk.Batch.Reset()
	v.chunk.Parts = v.chunk.Parts[:0]
	return nil
}
