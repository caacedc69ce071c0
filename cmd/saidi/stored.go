package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/internal/app"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// storeFlags adds the flags by which base and events come from a store.
func (in *inputs) storeFlags(c *kingpin.CmdClause) {
	c.Flag("store", "Take base and events from this store of saidi serve instead of files, a folder or clickhouse://USER@HOST:9000/DATABASE; it may be running.").PlaceHolder("DIR|URL").StringVar(&in.storePath)
	c.Flag("known-at", "Count what the store knew at this sequence, or at this time. Default: all of it.").PlaceHolder("SEQ|TIME").StringVar(&in.knownAtText)
}

// given refuses files beside a store, and neither.
func (in *inputs) given() error {
	switch files := len(in.bases)+len(in.events) > 0 || in.mappingPath != "" || in.coversText != ""; {
	case in.storePath != "" && files:
		return usage("--store holds base and events, how they were read and what they cover: give it without --base, --mapping, --covers and files")
	case in.storePath == "" && in.knownAtText != "":
		return usage("--known-at is a point of a store: give it with --store DIR")
	case in.storePath == "" && len(in.events) == 0:
		return usage("no events: name their files, or give --store DIR")
	}
	return nil
}

// A moment is a point up to which a store was told: the last delivery that counts,
// and its last sequence.
type moment struct {
	delivery, sequence int64
	received           time.Time
}

// momentOf reads a point of a store, a sequence or a time; empty is all of it.
func momentOf(ctx context.Context, st store.Keeper, flag, text string, zone *time.Location) (m moment, err error) {
	sequence := st.Last()
	if sequence == 0 {
		return m, errors.New("the store is empty: nothing was told yet")
	}
	if n, notNumber := strconv.ParseInt(text, 10, 64); text != "" && notNumber == nil {
		if n < 1 || n > sequence {
			return m, usage("%s %d: the store has the sequences 1 to %d", flag, n, sequence)
		}
		sequence = n
	} else if text != "" {
		t, err := period.ParseTime(text, zone)
		if err != nil {
			return m, usage("%s %v, or a sequence", flag, err)
		}
		if sequence, err = st.At(ctx, time.Unix(t+1, 0).Add(-time.Microsecond)); err != nil {
			return m, err
		}
	}
	last, err := lastDelivery(ctx, st, sequence)
	if err != nil {
		return m, err
	}
	if last == nil {
		return m, tooEarly(ctx, st, flag, text, zone)
	}
	return moment{last.ID, last.Last, last.Received}, nil
}

// lastDelivery is the last delivery that ends at or before a sequence; nil where
// there is none.
func lastDelivery(ctx context.Context, st store.Keeper, sequence int64) (last *store.DeliveryInfo, err error) {
	sort.Search(int(st.Stats().Deliveries), func(i int) bool {
		if err != nil {
			return true
		}
		var d store.DeliveryInfo
		if d, err = st.Delivery(ctx, int64(i)+1); err != nil || d.Last > sequence {
			return true
		}
		if last == nil || d.ID > last.ID {
			last = &d
		}
		return false
	})
	return last, err
}

// tooEarly says since when something is known.
func tooEarly(ctx context.Context, st store.Keeper, flag, text string, zone *time.Location) error {
	first, err := st.Delivery(ctx, 1)
	if err != nil {
		return err
	}
	return usage("%s %s: nothing was known yet; the first delivery has the sequences to %d and was received at %s", flag, text, first.Last, first.Received.In(zone).Format(time.RFC3339))
}

// recall takes base and events from the store and advances the engine to as-of,
// which by default is never after the last delivery that counts.
func (in *inputs) recall(w world) (failed error) {
	ctx := context.Background()
	st, err := w.keeper(ctx, in.storePath)
	if err != nil {
		return err
	}
	defer func() { failed = errors.Join(failed, st.Close()) }()
	at, err := momentOf(ctx, st, "--known-at", in.knownAtText, in.policy.Zone)
	if err != nil {
		return err
	}
	if s, ok := st.(*clickhouse.Store); ok && in.sums != nil {
		return in.summed(ctx, w, s, at)
	}
	m, err := in.remember(ctx, st, at)
	if err != nil {
		return err
	}
	in.engine, in.baseDigest, in.knownAt = m.Engine, m.BaseSHA256, at.sequence
	asOf, err := in.asOf(w.now().Unix(), min(w.now().Unix(), at.received.Unix()))
	if err != nil {
		return err
	}
	in.engine.Advance(asOf)
	return nil
}

// remember counts what a store knew at a point, and notes what of it cannot be
// counted.
func (in *inputs) remember(ctx context.Context, st store.Keeper, at moment) (*app.Memory, error) {
	m, err := app.Recall(ctx, st, in.policy, in.engineOptions(), at.sequence)
	if err != nil {
		return nil, fmt.Errorf("as known at sequence %d: %w", at.sequence, err)
	}
	in.noteAnswer(m.Notes, m.Refused)
	return m, nil
}

// noteAnswer notes what is odd about a base, and which deliveries cannot be counted.
func (in *inputs) noteAnswer(notes []outage.Note, refused map[int64]error) {
	in.note("", notes...)
	for _, id := range slices.Sorted(maps.Keys(refused)) {
		in.note("", outage.Notef("not-counted", "delivery %d cannot be counted: %s", id, refused[id].Error()))
	}
}
