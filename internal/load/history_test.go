package load

import (
	"context"
	"fmt"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/store"
)

// A history is the outages of five years in the order in which they began, one a
// block of transformers and round. One event in ten is told twice, one in 25 is
// told again with other ends.
type history struct {
	place
	rounds   int
	from, to int64 // UTC seconds
}

// fiveYears in seconds.
const fiveYears = 5 * 365 * 86_400

func (b *bench) history() *history {
	return &history{b.place, b.rounds, b.now - fiveYears, b.now - halfDay}
}

func (h *history) blocks() int { return h.units / unitsOfBlock }
func (h *history) events() int { return h.blocks() * h.rounds }

// lag is after how many other events one is told again: in another delivery.
func (h *history) lag() int { return max(h.blocks()/2, rowsOfDelivery/unitsOfBlock*6/5) }

func isTwice(n int) bool     { return n%10 == 3 }
func isCorrected(n int) bool { return n%25 == 11 }

// outcomes are the rows, and what becomes of them.
func (h *history) outcomes() outcomes {
	o := outcomes{Accepted: h.events() * unitsOfBlock}
	for n := range h.events() {
		if isTwice(n) {
			o.Duplicate += unitsOfBlock
		}
		if isCorrected(n) {
			o.Superseded += unitsOfBlock
		}
	}
	o.Rows = o.Accepted + o.Duplicate + o.Superseded
	return o
}

// of gives the outages of one event, as they are told at last or before.
func (h *history) of(n int, last bool, yield func(told) bool) bool {
	first := n % h.blocks() * 7919 % h.blocks() * unitsOfBlock
	start := h.from + int64(n)*((h.to-h.from)/int64(h.events()))
	for unit := first; unit < first+unitsOfBlock; unit++ {
		end := start + 600 + int64((n*7919+unit*31)%20_000)
		if last && isCorrected(n) {
			end += 1800
		}
		if !yield(told{unit, start, end}) {
			return false
		}
	}
	return true
}

// all gives every outage as it holds at last.
func (h *history) all(yield func(told) bool) {
	for n := range h.events() {
		if !h.of(n, true, yield) {
			return
		}
	}
}

// A filler puts rows into a store, in deliveries.
type filler struct {
	*history
	ctx        context.Context
	store      *store.Store
	batch      *outage.Batch
	parcel     store.Parcel
	rows       int // of the delivery
	done       int
	deliveries int
	tail       int // rows of the history that come in small deliveries at the end
	waiting    []store.Told
}

const (
	rowsOfDelivery = 100_000
	rowsOfTail     = 40_000
	rowsOfSmall    = 20
)

// fill tells a store everything.
func (h *history) fill(ctx context.Context, s *store.Store) error {
	f := &filler{history: h, ctx: ctx, store: s, batch: outage.NewBatch(outage.NewDict()), parcel: s.Begin(), tail: h.outcomes().Rows - rowsOfTail}
	for n := range h.events() + h.lag() {
		if n < h.events() {
			if err := f.tell(n, false); err != nil {
				return err
			}
		}
		if late := n - h.lag(); late >= 0 && (isTwice(late) || isCorrected(late)) {
			if err := f.tell(late, true); err != nil {
				return err
			}
		}
	}
	if err := f.put(); err != nil {
		return err
	}
	return f.commit()
}

// tell adds the rows of an event, and puts the delivery when it is large enough.
func (f *filler) tell(n int, last bool) error {
	f.of(n, last, func(t told) bool {
		e := f.event("E", n, t)
		f.rows++
		e.Row = outage.Row(f.rows + 1)
		f.batch.Append(&e)
		return true
	})
	most := rowsOfDelivery
	if f.done >= f.tail-rowsOfDelivery {
		most = max(rowsOfSmall, f.tail-f.done)
	}
	if f.rows >= most {
		return f.put()
	}
	if f.batch.Len() >= 8192 {
		return f.flush()
	}
	return nil
}

func (f *filler) flush() error {
	err := f.parcel.Add(f.batch)
	f.batch.Reset()
	return err
}

// put ends a delivery and begins the next. Small ones are stored a hundred at once.
func (f *filler) put() error {
	if err := f.flush(); err != nil || f.rows == 0 {
		return err
	}
	head := store.Head{
		Stream: store.Stream{Kind: store.Events, Source: source, Channel: store.Push, Name: "push/" + source, Content: "ndjson", Live: true, Sheets: []outage.Sheet{{}}},
		SHA256: fmt.Sprintf("%064x", f.deliveries+1), Rows: f.rows,
	}
	f.waiting = append(f.waiting, store.Told{Head: head, Parcel: f.parcel})
	large := f.rows > rowsOfSmall
	f.done, f.rows, f.deliveries, f.parcel = f.done+f.rows, 0, f.deliveries+1, f.store.Begin()
	if large || len(f.waiting) == 100 {
		return f.commit()
	}
	return nil
}

// commit stores the deliveries that wait.
func (f *filler) commit() error {
	_, err := f.store.Put(f.ctx, f.waiting...)
	f.waiting = nil
	return err
}
