package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store"
)

// differing is the command diff.
type differing struct {
	inputs
	showing
	from, to string
	question snapshot.Comparison

	store   store.Keeper
	senders map[int64]snapshot.Sender
	failed  error // of looking a sender up
}

func addDiff(app *kingpin.Application) (string, func(world) error) {
	d := &differing{senders: map[int64]snapshot.Sender{}}
	c := app.Command("diff", "What the deliveries to a store changed between two points: every target and number before and after, and the records that moved it, adding up to the change.")
	c.Flag("store", "The store of saidi serve, a folder or clickhouse://USER@HOST:9000/DATABASE; it may be running.").Required().PlaceHolder("DIR|URL").StringVar(&d.storePath)
	c.Flag("from", "Compare what was known at this sequence, or at this time,").Required().PlaceHolder("SEQ|TIME").StringVar(&d.from)
	c.Flag("to", "with what was known then. Default: all that is known now.").PlaceHolder("SEQ|TIME").StringVar(&d.to)
	c.Flag("scope", "Area, group or whole. Default: those that targets are set for.").PlaceHolder("ID").StringVar(&d.question.Scope)
	c.Flag("class", "Class, group of classes, or all. Default: those that targets are set for.").PlaceHolder("ID").StringVar(&d.question.Class)
	c.Flag("top", "How many records of each number to list; 0 lists all.").Default("20").IntVar(&d.question.Top)
	d.policyFlag(c)
	c.Flag("as-of", "Count both up to this instant. Default: as a report of --to would.").PlaceHolder("TIME").StringVar(&d.asOfText)
	d.staleFlag(c)
	d.showing.flags(c)
	return c.FullCommand(), d.run
}

func (d *differing) run(w world) (failed error) {
	if d.question.Top < 0 {
		return usage("--top %d: want 0 or more", d.question.Top)
	}
	if err := outputs(d.out, "", d.inputPaths()); err != nil {
		return err
	}
	if err := d.open(); err != nil {
		return err
	}
	var err error
	if d.store, err = w.keeper(context.Background(), d.storePath); err != nil {
		return err
	}
	defer func() { failed = errors.Join(failed, d.store.Close()) }()
	answer, err := d.compare(w)
	if err != nil {
		return err
	}
	return write(w, d.out, func(out io.Writer) error { return d.result(w, out, answer) })
}

// compare counts what was known at both points, up to the as-of of the later one.
func (d *differing) compare(w world) (*snapshot.Difference, error) {
	ctx := context.Background()
	from, err := momentOf(ctx, d.store, "--from", d.from, d.policy.Zone)
	if err != nil {
		return nil, err
	}
	to, err := momentOf(ctx, d.store, "--to", d.to, d.policy.Zone)
	if err != nil {
		return nil, err
	}
	if from.sequence > to.sequence {
		return nil, usage("--from is sequence %d, which comes after --to, sequence %d", from.sequence, to.sequence)
	}
	after, err := d.remember(ctx, d.store, to)
	if err != nil {
		return nil, err
	}
	d.engine, d.warnings = after.Engine, nil // what is odd about a base is said by report
	asOf, err := d.asOf(w.now().Unix(), min(w.now().Unix(), to.received.Unix()))
	if err != nil {
		return nil, err
	}
	before, err := d.remember(ctx, d.store, from)
	if err != nil {
		return nil, err
	}
	before.Engine.Advance(asOf)
	after.Engine.Advance(asOf)
	q := d.question
	q.From, q.To = d.known(from, before.BaseSHA256), d.known(to, after.BaseSHA256)
	q.Program, q.Notes, q.Delivery = "saidi "+version(), d.warnings, d.sender
	answer, err := snapshot.Compare(before.Engine, after.Engine, d.policy, q)
	if err != nil {
		return nil, &status{exitUsage, err.Error()}
	}
	return answer, d.failed
}

func (d *differing) known(m moment, base string) snapshot.Known {
	return snapshot.Known{KnownAt: m.sequence, Delivery: m.delivery, Received: m.received.In(d.policy.Zone).Format(time.RFC3339), BaseSHA256: base}
}

// sender looks up when a delivery was told.
func (d *differing) sender(id int64) snapshot.Sender {
	s, ok := d.senders[id]
	if ok || d.failed != nil {
		return s
	}
	info, err := d.store.Delivery(context.Background(), id)
	if err != nil {
		d.failed = err
		return s
	}
	s = snapshot.Sender{Received: info.Received, WithdrawnBy: info.WithdrawnBy}
	d.senders[id] = s
	return s
}

func (d *differing) result(w world, out io.Writer, answer *snapshot.Difference) error {
	switch d.format {
	case formatJSON:
		return report.JSON(out, answer)
	case formatCSV:
		return report.DifferenceCSV(out, answer)
	}
	return report.DifferenceText(out, answer, d.show(w))
}
