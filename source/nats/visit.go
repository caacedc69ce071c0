package nats

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// lookEvery is how often the server is asked how the consumer is.
const lookEvery = 5 * time.Second

// A visit is one connection to a server and the consumer that is found there.
type visit struct {
	*run
	conn     *client.Conn
	closed   chan struct{}   // closed when nothing is left of the connection
	life     context.Context // is done when the connection fails; its cause says why
	fail     context.CancelCauseFunc
	consumer jetstream.Consumer
	beat     time.Duration // how often the server is told that messages are still in hand
	looks    *time.Ticker
}

// connect connects to any of the servers.
func (r *run) connect(ctx context.Context) (*visit, error) {
	v := &visit{run: r, closed: make(chan struct{})}
	v.life, v.fail = context.WithCancelCause(context.WithoutCancel(ctx))
	by := &dialer{ctx: ctx}
	options, err := r.config.options(by, v.fail, func() { close(v.closed) })
	if err == nil {
		v.conn, err = client.Connect(strings.Join(r.config.URLs, ","), options...)
	}
	by.done()
	if err != nil {
		v.fail(err)
		return nil, fmt.Errorf("connect to %s: %w", r.config.servers(), err)
	}
	v.looks = time.NewTicker(lookEvery)
	r.note(func(is *Status) { is.Connected = true })
	return v, nil
}

// close ends the connection and waits until nothing is left of it.
func (v *visit) close() {
	v.looks.Stop()
	v.conn.Close()
	<-v.closed
	v.note(func(is *Status) { is.Connected = false })
}

// why gives the reason for an error: that of the connection if it failed.
func (v *visit) why(step string, err error) error {
	if cause := context.Cause(v.life); cause != nil {
		err = cause
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("the server does not answer: %w", err)
	case errors.Is(err, client.ErrNoResponders):
		err = fmt.Errorf("nobody there: the account has no JetStream, or the stream or consumer has gone or has no leader: %w", err)
	case errors.Is(err, jetstream.ErrStreamNotFound):
		err = fmt.Errorf("stream %s is not there: %w", v.config.Stream, err)
	}
	return fmt.Errorf("%s: %w", step, err)
}

// within is a context for one question to the server: it is done with ctx, with
// the connection, and after a time.
func (v *visit) within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	asking, cancel := context.WithTimeout(ctx, d)
	stop := context.AfterFunc(v.life, cancel)
	return asking, func() {
		stop()
		cancel()
	}
}

// bind finds the consumer, or makes it.
func (v *visit) bind(ctx context.Context) error {
	js, err := jetstream.New(v.conn)
	if err != nil {
		return v.why("consumer", err)
	}
	asking, cancel := v.within(ctx, answerTime)
	defer cancel()
	v.consumer, err = js.Consumer(asking, v.config.Stream, v.config.Durable)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		v.consumer, err = v.create(asking, js)
	}
	if err != nil {
		return v.why("consumer "+v.config.Durable, err)
	}
	return v.learn(v.consumer.CachedInfo())
}

// create makes the consumer. A server that knows only one subject a consumer
// makes one of all subjects instead, which must not stay.
func (v *visit) create(ctx context.Context, js jetstream.JetStream) (jetstream.Consumer, error) {
	made, err := js.CreateConsumer(ctx, v.config.Stream, v.config.consumer())
	if errors.Is(err, jetstream.ErrConsumerMultipleFilterSubjectsNotSupported) {
		err = errors.Join(err, js.DeleteConsumer(ctx, v.config.Stream, v.config.Durable))
	}
	return made, err
}

// look asks the server how the consumer is.
func (v *visit) look(ctx context.Context, atMost time.Duration) error {
	asking, cancel := v.within(ctx, atMost)
	defer cancel()
	info, err := v.consumer.Info(asking)
	if err != nil {
		return v.why("look at consumer "+v.config.Durable, err)
	}
	return v.learn(info)
}

// learn keeps what the server said of the consumer, and refuses one that would
// lose messages.
func (v *visit) learn(info *jetstream.ConsumerInfo) error {
	if list := v.config.differences(info.Config); len(list) > 0 {
		return fmt.Errorf("consumer %s is not the one that is configured: %s; delete it or name another",
			v.config.Durable, strings.Join(list, "; "))
	}
	silence := info.Config.AckWait
	if len(info.Config.BackOff) > 0 {
		silence = min(silence, info.Config.BackOff[0])
	}
	v.beat = max(silence/3, 10*time.Millisecond)
	v.note(func(is *Status) { is.Pending, is.AckPending = info.NumPending, info.NumAckPending })
	return nil
}
