package reliability

import (
	"math/bits"

	"github.com/saidi-exporter/saidi/outage"
)

// A Record is a group of customers that an event interrupts together, placed
// where the base has them. A row of outage data makes one record, a row with
// steps one for each, and a row that is split over several cells one for each
// cell.
type Record struct {
	Event   uint32 // the same for all records of an event
	Row     uint32 // the same for all records of a row
	Start   int64  // UTC seconds
	End     int64  // UTC seconds as recorded, or outage.Open
	Milli   int64  // customers interrupted, in thousandths; of a unit of the base, ignored
	Unit    int32  // of the base, or Nowhere
	Cell    int32  // of the base; Nowhere where the base gives the unit's, or where nothing caps the customers
	Stratum int32  // where nothing caps the customers
	Feeder  int32  // of the base, for the counting of events; Nowhere for others
	Nature  outage.Nature
	Split   bool // the row went to several cells in proportion
	Single  bool // no other record has its event
}

// mulDiv is a·b/c rounded down, for a, b ≥ 0, b ≤ c and c > 0, without overflow.
func mulDiv(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, _ := bits.Div64(hi, lo, uint64(c))
	return int64(q)
}

// A Still is a row that gives the customers who are still out from Start until
// End, or until the next such row starts.
type Still struct {
	Start, End int64
	Customers  int64
	Row        uint32
}

// A Restored is a group of customers out from Start to End, taken from the row
// in which they went out.
type Restored struct {
	Start, End int64
	Customers  int64
	Row        uint32
}

// Remaining turns rows that give the customers still out, in the order of
// their starts, which differ, into groups that went out and came back together.
// Who went out first comes back first. Rows whose counts rise interrupt more
// customers; nobody is out between the end of one row and the start of the
// next.
func Remaining(rows []Still) []Restored {
	var done, out []Restored // out: still without supply, first out first
	restore := func(t, n int64) {
		for n > 0 {
			g := &out[0]
			back := min(n, g.Customers)
			if last := len(done) - 1; last >= 0 && done[last].Row == g.Row && done[last].End == t {
				done[last].Customers += back
			} else {
				done = append(done, Restored{Start: g.Start, End: t, Customers: back, Row: g.Row})
			}
			n -= back
			if g.Customers -= back; g.Customers == 0 {
				out = out[1:]
			}
		}
	}
	var now int64
	for i, r := range rows {
		if r.Customers > now {
			out = append(out, Restored{Start: r.Start, Customers: r.Customers - now, Row: r.Row})
		} else {
			restore(r.Start, now-r.Customers)
		}
		now = r.Customers
		if i+1 < len(rows) && r.End >= rows[i+1].Start {
			continue
		}
		restore(r.End, now)
		now = 0
	}
	if len(done) == 0 {
		done = append(done, Restored{Start: rows[0].Start, End: rows[len(rows)-1].End, Row: rows[0].Row})
	}
	return done
}
