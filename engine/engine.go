package engine

import (
	"math"
	"runtime"
	"sort"
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// Options are what the counting depends on besides base and events.
type Options struct {
	Zone    *time.Location    // of local days; required
	Bands   reliability.Bands // zero means [reliability.DefaultBands]
	Workers int               // zero means one for every processor
	// StaleAfter is the time in seconds for which an outage may be open before
	// it is listed as stale; zero means three days.
	StaleAfter int64
	Watch      *Watch // nil: what stands out is not kept
}

const defaultStaleAfter = 3 * 86400

func (o Options) withDefaults() Options {
	if o.Bands == (reliability.Bands{}) {
		o.Bands = reliability.DefaultBands()
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.StaleAfter == 0 {
		o.StaleAfter = defaultStaleAfter
	}
	return o
}

// An Engine holds the rows of all deliveries and the day sums of those in
// force. Its methods are for one goroutine at a time.
type Engine struct {
	base *reliability.Base
	opts Options
	asOf int64

	rows     rows
	extras   extras
	dict     *outage.Dict
	causes   causes
	areas    *outage.Dict // the areas that rows name, as 16-bit numbers
	classes  *outage.Dict
	events   events
	accounts []*account
	parts    parts

	numbers      numbers
	changes      []int64 // see changesOfBase; nil until it is asked for
	areaOfFeeder []int32 // of the base, or Nowhere where it is in several
	groups       []group
	stretch      int32                 // rows that a worker takes together, at least
	unplaced     map[unplacedKey]int32 // groups beyond the base's

	sums          *reliability.DaySums
	givesStillOut bool // some delivery gives the customers who are still out

	service map[period.Day]int64 // customer-seconds in service of whole days, as far as they were asked for
	books   books
	rejects rejectList
	sources map[outage.Ref]bool // of all rows
	span    *[2]int64           // first and last start of rows in force; nil where that is to be looked for

	leaving  []int32  // groups from which rows went out of force
	earliest int64    // no row in force ever started before
	demanded float64  // upper bound of all customer-seconds asked for, in thousandths
	work     int      // groups that were counted, for metrics and tests
	partial  *partial // nil of an engine that has all its rows
}

// group is an allocation group: rows that may compete for the same customers.
type group struct {
	rows    []int32 // in force, in the order of handing out once sorted
	sorted  bool
	counted bool  // its pieces are in the sums
	quiet   int64 // nothing happens in it from here on …
	due     int64 // … until the next row starts
	next    int64 // nothing begins or ends in it from as-of to here
	kept    []kept
	reach   []int64 // see [Engine.setReach]
	watched *watched
	out     []kept // of a partial engine: what is out at as-of, where isCut
	isCut   bool   // kept does not say what is out
}

// unplacedKey is a feeder that the base does not know, or an area where a row
// names none.
type unplacedKey struct {
	feeder outage.Ref
	area   uint16
}

// New makes an engine without events for a base. As-of is the beginning of time
// until [Engine.Advance].
func New(base *reliability.Base, opts Options) *Engine {
	e := newEngine(base, opts.withDefaults())
	e.areaOfFeeder, e.groups = areaOfFeeders(base), make([]group, base.Groups())
	return e
}

// newEngine makes an engine that lacks what is as large as the base.
func newEngine(base *reliability.Base, opts Options) *Engine {
	e := &Engine{
		base: base, opts: opts, asOf: math.MinInt64,
		dict: outage.NewDict(), causes: newCauses(), areas: outage.NewDict(), classes: outage.NewDict(),
		events: newEvents(), unplaced: map[unplacedKey]int32{},
		sources: map[outage.Ref]bool{}, service: map[period.Day]int64{}, earliest: math.MaxInt64, stretch: rowBlock,
	}
	if opts.Watch != nil {
		e.books.ys = opts.Watch.Years
	}
	return e
}

// Base is the customer base that the engine counts against.
func (e *Engine) Base() *reliability.Base { return e.base }

// Bands are the thresholds that the engine counts with.
func (e *Engine) Bands() reliability.Bands { return e.opts.Bands }

// AsOf is the instant up to which sums count.
func (e *Engine) AsOf() int64 { return e.asOf }

// StaleAfter is the time in seconds after which an open outage is stale.
func (e *Engine) StaleAfter() int64 { return e.opts.StaleAfter }

// LastStart is the start of the last row in force; ok is false without rows.
func (e *Engine) LastStart() (t int64, ok bool) {
	span := e.startSpan()
	return span[1], span[0] <= span[1]
}

// FirstStart is the start of the first row in force; ok is false without rows.
func (e *Engine) FirstStart() (t int64, ok bool) {
	span := e.startSpan()
	return span[0], span[0] <= span[1]
}

// startSpan gives the first and last start of rows in force; the first is later
// where there are none.
func (e *Engine) startSpan() [2]int64 {
	if e.span == nil {
		e.span = &[2]int64{math.MaxInt64, math.MinInt64}
		for n := range e.groups {
			first, last := e.groupSpan(&e.groups[n], math.MaxInt64)
			e.span[0], e.span[1] = min(e.span[0], first), max(e.span[1], last)
		}
	}
	return *e.span
}

// groupSpan gives the first and last start of the rows of a group, up to an
// instant; the first is later where there are none.
func (e *Engine) groupSpan(g *group, until int64) (first, last int64) {
	first, last = math.MaxInt64, math.MinInt64
	rows := g.rows
	if g.sorted && len(rows) > 1 {
		n := sort.Search(len(rows), func(k int) bool { return int64(e.rows.at(rows[k]).start) > until })
		rows = []int32{rows[0], rows[max(0, n-1)]}
	}
	for _, i := range rows {
		if start := int64(e.rows.at(i).start); start <= until {
			first, last = min(first, start), max(last, start)
		}
	}
	return first, last
}

// Derived is the number of times that a group was counted so far. Each time it is
// derived once, and before once more where it had been counted to be taken out.
func (e *Engine) Derived() int { return e.work }

// DefaultAsOf is the as-of instant of files that are read once: the local
// midnight after the last start, or the year's end if that is at most three
// days on, or the end of the last declared period if that is later, never after
// now; ok is false without rows. Rows that start after now are pending and move
// nothing, unless there are no others.
func (e *Engine) DefaultAsOf(ys period.YearStart, now int64) (asOf int64, ok bool) {
	last := int64(math.MinInt64)
	if e.partial != nil {
		last = e.lastOfShares(now)
	}
	for n := range e.groups {
		_, of := e.groupSpan(&e.groups[n], now)
		last = max(last, of)
	}
	if last == math.MinInt64 {
		_, ok = e.LastStart()
		return now, ok
	}
	asOf = (period.DayOf(last, e.opts.Zone) + 1).Start(e.opts.Zone)
	yearEnd := ys.Year(ys.YearOf(last, e.opts.Zone), e.opts.Zone).To
	if yearEnd-asOf <= 3*86400 {
		asOf = yearEnd
	}
	for _, d := range e.accounts {
		for _, c := range d.Covers {
			asOf = max(asOf, c.To)
		}
	}
	return min(asOf, now), true
}

// claim is what row i says about where its customers are. It only reads the
// caches, which [Engine.learn] has filled.
func (e *Engine) claim(i int32, r *row) reliability.Claim {
	c := reliability.Claim{
		Unit: e.numbers.unit[r.unit], Feeder: e.numbers.feeder[r.feeder],
		Area: e.numbers.area[r.area], Class: e.numbers.class[r.class],
		NamesUnit: r.unit != 0, NamesFeed: r.feeder != 0, NamesArea: r.area != 0,
		Start: int64(r.start),
	}
	if r.area == 0 && e.extra(i).areaWord != 0 {
		c.NamesArea = true
	}
	return c
}

// groupOf gives the allocation group of a row that has a place.
func (e *Engine) groupOf(r *row) int32 {
	if g := e.groupInBase(r); g != reliability.Nowhere {
		return g
	}
	return e.unplacedGroup(r)
}

// groupInBase gives the allocation group of a row that is one of the base's, or
// Nowhere.
func (e *Engine) groupInBase(r *row) int32 {
	if u := e.numbers.unit[r.unit]; u != reliability.Nowhere {
		return e.base.UnitGroup(u)
	}
	f := e.numbers.feeder[r.feeder]
	if f == reliability.Nowhere {
		f = e.base.AreaFeeder(e.numbers.area[r.area])
	}
	if f != reliability.Nowhere {
		return e.base.FeederGroup(f)
	}
	return reliability.Nowhere
}

// unplacedGroup is the group of a feeder that the base does not know. A row that
// names none goes with the area's customers without feeder.
func (e *Engine) unplacedGroup(r *row) int32 {
	key := unplacedKey{feeder: r.feeder}
	if r.feeder == 0 {
		if rest := e.base.AreaRest(e.numbers.area[r.area]); rest != reliability.Nowhere {
			return e.base.FeederGroup(rest)
		}
		key.area = r.area
	}
	g, ok := e.unplaced[key]
	if !ok {
		g = int32(len(e.groups))
		e.groups = append(e.groups, group{})
		e.unplaced[key] = g
	}
	return g
}

// Sums are the day sums up to as-of; nil before the first [Engine.Advance].
// They are the engine's own and change with it.
func (e *Engine) Sums() *reliability.DaySums { return e.sums }
