package cluster

import (
	"context"
	"fmt"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// A TooManyError says that a question needs more rows than it may read.
type TooManyError struct {
	Rows, Most int64
}

func (e *TooManyError) Error() string {
	return fmt.Sprintf("the question needs %d rows, more than the %d that one may read", e.Rows, e.Most)
}

// Scoped makes an ordinary engine with all rows of some groups, for questions
// about rows, as known at a sequence. More rows than mostRows are a
// [TooManyError].
func (m *Member) Scoped(ctx context.Context, groups []clickhouse.Group, known, asOf, mostRows int64) (*engine.Engine, error) {
	sizes, err := m.w.sizesOf(ctx, groups, known)
	if err != nil {
		return nil, err
	}
	var rows int64
	for _, g := range sizes {
		rows += g.Rows
	}
	if rows > mostRows {
		return nil, &TooManyError{rows, mostRows}
	}
	f, err := m.w.frame(ctx, known)
	if err != nil {
		return nil, err
	}
	t, err := m.w.telling(ctx, known)
	if err != nil {
		return nil, err
	}
	if a := m.Answer(); a != nil {
		f.refused = a.Refused
	}
	l, err := m.w.load(ctx, f, t, sizes)
	if err != nil {
		return nil, err
	}
	t.tell(l.engine)
	l.engine.Advance(asOf)
	return l.engine, nil
}

// sizesOf gives groups with how many rows they have.
func (w *worker) sizesOf(ctx context.Context, groups []clickhouse.Group, known int64) ([]clickhouse.GroupSize, error) {
	wanted := map[clickhouse.Group]bool{}
	slots := map[int]bool{}
	var list []int
	for _, g := range groups {
		wanted[g] = true
		if !slots[g.Slot] {
			slots[g.Slot] = true
			list = append(list, g.Slot)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	all, err := w.store.Groups(ctx, list, known)
	if err != nil {
		return nil, fmt.Errorf("list the groups: %w", err)
	}
	var sizes []clickhouse.GroupSize
	for _, g := range all {
		if wanted[g.Group] {
			sizes = append(sizes, g)
		}
	}
	return sizes, nil
}
