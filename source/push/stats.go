package push

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"
)

// Stats are what was done since the handler was made. Numbers only grow, but for
// those in flight.
type Stats struct {
	InFlight int64         // bodies that are being taken
	Writers  []WriterStats // in order of name; the empty one is everybody who was not let in
}

// WriterStats are the doings of one writer, by the name of the token or user.
type WriterStats struct {
	Who      string
	Requests map[string]int64 // answered, by 2xx, 4xx and 5xx
	Bytes    int64            // of bodies as they came, those too that were not taken
	Rows     Rows
	InFlight int64   // requests that are not answered yet
	Seconds  float64 // of all answered requests, from the end of the header until the answer is known
	Answered int64   // requests
}

// Rows are what became of the rows that were sent.
type Rows struct {
	Stored, Rejected, Skipped int64
	Again                     int64 // of deliveries that were there already
}

// A tally is the doings of one writer, counted by many at once.
type tally struct {
	classes                          [6]atomic.Int64 // by the first digit of the status
	bytes, inFlight, nanos, answered atomic.Int64
	stored, rejected, skipped, again atomic.Int64
}

// count adds a request whose answer is known.
func (t *tally) count(status int, bytes int64, took time.Duration, a *Answer) {
	t.classes[status/100].Add(1)
	t.bytes.Add(bytes)
	t.nanos.Add(int64(took))
	t.answered.Add(1)
	switch {
	case a == nil:
	case a.Again:
		t.again.Add(int64(a.Rows))
	default:
		t.stored.Add(int64(a.Stored))
		t.rejected.Add(int64(a.Rejected))
		t.skipped.Add(int64(a.Skipped))
	}
}

func (t *tally) stats(who string) WriterStats {
	return WriterStats{
		Who:      who,
		Requests: map[string]int64{"2xx": t.classes[2].Load(), "4xx": t.classes[4].Load(), "5xx": t.classes[5].Load()},
		Bytes:    t.bytes.Load(),
		Rows:     Rows{Stored: t.stored.Load(), Rejected: t.rejected.Load(), Skipped: t.skipped.Load(), Again: t.again.Load()},
		InFlight: t.inFlight.Load(),
		Seconds:  time.Duration(t.nanos.Load()).Seconds(),
		Answered: t.answered.Load(),
	}
}

// Stats gives the numbers as they are now; those of one request may be there in
// part.
func (h *Handler) Stats() Stats {
	s := Stats{InFlight: int64(len(h.places)), Writers: []WriterStats{h.strangers.stats("")}}
	for name, d := range h.desks {
		s.Writers = append(s.Writers, d.tally.stats(name))
	}
	slices.SortFunc(s.Writers, func(a, b WriterStats) int { return cmp.Compare(a.Who, b.Who) })
	return s
}
