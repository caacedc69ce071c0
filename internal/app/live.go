package app

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/source/nats"
	"github.com/saidi-exporter/saidi/source/postgres"
	"github.com/saidi-exporter/saidi/store"
)

// A live source is a stream of messages or a table that is read again and again.
// It runs in a goroutine of its own.
type live struct {
	SourceConfig
	*rules
	mapping  *ingest.Mapping
	store    store.Keeper
	now      func() time.Time
	nats     *nats.Source
	postgres *postgres.Source

	mu       sync.Mutex
	err      error // of the store, or of what could not be read
	errSince time.Time
	duration time.Duration
}

func newLive(c SourceConfig, r *rules, m *ingest.Mapping, st store.Keeper, now func() time.Time) (l *live, err error) {
	l = &live{SourceConfig: c, rules: r, mapping: m, store: st, now: now}
	if c.NATS != nil {
		from := *c.NATS
		from.Now = time.Now
		l.nats, err = nats.New(from)
	} else {
		from := *c.Postgres
		from.Now = time.Now
		l.postgres, err = postgres.New(from)
	}
	if err != nil {
		return nil, fmt.Errorf("source %q: %w", c.Name, err)
	}
	return l, nil
}

// place is where the events come from, as people know it.
func (l *live) place() string {
	if l.NATS != nil {
		return fromNATS + "/" + l.NATS.Stream
	}
	return fromPostgres + "/" + l.Name
}

func (l *live) channel() string {
	if l.NATS != nil {
		return store.NATS
	}
	return store.Postgres
}

// stream is that of the deliveries of the source.
func (l *live) stream() store.Stream {
	return store.Stream{Kind: store.Events, Source: l.Name, Channel: l.channel(), Name: l.place(), Live: true, Mapping: digest(l.mapping)}
}

// run takes what comes until ctx is done.
func (l *live) run(ctx context.Context) {
	done := make(chan struct{})
	defer func() { <-done }()
	go func() {
		defer close(done)
		l.beats(ctx)
	}()
	for ctx.Err() == nil {
		err := l.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		_ = l.failed(err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Minute):
		}
	}
}

// follow runs the source.
func (l *live) follow(ctx context.Context) error {
	if l.nats != nil {
		return l.nats.Run(ctx, l.takeMessages)
	}
	position, err := l.store.Position(ctx, l.Name)
	if err != nil {
		return fmt.Errorf("%w: %w", errStore, err)
	}
	l.worked()
	return l.postgres.Run(ctx, position, l.takePage)
}

// takeMessages tells the store of messages, each a delivery of its own.
func (l *live) takeMessages(ctx context.Context, list []nats.Message) error {
	begun := time.Now()
	var told []store.Told
	defer func() {
		for _, t := range told {
			t.Parcel.Discard()
		}
	}()
	for i := range list {
		m := &list[i]
		in, err := takeInMessage(l.store, fmt.Sprintf("%s#%d", l.place(), m.Sequence), m.Data, l.reading(l.Name, l.mapping))
		if err != nil {
			return l.failed(err)
		}
		head := in.head(l.stream())
		head.Position = fmt.Sprint(m.Sequence)
		told = append(told, store.Told{Head: head, Parcel: in.parcel})
	}
	return l.put(ctx, told, begun)
}

// takePage tells the store of a page of rows, and of how far it reaches.
func (l *live) takePage(ctx context.Context, page postgres.Page) error {
	begun := time.Now()
	in, err := takeIn(l.store, l.place(), bytes.NewReader(page.Rows), l.reading(l.Name, l.mapping))
	if err != nil {
		return l.failed(err)
	}
	if in.delivery.Repeated == outage.RepeatedReject { // rows come in the order in which they changed
		in.delivery.Repeated = outage.RepeatedLatest
	}
	head := in.head(l.stream())
	head.Position = page.Position
	defer in.parcel.Discard()
	return l.put(ctx, []store.Told{{Head: head, Parcel: in.parcel}}, begun)
}

func (l *live) put(ctx context.Context, told []store.Told, begun time.Time) error {
	if _, err := put(ctx, l.store, told); err != nil {
		return l.failed(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err, l.duration = nil, time.Since(begun)
	return nil
}

// failed notes what is wrong.
func (l *live) failed(err error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.errSince = time.Now()
	}
	l.err = err
	return err
}

// beats tells the store from time to time that everything so far was told.
func (l *live) beats(ctx context.Context) {
	if l.Heartbeat == 0 {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(l.Heartbeat):
		}
		if l.isWhole() {
			if err := l.beat(ctx); err != nil {
				_ = l.failed(err)
			}
		}
	}
}

// isWhole says whether the source is up and read to its end.
func (l *live) isWhole() bool {
	if l.nats != nil {
		s := l.nats.Status()
		return s.Up && s.Err == nil && s.Pending == 0 && s.AckPending == 0
	}
	s := l.postgres.Status()
	return s.Up && s.Err == nil && time.Since(s.LastSuccess) < 2*l.Heartbeat
}

// beat declares the time since the last beat.
func (l *live) beat(ctx context.Context) error {
	sums, err := l.store.Streams(ctx, 0, 0)
	if err != nil {
		return fmt.Errorf("%w: %w", errStore, err)
	}
	to := l.now().Unix()
	var from int64
	for i := range sums {
		if s := &sums[i]; s.Source == l.Name && s.Channel == l.channel() {
			for _, c := range s.Covers {
				from = max(from, c.To)
			}
		}
	}
	if from == 0 {
		from = to - int64(l.Heartbeat/time.Second)
	}
	if from >= to {
		return nil
	}
	head := store.Head{Stream: l.stream(), Covers: []outage.Covers{{Period: period.Period{From: from, To: to}, Areas: l.Areas}}}
	head.SHA256 = digestOf(fmt.Appendf(nil, "heartbeat %d..%d", from, to))
	if _, err = put(ctx, l.store, []store.Told{{Head: head, Parcel: l.store.Begin()}}); err != nil {
		return err
	}
	l.worked()
	return nil
}

// worked notes that what was wrong before, is not any more.
func (l *live) worked() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = nil
}

// condition is how the source is doing.
func (l *live) condition() condition {
	c := condition{name: l.Name, places: []string{l.place()}}
	var since time.Time
	var err error
	if l.nats != nil {
		s := l.nats.Status()
		c.up, err, since, c.lastSuccess = s.Up, s.Err, s.Since, s.LastMessage
		c.pending, c.knowPending = int64(s.Pending), s.Up
		if s.Up {
			c.lastSuccess = time.Now()
		}
	} else {
		s := l.postgres.Status()
		c.up, err, since, c.lastSuccess = s.Up, s.Err, s.Since, s.LastSuccess
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	c.duration = l.duration
	if l.err != nil {
		err, since, c.up = l.err, l.errSince, false
	}
	if err != nil {
		c.problems = []problem{{source: l.Name, place: c.places[0], err: err, since: since}}
	}
	return c
}
