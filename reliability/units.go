package reliability

import (
	"cmp"
	"math"
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
	homes   []home       // of each
}

// A home is where a unit is served, in half a cache line, as that is asked for
// every row: the one span that most units have, or else just the group.
type home struct {
	milli    int64
	from, to uint32 // the span, as far as rows can begin in it; endless where it has no end
	cell     int32  // Nowhere of a unit with several spans
	stratum  int32
	feeder   int32
	group    int32
}

// endless is the end of a span that has none; no row begins so late.
const endless uint32 = math.MaxUint32

// serves says whether the home knows that the unit is in service at t.
func (h *home) serves(t int64) bool { return int64(h.from) <= t && t < int64(h.to) }

// within says whether the home knows that the unit is in service from one
// instant to another, the later one left out unless both are one.
func (h *home) within(from, to int64) bool {
	return h.serves(from) && (to <= int64(h.to) || h.to == endless)
}

// homeOf is the home of a unit with the spans given.
func homeOf(spans []unitSpan, cells []Cell) home {
	cell := &cells[spans[0].cell]
	h := home{cell: Nowhere, group: int32(cell.Group)}
	if s := &spans[0]; len(spans) == 1 && (s.to == outage.AlwaysTo || s.to < int64(endless)) {
		h.milli, h.from, h.to = s.milli, uint32(min(max(s.from, 0), int64(endless))), uint32(max(min(s.to, int64(endless)), 0))
		h.cell, h.stratum, h.feeder = s.cell, int32(cell.Stratum), cell.feeder
	}
	return h
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
func (u *units) count() int { return len(u.homes) }

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
func (u *units) arrange(groups int, cells []Cell) {
	u.renumber(groups, cells)
	u.homes = make([]home, len(u.byUnit))
	for unit := range u.homes {
		u.homes[unit] = homeOf(u.of(int32(unit)), cells)
	}
}

func (u *units) renumber(groups int, cells []Cell) {
	n := len(u.first) - 1
	next := make([]int32, groups+1) // the first of each group
	group := func(unit int) int { return cells[u.spans[u.first[unit]].cell].Group }
	for unit := range n {
		next[group(unit)+1]++
	}
	for g := range groups {
		next[g+1] += next[g]
	}
	u.numbers, u.byUnit = make([]int32, n+1), make([]outage.Ref, n)
	for unit := range n {
		g := group(unit)
		u.numbers[unit+1], u.byUnit[next[g]] = next[g], outage.Ref(unit+1)
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

// Units is the number of units that the base knows.
func (b *Base) Units() int { return b.units.count() }

// UnitName is the name of unit u.
func (b *Base) UnitName(u int) string { return b.units.names.Text(b.units.byUnit[u]) }

// UnitStratum is the stratum of unit u at t, or at the time nearest to it at
// which the unit is in service.
func (b *Base) UnitStratum(u int32, t int64) int {
	span, _ := b.units.at(u, t)
	return b.cells[span.cell].Stratum
}

// UnitStrata lists the strata in which unit u is in service between two instants,
// in order; at least that of [Base.UnitStratum] at the first.
func (b *Base) UnitStrata(u int32, from, to int64) []int {
	all := []int{b.UnitStratum(u, from)}
	for _, span := range b.units.of(u) {
		if span.from < to && span.to > from {
			all = append(all, b.cells[span.cell].Stratum)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// UnitGroup is the allocation group of unit u.
func (b *Base) UnitGroup(u int32) int32 { return b.units.homes[u].group }

// NamedInOrder says whether the numbers of two units are in the order of their
// names, bytewise: both are only ever served in one cell.
func (b *Base) NamedInOrder(x, y int32) bool {
	cell := b.units.homes[x].cell
	return cell != Nowhere && cell == b.units.homes[y].cell
}
