package load

import (
	"context"
	"fmt"
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// sixteen writers tell the events of the hour as fast as they are taken.
const sixteen = 16

// memory measures what single events leave behind.
func memory(ctx context.Context, b *bench, f *figures) error {
	return b.serving(ctx, func(x *exporter) error {
		s, next := b.singlesBefore(), 0
		var told []spell
		before, err := x.level(ctx, 0)
		if err != nil {
			return err
		}
		f.Memory = append(f.Memory, memoryRow(before, before))
		for _, count := range append([]int{b.hour}, b.more...) {
			ours := &series{}
			done, err := ours.turn(ctx, sixteen, b.stage, s.bodies(next, count), func(ctx context.Context, _ int, body []byte, rows int) error {
				_, err := x.push(ctx, body, rows)
				return err
			})
			if err != nil {
				return err
			}
			next, told = next+count, append(told, done...)
			if len(done) < count {
				b.log("only %d of %d deliveries in %s", len(done), count, b.stage)
			}
			after, err := x.level(ctx, len(told))
			if err != nil {
				return err
			}
			after.took = ours.took
			f.Memory = append(f.Memory, memoryRow(before, after))
			before = after
		}
		f.Peak = x.peak()
		return s.checkTold(ctx, x, told)
	})
}

// bodies are single events by number.
func (s *singles) bodies(from, count int) []parcel {
	list := make([]parcel, count)
	for i := range list {
		list[i] = parcel{spell{from + i, from + i + 1}, lines([]outage.Event{s.event(from + i)})}
	}
	return list
}

// A level is what the exporter holds after so many deliveries.
type level struct {
	deliveries int
	footprint
	disk int64
	took time.Duration
}

// level waits until everything counts and the tail is short, and looks.
func (x *exporter) level(ctx context.Context, deliveries int) (l level, err error) {
	m, err := x.applied(ctx)
	for deadline := time.Now().Add(patience); err == nil && m.sum("outage_store_tail_rows") >= 1<<16; m, err = x.metrics(ctx) {
		if time.Now().After(deadline) {
			return l, fmt.Errorf("the tail has %v rows for %s", m.sum("outage_store_tail_rows"), patience)
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil {
		return l, err
	}
	l.deliveries = deliveries
	if l.footprint, err = x.footprint(ctx); err != nil {
		return l, err
	}
	l.disk, err = x.bytes()
	return l, err
}
