package ingest

import (
	"fmt"
	"runtime"

	"github.com/saidi-exporter/saidi/outage"
)

// A filled batch is on its way from the worker who reads to the caller.
type filled struct {
	batch  *outage.Batch
	worker int
}

// readPortions reads the portions of a delivery that next gives, several at
// once, and emits their batches as if t had read one portion after another.
// What t has read itself is emitted before. Each worker has a taker of its own
// for all its portions, and all have one dictionary; read begins it with a layout that it does not share.
func readPortions[P any](t *eventTaker, next func() (P, error), read func(t *eventTaker, p P) error) error {
	if err := t.flush(1); err != nil {
		return err
	}
	workers := runtime.GOMAXPROCS(0)
	crew := make([]*eventTaker, workers)
	free := make([]chan *outage.Batch, workers)
	for i := range crew {
		crew[i] = newEventTaker(t.run, t.dict, nil)
		free[i] = make(chan *outage.Batch, waiting)
	}
	work := func(worker int, p P, give func(filled) error) error {
		own := crew[worker]
		own.emit = func(b *outage.Batch) error {
			select {
			case own.batch = <-free[worker]:
			default:
				own.batch = outage.NewBatch(own.dict)
			}
			return give(filled{b, worker})
		}
		if err := read(own, p); err != nil {
			return err
		}
		return own.finish()
	}
	return inOrder(workers, next, work, func(f filled) error {
		if err := t.emit(f.batch); err != nil {
			return fmt.Errorf("take a batch: %w", err)
		}
		f.batch.Reset()
		select {
		case free[f.worker] <- f.batch:
		default:
		}
		return nil
	})
}
