package web

import (
	"time"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A Status is what the page at / shows. It does not change afterwards.
type Status struct {
	Program  string             // name and version
	Snapshot *snapshot.Snapshot // nil before the first one is made
	Computed time.Time          // wall time at which the snapshot was made
	Took     time.Duration
	Demo     *Demo // nil unless the demo runs

	Sources []Source
	Faults  []Fault // the latest first

	Started    time.Time
	ReloadOK   bool
	ReloadTime time.Time // of the last reload that worked
	Now        time.Time // wall time
}

// A Demo is the simulated clock of the demo.
type Demo struct {
	From, To time.Time // what the clock goes through again and again
	Speed    float64   // simulated seconds a second
}

// A Source is one source of events, or the customer base.
type Source struct {
	Name        string
	Base        bool     // it tells of customers, not of outages
	Places      []string // files, folders and patterns as configured
	Up          bool
	Files       int // that count
	Rows        int64
	Accepted    int64
	Rejected    int64
	LastSuccess time.Time
	LatestEvent time.Time // zero where there is none
}

// A Fault is what is wrong with a source, a file or the configuration.
type Fault struct {
	Source string // empty for the configuration
	Place  string // a file or folder
	What   string // the error, which may have several lines
	Since  time.Time
}
