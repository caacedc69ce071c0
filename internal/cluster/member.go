package cluster

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// A Member takes part in the work. [Member.Run] does it; the other methods may be
// called from any goroutine meanwhile.
type Member struct {
	o       Options
	w       *worker
	setting uint64
	answers chan struct{}

	mu     sync.Mutex
	answer *Answer
	status Status

	// What follows is for the goroutine of Run alone.
	frames    map[uint64]*frame // by base and withdrawals
	eras      map[uint64]*era
	completed map[uint64]bool // moments of which all slots are done
	newest    [2]*clickhouse.Moment
	composer  composer
	shown     uint64 // the moment of the last answer
	stalled   stall
	lost      loss
	ready     bool // the tables are there
	swept     time.Time
}

// New makes a member.
func New(o Options) *Member {
	o = o.withDefaults()
	return &Member{
		o: o, setting: o.setting(), answers: make(chan struct{}, 1), status: Status{ID: o.ID},
		w:      &worker{store: o.Store, policy: o.Policy, opts: o.Engine, snapshot: o.Snapshot, most: int64(o.BatchRows)},
		frames: map[uint64]*frame{}, eras: map[uint64]*era{}, completed: map[uint64]bool{},
	}
}

// Answers has a value after there is a newer answer.
func (m *Member) Answers() <-chan struct{} { return m.answers }

// Answer gives the last answer; nil before it. Its engine belongs to whoever takes
// it: a new one is composed for every moment.
func (m *Member) Answer() *Answer {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.answer
}

// Status says how the work is going.
func (m *Member) Status() Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.status
	s.Members = slices.Clone(s.Members)
	s.Behind = max(0, m.w.store.Last()-s.Shown.Known)
	return s
}

// The pauses of a member: between two looks at the others, and after an error up
// to the longest.
const (
	pause        = 200 * time.Millisecond
	longestPause = 5 * time.Second
	sweepEvery   = 10 * time.Minute
)

// Run works until ctx is done, whatever goes wrong meanwhile: [Member.Status] says
// it. At the end the others are told that the member is gone.
func (m *Member) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { m.beat(ctx) })
	wait := pause
	for ctx.Err() == nil {
		err := m.step(ctx)
		m.note(err)
		if err == nil {
			wait = pause
		}
		sleep(ctx, wait)
		if err != nil {
			wait = min(2*wait, longestPause)
		}
	}
	wg.Wait()
	m.tell(ctx, true)
	return ctx.Err()
}

// beat says again and again that the member is alive.
func (m *Member) beat(ctx context.Context) {
	for ctx.Err() == nil {
		m.tell(ctx, false)
		sleep(ctx, m.o.BeatEvery)
	}
}

// tell tells the others that the member is alive, or gone. It is not broken off:
// what is on its way then would come too late. Where the home server does not
// answer, step says so.
func (m *Member) tell(ctx context.Context, gone bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), m.o.DeadAfter/2)
	defer cancel()
	_ = m.w.store.Beat(ctx, m.setting, m.o.ID, gone)
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// step looks at the others once, and does what there is to do.
func (m *Member) step(ctx context.Context) error {
	if err := m.prepareTables(ctx); err != nil {
		return err
	}
	v, err := m.look(ctx)
	if err != nil {
		return err
	}
	written, err := m.conduct(ctx, v)
	if err != nil {
		return err
	}
	if written {
		if v, err = m.look(ctx); err != nil {
			return err
		}
	}
	m.see(v)
	began := m.o.Now()
	if err := m.work(ctx, v); err != nil {
		return err
	}
	m.took(m.o.Now().Sub(began))
	if err := m.lookAtDone(ctx, v); err != nil {
		return err
	}
	m.see(v)
	if err := m.compose(ctx, v); err != nil {
		return err
	}
	return m.sweep(ctx, v)
}

func (m *Member) prepareTables(ctx context.Context) error {
	if m.ready {
		return nil
	}
	err := m.w.store.PrepareShares(ctx)
	if err == nil {
		err = m.w.store.Beat(ctx, m.setting, m.o.ID, false)
	}
	m.ready = err == nil
	return err
}

// work works on the slots of this member: for the newest moment, and where that is
// done, for one ahead of time, until there is a newer one.
func (m *Member) work(ctx context.Context, v *view) error {
	if v.now == nil || v.superseded {
		return nil
	}
	mine := owned(v.owners, m.o.ID)
	m.drop(v, mine)
	if !m.complete(v) {
		return m.bring(ctx, v.now, mine, func() bool { return false })
	}
	if v.ahead == nil || len(v.aheadDone) == m.w.store.Slots() {
		return nil
	}
	return m.bring(ctx, v.ahead, mine, func() bool {
		newest, err := m.w.store.Newest(ctx, m.setting)
		return err != nil || newest.Now != v.now.ID || m.conducts(v)
	})
}

// conducts says whether this member writes the moments, and so must not stay away
// for long.
func (m *Member) conducts(v *view) bool { return v.members[0] == m.o.ID }

// drop forgets eras that are over, and slots that belong to others now: who gets
// them back learns anew.
func (m *Member) drop(v *view, mine []int) {
	for id, e := range m.eras {
		if id != v.now.Era && (v.ahead == nil || id != v.ahead.Era) {
			delete(m.eras, id)
			continue
		}
		for n := range e.slots {
			if _, ok := slices.BinarySearch(mine, n); !ok {
				delete(e.slots, n)
			}
		}
	}
	for id := range m.completed {
		if id < v.now.ID && (v.ahead == nil || id != v.ahead.ID) {
			delete(m.completed, id)
		}
	}
}

// sweep has what nobody needs removed, from time to time, by the conductor.
func (m *Member) sweep(ctx context.Context, v *view) error {
	now := m.o.Now()
	if !m.conducts(v) || now.Sub(m.swept) < sweepEvery {
		return nil
	}
	m.swept = now
	return m.w.store.Sweep(ctx, m.setting, clickhouse.Sweeping{})
}
