package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// errBackwards is of a moment that lies before what was worked out for an earlier
// one, as two conductors may write it. Nobody works it out; another follows.
var errBackwards = errors.New("the newest moment lies before one that was worked out, as two conductors at one time write it: it is left for the next one, which comes by itself within two minutes; if not, look at the clocks and the names of the processes")

// An era is what a member knows of the shares of one era in its slots.
type era struct {
	*frame
	slots  map[int]*slot
	latest map[string]int64
}

// A slot is what a member knows of one of its slots.
type slot struct {
	moment uint64 // the last for which it is done, by this member
	known  int64  // shares are right as of here, but for groups of which something was told since
	whole  bool   // all groups that have rows have shares
	groups map[string]state
}

// A state is what a member remembers of the share of a group.
type state struct {
	due, rows int64
}

// bring brings slots up to a moment; it ends early when enough says so. Slots that
// are done by it are marked.
func (m *Member) bring(ctx context.Context, moment *clickhouse.Moment, slots []int, enough func() bool) error {
	e, err := m.era(ctx, moment)
	if err != nil {
		return err
	}
	slots = slices.DeleteFunc(slices.Clone(slots), func(n int) bool { return e.slots[n] != nil && e.slots[n].moment == moment.ID })
	if slices.ContainsFunc(slots, func(n int) bool { return e.slots[n] != nil && e.slots[n].moment > moment.ID }) {
		e.forget(slots, moment)
		return errBackwards
	}
	if len(slots) == 0 {
		return nil
	}
	if err := m.learn(ctx, e, moment, slots); err != nil {
		return err
	}
	b := &bringing{Member: m, era: e, moment: moment, slots: slots, left: map[int]int{}}
	if b.telling, err = m.w.telling(ctx, moment.Known); err != nil {
		return err
	}
	todo, err := b.todo(ctx)
	if err == nil {
		err = b.run(ctx, todo, enough)
	}
	if err != nil { // others may have worked on the slots meanwhile
		e.forget(slots, moment)
	}
	return err
}

// era gives what is known of the era of a moment. Those of past eras are
// forgotten.
func (m *Member) era(ctx context.Context, moment *clickhouse.Moment) (*era, error) {
	if e := m.eras[moment.Era]; e != nil {
		return e, nil
	}
	f, err := m.frameOf(ctx, moment)
	if err != nil {
		return nil, err
	}
	e := &era{frame: f, slots: map[int]*slot{}, latest: map[string]int64{}}
	m.eras[moment.Era] = e
	return e, nil
}

// learn reads what shares there are of slots that are new to this member. That a
// slot was done says since when nothing was told of its shares, not that they are
// all there: that is asked of the rows.
func (m *Member) learn(ctx context.Context, e *era, moment *clickhouse.Moment, slots []int) error {
	slots = slices.DeleteFunc(slices.Clone(slots), func(n int) bool { return e.slots[n] != nil })
	if len(slots) == 0 {
		return nil
	}
	done, err := m.w.store.LastDone(ctx, m.setting, moment.Era, moment.ID)
	if err != nil {
		return fmt.Errorf("look for what was done: %w", err)
	}
	list, err := m.w.store.InForce(ctx, moment.Era, 0, moment.ID, slots)
	if err != nil {
		return err
	}
	learnt := map[int]*slot{}
	for _, n := range slots {
		learnt[n] = &slot{known: math.MaxInt64, groups: map[string]state{}}
	}
	for _, f := range list {
		if f.Known > moment.Known || f.AsOf > moment.AsOf {
			return errBackwards
		}
		s := learnt[f.Slot]
		s.groups[f.Name] = state{f.Due, f.Rows}
		s.known = min(s.known, f.Known)
	}
	for _, d := range done {
		if s := learnt[d.Slot]; s != nil {
			s.known = d.Known
		}
	}
	maps.Copy(e.slots, learnt)
	return nil
}

// A bringing is one call of bring.
type bringing struct {
	*Member
	*era
	*telling
	moment *clickhouse.Moment
	slots  []int
	left   map[int]int // groups that are still to be worked out, by slot
}

// forget makes the next call learn anew what is not done for a moment.
func (e *era) forget(slots []int, moment *clickhouse.Moment) {
	for _, n := range slots {
		if s := e.slots[n]; s != nil && s.moment != moment.ID {
			delete(e.slots, n)
		}
	}
}

// todo lists the groups that have to be worked out: those without a share, those of
// which something was told, and those in which something begins or ends.
func (b *bringing) todo(ctx context.Context) ([]clickhouse.GroupSize, error) {
	changed, err := b.changed(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the groups that changed: %w", err)
	}
	todo := map[clickhouse.Group]int64{}
	var told int64
	for _, g := range changed {
		todo[g] = b.era.slots[g.Slot].groups[g.Name].rows
	}
	for _, n := range b.slots {
		s := b.era.slots[n]
		for name, state := range s.groups {
			if state.due <= b.moment.AsOf {
				todo[clickhouse.Group{Slot: n, Name: name}] = state.rows
			}
		}
		switch {
		case s.known == math.MaxInt64:
		case s.known > b.moment.Known:
			return nil, errBackwards
		default:
			told = max(told, b.moment.Known-s.known)
		}
	}
	return b.sized(ctx, todo, told)
}

