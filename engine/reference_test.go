package engine_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// A refDelivery is one transfer of rows, in the order of the file.
type refDelivery struct {
	Repeated    outage.Repeated
	WholeFeeder bool
	Events      []outage.Event
}

// A refInput is all that the counting rules depend on; deliveries are in the
// order of receipt, AsOf is in UTC seconds, the thresholds in seconds.
type refInput struct {
	Base            []outage.Customers
	Deliveries      []refDelivery
	AsOf            int64
	Zone            *time.Location
	Momentary, IEEE int64
}

// A refKey names one sum. Day is a local date, 2006-01-02; Band is 0 up to the
// momentary threshold, 1 up to that of IEEE 1366, 2 for longer or open.
type refKey struct {
	Area   string
	Class  string
	Day    string
	Nature outage.Nature
	Band   int
}

// A refSums is in thousandths of customer-seconds (Seconds where they fall,
// Booked on the day of the start), thousandths of customers, and events.
type refSums struct{ Seconds, Booked, Interruptions, Events int64 }

// A refAnswer has no entry in Sums that is all zero, and all six names in
// Outcomes. OverlapExcess and OverBase are thousandths of customer-seconds,
// Open counts the accepted open rows that start before as-of.
type refAnswer struct {
	Sums                    map[refKey]refSums
	OverlapExcess, OverBase int64
	Open                    int
	Outcomes                map[string]int
}

// reference applies the counting rules to tiny inputs in the plainest way: at
// every instant at which anything changes it hands out the customers anew.
func reference(in refInput) refAnswer {
	c := refCount{in: in, base: in.Base, answer: refAnswer{Sums: map[refKey]refSums{}, Outcomes: map[string]int{
		"accepted": 0, "rejected": 0, "duplicate": 0, "superseded": 0, "cancelled": 0, "excluded": 0,
	}}}
	var counted []*refRow
	for _, r := range refSettle(in) {
		c.answer.Outcomes[r.outcome]++
		// A row that starts after as-of is pending: accepted, but without any part.
		if r.outcome != "accepted" || r.Start > in.AsOf {
			continue
		}
		counted = append(counted, r)
		if r.End == outage.Open && r.Start < in.AsOf {
			c.answer.Open++
		}
	}
	c.groups = c.split(counted)
	c.days = refDaysOf(c.groups, in.AsOf, in.Zone)
	c.overTime()
	c.atStarts()
	c.countEvents()
	return c.answer
}

// ---- Rule 1: days.

// A refDay begins at the first instant that bears its date.
type refDay struct {
	start int64
	date  string
}

// refDaysOf lists the days around the groups up to as-of, by reading the date
// minute by minute: clocks change, and days begin, on whole minutes. A date
// that comes back after a later one was seen is no new day.
func refDaysOf(groups []*refGroup, asOf int64, zone *time.Location) []refDay {
	first := asOf
	for _, g := range groups {
		first = min(first, g.from, g.booked)
	}
	var days []refDay
	for t := (first - 2*86400) / 60 * 60; t <= asOf; t += 60 {
		date := time.Unix(t, 0).In(zone).Format(time.DateOnly)
		if len(days) == 0 || date > days[len(days)-1].date {
			days = append(days, refDay{t, date})
		}
	}
	return days
}

// day is the date of the last day that has begun at t.
func (c *refCount) day(t int64) string {
	date := ""
	for _, d := range c.days {
		if d.start <= t {
			date = d.date
		}
	}
	return date
}

// ---- Rule 2: the base.

// A refCell is the customers of one feeder in one area and class. The feeder
// is empty where the base of the area names none.
type refCell struct{ feeder, area, class string }

type refBase []outage.Customers

func refCellOf(row outage.Customers) refCell {
	return refCell{row.Feeder, string(row.Area), string(row.Class)}
}

func refValid(row outage.Customers, at int64) bool { return row.ValidFrom <= at && at < row.ValidTo }

func (b refBase) any(is func(outage.Customers) bool) bool { return slices.ContainsFunc(b, is) }

func (b refBase) knowsUnit(unit string) bool {
	return unit != "" && b.any(func(row outage.Customers) bool { return row.Unit == unit })
}

