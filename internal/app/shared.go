package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/saidi-exporter/saidi/internal/cluster"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// shared is the part of this process in the work on a store in ClickHouse. Its
// answers take the place of a [Memory]: their engines are composed of sums and hold
// no rows.
type shared struct {
	store  *clickhouse.Store
	member *cluster.Member
	most   int64 // rows that a question may need

	answer *cluster.Answer // of the world; nil before the first
	status cluster.Status
	missed []period.Period // what the last answer lacked; none: it was shown
	counts rowCounter

	mu    sync.Mutex
	ended error // why the member does not run
}

// newShared makes a member of the work of a configuration.
func newShared(r *rules, st *clickhouse.Store, o *Options) *shared {
	s := &shared{store: st, most: mostScoped}
	if st.Stats().Deliveries == 0 {
		s.counts.before = map[string]tallyOfRows{}
	}
	s.member = cluster.New(cluster.Options{
		Store: st, Policy: r.policy, Engine: EngineFor(r.policy, r.config.StaleAfter), Refresh: r.config.Refresh, Now: o.Now, ID: st.ID(),
		Snapshot: snapshot.Options{Program: o.Program, Anonymous: true, Detail: true, Worst: r.config.Worst, Ledger: r.ledger},
	})
	return s
}

// How long to wait before the work goes on that ended, and how often to look how it
// is going.
const (
	pauseOfWork = 5 * time.Second
	lookAtWork  = 2 * time.Second
	askAgain    = 10 * time.Second
)

// run takes part in the work until ctx is done, and tells of every answer, and of
// what goes wrong.
func (s *shared) run(ctx context.Context, changed func()) {
	var working sync.WaitGroup
	defer working.Wait()
	working.Go(func() { s.work(ctx) })
	ticker := time.NewTicker(lookAtWork)
	defer ticker.Stop()
	shown := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.member.Answers():
			changed()
		case <-ticker.C:
			if now := fmt.Sprint(s.trouble(s.member.Status())); now != shown {
				shown = now
				changed()
			}
		}
	}
}

func (s *shared) work(ctx context.Context) {
	for ctx.Err() == nil {
		err := s.member.Run(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			err = errors.New("the work on the store has ended")
		}
		s.mu.Lock()
		s.ended = err
		s.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-time.After(pauseOfWork):
		}
	}
}

// trouble is why the work does not go on; nil where it does.
func (s *shared) trouble(now cluster.Status) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Err != nil {
		return now.Err
	}
	return s.ended
}

// update takes the newest answer, and says whether there is one that was not shown
// yet.
func (s *shared) update() (newer bool) {
	s.status = s.member.Status()
	a := s.member.Answer()
	if a == nil || a == s.answer {
		return false
	}
	s.answer, s.missed = a, nil
	return true
}

// outcomeOf works out what has become of the rows of a delivery, from the groups in
// which they are.
func (s *shared) outcomeOf(ctx context.Context, w *world, delivery int64) (*outcome, error) {
	o := &outcome{known: w.known}
	info, err := s.store.Delivery(ctx, delivery)
	if err != nil || info.Last > w.known || info.WithdrawnBy != 0 {
		return o, err
	}
	groups, err := s.store.Changed(ctx, info.First-1, info.Last, w.known)
	if err != nil {
		return o, err
	}
	e, err := s.member.Scoped(ctx, groups, w.known, w.engine.AsOf(), s.most)
	if _, ok := errors.AsType[*cluster.TooManyError](err); ok {
		return o, nil // nobody can say at once
	}
	if err != nil {
		return o, err
	}
	if got, ok := e.Delivered(delivery); ok {
		if told := info.Stored + info.Rejected; got.Rows != told {
			return o, fmt.Errorf("delivery %d: %d of its %d rows are in the store: look with saidi store verify, and restore the store from a backup", delivery, got.Rows, told)
		}
		o.Counts, o.rejects = &got.Counts, e.RejectsOf(delivery)
	}
	return o, nil
}

// metric is the shared work as metrics show it.
func (s *shared) metric() *metrics.Cluster {
	at := &s.status
	m := &metrics.Cluster{
		Members: len(at.Members), Slots: at.Slots, Pending: at.Pending, Behind: at.Behind, Groups: at.Groups, Rows: at.Rows,
		Work: at.Worked, Compose: at.Composed,
	}
	gone := shardsGone(s.trouble(s.status))
	for n := range s.store.Shards() {
		m.Shards = append(m.Shards, !gone[n+1])
	}
	if s.answer != nil {
		m.Moment = s.answer.AsOf
	}
	return m
}

// shardsGone are the numbers of the shards that an error says do not answer.
func shardsGone(err error) map[int]bool {
	gone := map[int]bool{}
	var look func(error)
	look = func(err error) {
		if shard, ok := err.(*clickhouse.ShardError); ok { //nolint:errorlint // every error of the tree is looked at
			gone[shard.Shard] = true
		}
		switch e := err.(type) { //nolint:errorlint // likewise
		case interface{ Unwrap() error }:
			look(e.Unwrap())
		case interface{ Unwrap() []error }:
			for _, one := range e.Unwrap() {
				look(one)
			}
		}
	}
	look(err)
	return gone
}
