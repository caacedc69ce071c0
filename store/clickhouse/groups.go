package clickhouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// A groupMap is what groups are by the base at a sequence.
type groupMap struct {
	*placer
	*strays
}

func (s *Store) groupMap(ctx context.Context, until int64) (m groupMap, err error) {
	if m.placer, err = s.placerAt(ctx, until); err != nil {
		return m, fmt.Errorf("read the base: %w", err)
	}
	m.strays, err = s.straysOf(ctx, m.placer)
	return m, err
}

// A set gathers groups from several shards.
type set struct {
	mu     sync.Mutex
	groups map[Group]bool
}

func (t *set) add(g Group) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.groups[g] = true
}

func (t *set) sorted() []Group { return slices.SortedFunc(maps.Keys(t.groups), compareGroups) }

// Changed lists the groups of which something was told behind one sequence up to
// another (0: now), with those in which an event has rows that a row of these with
// a revision or a cancellation tells of. They are groups by the base at a sequence
// (0: now) that need not be either.
func (s *Store) Changed(ctx context.Context, after, until, at int64) ([]Group, error) {
	list, err := s.changed(ctx, after, until, at)
	if err != nil {
		return nil, fmt.Errorf("list what changed: %w", err)
	}
	return list, nil
}

func (s *Store) changed(ctx context.Context, after, until, at int64) ([]Group, error) {
	sel, err := s.selected(ctx, after, until)
	if err != nil || len(sel.list) == 0 {
		return nil, err
	}
	m, err := s.groupMap(ctx, at)
	if err != nil {
		return nil, err
	}
	var all, astray []uint64
	for i := range sel.list {
		if d := &sel.list[i]; d.placed == m.print {
			all = append(all, d.ticket)
		} else {
			astray = append(astray, d.ticket)
		}
	}
	groups := &set{groups: map[Group]bool{}}
	if err := s.touched(ctx, m, all, astray, groups); err != nil {
		return nil, err
	}
	events, err := s.revisedEvents(ctx, append(all, astray...))
	if err != nil {
		return nil, err
	}
	if err := s.eventGroups(ctx, m, events, groups); err != nil {
		return nil, err
	}
	return groups.sorted(), nil
}

// touched adds the groups of the rows of tickets that are where they belong, and
// of others.
func (s *Store) touched(ctx context.Context, m groupMap, all, astray []uint64, into *set) error {
	if len(all) > 0 {
		asking, err := with(ctx, numbers("asked", "ticket", all))
		if err != nil {
			return err
		}
		if err := s.addPlaces(asking, "SELECT DISTINCT slot, grp FROM touched_here WHERE ticket IN (SELECT ticket FROM asked)", into); err != nil {
			return err
		}
	}
	if len(astray) == 0 {
		return nil
	}
	asking, err := with(ctx, numbers("asked", "ticket", astray))
	if err != nil {
		return err
	}
	return s.addOwners(asking, m, "SELECT DISTINCT feeder_id, unit_id, area FROM row_here WHERE "+ofTickets, into)
}

// addPlaces adds the groups that a query gives.
func (s *Store) addPlaces(ctx context.Context, text string, into *set) error {
	return s.cluster.onShards(func(_ int, l *link) error {
		return l.query(ctx, text, nil, func(rows driver.Rows) error {
			var slot uint16
			var name string
			err := rows.Scan(&slot, &name)
			into.add(Group{int(slot), name})
			return err
		})
	})
}

// addOwners adds the groups to which the feeders, units and areas belong that a
// query gives.
func (s *Store) addOwners(ctx context.Context, m groupMap, text string, into *set) error {
	return s.cluster.onShards(func(_ int, l *link) error {
		return l.query(ctx, text, nil, func(rows driver.Rows) error {
			var feeder, unit, area string
			err := rows.Scan(&feeder, &unit, &area)
			into.add(s.groupOf(m.group(feeder, unit, area)))
			return err
		})
	})
}

// revisedEvents are the events of which rows of some tickets have a revision or
// cancel them.
func (s *Store) revisedEvents(ctx context.Context, tickets []uint64) ([]uint64, error) {
	asking, err := with(ctx, numbers("asked", "ticket", tickets))
	if err != nil {
		return nil, err
	}
	events := map[uint64]bool{}
	var mu sync.Mutex
	err = s.cluster.onShards(func(_ int, l *link) error {
		return l.query(asking, "SELECT DISTINCT event FROM row_here WHERE "+ofTickets+" AND (revision != 0 OR cancelled != 0)", nil, func(rows driver.Rows) error {
			var event uint64
			err := rows.Scan(&event)
			mu.Lock()
			defer mu.Unlock()
			events[event] = true
			return err
		})
	})
	return slices.Sorted(maps.Keys(events)), err
}

// eventGroups adds the groups in which events have rows.
func (s *Store) eventGroups(ctx context.Context, m groupMap, events []uint64, into *set) error {
	if len(events) == 0 {
		return nil
	}
	asking, err := with(ctx, numbers("asked", "event", events))
	if err != nil {
		return err
	}
	const where = "event IN (SELECT event FROM asked)"
	if m.none() {
		return s.addPlaces(asking, "SELECT DISTINCT slot, grp FROM event_here WHERE "+where, into)
	}
	return s.addOwners(asking, m, "SELECT DISTINCT feeder_id, unit_id, area FROM row_here WHERE (slot, grp) IN (SELECT slot, grp FROM event_here WHERE "+where+") AND "+where, into)
}

// GroupsOf lists the groups, by the base at a sequence (0: now), in which an event
// may have rows.
func (s *Store) GroupsOf(ctx context.Context, source, id string, at int64) ([]Group, error) {
	m, err := s.groupMap(ctx, at)
	groups := &set{groups: map[Group]bool{}}
	if err == nil {
		err = s.eventGroups(ctx, m, []uint64{eventHash(source, []byte(id))}, groups)
	}
	if err != nil {
		return nil, fmt.Errorf("find the groups of an event: %w", err)
	}
	return groups.sorted(), nil
}
