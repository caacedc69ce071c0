package push

import (
	"sync"
	"time"
)

// longAgo is a deadline that has passed: what waits for it fails at once.
func longAgo() time.Time { return time.Unix(1, 0) }

// A guard does something once, after a time, unless it is ended before. After
// [guard.end] it does nothing any more, so that what it does may use things that
// are gone then.
type guard struct {
	mu    sync.Mutex
	over  bool
	timer *time.Timer
}

func after(d time.Duration, do func()) *guard {
	g := &guard{}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.timer = time.AfterFunc(d, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if !g.over {
			do()
		}
	})
	return g
}

func (g *guard) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	g.timer.Stop()
}
