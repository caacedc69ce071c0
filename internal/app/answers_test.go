package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/web"
)

// plainly gives an answer of so many bytes, and counts how often it is asked.
func plainly(c *answers, runs *atomic.Int64, value string, bytes int) func(context.Context) (reply, error) {
	return func(context.Context) (reply, error) {
		runs.Add(1)
		return reply{value, bytes, c.now()}, nil
	}
}

// What was answered is kept until the next snapshot, and errors are not.
func TestAnswersAreKept(t *testing.T) {
	t.Parallel()
	c, runs := newAnswers(), &atomic.Int64{}
	ask := func(question string, want int64) {
		t.Helper()
		got, err := c.get(t.Context(), question, plainly(c, runs, question, 1))
		if err != nil || got != question || runs.Load() != want {
			t.Errorf("%s: got %v, %v after %d runs, want it after %d", question, got, err, runs.Load(), want)
		}
	}
	ask("a", 1)
	ask("a", 1)
	ask("b", 2)
	ask("a", 2)
	c.forget()
	ask("a", 3)
	for range 2 {
		if _, err := c.get(t.Context(), "c", func(context.Context) (reply, error) { runs.Add(1); return reply{}, errNoStore }); !errors.Is(err, errNoStore) {
			t.Errorf("error %v, want that of the question", err)
		}
	}
	if runs.Load() != 5 {
		t.Errorf("%d runs, want two of the question that fails", runs.Load())
	}
	if _, err := c.get(t.Context(), "d", func(context.Context) (reply, error) { panic("a mistake") }); err == nil || !strings.Contains(err.Error(), "a mistake") {
		t.Errorf("error %v, want the mistake", err)
	}
}

// Answers hold no more room than they may: the oldest go.
func TestAnswersHaveBounds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		bytes, kept int
	}{
		{"many", 1, answersKept},
		{"large", answersBytes / 4, 4},
		{"too large", answersBytes + 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, runs := newAnswers(), &atomic.Int64{}
			for i := range 2 * answersKept {
				if _, err := c.get(t.Context(), i, plainly(c, runs, "x", tt.bytes)); err != nil {
					t.Fatal(err)
				}
			}
			if len(c.kept) != tt.kept || len(c.order) != tt.kept || c.bytes != tt.kept*tt.bytes {
				t.Errorf("%d answers of %d bytes are kept, want %d", len(c.kept), c.bytes, tt.kept)
			}
			if _, ok := c.kept[2*answersKept-1]; ok != (tt.kept > 0) {
				t.Errorf("the last one is kept: %t", ok)
			}
		})
	}
}

// Equal questions at one time are one, and one ends once nobody waits for it.
func TestEqualQuestionsAreOne(t *testing.T) {
	t.Parallel()
	c, runs := newAnswers(), &atomic.Int64{}
	begun, gone := make(chan struct{}), make(chan struct{})
	slow := func(ctx context.Context) (reply, error) {
		runs.Add(1)
		close(begun)
		<-ctx.Done()
		close(gone)
		return reply{}, ctx.Err()
	}
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := c.get(ctx, "q", slow); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want that whoever asked is gone", err)
			}
		})
	}
	<-begun
	waiting := func() (n int) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if a := c.asked["q"]; a != nil {
			n = a.waiting
		}
		return n
	}
	for waiting() < 20 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	all.Wait()
	<-gone
	if runs.Load() != 1 {
		t.Errorf("%d runs, want one for all", runs.Load())
	}
}

// What is answered of a snapshot that is gone by then is not kept, nor do those
// who ask of the new one get it.
func TestAnswersOfThePast(t *testing.T) {
	t.Parallel()
	c, runs := newAnswers(), &atomic.Int64{}
	begun, finish := make(chan struct{}), make(chan struct{})
	old := make(chan any)
	go func() {
		got, _ := c.get(t.Context(), "q", func(context.Context) (reply, error) {
			era := c.now()
			close(begun)
			<-finish
			return reply{"old", 1, era}, nil
		})
		old <- got
	}()
	<-begun
	c.forget()
	if got, err := c.get(t.Context(), "q", plainly(c, runs, "new", 1)); err != nil || got != "new" {
		t.Errorf("got %v, %v, want the new answer", got, err)
	}
	close(finish)
	if got := <-old; got != "old" {
		t.Errorf("who asked before: got %v, want the old answer", got)
	}
	if got, err := c.get(t.Context(), "q", plainly(c, runs, "newer", 1)); err != nil || got != "new" || runs.Load() != 1 {
		t.Errorf("got %v, %v after %d runs, want the one that is kept", got, err, runs.Load())
	}
}

// Too many different questions at once are told to come again.
func TestTooManyQuestions(t *testing.T) {
	t.Parallel()
	c := newAnswers()
	finish := make(chan struct{})
	var all sync.WaitGroup
	for i := range answersAsked {
		ctx := web.WithClient(t.Context(), fmt.Sprint(i/answersOfClient))
		all.Go(func() {
			if _, err := c.get(ctx, i, func(context.Context) (reply, error) { <-finish; return reply{}, nil }); err != nil {
				t.Error(err)
			}
		})
	}
	for c.under.Inside() < answersAsked {
		time.Sleep(time.Millisecond)
	}
	_, err := c.get(t.Context(), "one more", plainly(c, &atomic.Int64{}, "x", 1))
	if _, busy := errors.AsType[*push.Busy](err); !busy {
		t.Errorf("error %v, want that others ask", err)
	}
	close(finish)
	all.Wait()
	if c.under.Inside() != 0 || len(c.asked) != 0 {
		t.Errorf("%d questions are under way and %d known, want none", c.under.Inside(), len(c.asked))
	}
}

// A client with too many questions does not keep others from asking.
func TestQuestionsOfOneClient(t *testing.T) {
	t.Parallel()
	c := newAnswers()
	finish := make(chan struct{})
	greedy := web.WithClient(t.Context(), "192.0.2.1")
	var all sync.WaitGroup
	for i := range answersOfClient {
		all.Go(func() {
			if _, err := c.get(greedy, i, func(context.Context) (reply, error) { <-finish; return reply{}, nil }); err != nil {
				t.Error(err)
			}
		})
	}
	for c.under.Inside() < answersOfClient {
		time.Sleep(time.Millisecond)
	}
	_, err := c.get(greedy, "one more", plainly(c, &atomic.Int64{}, "x", 1))
	if _, busy := errors.AsType[*push.Busy](err); !busy {
		t.Errorf("error %v, want that it asks too much", err)
	}
	if got, err := c.get(web.WithClient(t.Context(), "192.0.2.2"), "another", plainly(c, &atomic.Int64{}, "x", 1)); err != nil || got != "x" {
		t.Errorf("another client: %v, %v, want an answer", got, err)
	}
	close(finish)
	all.Wait()
}

// After a question the next one waits as long as it took.
func TestDeskPauses(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	const long = 200 * time.Millisecond
	if err := s.desk.ask(t.Context(), func() { time.Sleep(long) }); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if err := s.desk.ask(t.Context(), func() {}); err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(begun); waited < long*9/10 {
		t.Errorf("the next question waited %v, want %v", waited, long)
	}
}
