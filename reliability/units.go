package reliability

import (
	"cmp"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// units are the units of a base: where each is served, and when. Those of one
// allocation group have consecutive numbers.
type units struct {
	names   *outage.Dict // in the order in which the base first names them
	numbers []int32      // by name, from 1
	byUnit  []outage.Ref // the name of each
	first   []int32      // where the spans of each begin, and one more
	spans   []unitSpan   // of one after the other, in order of time, without overlap
	group   []int32      // of each
	begin   []int32      // the first of each group, and one more
}

// A unitSpan is a time in which a unit is served in one cell.
type unitSpan struct {
	from, to int64
	milli    int64
	cell     int32
}

// number is the number of the unit with a name, or Nowhere.
func (u *units) number(name string) int32 {
	if r, ok := u.names.Known(name); ok && r != 0 {
		return u.numbers[r]
	}
	return Nowhere
}

// count is how many units there are.
func (u *units) count() int { return len(u.group) }

// of gives the spans of a unit.
func (u *units) of(unit int32) []unitSpan { return u.spans[u.first[unit]:u.first[unit+1]] }

// at gives the span of a unit that is valid at t; where none is, the first one
// after, else the last before, and false.
func (u *units) at(unit int32, t int64) (span *unitSpan, inService bool) {
	spans := u.of(unit)
	for i := range spans {
		if t < spans[i].to {
			return &spans[i], t >= spans[i].from
		}
	}
	return &spans[len(spans)-1], false
}

// A namedSpan is a span of a unit on its way into a base.
type namedSpan struct {
	name outage.Ref
	unitSpan
}

// setSpans puts the spans of every name together, in order of time. Numbers are
// those of the names until [units.arrange].
func (u *units) setSpans(list []namedSpan) {
	u.first = make([]int32, u.names.Len())
	for i := range list {
		u.first[list[i].name]++
	}
	for n := range u.first[1:] {
		u.first[n+1] += u.first[n]
	}
	next := slices.Clone(u.first)
	u.spans = make([]unitSpan, len(list))
	for i := range list {
		at := &next[list[i].name-1]
		u.spans[*at] = list[i].unitSpan
		*at++
	}
	for unit := range int32(len(u.first) - 1) {
		slices.SortFunc(u.of(unit), func(x, y unitSpan) int { return cmp.Compare(x.from, y.from) })
	}
}

// arrange numbers the units by allocation group, of each in the order in which
// the base names them.
func (u *units) arrange(groups int, groupOf func(cell int32) int) {
	n := len(u.first) - 1
	u.begin = make([]int32, groups+1)
	group := func(unit int) int { return groupOf(u.spans[u.first[unit]].cell) }
	for unit := range n {
		u.begin[group(unit)+1]++
	}
	for g := range groups {
		u.begin[g+1] += u.begin[g]
	}
	next := slices.Clone(u.begin)
	u.numbers, u.byUnit, u.group = make([]int32, n+1), make([]outage.Ref, n), make([]int32, n)
	for unit := range n {
		g := group(unit)
		u.numbers[unit+1], u.byUnit[next[g]], u.group[next[g]] = next[g], outage.Ref(unit+1), int32(g)
		next[g]++
	}
	if slices.IsSorted(u.byUnit) { // as where no feeder is joined with another
		return
	}
	spans, first := make([]unitSpan, 0, len(u.spans)), make([]int32, 0, n+1)
	for _, name := range u.byUnit {
		first = append(first, int32(len(spans)))
		spans = append(spans, u.of(int32(name)-1)...)
	}
	u.spans, u.first = spans, append(first, int32(len(spans)))
}

// HasUnits says whether the base knows any unit.
func (b *Base) HasUnits() bool { return b.units.count() > 0 }

// UnitName is the name of unit u.
func (b *Base) UnitName(u int) string { return b.units.names.Text(b.units.byUnit[u]) }

// UnitStratum is the stratum of unit u at t, or at the time nearest to it at
// which the unit is in service.
func (b *Base) UnitStratum(u int32, t int64) int {
	span, _ := b.units.at(u, t)
	return b.cells[span.cell].Stratum
}

// UnitGroup is the allocation group of unit u.
func (b *Base) UnitGroup(u int32) int32 { return b.units.group[u] }

// UnitsOf gives the units of an allocation group, those with numbers from first
// to before last.
func (b *Base) UnitsOf(group int) (first, last int32) {
	return b.units.begin[group], b.units.begin[group+1]
}

// NamedInOrder says whether the numbers of two units are in the order of their
// names, bytewise: both are only ever served in one cell.
func (b *Base) NamedInOrder(x, y int32) bool {
	s, t := b.units.of(x), b.units.of(y)
	return len(s) == 1 && len(t) == 1 && s[0].cell == t[0].cell
}
