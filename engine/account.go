package engine

import (
	"maps"
	"slices"
	"sort"

	"github.com/saidi-exporter/saidi/outage"
)

// An account is what is told of a delivery, or of a stream of them, with what
// became of its rows.
type account struct {
	*outage.Delivery
	source   outage.Ref // of its first row
	hasRows  bool       // the source is known
	outcomes [outcomeCount]int
	reasons  map[outage.Reason]int // of the rows that are rejected
}

func newAccount(d *outage.Delivery) *account {
	return &account{Delivery: d, reasons: map[outage.Reason]int{}}
}

// A part is a run of rows that came together: a whole file, or one of many that
// a stream is made of. Of two parts the later has the later word on a key.
type part struct {
	id      int64 // by which the store knows it; 0 of a file
	first   int32 // its first row; the others follow, up to that of the next part
	account int32
}

// parts are those that have rows, in the order in which they came, and the part
// of the first of every so many rows, so that that of any row is found among few.
type parts struct {
	list []part
	of   []int32
}

const partBlockBits = 6

// at is the number of the part of row i.
func (p *parts) at(i int32) int {
	block := int(i) >> partBlockBits
	from, to := int(p.of[block]), len(p.list)
	if block+1 < len(p.of) {
		to = int(p.of[block+1]) + 1
	}
	return from + sort.Search(to-from, func(n int) bool { return p.list[from+n].first > i }) - 1
}

// add notes that row i is of part n.
func (p *parts) add(i, n int32) {
	if i&(1<<partBlockBits-1) == 0 {
		p.of = append(p.of, n)
	}
}

// truncate forgets all but the first n, which have so many rows.
func (p *parts) truncate(n int, rows int32) {
	p.list = p.list[:n]
	p.of = p.of[:(int(rows)+1<<partBlockBits-1)>>partBlockBits]
}

// partNumber counts parts in the order in which they came.
func (e *Engine) partNumber(i int32) int { return e.parts.at(i) }

// accountOf is the account of row i.
func (e *Engine) accountOf(i int32) *account {
	return e.accounts[e.parts.list[e.parts.at(i)].account]
}

// A partCursor gives the parts of rows that are asked for in order.
type partCursor struct {
	e    *Engine
	next int   // the number of the part after
	from int32 // the row at which that begins
	*account
}

// cursor starts at row i.
func (e *Engine) cursor(i int32) partCursor {
	return partCursor{e: e, next: e.partNumber(i), from: i}
}

// at is the account of row i, which is none before that of the last call.
func (c *partCursor) at(i int32) *account {
	for i >= c.from {
		c.account = c.e.accounts[c.e.parts.list[c.next].account]
		c.next++
		c.from = maxRows
		if c.next < len(c.e.parts.list) {
			c.from = c.e.parts.list[c.next].first
		}
	}
	return c.account
}

// Open makes an account for deliveries that come in parts, as of a stream, and
// gives its number among [Engine.Deliveries]. What d says of how rows are read
// holds for all of them. d is the engine's from then on: [Engine.Tell] adds to
// what it declares.
func (e *Engine) Open(d *outage.Delivery) int {
	e.accounts = append(e.accounts, newAccount(d))
	e.givesStillOut = e.givesStillOut || d.Repeated == outage.RepeatedRemaining
	e.accounts[len(e.accounts)-1].outcomes[Skipped] = d.Skipped
	return len(e.accounts) - 1
}

// Tell adds to what an account declares: rows that were read, those skipped as
// titles and totals among them, and periods for which it holds every outage. A
// period that goes on where the last one of the same areas ended makes that one
// longer.
func (e *Engine) Tell(account int, rows, skipped int, covers []outage.Covers) {
	a := e.accounts[account]
	a.Rows, a.Skipped = a.Rows+rows, a.Skipped+skipped
	a.outcomes[Skipped] += skipped
	for _, c := range covers {
		a.cover(c)
	}
}

// cover adds a period to those declared.
func (a *account) cover(c outage.Covers) {
	for i, last := range slices.Backward(a.Covers) {
		if !slices.Equal(last.Areas, c.Areas) {
			continue
		}
		if c.From <= last.To && c.To >= last.From {
			a.Covers[i].From, a.Covers[i].To = min(c.From, last.From), max(c.To, last.To)
			return
		}
		break
	}
	a.Covers = append(a.Covers, c)
}

// count notes that a row has an outcome (sign 1), or has it no longer (−1).
func (a *account) count(e *Engine, i int32, o Outcome, sign int) {
	a.outcomes[o] += sign
	if o == Rejected {
		a.reasons[e.extra(i).rejection.reason] += sign
	}
}

// RejectedReasons counts the rejected rows of account number i by reason.
func (e *Engine) RejectedReasons(i int) map[outage.Reason]int {
	reasons := maps.Clone(e.accounts[i].reasons)
	maps.DeleteFunc(reasons, func(_ outage.Reason, n int) bool { return n == 0 })
	return reasons
}
