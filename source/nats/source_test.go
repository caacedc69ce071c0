package nats

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"
)

// config is that of the stream and consumer that the tests make.
func config(h *host) Config {
	return Config{URLs: []string{h.url("")}, Stream: "OUTAGES", Durable: "saidi", Wait: 50 * time.Millisecond, Now: time.Now}
}

// A desk takes messages and remembers them. It takes a batch if allow says so.
type desk struct {
	allow func(ctx context.Context, list []Message) error

	mu   sync.Mutex
	list []Message
}

func (d *desk) take(ctx context.Context, list []Message) error {
	if d.allow != nil {
		if err := d.allow(ctx, list); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list = append(d.list, list...)
	return nil
}

// messages lists what was taken.
func (d *desk) messages() []Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.list)
}

// numbers lists the numbers that were taken.
func (d *desk) numbers() []int {
	var list []int
	for _, m := range d.messages() {
		n, err := strconv.Atoi(string(m.Data))
		if err != nil {
			n = -1
		}
		list = append(list, n)
	}
	return list
}

// follow runs a source until stop is called, or the test ends.
func follow(t *testing.T, c Config, d *desk) (s *Source, stop func()) {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, d.take) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(patience):
			t.Error("the source does not stop")
		}
	})
	t.Cleanup(stop)
	return s, stop
}

// until lists the numbers from 0 to below n.
func until(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// distinct sorts numbers and drops repeats.
func distinct(list []int) []int {
	slices.Sort(list)
	return slices.Compact(list)
}

// says waits until the status gives an error with some text.
func says(t *testing.T, s *Source, text string) {
	t.Helper()
	end := time.Now().Add(patience)
	for {
		is := s.Status()
		if !is.Up && is.Err != nil && strings.Contains(is.Err.Error(), text) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the status is %+v, want an error with %q", is, text)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func up(t *testing.T, s *Source) {
	t.Helper()
	eventually(t, "the source is up", func() bool { is := s.Status(); return is.Up && is.Connected && is.Err == nil })
}

// Ten thousand messages are taken in their order and acknowledged, each once.
func TestOrder(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		const n = 10_000
		h := serve("")
		p := h.publisher(t)
		p.stream()
		p.publish("outage.xining", 0, n)
		d := &desk{}
		s, stop := follow(t, config(h), d)
		eventually(t, "all are acknowledged", func() bool { return s.Status().Acked == n })
		stop()
		if diff := cmp.Diff(until(n), d.numbers()); diff != "" {
			t.Errorf("messages differ (-want +got):\n%s", diff)
		}
		got := s.Status()
		if got.LastMessage.IsZero() || got.Since.IsZero() {
			t.Errorf("the status has no times: %+v", got)
		}
		got.LastMessage, got.Since, got.AckPending = time.Time{}, time.Time{}, 0
		if diff := cmp.Diff(Status{Received: n, Acked: n, LastSequence: n}, got); diff != "" {
			t.Errorf("status differs (-want +got):\n%s", diff)
		}
		eventually(t, "the server counts them as acknowledged", func() bool {
			info := p.info()
			return info.AckFloor.Stream == n && info.NumAckPending == 0 && info.NumPending == 0
		})
	})
}

func TestMessage(t *testing.T) {
	t.Parallel()
	h := serve(t, "", "")
	p := h.publisher(t)
	p.stream()
	before := time.Now()
	p.publish("outage.haixi.golmud", 7, 8)
	d := &desk{}
	follow(t, config(h), d)
	eventually(t, "it is taken", func() bool { return len(d.messages()) == 1 })
	got := d.messages()[0]
	if got.Published.Before(before.Add(-time.Second)) || got.Published.After(time.Now()) || got.Published.Location() != time.UTC {
		t.Errorf("it was published at %v, want between %v and now, in UTC", got.Published, before)
	}
	got.Published = time.Time{}
	want := Message{Subject: "outage.haixi.golmud", Stream: "OUTAGES", Sequence: 1, Data: []byte("7")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("message differs (-want +got):\n%s", diff)
	}
}