// service is the customers in service of a cell: all its valid rows add up,
// feeder rows as well as unit rows.
func (b refBase) service(cell refCell, at int64) int64 {
	var sum int64
	for _, row := range b {
		if refCellOf(row) == cell && refValid(row, at) {
			sum += row.Customers
		}
	}
	return sum
}

// unitAt is the row of a unit that is valid at an instant; where there is none
// the unit has no customers then.
func (b refBase) unitAt(unit string, at int64) (outage.Customers, bool) {
	for _, row := range b {
		if row.Unit == unit && refValid(row, at) {
			return row, true
		}
	}
	return outage.Customers{}, false
}

// unitNear is the cell of a unit and its customers at an instant. Where no row
// is valid then, the cell is that of the first row valid after, else of the
// last before, with no customers.
func (b refBase) unitNear(unit string, at int64) (cell refCell, customers int64) {
	if row, ok := b.unitAt(unit, at); ok {
		return refCellOf(row), row.Customers
	}
	var before, after *outage.Customers
	for i, row := range b {
		switch {
		case row.Unit != unit:
		case row.ValidFrom > at && (after == nil || row.ValidFrom < after.ValidFrom):
			after = &b[i]
		case row.ValidFrom <= at && (before == nil || row.ValidFrom > before.ValidFrom):
			before = &b[i]
		}
	}
	return refCellOf(*cmp.Or(after, before)), 0
}

// ---- Rule 3: where a row without a known unit counts.

// A refPlace is the cells of a row and the instant at which their customers
// decide; uncapped is the made-up cell of a feeder that the base does not know.
type refPlace struct {
	cells    []refCell
	at       int64
	uncapped bool
}

// place finds the cells of a row: of its feeder where the base knows it (then
// no matter whether the area is known); else of the area it names where the
// base of the area names no feeders; where that does name some, a cell of its
// own. It is false where the area is not in the base either.
func (b refBase) place(e outage.Event) (refPlace, bool) {
	inFeeder := func(row outage.Customers) bool { return e.Feeder != "" && row.Feeder == e.Feeder }
	inArea := func(row outage.Customers) bool { return e.Area != "" && string(row.Area) == e.Area }
	withFeeder := func(row outage.Customers) bool { return inArea(row) && row.Feeder != "" }
	switch {
	case b.any(inFeeder):
		return b.placeAmong(e, inFeeder), true
	case !b.any(inArea):
		return refPlace{}, false
	case b.any(withFeeder):
		class := cmp.Or(e.Class, string(outage.Unclassified))
		return refPlace{[]refCell{{e.Feeder, e.Area, class}}, e.Start, true}, true
	}
	return b.placeAmong(e, inArea), true
}

// placeAmong takes the cells with customers in service at the start, or at the
// first later instant at which any has some, or, if never, the first cell by
// area and class. Of those it keeps the ones of the area named, if any, then
// the ones of the class named, if any: on a contradiction the base wins.
func (b refBase) placeAmong(e outage.Event, in func(outage.Customers) bool) refPlace {
	var all []refCell
	instants := []int64{e.Start}
	for _, row := range b {
		if in(row) {
			all = append(all, refCellOf(row))
			instants = append(instants, max(e.Start, row.ValidFrom))
		}
	}
	slices.SortFunc(all, refCompareCells)
	all = slices.Compact(all)
	p := refPlace{cells: all[:1], at: e.Start}
	slices.Sort(instants)
	for _, t := range instants {
		if served := refKeep(all, func(c refCell) bool { return b.service(c, t) > 0 }); served != nil {
			p = refPlace{cells: served, at: t}
			break
		}
	}
	if kept := refKeep(p.cells, func(c refCell) bool { return c.area == e.Area }); kept != nil {
		p.cells = kept
	}
	if kept := refKeep(p.cells, func(c refCell) bool { return c.class == e.Class }); kept != nil {
		p.cells = kept
	}
	return p
}

func refKeep(cells []refCell, keep func(refCell) bool) []refCell {
	var kept []refCell
	for _, c := range cells {
		if keep(c) {
			kept = append(kept, c)
		}
	}
	return kept
}

func refCompareCells(a, b refCell) int {
	return cmp.Or(cmp.Compare(a.area, b.area), cmp.Compare(a.class, b.class), cmp.Compare(a.feeder, b.feeder))
}

