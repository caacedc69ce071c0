package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// A view is what a member sees of the others.
type view struct {
	members    []string
	owners     []string // by slot
	now, ahead *clickhouse.Moment
	done       []int // slots, of now
	aheadDone  []int // slots, of ahead
	// superseded says that the newest moment counts deliveries which cannot be
	// counted: the next one leaves them out.
	superseded bool
	lost       bool  // shares of the newest moment are gone; the conductor alone looks
	clock      int64 // of home, UTC seconds
	age        int64 // of the newest moment by that clock, in seconds
}

// complete says whether the newest moment can be answered.
func (m *Member) complete(v *view) bool { return v.now != nil && len(v.done) == m.w.store.Slots() }

// look looks at the others. The member counts itself in.
func (m *Member) look(ctx context.Context) (*view, error) {
	v := &view{}
	var err error
	if v.members, err = m.w.store.Members(ctx, m.setting, m.o.DeadAfter); err != nil {
		return nil, fmt.Errorf("look for the other members: %w", err)
	}
	if !slices.Contains(v.members, m.o.ID) {
		v.members = append(v.members, m.o.ID)
		slices.Sort(v.members)
	}
	v.owners = owners(v.members, m.w.store.Slots())
	if err := m.lookAtNewest(ctx, v); err != nil {
		return nil, fmt.Errorf("look for the newest moment: %w", err)
	}
	if err := m.lookAtDone(ctx, v); err != nil {
		return nil, err
	}
	return v, m.lookAtRefused(ctx, v)
}

func (m *Member) lookAtNewest(ctx context.Context, v *view) error {
	n, err := m.w.store.Newest(ctx, m.setting)
	if err != nil {
		return err
	}
	v.clock, v.age = n.Clock, n.Clock-n.Written
	if v.now, err = m.momentOf(ctx, n.Now); err != nil {
		return err
	}
	if v.ahead, err = m.momentOf(ctx, n.Ahead); err != nil {
		return err
	}
	m.newest = [2]*clickhouse.Moment{v.now, v.ahead}
	if v.ahead != nil && (v.now == nil || !alike(v.ahead, v.now) || v.ahead.Era == v.now.Era || v.ahead.Ask == v.now.Ask) {
		v.ahead = nil // it is used already, or of no use any more
	}
	return nil
}

// alike says whether shares of two moments are made of the same, but for what they
// are asked for.
func alike(x, y *clickhouse.Moment) bool {
	return x.Told == y.Told && x.Generation == y.Generation
}

// momentOf gives a moment by its number; the newest ones, of which there is much to
// say, are kept.
func (m *Member) momentOf(ctx context.Context, id uint64) (*clickhouse.Moment, error) {
	for _, known := range m.newest {
		if known != nil && known.ID == id {
			return known, nil
		}
	}
	if id == 0 {
		return nil, nil
	}
	moment, err := m.w.store.MomentOf(ctx, m.setting, id)
	if err == nil && moment == nil {
		err = errors.New("it was removed meanwhile: looking again")
	}
	return moment, err
}

func (m *Member) lookAtRefused(ctx context.Context, v *view) error {
	if v.now == nil || m.complete(v) {
		return nil
	}
	list, err := m.w.store.Refusals(ctx, m.setting, v.now.Told)
	if err != nil {
		return fmt.Errorf("look for what cannot be counted: %w", err)
	}
	v.superseded = len(list) > len(v.now.Refused)
	return nil
}

func (m *Member) lookAtDone(ctx context.Context, v *view) (err error) {
	for _, of := range []struct {
		moment *clickhouse.Moment
		done   *[]int
	}{{v.now, &v.done}, {v.ahead, &v.aheadDone}} {
		switch {
		case of.moment == nil:
		case m.completed[of.moment.ID]:
			*of.done = allSlots(m.w.store)
		default:
			if *of.done, err = m.w.store.DoneSlots(ctx, of.moment); err != nil {
				return fmt.Errorf("look for what is done: %w", err)
			}
			if len(*of.done) == m.w.store.Slots() {
				m.completed[of.moment.ID] = true
			}
		}
	}
	return nil
}
