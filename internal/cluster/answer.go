package cluster

import (
	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
)

// A Moment is an instant of which there is one answer.
type Moment struct {
	ID    uint64 // grows; 0 of an answer that is of no moment
	AsOf  int64  // UTC seconds
	Known int64  // the last sequence that counts
	Era   uint64 // of the shares that it is made of
}

// An Answer is an engine composed of shares, and what it was made of. The engine
// belongs to whoever takes the answer, one goroutine at a time, and must not be
// advanced.
type Answer struct {
	Engine     *engine.Engine
	AsOf       int64 // UTC seconds
	Known      int64 // the last sequence that counts
	BaseSHA256 string
	Notes      []outage.Note    // what is odd about the base
	Senders    []string         // the source of each of the engine's deliveries
	Latest     map[string]int64 // start of the latest outage, not pre-arranged, that each source told of, UTC seconds
	// Refused are the deliveries that cannot be counted, with why: their numbers
	// are beyond what can be added up.
	Refused map[int64]error
	Moment  Moment
}
