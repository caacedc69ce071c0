package app

import "sync"

// A bell tells all who listen that something has happened. Its zero value is
// ready.
type bell struct {
	mu   sync.Mutex
	next chan struct{} // nil while nobody listens
}

// listen gives what is closed at the next ring.
func (b *bell) listen() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

// ring tells those who listen now.
func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}

// An ending is told once. Make it with newEnding.
type ending struct {
	once sync.Once
	done chan struct{}
}

func newEnding() *ending { return &ending{done: make(chan struct{})} }

// tell closes done; a second time it does nothing.
func (e *ending) tell() { e.once.Do(func() { close(e.done) }) }
