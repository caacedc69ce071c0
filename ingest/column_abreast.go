package ingest

import (
	"errors"
	"io"
	"runtime"
	"sync"
)

// A columnGroup is a group of rows, a portion of the delivery.
type columnGroup struct {
	group int
	from  int64 // rows before it
}

// A columnCrew reads the groups of one file on several goroutines.
type columnCrew struct {
	*columnRows
	groups []int64       // rows of each
	next   int           // the next one
	room   chan struct{} // holds one for each group that is being read

	mu      sync.Mutex
	workers map[*eventTaker]*columnEvents
}

// abreast reads the groups of rows several at once, no more than the memory
// allows. A group waits for its room before the next one is asked for, so that
// the first of those that are not yet taken always has room.
func (c *columnRows) abreast(t *eventTaker, groups []int64) error {
	crew := &columnCrew{columnRows: c, groups: groups, workers: map[*eventTaker]*columnEvents{}}
	c.reader.Share(t.dict)
	crew.room = make(chan struct{}, c.reader.Abreast(runtime.GOMAXPROCS(0)))
	return readPortions(t, crew.ask, crew.read)
}

// ask gives the next group, once there is room for it.
func (c *columnCrew) ask() (g columnGroup, err error) {
	if c.next == len(c.groups) {
		return g, io.EOF
	}
	if c.opts.Progress != nil {
		c.opts.Progress(c.in.raw * int64(c.next) / int64(len(c.groups)))
	}
	g = columnGroup{c.next, c.row}
	if err := c.book(c.groups[c.next]); err != nil {
		return g, err
	}
	c.next++
	c.room <- struct{}{}
	return g, nil
}

// read reads one group.
func (c *columnCrew) read(t *eventTaker, g columnGroup) error {
	defer func() { <-c.room }()
	e, err := c.worker(t)
	if err != nil {
		return c.unreadable(err)
	}
	if err := e.reader.Group(g.group); err != nil {
		return c.unreadable(err)
	}
	for from := g.from; ; {
		b, err := e.reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return c.unreadable(err)
		}
		if err := e.take(b, from); err != nil {
			return err
		}
		from += int64(b.Rows)
	}
}

// worker is what the taker of a worker reads with, on all of its groups.
func (c *columnCrew) worker(t *eventTaker) (*columnEvents, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.workers[t]; e != nil {
		return e, nil
	}
	fork, err := c.reader.Fork()
	if err != nil {
		return nil, err
	}
	own := *c.layout
	own.scratch = nil
	t.begin(&own, c.sheet)
	e := newColumnEvents(t, newColumnTable(eventRows, &own, c.reader.Columns()), c.reader.Columns())
	e.reader = fork
	c.workers[t] = e
	return e, nil
}
