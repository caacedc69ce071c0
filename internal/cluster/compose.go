package cluster

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// A composer holds the sums of all shares of an era as of a moment, and follows
// from one moment to the next by what was replaced. It is for one goroutine.
type composer struct {
	era, moment uint64
	groups      map[clickhouse.Group]*clickhouse.InForce
	days        map[dayKey]reliability.Sums
	entries     map[entryKey][4]int64
	goings      map[uint64][]byte // by entry
	seconds     float64
	rows        int64 // that the shares were made of
}

type dayKey struct {
	stratum int32
	day     period.Day
	nature  outage.Nature
	band    reliability.Band
}

type entryKey struct {
	kind uint8
	key  string
}

// errLost says that shares are gone, or were never there.
var errLost = errors.New("shares are missing in the tables manifest, day_sum, tally and going")

// follow brings the sums to a moment that is complete, and of which so many rows
// are to count.
func (c *composer) follow(ctx context.Context, st *clickhouse.Store, moment *clickhouse.Moment, rows int64) error {
	if c.era == moment.Era && c.moment < moment.ID {
		err := c.replace(ctx, st, moment)
		if err == nil {
			err = c.whole(rows)
		}
		if err == nil || !errors.Is(err, errLost) {
			return err
		}
	}
	if err := c.begin(ctx, st, moment); err != nil {
		return err
	}
	return c.whole(rows)
}

// whole says whether the shares are made of so many rows. Otherwise the next call
// of follow begins anew.
func (c *composer) whole(rows int64) error {
	if c.rows == rows {
		return nil
	}
	c.era = 0
	return fmt.Errorf("%w: they are made of %d rows, and %d count", errLost, c.rows, rows)
}

// begin has the servers add up all shares.
func (c *composer) begin(ctx context.Context, st *clickhouse.Store, moment *clickhouse.Moment) error {
	*c = composer{
		groups: map[clickhouse.Group]*clickhouse.InForce{}, days: map[dayKey]reliability.Sums{}, entries: map[entryKey][4]int64{}, goings: map[uint64][]byte{},
	}
	list, err := st.InForce(ctx, moment.Era, 0, moment.ID, nil)
	if err != nil {
		return err
	}
	var parts clickhouse.Parts
	for i := range list {
		c.put(&list[i])
		parts.Add(list[i].Parts, 1)
	}
	sums, err := st.SumInForce(ctx, moment.Era, moment.ID)
	if err == nil {
		err = c.add(sums, parts, 1)
	}
	if err == nil {
		c.era, c.moment = moment.Era, moment.ID
	}
	return err
}

// replace adds what was written since the last moment and takes out what it
// replaced.
func (c *composer) replace(ctx context.Context, st *clickhouse.Store, moment *clickhouse.Moment) error {
	list, err := st.InForce(ctx, moment.Era, c.moment, moment.ID, nil)
	if err != nil {
		return err
	}
	var added, removed []uint64
	var addedParts, removedParts clickhouse.Parts
	for i := range list {
		added = append(added, list[i].Entry)
		addedParts.Add(list[i].Parts, 1)
		if old := c.groups[list[i].Group]; old != nil {
			removed = append(removed, old.Entry)
			removedParts.Add(old.Parts, 1)
		}
	}
	if len(added) > clickhouse.MostEntries {
		return c.begin(ctx, st, moment)
	}
	plus, err := st.SumOf(ctx, moment.Era, added)
	if err != nil {
		return err
	}
	minus, err := st.SumOf(ctx, moment.Era, removed)
	if err != nil {
		return err
	}
	c.era = 0 // of nothing, if it breaks off here
	if err := errors.Join(c.add(plus, addedParts, 1), c.add(minus, removedParts, -1)); err != nil {
		return err
	}
	for i := range list {
		c.put(&list[i])
	}
	c.era, c.moment = moment.Era, moment.ID
	return nil
}

// put notes what the manifest says of the share of a group.
func (c *composer) put(f *clickhouse.InForce) {
	if old := c.groups[f.Group]; old != nil {
		c.rows -= old.Rows
	}
	c.groups[f.Group] = f
	c.rows += f.Rows
}

// add adds sums, times sign, if they are of all rows that they should be of.
func (c *composer) add(s *clickhouse.Sums, parts clickhouse.Parts, sign int64) error {
	if s.Parts != parts {
		return fmt.Errorf("%w: %d, %d and %d rows are in the latter three, and the manifest names %d, %d and %d",
			errLost, s.Parts.Days, s.Parts.Tallies, s.Parts.Goings, parts.Days, parts.Tallies, parts.Goings)
	}
	for i := range s.Days {
		d := &s.Days[i]
		key := dayKey{d.Stratum, d.Day, d.Nature, d.Band}
		sums := c.days[key]
		if sums.Add(d.Sums, sign); sums == (reliability.Sums{}) {
			delete(c.days, key)
			continue
		}
		c.days[key] = sums
	}
	for i := range s.Entries {
		c.addEntry(&s.Entries[i], sign)
	}
	for _, g := range s.Goings {
		if sign > 0 {
			c.goings[g.Entry] = []byte(g.Going)
		} else {
			delete(c.goings, g.Entry)
		}
	}
	c.seconds += float64(sign) * s.Seconds
	return checkSeconds(c.seconds)
}

