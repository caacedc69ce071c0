package push_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/source/push"
)

// A clock stands until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestStats(t *testing.T) {
	t.Parallel()
	c := &clock{at: time.Unix(1e9, 0)}
	s := newSite(t, push.Options{Now: c.now, Limits: push.Limits{Bytes: 100}, Take: func(_ context.Context, d *push.Delivery) (*push.Answer, error) {
		text, err := io.ReadAll(d.Body)
		c.move(250 * time.Millisecond)
		switch {
		case string(text) == "broken":
			panic(text)
		case d.Name == "again":
			return &push.Answer{SHA256: digest(""), Rows: 6, Stored: 6, Again: true}, err
		}
		return &push.Answer{SHA256: digest(""), Rows: 6, Stored: 3, Rejected: 2, Skipped: 1}, err
	}})
	s.do(t, http.MethodPost, eventsPath, "12345", bearer(writeToken))
	s.do(t, http.MethodPost, eventsPath+"?name=again", "12345", bearer(writeToken))
	s.do(t, http.MethodPost, eventsPath, "broken", bearer(writeToken))
	s.do(t, http.MethodPost, eventsPath, strings.Repeat("x", 101), bearer(writeToken))
	s.do(t, http.MethodPost, basePath, "1234", basic("ada", password))
	s.do(t, http.MethodPost, eventsPath, "12345", bearer("guess"))
	s.do(t, http.MethodGet, eventsPath, "", nil)
	requests := func(good, bad, broken int64) map[string]int64 {
		return map[string]int64{"2xx": good, "4xx": bad, "5xx": broken}
	}
	want := push.Stats{Writers: []push.WriterStats{
		{Who: "", Requests: requests(0, 2, 0), Answered: 2},
		{Who: "ada", Requests: requests(1, 0, 0), Bytes: 4, Rows: push.Rows{Stored: 3, Rejected: 2, Skipped: 1}, Seconds: 0.25, Answered: 1},
		{Who: "north office", Requests: requests(0, 0, 0)},
		{Who: "scada", Requests: requests(2, 1, 1), Bytes: 16, Rows: push.Rows{Stored: 3, Rejected: 2, Skipped: 1, Again: 6}, Seconds: 0.75, Answered: 4},
	}}
	s.Close() // a request is in flight until its answer has gone out
	if diff := cmp.Diff(want, s.handler.Stats()); diff != "" {
		t.Errorf("stats differ (-want +got):\n%s", diff)
	}
}

// What is in flight is seen while it is.
func TestStatsInFlight(t *testing.T) {
	t.Parallel()
	began, release := make(chan struct{}), make(chan struct{})
	s := newSite(t, push.Options{Take: func(_ context.Context, d *push.Delivery) (*push.Answer, error) {
		close(began)
		<-release
		_, err := io.Copy(io.Discard, d.Body)
		return &push.Answer{SHA256: digest("")}, err
	}})
	var all sync.WaitGroup
	all.Go(func() { s.do(t, http.MethodPost, eventsPath, "{}\n", bearer(writeToken)) })
	<-began
	stats := s.handler.Stats()
	close(release)
	all.Wait()
	if mine := stats.Writers[len(stats.Writers)-1]; stats.InFlight != 1 || mine.Who != "scada" || mine.InFlight != 1 || mine.Answered != 0 {
		t.Errorf("got %+v, want one in flight, of scada", stats)
	}
}

// Each writer has an allowance of pushes and of bytes, and gets it back in time.
func TestAllowance(t *testing.T) {
	t.Parallel()
	c := &clock{at: time.Unix(1e9, 0)}
	s := newSite(t, push.Options{Now: c.now, Limits: push.Limits{Pushes: 0.5, Bytes: 100, Speed: 10}})
	send := func(token string, bytes int) *answered {
		return s.do(t, http.MethodPost, eventsPath, strings.Repeat("x", bytes), bearer(token))
	}
	late := func(token, want string) {
		t.Helper()
		got := send(token, 1)
		got.want(t, http.StatusTooManyRequests, "too-often")
		if after := got.header.Get("Retry-After"); after != want {
			t.Errorf("Retry-After: got %q, want %q", after, want)
		}
	}
	send(writeToken, 1).want(t, http.StatusOK, "")
	send(writeToken, 1).want(t, http.StatusOK, "")
	late(writeToken, "2")
	send(northToken, 1).want(t, http.StatusOK, "") // another's allowance is another's
	c.move(2 * time.Second)
	send(writeToken, 100).want(t, http.StatusOK, "")
	late(writeToken, "2")
	c.move(2 * time.Second)
	send(writeToken, 100).want(t, http.StatusOK, "") // 20 were there again: 80 in debt
	c.move(2 * time.Second)
	late(writeToken, "6")
	c.move(6 * time.Second)
	send(writeToken, 1).want(t, http.StatusOK, "")
}