// share divides customers over the cells of a place, in thousandths: the
// cumulative share of cell k is floor(1000 · customers · served up to k / all
// served). Missing customers are all in service, exactly as the base has them.
func (b refBase) share(p refPlace, customers int64) []int64 {
	if len(p.cells) == 1 && customers != outage.Missing {
		return []int64{1000 * customers}
	}
	var total, cum, given int64
	for _, c := range p.cells {
		total += b.service(c, p.at)
	}
	shares := make([]int64, len(p.cells))
	for i, c := range p.cells {
		if customers == outage.Missing {
			shares[i] = 1000 * b.service(c, p.at)
			continue
		}
		cum += b.service(c, p.at)
		shares[i] = 1000*customers*cum/total - given
		given += shares[i]
	}
	return shares
}

// ---- Rules 7 and 8: groups of customers that go out and come back together.

// A refGroup is out from one instant to another, possibly outage.Open. Of a
// unit that the base knows, cell and customers are the base's at each instant.
type refGroup struct {
	row        *refRow
	unit       string // empty where the base knows none
	from, to   int64
	cell       refCell
	milli      int64 // thousandths of customers
	uncapped   bool
	band       int
	booked     int64 // the start of the outage, of a unit the merged one
	interrupts bool
}

// A refCount is the work on one answer.
type refCount struct {
	in     refInput
	base   refBase
	groups []*refGroup // in the order of rule 4
	days   []refDay
	answer refAnswer
}

// band is by the recorded duration, as-of or not; exactly a threshold is below.
func (c *refCount) band(from, to int64) int {
	switch {
	case to == outage.Open:
		return 2
	case to-from <= c.in.Momentary:
		return 0
	case to-from <= c.in.IEEE:
		return 1
	}
	return 2
}

// split turns rows into groups. Rows that give the customers still out are
// read together, those of a known unit always each by itself.
func (c *refCount) split(rows []*refRow) []*refGroup {
	var units, counts []*refGroup
	stillOut := map[[4]string][]*refRow{}
	for _, r := range rows {
		switch {
		case c.base.knowsUnit(r.Unit):
			units = append(units, &refGroup{row: r, unit: r.Unit, from: r.Start, to: r.End})
		case r.mode == outage.RepeatedRemaining:
			key := [4]string{r.Source, r.ID, r.Feeder, r.Unit}
			stillOut[key] = append(stillOut[key], r)
		default:
			counts = append(counts, c.put(refSteps(r))...)
		}
	}
	for _, rows := range stillOut {
		counts = append(counts, c.put(refStillOut(rows))...)
	}
	c.merge(units)
	groups := slices.Concat(units, counts)
	slices.SortFunc(groups, refOrder)
	return groups
}

// A refStage is a part of a row's customers (whole ones, or outage.Missing)
// with its own time.
type refStage struct {
	row       *refRow
	from, to  int64
	customers int64
}

// refSteps gives each step its group from the start, and what the steps leave
// a group to the end. Groups of nobody are dropped unless all are. The steps
// of a row without customers mean nothing.
func refSteps(r *refRow) []refStage {
	if r.Customers == outage.Missing {
		return []refStage{{r, r.Start, r.End, r.Customers}}
	}
	var stages []refStage
	rest := r.Customers
	for _, s := range r.Steps {
		rest -= s.Restored
		if s.Restored > 0 {
			stages = append(stages, refStage{r, r.Start, s.At, s.Restored})
		}
	}
	if rest > 0 || len(stages) == 0 {
		stages = append(stages, refStage{r, r.Start, r.End, rest})
	}
	return stages
}

// refStillOut reads rows each of which says how many are still out, from its
// start to its end or the next row's start, whichever is first; between rows
// nobody is. Who went out first is back first; a rise interrupts others. If
// nobody ever is out, one group of nobody is from the first start to the last
// end.
func refStillOut(rows []*refRow) []refStage {
	slices.SortFunc(rows, func(a, b *refRow) int { return cmp.Compare(a.Start, b.Start) })
	var out, back []refStage
	var total int64
	change := func(at, count int64, r *refRow) {
		for ; total > count; total-- { // one customer after the other
			back = append(back, refStage{out[0].row, out[0].from, at, 1})
			out = out[1:]
		}
		for ; total < count; total++ {
			out = append(out, refStage{r, at, outage.Open, 1})
		}
	}
	for i, r := range rows {
		change(r.Start, r.Customers, r)
		followed := i+1 < len(rows) && rows[i+1].Start <= r.End
		if !followed && r.End != outage.Open {
			change(r.End, 0, r)
		}
	}
	if len(back)+len(out) == 0 {
		return []refStage{{rows[0], rows[0].Start, rows[len(rows)-1].End, 0}}
	}
	return refTogether(append(back, out...))
}