func (c *composer) addEntry(e *engine.Entry, sign int64) {
	key := entryKey{e.Kind, e.Key}
	sums := c.entries[key]
	for k := range sums {
		sums[k] += sign * e.N[k]
	}
	if sums == ([4]int64{}) {
		delete(c.entries, key)
		return
	}
	c.entries[key] = sums
}

// together gives the sums to an engine to be.
func (c *composer) together(t *engine.Together, moment *clickhouse.Moment) error {
	days := make([]engine.DaySum, 0, len(c.days))
	for k, sums := range c.days {
		days = append(days, engine.DaySum{Stratum: k.stratum, Day: k.day, Nature: k.nature, Band: k.band, Sums: sums})
	}
	entries := make([]engine.Entry, 0, len(c.entries))
	for k, n := range c.entries {
		entries = append(entries, engine.Entry{Kind: k.kind, Key: k.key, N: n})
	}
	t.AddSums(days, entries)
	asOf, due, first, last := int64(math.MinInt64), int64(math.MaxInt64), int64(math.MaxInt64), int64(math.MinInt64)
	for group, f := range c.groups {
		switch {
		case f.Known > moment.Known || f.AsOf > moment.AsOf:
			return fmt.Errorf("the share of group %q: %w", group.Name, errBackwards)
		case f.Due <= moment.AsOf:
			return fmt.Errorf("%w: that of group %q is too old", errLost, group.Name)
		case f.Parts.Goings > 0:
			t.AddGoing(f.AsOf, f.Due, f.First, f.Last, c.goings[f.Entry])
		default:
			asOf, due, first, last = max(asOf, f.AsOf), min(due, f.Due), min(first, f.First), max(last, f.Last)
		}
	}
	t.AddGoing(asOf, due, first, last, nil)
	return nil
}

// compose makes the answer of the newest moment that is complete, if there is a
// newer one than the last.
func (m *Member) compose(ctx context.Context, v *view) error {
	moment, err := m.composable(ctx, v)
	if err != nil || moment == nil {
		return err
	}
	began := m.o.Now()
	a, err := m.composeOf(ctx, moment)
	if errors.Is(err, errLost) {
		err = m.lose(ctx, moment, err)
	}
	if err != nil {
		return fmt.Errorf("compose an answer: %w", err)
	}
	m.lost = loss{}
	m.show(a, m.o.Now().Sub(began))
	return nil
}

func (m *Member) composeOf(ctx context.Context, moment *clickhouse.Moment) (*Answer, error) {
	f, err := m.frameOf(ctx, moment)
	if err != nil {
		return nil, err
	}
	t, err := m.w.telling(ctx, moment.Known)
	if err != nil {
		return nil, err
	}
	rows, err := m.w.store.Kept(ctx, moment.Known, moment.Refused)
	if err != nil {
		return nil, err
	}
	if err := m.composer.follow(ctx, m.w.store, moment, rows); err != nil {
		return nil, err
	}
	together := engine.NewTogether(f.base, m.w.opts, f.ask)
	if err := m.composer.together(together, moment); err != nil {
		return nil, err
	}
	e, err := together.Engine(moment.AsOf, t.deliveries(f, m.w.opts))
	if err != nil {
		return nil, err
	}
	latest, err := m.w.store.Latest(ctx, moment.Era, moment.ID)
	if err != nil {
		return nil, err
	}
	a := f.answer(e, t, moment.AsOf, latest)
	a.Moment = Moment{ID: moment.ID, AsOf: moment.AsOf, Known: moment.Known, Era: moment.Era}
	return a, nil
}

// A loss is how many times in a row shares of an era were missing.
type loss struct {
	era   uint64
	times int
}

// lostAfter is how many times in a row shares have to be missing before they are
// given up: a replica may be behind.
const lostAfter = 3

// lose has the conductor begin an era anew whose shares are missing again and
// again, unless it is the rows of which they would be made that are gone.
func (m *Member) lose(ctx context.Context, moment *clickhouse.Moment, lost error) error {
	if m.lost.era != moment.Era {
		m.lost = loss{era: moment.Era}
	}
	if m.lost.times++; m.lost.times < lostAfter {
		return lost
	}
	m.lost.times = 0
	if err := m.w.store.Missing(ctx, moment.Known); err != nil {
		return err
	}
	if err := m.w.store.Lose(ctx, m.setting, moment.Era, lost.Error()); err != nil {
		return fmt.Errorf("note that shares are gone: %w", err)
	}
	return fmt.Errorf("%w; all are made anew: nothing needs to be done unless this comes back", lost)
}

// composable gives the newest complete moment; nil where it is shown already.
func (m *Member) composable(ctx context.Context, v *view) (*clickhouse.Moment, error) {
	switch {
	case v.now == nil:
		return nil, nil
	case m.complete(v):
		if v.now.ID > m.shown {
			return v.now, nil
		}
		return nil, nil
	case v.now.Complete > m.shown:
		moment, err := m.w.store.MomentOf(ctx, m.setting, v.now.Complete)
		if err != nil {
			return nil, fmt.Errorf("look for the last complete moment: %w", err)
		}
		return moment, nil
	}
	return nil, nil
}
