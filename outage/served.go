package outage

import (
	"cmp"
	"fmt"
	"slices"
)

// Served collects the customer base that travels in an event file: rows that
// give, beside the event, the customers served in its area and class.
type Served struct {
	seen map[servedKey]int64
}

type servedKey struct {
	area  Area
	class Class
	start int64
}

// Add takes what the rows of a batch say. Two rows that begin at one instant in
// one area and class and differ contradict each other.
func (s *Served) Add(b *Batch) error {
	if s.seen == nil {
		s.seen = map[servedKey]int64{}
	}
	for i, n := range b.Served {
		if b.Flags[i]&UnknownArea != 0 || b.Area[i] == 0 {
			continue
		}
		key := servedKey{Area(b.Text(b.Area[i])), Class(b.Text(b.Class[i])), b.Start[i]}
		if key.class == "" {
			key.class = Unclassified
		}
		if other, ok := s.seen[key]; ok && other != n {
			return fmt.Errorf("area %q, class %q: two rows that start at one instant give %d and %d customers served; correct one, or give the base as a file of its own", key.area, key.class, other, n)
		}
		s.seen[key] = n
	}
	return nil
}

// Base gives the base: a number holds from the start of the row that gives it
// until one gives another, the first also before. It is empty where no row gave
// any.
func (s *Served) Base() []Customers {
	keys := make([]servedKey, 0, len(s.seen))
	for k := range s.seen {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y servedKey) int {
		return cmp.Or(cmp.Compare(x.area, y.area), cmp.Compare(x.class, y.class), cmp.Compare(x.start, y.start))
	})
	var rows []Customers
	for _, k := range keys {
		n := s.seen[k]
		if last := len(rows) - 1; last >= 0 && rows[last].Area == k.area && rows[last].Class == k.class {
			if rows[last].Customers == n {
				continue
			}
			rows[last].ValidTo = k.start
			rows = append(rows, Customers{Area: k.area, Class: k.class, Customers: n, ValidFrom: k.start, ValidTo: AlwaysTo})
			continue
		}
		rows = append(rows, Customers{Area: k.area, Class: k.class, Customers: n, ValidFrom: AlwaysFrom, ValidTo: AlwaysTo})
	}
	for i := range rows {
		rows[i].Path, rows[i].Row = "customers served in the events", i+1
	}
	return rows
}
