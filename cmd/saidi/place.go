package main

import (
	"context"
	"fmt"

	"github.com/saidi-exporter/saidi/internal/app"
	"github.com/saidi-exporter/saidi/internal/cluster"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// passwordVariable is the variable of the environment with the password of a store
// whose URL has none.
const passwordVariable = "CLICKHOUSE_PASSWORD"

// place is where a store is: a folder, or a URL with its password.
func (w world) place(text string) string { return app.WithPassword(text, w.variable(passwordVariable)) }

// keeper opens a store for reading, which may be in use.
func (w world) keeper(ctx context.Context, place string) (store.Keeper, error) {
	return app.KeepReadOnly(ctx, w.place(place))
}

// summed counts what a store in ClickHouse knew at a point without holding its rows,
// for an answer that needs none of them.
func (in *inputs) summed(ctx context.Context, w world, st *clickhouse.Store, at moment) error {
	now := w.now().Unix()
	c := cluster.Counting{Store: st, Policy: in.policy, Engine: in.engineOptions(), Until: at.sequence, Snapshot: *in.sums, Latest: min(now, at.received.Unix())}
	if in.asOfText != "" {
		asOf, err := parseTime("--as-of", in.asOfText, in.policy.Zone)
		if err != nil {
			return err
		}
		c.AsOf = &asOf
	}
	bar := newCounter(w.stderr)
	defer bar.done()
	c.Progress = bar.at()
	a, err := c.Run(ctx)
	if err != nil {
		return fmt.Errorf("as known at sequence %d: %w", at.sequence, err)
	}
	in.noteAnswer(a.Notes, a.Refused)
	in.engine, in.baseDigest, in.knownAt = a.Engine, a.BaseSHA256, at.sequence
	_, err = in.asOf(now, c.Latest) // for what there is to note of it
	return err
}

// whole refuses an answer of which sums lacked something.
func (in *inputs) whole() error {
	if missed := in.engine.Missed(); len(missed) > 0 {
		return fmt.Errorf("the sums lack something of %d periods: this is a mistake in the program", len(missed))
	}
	return nil
}
