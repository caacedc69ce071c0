package app

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/web"
)

// askWait is how long a question waits for its turn, and then for the snapshot
// under way.
const askWait = 30 * time.Second

// A desk has questions that may take long asked one at a time: plans, and what
// pages want to know beside the snapshot; of each client in turn. After each the
// goroutine that runs has as long again for its own work, however many ask, so that
// counting always has half of the time.
type desk struct {
	*App
	turn *turnstile
}

func newDesk(a *App) *desk { return &desk{App: a, turn: newTurnstile()} }

// ask waits for its turn, and asks in the goroutine that runs.
func (d *desk) ask(ctx context.Context, question func()) error {
	soon, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	if err := d.turn.enter(soon, web.ClientIn(ctx)); err != nil {
		return tooLate(ctx, err)
	}
	var took time.Duration
	defer func() { time.AfterFunc(took, d.turn.leave) }()
	return d.askSoon(ctx, func() {
		begun := time.Now()
		defer func() { took = time.Since(begun) }()
		question()
	})
}

// aside waits for its turn for work beside the goroutine that runs.
func (d *desk) aside(ctx context.Context, work func() error) error {
	soon, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	if err := d.turn.enter(soon, web.ClientIn(ctx)); err != nil {
		return tooLate(ctx, err)
	}
	defer d.turn.leave()
	return work()
}

// askAside waits for its turn, asks in the goroutine that runs, and then beside it:
// what takes long and needs nothing that is there.
func (d *desk) askAside(ctx context.Context, inside func(), outside func(context.Context) error) error {
	var took time.Duration
	soon, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	if err := d.turn.enter(soon, web.ClientIn(ctx)); err != nil {
		return tooLate(ctx, err)
	}
	defer func() { time.AfterFunc(took, d.turn.leave) }()
	err := d.askSoon(ctx, func() {
		begun := time.Now()
		defer func() { took = time.Since(begun) }()
		inside()
	})
	if err != nil {
		return err
	}
	return outside(ctx)
}

// tooLate tells of a question that has waited in vain: to come again, unless whoever
// asked is gone.
func tooLate(ctx context.Context, err error) error {
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return &push.Busy{RetryAfter: askWait, Err: errBusy}
	}
	return err
}

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
	return cmp.Or(tooLate(ctx, err), thrown)
}
