package nats

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// margin is how much longer a pause is than the delay that the server was asked
// for, so that what was refused is there again before newer messages.
const margin = 100 * time.Millisecond

// A held is a message in hand, and the handle by which it is answered.
type held struct {
	Message
	answer jetstream.Msg
}

// round fetches a batch, hands it on, and answers for it. An error says that the
// connection or the consumer is of no more use.
func (v *visit) round(ctx context.Context) error {
	list, err := v.fetch(ctx)
	if len(list) == 0 || ctx.Err() != nil {
		v.giveBack(list, 0)
		return err
	}
	if refused := v.hand(ctx, list); refused != nil {
		v.refused(ctx, list, refused)
		return err
	}
	v.refusals.reset()
	v.note(func(is *Status) { is.LastSequence = list[len(list)-1].Sequence })
	if unsaid := v.acknowledge(list); unsaid != nil {
		return unsaid
	}
	v.failures.reset()
	if err == nil {
		v.turn(true, nil)
	}
	return err
}

// fetch asks for a batch and waits until it is full or Config.Wait is over, also
// when ctx is done before: what is on its way then would be lost until the server
// sends it again. What came before an error is given, too.
func (v *visit) fetch(ctx context.Context) ([]held, error) {
	over := time.NewTimer(v.config.Wait)
	defer over.Stop()
	batch, err := v.consumer.Fetch(v.config.Batch, jetstream.FetchMaxWait(v.config.Wait), jetstream.FetchMaxBytes(v.config.bytes))
	if err != nil {
		return nil, v.why("fetch", err)
	}
	var list []held
	var pending uint64
	for m := range batch.Messages() {
		meta, err := m.Metadata()
		if err != nil { // not one of a stream: nobody waits for an answer
			continue
		}
		pending = meta.NumPending
		list = append(list, held{Message{
			Subject: m.Subject(), Stream: meta.Stream, Sequence: meta.Sequence.Stream,
			Redelivered: meta.NumDelivered > 1, Published: meta.Timestamp.UTC(), Data: m.Data(),
		}, m})
	}
	if len(list) > 0 {
		v.received(list, pending)
	}
	if err := cmp.Or(batch.Error(), v.life.Err()); err != nil {
		return list, v.why("fetch", err)
	}
	if len(list) == 0 { // however fast the server was to say so
		select {
		case <-over.C:
		case <-ctx.Done():
		case <-v.life.Done():
		}
	}
	return list, nil
}

// received sorts and counts messages that came; so many are left.
func (v *visit) received(list []held, pending uint64) {
	slices.SortStableFunc(list, func(a, b held) int { return cmp.Compare(a.Sequence, b.Sequence) })
	now := v.config.Now()
	v.note(func(is *Status) {
		is.Pending, is.LastMessage = pending, now
		is.Received += uint64(len(list))
		for _, m := range list {
			if m.Redelivered {
				is.Redelivered++
			}
		}
	})
}

// hand lets a batch be taken. However long that takes, the server is told often
// enough that the messages are in hand, so that it does not send them again.
func (v *visit) hand(ctx context.Context, list []held) error {
	messages := make([]Message, len(list))
	for i, m := range list {
		messages[i] = m.Message
	}
	done := make(chan error, 1)
	go func() { done <- v.take(ctx, messages) }()
	beats := time.NewTicker(v.beat)
	defer beats.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-beats.C:
			for _, m := range list {
				_ = m.answer.InProgress() // if it fails, they come again
			}
		case <-v.looks.C:
			_ = v.look(ctx, v.beat) // the next one outside tells
		}
	}
}

// refused gives back a batch that was not taken, and waits until it comes again.
func (v *visit) refused(ctx context.Context, list []held, err error) {
	if ctx.Err() != nil { // no fault of the messages: another instance may have them at once
		v.giveBack(list, 0)
		return
	}
	v.note(func(is *Status) { is.TakeErrors++ })
	v.turn(false, fmt.Errorf("take: %w", err))
	delay := v.refusals.grow()
	v.giveBack(list, delay)
	pause(delay+margin, ctx, v.life)
}

// giveBack asks the server to send messages again after a delay. If that does not
// reach it, it sends them again when it has heard nothing for long enough.
func (v *visit) giveBack(list []held, delay time.Duration) {
	for _, m := range list {
		_ = m.answer.NakWithDelay(delay)
	}
	if len(list) > 0 {
		_ = v.flush()
	}
}

// acknowledge tells the server that messages were taken, and waits until it has
// heard it.
func (v *visit) acknowledge(list []held) error {
	var said, unsaid uint64
	var first error
	for _, m := range list {
		if err := m.answer.Ack(); err != nil {
			unsaid, first = unsaid+1, cmp.Or(first, err)
		} else {
			said++
		}
	}
	if err := v.flush(); err != nil {
		said, unsaid, first = 0, unsaid+said, err
	}
	v.note(func(is *Status) { is.Acked, is.AckErrors = is.Acked+said, is.AckErrors+unsaid })
	if first != nil {
		return v.why("acknowledge", first)
	}
	return nil
}

// flush waits until the server has worked off all that was said to it, and gives
// its protest if it had no right to be said. It does not end with the run, whose
// last batch is to be acknowledged, too.
func (v *visit) flush() error {
	waiting, cancel := context.WithTimeout(v.life, answerTime)
	defer cancel()
	if err := v.conn.FlushWithContext(waiting); err != nil {
		return err
	}
	if err := v.conn.LastError(); errors.Is(err, client.ErrPermissionViolation) {
		return err
	}
	return nil
}
