package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/internal/cluster"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/source/folder"
	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// stored is the feed of a store. Sources tell the store, each in a goroutine of
// its own; the engine follows it.
type stored struct {
	*rules
	store store.Keeper
	shelf *shelf
	lives []*live
	door  *door
	now   func() time.Time

	world   *world  // the last good one; nil before it
	memory  *Memory // of the world; nil where the work is shared
	shared  *shared // nil where the store is a folder
	fault   error   // why the world does not follow
	since   time.Time
	rows    map[string]tallyOfRows // by source
	counted int64                  // the last delivery whose rows are in rows
}

// newStored makes a feed of a configuration over a store that is open.
func newStored(c *Config, st store.Keeper, access *push.Access, o *Options) (*stored, error) {
	r, err := loadRules(c)
	if err != nil {
		return nil, err
	}
	b := &bases{store: st, policy: r.policy}
	f := &stored{rules: r, store: st, now: o.Now, shelf: newShelf(r, st, b, o.Read, o.ReadBase), rows: map[string]tallyOfRows{}, counted: st.Stats().Deliveries}
	for i, s := range c.Sources {
		if s.NATS == nil && s.Postgres == nil {
			continue
		}
		l, err := newLive(s, r, r.mappings[i], st, o.Now)
		if err != nil {
			return nil, err
		}
		f.lives = append(f.lives, l)
	}
	if f.door, err = newDoor(r, st, b, access, o); err != nil {
		return nil, err
	}
	for _, s := range c.Sources {
		f.rows[s.Name] = tallyOfRows{}
	}
	if s, ok := st.(*clickhouse.Store); ok {
		f.shared = newShared(r, s, o)
	}
	return f, nil
}

// run runs the sources until ctx is done, and tells of everything that the store
// takes in.
func (f *stored) run(ctx context.Context, changed func()) {
	var all sync.WaitGroup
	defer all.Wait()
	wake := make(chan struct{}, 1)
	all.Go(func() { f.shelf.run(ctx, wake) })
	all.Go(func() {
		_ = folder.Watch(ctx, f.shelf.places(), func() { // without it files are looked at from time to time
			select {
			case wake <- struct{}{}:
			default:
			}
		})
	})
	for _, l := range f.lives {
		all.Go(func() { l.run(ctx) })
	}
	if f.shared != nil {
		f.shared.run(ctx, changed)
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.store.Committed():
			changed()
		}
	}
}

// update takes in what the store was told, and gives the world, which is nil as
// long as there is no base.
func (f *stored) update(ctx context.Context) turn {
	t := turn{asOf: f.now()}
	var err error
	if f.shared != nil {
		t.shown, err = f.join(ctx)
	} else {
		err = f.follow(ctx)
	}
	if t.world = f.world; ctx.Err() != nil {
		return t
	}
	if f.shared != nil && f.world != nil {
		t.asOf = time.Unix(f.world.engine.AsOf(), 0) // that of its moment, and no other
	}
	if err != nil && (f.fault == nil || f.fault.Error() != err.Error()) {
		f.since = time.Now()
	}
	f.fault = err
	return t
}

// join takes the newest answer of those who share the work; shown says that there
// is none since the last.
func (f *stored) join(ctx context.Context) (shown bool, err error) {
	s := f.shared
	if newer := s.update(); newer {
		f.world = &world{
			policy: f.policy, ledger: f.ledger, engine: s.answer.Engine, base: s.answer.BaseSHA256, notes: s.answer.Notes, worst: f.config.Worst,
			senders: s.answer.Senders, known: s.answer.Known,
		}
		s.counts.take(ctx, s.store, s.answer, f.rows)
		f.door.trials.against(s.answer.Engine.Base())
	} else {
		shown = true
	}
	err = s.trouble(s.status)
	switch {
	case errors.Is(err, cluster.ErrNoBase) && f.shelf.base != nil:
		err = nil // the fault of the files says why
	case errors.Is(err, cluster.ErrNoBase):
		err = cluster.ErrNoBase
	case err == nil && len(s.missed) > 0:
		err = fmt.Errorf("the sums of the store lack something of %d periods: they are made anew, and the last good snapshot stays meanwhile", len(s.missed))
	}
	return shown, err
}

func (f *stored) follow(ctx context.Context) error {
	until := f.store.Last()
	if f.world == nil {
		return f.recall(ctx, until)
	}
	if until == f.memory.At {
		return nil
	}
	outdated, err := f.memory.Outdated(ctx, until)
	if err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	if outdated {
		return f.recall(ctx, until)
	}
	if err := f.memory.Follow(ctx, until); err != nil {
		return err
	}
	f.keepUp()
	return nil
}

