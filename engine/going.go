package engine

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// going is what a share keeps as it is: rows in the order in which they came, and
// the pieces of those that go on.
type going struct {
	rows   []int32
	groups []goingGroup
}

const goingVersion = 1

// encode writes what is kept; nil where that is nothing.
func (g *going) encode(s *sharer) []byte {
	if len(g.rows) == 0 {
		return nil
	}
	w := &goingWriter{buf: []byte{goingVersion}}
	w.int(int64(len(g.rows)))
	for _, i := range g.rows {
		w.row(s.e.keptRow(i))
	}
	w.int(int64(len(g.groups)))
	for i := range g.groups {
		group := &g.groups[i]
		w.int(int64(s.noted[group.row]))
		w.bool(group.cut)
		w.pieces(group.kept, s.noted)
		w.pieces(group.out, s.noted)
	}
	return w.buf
}

// A keptRow is a row with all that an engine says of it.
type keptRow struct {
	part, account int64
	outage.Event
	outcome   Outcome
	remaining bool
	rejection *rejection
}

func (e *Engine) keptRow(i int32) *keptRow {
	r, p := e.rows.at(i), &e.parts.list[e.parts.at(i)]
	k := &keptRow{part: p.id, account: int64(p.account), outcome: r.outcome, remaining: r.marks&remaining != 0, rejection: e.extra(i).rejection}
	k.Event, _ = e.Event(int(i))
	return k
}

// A goingWriter writes what a goingReader reads.
type goingWriter struct{ buf []byte }

func (w *goingWriter) int(n int64) { w.buf = binary.AppendVarint(w.buf, n) }

func (w *goingWriter) bool(is bool) {
	if is {
		w.int(1)
		return
	}
	w.int(0)
}

func (w *goingWriter) text(text string) {
	w.int(int64(len(text)))
	w.buf = append(w.buf, text...)
}

func (w *goingWriter) row(k *keptRow) {
	for _, n := range [...]int64{
		k.part, k.account, int64(k.outcome), int64(k.Row), k.Start, k.End - k.Start, k.Customers, int64(k.Nature), k.Revision,
		int64(k.Flags), int64(math.Float64bits(k.CapacityKVA)),
	} {
		w.int(n)
	}
	w.bool(k.remaining)
	w.bool(k.Cancelled)
	for _, text := range [...]string{k.Source, k.ID, k.Feeder, k.Unit, k.Area, k.Class, k.Cause, k.TechnicalCause, k.Stage} {
		w.text(text)
	}
	w.int(int64(len(k.Steps)))
	for _, step := range k.Steps {
		w.int(step.At)
		w.int(step.Restored)
	}
	w.bool(k.rejection != nil)
	if why := k.rejection; why != nil {
		w.text(string(why.reason))
		w.text(why.column)
		w.text(why.value)
		w.bool(why.print != 0)
	}
}

func (w *goingWriter) pieces(list []kept, places map[int32]int32) {
	w.int(int64(len(list)))
	for i := range list {
		p := &list[i].piece
		for _, n := range [...]int64{
			int64(places[list[i].row]), int64(p.Cell), int64(p.Stratum), p.From, p.To - p.From, p.From - p.Booked, p.Milli, p.Interrupted,
			p.Events, p.OverBase, p.Overlap, int64(p.Nature), int64(p.Band),
		} {
			w.int(n)
		}
		w.bool(p.Split)
		w.bool(list[i].runs)
	}
}

// A goingReader reads what a share keeps as it is. After an error it reads zeros.
type goingReader struct {
	rest []byte
	err  error
}

var errGoing = errors.New("what goes on in a share cannot be read: it was written by another version, or cut off")

func (r *goingReader) fail() {
	if r.err == nil {
		r.err = errGoing
	}
	r.rest = nil
}

func (r *goingReader) int() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *goingReader) bool() bool { return r.int() != 0 }

// count reads the length of a list or text, each part of which takes a byte.
func (r *goingReader) count() int {
	n := r.int()
	if n < 0 || n > int64(len(r.rest)) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *goingReader) text() string {
	n := r.count()
	text := string(r.rest[:n])
	r.rest = r.rest[n:]
	return text
}

func (r *goingReader) row() *keptRow {
	k := &keptRow{part: r.int(), account: r.int(), outcome: Outcome(r.int())}
	k.Row, k.Start = outage.Row(r.int()), r.int()
	k.End, k.Customers = k.Start+r.int(), r.int()
	k.Nature, k.Revision, k.Flags = outage.Nature(r.int()), r.int(), outage.Flags(r.int())
	k.CapacityKVA, k.Served = math.Float64frombits(uint64(r.int())), outage.Missing
	k.remaining, k.Cancelled = r.bool(), r.bool()
	for _, text := range [...]*string{&k.Source, &k.ID, &k.Feeder, &k.Unit, &k.Area, &k.Class, &k.Cause, &k.TechnicalCause, &k.Stage} {
		*text = r.text()
	}
	for range r.count() {
		k.Steps = append(k.Steps, outage.Step{At: r.int(), Restored: r.int()})
	}
	if r.bool() {
		k.rejection = &rejection{reason: outage.Reason(r.text()), column: r.text(), value: r.text(), final: true}
		if r.bool() {
			k.rejection.print = 1
		}
	}
	if k.outcome >= outcomeCount || k.Nature > outage.NotAnOutage {
		r.fail()
	}
	return k
}

func (r *goingReader) pieces() (list []kept) {
	for range r.count() {
		k := kept{row: int32(r.int())}
		p := &k.piece
		p.Unit, p.Cell, p.Stratum, p.From = reliability.Nowhere, int32(r.int()), int32(r.int()), r.int()
		p.To, p.Booked, p.Milli = p.From+r.int(), p.From-r.int(), r.int()
		p.Interrupted, p.Events, p.OverBase, p.Overlap = r.int(), r.int(), r.int(), r.int()
		p.Nature, p.Band, p.Split, k.runs = outage.Nature(r.int()), reliability.Band(r.int()), r.bool(), r.bool()
		list = append(list, k)
	}
	return list
}
