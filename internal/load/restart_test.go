package load

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/store"
)

// restart measures starts over a store of years, and one more event.
func restart(ctx context.Context, b *bench, f *figures) error {
	h := b.history()
	begun := time.Now()
	if err := h.found(ctx, b.dir, func(s *store.Store) error { return h.fill(ctx, s) }); err != nil {
		return fmt.Errorf("fill the store: %w", err)
	}
	x, err := newExporter(b)
	if err != nil {
		return err
	}
	f.Rows, f.Fill = h.outcomes().Rows, time.Since(begun)
	if f.StoreBytes, err = x.bytes(); err != nil {
		return err
	}
	if err := f.alone(ctx, filepath.Join(b.dir, "store")); err != nil {
		return err
	}
	defer x.kill()
	for n := range b.starts {
		s, err := x.start(ctx)
		if err != nil {
			return err
		}
		f.Starts = append(f.Starts, s)
		if n == b.starts-1 {
			break
		}
		if err := x.stop(); err != nil {
			return err
		}
	}
	return x.afterwards(ctx, b, h, f)
}

// alone reads the store without counting anything: the customers, and the rows.
func (f *figures) alone(ctx context.Context, dir string) (err error) {
	s, err := store.OpenReadOnly(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	begun := time.Now()
	parts, err := s.Base(ctx, 0)
	if err != nil {
		return err
	}
	if _, err := policy.Qinghai().NewBase(parts[0].Rows); err != nil {
		return err
	}
	f.BaseAlone = time.Since(begun)
	begun = time.Now()
	rows := 0
	if err := s.Read(ctx, 0, 0, func(c *store.Chunk) error { rows += c.Batch.Len(); return nil }); err != nil {
		return err
	}
	f.RowsAlone = time.Since(begun)
	if rows != f.Rows {
		return fmt.Errorf("the store reads %d rows, want %d", rows, f.Rows)
	}
	return nil
}

// afterwards looks at what the last start gave, and tells it single events.
func (x *exporter) afterwards(ctx context.Context, b *bench, h *history, f *figures) error {
	if err := x.check(ctx, &h.place, h.outcomes(), h.all); err != nil {
		return err
	}
	f.RestartPeak = x.peak()
	var err error
	if f.Restarted, err = x.footprint(ctx); err != nil {
		return err
	}
	fresh := singles{b.place, b.now - halfDay + 20_600 + 1800} // behind all that is told
	for n := range b.news {
		time.Sleep(500 * time.Millisecond) // what the last one set off is over
		one, err := x.news(ctx, &fresh, n)
		if err != nil {
			return err
		}
		f.News = append(f.News, one)
	}
	return x.stop()
}

// A shown is how long it took until one more event was acknowledged and counted.
type shown struct {
	Acknowledged, Shown time.Duration
	Groups              float64            // that were derived
	Steps               map[string]float64 // of the snapshot, seconds
}

// news pushes one event and waits for the metrics to count it.
func (x *exporter) news(ctx context.Context, s *singles, n int) (one shown, err error) {
	before, err := x.metrics(ctx)
	if err != nil {
		return one, err
	}
	body := lines([]outage.Event{s.event(n)})
	begun := time.Now()
	r, err := x.push(ctx, body, 1)
	if err != nil {
		return one, err
	}
	one.Acknowledged = time.Since(begun)
	for {
		m, err := x.metrics(ctx)
		if err != nil {
			return one, err
		}
		one.Shown = time.Since(begun)
		if m.sum("outage_store_applied_sequence") >= float64(r.Sequence.Last) {
			one.Steps, one.Groups = m.steps(), m.sum("outage_groups_recomputed_total")-before.sum("outage_groups_recomputed_total")
			if m.sum("outage_events") <= before.sum("outage_events") {
				return one, fmt.Errorf("the metrics know sequence %d, but no new event", r.Sequence.Last)
			}
			return one, nil
		}
		if one.Shown > patience {
			return one, fmt.Errorf("one more event does not count after %s", patience)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
