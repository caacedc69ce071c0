package clickhouse

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/saidi-exporter/saidi/store"
)

// Rows are stored in the group to which they belong by the base that was known
// then. Those that belong elsewhere by another base are its strays.
type strays struct {
	placer *placer
	upTo   int64            // the delivery up to which they are known
	at     map[stray]string // the groups to which they belong
	groups map[string]map[Group]bool
}

// A stray is some rows that are stored in one group and belong to another.
type stray struct {
	in                 Group
	feeder, unit, area string
}

// straysOf are the strays from a base, as far as deliveries are known.
func (s *Store) straysOf(ctx context.Context, p *placer) (*strays, error) {
	s.straying.Lock()
	defer s.straying.Unlock()
	st := s.strays[p.print]
	if st == nil {
		st = &strays{placer: p, at: map[stray]string{}, groups: map[string]map[Group]bool{}}
	}
	tickets, upTo, err := s.placedElse(ctx, st)
	if err != nil {
		return nil, err
	}
	if len(tickets) > 0 {
		st = st.clone() // others may be reading what there is
		if err := s.findStrays(ctx, st, tickets); err != nil {
			return nil, err
		}
	}
	s.strays = map[uint64]*strays{p.print: st} // another base is asked for seldom
	st.upTo = upTo
	return st, nil
}

func (st *strays) clone() *strays {
	c := &strays{
		placer: st.placer, upTo: st.upTo, at: maps.Clone(st.at), groups: map[string]map[Group]bool{},
	}
	for group, places := range st.groups {
		c.groups[group] = maps.Clone(places)
	}
	return c
}

// placedElse are the tickets of deliveries of which it is not known yet what
// strays, and that were placed by another base.
func (s *Store) placedElse(ctx context.Context, st *strays) (tickets []uint64, upTo int64, err error) {
	err = s.look(ctx, func(l *ledger) error {
		upTo = int64(len(l.deliveries))
		for i := st.upTo; i < upTo; i++ {
			if d := &l.deliveries[i]; d.placed != st.placer.print && d.kept() > 0 && l.kind(d) == store.Events {
				tickets = append(tickets, d.ticket)
			}
		}
		return nil
	})
	return tickets, upTo, err
}

// findStrays adds the strays among the rows of some tickets.
func (s *Store) findStrays(ctx context.Context, st *strays, tickets []uint64) error {
	asking, err := with(ctx, numbers("asked", "ticket", tickets))
	if err != nil {
		return err
	}
	var mu sync.Mutex
	return s.cluster.onShards(func(_ int, l *link) error {
		return l.query(asking, "SELECT DISTINCT slot, grp, feeder_id, unit_id, area FROM row_here WHERE "+ofTickets, nil, func(rows driver.Rows) error {
			f, err := scanStray(rows)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			st.add(f)
			return nil
		})
	})
}

func scanStray(rows driver.Rows) (f stray, err error) {
	var slot uint16
	err = rows.Scan(&slot, &f.in.Name, &f.feeder, &f.unit, &f.area)
	f.in.Slot = int(slot)
	return f, err
}

// add adds rows, if they stray.
func (st *strays) add(f stray) {
	group := st.placer.group(f.feeder, f.unit, f.area)
	if group == f.in.Name {
		return
	}
	st.at[f] = group
	if st.groups[group] == nil {
		st.groups[group] = map[Group]bool{}
	}
	st.groups[group][f.in] = true
}

// none says whether every row is stored where it belongs.
func (st *strays) none() bool { return len(st.at) == 0 }

// placesOf are the places where rows of a group are stored beside its own.
func (st *strays) placesOf(group string) []Group {
	places := make([]Group, 0, len(st.groups[group]))
	for at := range st.groups[group] {
		places = append(places, at)
	}
	slices.SortFunc(places, compareGroups)
	return places
}

func compareGroups(x, y Group) int {
	return cmp.Or(cmp.Compare(x.Slot, y.Slot), cmp.Compare(x.Name, y.Name))
}
