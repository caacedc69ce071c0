package ingest

import (
	"io"
	"sync"
)

const (
	// shareSize is how many bytes are shared at a time.
	shareSize = 1 << 20
	// shareAhead is how many chunks may be read before the first is done with.
	shareAhead = 4
)

// A chunk is a stretch of bytes that several goroutines look at.
type chunk struct {
	bytes []byte
	busy  sync.WaitGroup // those who have not looked at it
}

// share reads src to its end and gives all of it, in order, to look, which can
// refuse it, in the goroutine of the caller, and to each taker in one of its own.
// When share returns, the takers are done with all that look has taken.
func share(src io.Reader, look func([]byte) error, takers ...func([]byte)) error {
	chunks := make([]chunk, shareAhead)
	queues := make([]chan *chunk, len(takers))
	var wait sync.WaitGroup
	for i, take := range takers {
		queues[i] = make(chan *chunk, shareAhead)
		wait.Go(func() {
			for c := range queues[i] {
				take(c.bytes)
				c.busy.Done()
			}
		})
	}
	defer func() {
		for _, queue := range queues {
			close(queue)
		}
		wait.Wait()
	}()
	for n := 0; ; n = (n + 1) % shareAhead {
		c := &chunks[n]
		c.busy.Wait()
		ended, err := c.fill(src)
		if err == nil {
			err = look(c.bytes)
		}
		if err != nil {
			return err
		}
		c.busy.Add(len(queues))
		for _, queue := range queues {
			queue <- c
		}
		if ended {
			return nil
		}
	}
}

// fill reads as many bytes of src as fit.
func (c *chunk) fill(src io.Reader) (ended bool, err error) {
	if c.bytes == nil {
		c.bytes = make([]byte, shareSize)
	}
	n, ended, err := readFull(src, c.bytes[:shareSize])
	c.bytes = c.bytes[:n]
	return ended, err
}
