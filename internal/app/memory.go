package app

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/internal/cluster"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store"
)

// A Memory is an engine that follows a store: it holds what was known at one
// sequence, and goes on from there. It is for one goroutine at a time.
type Memory struct {
	Engine     *engine.Engine
	BaseSHA256 string
	Notes      []outage.Note // what is odd about the base
	At         int64         // the last sequence that counts
	// Refused are the deliveries that cannot be counted, with why: their numbers
	// are beyond what can be added up.
	Refused map[int64]error

	store    store.Keeper
	halfway  bool              // it broke off while some deliveries were taken in
	loads    int               // how often the store was read for rows
	accounts map[int64]account // by stream of the store
	senders  []string          // the source of each of the engine's deliveries
	latest   map[string]int64  // start of the latest outage that each source told of, UTC seconds

	founded   chan error        // gives what came of making the engine; nil once that is known
	unfounded error             // why there is no engine
	strangers []store.StreamSum // streams that may have no accounts yet
}

// An account is what the engine knows a stream of the store by.
type account struct {
	number int
	live   bool
}

// Recall counts what a store held at a sequence; 0 is all of it. The sums are those
// of no instant until the engine advances to one.
func Recall(ctx context.Context, st store.Keeper, p *policy.Policy, opts engine.Options, until int64) (*Memory, error) {
	if until == 0 {
		until = st.Last()
	}
	m := &Memory{Refused: map[int64]error{}, store: st, accounts: map[int64]account{}, latest: map[string]int64{}, founded: make(chan error, 1)}
	go func() { m.founded <- m.found(ctx, p, opts, until) }() // while the first rows are read
	err := m.Follow(ctx, until)
	if unfounded := m.begin(); unfounded != nil {
		return nil, unfounded
	}
	return m, err
}

// found makes the engine of the customer base as it was known at a sequence.
func (m *Memory) found(ctx context.Context, p *policy.Policy, opts engine.Options, until int64) error {
	parts, err := m.store.Base(ctx, until)
	if err != nil {
		return fmt.Errorf("read the customer base: %w", err)
	}
	if len(parts) == 0 {
		return cluster.ErrNoBase
	}
	rows, digests := store.JoinBase(parts)
	base, err := p.NewBase(rows)
	if err != nil {
		return fmt.Errorf("customer base: %w", err)
	}
	m.Engine, m.BaseSHA256, m.Notes = engine.New(base, opts), snapshot.DigestOfBase(digests), snapshot.NotesOfBase(base)
	return nil
}

// begin waits until there is an engine, and gives streams that are new to it their
// accounts.
func (m *Memory) begin() error {
	if m.founded != nil {
		m.unfounded = <-m.founded
		m.founded = nil
	}
	if m.unfounded != nil {
		return m.unfounded
	}
	for i := range m.strangers {
		m.open(&m.strangers[i])
	}
	m.strangers = nil
	return nil
}

// Follow takes in what the store was told up to a sequence. After an error the
// engine is as it was, or the memory is outdated. It is for what comes behind: see
// [Memory.Outdated].
func (m *Memory) Follow(ctx context.Context, until int64) error {
	sums, err := m.store.Streams(ctx, m.At, until)
	if err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	sums = slices.DeleteFunc(sums, func(s store.StreamSum) bool { return s.Kind != store.Events })
	m.strangers = sums
	known := slices.DeleteFunc(slices.Clone(sums), func(s store.StreamSum) bool { _, ok := m.accounts[s.ID]; return !ok })
	err = m.load(ctx, until, 0, math.MaxInt64)
	if _, ok := errors.AsType[*beyondError](err); ok {
		if err = m.sift(ctx, until); err != nil {
			m.halfway = true
		}
	}
	if err != nil {
		return err
	}
	for i := range sums {
		s := &sums[i]
		m.Engine.Tell(m.accounts[s.ID].number, int(s.Rows), int(s.Skipped), s.Covers)
	}
	for i := range known { // they are more than one delivery now, as a recall has it
		m.Engine.Deliveries()[m.accounts[known[i].ID].number].SHA256 = ""
	}
	m.At = until
	return nil
}