// refTogether joins neighbours that went out by one row and came back at once.
func refTogether(single []refStage) []refStage {
	var stages []refStage
	for _, s := range single {
		if n := len(stages) - 1; n >= 0 && stages[n].row == s.row && stages[n].from == s.from && stages[n].to == s.to {
			stages[n].customers += s.customers
			continue
		}
		stages = append(stages, s)
	}
	return stages
}

// put places stages into the cells of their rows.
func (c *refCount) put(stages []refStage) []*refGroup {
	var groups []*refGroup
	for _, s := range stages {
		p, _ := c.base.place(s.row.Event)
		for i, milli := range c.base.share(p, s.customers) {
			groups = append(groups, &refGroup{
				row: s.row, from: s.from, to: s.to, cell: p.cells[i], milli: milli, uncapped: p.uncapped,
				band: c.band(s.from, s.to), booked: s.from, interrupts: true,
			})
		}
	}
	return groups
}

// merge finds the outages of each unit: records that touch or overlap are one,
// with one band and one day to book it on, and the first alone interrupts.
func (c *refCount) merge(units []*refGroup) {
	slices.SortFunc(units, func(a, b *refGroup) int { return cmp.Or(cmp.Compare(a.unit, b.unit), refOrder(a, b)) })
	for len(units) > 0 {
		first, reach, n := units[0], units[0].to, 1
		for ; n < len(units) && units[n].unit == first.unit && units[n].from <= reach; n++ {
			reach = max(reach, units[n].to)
		}
		for _, g := range units[:n] {
			g.booked, g.band, g.interrupts = first.from, c.band(first.from, reach), g == first
		}
		units = units[n:]
	}
}

// ---- Rule 4: who gets the customers.

// refOrder is the longest band first, then start, source, event, feeder as the
// row names it, stage, unit; rows that repeat a key go by their fields, groups
// of one row by their end.
func refOrder(a, b *refGroup) int {
	return cmp.Or(
		cmp.Compare(b.band, a.band),
		cmp.Compare(a.from, b.from),
		cmp.Compare(a.row.Source, b.row.Source),
		cmp.Compare(a.row.ID, b.row.ID),
		cmp.Compare(a.row.Feeder, b.row.Feeder),
		cmp.Compare(a.row.Stage, b.row.Stage),
		cmp.Compare(a.row.Unit, b.row.Unit),
		refFields(a.row, b.row),
		cmp.Compare(a.to, b.to),
	)
}

// refFields numbers the rows of a repeated key. What it leaves out changes no
// sum.
func refFields(a, b *refRow) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Customers, b.Customers),
		cmp.Compare(a.Nature, b.Nature), cmp.Compare(a.Cause, b.Cause))
}

// A refShare is what one group asks of a cell and gets, in thousandths.
type refShare struct {
	*refGroup
	in                  refCell
	asked, got, service int64
}

// active says whether a group is out at an instant, or from that instant on.
// One of no length is out at its instant only, for no time.
func (g *refGroup) active(at int64, instant bool) bool {
	if g.from == g.to {
		return instant && at == g.from
	}
	return g.from <= at && at < g.to
}

// asking lists the active groups in order with what they ask for. The first
// active record of a unit holds it, the others ask nothing. (The records of a
// unit that are active together have one band, so this order is that of the
// records.)
func (c *refCount) asking(at int64, instant bool) []refShare {
	var shares []refShare
	held := map[string]bool{}
	for _, g := range c.groups {
		switch {
		case !g.active(at, instant) || held[g.unit]:
		case g.unit == "":
			shares = append(shares, refShare{refGroup: g, in: g.cell, asked: g.milli})
		default:
			held[g.unit] = true
			if row, ok := c.base.unitAt(g.unit, at); ok {
				shares = append(shares, refShare{refGroup: g, in: refCellOf(row), asked: 1000 * row.Customers})
			}
		}
	}
	return shares
}

