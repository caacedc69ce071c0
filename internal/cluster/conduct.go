package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// idBits are the lower bits of the number of a moment, which are random, so that
// two conductors do not write two of one number.
const idBits = 24

// nextID is the number of a moment behind another.
func nextID(last uint64) uint64 { return (last>>idBits+1)<<idBits | rand.Uint64N(1<<idBits) }

// dayAhead is how long beforehand shares are made of what will be asked.
const dayAhead = 86400

// conduct writes the next moment if this member conducts and it is time for one.
func (m *Member) conduct(ctx context.Context, v *view) (written bool, err error) {
	if !m.conducts(v) {
		m.stalled = stall{}
		return false, nil
	}
	if v.now != nil {
		if v.lost, err = m.w.store.IsLost(ctx, m.setting, v.now.Era); err != nil {
			return false, fmt.Errorf("look for shares that are gone: %w", err)
		}
	}
	next := m.next(v)
	if next == nil {
		return false, nil
	}
	if err := m.fill(ctx, v, next); err != nil {
		return false, fmt.Errorf("begin a moment: %w", err)
	}
	if err := m.w.store.AddMoment(ctx, next); err != nil {
		return false, fmt.Errorf("write a moment: %w", err)
	}
	return true, nil
}

// mostAhead is how far in seconds a moment may be ahead of the clock of home, or
// the last one of the clock of the member that writes the next. Where it is more,
// the last one is of a clock that was wrong.
const mostAhead = 5

// next gives the next moment, as far as time and sequence go; nil where it is not
// time for one.
func (m *Member) next(v *view) *clickhouse.Moment {
	now := min(m.o.Now().Unix(), v.clock+mostAhead)
	next := &clickhouse.Moment{Setting: m.setting, AsOf: now, Known: m.w.store.Last(), By: m.o.ID, ID: nextID(0)}
	last := v.now
	if last == nil {
		return next
	}
	next.ID, next.Complete, next.Generation = nextID(last.ID), last.Complete, last.Generation
	if v.ahead != nil {
		next.ID = max(next.ID, nextID(v.ahead.ID))
	}
	if m.complete(v) {
		next.Complete, m.stalled.tries = last.ID, 0
	}
	switch {
	case next.Known < last.Known: // what this process knows is behind
		return nil
	case v.lost: // no earlier answer can be composed either
		next.Generation, next.Complete = last.Generation+1, 0
		return next
	case last.AsOf > now+mostAhead: // its shares are of a time yet to come
		next.Generation++
		return next
	case !m.complete(v) && !m.hopeless(v, now):
		return nil
	case !m.complete(v), m.due(v, next):
		next.AsOf = max(now, last.AsOf)
		return next
	}
	return nil
}

// due says whether it is time for another moment, by the clock of home or that of
// this member: one of them may stand still.
func (m *Member) due(v *view, next *clickhouse.Moment) bool {
	passed := max(next.AsOf-v.now.AsOf, v.age)
	return next.Known > v.now.Known && passed >= 1 || passed >= int64(m.o.Refresh.Seconds())
}

// A stall is how long a moment has made no progress.
type stall struct {
	moment     uint64
	done       int
	since, age int64 // by the clock of the member, and the age of the moment
	tries      int   // moments in a row that were given up
}

// stalledAfter is the time in seconds after which a moment without progress is
// given up for another: nobody may be able to work it out. It is twice as long
// after each that was given up, up to an hour, as groups may be that large.
const (
	stalledAfter = 60
	mostDoubled  = 6
)

// hopeless says whether the newest moment is not going to be worked out.
func (m *Member) hopeless(v *view, now int64) bool {
	if v.superseded {
		return true
	}
	s := &m.stalled
	if s.moment != v.now.ID || s.done != len(v.done) {
		*s = stall{v.now.ID, len(v.done), now, v.age, s.tries}
	}
	if max(now-s.since, v.age-s.age) < stalledAfter<<min(s.tries, mostDoubled) {
		return false
	}
	s.tries++
	return true
}