// changed lists the groups of which something was told since their slots were
// right.
func (b *bringing) changed(ctx context.Context) ([]clickhouse.Group, error) {
	since := map[int64][]int{}
	for _, n := range b.slots {
		if known := b.era.slots[n].known; known < b.moment.Known {
			since[known] = append(since[known], n)
		}
	}
	var all []clickhouse.Group
	for _, known := range slices.Sorted(maps.Keys(since)) {
		groups, err := b.w.store.Changed(ctx, known, b.moment.Known, b.moment.Known)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			if slices.Contains(since[known], g.Slot) {
				all = append(all, g)
			}
		}
	}
	return all, nil
}

// sized gives the groups their sizes, and adds those that have no share. What was
// told since may be added to what is remembered of the sizes: where that is more
// than a batch, the store is asked.
func (b *bringing) sized(ctx context.Context, todo map[clickhouse.Group]int64, told int64) ([]clickhouse.GroupSize, error) {
	var missing []int
	for _, n := range b.slots {
		if !b.era.slots[n].whole {
			missing = append(missing, n)
		}
	}
	slots, sum := missing, told
	for _, rows := range todo {
		sum += rows
	}
	if sum > b.w.most {
		slots = b.slots
	}
	var sizes []clickhouse.GroupSize
	if len(slots) > 0 {
		var err error
		if sizes, err = b.w.store.Groups(ctx, slots, b.moment.Known); err != nil {
			return nil, fmt.Errorf("list the groups: %w", err)
		}
	}
	for _, g := range sizes {
		s := b.era.slots[g.Slot]
		_, due := todo[g.Group]
		_, has := s.groups[g.Name]
		if due || !has && !s.whole {
			todo[g.Group] = g.Rows
		}
	}
	list := make([]clickhouse.GroupSize, 0, len(todo))
	for g, rows := range todo {
		list = append(list, clickhouse.GroupSize{Group: g, Rows: rows})
	}
	return list, nil
}

// run works the groups out, batch by batch, and marks slots once they are done.
func (b *bringing) run(ctx context.Context, todo []clickhouse.GroupSize, enough func() bool) error {
	for _, g := range todo {
		b.left[g.Slot]++
	}
	if err := b.mark(ctx); err != nil {
		return err
	}
	stopped := false
	err := b.w.each(ctx, b.frame, b.telling, batches(todo, b.w.most), func(l *loaded) error {
		if err := b.publish(ctx, l); err != nil {
			return err
		}
		if err := b.mark(ctx); err != nil {
			return err
		}
		if stopped = enough(); stopped {
			return errEnough
		}
		return nil
	})
	if refused, ok := errors.AsType[*refusedError](err); ok {
		return b.refuse(ctx, refused)
	}
	if stopped {
		b.forget(b.slots, b.moment)
	}
	return err
}

// publish writes the shares of a batch.
func (b *bringing) publish(ctx context.Context, l *loaded) error {
	shares := l.shares(b.moment.AsOf, b.ask)
	newer := map[string]int64{}
	for source, t := range l.latest {
		if last, ok := b.latest[source]; !ok || t > last {
			newer[source] = t
		}
	}
	if err := b.w.store.AddLatest(ctx, b.moment, newer); err != nil {
		return fmt.Errorf("note what came last: %w", err)
	}
	if err := b.w.store.Publish(ctx, b.moment, b.base, shares); err != nil {
		return fmt.Errorf("write shares: %w", err)
	}
	mergeLatest(b.latest, newer)
	for i := range shares {
		g := &shares[i]
		b.era.slots[g.Slot].groups[g.Name] = state{g.Share.Due, g.Rows}
		b.left[g.Slot]--
	}
	b.count(int64(len(shares)), l.rows)
	return nil
}

// mark says which slots are done.
func (b *bringing) mark(ctx context.Context) error {
	var done []int
	for _, n := range b.slots {
		if s := b.era.slots[n]; b.left[n] == 0 && s.moment != b.moment.ID {
			done = append(done, n)
		}
	}
	if err := b.w.store.AddDone(ctx, b.moment, b.o.ID, done); err != nil {
		return fmt.Errorf("note what is done: %w", err)
	}
	for _, n := range done {
		s := b.era.slots[n]
		s.moment, s.known, s.whole = b.moment.ID, b.moment.Known, true
	}
	return nil
}

// refuse notes deliveries that cannot be counted: the next moment leaves them out.
func (b *bringing) refuse(ctx context.Context, refused *refusedError) error {
	var list []clickhouse.Refusal
	for _, id := range slices.Sorted(maps.Keys(refused.deliveries)) {
		list = append(list, clickhouse.Refusal{Delivery: id, Reason: refused.deliveries[id].Error()})
	}
	if err := b.w.store.Refuse(ctx, b.setting, b.moment.Told, list); err != nil {
		return fmt.Errorf("note what cannot be counted: %w", err)
	}
	return nil
}