// What was refused comes again, in its order and before what is newer.
func TestRefused(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		const n = 300
		h := serve("")
		p := h.publisher(t)
		p.stream()
		p.publish("outage.xining", 0, n/2)
		var calls []time.Time
		full := errors.New("the store is full")
		d := &desk{}
		d.allow = func(context.Context, []Message) error {
			calls = append(calls, time.Now())
			if len(calls) <= 2 {
				return full
			}
			return nil
		}
		c := config(h)
		c.Batch = 100
		s, stop := follow(t, c, d)
		says(t, s, "take: the store is full")
		if is := s.Status(); !is.Connected || !errors.Is(is.Err, full) {
			t.Errorf("the status is %+v, want a connection and %v", is, full)
		}
		p.publish("outage.xining", n/2, n)
		eventually(t, "all are acknowledged", func() bool { return s.Status().Acked == n })
		up(t, s)
		stop()
		if diff := cmp.Diff(until(n), d.numbers()); diff != "" {
			t.Errorf("messages differ (-want +got):\n%s", diff)
		}
		for i, m := range d.messages() {
			if m.Redelivered != (i < 100) {
				t.Fatalf("message %d: redelivered is %v", i, m.Redelivered)
			}
		}
		if got := s.Status(); got.TakeErrors != 2 || got.Redelivered < 100 {
			t.Errorf("%d batches were refused and %d messages came again, want 2 and at least 100", got.TakeErrors, got.Redelivered)
		}
		if first, second := calls[1].Sub(calls[0]), calls[2].Sub(calls[1]); first < 200*time.Millisecond || second < 400*time.Millisecond {
			t.Errorf("it came again after %v and %v, want at least 200ms and 400ms", first, second)
		}
	})
}

// Two instances share the messages of one consumer.
func TestShare(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		const n = 2000
		h := serve("")
		p := h.publisher(t)
		p.stream()
		c := config(h)
		c.Batch = 20
		desks := []*desk{{}, {}}
		for _, d := range desks {
			s, _ := follow(t, c, d)
			up(t, s)
		}
		p.publish("outage.xining", 0, n)
		both := func() []int { return append(desks[0].numbers(), desks[1].numbers()...) }
		eventually(t, "all are taken", func() bool { return len(both()) >= n })
		if diff := cmp.Diff(until(n), distinct(both())); diff != "" {
			t.Errorf("messages differ (-want +got):\n%s", diff)
		}
		for i, d := range desks {
			if len(d.numbers()) == 0 || !slices.IsSorted(d.numbers()) {
				t.Errorf("instance %d has taken %d messages, in order %v", i+1, len(d.numbers()), slices.IsSorted(d.numbers()))
			}
		}
	})
}

// A batch that the end of the run interrupts is given back at once.
func TestCancelled(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		h := serve("")
		p := h.publisher(t)
		p.stream()
		p.publish("outage.xining", 0, 50)
		begun := make(chan struct{})
		d := &desk{allow: func(ctx context.Context, _ []Message) error {
			close(begun)
			<-ctx.Done()
			return ctx.Err()
		}}
		first, stop := follow(t, config(h), d)
		<-begun
		stop()
		if got := first.Status(); got.Connected || got.Up || got.Err != nil || got.Acked != 0 {
			t.Errorf("the status after the run is %+v", got)
		}
		start := time.Now()
		d = &desk{}
		second, _ := follow(t, config(h), d)
		eventually(t, "another takes them", func() bool { return second.Status().Acked == 50 })
		if took := time.Since(start); took > defaultAckWait/2 {
			t.Errorf("they came again after %v", took)
		}
		if got := second.Status(); got.Redelivered != 50 {
			t.Errorf("%d messages came again, want 50", got.Redelivered)
		}
	})
}

// A batch that is taken although the run ends is acknowledged.
func TestCancelledAfterAll(t *testing.T) {
	t.Parallel()
	h := serve(t, "", "")
	p := h.publisher(t)
	p.stream()
	p.publish("outage.xining", 0, 50)
	begun := make(chan struct{})
	d := &desk{allow: func(ctx context.Context, _ []Message) error {
		close(begun)
		<-ctx.Done()
		return nil
	}}
	s, stop := follow(t, config(h), d)
	<-begun
	stop()
	if got := s.Status().Acked; got != 50 {
		t.Errorf("%d messages are acknowledged, want 50", got)
	}
	eventually(t, "the server counts them as acknowledged", func() bool { return p.info().AckFloor.Stream == 50 })
}

