package outage

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
)

// A Ref stands for a text of a [Dict]; 0 is the empty text.
type Ref uint32

// A Dict interns texts: each distinct one has a reference that never changes,
// counted from 0, the empty text, in the order of first appearance.
//
// References are found in an open-addressing table that has texts of up to 16
// bytes in its slots, so that a short text costs one look into memory. The hash
// has a random seed: no file can be made whose texts all collide.
//
// Several goroutines may intern at once. Looking up a text that is there takes
// no lock; only new ones wait for each other.
type Dict struct {
	seed  [2]uint64
	long  maphash.Seed
	table atomic.Pointer[[]slot]   // a power of two of them, two thirds full at most
	texts atomic.Pointer[[]string] // by reference, with room for more
	count atomic.Int64             // of texts
	size  atomic.Int64             // see Size

	mu     sync.Mutex      // holds all that is written
	buffer strings.Builder // the texts that came last, end to end
}

// A slot is empty, or holds a text of up to 16 bytes, or the hash of a longer
// one.
type slot struct {
	a, b uint64        // the text, or its hash in a; they do not change once tag is set
	tag  atomic.Uint64 // its reference, above its size in bytes; 0 in an empty slot
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
	d := &Dict{seed: [2]uint64{rand.Uint64(), rand.Uint64()}, long: maphash.MakeSeed()}
	slots, texts := make([]slot, 64), make([]string, 64)
	d.table.Store(&slots)
	d.texts.Store(&texts)
	d.count.Store(1)
	d.size.Store(64 * (slotSize + placeSize))
	return d
}

// Known gives the reference of text, if d holds it.
func (d *Dict) Known(text string) (r Ref, ok bool) {
	if text == "" {
		return 0, true
	}
	r, _, _ = d.find([]byte(text))
	return r, r != 0
}

// Intern gives the reference of text, a new one where it is new.
func (d *Dict) Intern(text string) Ref { return d.InternBytes([]byte(text)) }

// InternBytes is [Dict.Intern] of bytes, of which it keeps a copy.
func (d *Dict) InternBytes(text []byte) Ref {
	if len(text) == 0 {
		return 0
	}
	if r, _, _ := d.find(text); r != 0 {
		return r
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	r, key, s := d.find(text) // another may have been here before
	if r != 0 {
		return r
	}
	n := d.Len()
	if texts := *d.texts.Load(); n == len(texts) {
		d.grow(2 * n)
	}
	(*d.texts.Load())[n] = d.keep(text)
	d.count.Store(int64(n + 1))
	s.a, s.b = key.a, key.b
	s.tag.Store(uint64(n)<<32 | key.size)
	d.size.Add(int64(len(text)))
	if slots := len(*d.table.Load()); tight(n+1, slots) {
		d.resize(slots * growth(slots))
	}
	return Ref(n)
}

// growth is by how much a table grows: the more, the less it is moved, and the
// less, the more it is full.
func growth(slots int) int {
	if slots < 1<<16 {
		return 4
	}
	return 2
}

// grow makes room for so many texts.
func (d *Dict) grow(n int) {
	old := *d.texts.Load()
	texts := make([]string, n)
	copy(texts, old)
	d.texts.Store(&texts)
	d.size.Add(int64(n-len(old)) * placeSize)
}

// A key is what a slot says of a text.
type key struct{ a, b, size uint64 }

// find gives the reference of a text, or 0 and the slot where it would stand: by
// the time that the caller looks, another text may stand there.
func (d *Dict) find(text []byte) (Ref, key, *slot) {
	k := key{size: uint64(len(text))}
	if len(text) > shortText {
		k.a = maphash.Bytes(d.long, text)
	} else {
		k.a, k.b = inline(text)
	}
	slots := *d.table.Load()
	mask := uint64(len(slots) - 1)
	for at := d.home(k) & mask; ; at = (at + 1) & mask {
		s := &slots[at]
		tag := s.tag.Load()
		if tag == 0 || uint64(uint32(tag)) == k.size && s.a == k.a && s.b == k.b && (len(text) <= shortText || d.Text(Ref(tag>>32)) == string(text)) {
			return Ref(tag >> 32), k, s
		}
	}
}

// home is the hash of a key, where the search for its text begins.
func (d *Dict) home(k key) uint64 {
	if k.size > shortText {
		return k.a
	}
	high, low := bits.Mul64(k.a^d.seed[0], k.b^d.seed[1]^k.size*0x9E3779B97F4A7C15)
	h := high ^ low ^ k.a
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
		d.buffer.Grow(max(len(text), min(bufferSize, 64*d.Len())))
	}
	from := d.buffer.Len()
	d.buffer.Write(text)
	return d.buffer.String()[from:]
}

// Reserve makes room for n texts more, so that the table need not grow for them.
func (d *Dict) Reserve(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	size := len(*d.table.Load())
	for tight(d.Len()+n, size) {
		size *= 2
	}
	if size > len(*d.table.Load()) {
		d.resize(size)
	}
	if texts := *d.texts.Load(); d.Len()+n > len(texts) {
		d.grow(d.Len() + n)
	}
}

// tight says whether so many texts are too many for so many slots: more than two
// thirds.
func tight(texts, slots int) bool { return 3*texts > 2*slots }

// resize moves the slots to a larger table. Who reads the old one meanwhile finds
// what was there.
func (d *Dict) resize(size int) {
	old := *d.table.Load()
	slots := make([]slot, size)
	mask := uint64(size - 1)
	for i := range old {
		s := &old[i]
		tag := s.tag.Load()
		if tag == 0 {
			continue
		}
		at := d.home(key{s.a, s.b, uint64(uint32(tag))}) & mask
		for slots[at].tag.Load() != 0 {
			at = (at + 1) & mask
		}
		slots[at].a, slots[at].b = s.a, s.b
		slots[at].tag.Store(tag)
	}
	d.table.Store(&slots)
	d.size.Add(int64(size-len(old)) * slotSize)
}

// Text is the text of r.
func (d *Dict) Text(r Ref) string { return (*d.texts.Load())[r] }

// Texts are the texts by reference, as many as there are now.
func (d *Dict) Texts() []string {
	n := d.count.Load() // before the texts, which may be more by then
	return (*d.texts.Load())[:n:n]
}

// Len is the number of texts, the empty one included; references are below it.
func (d *Dict) Len() int { return int(d.count.Load()) }

// Size is about how many bytes of memory the texts and the table take.
func (d *Dict) Size() int64 { return d.size.Load() }
