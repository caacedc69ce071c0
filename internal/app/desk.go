package app

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/saidi-exporter/saidi/source/push"
)

// askWait is how long a question waits for its turn, and then for the snapshot
// under way.
const askWait = 30 * time.Second

// A desk has questions that may take long asked one at a time: plans, and what
// pages want to know beside the snapshot. After each the goroutine that runs has as
// long again for its own work, however many ask, so that counting always has half
// of the time.
type desk struct {
	*App
	turn chan struct{}
}

func newDesk(a *App) *desk { return &desk{App: a, turn: make(chan struct{}, 1)} }

// ask waits for its turn, and asks in the goroutine that runs.
func (d *desk) ask(ctx context.Context, question func()) error {
	wait := time.NewTimer(askWait)
	defer wait.Stop()
	select {
	case d.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
		return &push.Busy{RetryAfter: askWait, Err: errTurn}
	}
	var took time.Duration
	defer func() { time.AfterFunc(took, func() { <-d.turn }) }()
	return d.askSoon(ctx, func() {
		begun := time.Now()
		defer func() { took = time.Since(begun) }()
		question()
	})
}

// errTurn says why a question has to come again.
var errTurn = errors.New("other questions are being answered")

// askSoon is [App.ask] that waits for the snapshot under way, but not for ever.
func (a *App) askSoon(ctx context.Context, question func()) error {
	soon, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	var thrown error
	err := a.ask(soon, func() {
		defer func() {
			if p := recover(); p != nil {
				thrown = mistake("a question", p)
			}
		}()
		question()
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return &push.Busy{RetryAfter: askWait, Err: err}
	}
	return cmp.Or(err, thrown)
}
