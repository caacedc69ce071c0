package app

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Clients get their turns one after the other, however many questions each has.
func TestTurnsAreFair(t *testing.T) {
	t.Parallel()
	s := newTurnstile()
	<-s.queue("a")
	var order []string
	turns := map[string][]chan struct{}{}
	for _, client := range []string{"a", "a", "a", "a", "b", "b", "c"} {
		turns[client] = append(turns[client], s.queue(client))
	}
	for range 7 {
		s.leave()
		for client, list := range turns {
			if len(list) == 0 {
				continue
			}
			select {
			case <-list[0]:
				order, turns[client] = append(order, client), list[1:]
			default:
			}
		}
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "a", "b", "a", "a"}, order); diff != "" {
		t.Errorf("turns (-want +got):\n%s", diff)
	}
	if s.leave(); s.taken || len(s.lines) != 0 {
		t.Errorf("taken: %t, %d lines, want that nobody is there", s.taken, len(s.lines))
	}
}

// Whoever comes and goes, and gives up, one is let through at a time and nobody is
// forgotten.
func TestTurnstile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := newTurnstile()
		inside := 0
		type waiter struct {
			client string
			turn   chan struct{}
		}
		var waiting []waiter
		settle := func() {
			for i := 0; i < len(waiting); {
				select {
				case <-waiting[i].turn:
					inside++
					waiting = slices.Delete(waiting, i, i+1)
				default:
					i++
				}
			}
		}
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			switch what := rapid.IntRange(0, 2).Draw(t, "what"); {
			case what == 0:
				client := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "client")
				waiting = append(waiting, waiter{client, s.queue(client)})
			case what == 1 && inside > 0:
				inside--
				s.leave()
			case what == 2 && len(waiting) > 0:
				i := rapid.IntRange(0, len(waiting)-1).Draw(t, "who")
				if !s.giveUp(waiting[i].client, waiting[i].turn) {
					t.Fatal("who waits is not known")
				}
				waiting = slices.Delete(waiting, i, i+1)
			}
			settle()
			if inside > 1 || inside == 0 && len(waiting) > 0 {
				t.Fatalf("%d inside and %d waiting", inside, len(waiting))
			}
		}
	})
}

// Who gives up holds nobody up, though it be its turn at that moment.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	s := newTurnstile()
	var all sync.WaitGroup
	for range 50 {
		for _, client := range []string{"a", "b"} {
			ctx, cancel := context.WithCancel(t.Context())
			all.Go(func() {
				err := s.enter(ctx, client)
				if err == nil {
					s.leave()
				} else if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
			all.Go(cancel)
		}
	}
	all.Wait()
	if err := s.enter(t.Context(), "a"); err != nil || len(s.lines) != 0 {
		t.Errorf("error %v with %d lines, want that the way is free", err, len(s.lines))
	}
}
