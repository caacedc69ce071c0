package app

import (
	"fmt"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A world is an engine and what it was made of. It belongs to one goroutine.
type world struct {
	policy  *policy.Policy
	ledger  *policy.Ledger
	engine  *engine.Engine
	base    string // digest of the base
	mapping string // digest of the mapping
	notes   []outage.Note
	worst   int
	senders []string // the source of each of the engine's deliveries
	known   int64    // the sequence of the store up to which everything counts; 0 without a store
}

// newWorld makes a world without events for the customers served.
func newWorld(p *policy.Policy, rows []outage.Customers, staleAfter time.Duration) (*world, error) {
	base, err := p.NewBase(rows)
	if err != nil {
		return nil, fmt.Errorf("customer base: %w", err)
	}
	opts := snapshot.EngineOptions(p, staleAfter)
	opts.Watch = snapshot.WatchFor(p)
	return &world{policy: p, engine: engine.New(base, opts), notes: snapshot.NotesOfBase(base)}, nil
}

// advance moves the clock of the engine to t and makes the snapshot. One that was
// composed of sums is at t, and stays there.
func (w *world) advance(t time.Time, program, tzdata string) (*snapshot.Snapshot, map[string]time.Duration) {
	begun := time.Now()
	if !w.engine.Partial() {
		w.engine.Advance(t.Unix())
	}
	counted := time.Now()
	o := w.options(program, tzdata)
	o.Anonymous = true
	s := snapshot.Build(w.engine, w.policy, o)
	return s, map[string]time.Duration{"count": counted.Sub(begun), "build": time.Since(counted)}
}

// options are what an answer depends on besides the engine.
func (w *world) options(program, tzdata string) snapshot.Options {
	return snapshot.Options{
		Program: program, TZData: tzdata, BaseSHA256: w.base, MappingSHA256: w.mapping, Ledger: w.ledger, Notes: w.notes,
		Detail: true, Worst: w.worst, KnownAt: w.known,
	}
}
