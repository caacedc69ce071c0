package push_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/source/push"
)

// Of many at once so many are taken as there are places; the others are told to
// come again.
func TestPlaces(t *testing.T) {
	t.Parallel()
	const crowd, places = 64, 4
	release := make(chan struct{})
	var inside, most atomic.Int64
	s := newSite(t, push.Options{Limits: push.Limits{AtOnce: places}, Take: func(_ context.Context, d *push.Delivery) (*push.Answer, error) {
		n := inside.Add(1)
		defer inside.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		<-release
		_, err := io.Copy(io.Discard, d.Body)
		return &push.Answer{SHA256: digest("")}, err
	}})
	var stored, busy atomic.Int64
	var all sync.WaitGroup
	for range crowd {
		all.Go(func() {
			got := s.do(t, http.MethodPost, eventsPath, "{}\n", bearer(writeToken))
			switch {
			case got.status == http.StatusOK:
				stored.Add(1)
			case got.code() == "too-many":
				if busy.Add(1) == crowd-places {
					close(release)
				}
			default:
				t.Errorf("got %d %s", got.status, got.body)
			}
		})
	}
	all.Wait()
	if stored.Load() != places || busy.Load() != crowd-places || most.Load() != places {
		t.Errorf("%d stored, %d sent away, %d at once, want %d, %d and %d", stored.Load(), busy.Load(), most.Load(), places, crowd-places, places)
	}
	if got := s.handler.Stats().InFlight; got != 0 {
		t.Errorf("%d still in flight", got)
	}
}

// After a crowd of good and bad senders nothing of them is left: no goroutine,
// no place, no memory to speak of. It is alone, as it counts what the process
// has.
func TestNothingStays(t *testing.T) {
	before, held := runtime.NumGoroutine(), heap()
	s := newSite(t, push.Options{Limits: push.Limits{AtOnce: 64, Window: 500 * time.Millisecond, Linger: 20 * time.Millisecond}})
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			switch i % 4 {
			case 0:
				s.raw(t, post(eventsPath, "Content-Length: 10\r\n")+"12345").answer(t).want(t, http.StatusRequestTimeout, "too-slow")
			case 1:
				_ = s.raw(t, post(eventsPath, "Content-Length: 10\r\n")+"12345").Close()
			case 2:
				l := s.raw(t, post(eventsPath, "Transfer-Encoding: chunked\r\n")+chunk("{}\n"))
				l.hangUp()
				l.answer(t).want(t, http.StatusBadRequest, "incomplete")
			case 3:
				text := strings.Repeat(fmt.Sprintf("{\"event_id\":\"%d\"}\n", i), 1<<14)
				s.do(t, http.MethodPost, eventsPath, text, bearer(writeToken)).want(t, http.StatusOK, "")
			}
		})
	}
	all.Wait()
	if n := s.shelf.len(); n != 16 {
		t.Errorf("%d deliveries are kept, want 16", n)
	}
	s.shelf.text = nil
	s.Client().CloseIdleConnections()
	s.Close()
	until := time.Now().Add(patience)
	for runtime.NumGoroutine() > before && time.Now().Before(until) {
		time.Sleep(time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
	if s.handler.Stats().InFlight != 0 {
		t.Errorf("%d still in flight", s.handler.Stats().InFlight)
	}
	if more := int64(heap()) - int64(held); more > 8<<20 {
		t.Errorf("%d bytes stay", more)
	}
}

// heap is what is in use after everything that can go has gone.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