// hand gives each in turn what it asks for, as far as the customers in service
// of its cell go.
func (c *refCount) hand(at int64, instant bool) []refShare {
	shares := c.asking(at, instant)
	taken := map[refCell]int64{}
	for i := range shares {
		s := &shares[i]
		if s.uncapped {
			s.got, s.service = s.asked, s.asked
			continue
		}
		s.service = 1000 * c.base.service(s.in, at)
		s.got = min(s.asked, s.service-taken[s.in])
		taken[s.in] += s.got
	}
	return shares
}

// ---- Rules 5, 6 and 8: the sums, all of them before as-of.

func (c *refCount) add(cell refCell, at int64, g *refGroup, sums refSums) {
	if sums == (refSums{}) {
		return
	}
	key := refKey{cell.area, cell.class, c.day(at), g.row.Nature, g.band}
	s := c.answer.Sums[key]
	s.Seconds += sums.Seconds
	s.Booked += sums.Booked
	s.Interruptions += sums.Interruptions
	s.Events += sums.Events
	c.answer.Sums[key] = s
}

// overTime hands out between each two instants at which anything changes. By
// what a group alone asks more than is in service, it is over the base; what
// else it does not get overlaps.
func (c *refCount) overTime() {
	instants := c.instants()
	for i := 0; i+1 < len(instants); i++ {
		from, seconds := instants[i], instants[i+1]-instants[i]
		for _, s := range c.hand(from, false) {
			c.add(s.in, from, s.refGroup, refSums{Seconds: s.got * seconds})
			c.add(s.in, s.booked, s.refGroup, refSums{Booked: s.got * seconds})
			over := max(0, s.asked-s.service)
			c.answer.OverBase += over * seconds
			c.answer.OverlapExcess += (s.asked - s.got - over) * seconds
		}
	}
}

// instants are those from the first start to as-of, in order.
func (c *refCount) instants() []int64 {
	all := []int64{c.in.AsOf}
	first := c.in.AsOf
	for _, g := range c.groups {
		all = append(all, g.from, g.to)
		first = min(first, g.from)
	}
	for _, row := range c.base {
		all = append(all, row.ValidFrom, row.ValidTo)
	}
	for _, d := range c.days {
		all = append(all, d.start)
	}
	all = slices.DeleteFunc(all, func(t int64) bool { return t < first || t > c.in.AsOf })
	slices.Sort(all)
	return slices.Compact(all)
}

// atStarts counts what each group gets at its start, where those of no length
// take part.
func (c *refCount) atStarts() {
	for _, at := range c.instants() {
		if at >= c.in.AsOf {
			return
		}
		for _, s := range c.hand(at, true) {
			if s.from == at && s.interrupts {
				c.add(s.in, at, s.refGroup, refSums{Interruptions: s.got})
			}
		}
	}
}

// countEvents counts each event once a feeder, where the base or the place
// names none once an area: in the cell with the largest demand of all its
// groups at their starts, as its first group there. What starts at as-of is
// not counted.
func (c *refCount) countEvents() {
	type once struct{ source, id, feeder, area string }
	demand := map[once]map[refCell]int64{}
	groups := map[once]map[refCell][]*refGroup{}
	for _, g := range c.groups {
		cell, milli := g.cell, g.milli
		if g.unit != "" {
			near, customers := c.base.unitNear(g.unit, g.from)
			cell, milli = near, 1000*customers
		}
		key := once{source: g.row.Source, id: g.row.ID, feeder: cell.feeder}
		if cell.feeder == "" {
			key.area = cell.area
		}
		if demand[key] == nil {
			demand[key], groups[key] = map[refCell]int64{}, map[refCell][]*refGroup{}
		}
		demand[key][cell] += milli
		groups[key][cell] = append(groups[key][cell], g)
	}
	for key, cells := range demand {
		cell := refLargest(cells)
		if g := slices.MinFunc(groups[key][cell], refFirst); g.from < c.in.AsOf {
			c.add(cell, g.from, g, refSums{Events: 1})
		}
	}
}

// refLargest is the cell with the most, of equal ones the first by area and
// class.
func refLargest(demand map[refCell]int64) refCell {
	var cells []refCell
	for c := range demand {
		cells = append(cells, c)
	}
	return slices.MinFunc(cells, func(a, b refCell) int {
		return cmp.Or(cmp.Compare(demand[b], demand[a]), refCompareCells(a, b))
	})
}

