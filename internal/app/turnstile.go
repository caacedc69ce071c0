package app

import (
	"context"
	"slices"
	"sync"
)

// A turnstile lets one through at a time. Of those who wait it lets one of each
// client through in turn, so that who asks much waits for itself, and not the
// others for it. Make it with [newTurnstile].
type turnstile struct {
	mu    sync.Mutex
	taken bool
	lines []*waitingLine // of clients who wait, the next first; none is empty
}

// A waitingLine is one client's, the first to have come first.
type waitingLine struct {
	client  string
	waiting []chan struct{} // closed when it is the turn of that one
}

func newTurnstile() *turnstile { return &turnstile{} }

// enter waits for the turn of a client, which [turnstile.leave] ends, or for the
// end of ctx.
func (t *turnstile) enter(ctx context.Context, client string) error {
	turn := t.queue(client)
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	if !t.giveUp(client, turn) { // it was its turn by then
		t.leave()
	}
	return ctx.Err()
}

// queue takes the turn, or a place among those who wait for theirs.
func (t *turnstile) queue(client string) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	turn := make(chan struct{})
	if !t.taken {
		t.taken = true
		close(turn)
		return turn
	}
	if i := t.line(client); i >= 0 {
		t.lines[i].waiting = append(t.lines[i].waiting, turn)
	} else {
		t.lines = append(t.lines, &waitingLine{client, []chan struct{}{turn}})
	}
	return turn
}

// line is where the line of a client stands; below zero: nowhere.
func (t *turnstile) line(client string) int {
	return slices.IndexFunc(t.lines, func(l *waitingLine) bool { return l.client == client })
}

// giveUp leaves a line; false where it was left already, for a turn.
func (t *turnstile) giveUp(client string, turn chan struct{}) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := t.line(client)
	if i < 0 {
		return false
	}
	at := slices.Index(t.lines[i].waiting, turn)
	if at < 0 {
		return false
	}
	t.lines[i].waiting = slices.Delete(t.lines[i].waiting, at, at+1)
	if len(t.lines[i].waiting) == 0 {
		t.lines = slices.Delete(t.lines, i, i+1)
	}
	return true
}

// leave lets the next one through; its client then waits behind all others.
func (t *turnstile) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == 0 {
		t.taken = false
		return
	}
	next := t.lines[0]
	close(next.waiting[0])
	next.waiting = next.waiting[1:]
	if t.lines = t.lines[1:]; len(next.waiting) > 0 {
		t.lines = append(t.lines, next)
	}
}
