package app

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
)

// A reader reads the events of one delivery, as [ingest.EventsFile] does.
type reader func(path string, opts ingest.Options, emit func(*outage.Batch) error) (*outage.Delivery, error)

// A baseReader reads a file of the customer base, as [ingest.BaseFile] does.
type baseReader func(path string, opts ingest.Options) ([]outage.Customers, *outage.Delivery, error)

// errAbandoned ends a reading whose rows nobody waits for any more.
var errAbandoned = errors.New("the reading was given up")

// A hung reading gave nothing for longer than the time-out. Its goroutine stays
// until the file answers; ended is closed then.
type hungError struct {
	timeout time.Duration
	ended   <-chan struct{}
}

func (e *hungError) Error() string {
	return fmt.Sprintf("nothing came for %s: the file or its file system hangs", e.timeout)
}

// over says whether the reading has ended since.
func (e *hungError) over() bool {
	select {
	case <-e.ended:
		return true
	default:
		return false
	}
}

// A reading is one delivery on its way. The file is read in a
// goroutine of its own, so that one that hangs holds up nothing else.
type reading struct {
	batches chan *outage.Batch
	taken   chan error    // answers each batch
	quit    chan struct{} // closed when nobody takes batches any more
	ended   chan struct{} // closed when the goroutine has ended
	alive   pulse
	result  *outage.Delivery
	err     error
}

// readInto reads a delivery into the engine; after an error the engine is as it
// was. check has the last word on whether the delivery counts. The latest start
// of its rows is given beside it, 0 where there is none.
func readInto(e *engine.Engine, read reader, path string, opts ingest.Options, timeout time.Duration, check func() error) (latest int64, err error) {
	load := e.Begin()
	d, latest, err := readEvents(context.Background(), read, path, opts, timeout, load.Add)
	if err == nil {
		err = check()
	}
	if err != nil {
		load.Abort()
		return 0, err
	}
	return latest, load.Commit(d)
}

// latestStart is the latest start of some rows of a batch, apart from outages that
// were arranged beforehand: they may be told long before they begin, and say
// nothing of how far what happens is told. It is before all time where there is none.
func latestStart(b *outage.Batch, from, to int) int64 {
	latest := int64(math.MinInt64)
	for i := from; i < to; i++ {
		if !b.Nature[i].PreArranged() {
			latest = max(latest, b.Start[i])
		}
	}
	return latest
}

// readEvents reads a delivery and gives its batches to add, and gives up when
// nothing comes for as long as the time-out, or ctx is done. The latest start of the rows is given
// beside it, 0 where there is none. After an error nothing that was added counts.
func readEvents(ctx context.Context, read reader, path string, opts ingest.Options, timeout time.Duration, add func(*outage.Batch) error) (d *outage.Delivery, latest int64, err error) {
	r := &reading{batches: make(chan *outage.Batch), taken: make(chan error), quit: make(chan struct{}), ended: make(chan struct{}), alive: newPulse()}
	opts.Progress = r.alive.beat
	go r.run(read, path, opts)
	if latest, err = r.into(ctx, add, timeout); err != nil {
		return nil, 0, err
	}
	return r.result, latest, nil
}

func (r *reading) run(read reader, path string, opts ingest.Options) {
	defer close(r.ended)
	defer func() {
		if p := recover(); p != nil {
			r.err = mistake(path, p)
		}
	}()
	r.result, r.err = read(path, opts, func(b *outage.Batch) error {
		select {
		case r.batches <- b:
		case <-r.quit:
			return errAbandoned
		}
		select {
		case err := <-r.taken:
			return err
		case <-r.quit:
			return errAbandoned
		}
	})
}

// into takes the batches until the delivery ends.
func (r *reading) into(ctx context.Context, add func(*outage.Batch) error, timeout time.Duration) (latest int64, err error) {
	defer close(r.quit)
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	latest = math.MinInt64
	for {
		select {
		case b := <-r.batches:
			latest = max(latest, latestStart(b, 0, len(b.Start)))
			r.taken <- add(b)
			timer.Reset(timeout)
		case <-r.alive:
			timer.Reset(timeout)
		case <-r.ended:
			return max(latest, 0), r.err
		case <-timer.C:
			return 0, &hungError{timeout, r.ended}
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// A pulse tells that bytes of a file come.
type pulse chan struct{}

func newPulse() pulse { return make(pulse, 1) }

// beat tells so, and never waits.
func (p pulse) beat(int64) {
	select {
	case p <- struct{}{}:
	default:
	}
}

// mistake is the error of a reading that panicked.
func mistake(path string, thrown any) error {
	return fmt.Errorf("%s: a mistake in the program: %v\n%s", path, thrown, debug.Stack())
}

// readBase reads a file of the base in a goroutine of its own, and gives up when
// nothing of the file is taken for as long as the time-out, or ctx is done.
func readBase(ctx context.Context, read baseReader, path string, opts ingest.Options, timeout time.Duration) ([]outage.Customers, *outage.Delivery, error) {
	type answer struct {
		rows     []outage.Customers
		delivery *outage.Delivery
		err      error
	}
	answered, alive, ended := make(chan answer, 1), newPulse(), make(chan struct{})
	opts.Progress = alive.beat
	go func() {
		defer close(ended)
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a.err = mistake(path, p)
			}
			answered <- a
		}()
		a.rows, a.delivery, a.err = read(path, opts)
	}()
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		select {
		case a := <-answered:
			return a.rows, a.delivery, a.err
		case <-alive:
			timer.Reset(timeout)
		case <-timer.C:
			return nil, nil, &hungError{timeout, ended}
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}
