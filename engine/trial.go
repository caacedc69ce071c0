package engine

import (
	"cmp"
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// A Trial is an engine of its own, in which rows can be tried out that nobody has
// told yet. It holds those rows of another engine with which they may compete for
// customers, all in force as they are there; outages without end are over at the
// other's as-of.
type Trial struct {
	*Engine
	Told []int  // by row of the trial, the row of the other engine
	Open []Hold // what outages without end have out at as-of; the rows are those of the other engine
}

// A Hold is customers that a row asks for during a time, whether or not others
// have them out too.
type Hold struct {
	Row        int
	Unit, Cell int32 // of the base, or [reliability.Nowhere]
	Milli      int64 // customers, in thousandths
	From, To   int64 // UTC seconds, half-open; To is [outage.Open] where no end is told
}

// Trial makes a trial for rows that another engine on the same base has in force.
// It takes over the rows of the allocation groups in which these are, but for those
// that cannot change what counts from an instant on, and keeps watch as told. e
// stays as it is.
func (e *Engine) Trial(proposed *Engine, rows []int, since int64, watch *Watch) (*Trial, error) {
	groups := e.groupsBeside(proposed, rows)
	opts := e.opts
	opts.Workers, opts.Watch = 1, watch
	t := &Trial{Engine: newEngine(e.base, opts), Open: e.openHolds(groups)}
	t.areaOfFeeder, t.groups = e.areaOfFeeder, make([]group, e.base.Groups())
	rowsOfGroups := e.rowsOf(groups, since)
	for _, i := range rowsOfGroups {
		t.Told = append(t.Told, int(i))
	}
	return t, t.take(e, rowsOfGroups)
}

// groupsBeside lists the groups of the base in which another engine has rows.
func (e *Engine) groupsBeside(o *Engine, rows []int) []int32 {
	var groups []int32
	for _, i := range rows {
		if g := o.groupOf(o.rows.at(int32(i))); int(g) < e.base.Groups() {
			groups = append(groups, g)
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// rowsOf lists the rows of some groups in the order in which they came, with the
// rows of other groups that say with them who is still out. Left out are those that
// are over by an instant; of the rows of units, which may be one outage with later
// ones and count for repeat rules, and of those that say who is still out, none.
func (e *Engine) rowsOf(groups []int32, since int64) []int32 {
	var rows []int32
	for _, n := range groups {
		for _, i := range e.groups[n].rows {
			r := e.rows.at(i)
			if r.end() < since && r.marks&remaining == 0 && e.numbers.unit[r.unit] == reliability.Nowhere {
				continue
			}
			rows = append(rows, i)
			if r.marks&remaining != 0 && r.marks&shared != 0 {
				rows = append(rows, e.toldWith(i)...)
			}
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// toldWith lists the rows in force that are of the event, feeder and unit of row i.
func (e *Engine) toldWith(i int32) (rows []int32) {
	own := e.rows.at(i)
	for k := e.events.list[own.event].last; k != noRow; k = e.rows.at(k).next {
		if r := e.rows.at(k); r.outcome == Accepted && r.feeder == own.feeder && r.unit == own.unit {
			rows = append(rows, k)
		}
	}
	return rows
}

// trialRows is how many rows a trial takes over at once.
const trialRows = 8192

// take takes over rows that are in force in another engine. The rules of identity
// have had their say there, so each of them counts.
func (t *Trial) take(e *Engine, rows []int32) error {
	l := t.Begin()
	batch := outage.NewBatch(outage.NewDict())
	for some := range slices.Chunk(rows, trialRows) {
		batch.Reset()
		for _, i := range some {
			ev, _ := e.Event(int(i))
			if ev.End == outage.Open {
				ev.End = max(ev.Start, e.asOf)
			}
			batch.Append(&ev)
		}
		if err := l.Add(batch); err != nil {
			return err
		}
	}
	for k, i := range rows {
		t.rows.at(int32(k)).marks |= e.rows.at(i).marks & remaining
	}
	t.givesStillOut = e.givesStillOut
	t.force(l)
	return nil
}

// force puts every row of a load in force.
func (t *Trial) force(l *Load) {
	l.account.Delivery, l.part.account = &outage.Delivery{WholeFeeder: true}, int32(len(t.accounts))
	t.accounts = append(t.accounts, l.account)
	if t.rows.len() == 0 {
		return
	}
	t.parts.list = append(t.parts.list, l.part)
	shares := t.shares(l.from)
	t.demanded += l.place(shares)
	sorted := l.sort(shares)
	for k, n := range sorted.groups {
		g := &t.groups[n]
		g.rows = sorted.of(k)
		for _, i := range g.rows {
			r := t.rows.at(i)
			r.outcome, t.earliest = Accepted, min(t.earliest, int64(r.start))
			t.sources[t.source(i)] = true
		}
	}
}

// Holds lists what the rows in force ask for up to as-of, each as if it were the
// only one, by row and time.
func (e *Engine) Holds() []Hold {
	return e.holds(e.all(), e.asOf, func(*row) bool { return true })
}

// openHolds lists what the rows of some groups have out at as-of of which no end is
// told.
func (e *Engine) openHolds(groups []int32) []Hold {
	if e.asOf == math.MinInt64 {
		return nil
	}
	list := e.holds(groups, e.asOf+1, func(r *row) bool { return r.open() && int64(r.start) <= e.asOf })
	list = slices.DeleteFunc(list, func(h Hold) bool { return h.To <= e.asOf })
	for i := range list {
		list[i].To = outage.Open
	}
	return list
}

func (e *Engine) holds(groups []int32, until int64, wanted func(*row) bool) (list []Hold) {
	d := e.deriver()
	d.piecer = reliability.NewPiecer(e.base, e.opts.Bands, until)
	for _, n := range groups {
		g := &e.groups[n]
		d.restore(g)
		for _, i := range g.rows {
			if !wanted(e.rows.at(i)) {
				continue
			}
			d.records = d.records[:0]
			d.add(i)
			d.piecer.Pieces(d.records, func(p *reliability.Piece) {
				list = append(list, Hold{Row: int(i), Unit: p.Unit, Cell: p.Cell, Milli: p.Milli + p.OverBase + p.Overlap, From: p.From, To: p.To})
			})
		}
	}
	slices.SortFunc(list, func(x, y Hold) int {
		return cmp.Or(cmp.Compare(x.Row, y.Row), cmp.Compare(x.From, y.From), cmp.Compare(x.Cell, y.Cell), cmp.Compare(x.To, y.To))
	})
	return list
}

// Contributions emits what every piece adds that a set counts, by the rules of
// [Engine.Explain], in no fixed order. Both arguments are valid during the call only.
func (e *Engine) Contributions(w period.Period, set reliability.IndexSet, major *Major, emit func(*reliability.Piece, *Contribution)) {
	x := &explanation{e: e, set: set, window: w, major: major}
	e.Pieces(func(p *reliability.Piece, row int) {
		if !set.Counts(p.Nature, p.Band, e.opts.Bands) {
			return
		}
		c := x.of(p)
		c.Row = row
		emit(p, &c)
	})
}

// RejectedRow gives row i, which is rejected, and why it is.
func (e *Engine) RejectedRow(i int) RejectedRow { return e.rejectedRow(int32(i)) }
