package app

import (
	"context"
	"maps"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/internal/cluster"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/store"
)

// A rowCounter is how far rows were counted by what became of them, where only sums tell
// that.
type rowCounter struct {
	delivery int64                  // the last one that was
	before   map[string]tallyOfRows // all rows of the answer then, by source; nil before the first answer to a store that was not empty
}

// take counts the rows that were told since the last answer. How many they are, the
// catalogue says. By how many an outcome has grown became of new rows what it says,
// at most all of them; the others were accepted, be it in the place of earlier ones.
func (c *rowCounter) take(ctx context.Context, st store.Keeper, a *cluster.Answer, rows map[string]tallyOfRows) {
	fresh, last, err := newRows(ctx, st, c.delivery, a.Known)
	if err != nil {
		return // they are told with the next answer
	}
	now := map[string]tallyOfRows{}
	for i, sender := range a.Senders {
		if now[sender] == nil {
			now[sender] = tallyOfRows{}
		}
		now[sender].add(a.Engine.Counts(i), a.Engine.RejectedReasons(i))
	}
	if c.before != nil {
		for _, sender := range slices.Sorted(maps.Keys(now)) {
			if rows[sender] == nil {
				rows[sender] = tallyOfRows{}
			}
			rows[sender].grow(c.before[sender], now[sender], fresh[sender])
		}
	}
	c.before, c.delivery = now, last
}

// newRows counts the rows of the deliveries behind one up to a sequence, by source, and
// gives the last of them.
func newRows(ctx context.Context, st store.Keeper, after, until int64) (rows map[string]int64, last int64, err error) {
	rows, last = map[string]int64{}, after
	for {
		list, err := st.Deliveries(ctx, store.Query{After: last, Limit: pageOfDeliveries})
		if err != nil {
			return nil, after, err
		}
		for i := range list {
			d := &list[i]
			if d.Last > until {
				return rows, last, nil
			}
			if last = d.ID; d.Kind == store.Events {
				rows[d.Source] += int64(d.Rows)
			}
		}
		if len(list) < pageOfDeliveries {
			return rows, last, nil
		}
	}
}

// grow adds so many new rows, by what has grown from one tally to another.
func (t tallyOfRows) grow(before, now tallyOfRows, fresh int64) {
	accepted, superseded := metrics.Rows{Outcome: engine.Accepted.String()}, metrics.Rows{Outcome: engine.Superseded.String()}
	for key := range now {
		t[key] += 0 // so that there is a number where none was
	}
	for _, key := range slices.SortedFunc(maps.Keys(now), compareRows) {
		if key == accepted || key == superseded {
			continue
		}
		n := min(max(0, now[key]-before[key]), fresh)
		t[key] += n
		fresh -= n
	}
	t[accepted] += fresh
}
