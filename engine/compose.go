package engine

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// A composer composes one engine.
type composer struct {
	t     *Together
	e     *Engine
	edged []reliability.Piece
	at    []int32 // by place of a row that is kept: the row
}

// days adds the day sums.
func (c *composer) days() error {
	e := c.e
	e.span = &[2]int64{c.t.first, c.t.last}
	e.earliest = c.t.first
	for k := range c.t.sums {
		e.earliest = min(e.earliest, k.day.Start(e.opts.Zone))
	}
	e.fitCalendar()
	calendar := e.sums.Calendar()
	for k, sums := range c.t.sums {
		day := int(k.day - calendar.First)
		if day < 0 || day >= calendar.Days() || int(k.stratum) >= c.t.base.Strata() || int(k.nature) >= outage.NatureCount || k.band >= reliability.BandCount {
			return fmt.Errorf("a sum is of stratum %d on %s: not of this base or time", k.stratum, k.day)
		}
		e.sums.AddSums(k.stratum, day, k.nature, k.band, sums)
	}
	return nil
}

// rows puts the rows that are kept in the order in which they came.
func (c *composer) rows() error {
	list := slices.Clone(c.t.rows)
	slices.SortFunc(list, func(a, b toldRow) int {
		return cmp.Or(
			cmp.Compare(a.part, b.part), cmp.Compare(a.account, b.account), cmp.Compare(a.Row, b.Row),
			cmp.Compare(a.group, b.group), cmp.Compare(a.told, b.told), // where a place has several rows
		)
	})
	c.at = make([]int32, len(list))
	load := c.e.begin()
	batch := outage.NewBatch(outage.NewDict())
	for i, k := range list {
		c.at[k.told] = int32(i)
		if k.account >= int64(len(c.e.accounts)) || k.account < 0 {
			return fmt.Errorf("a row is of account %d of %d", k.account, len(c.e.accounts))
		}
		if i == 0 || k.part != list[i-1].part || k.account != list[i-1].account {
			load.Deliver(int(k.account), k.part, 0)
		}
		batch.Reset()
		batch.Append(&k.Event)
		if err := load.AddRows(batch, [2]int{0, 1}, [2]int{}); err != nil {
			return err
		}
		c.e.judgeKept(int32(i), k.keptRow)
	}
	return nil
}

// judgeKept says of row i what became of it.
func (e *Engine) judgeKept(i int32, k *keptRow) {
	r := e.rows.at(i)
	r.outcome, r.flags = k.outcome, k.Flags
	if k.remaining {
		r.marks |= remaining
	}
	if k.rejection != nil {
		e.rejectRow(i, k.rejection)
	}
	if k.outcome == Rejected {
		e.listRejected(i)
	}
}

// groups lets what runs go on up to as-of.
func (c *composer) groups() error {
	for _, told := range c.t.groups {
		n := c.e.groupOf(c.e.rows.at(c.at[told.row]))
		g := &c.e.groups[n]
		g.counted, g.isCut = true, told.cut
		g.kept, g.out = c.placed(told.kept), c.placed(told.out)
		if slices.ContainsFunc(g.kept, func(k kept) bool {
			days := c.e.sums.Calendar()
			return !days.Covers(k.piece.Booked) || k.runs && !days.Covers(told.asOf)
		}) {
			return errGoing
		}
		if c.e.asOf > told.asOf {
			c.e.goOn(g, told.asOf)
		}
	}
	return nil
}

// placed gives pieces that are kept the rows of the engine.
func (c *composer) placed(list []kept) []kept {
	list = slices.Clone(list)
	for i := range list {
		list[i].row = c.at[list[i].row]
	}
	return list
}

// edges parts the pieces that are over by where windows may be cut.
func (c *composer) edges() {
	p := c.e.partial
	p.edges = make([][]reliability.Piece, len(p.parts))
	for i := range c.edged {
		piece := &c.edged[i]
		for n, w := range p.parts {
			if piece.From < w.To && piece.To >= w.From || w.Holds(piece.Booked) {
				p.edges[n] = append(p.edges[n], *piece)
			}
		}
	}
}