// Outdated says whether what the store was told since changes what counted before,
// so that everything has to be recalled anew: another base, or a delivery that was
// withdrawn. So it has after a [Memory.Follow] that broke off half-way.
func (m *Memory) Outdated(ctx context.Context, until int64) (bool, error) {
	if m.halfway {
		return true, nil
	}
	withdrawn, err := m.store.Withdrawn(ctx, m.At, until)
	if err != nil || withdrawn {
		return withdrawn, err
	}
	return m.store.BaseChanged(ctx, m.At, until)
}

// open gives a stream its account.
func (m *Memory) open(s *store.StreamSum) {
	if _, known := m.accounts[s.ID]; known {
		return
	}
	m.accounts[s.ID] = account{number: m.Engine.Open(s.Account()), live: s.Live}
	m.senders = append(m.senders, s.Source)
}

// A beyondError is that of deliveries that cannot be counted.
type beyondError struct{ error }

// load takes in the deliveries between At and a sequence that have numbers from
// first to last.
func (m *Memory) load(ctx context.Context, until, first, last int64) error {
	m.loads++
	var load *engine.Load
	begin := func() error {
		if load != nil {
			return nil
		}
		if err := m.begin(); err != nil {
			return err
		}
		load = m.Engine.Begin()
		return nil
	}
	delivery := int64(0) // that the load is at: a long one comes in several chunks
	err := m.store.Read(ctx, m.At, until, func(c *store.Chunk) error {
		if err := begin(); err != nil {
			return err
		}
		for _, p := range c.Parts {
			if m.Refused[p.Delivery] != nil || p.Delivery < first || p.Delivery > last {
				continue
			}
			if p.Delivery != delivery {
				m.deliver(load, &p)
				delivery = p.Delivery
			}
			if err := load.AddRows(c.Batch, p.Rows, p.Rejected); err != nil {
				return err
			}
			source := m.senders[m.accounts[p.Stream].number]
			m.latest[source] = max(m.latest[source], latestStart(c.Batch, p.Rows[0], p.Rows[1]))
		}
		return nil
	})
	if err == nil {
		err = begin() // where there are no rows
	}
	if err != nil {
		if load != nil {
			load.Abort()
		}
		return fmt.Errorf("read the store: %w", err)
	}
	if err := load.CommitParts(); err != nil {
		return &beyondError{err}
	}
	return nil
}

// deliver says that rows of a delivery follow.
func (m *Memory) deliver(load *engine.Load, p *store.Part) {
	a := m.accounts[p.Stream]
	received := p.Received
	if !a.live {
		received = 0
	}
	load.Deliver(a.number, p.Delivery, received)
}

// sift takes in all deliveries but those that cannot be counted with what is there.
func (m *Memory) sift(ctx context.Context, until int64) error {
	var list []int64
	err := m.store.Read(ctx, m.At, until, func(c *store.Chunk) error {
		for _, p := range c.Parts {
			if len(list) == 0 || list[len(list)-1] != p.Delivery {
				list = append(list, p.Delivery)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	return m.siftThrough(ctx, until, list)
}

// siftThrough halves a list of deliveries until it finds what cannot be counted,
// as each look at the store may be a long one.
func (m *Memory) siftThrough(ctx context.Context, until int64, list []int64) error {
	if len(list) == 0 {
		return nil
	}
	err := m.load(ctx, until, list[0], list[len(list)-1])
	beyond, ok := errors.AsType[*beyondError](err)
	if !ok {
		return err
	}
	if len(list) == 1 {
		m.Refused[list[0]] = beyond.error
		return nil
	}
	half := len(list) / 2
	if err := m.siftThrough(ctx, until, list[:half]); err != nil {
		return err
	}
	return m.siftThrough(ctx, until, list[half:])
}

// refusals names the deliveries that cannot be counted.
func refusals(refused map[int64]error) string {
	var all []string
	for id, err := range refused {
		all = append(all, fmt.Sprintf("delivery %d cannot be counted: %v", id, err))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}