// fill says what the shares of a moment are to hold: the same as those of the last
// one where that will do, so that they go on to be used.
func (m *Member) fill(ctx context.Context, v *view, next *clickhouse.Moment) (err error) {
	if next.Told, err = m.w.store.Era(ctx, next.Known); err != nil {
		return err
	}
	refused, err := m.w.store.Refusals(ctx, m.setting, next.Told)
	if err != nil {
		return err
	}
	for _, r := range refused {
		next.Refused = append(next.Refused, r.Delivery)
	}
	f, err := m.frameOf(ctx, next)
	if err != nil {
		return err
	}
	t, err := m.w.telling(ctx, next.Known)
	if err != nil {
		return err
	}
	a := &asking{worker: m.w, frame: f, deliveries: t.deliveries(f, m.w.opts), moment: next}
	if err := m.choose(v, a); err != nil {
		return err
	}
	next.Era = eraOf(next)
	return m.prepare(ctx, v, a)
}

// choose takes the ask of shares that are there where it will do, those that were
// made ahead first.
func (m *Member) choose(v *view, a *asking) error {
	next := a.moment
	for _, last := range []*clickhouse.Moment{v.ahead, v.now} {
		if last == nil || !alike(last, next) || !slices.Equal(last.Refused, next.Refused) || last == v.ahead && len(v.aheadDone) < m.w.store.Slots() {
			continue
		}
		if serves, err := a.serves(last.Ask, next.AsOf); err != nil || serves {
			next.Ask = last.Ask
			return err
		}
	}
	return a.ask()
}

// prepare begins a moment ahead of time if what is asked now will not do for long.
func (m *Member) prepare(ctx context.Context, v *view, a *asking) error {
	next := a.moment
	asks := []string{next.Ask}
	if v.ahead != nil && alike(v.ahead, next) && slices.Equal(v.ahead.Refused, next.Refused) {
		asks = append(asks, v.ahead.Ask)
	}
	for _, ask := range asks {
		if serves, err := a.serves(ask, next.AsOf+dayAhead); err != nil || serves {
			return err
		}
	}
	ahead := *next
	if err := (&asking{a.worker, a.frame, a.deliveries, &ahead}).ask(); err != nil || slices.Contains(asks, ahead.Ask) {
		return err
	}
	ahead.ID, ahead.Ahead, ahead.Era = nextID(next.ID), true, eraOf(&ahead)
	return m.w.store.AddMoment(ctx, &ahead)
}

// An asking works out what the shares of a moment are to hold.
type asking struct {
	*worker
	*frame
	deliveries []*outage.Delivery
	moment     *clickhouse.Moment
}

// serves says whether shares that hold an ask will do at an instant.
func (a *asking) serves(text string, asOf int64) (bool, error) {
	ask, err := parseAsk(text)
	if err != nil {
		return false, err
	}
	return snapshot.StillServes(ask, a.base, a.policy, asOf, a.deliveries, a.snapshot), nil
}

// ask gives the moment what is asked anew.
func (a *asking) ask() error {
	ask := snapshot.AskFor(a.base, a.policy, a.moment.AsOf, a.deliveries, a.snapshot)
	text, err := json.Marshal(ask)
	a.moment.Ask = string(text)
	return err
}

func parseAsk(text string) (*engine.Ask, error) {
	ask := &engine.Ask{}
	if err := json.Unmarshal([]byte(text), ask); err != nil {
		return nil, fmt.Errorf("read what shares hold: %w", err)
	}
	return ask, nil
}

// frameOf makes the frame of a moment; the last ones are kept. What is asked is
// filled in where the moment says it.
func (m *Member) frameOf(ctx context.Context, of *clickhouse.Moment) (*frame, error) {
	f := m.frames[of.Told]
	if f == nil {
		var err error
		if f, err = m.w.frame(ctx, of.Known); err != nil {
			return nil, err
		}
		if len(m.frames) > 1 {
			clear(m.frames)
		}
		m.frames[of.Told] = f
	}
	with := *f
	with.refused = map[int64]error{}
	if err := m.reasons(ctx, of, &with); err != nil || of.Ask == "" {
		return &with, err
	}
	var err error
	with.ask, err = parseAsk(of.Ask)
	return &with, err
}

// reasons notes why deliveries do not count.
func (m *Member) reasons(ctx context.Context, of *clickhouse.Moment, f *frame) error {
	if len(of.Refused) == 0 {
		return nil
	}
	list, err := m.w.store.Refusals(ctx, of.Setting, of.Told)
	for _, r := range list {
		if slices.Contains(of.Refused, r.Delivery) {
			f.refused[r.Delivery] = errors.New(r.Reason)
		}
	}
	return err
}
