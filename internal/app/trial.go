package app

import (
	"sync"
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

// trials lends engines for trials against the base that counts. Their memory is
// used again.
type trials struct {
	policy *policy.Policy
	mu     sync.Mutex
	base   *reliability.Base // nil before there is one
	idle   []*engine.Engine
}

// against makes trials from now on be held against a base.
func (s *trials) against(base *reliability.Base) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.base != base {
		s.base, s.idle = base, nil
	}
}

// begin begins a trial of what was received at an instant.
func (s *trials) begin(received time.Time) *trial {
	s.mu.Lock()
	base := s.base
	t := &trial{}
	if last := len(s.idle) - 1; last >= 0 {
		t.engine, s.idle = s.idle[last], s.idle[:last]
	}
	s.mu.Unlock()
	switch {
	case base == nil:
		return t
	case t.engine == nil:
		opts := snapshot.EngineOptions(s.policy, 0)
		opts.Workers = 1
		t.engine = engine.New(base, opts)
	default:
		t.engine = t.engine.Anew()
	}
	t.load = t.engine.Begin()
	t.load.Received = received.Unix()
	return t
}

// Of the engines of trials so many are kept, of small deliveries only: the memory
// of large ones is given back.
const (
	mostIdle  = 16
	smallRows = 1 << 15
)

// end takes back the engine of a trial.
func (s *trials) end(t *trial) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.engine != nil && t.engine.Base() == s.base && t.engine.Rows() <= smallRows && len(s.idle) < mostIdle {
		s.idle = append(s.idle, t.engine)
	}
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
