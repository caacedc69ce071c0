package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/saidi-exporter/saidi/internal/cluster"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/store/clickhouse"
	"github.com/saidi-exporter/saidi/web"
)

// mostScoped is how many rows a question to a store in ClickHouse may need: they are
// held in memory until it is answered.
const mostScoped = 2_000_000

// A rowQuestion is what is asked of rows, and of which. Where the engine that runs
// was composed of sums an engine with these rows is made for it.
type rowQuestion[T any] struct {
	// pose fills in what the question leaves out, by the engine that runs.
	pose func(*world) error
	// groups says which groups of rows are needed to answer it.
	groups func(context.Context, *world, *shared) ([]clickhouse.Group, error)
	answer func(*world) (T, error)
	size   func(T) int // of the answer, in bytes, about
}

// aboutRows is [about] of a question that needs rows.
func aboutRows[T any](ctx context.Context, a *App, key inquiry, q rowQuestion[T]) (T, error) {
	return answered[T](ctx, a, key, func(ctx context.Context) (reply, error) {
		return a.askRows(ctx, q.pose, q.groups, func(w *world) (reply, error) {
			answer, err := q.answer(w)
			if err != nil {
				return reply{}, err
			}
			return reply{value: answer, bytes: q.size(answer)}, nil
		})
	})
}

// askRows asks in the goroutine that runs, or where the engine there has no rows,
// beside it: one question at a time, as each holds rows.
func (a *App) askRows(ctx context.Context, pose func(*world) error, groups func(context.Context, *world, *shared) ([]clickhouse.Group, error), ask func(*world) (reply, error)) (r reply, err error) {
	var aside *world
	var s *shared
	var failed error
	inside := func() {
		era := a.answers.now()
		switch {
		case a.world == nil || a.state.Load().status.Snapshot == nil:
			failed = web.NoSnapshot()
		default:
			if failed = pose(a.world); failed != nil {
				return
			}
			if a.stored != nil && a.stored.shared != nil {
				copied := *a.world
				aside, s = &copied, a.stored.shared
				r.era = era
				return
			}
			r, failed = ask(a.world)
			r.era = era
		}
	}
	outside := func(ctx context.Context) error {
		if aside == nil || failed != nil {
			return nil
		}
		needed, err := groups(ctx, aside, s)
		if err == nil {
			aside.engine, err = s.member.Scoped(ctx, needed, aside.known, aside.engine.AsOf(), s.most)
		}
		if err != nil {
			return wordedForReader(err)
		}
		era := r.era
		r, err = ask(aside)
		r.era = era
		return err
	}
	err = a.desk.askAside(ctx, inside, outside)
	return r, cmp.Or(failed, err)
}

// wordedForReader words what keeps a question from being answered out of rows.
func wordedForReader(err error) error {
	if many, ok := errors.AsType[*cluster.TooManyError](err); ok {
		return &push.Refused{Err: fmt.Errorf("this needs %d rows of the store, more than the %d that are read for one answer: ask about one area in place of the whole, or use saidi report, explain or plan with --store on a machine with more memory", many.Rows, many.Most)}
	}
	if shard, ok := errors.AsType[*clickhouse.ShardError](err); ok {
		return &push.Busy{RetryAfter: askAgain, Err: &shardGoneError{shard.Shard}}
	}
	return err
}

// A shardGoneError is for who asks what a shard has to say that does not answer. Its
// address is on the page alone.
type shardGoneError struct{ shard int }

// Error names the shard.
func (e *shardGoneError) Error() string {
	return fmt.Sprintf("shard %d of the store does not answer: ask again a little later", e.shard)
}

// ofScope and ofAll are the groups that a question about a scope, and one about
// everything, needs.
func ofScope(q *snapshot.Question) func(context.Context, *world, *shared) ([]clickhouse.Group, error) {
	return func(_ context.Context, w *world, s *shared) ([]clickhouse.Group, error) {
		return groupsOfScope(w, s, q.Scope, q.Index), nil
	}
}

func ofAll(_ context.Context, w *world, s *shared) ([]clickhouse.Group, error) {
	return groupsIn(w, s, nil), nil
}

// groupsOfScope are the groups that have customers in a scope, and the one of all
// rows that are of no feeder; every group where the index set leaves out the major
// event days, which come from the whole.
func groupsOfScope(w *world, s *shared, scope, index string) []clickhouse.Group {
	if exceptMajor(cmp.Or(index, w.policy.Index)) {
		return groupsIn(w, s, nil)
	}
	areas, ok := areasOf(w.policy, scope)
	if !ok {
		return groupsIn(w, s, []outage.Area{}) // what is asked says what is wrong
	}
	return groupsIn(w, s, areas)
}

// groupsIn are the groups that have customers in some areas; nil stands for all.
func groupsIn(w *world, s *shared, areas []outage.Area) []clickhouse.Group {
	base := w.engine.Base()
	names := map[string]bool{"": true}
	all := base.GroupNames()
	for i := range base.Cells() {
		if c := &base.Cells()[i]; areas == nil || slices.Contains(areas, c.Area) {
			names[all[c.Group]] = true
		}
	}
	return s.groupsNamed(slices.Sorted(maps.Keys(names)))
}

// groupsNamed are groups with the slots that they are in.
func (s *shared) groupsNamed(names []string) (list []clickhouse.Group) {
	for _, name := range names {
		list = append(list, clickhouse.Group{Slot: s.store.SlotOf(name), Name: name})
	}
	return list
}

func exceptMajor(index string) bool {
	sets := reliability.Sets()
	i := slices.IndexFunc(sets, func(s reliability.IndexSet) bool { return s.ID == index })
	return i >= 0 && sets[i].ExceptMajor
}

// areasOf are the members of a scope.
func areasOf(p *policy.Policy, scope string) ([]outage.Area, bool) {
	if scope == p.Whole.ID {
		return p.Whole.Areas, true
	}
	for _, g := range p.Groups {
		if g.ID == scope {
			return g.Areas, true
		}
	}
	for _, a := range p.Areas {
		if string(a.ID) == scope {
			return []outage.Area{a.ID}, true
		}
	}
	return nil, false
}
