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

// errLost says that the tables do not hold what the manifest says.
var errLost = errors.New("the shares that are there are not those that the manifest names")

// follow brings the sums to a moment that is complete.
func (c *composer) follow(ctx context.Context, st *clickhouse.Store, moment *clickhouse.Moment) error {
	if c.era == moment.Era && c.moment < moment.ID {
		err := c.replace(ctx, st, moment)
		if err == nil || !errors.Is(err, errLost) {
			return err
		}
	}
	return c.begin(ctx, st, moment)
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
		c.groups[list[i].Group] = &list[i]
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
		c.groups[list[i].Group] = &list[i]
	}
	c.era, c.moment = moment.Era, moment.ID
	return nil
}

// add adds sums, times sign, if they are of all rows that they should be of.
func (c *composer) add(s *clickhouse.Sums, parts clickhouse.Parts, sign int64) error {
	if s.Parts != parts {
		return fmt.Errorf("%w: %+v, not %+v", errLost, s.Parts, parts)
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
		case f.Known > moment.Known || f.AsOf > moment.AsOf || f.Due <= moment.AsOf:
			return fmt.Errorf("the share of group %q is not of the moment", group.Name)
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
	f, err := m.frameOf(ctx, moment)
	if err != nil {
		return err
	}
	t, err := m.w.telling(ctx, moment.Known)
	if err != nil {
		return err
	}
	if err := m.composer.follow(ctx, m.w.store, moment); err != nil {
		return fmt.Errorf("compose an answer: %w", err)
	}
	together := engine.NewTogether(f.base, m.w.opts, f.ask)
	if err := m.composer.together(together, moment); err != nil {
		return fmt.Errorf("compose an answer: %w", err)
	}
	e, err := together.Engine(moment.AsOf, t.deliveries(f, m.w.opts))
	if err != nil {
		return fmt.Errorf("compose an answer: %w", err)
	}
	latest, err := m.w.store.Latest(ctx, moment.Era, moment.ID)
	if err != nil {
		return fmt.Errorf("compose an answer: %w", err)
	}
	a := f.answer(e, t, moment.AsOf, latest)
	a.Moment = Moment{ID: moment.ID, AsOf: moment.AsOf, Known: moment.Known, Era: moment.Era}
	m.show(a, m.o.Now().Sub(began))
	return nil
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
