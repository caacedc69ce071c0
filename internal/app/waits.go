package app

import "sync"

// waits are those who wait for sequences to be in the snapshot. They outlive a
// reload.
type waits struct {
	mu    sync.Mutex
	known int64 // the sequence up to which the snapshot holds everything
	list  []wait
}

// A wait is for one sequence.
type wait struct {
	until int64
	done  chan struct{}
}

// until gives what is closed once the snapshot holds a sequence.
func (w *waits) until(sequence int64) <-chan struct{} {
	done := make(chan struct{})
	w.mu.Lock()
	defer w.mu.Unlock()
	if sequence <= w.known {
		close(done)
	} else {
		w.list = append(w.list, wait{sequence, done})
	}
	return done
}

// applied tells those who wait that the snapshot holds a sequence.
func (w *waits) applied(known int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known = known
	var still []wait
	for _, one := range w.list {
		if one.until <= known {
			close(one.done)
		} else {
			still = append(still, one)
		}
	}
	w.list = still
}
