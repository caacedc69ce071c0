package app

import (
	"time"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/source/folder"
	"github.com/saidi-exporter/saidi/source/nats"
	"github.com/saidi-exporter/saidi/source/postgres"
)

// A Config says what to follow and when to worry. Paths that are not absolute
// are below the folder of the configuration file.
type Config struct {
	Policy  string   // a file; empty: that of Qinghai
	Base    []string // files of customers served
	Mapping string   // of the base, and of sources that have none of their own; empty: none
	Ledger  string   // of measures; empty: none
	Sources []SourceConfig

	// Store is a folder, or the URL of a database of ClickHouse; empty: what the
	// files hold is all that is remembered.
	Store         string
	StorePassword string // a file with the password of the URL; empty: the URL has it, or needs none

	Tokens  []TokenConfig // who may read and write over HTTP
	Writers []string      // users of the web configuration's basic authentication who may write
	Push    PushLimits

	Refresh time.Duration // between two snapshots, 1 s … 1 h
	Rescan  time.Duration // between two looks at files of which nobody tells a change, 1 s … 1 d
	Quiet   time.Duration // for which a file must have stayed as it is before it is read, 0 … 1 h
	Timeout time.Duration // for which a source may answer nothing, 1 s … 1 h

	StaleAfter   time.Duration   // an outage open for longer probably lacks its end
	DataAgeLimit time.Duration   // data that lags further behind as-of is stale
	OutLimit     policy.Fraction // a larger share of an area's customers out at once is many
	Worst        int             // causes of an area, and feeders, that are told
}

// A SourceConfig is one source of events.
type SourceConfig struct {
	Name    string   // unique; also the source of rows that name none
	Files   []string // files, folders and patterns
	Mapping string   // empty: that of the configuration
	// Covers is the time of which the files hold every outage; empty: none is
	// declared beside what the mapping says.
	Covers period.Period
	// EachCovers is the time before it was written of which each file holds every
	// outage, as daily exports do; 0: none.
	EachCovers time.Duration
	Areas      []outage.Area // of which Covers and EachCovers speak; none: all

	// Exactly one of Files and these says where the events come from; all but
	// Files need a store.
	Push     bool
	NATS     *nats.Config
	Postgres *postgres.Config
	// Heartbeat is how often a stream or table that is up and read to its end is
	// noted to have told every outage so far; 0: never.
	Heartbeat time.Duration
}

// A TokenConfig is a token and what it is good for.
type TokenConfig struct {
	Name    string
	File    string   // holds the token, with blanks around it
	Write   bool     // else it is good for reading only
	Sources []string // that it may write; none: all
}

// PushLimits bound what is pushed over HTTP; zero fields stand for the defaults
// of the door.
type PushLimits struct {
	Body   int64 // bytes of one push
	AtOnce int   // pushes that are taken in at the same time
	Rate   int   // pushes a second of one writer
}

// DefaultConfig is a configuration that gives nothing.
func DefaultConfig() Config {
	return Config{
		Refresh: 30 * time.Second, Rescan: time.Minute, Quiet: folder.DefaultQuiet, Timeout: time.Minute,
		StaleAfter: 72 * time.Hour, DataAgeLimit: 36 * time.Hour, OutLimit: policy.Fraction{Num: 1, Den: 20}, Worst: 20,
	}
}
