package engine

import (
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// entries adds everything that is neither a day sum nor a row.
func (c *composer) entries() error {
	c.e.books.ys = c.e.askedYears(c.t.ask)
	for k, n := range c.t.entries {
		r := &entryReader{rest: k.key}
		if ok := c.entry(k.kind, r, n); r.err == nil && !ok {
			r.err = fmt.Errorf("entry of kind %d with key %q: not of this ask, base or version", k.kind, k.key)
		}
		if r.err != nil {
			return r.err
		}
	}
	p := &c.e.partial.watched
	slices.SortFunc(p.causes, compareCosts)
	slices.SortFunc(p.feeders, compareCosts)
	return nil
}

// entry adds one entry; false where it is none that there may be.
func (c *composer) entry(kind uint8, r *entryReader, n [4]int64) bool {
	e, p := c.e, c.e.partial
	switch kind {
	case lossEntry:
		e.sums.Loss.Add(reliability.Loss{OverBase: n[0], Overlap: n[1], Split: n[2], Unplaced: n[3]}, 1)
	case outcomesEntry, moreEntry, reasonEntry:
		return c.account(kind, r, n)
	case sourceEntry:
		e.sources[refOf(e.refTo(r.rest))] = true
	case flagEntry:
		bit := r.number()
		return isOneOf(bit, len(p.flags)) && put(&p.flags[bit], int(n[0]))
	case noOutageEntry:
		p.none.addParts(n)
	case censusEntry:
		key := censusKey{year: int(r.number()), areas: r.rest}
		p.census[key] = [3]int64{n[0], n[1], n[2]}
		return isOneOf(int64(key.year-firstYear), tableYears)
	case hoursEntry:
		key := hourKey{block: int(r.number()), areas: r.rest}
		p.hours[key] = n
	case lastDayEntry:
		p.lastDay = max(p.lastDay, period.Day(r.number()))
	case edgeEntry:
		s := r.spot()
		piece := s.piece(n[0])
		piece.Interrupted, piece.Events = n[1], n[2]
		c.edged = append(c.edged, piece)
		return isPiece(c.t.base, &piece)
	case aheadEntry:
		to := r.number()
		s := r.spot()
		piece := s.piece(n[0])
		return isOneOf(to, len(p.ahead)) && isPiece(c.t.base, &piece) && put(&p.ahead[to], append(p.ahead[to], piece))
	default:
		return kind < entryKinds && c.named(kind, r, n)
	}
	return true
}

// isOneOf says whether a number is one of a list.
func isOneOf(n int64, length int) bool { return n >= 0 && n < int64(length) }

// put sets a value, and gives true.
func put[T any](at *T, value T) bool {
	*at = value
	return true
}

// isPiece says whether a piece lies in a stratum of a base, and is of a nature and
// band that there are.
func isPiece(base *reliability.Base, p *reliability.Piece) bool {
	return isOneOf(int64(p.Stratum), base.Strata()) && int(p.Nature) < outage.NatureCount && p.Band < reliability.BandCount
}

// account counts what became of rows.
func (c *composer) account(kind uint8, r *entryReader, n [4]int64) bool {
	number := r.number()
	if !isOneOf(number, len(c.e.accounts)) {
		return false
	}
	a := c.e.accounts[number]
	switch kind {
	case outcomesEntry:
		a.outcomes[Accepted], a.outcomes[Rejected], a.outcomes[Duplicate], a.outcomes[Superseded] = int(n[0]), int(n[1]), int(n[2]), int(n[3])
	case moreEntry:
		a.outcomes[Cancelled], a.outcomes[Excluded] = int(n[0]), int(n[1])
	default:
		a.reasons[outage.Reason(r.rest)] = int(n[0])
	}
	return true
}

// named adds what is counted by cause, feeder, rule or unit.
func (c *composer) named(kind uint8, r *entryReader, n [4]int64) bool {
	e, p := c.e, c.e.partial
	first, stratum := r.number(), r.number()
	switch kind {
	case identityEntry:
		part := r.number()
		if !isOneOf(first, len(p.identities)) || !isOneOf(stratum, len(p.ask.Pools)) || part < 0 {
			return false
		}
		addPart(p.identities[first][stratum], int(part), n)
		return true
	case repeatEntry:
		rule := r.number()
		p.watched.repeats = append(p.watched.repeats, repeat{int32(first), int32(stratum), int32(rule), n[0]})
		return e.opts.Watch != nil && isOneOf(rule, len(e.opts.Watch.Repeats)) && isOneOf(stratum, c.t.base.Strata())
	case causeEntry:
		p.watched.causes = append(p.watched.causes, cost{int32(first), int32(stratum), e.refTo(r.rest), n[0]})
	case feederEntry, otherFeederEntry:
		p.watched.feeders = append(p.watched.feeders, cost{int32(first), int32(stratum), c.feeder(r, kind == feederEntry), n[0]})
	case totalEntry, otherTotalEntry:
		key := costKey{int32(stratum), c.feeder(r, kind == totalEntry)}
		if !isOneOf(first, len(p.totals)) {
			return false
		}
		p.totals[first][key] = Total{Milli: n[0], Interruptions: n[1], Rows: int(n[2])}
	default:
		return false
	}
	return isOneOf(stratum, c.t.base.Strata())
}

// feeder reads a feeder of the base, or one that only rows name.
func (c *composer) feeder(r *entryReader, known bool) int32 {
	if !known {
		return -1 - c.e.refTo(r.rest)
	}
	n := r.number()
	if !isOneOf(n, len(c.t.base.Feeders())) && r.err == nil {
		r.err = fmt.Errorf("an entry is of feeder %d: not of this base", n)
	}
	return int32(n)
}
