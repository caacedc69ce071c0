package outage

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
)

// A Ref stands for a text of a [Dict]; 0 is the empty text.
type Ref uint32

// A Dict interns texts: each distinct one has a reference that never changes,
// counted from 0, the empty text, in the order of first appearance.
//
// References are found in an open-addressing table that has texts of up to 16
// bytes in its slots, so that a short text costs one look into memory. The hash
// has a random seed: no file can be made whose texts all collide. A Dict is not
// safe for use by several goroutines at once, but what [Dict.Texts] gave stays
// as it is while more texts come.
type Dict struct {
	slots  []slot // a power of two of them, two thirds full at most
	seed   [2]uint64
	long   maphash.Seed
	texts  []string
	last   Ref             // that was asked for last
	buffer strings.Builder // the texts that came last, end to end
	bytes  int64           // of all texts
}

// A slot is empty, or holds a text of up to 16 bytes, or the hash of a longer
// one.
type slot struct {
	a, b uint64 // the text, or its hash in a
	size uint32 // in bytes
	ref  Ref    // 0 in an empty slot
}

// Sizes in bytes: of a short text, a buffer of texts, a slot, and a text's
// place.
const (
	shortText  = 16
	bufferSize = 64 << 10
	slotSize   = 24
	placeSize  = 16
)

// NewDict holds just the empty text.
func NewDict() *Dict {
	return &Dict{slots: make([]slot, 64), seed: [2]uint64{rand.Uint64(), rand.Uint64()}, long: maphash.MakeSeed(), texts: []string{""}}
}

// Known gives the reference of text, if d holds it.
func (d *Dict) Known(text string) (r Ref, ok bool) {
	if text == "" {
		return 0, true
	}
	_, at := d.find([]byte(text))
	return d.slots[at].ref, d.slots[at].ref != 0
}

// Intern gives the reference of text, a new one where it is new.
func (d *Dict) Intern(text string) Ref { return d.InternBytes([]byte(text)) }

// InternBytes is [Dict.Intern] of bytes, of which it keeps a copy. Texts that come
// in the order in which they came before, as neighbouring units do, cost one
// comparison.
func (d *Dict) InternBytes(text []byte) Ref {
	if len(text) == 0 {
		return 0
	}
	if next := d.last + 1; int(next) < len(d.texts) && d.texts[next] == string(text) {
		d.last = next
		return next
	}
	key, at := d.find(text)
	if r := d.slots[at].ref; r != 0 {
		d.last = r
		return r
	}
	key.ref = Ref(len(d.texts))
	d.last = key.ref
	d.slots[at] = key
	d.texts = append(d.texts, d.keep(text))
	if d.tight(len(d.texts), len(d.slots)) {
		d.resize(4 * len(d.slots))
	}
	return key.ref
}

// find gives the slot that a text has, or would have, and its number.
func (d *Dict) find(text []byte) (key slot, at uint64) {
	key.size = uint32(len(text))
	mask := uint64(len(d.slots) - 1)
	if len(text) > shortText {
		key.a = maphash.Bytes(d.long, text)
		for at = key.a & mask; ; at = (at + 1) & mask {
			s := &d.slots[at]
			if s.ref == 0 || s.a == key.a && s.size == key.size && d.texts[s.ref] == string(text) {
				return key, at
			}
		}
	}
	key.a, key.b = inline(text)
	for at = d.home(&key) & mask; ; at = (at + 1) & mask {
		s := &d.slots[at]
		if s.ref == 0 || s.a == key.a && s.b == key.b && s.size == key.size {
			return key, at
		}
	}
}

// home is the hash of a slot, where the search for its text begins.
func (d *Dict) home(s *slot) uint64 {
	if s.size > shortText {
		return s.a
	}
	high, low := bits.Mul64(s.a^d.seed[0], s.b^d.seed[1]^uint64(s.size)*0x9E3779B97F4A7C15)
	h := high ^ low ^ s.a
	h ^= h >> 32
	h *= 0xD6E8FEB86659FD93
	return h ^ h>>29
}

// inline loads a text of up to 16 bytes into two words, which with its length
// say all of it.
func inline(text []byte) (a, b uint64) {
	n := len(text)
	switch {
	case n >= 8:
		return binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[n-8:])
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(text)), uint64(binary.LittleEndian.Uint32(text[n-4:]))
	case n > 0:
		return uint64(text[0]) | uint64(text[n/2])<<8 | uint64(text[n-1])<<16, 0
	}
	return 0, 0
}

// keep copies a text behind the others.
func (d *Dict) keep(text []byte) string {
	if d.buffer.Cap()-d.buffer.Len() < len(text) {
		d.buffer = strings.Builder{}
		d.buffer.Grow(max(len(text), min(bufferSize, 64*len(d.texts))))
	}
	d.bytes += int64(len(text))
	from := d.buffer.Len()
	d.buffer.Write(text)
	return d.buffer.String()[from:]
}

// Reserve makes room for n texts more, so that the table need not grow for them.
func (d *Dict) Reserve(n int) {
	size := len(d.slots)
	for d.tight(len(d.texts)+n, size) {
		size *= 2
	}
	if size > len(d.slots) {
		d.resize(size)
	}
	d.texts = slices.Grow(d.texts, n)
}

// tight says whether so many texts are too many for so many slots: more than two
// thirds.
func (d *Dict) tight(texts, slots int) bool { return 3*texts > 2*slots }

// resize moves the slots to a table of another size.
func (d *Dict) resize(size int) {
	old := d.slots
	d.slots = make([]slot, size)
	mask := uint64(len(d.slots) - 1)
	for i := range old {
		if old[i].ref == 0 {
			continue
		}
		at := d.home(&old[i]) & mask
		for d.slots[at].ref != 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = old[i]
	}
}

// Text is the text of r.
func (d *Dict) Text(r Ref) string { return d.texts[r] }

// Texts are the texts by reference, as many as there are now. They may be read
// while another goroutine interns more.
func (d *Dict) Texts() []string { return d.texts[:len(d.texts):len(d.texts)] }

// Len is the number of texts, the empty one included; references are below it.
func (d *Dict) Len() int { return len(d.texts) }

// Size is about how many bytes of memory the texts and the table take.
func (d *Dict) Size() int64 {
	return int64(len(d.slots))*slotSize + int64(cap(d.texts))*placeSize + d.bytes
}
