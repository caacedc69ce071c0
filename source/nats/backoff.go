package nats

import (
	"context"
	"time"
)

const (
	shortestPause = 200 * time.Millisecond
	longestPause  = 30 * time.Second
)

// A backOff is how long to wait after one failure more; the zero value has seen
// none.
type backOff struct{ last time.Duration }

// grow counts a failure and gives the pause after it: each twice the one before,
// from shortestPause to longestPause.
func (b *backOff) grow() time.Duration {
	b.last = min(max(2*b.last, shortestPause), longestPause)
	return b.last
}

// reset forgets the failures.
func (b *backOff) reset() { b.last = 0 }

// pause waits for a time, or until one of the contexts is done.
func pause(d time.Duration, until ...context.Context) {
	over, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	for _, ctx := range until {
		stop := context.AfterFunc(ctx, cancel)
		defer stop()
	}
	<-over.Done()
}
