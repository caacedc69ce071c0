package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// streamSums add up deliveries of one stream.
type streamSums struct {
	stream, deliveries              int64
	rows, stored, rejected, skipped int64
	covers                          []outage.Covers
	lastDelivery                    int64
	firstReceived, lastReceived     int64
}

// streamSumsOf are those of a single delivery.
func streamSumsOf(d *deliveryRow) streamSums {
	covers, _ := parseCovers(d.covers) // written a moment ago, or checked by its sum
	return streamSums{
		stream: d.stream, deliveries: 1, rows: d.rows, stored: d.stored, rejected: d.rejected, skipped: d.skipped,
		covers: covers, lastDelivery: d.id, firstReceived: d.received, lastReceived: d.received,
	}
}

// add adds others of the same stream that came later.
func (s *streamSums) add(o *streamSums) {
	if s.deliveries == 0 {
		*s = *o
		s.covers = slices.Clone(o.covers)
		return
	}
	s.deliveries += o.deliveries
	s.rows, s.stored, s.rejected, s.skipped = s.rows+o.rows, s.stored+o.stored, s.rejected+o.rejected, s.skipped+o.skipped
	s.covers = joined(s.covers, o.covers)
	s.firstReceived, s.lastReceived = min(s.firstReceived, o.firstReceived), max(s.lastReceived, o.lastReceived)
	s.lastDelivery = max(s.lastDelivery, o.lastDelivery)
}

func (s *streamSums) sum(segment int64, covers string) int64 {
	return rowSum(segment, s.stream, s.deliveries, s.rows, s.stored, s.rejected, s.skipped, covers, s.lastDelivery, s.firstReceived, s.lastReceived)
}

func scanStreamSums(rows *sql.Rows) (s streamSums, err error) {
	var segment, sum int64
	var covers string
	if err := rows.Scan(&segment, &s.stream, &s.deliveries, &s.rows, &s.stored, &s.rejected, &s.skipped, &covers,
		&s.lastDelivery, &s.firstReceived, &s.lastReceived, &sum); err != nil {
		return s, err
	}
	if s.sum(segment, covers) != sum {
		return s, checkSum("segment_stream", segment, sum)
	}
	s.covers, err = parseCovers(covers)
	return s, err
}

// summed adds up by stream.
type summed map[int64]*streamSums

func (m summed) add(s *streamSums) {
	to := m[s.stream]
	if to == nil {
		to = &streamSums{}
		m[s.stream] = to
	}
	to.add(s)
}

func (m summed) sorted() []streamSums {
	list := make([]streamSums, 0, len(m))
	for _, id := range slices.Sorted(maps.Keys(m)) {
		list = append(list, *m[id])
	}
	return list
}

// deliveriesIn adds up the deliveries of a span that are not withdrawn.
func (v *view) deliveriesIn(ctx context.Context, m summed, s span, withdrawn map[int64]int64) error {
	return v.eachDelivery(ctx, s, func(d deliveryRow) error {
		if _, gone := withdrawn[d.id]; !gone {
			one := streamSumsOf(&d)
			m.add(&one)
		}
		return nil
	})
}

// eachDelivery gives the deliveries of a span in order.
func (v *view) eachDelivery(ctx context.Context, s span, take func(deliveryRow) error) error {
	rows, err := v.tx.QueryContext(ctx, "SELECT "+deliveryColumns+" FROM delivery d WHERE d.id BETWEEN ? AND ? ORDER BY d.id", s.from, s.to)
	if err != nil {
		return catalogueError(err)
	}
	return scanEach(rows, scanDelivery, take)
}