// refFirst orders the groups of one event in one cell: start, then feeder as
// the row names it, stage and unit, then the row's fields and the end.
func refFirst(a, b *refGroup) int {
	return cmp.Or(
		cmp.Compare(a.from, b.from), cmp.Compare(a.row.Feeder, b.row.Feeder), cmp.Compare(a.row.Stage, b.row.Stage),
		cmp.Compare(a.row.Unit, b.row.Unit), refFields(a.row, b.row), cmp.Compare(a.to, b.to),
	)
}

// ---- Rules 11 and 12: which rows are in force.

// A refRow is a row with what becomes of it.
type refRow struct {
	outage.Event
	delivery int
	mode     outage.Repeated
	whole    bool
	text     string // all fields but Row
	flawed   bool   // rejected for its own sake
	outcome  string
}

func refRowOf(e outage.Event, delivery int, d refDelivery, base refBase) *refRow {
	r := &refRow{Event: e, delivery: delivery, mode: d.Repeated, whole: d.WholeFeeder}
	e.Row = 0
	e.Steps = append([]outage.Step{}, e.Steps...)
	r.text = fmt.Sprintf("%#v", e)
	r.flawed = !e.Cancelled && (refImpossible(e) || base.homeless(r))
	return r
}

// refImpossible says whether a row contradicts itself.
func refImpossible(e outage.Event) bool {
	bad := e.End < e.Start || e.Customers < outage.Missing || e.Customers > outage.MaxCustomers
	var restored int64
	before := e.Start
	for _, s := range e.Steps {
		bad = bad || s.At < before || s.At > e.End || s.Restored < 0 || s.Restored > outage.MaxCustomers
		before = s.At
		restored += s.Restored
	}
	return bad || (e.Customers != outage.Missing && restored > e.Customers)
}

// homeless says whether the base knows no place for a row or nobody says how
// many customers it interrupts. All of a known feeder, or of an area without
// feeders, are meant where the delivery says so and the row names no unit; not
// among rows that give the customers still out.
func (b refBase) homeless(r *refRow) bool {
	if b.knowsUnit(r.Unit) {
		return false
	}
	p, ok := b.place(r.Event)
	if !ok || r.Customers != outage.Missing {
		return !ok
	}
	return !r.whole || p.uncapped || r.Unit != "" || r.mode == outage.RepeatedRemaining
}

// refSettle gives every row its outcome, event by event.
func refSettle(in refInput) []*refRow {
	var all []*refRow
	events := map[[2]string][]*refRow{}
	for i, d := range in.Deliveries {
		for _, e := range d.Events {
			r := refRowOf(e, i, d, in.Base)
			all = append(all, r)
			events[[2]string{e.Source, e.ID}] = append(events[[2]string{e.Source, e.ID}], r)
		}
	}
	for _, rows := range events {
		refSettleEvent(rows, len(in.Deliveries))
	}
	return all
}

// A refEvent is what is known of one event after some deliveries.
type refEvent struct {
	inForce  []*refRow
	told     map[string]bool // statements, by key and rows
	cancels  map[string]bool // cancelled rows, by text
	rejected map[string]bool // rejected rows, by text
}

// refSettleEvent leaves aside revisions below the highest one of a row that is
// not rejected for its own sake, then takes the deliveries in order.
func refSettleEvent(rows []*refRow, deliveries int) {
	highest, sound := int64(0), false
	for _, r := range rows {
		if !r.flawed && (!sound || r.Revision > highest) {
			highest, sound = r.Revision, true
		}
	}
	ev := &refEvent{told: map[string]bool{}, cancels: map[string]bool{}, rejected: map[string]bool{}}
	for i := range deliveries {
		var now []*refRow
		for _, r := range rows {
			switch {
			case r.delivery != i:
			case sound && r.Revision < highest:
				r.outcome = "superseded"
			default:
				now = append(now, r)
			}
		}
		ev.deliver(now)
	}
	ev.finish(rows)
}

