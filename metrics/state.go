package metrics

import (
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A State is what a page of metrics is made from. It does not change afterwards.
type State struct {
	// Snapshot has a Detail; nil before the first one is made.
	Snapshot *snapshot.Snapshot
	Computed time.Time                // wall time at which the snapshot was made
	Steps    map[string]time.Duration // of making it
	Groups   int64                    // recomputed since the start

	Sources []Source
	Store   *Store // nil without a store

	ReloadOK   bool
	ReloadTime time.Time // of the last reload that worked

	DataAgeLimit     time.Duration // 0 where none is configured
	InterruptedLimit float64       // share of customers; 0 where none is configured
}

// A Source is what is known of one source of events.
type Source struct {
	Name        string // unlike that of any other source
	Up          bool
	Faults      int
	LatestEvent int64 // UTC seconds; 0 where there is none
	LastSuccess time.Time
	Duration    time.Duration // of the last delivery; 0 where there is none
	Pending     *int64        // messages that wait to be taken; nil where nobody knows
	Rows        []Rows        // read since the start
}

// Rows counts rows with one outcome, and where they are rejected with one reason.
type Rows struct {
	Outcome, Reason string
	Count           int64
}

// A Store is what is known of the store, and of what is pushed into it.
type Store struct {
	Sequence, Applied          int64 // the last that is stored, and that counts
	Deliveries, Rows, TailRows int64
	Segments, Bytes            int64
	Faults                     int

	Cluster *Cluster // nil where the store is a folder

	InFlight int64 // pushes
	Writers  []Writer
}

// A Cluster is what is known of the work on a store in ClickHouse that several
// processes share.
type Cluster struct {
	Members, Slots, Pending int
	Moment                  int64         // UTC seconds; 0 before the first answer
	Behind                  int64         // sequences
	Groups, Rows            int64         // worked out and read by this process
	Work, Compose           time.Duration // of the last moment
	Shards                  []bool        // whether each answers, from number 1 on
}

// A Writer is what one token or user pushed; of no name, those who may not.
type Writer struct {
	Name     string
	Requests map[string]int64 // by status: 2xx, 4xx, 5xx
	Bytes    int64
	Seconds  float64
}
