package snapshot

import (
	"cmp"
	"maps"
	"reflect"
	"slices"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// A recordKey says what a record is. Rows without an event are one record each,
// which the mark tells from others.
type recordKey struct {
	source, id, feeder, unit, stage string
	mark                            engine.Mark
}

func (k recordKey) compare(o recordKey) int {
	return cmp.Or(
		cmp.Compare(k.source, o.source), cmp.Compare(k.id, o.id), cmp.Compare(k.feeder, o.feeder), cmp.Compare(k.unit, o.unit),
		cmp.Compare(k.stage, o.stage), cmp.Compare(k.mark.Delivery, o.mark.Delivery), cmp.Compare(k.mark.Row, o.mark.Row))
}

// A record is what the rows of one key add, before (0) and after (1).
type record struct {
	key   recordKey
	rows  [2][]int // that add something
	parts []recordPart
}

// A recordPart is what a record adds in one area and class.
type recordPart struct {
	area                 outage.Area
	class                outage.Class
	milli, interruptions [2]int64
}

// records lists the records that moved something in a window, in the order of
// their keys.
func (c *comparing) records(w period.Period) []record {
	if list, ok := c.moves[w]; ok {
		return list
	}
	sides := [2]side{newSide(c.before, w), newSide(c.after, w)}
	rows := differing(&sides[0], &sides[1])
	events := [2]map[int]bool{sides[0].withEvents(rows[0]), sides[1].withEvents(rows[1])}
	all := map[recordKey]*record{}
	for n := range sides {
		sides[n].gather(n, sides[n].known(events[n], events[1-n], &sides[1-n]), all)
	}
	list := make([]record, 0, len(all))
	for _, r := range all {
		list = append(list, *r)
	}
	slices.SortFunc(list, func(x, y record) int { return x.key.compare(y.key) })
	c.moves[w] = list
	return list
}

// A side is what all rows add in a window, on one side, in the order of their
// marks.
type side struct {
	e    *engine.Engine
	list []marked
}

// marked is what a row adds in one area and class.
type marked struct {
	engine.Mark
	row                  int // of the engine
	area                 outage.Area
	class                outage.Class
	milli, interruptions int64
}

func newSide(b *examiner, w period.Period) side {
	strata := make([]int, b.e.Base().Strata())
	for i := range strata {
		strata[i] = i
	}
	all := b.e.Explain(strata, w, b.set, b.major)
	s := side{e: b.e, list: make([]marked, len(all))}
	for i := range all {
		c := &all[i]
		s.list[i] = marked{b.e.Mark(c.Row), c.Row, c.Area, c.Class, c.Milli, c.Interruptions}
	}
	slices.SortFunc(s.list, func(x, y marked) int { return x.compare(&y) })
	return s
}

func (m *marked) compare(o *marked) int {
	return cmp.Or(
		cmp.Compare(m.Delivery, o.Delivery), cmp.Compare(m.Row, o.Row), cmp.Compare(m.area, o.area), cmp.Compare(m.class, o.class))
}

// differing lists the rows of each side that add something else on the other.
func differing(before, after *side) (rows [2][]int) {
	x, y := before.list, after.list
	for len(x) > 0 || len(y) > 0 {
		order := 0
		switch {
		case len(x) == 0:
			order = 1
		case len(y) == 0:
			order = -1
		default:
			order = x[0].compare(&y[0])
		}
		if order != 0 || x[0].milli != y[0].milli || x[0].interruptions != y[0].interruptions {
			if order <= 0 {
				rows[0] = append(rows[0], x[0].row)
			}
			if order >= 0 {
				rows[1] = append(rows[1], y[0].row)
			}
		}
		if order <= 0 {
			x = x[1:]
		}
		if order >= 0 {
			y = y[1:]
		}
	}
	return rows
}

// withEvents adds to some rows all the others of their events.
func (s *side) withEvents(rows []int) map[int]bool {
	all := map[int]bool{}
	for _, i := range rows {
		if all[i] {
			continue
		}
		for _, k := range s.e.SameEvent(i) {
			all[k] = true
		}
	}
	return all
}

// known adds to the rows of some events those of events of the other side, as far
// as both sides know of them.
func (s *side) known(events, others map[int]bool, other *side) map[int]bool {
	all := maps.Clone(events)
	for i := range others {
		if k, ok := s.e.Find(other.e.Mark(i)); ok && !all[k] {
			maps.Copy(all, s.withEvents([]int{k}))
		}
	}
	return all
}

// gather adds what the wanted rows add to their records.
func (s *side) gather(n int, wanted map[int]bool, to map[recordKey]*record) {
	for i := range s.list {
		m := &s.list[i]
		if !wanted[m.row] {
			continue
		}
		key := keyOf(s.e, m.row)
		r := to[key]
		if r == nil {
			r = &record{key: key}
			to[key] = r
		}
		if !slices.Contains(r.rows[n], m.row) {
			r.rows[n] = append(r.rows[n], m.row)
		}
		k := slices.IndexFunc(r.parts, func(p recordPart) bool { return p.area == m.area && p.class == m.class })
		if k < 0 {
			k = len(r.parts)
			r.parts = append(r.parts, recordPart{area: m.area, class: m.class})
		}
		r.parts[k].milli[n] += m.milli
		r.parts[k].interruptions[n] += m.interruptions
	}
}

func keyOf(e *engine.Engine, row int) recordKey {
	ev, _ := e.Event(row)
	key := recordKey{source: ev.Source, id: ev.ID, feeder: ev.Feeder, unit: ev.Unit, stage: ev.Stage}
	if ev.ID == "" {
		key.mark = e.Mark(row)
	}
	return key
}

// tell says what moved a record: the delivery that told of it, or withdrew it.
func (c *comparing) tell(m *Move, r *record) {
	by, delivery, row := c.teller(r)
	m.By, m.Delivery = by, delivery
	var place engine.Origin
	switch {
	case row >= 0:
		_, place = c.after.e.Event(row)
	case len(r.rows[1]) > 0:
		_, place = c.after.e.Event(r.rows[1][0])
	default:
		_, place = c.before.e.Event(r.rows[0][0])
	}
	m.Path, m.Sheet, m.Row, m.InDelivery = place.Path, place.Sheet, place.Row, place.Delivery
	if m.Delivery > 0 {
		m.Received = c.after.at(c.q.Delivery(m.Delivery).Received.Unix())
	}
}

// teller finds what moved a record, the delivery and, if one says so, the row of
// the side after.
func (c *comparing) teller(r *record) (by string, delivery int64, row int) {
	gone, news := c.changed(r)
	if len(gone)+len(news) == 0 || c.retold(gone, news) {
		return c.byOthers(), 0, -1
	}
	if row, delivery := c.latest(news); delivery > c.q.From.Delivery {
		return ByTold, delivery, row
	}
	if delivery := c.withdrawal(gone); delivery > 0 {
		return ByWithdrawn, delivery, -1
	}
	if row, delivery := c.successor(r, gone); delivery > 0 {
		return ByTold, delivery, row
	}
	if delivery := c.revival(news); delivery > 0 {
		return ByWithdrawn, delivery, -1
	}
	if c.q.From.BaseSHA256 != c.q.To.BaseSHA256 {
		return ByBase, 0, -1
	}
	return ByOthers, 0, -1
}

// byOthers is what moved a record of which nothing was told.
func (c *comparing) byOthers() string {
	if c.q.From.BaseSHA256 != c.q.To.BaseSHA256 {
		return ByBaseOrOthers
	}
	return ByOthers
}

// changed lists the rows of a record that are no longer in force, and those that
// have come into force.
func (c *comparing) changed(r *record) (gone, news []int) {
	left := func(rows []int, here, there *engine.Engine) (left []int) {
		for _, i := range rows {
			if k, ok := there.Find(here.Mark(i)); !ok || there.Outcome(k) != engine.Accepted {
				left = append(left, i)
			}
		}
		return left
	}
	return left(r.rows[0], c.before.e, c.after.e), left(r.rows[1], c.after.e, c.before.e)
}

// retold says whether the rows that came into force say what those said that are
// gone.
func (c *comparing) retold(gone, news []int) bool {
	if len(gone) != len(news) {
		return false
	}
	said := make([]outage.Event, 0, len(gone))
	for _, i := range gone {
		ev, _ := c.before.e.Event(i)
		ev.Row = 0
		said = append(said, ev)
	}
	for _, i := range news {
		ev, _ := c.after.e.Event(i)
		ev.Row = 0
		k := slices.IndexFunc(said, func(o outage.Event) bool { return reflect.DeepEqual(o, ev) })
		if k < 0 {
			return false
		}
		said = slices.Delete(said, k, k+1)
	}
	return true
}

// latest is the row of the side after that was told last.
func (c *comparing) latest(rows []int) (row int, delivery int64) {
	for _, i := range rows {
		if m := c.after.e.Mark(i); m.Delivery > delivery {
			row, delivery = i, m.Delivery
		}
	}
	return row, delivery
}

// withdrawal is the last delivery that withdrew one of the rows of the side
// before.
func (c *comparing) withdrawal(rows []int) (by int64) {
	for _, i := range rows {
		m := c.before.e.Mark(i)
		if _, ok := c.after.e.Find(m); !ok {
			by = max(by, c.q.Delivery(m.Delivery).WithdrawnBy)
		}
	}
	return by
}

// successor is the row, told since, for which rows of a record are no longer in
// force: another of the record, of its feeder and unit, one that cancels the
// event, or any other of the event.
func (c *comparing) successor(r *record, gone []int) (row int, delivery int64) {
	best := -1
	for _, i := range gone {
		k, ok := c.after.e.Find(c.before.e.Mark(i))
		if !ok {
			continue
		}
		for _, s := range c.after.e.SameEvent(k) {
			m := c.after.e.Mark(s)
			if rank := c.nearness(r, s); rank >= 0 && m.Delivery > c.q.From.Delivery && (rank > best || rank == best && m.Delivery > delivery) {
				best, row, delivery = rank, s, m.Delivery
			}
		}
	}
	return row, delivery
}

// nearness says how likely a row of the same event is what put a record out of
// force; duplicates never are.
func (c *comparing) nearness(r *record, row int) int {
	ev, _ := c.after.e.Event(row)
	outcome := c.after.e.Outcome(row)
	holds := outcome == engine.Accepted || outcome == engine.Excluded
	switch {
	case outcome == engine.Duplicate:
		return -1
	case holds && keyOf(c.after.e, row) == r.key:
		return 5
	case holds && ev.Feeder == r.key.feeder && ev.Unit == r.key.unit:
		return 4
	case outcome == engine.Cancelled:
		return 3
	case holds:
		return 2
	case outcome == engine.Superseded:
		return 1
	}
	return 0
}

// revival is the last delivery that withdrew a row for which rows, known before,
// were not in force.
func (c *comparing) revival(news []int) (by int64) {
	for _, i := range news {
		k, ok := c.before.e.Find(c.after.e.Mark(i))
		if !ok {
			continue
		}
		by = max(by, c.withdrawal(c.before.e.SameEvent(k)))
	}
	return by
}