// recall makes the world anew. Where that cannot be done the last one stays.
func (f *stored) recall(ctx context.Context, until int64) error {
	m, err := Recall(ctx, f.store, f.policy, EngineFor(f.policy, f.config.StaleAfter), until)
	if err != nil {
		if errors.Is(err, cluster.ErrNoBase) && f.shelf.base != nil {
			return nil // the fault of the files says why
		}
		return err
	}
	f.memory = m
	f.world = &world{
		policy: f.policy, ledger: f.ledger, engine: m.Engine, base: m.BaseSHA256, notes: m.Notes, worst: f.config.Worst,
	} // no mapping: the store holds what was read by whichever
	f.keepUp()
	return nil
}

// EngineFor are the options of an engine that keeps what the exporter shows.
func EngineFor(p *policy.Policy, staleAfter time.Duration) engine.Options {
	o := snapshot.EngineOptions(p, staleAfter)
	o.Watch = snapshot.WatchFor(p)
	return o
}

// keepUp notes what the engine has taken in: for the snapshot, for the counters,
// and for those who wait.
func (f *stored) keepUp() {
	f.world.senders, f.world.known = f.memory.senders, f.memory.At
	for _, id := range f.memory.Engine.DeliveredAfter(f.counted) {
		p, _ := f.memory.Engine.Delivered(id)
		name := f.memory.senders[p.Account]
		if f.rows[name] == nil {
			f.rows[name] = tallyOfRows{}
		}
		f.rows[name].add(p.Counts, p.Reasons)
		f.counted = id
	}
	f.door.trials.against(f.memory.Engine.Base())
}

// conditions lists how the sources are doing, the base first.
func (f *stored) conditions() []condition {
	var all []condition
	if f.shelf.base != nil {
		all = append(all, f.shelf.condition(baseName))
	} else {
		all = append(all, condition{name: baseName, places: []string{"/api/v1/base"}, up: f.world != nil})
	}
	for _, s := range f.config.Sources {
		var c condition
		switch i := slices.IndexFunc(f.lives, func(l *live) bool { return l.Name == s.Name }); {
		case i >= 0:
			c = f.lives[i].condition()
		case s.Push:
			c = f.door.condition(s.Name)
		default:
			c = f.shelf.condition(s.Name)
		}
		c.rows = f.rows[s.Name]
		c.latest = f.latest(s.Name)
		all = append(all, c)
	}
	return all
}

// latest is the start of the latest outage that a source told of.
func (f *stored) latest(source string) int64 {
	switch {
	case f.memory != nil:
		return f.memory.latest[source]
	case f.shared != nil && f.shared.answer != nil:
		return f.shared.answer.Latest[source]
	}
	return 0
}

// refusals names the deliveries that cannot be counted.
func (f *stored) refusals() string {
	switch {
	case f.memory != nil:
		return refusals(f.memory.Refused)
	case f.shared != nil && f.shared.answer != nil:
		return refusals(f.shared.answer.Refused)
	}
	return ""
}

// problems lists what is wrong with the store itself.
func (f *stored) problems() []problem {
	var all []problem
	add := func(err error, since time.Time) {
		all = append(all, problem{place: PlaceOf(f.config.Store), err: err, since: since})
	}
	if f.fault != nil {
		add(f.fault, f.since)
	}
	for _, err := range f.store.Health() {
		add(err, time.Time{})
	}
	if text := f.refusals(); text != "" {
		add(errorText(text), time.Time{})
	}
	return all
}

// metric is the store as metrics show it.
func (f *stored) metric() *metrics.Store {
	s := f.store.Stats()
	m := &metrics.Store{Sequence: s.Last, Deliveries: s.Deliveries, Rows: s.Rows, TailRows: s.TailRows, Segments: s.Segments, Bytes: s.Bytes, Faults: len(f.problems())}
	if f.world != nil {
		m.Applied = f.world.known
	}
	if f.shared != nil {
		m.Cluster = f.shared.metric()
	}
	pushed := f.door.handler.Stats()
	m.InFlight = pushed.InFlight
	for _, w := range pushed.Writers {
		m.Writers = append(m.Writers, metrics.Writer{Name: w.Who, Requests: w.Requests, Bytes: w.Bytes, Seconds: w.Seconds})
	}
	return m
}

// inherit takes over from the feed before what counts since the start.
func (f *stored) inherit(before *stored) {
	f.counted = before.counted
	for name, rows := range before.rows {
		if f.rows[name] != nil {
			f.rows[name] = rows
		}
	}
	f.door.waits = before.door.waits
	if f.shared != nil && before.shared != nil { // the last good snapshot stays until there is an answer by the new rules
		f.world, f.shared.answer = before.world, before.shared.answer
		f.shared.counts = before.shared.counts
		if f.world != nil {
			f.door.trials.against(f.world.engine.Base())
		}
	}
}