// While a batch is in hand, the server does not send it again, to anybody.
func TestLongTake(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		h := serve("")
		p := h.publisher(t)
		p.stream()
		p.publish("outage.xining", 0, 10)
		begun := make(chan struct{})
		slow := &desk{allow: func(context.Context, []Message) error {
			close(begun)
			time.Sleep(2500 * time.Millisecond)
			return nil
		}}
		c := config(h)
		c.AckWait = time.Second
		s, _ := follow(t, c, slow)
		<-begun
		idle := &desk{}
		follow(t, c, idle)
		eventually(t, "they are taken", func() bool { return s.Status().Acked == 10 })
		if got := s.Status(); got.Redelivered != 0 || len(idle.messages()) != 0 || got.AckErrors != 0 {
			t.Errorf("%d messages came again, %d to the other instance, %d acknowledgements were lost, want none", got.Redelivered, len(idle.messages()), got.AckErrors)
		}
	})
}

// A consumer of several subjects leaves out the others. Old servers cannot have
// one, and no consumer of all subjects is left instead.
func TestSubjects(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		h := serve("")
		p := h.publisher(t)
		p.stream()
		p.publish("outage.xining", 0, 2)
		p.publish("outage.golog", 9, 10)
		p.publish("outage.haixi", 2, 4)
		d := &desk{}
		c := config(h)
		c.Subjects = []string{"outage.haixi", "outage.xining"}
		s, stop := follow(t, c, d)
		if strings.HasPrefix(p.conn.ConnectedServerVersion(), "2.9.") {
			says(t, s, "multiple consumer filter subjects not supported")
			stop()
			if _, err := p.js.Consumer(t.Context(), "OUTAGES", "saidi"); !errors.Is(err, jetstream.ErrConsumerNotFound) || s.Status().Received != 0 {
				t.Errorf("a consumer of all subjects was used, or is left: %v", err)
			}
			return
		}
		eventually(t, "all are taken", func() bool { return s.Status().Acked == 4 })
		if diff := cmp.Diff(until(4), d.numbers()); diff != "" {
			t.Errorf("messages differ (-want +got):\n%s", diff)
		}
	})
}

// A source runs once at a time, and may run again.
func TestRunTwice(t *testing.T) {
	t.Parallel()
	h := serve(t, "", "")
	p := h.publisher(t)
	p.stream()
	s, stop := follow(t, config(h), &desk{})
	up(t, s)
	if err := s.Run(t.Context(), (&desk{}).take); err == nil || err.Error() != "nats: the source runs already" {
		t.Errorf("a second run gives %v", err)
	}
	stop()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Run(ctx, (&desk{}).take); err != nil {
		t.Errorf("a later run gives %v", err)
	}
}

// A batch is handed on in the order of the stream, however it came, and counted.
func TestReceived(t *testing.T) {
	t.Parallel()
	now := time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC)
	s, err := New(Config{URLs: []string{"nats://a"}, Stream: "OUTAGES", Durable: "saidi", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	list := []held{{Message: Message{Sequence: 3}}, {Message: Message{Sequence: 1, Redelivered: true}}, {Message: Message{Sequence: 2}}}
	(&visit{run: &run{Source: s}}).received(list, 7)
	for i, m := range list {
		if m.Sequence != uint64(i+1) {
			t.Errorf("message %d has number %d", i+1, m.Sequence)
		}
	}
	if diff := cmp.Diff(Status{Pending: 7, Received: 3, Redelivered: 1, LastMessage: now}, s.Status()); diff != "" {
		t.Errorf("status differs (-want +got):\n%s", diff)
	}
}

// Messages that together are larger than a batch may be come in several, and none
// is lost on the way.
func TestLarge(t *testing.T) {
	t.Parallel()
	onHosts(t, func(t *testing.T, serve func(string) *host) {
		const n, size = 40, 30_000
		h := serve("")
		p := h.publisher(t)
		p.stream()
		for range n {
			if _, err := p.js.PublishAsync("outage.xining", make([]byte, size)); err != nil {
				t.Fatal(err)
			}
		}
		<-p.js.PublishAsyncComplete()
		var batches []int
		d := &desk{allow: func(_ context.Context, list []Message) error {
			batches = append(batches, len(list))
			return nil
		}}
		c := config(h)
		c.bytes = 100_000
		s, stop := follow(t, c, d)
		eventually(t, "all are acknowledged", func() bool { return s.Status().Acked == n })
		stop()
		if got := slices.Max(batches); got != 3 {
			t.Errorf("up to %d messages came at once, want 3 of %d bytes", got, size)
		}
		for i, m := range d.messages() {
			if m.Sequence != uint64(i+1) || len(m.Data) != size || m.Redelivered {
				t.Errorf("message %d has number %d, %d bytes, redelivered %v", i+1, m.Sequence, len(m.Data), m.Redelivered)
			}
		}
	})
}
