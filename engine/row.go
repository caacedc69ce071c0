package engine

import "github.com/saidi-exporter/saidi/outage"

// A row is one row of outage data at rest: 44 bytes, and 4 in the list of its
// group. The id of its event is kept
// once for all rows of the event; what few rows have stands in an extra.
type row struct {
	start     uint32 // UTC seconds since 1970
	length    uint32 // seconds, or openLength
	customers int32  // or outage.Missing
	event     uint32 // into the engine's events, or noEvent
	feeder    outage.Ref
	unit      outage.Ref
	cause     causeNumber
	place     outage.Row // ordinal within the delivery
	next      int32      // the row of the same event that came before, or noRow
	area      uint16     // into the engine's areas; of a raw word, see extra
	flags     outage.Flags
	class     uint8
	nature    outage.Nature
	outcome   Outcome
	marks     marks
}

const (
	openLength uint32 = 1<<32 - 1
	noRow      int32  = -1
)

type marks uint8

const (
	cancels   marks = 1 << iota // the row withdraws its event
	remaining                   // its customers are those still out
	shared                      // other rows have the same event
	hasExtra
	lateMark   // it is in the list of [books]
	listedMark // it is in the list of [rejectList]
	foreign    // it counts elsewhere, see [Load.AddForeign]
)

// extra is what few rows have.
type extra struct {
	source    outage.Ref // where it differs from the account's
	stage     outage.Ref
	areaWord  outage.Ref // an area that is not one of the policy's
	revision  int64
	capacity  float64
	steps     []outage.Step
	odd       [2]int64 // start and end of a withdrawal where they make no sense
	rejection *rejection
	ownSource bool
}

// any says whether there is anything in x.
func (x *extra) any() bool {
	return x.stage != 0 || x.revision != 0 || x.steps != nil || x.capacity != 0 || x.areaWord != 0 ||
		x.rejection != nil || x.ownSource || x.odd != [2]int64{}
}

// rejection is why a row was rejected.
type rejection struct {
	reason        outage.Reason
	column, value string
	final         bool   // for the row's own sake, not for its company in a delivery
	print         uint64 // a fingerprint of all that the reader could read of the row
}

// rows keeps the rows of all deliveries in blocks, so that more of them move
// none.
type rows struct {
	blocks [][]row
	n      int
}

const rowBlockBits = 15

func (s *rows) len() int { return s.n }

// at gives row i, which stays where it is.
func (s *rows) at(i int32) *row { return &s.blocks[i>>rowBlockBits][i&(1<<rowBlockBits-1)] }

func (s *rows) append(r row) {
	block := s.n >> rowBlockBits
	if block == len(s.blocks) {
		s.blocks = append(s.blocks, make([]row, 1<<rowBlockBits))
	}
	s.blocks[block][s.n&(1<<rowBlockBits-1)] = r
	s.n++
}

// A stretch is rows from one to before another.
type stretch struct{ from, to int32 }

// stretches cuts the rows from one on into stretches of so many.
func (s *rows) stretches(from, size int32) []stretch {
	var list []stretch
	for from < int32(s.n) {
		to := from + min(size, int32(s.n)-from)
		list = append(list, stretch{from, to})
		from = to
	}
	return list
}

// truncate forgets the rows from n on.
func (s *rows) truncate(n int) { s.n = n }

func (r *row) end() int64 {
	if r.length == openLength {
		return outage.Open
	}
	return int64(r.start) + int64(r.length)
}

func (r *row) open() bool { return r.length == openLength }

// An Outcome is what became of a row.
type Outcome uint8

// The outcomes. Every row read has exactly one.
const (
	Fresh      Outcome = iota // not yet decided
	Accepted                  // counts
	Rejected                  // impossible, or its place is unknown
	Duplicate                 // equal in every field to another
	Superseded                // a later row, a higher revision or a cancellation replaced it
	Cancelled                 // it withdraws its event
	Skipped                   // a title or total row
	Excluded                  // its nature is not_an_outage
	Elsewhere                 // it counts in another engine, see [Load.AddForeign]
	outcomeCount
)

var outcomeNames = [outcomeCount]string{"fresh", "accepted", "rejected", "duplicate", "superseded", "cancelled", "skipped", "excluded", "elsewhere"}

// String is the name that JSON and metrics use.
func (o Outcome) String() string { return outcomeNames[o] }

// source is the system that row i is from.
func (e *Engine) source(i int32) outage.Ref {
	r := e.rows.at(i)
	if r.event != noEvent {
		return e.events.list[r.event].source
	}
	if r.marks&hasExtra != 0 {
		if x := e.extras.of(i); x.ownSource {
			return x.source
		}
	}
	return e.accountOf(i).source
}

// extra gives what row i has beyond the columns; nothing for most.
func (e *Engine) extra(i int32) *extra {
	if e.rows.at(i).marks&hasExtra == 0 {
		return &noExtra
	}
	return e.extras.of(i)
}

var noExtra extra
