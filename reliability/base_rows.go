package reliability

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// pointers gives the rows of a base, which are not copied, as many bases are
// large; of one without a class a copy that is unclassified.
func pointers(rows []outage.Customers) []*outage.Customers {
	list := make([]*outage.Customers, len(rows))
	for i := range rows {
		list[i] = &rows[i]
		if rows[i].Class == "" {
			unclassified := rows[i]
			unclassified.Class = outage.Unclassified
			list[i] = &unclassified
		}
	}
	return list
}

// sortRows puts the rows in an order of their own, so that the order of the
// files changes nothing. Of rows of a unit that are equal in every field one is
// kept; without a unit nobody can tell whether the second repeats the first or
// adds to it.
func (b *Base) sortRows() error {
	sortRows(b.rows)
	for i := 1; i < len(b.rows); i++ {
		if r := b.rows[i]; r.Unit == "" && compareCustomers(b.rows[i-1], r) == 0 {
			return &BaseError{Row: *r, Other: b.rows[i-1], Problem: "two rows without unit are equal in every field; " +
				"delete one of them, give each a unit_id, or write their customers as one number"}
		}
	}
	before := len(b.rows)
	b.rows = slices.CompactFunc(b.rows, func(x, y *outage.Customers) bool { return compareCustomers(x, y) == 0 })
	b.Duplicates = before - len(b.rows)
	return nil
}

// sortRows sorts rows, equal ones as they stand. Most files give one feeder
// after the other, each of its classes in order, so that it is enough to put
// these runs in order.
func sortRows(rows []*outage.Customers) {
	var runs [][]*outage.Customers
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to-1].Feeder == rows[to].Feeder && compareCustomers(rows[to-1], rows[to]) <= 0 {
			to++
		}
		runs = append(runs, rows[from:to])
		from = to
	}
	slices.SortStableFunc(runs, func(x, y []*outage.Customers) int { return compareCustomers(x[0], y[0]) })
	for i := 1; i < len(runs); i++ {
		if before := runs[i-1]; compareCustomers(before[len(before)-1], runs[i][0]) >= 0 {
			slices.SortStableFunc(rows, compareCustomers)
			return
		}
	}
	copy(rows, slices.Concat(runs...))
}

func compareCustomers(x, y *outage.Customers) int {
	if c := comparePlaces(x, y); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(x.ValidFrom, y.ValidFrom), cmp.Compare(x.ValidTo, y.ValidTo),
		cmp.Compare(x.Customers, y.Customers), cmp.Compare(x.CapacityKVA, y.CapacityKVA), cmp.Compare(x.Kind, y.Kind),
	)
}

// comparePlaces compares what tells most rows apart, and no more of it than
// that takes.
func comparePlaces(x, y *outage.Customers) int {
	if c := cmp.Compare(x.Feeder, y.Feeder); c != 0 {
		return c
	}
	if c := cmp.Compare(x.Area, y.Area); c != 0 {
		return c
	}
	if c := cmp.Compare(x.Class, y.Class); c != 0 {
		return c
	}
	return cmp.Compare(x.Unit, y.Unit)
}
