package cluster

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// batches cuts groups, in the order of the store, into batches of at most so many
// rows, or of one group that has more.
func batches(groups []clickhouse.GroupSize, most int64) [][]clickhouse.GroupSize {
	groups = slices.Clone(groups)
	slices.SortFunc(groups, func(a, b clickhouse.GroupSize) int {
		return cmp.Or(cmp.Compare(a.Slot, b.Slot), strings.Compare(a.Name, b.Name))
	})
	var list [][]clickhouse.GroupSize
	var rows int64
	for i := range groups {
		if i == 0 || rows+groups[i].Rows > most {
			list, rows = append(list, nil), 0
		}
		last := len(list) - 1
		list[last] = append(list[last], groups[i])
		rows += groups[i].Rows
	}
	return list
}

// errEnough ends the work on batches early.
var errEnough = errors.New("enough")

// each reads batches and hands them on; while one is counted the next is read.
// take may end it with errEnough.
func (w *worker) each(ctx context.Context, f *frame, t *telling, list [][]clickhouse.GroupSize, take func(*loaded) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	type result struct {
		*loaded
		err error
	}
	results := make(chan result)
	wg.Go(func() {
		defer close(results)
		for _, groups := range list {
			l, err := w.load(ctx, f, t, groups)
			select {
			case results <- result{l, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	})
	for r := range results {
		if r.err != nil {
			return r.err
		}
		if err := take(r.loaded); err != nil {
			if errors.Is(err, errEnough) {
				return nil
			}
			return err
		}
	}
	return ctx.Err()
}
