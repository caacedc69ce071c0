package engine

import (
	"sync"
	"sync/atomic"

	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// Advance moves as-of to t, which may also lie before, and brings the sums up
// to date. Going on, it derives the pieces of those groups only in which
// something has begun or ended since, or that a delivery touched; in the others
// what is still out is counted on.
func (e *Engine) Advance(t int64) {
	e.mustBeWhole()
	due, running := e.dueAt(t)
	e.count(due, -1)
	from := e.asOf
	e.asOf = t
	e.turn(from)
	e.fitCalendar()
	for _, n := range running {
		e.goOn(&e.groups[n], from)
	}
	var missing []int32
	for n := range e.groups {
		if g := &e.groups[n]; !g.counted && len(g.rows) > 0 {
			missing = append(missing, int32(n))
		}
	}
	e.count(missing, 1)
}

// dueAt lists the groups that have to be derived again if as-of moves to t, and
// those in which what runs goes on.
func (e *Engine) dueAt(t int64) (due, running []int32) {
	if t == e.asOf {
		return nil, nil
	}
	still := e.stillUntil()
	for n := range e.groups {
		switch g := &e.groups[n]; {
		case !g.counted || t > e.asOf && g.due > t && g.quiet <= e.asOf:
		case t > e.asOf && e.goesOn(g, t, still):
			running = append(running, int32(n))
		default:
			due = append(due, int32(n))
		}
	}
	return due, running
}

// fitCalendar makes the calendar hold every day from the first row in force to
// as-of.
func (e *Engine) fitCalendar() {
	from, to := e.asOf, e.asOf
	if e.earliest < from {
		from = e.earliest
	}
	if e.sums != nil {
		c := e.sums.Calendar()
		if c.Covers(from) && c.Covers(to) {
			return
		}
		from, to = min(from, c.Start(0)), max(to, c.Start(c.Days())-1)
	}
	const ahead = 400 * 86400 // so that a clock that moves on finds its days
	c := period.NewCalendar(from, to+ahead, e.opts.Zone)
	if e.sums == nil {
		e.sums = reliability.NewDaySums(e.base.Strata(), c)
		return
	}
	e.sums.Recalendar(c)
}

// fewGroups is the number of groups up to which starting workers does not pay.
const fewGroups = 4

// count adds the pieces of groups to the sums, or takes them out (sign −1).
func (e *Engine) count(groups []int32, sign int64) {
	if sign > 0 {
		e.work += len(groups)
	}
	if len(groups) <= fewGroups || e.opts.Workers == 1 {
		e.countInto(e.sums, groups, sign)
		return
	}
	parts := make([]*reliability.DaySums, e.opts.Workers)
	e.parallel(groups, func(worker int, d *deriver, g *group) {
		if parts[worker] == nil {
			parts[worker] = reliability.NewDaySums(e.base.Strata(), e.sums.Calendar())
		}
		e.countGroup(parts[worker], d, g, sign)
	})
	for _, part := range parts {
		if part != nil {
			e.sums.Merge(part)
		}
	}
}

func (e *Engine) countInto(sums *reliability.DaySums, groups []int32, sign int64) {
	d := e.deriver()
	for _, n := range groups {
		e.countGroup(sums, d, &e.groups[n], sign)
	}
}

func (e *Engine) countGroup(sums *reliability.DaySums, d *deriver, g *group, sign int64) {
	g.counted, g.watched, g.kept = sign > 0, nil, nil
	switch {
	case sign < 0:
		d.pieces(g, func(p *reliability.Piece, _ int32) { sums.Add(p, -1) })
		return
	case e.opts.Watch != nil:
		d.countWatched(sums, g)
	default:
		d.pieces(g, func(p *reliability.Piece, row int32) {
			sums.Add(p, 1)
			d.keep(g, p, row)
		})
	}
	d.bounds(g)
}

// countWatched adds the pieces of a group to the sums and keeps what stands out.
func (d *deriver) countWatched(sums *reliability.DaySums, g *group) {
	if d.watch == nil {
		d.watch = d.e.watcher()
	}
	d.watch.begin()
	d.pieces(g, func(p *reliability.Piece, row int32) {
		sums.Add(p, 1)
		d.keep(g, p, row)
		d.watch.add(p, row)
	})
	g.watched = d.watch.end()
}

// parallel works on groups, several at once. A worker's number tells whose
// memory it may use.
func (e *Engine) parallel(groups []int32, work func(worker int, d *deriver, g *group)) {
	derivers := make([]*deriver, e.opts.Workers)
	e.inParallel(len(groups), func(worker, k int) {
		if derivers[worker] == nil {
			derivers[worker] = e.deriver()
		}
		work(worker, derivers[worker], &e.groups[groups[k]])
	})
}

// inParallel does n pieces of work, several at once.
func (e *Engine) inParallel(n int, work func(worker, k int)) {
	if n == 1 || e.opts.Workers == 1 {
		for k := range n {
			work(0, k)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for worker := range min(n, e.opts.Workers) {
		wait.Go(func() {
			for k := next.Add(1) - 1; k < int64(n); k = next.Add(1) - 1 {
				work(worker, int(k))
			}
		})
	}
	wait.Wait()
}

// all lists the groups that have rows.
func (e *Engine) all() []int32 {
	list := make([]int32, 0, len(e.groups))
	for n := range e.groups {
		if len(e.groups[n].rows) > 0 {
			list = append(list, int32(n))
		}
	}
	return list
}

// groupsWhere lists the groups in which something is out, or begins, between
// two instants.
func (e *Engine) groupsWhere(from, to int64) []int32 {
	var list []int32
	for n := range e.groups {
		if e.hasWithin(&e.groups[n], from, to) {
			list = append(list, int32(n))
		}
	}
	return list
}
