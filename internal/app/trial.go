package app

import (
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// A trial counts a delivery alone, to tell its sender which rows the base, or
// other rows of the delivery, keep from counting.
type trial struct {
	engine *engine.Engine // nil without a base
	load   *engine.Load
	err    error
}

// newTrial begins a trial against a base, which may be nil.
func newTrial(base *reliability.Base, p *policy.Policy, received time.Time) *trial {
	if base == nil {
		return &trial{}
	}
	opts := snapshot.EngineOptions(p, 0)
	opts.Workers = 1
	t := &trial{engine: engine.New(base, opts)}
	t.load = t.engine.Begin()
	t.load.Received = received.Unix()
	return t
}

// add takes in a batch.
func (t *trial) add(b *outage.Batch) {
	if t.engine != nil && t.err == nil {
		t.err = t.load.Add(b)
	}
}

// rejects are the rows that do not count, those that could not be read among
// them; ok is false where nobody can say.
func (t *trial) rejects(d *outage.Delivery) (list []engine.RejectedRow, ok bool) {
	if t.engine == nil || t.err != nil {
		return nil, false
	}
	whole := *d
	if t.err = t.load.Commit(&whole); t.err != nil {
		return nil, false
	}
	return t.engine.Rejects(), true
}
