package engine

import (
	"bytes"
	"hash/maphash"

	"github.com/saidi-exporter/saidi/outage"
)

// A row is one row of outage data at rest: 48 bytes and the text of its event
// id. What few rows have stands in an extra.
type row struct {
	start     uint32 // UTC seconds since 1970
	length    uint32 // seconds, or openLength
	customers int32  // or outage.Missing
	id        uint32 // into the engine's ids
	feeder    outage.Ref
	unit      outage.Ref
	cause     outage.Ref
	place     outage.Row // ordinal within the delivery
	next      int32      // the next row of the same event, or noRow
	delivery  uint32
	area      uint16 // into the engine's areas; of a raw word, see extra
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
	unkeyed // it has no event id, so nothing can supersede it
)

// extra is what few rows have.
type extra struct {
	source    outage.Ref // where it differs from the delivery's
	stage     outage.Ref
	technical outage.Ref
	areaWord  outage.Ref // an area that is not one of the policy's
	revision  int64
	capacity  float64
	steps     []outage.Step
	odd       [2]int64 // start and end of a withdrawal where they make no sense
	rejection *rejection
	ownSource bool
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
	outcomeCount
)

var outcomeNames = [outcomeCount]string{"fresh", "accepted", "rejected", "duplicate", "superseded", "cancelled", "skipped", "excluded"}

// String is the name that JSON and metrics use.
func (o Outcome) String() string { return outcomeNames[o] }

// texts keeps event ids, each behind its length in two bytes, in blocks.
type texts struct{ blocks [][]byte }

const (
	blockBits  = 20
	longestID  = 4096 // bytes
	lengthSize = 2
)

func (t *texts) add(id []byte) uint32 {
	last := len(t.blocks) - 1
	if last < 0 || len(t.blocks[last])+lengthSize+len(id) > 1<<blockBits {
		t.blocks = append(t.blocks, make([]byte, 0, 1<<blockBits))
		last++
	}
	b := t.blocks[last]
	ref := uint32(last)<<blockBits | uint32(len(b))
	b = append(b, byte(len(id)), byte(len(id)>>8))
	t.blocks[last] = append(b, id...)
	return ref
}

func (t *texts) at(ref uint32) []byte {
	b := t.blocks[ref>>blockBits][ref&(1<<blockBits-1):]
	n := int(b[0]) | int(b[1])<<8
	return b[lengthSize : lengthSize+n]
}

// full says whether no block can be added.
func (t *texts) full() bool { return len(t.blocks) >= 1<<(32-blockBits) }

// events finds the rows of an event: a hash table of the first row of each, the
// others chained behind it.
type events struct {
	seed  maphash.Seed
	heads []head // the length is a power of two
	count int
}

// A head is the row of an event that came last, with a part of its hash, so
// that most others need not be looked at.
type head struct {
	row  int32 // noRow where the place is free
	hash uint32
}

func newEvents() events { return events{seed: maphash.MakeSeed()} }

// slot finds the place of an event: where its last row is, or would be.
func (e *Engine) slot(source outage.Ref, id []byte) int {
	h := e.hash(source, id)
	mask := len(e.events.heads) - 1
	for i := int(h) & mask; ; i = (i + 1) & mask {
		at := e.events.heads[i]
		if at.row == noRow {
			return i
		}
		if at.hash == h && e.source(at.row) == source && bytes.Equal(e.ids.at(e.rows.at(at.row).id), id) {
			return i
		}
	}
}

func (e *Engine) hash(source outage.Ref, id []byte) uint32 {
	h := maphash.Bytes(e.events.seed, id) ^ uint64(source)*0x9E3779B97F4A7C15
	return uint32(h ^ h>>32)
}

// reserve makes room for n more events, so that slots stay where they are.
func (e *Engine) reserve(n int) {
	want := 1024
	for want*3/5 < e.events.count+n {
		want *= 2
	}
	if want <= len(e.events.heads) {
		return
	}
	old := e.events.heads
	e.events.heads = make([]head, want)
	for i := range e.events.heads {
		e.events.heads[i].row = noRow
	}
	for _, at := range old {
		if at.row == noRow {
			continue
		}
		i := int(at.hash) & (want - 1)
		for e.events.heads[i].row != noRow {
			i = (i + 1) & (want - 1)
		}
		e.events.heads[i] = at
	}
}

// source is the system that row i is from.
func (e *Engine) source(i int32) outage.Ref {
	r := e.rows.at(i)
	if r.marks&hasExtra != 0 {
		if x := e.extras.of(i); x.ownSource {
			return x.source
		}
	}
	return e.deliveries[r.delivery].source
}

// extra gives what row i has beyond the columns; nothing for most.
func (e *Engine) extra(i int32) *extra {
	if e.rows.at(i).marks&hasExtra == 0 {
		return &noExtra
	}
	return e.extras.of(i)
}

var noExtra extra