// add adds up the deliveries behind one, up to another, without those withdrawn.
// What lies in segments is added up there already, but for segments at the edges
// and those of which something is withdrawn.
func (v *view) add(ctx context.Context, after, upTo int64, withdrawn map[int64]int64) (summed, error) {
	m := summed{}
	list, err := v.segments(ctx, after)
	if err != nil {
		return nil, err
	}
	gone := slices.Sorted(maps.Keys(withdrawn))
	spans := gaps(list, after, upTo)
	for i := range list {
		seg := &list[i]
		if seg.from > upTo {
			break
		}
		at, _ := slices.BinarySearch(gone, seg.from)
		if seg.from <= after || seg.to > upTo || at < len(gone) && gone[at] <= seg.to {
			spans = append(spans, span{max(seg.from, after+1), min(seg.to, upTo)})
			continue
		}
		sums, err := query(ctx, v, scanStreamSums, "SELECT * FROM segment_stream WHERE segment = ? ORDER BY stream", seg.from)
		if err != nil {
			return nil, err
		}
		for k := range sums {
			m.add(&sums[k])
		}
	}
	for _, s := range spans {
		if err := v.deliveriesIn(ctx, m, s, withdrawn); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Streams adds up, by stream, the deliveries of events and of the base in force
// as known at the sequence until (0: now) that came after another sequence.
func (s *Store) Streams(ctx context.Context, after, until int64) ([]StreamSum, error) {
	v, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	defer v.close()
	from, to, err := v.cuts(ctx, after, until)
	if err != nil {
		return nil, err
	}
	withdrawn, err := v.withdrawn(ctx, to)
	if err != nil {
		return nil, err
	}
	m, err := v.add(ctx, from, to, withdrawn)
	if err != nil {
		return nil, err
	}
	var list []StreamSum
	for _, sums := range m.sorted() {
		sum, err := v.streamSum(ctx, &sums)
		if err != nil {
			return nil, err
		}
		if sum.Kind != Withdrawal {
			list = append(list, sum)
		}
	}
	return list, nil
}

func (v *view) streamSum(ctx context.Context, s *streamSums) (StreamSum, error) {
	stream, err := v.stream(ctx, s.stream)
	if err != nil {
		return StreamSum{}, err
	}
	SortCovers(s.covers)
	sum := StreamSum{
		Stream: stream, ID: s.stream, Deliveries: s.deliveries, Rows: s.rows, Stored: s.stored, Rejected: s.rejected, Skipped: s.skipped,
		Covers: s.covers, Delivery: s.lastDelivery, FirstReceived: instant(s.firstReceived), LastReceived: instant(s.lastReceived),
	}
	if s.deliveries == 1 {
		d, _, err := v.delivery(ctx, s.lastDelivery)
		if err != nil {
			return sum, err
		}
		sum.SHA256 = d.sha256
	}
	return sum, nil
}

// findEnd looks up where the store ends and what it holds.
func (s *Store) findEnd(ctx context.Context) (end, error) {
	v, err := s.view(ctx)
	if err != nil {
		return end{}, err
	}
	defer v.close()
	var e end
	if e.delivery, err = v.last(ctx); err != nil || e.delivery == 0 {
		return e, err
	}
	d, _, err := v.delivery(ctx, e.delivery)
	if err != nil {
		return e, err
	}
	e.sequence, e.received = d.last, d.received
	m, err := v.add(ctx, 0, e.delivery, nil)
	if err != nil {
		return e, err
	}
	for _, sums := range m {
		stream, err := v.stream(ctx, sums.stream)
		if err != nil {
			return e, err
		}
		if stream.Kind == Events {
			e.rows, e.rejected = e.rows+sums.stored, e.rejected+sums.rejected
		}
	}
	return e, v.findPending(ctx, &e)
}

// findPending adds up what lies in no segment.
func (v *view) findPending(ctx context.Context, e *end) error {
	list, err := v.segments(ctx, 0)
	if err != nil {
		return err
	}
	e.segments = int64(len(list))
	for _, g := range gaps(list, 0, e.delivery) {
		deliveries, tail, err := v.tailRows(ctx, g)
		if err != nil {
			return err
		}
		e.pending += deliveries + tail
		e.tail += tail
	}
	return nil
}

// tailRows counts the rows of a span that are in the tail, and the deliveries
// without any.
func (v *view) tailRows(ctx context.Context, s span) (without, rows int64, err error) {
	err = v.tx.QueryRowContext(ctx, `SELECT count(*) - count(t.delivery), coalesce(sum(CASE WHEN t.delivery IS NULL THEN 0 ELSE d.stored + d.rejected END), 0)
		FROM delivery d LEFT JOIN tail t ON t.delivery = d.id WHERE d.id BETWEEN ? AND ?`, s.from, s.to).Scan(&without, &rows)
	if err != nil {
		return 0, 0, catalogueError(err)
	}
	return without, rows, nil
}
