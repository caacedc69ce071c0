package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/web"
)

// What is kept of answers to one snapshot, and how many may be under way.
const (
	answersKept     = 64
	answersBytes    = 32 << 20 // by an estimate of what they hold
	answersAsked    = 64       // at once; equal questions are one
	answersOfClient = 32       // of one client
)

// answers keeps what was answered of the present snapshot, so that a page that is
// loaded again, or by many, costs the engine nothing. Make it with newAnswers.
type answers struct {
	mu    sync.Mutex
	era   int // counts the snapshots
	kept  map[any]reply
	order []any // the questions of kept, the oldest first
	bytes int   // that kept holds
	asked map[any]*asking
	under *web.Crowd // questions that are under way
}

// A reply is the answer to a question.
type reply struct {
	value any
	bytes int // that it holds, about
	era   int // of the snapshot that it belongs to
}

// An asking is a question that is under way, for all who ask it.
type asking struct {
	done    chan struct{}
	waiting int
	cancel  context.CancelFunc
	reply   reply
	err     error
}

func newAnswers() *answers {
	return &answers{kept: map[any]reply{}, asked: map[any]*asking{}, under: web.NewCrowd(answersAsked, answersOfClient)}
}

// now is the era of the present snapshot.
func (c *answers) now() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.era
}

// forget drops everything, as another snapshot comes. Who has asked already is
// answered; who asks from now on is answered of the new one.
func (c *answers) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.era++
	clear(c.kept)
	clear(c.asked)
	c.order, c.bytes = nil, 0
}

// get answers a question, which is a comparable value: with what is kept, together
// with others who ask the same at this moment, or by asking. ask gets a context
// that ends when nobody waits any more; its answer is not to be changed.
func (c *answers) get(ctx context.Context, question any, ask func(context.Context) (reply, error)) (any, error) {
	c.mu.Lock()
	if r, ok := c.kept[question]; ok {
		c.mu.Unlock()
		return r.value, nil
	}
	a, ok := c.asked[question]
	if !ok {
		leave, ok := c.under.Enter(web.ClientIn(ctx))
		if !ok {
			c.mu.Unlock()
			return nil, &push.Busy{RetryAfter: 5 * time.Second, Err: errBusy}
		}
		a = c.begin(ctx, question, leave, ask)
	}
	a.waiting++
	c.mu.Unlock()
	select {
	case <-a.done:
		return a.reply.value, a.err
	case <-ctx.Done():
		c.leave(question, a)
		return nil, ctx.Err()
	}
}

// begin asks beside everything else, and leaves after. It is for whoever holds the
// lock.
func (c *answers) begin(ctx context.Context, question any, leave func(), ask func(context.Context) (reply, error)) *asking {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a := &asking{done: make(chan struct{}), cancel: cancel}
	c.asked[question] = a
	go func() {
		defer cancel()
		defer c.end(question, a)
		defer leave()
		defer func() {
			if p := recover(); p != nil {
				a.err = mistake("a question", p)
			}
		}()
		a.reply, a.err = ask(ctx)
	}()
	return a
}

// end keeps an answer, if it is of the present snapshot, and hands it out.
func (c *answers) end(question any, a *asking) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(a.done)
	if c.asked[question] == a {
		delete(c.asked, question)
	}
	if _, twice := c.kept[question]; a.err == nil && a.reply.era == c.era && !twice && a.reply.bytes <= answersBytes {
		c.keep(question, a.reply)
	}
}

// keep makes room by letting the oldest go.
func (c *answers) keep(question any, r reply) {
	c.kept[question] = r
	c.order = append(c.order, question)
	c.bytes += r.bytes
	for len(c.order) > answersKept || c.bytes > answersBytes {
		c.bytes -= c.kept[c.order[0]].bytes
		delete(c.kept, c.order[0])
		c.order = slices.Delete(c.order, 0, 1)
	}
}

// leave ends a question for which nobody waits any more.
func (c *answers) leave(question any, a *asking) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.waiting--; a.waiting > 0 {
		return
	}
	a.cancel()
	if c.asked[question] == a {
		delete(c.asked, question)
	}
}
