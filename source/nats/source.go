package nats

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A Message is one message of a stream: one delivery, in whatever format.
type Message struct {
	Subject     string
	Stream      string
	Sequence    uint64    // its number in the stream, from 1
	Redelivered bool      // it was sent before, and maybe taken; a server that was killed may not remember
	Published   time.Time // when the stream stored it, by the server's clock
	Data        []byte
}

// A Take takes messages, in the order of their sequences. Those of a nil error
// are acknowledged and need not come again; after an error all of them come
// again, after a pause that grows from 0.2 s to 30 s with every failure. It may
// take as long as it needs to: the server is told that somebody is at work. It
// should return soon after ctx is done.
type Take func(ctx context.Context, list []Message) error

// A Source is a durable consumer of a stream.
type Source struct {
	config Config

	mu      sync.Mutex
	running bool
	status  Status
}

// New checks a configuration. It reads no file and connects to nothing.
func New(c Config) (*Source, error) {
	c = c.withDefaults()
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("nats: %w", err)
	}
	return &Source{config: c}, nil
}

// Run hands on messages until ctx is done, and returns nil then, when take has
// returned and no connection is left; a server that falls silent may hold that up
// for some seconds. Whatever is wrong with servers, the stream, the consumer or
// rights is shown by Status and tried again, after pauses from 0.2 s to 30 s.
// The one error is that the source runs already.
func (s *Source) Run(ctx context.Context, take Take) error {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	r := run{Source: s, take: take}
	for ctx.Err() == nil {
		if err := r.visit(ctx); err != nil && ctx.Err() == nil {
			s.turn(false, err)
			pause(r.failures.grow(), ctx)
		}
	}
	return nil
}

// begin notes that the source runs.
func (s *Source) begin() error {
	s.mu.Lock()
	if s.running {
		s.mu.Unlock()
		return errors.New("nats: the source runs already")
	}
	s.running = true
	s.mu.Unlock()
	s.turn(false, nil)
	return nil
}

// end notes that the source does not run any more.
func (s *Source) end() {
	s.turn(false, nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = false
}

// A run is what lasts from one connection to the next.
type run struct {
	*Source
	take               Take
	failures, refusals backOff // after connections that failed, and after batches that were refused
}

// visit connects, finds the consumer, and hands on messages until ctx is done or
// something fails.
func (r *run) visit(ctx context.Context) error {
	v, err := r.connect(ctx)
	if err != nil {
		return err
	}
	defer v.close()
	if err := v.bind(ctx); err != nil {
		return err
	}
	if r.refusals == (backOff{}) { // else the next batch tells
		r.turn(true, nil)
	}
	for ctx.Err() == nil {
		if err := v.round(ctx); err != nil {
			return err
		}
		select {
		case <-v.looks.C:
			if err := v.look(ctx, answerTime); err != nil {
				return err
			}
			r.failures.reset()
		default:
		}
	}
	return nil
}
