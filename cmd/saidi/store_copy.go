package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/internal/app"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// transcribing is the command store copy.
type transcribing struct {
	storing
	to string
}

func addCopy(parent *kingpin.CmdClause) (string, func(world) error) {
	x := &transcribing{}
	c := parent.Command("copy", "Copy everything that a store was told into another one, a folder or a database of ClickHouse, and hold both against each other: numbers, sequences and times stay. A copy that broke off goes on. The source may be running, the target must not.")
	c.Arg("from", "The store: its folder, or clickhouse://USER@HOST:9000/DATABASE.").Required().StringVar(&x.dir)
	c.Arg("to", "The copy, likewise: one that is empty or was begun before.").Required().StringVar(&x.to)
	x.langFlag(c)
	return c.FullCommand(), x.run
}

func (x *transcribing) run(w world) error {
	if err := x.apart(); err != nil {
		return err
	}
	return x.reading(w, func(from store.Keeper) error { return x.copy(w, from) })
}

// apart refuses a copy onto or into the store itself.
func (x *transcribing) apart() error {
	isURL := clickhouse.IsURL(x.dir)
	switch {
	case isURL != clickhouse.IsURL(x.to):
		return nil
	case isURL && x.dir == x.to || !isURL && sameFile(x.dir, x.to):
		return usage("%s is the store itself: give another place for the copy", app.PlaceOf(x.to))
	case !isURL && within(x.to, x.dir):
		return usage("%s lies within the store: give another folder", x.to)
	}
	return nil
}

func (x *transcribing) copy(w world, from store.Keeper) (failed error) {
	ctx, clock := context.Background(), &app.Recorded{}
	to, err := app.Keep(ctx, w.place(x.to), clock.Now)
	if err != nil {
		return err
	}
	defer func() { failed = errors.Join(failed, to.Close()) }()
	bar := newCounter(w.stderr)
	defer bar.done()
	show := bar.at()
	sizes := from.Stats()
	all := sizes.Rows + sizes.Rejected
	c := &app.Copying{From: from, To: to, Clock: clock, Progress: func(_, rows int64) { show(rows, all) }}
	put, err := c.Run(ctx)
	bar.done()
	if err != nil {
		return fmt.Errorf("%w\n%d deliveries were copied before that", err, put)
	}
	e, err := app.Equal(ctx, from, to, c.Until)
	if err != nil {
		return fmt.Errorf("hold the copy against the store: %w", err)
	}
	if len(e.Different) > 0 {
		return fmt.Errorf("the copy differs from the store:\n%s", strings.Join(e.Different, "\n"))
	}
	_, err = io.WriteString(w.stdout, x.language(w).Say("store.copied", app.PlaceOf(x.to), e.Deliveries, e.Rows, e.Last, put, e.SHA256)+"\n")
	return err
}
