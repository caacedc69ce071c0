package clickhouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// A GroupSize is a group with about how many rows there are of it: those that were
// inserted twice or in vain may count.
type GroupSize struct {
	Group
	Rows int64
}

// Groups lists the groups that have rows in force in some slots as known at a
// sequence and by the base there (0: now), with about how many, sorted.
func (s *Store) Groups(ctx context.Context, slots []int, until int64) ([]GroupSize, error) {
	if len(slots) == 0 {
		return nil, nil
	}
	z, err := s.sizing(ctx, slots, until)
	if err == nil && len(z.sel.list) > 0 {
		err = z.count(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("list groups: %w", err)
	}
	list := make([]GroupSize, 0, len(z.rows))
	for _, g := range slices.SortedFunc(maps.Keys(z.rows), compareGroups) {
		list = append(list, GroupSize{g, z.rows[g]})
	}
	return list, nil
}

// A sizing is one call of Groups.
type sizing struct {
	*Store
	groupMap
	sel   *selection
	slots []int
	mu    sync.Mutex
	rows  map[Group]int64
}

func (s *Store) sizing(ctx context.Context, slots []int, until int64) (*sizing, error) {
	sel, err := s.selected(ctx, 0, until)
	if err != nil {
		return nil, err
	}
	m, err := s.groupMap(ctx, until)
	return &sizing{Store: s, groupMap: m, sel: sel, slots: slots, rows: map[Group]int64{}}, err
}

// count counts the rows: by group where every row is where it belongs, and else by
// what says where it belongs.
func (z *sizing) count(ctx context.Context) error {
	where, what, scan := "slot IN ("+joined(z.slots)+")", "slot, grp", z.placed
	if !z.none() {
		what, scan = "slot, grp, feeder_id, unit_id, area", z.owned
		if places := z.strayPlaces(); len(places) > 0 {
			where = "(" + where + " OR " + inPlaces(places) + ")"
		}
	}
	asking, only, err := z.sel.only(longQuery(ctx))
	if err != nil {
		return err
	}
	return z.cluster.onShards(func(_ int, l *link) error {
		return l.query(asking, "SELECT "+what+", count() FROM row_here WHERE "+where+only+" GROUP BY "+what, nil, scan)
	})
}

// strayPlaces are the places outside of the slots of rows that belong into them.
func (z *sizing) strayPlaces() []Group {
	places := map[Group]bool{}
	for group, list := range z.groups {
		if !slices.Contains(z.slots, z.SlotOf(group)) {
			continue
		}
		for at := range list {
			places[at] = !slices.Contains(z.slots, at.Slot)
		}
	}
	maps.DeleteFunc(places, func(_ Group, outside bool) bool { return !outside })
	return slices.SortedFunc(maps.Keys(places), compareGroups)
}

func (z *sizing) placed(rows driver.Rows) error {
	var slot uint16
	var name string
	var n uint64
	if err := rows.Scan(&slot, &name, &n); err != nil {
		return err
	}
	z.add(Group{int(slot), name}, n)
	return nil
}

func (z *sizing) owned(rows driver.Rows) error {
	var slot uint16
	var name, feeder, unit, area string
	var n uint64
	if err := rows.Scan(&slot, &name, &feeder, &unit, &area, &n); err != nil {
		return err
	}
	if g := z.groupOf(z.group(feeder, unit, area)); slices.Contains(z.slots, g.Slot) {
		z.add(g, n)
	}
	return nil
}

func (z *sizing) add(g Group, rows uint64) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.rows[g] += int64(rows)
}

// joined writes slots as SQL has them.
func joined(slots []int) string {
	texts := make([]string, len(slots))
	for i, slot := range slots {
		texts[i] = strconv.Itoa(slot)
	}
	return strings.Join(texts, ", ")
}
