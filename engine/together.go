package engine

import (
	"fmt"
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// A Together adds up shares, which are of one base, of engines with the same
// options, and of the same ask, in any order. It is for one goroutine.
type Together struct {
	base        *reliability.Base
	opts        Options
	ask         *Ask
	asOf, due   int64 // an engine of the shares is of an instant from the one to before the other
	first, last int64
	sums        map[dayKey]reliability.Sums
	entries     map[entryKey][4]int64
	rows        []toldRow
	groups      []toldGroup
	err         error
}

// A toldRow is a row that a share keeps, with its group and its place among those
// that were added.
type toldRow struct {
	*keptRow
	group string
	told  int
}

// A toldGroup is what goes on in a group, by the places of its rows.
type toldGroup struct {
	asOf int64
	goingGroup
}

// NewTogether is empty.
func NewTogether(base *reliability.Base, opts Options, ask *Ask) *Together {
	return &Together{
		base: base, opts: opts.withDefaults(), ask: ask, asOf: math.MinInt64, due: math.MaxInt64, first: math.MaxInt64, last: math.MinInt64,
		sums: map[dayKey]reliability.Sums{}, entries: map[entryKey][4]int64{},
	}
}

// Add adds a share.
func (t *Together) Add(s *Share) {
	t.AddSums(s.Days, s.Entries)
	t.AddGoing(s.AsOf, s.Due, s.First, s.Last, s.Going)
}

// AddSums adds what shares add up, or what somebody else has added up of some.
func (t *Together) AddSums(days []DaySum, entries []Entry) {
	for i := range days {
		d := &days[i]
		key := dayKey{d.Stratum, d.Day, d.Nature, d.Band}
		sums := t.sums[key]
		sums.Add(d.Sums, 1)
		t.sums[key] = sums
	}
	for i := range entries {
		key := entryKey{entries[i].Kind, entries[i].Key}
		sums := t.entries[key]
		for k, n := range entries[i].N {
			sums[k] += n
		}
		t.entries[key] = sums
	}
}

// AddGoing adds the rest of a share. Of shares that have nothing going, the latest
// as-of, the earliest due and first and the latest last may come together.
func (t *Together) AddGoing(asOf, due, first, last int64, going []byte) {
	t.asOf, t.due = max(t.asOf, asOf), min(t.due, due)
	t.first, t.last = min(t.first, first), max(t.last, last)
	if len(going) == 0 {
		return
	}
	r := &goingReader{rest: going[1:]}
	if going[0] != goingVersion {
		r.fail()
	}
	from := len(t.rows)
	for range r.count() {
		k := r.row()
		t.rows = append(t.rows, toldRow{k, t.base.GroupName(k.Feeder, k.Unit, outage.Area(k.Area)), len(t.rows)})
	}
	for range r.count() {
		g := goingGroup{row: int32(r.int()), cut: r.bool(), kept: r.pieces(), out: r.pieces()}
		if !g.shift(from, len(t.rows)) || !t.knows(g.kept) || !t.knows(g.out) {
			r.fail()
			break
		}
		t.groups = append(t.groups, toldGroup{asOf, g})
	}
	if t.err == nil {
		t.err = r.err
	}
}

// knows says whether pieces lie where the base has something.
func (t *Together) knows(list []kept) bool {
	return !slices.ContainsFunc(list, func(k kept) bool {
		p := &k.piece
		return p.Cell != reliability.Nowhere && !isOneOf(int64(p.Cell), len(t.base.Cells())) || !isPiece(t.base, p)
	})
}

// shift counts the rows of a group from another one on; false where one is none of
// those up to a last.
func (g *goingGroup) shift(from, to int) bool {
	ok := true
	for _, row := range g.references() {
		at := int64(*row) + int64(from)
		ok = ok && *row >= 0 && at < int64(to)
		*row = int32(at)
	}
	return ok
}

// references lists where the group names rows.
func (g *goingGroup) references() []*int32 {
	list := []*int32{&g.row}
	for _, some := range [...][]kept{g.kept, g.out} {
		for i := range some {
			list = append(list, &some[i].row)
		}
	}
	return list
}

// Engine composes an engine at an instant, for which all shares must hold, of the
// accounts of the engines that made them, in their order. It answers what needs no
// rows as an engine would that has them all; see [Engine.Partial].
func (t *Together) Engine(asOf int64, deliveries []*outage.Delivery) (*Engine, error) {
	switch {
	case t.err != nil:
		return nil, t.err
	case asOf < t.asOf:
		return nil, fmt.Errorf("a share is of %s, after %s: ask for that instant or a later one", clock(t.asOf), clock(asOf))
	case asOf >= t.due:
		return nil, fmt.Errorf("a share does not hold at %s: its group has to be worked out anew from %s on", clock(asOf), clock(t.due))
	}
	c := &composer{t: t, e: New(t.base, t.opts)}
	for _, d := range deliveries {
		c.e.Open(d)
	}
	c.e.asOf, c.e.partial = asOf, newPartial(t.ask)
	for _, step := range [...]func() error{c.days, c.rows, c.entries, c.groups} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("compose shares: %w", err)
		}
	}
	c.e.partial.parts = period.Union(t.ask.Hot)
	c.edges()
	return c.e, nil
}
