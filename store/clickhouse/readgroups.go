package clickhouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	native "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/outage"
)

// ReadGroups gives all rows in force of some groups, by the base at a sequence
// (0: now) and as known at it, by delivery in order. With them come, as foreign,
// the rows with a revision or a cancellation of the same events that are in other
// groups. All rows of the groups are in memory at one time.
func (s *Store) ReadGroups(ctx context.Context, groups []Group, until int64, take func(*Chunk) error) error {
	if err := s.readGroups(ctx, groups, until, take); err != nil {
		return fmt.Errorf("read groups: %w", err)
	}
	return nil
}

func (s *Store) readGroups(ctx context.Context, groups []Group, until int64, take func(*Chunk) error) error {
	sel, err := s.selected(ctx, 0, until)
	if err != nil || len(groups) == 0 || len(sel.list) == 0 {
		return err
	}
	m, err := s.groupMap(ctx, until)
	if err != nil {
		return err
	}
	dict := outage.NewDict()
	r := &groupReading{Store: s, sel: sel, groupMap: m, asked: map[string]bool{}, harvest: newHarvest(dict, len(s.cluster.shards)), events: make([]map[uint64]bool, len(s.cluster.shards))}
	for _, g := range groups {
		r.asked[g.Name] = true
	}
	if err := r.natives(ctx, groups); err != nil {
		return err
	}
	if err := r.foreigners(ctx); err != nil {
		return err
	}
	r.harvest.sort()
	give := newGiver(dict, sel.part, take)
	if err := give.give(r.harvest); err != nil {
		return err
	}
	return give.flush()
}

// A groupReading is one call of ReadGroups.
type groupReading struct {
	*Store
	groupMap
	sel     *selection
	asked   map[string]bool
	harvest *harvest
	events  []map[uint64]bool // of the rows of the groups, by shard; nil where no row has a say over other groups
}

// longQuery lets a query name many groups.
func longQuery(ctx context.Context) context.Context {
	return native.Context(ctx, native.WithSettings(native.Settings{"max_query_size": 256 << 20}))
}

// natives reads the rows of the groups from wherever they are stored.
func (r *groupReading) natives(ctx context.Context, groups []Group) error {
	places := make([]map[Group]bool, len(r.cluster.shards))
	for i := range places {
		places[i] = map[Group]bool{}
	}
	for _, g := range groups {
		places[g.Slot%len(places)][g] = true
		for _, at := range r.placesOf(g.Name) {
			places[at.Slot%len(places)][at] = true
		}
	}
	some, err := r.anyRevised(ctx)
	if err != nil {
		return err
	}
	asking, only, err := r.sel.only(longQuery(ctx))
	if err != nil {
		return err
	}
	return r.cluster.onShards(func(i int, l *link) error {
		if len(places[i]) == 0 {
			return nil
		}
		if some {
			r.events[i] = map[uint64]bool{}
		}
		return r.ofPlaces(asking, i, l, only, slices.SortedFunc(keys(places[i]), compareGroups))
	})
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// anyRevised says whether any row has a say over rows of other groups.
func (r *groupReading) anyRevised(ctx context.Context) (bool, error) {
	var mu sync.Mutex
	found := false
	err := r.cluster.onShards(func(_ int, l *link) error {
		list, err := queryAll(ctx, l, func(rows driver.Rows, n *uint64) error { return rows.Scan(n) }, "SELECT ticket FROM revised_here LIMIT 1")
		mu.Lock()
		defer mu.Unlock()
		found = found || len(list) > 0
		return err
	})
	return found, err
}

// ofPlaces reads rows of a shard that are stored in some groups, and keeps those
// that belong to the groups that were asked for.
func (r *groupReading) ofPlaces(ctx context.Context, shard int, l *link, only string, places []Group) error {
	row, into, events := newScanned(), r.harvest.shards[shard], r.events[shard]
	return l.query(ctx, "SELECT "+rowFields+" FROM row_here WHERE "+inPlaces(places)+only, nil, func(rows driver.Rows) error {
		if err := row.scan(rows); err != nil {
			return err
		}
		delivery, counts := r.sel.tickets[row.ticket]
		if !counts || !r.none() && !r.isAsked(row) {
			return nil
		}
		into.add(row, delivery, false)
		if events != nil {
			events[eventHash(row.event.Source, []byte(row.event.ID))] = true
		}
		return nil
	})
}

// isAsked says whether a row belongs to one of the groups that were asked for.
func (r *groupReading) isAsked(row *scanned) bool {
	return r.asked[r.group(row.event.Feeder, row.event.Unit, row.event.Area)]
}

// inPlaces is the condition that a row is stored in one of some groups.
func inPlaces(places []Group) string {
	var b strings.Builder
	b.WriteString("(slot, grp) IN (")
	for i, g := range places {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "(%d, '%s')", g.Slot, quoted(g.Name))
	}
	b.WriteString(")")
	return b.String()
}

// quoted is a text as it stands in SQL between quotes.
func quoted(text string) string {
	return strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\x00", `\0`).Replace(text)
}

// foreigners reads the rows with a revision or a cancellation of the events of the
// groups that belong to other groups.
func (r *groupReading) foreigners(ctx context.Context) error {
	all := map[uint64]bool{}
	for _, events := range r.events {
		for event := range events {
			all[event] = true
		}
	}
	if len(all) == 0 {
		return nil
	}
	list := make([]uint64, 0, len(all))
	for event := range all {
		list = append(list, event)
	}
	slices.Sort(list)
	asking, err := with(ctx, numbers("asked", "event", list))
	if err != nil {
		return err
	}
	return r.cluster.onShards(func(i int, l *link) error { return r.revised(asking, l, r.harvest.shards[i]) })
}

func (r *groupReading) revised(ctx context.Context, l *link, into *gathering) error {
	row := newScanned()
	return l.query(ctx, "SELECT "+rowFields+" FROM revised_here WHERE event IN (SELECT event FROM asked)", nil, func(rows driver.Rows) error {
		if err := row.scan(rows); err != nil {
			return err
		}
		if delivery, counts := r.sel.tickets[row.ticket]; counts && !r.isAsked(row) {
			into.add(row, delivery, true)
		}
		return nil
	})
}
