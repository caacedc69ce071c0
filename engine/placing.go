package engine

import (
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// longestOpen bounds, for the check against overflow only, how long an open
// outage may come to last: two years, in seconds.
const longestOpen = 2 * 366 * 86400

// A share is the part of one worker in placing the rows of a delivery and
// sorting them by group: some stretches, one behind the other.
type share struct {
	stretches []stretch
	demanded  []float64 // bounds of what the rows of each stretch ask for
	rejected  []int32   // rows of which the base does not know where they are, or that lack customers
	reasons   []*rejection
	groups    []int32  // of the rows, one after the other; noGroup of those apart
	counts    []int32  // of rows, then places of the next ones, by group
	outside   []int32  // places in groups of the rows that are in no group of the base
	apart     []int32  // rows without a group: withdrawals and those rejected
	odd       []uint32 // events of several rows that give the customers still out
}

// noGroup is the group of a row that withdraws its event or is rejected.
const noGroup int32 = -1

// shares cuts the rows from one on into one share for each worker.
func (e *Engine) shares(from int32) []*share {
	all := e.rows.stretches(from, e.stretch)
	var list []*share
	for part := range slices.Chunk(all, max(1, (len(all)+e.opts.Workers-1)/e.opts.Workers)) {
		list = append(list, &share{stretches: part})
	}
	return list
}

// place finds out whether the base knows where the rows are, counts them by
// group, and gives a bound of what they ask for. It is added up by
// stretches, so that it is the same for any number of workers.
func (l *Load) place(shares []*share) (demanded float64) {
	e := l.e
	e.inParallel(len(shares), func(_, n int) { e.placeShare(shares[n]) })
	for _, sh := range shares {
		for _, more := range sh.demanded {
			demanded += more
		}
		for _, n := range sh.odd {
			e.events.setOdd(n)
		}
		l.odd = append(l.odd, sh.odd...)
		for k, i := range sh.rejected {
			e.rejectRow(i, sh.reasons[k])
			if r := e.rows.at(i); r.marks&shared != 0 {
				e.events.setOdd(r.event)
				l.odd = append(l.odd, r.event)
			}
		}
	}
	return demanded
}

func (e *Engine) placeShare(sh *share) {
	var p reliability.Place
	sh.counts = make([]int32, e.base.Groups())
	sh.groups = make([]int32, 0, sh.rows())
	for _, span := range sh.stretches {
		var demanded float64
		parts := e.cursor(span.from)
		for i := span.from; i < span.to; i++ {
			d := parts.at(i)
			if d.Repeated == outage.RepeatedRemaining {
				e.noteStillOut(sh, i)
			}
			g, more := e.placeRow(sh, i, d, &p)
			demanded += more
			sh.groups = append(sh.groups, g)
			if g >= 0 {
				sh.counts[g]++
			}
		}
		sh.demanded = append(sh.demanded, demanded)
	}
}

// noteStillOut notes that row i gives the customers still out. All rows of its
// event are looked at together.
func (e *Engine) noteStillOut(sh *share, i int32) {
	r := e.rows.at(i)
	r.marks |= remaining
	if r.marks&shared != 0 {
		sh.odd = append(sh.odd, r.event)
	}
}

// rows is the number of rows of the share.
func (sh *share) rows() (n int) {
	for _, span := range sh.stretches {
		n += int(span.to - span.from)
	}
	return n
}

// placeRow gives the group of row i, and a bound of what it asks for. It is
// noGroup of a row that is in none, and of one beyond the base until
// [Load.sort].
func (e *Engine) placeRow(sh *share, i int32, d *account, p *reliability.Place) (group int32, demanded float64) {
	r := e.rows.at(i)
	if r.marks&cancels != 0 || r.marks&hasExtra != 0 && e.extras.of(i).rejection != nil {
		sh.apart = append(sh.apart, i)
		return noGroup, 0
	}
	if u := e.numbers.unit[r.unit]; u != reliability.Nowhere {
		if r.area|uint16(r.class) != 0 || r.marks&hasExtra != 0 || !e.base.AtHome(u, int64(r.start), e.numbers.feeder[r.feeder], r.feeder != 0) {
			r.flags |= e.base.UnitFlags(e.claim(i, r))
		}
		return e.base.UnitGroup(u), 0
	}
	c := e.claim(i, r)
	demanded, why := e.place(i, r, c, d, p)
	if why != nil {
		sh.apart, sh.rejected, sh.reasons = append(sh.apart, i), append(sh.rejected, i), append(sh.reasons, why)
		return noGroup, 0
	}
	if group = e.groupInBase(r); group == reliability.Nowhere {
		sh.outside = append(sh.outside, int32(len(sh.groups)))
	}
	return group, demanded
}

// place finds out whether the base knows where row i is, of which it knows no
// unit, and gives a bound of what it asks for, or why it must be rejected.
func (e *Engine) place(i int32, r *row, c reliability.Claim, d *account, p *reliability.Place) (demanded float64, why *rejection) {
	if !e.base.Place(c, p) {
		return 0, e.unknownPlace(i)
	}
	r.flags |= p.Flags
	if r.customers < 0 {
		return e.placeWhole(i, d, p)
	}
	if p.Feeder != reliability.Nowhere && int64(r.customers)*reliability.Milli > p.Total() {
		r.flags |= outage.OverBase
	}
	length := float64(r.length)
	if r.open() {
		length = longestOpen
	}
	return float64(r.customers) * reliability.Milli * length, nil
}

// placeWhole decides about a row that gives no customers: where the delivery
// says so it interrupts all of its feeder, unless it names a unit or is one of
// several that give the customers still out.
func (e *Engine) placeWhole(i int32, d *account, p *reliability.Place) (demanded float64, why *rejection) {
	if !d.WholeFeeder || p.Feeder == reliability.Nowhere || e.rows.at(i).unit != 0 || d.Repeated == outage.RepeatedRemaining {
		return 0, &rejection{reason: outage.MissingCustomers, column: "customers", final: true}
	}
	var restored int64
	for _, s := range e.extra(i).steps {
		restored += s.Restored
	}
	if restored*reliability.Milli > p.Total() {
		return 0, &rejection{reason: outage.StepsExceed, column: "steps", value: fmt.Sprint(restored), final: true}
	}
	return float64(p.Total()) * float64(min(e.rows.at(i).length, longestOpen)), nil
}

func (e *Engine) unknownPlace(i int32) *rejection {
	r := e.rows.at(i)
	area := e.areas.Text(outage.Ref(r.area))
	if word := e.extra(i).areaWord; word != 0 {
		area = e.dict.Text(word)
	}
	if area == "" {
		return &rejection{reason: outage.UnknownPlace, column: "feeder_id", value: e.dict.Text(r.feeder), final: true}
	}
	return &rejection{reason: outage.UnknownPlace, column: "area", value: area, final: true}
}

func (e *Engine) rejectRow(i int32, why *rejection) {
	r := e.rows.at(i)
	if r.marks&hasExtra == 0 {
		r.marks |= hasExtra
		e.extras.put(i, extra{})
	}
	e.extras.of(i).rejection = why
}
