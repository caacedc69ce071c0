package engine

import (
	"bytes"
	"hash/maphash"

	"github.com/saidi-exporter/saidi/outage"
)

// events are the events of all rows, by number, and a hash table of them.
type events struct {
	seed  maphash.Seed
	ids   texts
	list  []event
	slots []slot   // the length is a power of two
	odd   []uint64 // a bit an event: its rows are looked at together, see [Engine.settle]
}

// An event is what its rows have in common.
type event struct {
	id     uint32     // into the ids
	source outage.Ref // into the engine's dictionary
	last   int32      // the row that came last, or noRow
}

// A slot holds an event, with a part of its hash, so that most others need not
// be looked at.
type slot struct {
	event uint32 // its number + 1; 0 where the place is free
	hash  uint32
}

// noEvent is the event of a row without an id, which nothing can supersede.
const noEvent uint32 = 1<<32 - 1

func newEvents() events { return events{seed: maphash.MakeSeed(), slots: make([]slot, 1024)} }

// number is that of an event, a new one where it is new.
func (e *events) number(source outage.Ref, id []byte) uint32 {
	hash := e.hash(source, id)
	mask := uint32(len(e.slots) - 1)
	at := hash & mask
	for ; e.slots[at].event != 0; at = (at + 1) & mask {
		if e.slots[at].hash != hash {
			continue
		}
		n := e.slots[at].event - 1
		if e.is(n, source, id) {
			return n
		}
	}
	n := uint32(len(e.list))
	e.list = append(e.list, event{id: e.ids.add(id), source: source, last: noRow})
	if n%64 == 0 {
		e.odd = append(e.odd, 0)
	}
	e.slots[at] = slot{event: n + 1, hash: hash}
	if 5*len(e.list) > 3*len(e.slots) {
		e.grow()
	}
	return n
}

func (e *events) hash(source outage.Ref, id []byte) uint32 {
	h := maphash.Bytes(e.seed, id) ^ uint64(source)*0x9E3779B97F4A7C15
	return uint32(h ^ h>>32)
}

// seen gives the last row of the event that has a hash, as far as the first place
// tells, or noRow. Where the memory for it is far away, many of these calls wait
// for it together.
func (e *events) seen(hash uint32) int32 {
	s := e.slots[hash&uint32(len(e.slots)-1)]
	if s.event == 0 || s.hash != hash {
		return noRow
	}
	return e.list[s.event-1].last
}

// is says whether event n has a source and id.
func (e *events) is(n uint32, source outage.Ref, id []byte) bool {
	return e.list[n].source == source && bytes.Equal(e.id(n), id)
}

// id is that of event n.
func (e *events) id(n uint32) []byte {
	if n == noEvent {
		return nil
	}
	return e.ids.at(e.list[n].id)
}

func (e *events) grow() {
	old := e.slots
	e.slots = make([]slot, 2*len(old))
	mask := uint32(len(e.slots) - 1)
	for _, s := range old {
		if s.event == 0 {
			continue
		}
		at := s.hash & mask
		for e.slots[at].event != 0 {
			at = (at + 1) & mask
		}
		e.slots[at] = s
	}
}

func (e *events) setOdd(n uint32)     { e.odd[n/64] |= 1 << (n % 64) }
func (e *events) isOdd(n uint32) bool { return e.odd[n/64]&(1<<(n%64)) != 0 }

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

// fits says whether so many bytes more can be added, in texts of any length.
func (t *texts) fits(n int) bool {
	const room = 1<<blockBits - longestID - lengthSize // of a block, at least
	return len(t.blocks)+1+n/room < 1<<(32-blockBits)
}