// deliver takes the rows of one delivery: equal ones once, rejected ones
// aside, then the statements, and last the cancellation, which leaves nothing
// in force.
func (ev *refEvent) deliver(rows []*refRow) {
	seen := map[string]bool{}
	var keys []string
	statements := map[string][]*refRow{}
	var cancels []*refRow
	for _, r := range rows {
		switch {
		case seen[r.text]:
			r.outcome = "duplicate"
		case r.flawed:
			ev.reject(r)
		case r.Cancelled:
			cancels = append(cancels, r)
		default:
			key := r.statement()
			if statements[key] == nil {
				keys = append(keys, key)
			}
			statements[key] = append(statements[key], r)
		}
		seen[r.text] = true
	}
	for _, key := range keys {
		ev.state(key, statements[key])
	}
	for _, r := range cancels {
		ev.cancel(r)
	}
}

// statement is the key under which a row replaces others: with stages and
// remaining all of the feeder and unit, else also of its stage.
func (r *refRow) statement() string {
	if r.mode == outage.RepeatedStages || r.mode == outage.RepeatedRemaining {
		return fmt.Sprintf("%q", []string{r.Feeder, r.Unit})
	}
	return r.key()
}

func (r *refRow) key() string { return fmt.Sprintf("%q", []string{r.Feeder, r.Unit, r.Stage}) }

// reject tells a rejected row from one that was rejected in an earlier
// delivery.
func (ev *refEvent) reject(r *refRow) {
	r.outcome = "rejected"
	if ev.rejected[r.text] {
		r.outcome = "duplicate"
	}
	ev.rejected[r.text] = true
}

// cancel withdraws all that is in force; told again it changes nothing.
func (ev *refEvent) cancel(r *refRow) {
	if ev.cancels[r.text] {
		r.outcome = "duplicate"
		return
	}
	ev.cancels[r.text] = true
	r.outcome = "cancelled"
	for _, old := range ev.inForce {
		old.outcome = "superseded"
	}
	ev.inForce = nil
}

// state takes the rows of one key in one delivery. The same rows told before
// change nothing. Else they replace what is in force with that key; a row that
// is in force already stays, now read as the later delivery says.
func (ev *refEvent) state(key string, rows []*refRow) {
	var texts []string
	for _, r := range rows {
		texts = append(texts, r.text)
	}
	slices.Sort(texts)
	told := key + strings.Join(texts, "\n")
	if ev.told[told] {
		for _, r := range rows {
			r.outcome = "duplicate"
		}
		return
	}
	ev.told[told] = true
	if holding := ev.resolve(rows); holding != nil {
		ev.replace(key, holding)
	}
}

// resolve says which of several different rows with one key hold: none, so
// that nothing is replaced, the last, or all; of those that give the customers
// still out none if two start together.
func (ev *refEvent) resolve(rows []*refRow) []*refRow {
	starts := map[int64]bool{}
	for _, r := range rows {
		starts[r.Start] = true
	}
	mode, last := rows[0].mode, len(rows)-1
	switch {
	case mode == outage.RepeatedReject && last > 0, mode == outage.RepeatedRemaining && len(starts) < len(rows):
		for _, r := range rows {
			ev.reject(r)
		}
		return nil
	case mode == outage.RepeatedLatest:
		for _, r := range rows[:last] {
			r.outcome = "superseded"
		}
		return rows[last:]
	}
	return rows
}

func (ev *refEvent) replace(key string, rows []*refRow) {
	var inForce []*refRow
	for _, old := range ev.inForce {
		before := *old
		before.mode = rows[0].mode
		same := slices.IndexFunc(rows, func(r *refRow) bool { return r.text == old.text })
		switch {
		case same >= 0:
			rows[same].outcome = "duplicate"
			old.mode = rows[same].mode
			inForce = append(inForce, old)
		case before.statement() == key:
			old.outcome = "superseded"
		default:
			inForce = append(inForce, old)
		}
	}
	for _, r := range rows {
		if r.outcome == "" {
			inForce = append(inForce, r)
		}
	}
	ev.inForce = inForce
}

// finish names the rows in force, of which those that were no outage do not
// count, and lets a later delivery's row supersede a rejected one of its key.
func (ev *refEvent) finish(rows []*refRow) {
	for _, held := range ev.inForce {
		held.outcome = "accepted"
		if held.Nature == outage.NotAnOutage {
			held.outcome = "excluded"
		}
		for _, r := range rows {
			if r.outcome == "rejected" && r.delivery < held.delivery && r.key() == held.key() {
				r.outcome = "superseded"
			}
		}
	}
}
