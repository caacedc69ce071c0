package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/simulate"
)

// A load is one way of pushing.
type load struct {
	format  string
	rows    int // of a push
	writers int
	most    int // pushes a turn
}

func (b *bench) loads() []load {
	return []load{
		{"NDJSON", 1, 1, b.most[0]}, {"NDJSON", 1, 4, b.most[0]}, {"NDJSON", 1, 16, b.most[0]},
		{"NDJSON", 100, 4, b.most[1]}, {"NDJSON", 10_000, 2, b.most[2]}, {"Parquet", 10_000, 2, b.most[2]},
	}
}

func instant(at int64) string { return time.Unix(at, 0).UTC().Format(time.RFC3339) }

// lines are events as NDJSON.
func lines(list []outage.Event) []byte {
	var b bytes.Buffer
	for i := range list {
		e := &list[i]
		fmt.Fprintf(&b, `{"event_id":%q,"source":%q,"feeder_id":%q,"unit_id":%q,"area":%q,"class":%q,"start":%q,"end":%q,"customers":%d,"nature":%q,"cause":%q}`+"\n",
			e.ID, e.Source, e.Feeder, e.Unit, e.Area, e.Class, instant(e.Start), instant(e.End), e.Customers, e.Nature.String(), e.Cause)
	}
	return b.Bytes()
}

// parquet are events as a Parquet file.
func parquet(list []outage.Event) ([]byte, error) {
	var b bytes.Buffer
	_, err := simulate.WriteEvents(&b, simulate.Parquet, func(yield func(*simulate.Record) bool) {
		for i := range list {
			if !yield(&simulate.Record{Event: list[i]}) {
				return
			}
		}
	})
	return b.Bytes(), err
}

// write writes events in the format of the load.
func (l *load) write(list []outage.Event) ([]byte, error) {
	if l.format == "Parquet" {
		return parquet(list)
	}
	return lines(list), nil
}

// A contest is the exporter and SQLite's program, told the same in turns.
type contest struct {
	*bench
	*exporter
	singles
	database string
	next     int // number of the next event
	told     []spell
	kept     int // rows that SQLite acknowledged
}

// pushes measures all ways of pushing.
func pushes(ctx context.Context, b *bench, f *figures) error {
	return b.serving(ctx, func(x *exporter) error {
		c := &contest{bench: b, exporter: x, singles: b.singlesBefore(), database: filepath.Join(b.dir, "plain.sqlite")}
		for _, l := range b.loads() {
			ours, theirs, err := c.run(ctx, &l)
			if err != nil {
				return fmt.Errorf("%d writers of %d rows of %s: %w", l.writers, l.rows, l.format, err)
			}
			f.Pushes = append(f.Pushes, pushRow(&l, ours, theirs))
		}
		return c.check(ctx)
	})
}

// run lets both sides work in turns.
func (c *contest) run(ctx context.Context, l *load) (ours, theirs *series, err error) {
	all, err := openPlains(c.database, l.writers)
	defer func() {
		for _, p := range all {
			err = errors.Join(err, p.close())
		}
	}()
	if err != nil {
		return nil, nil, err
	}
	ours, theirs = &series{}, &series{}
	for range c.turns {
		bodies, inserts, err := c.make(l)
		if err != nil {
			return nil, nil, err
		}
		done, err := ours.turn(ctx, l.writers, c.turn, bodies, func(ctx context.Context, _ int, body []byte, rows int) error {
			_, err := c.push(ctx, body, rows)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
		c.told = append(c.told, done...)
		if _, err := c.applied(ctx); err != nil { // so that its work does not fall into the other's turn
			return nil, nil, err
		}
		if _, err := theirs.turn(ctx, l.writers, c.turn, inserts, sendPlain(all)); err != nil {
			return nil, nil, err
		}
	}
	c.kept += theirs.rows
	return ours, theirs, nil
}

// make writes the pushes of one turn for both sides, the same rows for each.
func (c *contest) make(l *load) (bodies, inserts []parcel, err error) {
	for range l.most {
		s := spell{c.next, c.next + l.rows}
		c.next = s.to
		var list []outage.Event
		for n := s.from; n < s.to; n++ {
			list = append(list, c.event(n))
		}
		body, err := l.write(list)
		if err != nil {
			return nil, nil, err
		}
		bodies, inserts = append(bodies, parcel{s, body}), append(inserts, parcel{s, statements(list)})
	}
	return bodies, inserts, nil
}

// check holds the report against what was acknowledged, and SQLite's table, too.
func (c *contest) check(ctx context.Context) error {
	if err := c.checkTold(ctx, c.exporter, c.told); err != nil {
		return err
	}
	p, err := openPlain(c.database)
	if err != nil {
		return err
	}
	n, err := p.count()
	if err == nil && n != c.kept {
		err = fmt.Errorf("SQLite keeps %d of %d rows", n, c.kept)
	}
	return errors.Join(err, p.close())
}

// checkTold holds the report against single outages.
func (s *singles) checkTold(ctx context.Context, x *exporter, told []spell) error {
	rows := 0
	for _, one := range told {
		rows += one.to - one.from
	}
	return x.check(ctx, &s.place, outcomes{Rows: rows, Accepted: rows}, s.all(told))
}

// all gives the outages of some numbers.
func (s *singles) all(list []spell) func(yield func(told) bool) {
	list = slices.Clone(list)
	return func(yield func(told) bool) {
		for _, one := range list {
			for n := one.from; n < one.to; n++ {
				if !yield(s.told(n)) {
					return
				}
			}
		}
	}
}
