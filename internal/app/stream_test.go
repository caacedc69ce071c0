package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A told is one message of a stream.
type told struct {
	kind, id string
	snapshot.Live
	Computed time.Time `json:"computed"`
}

// follow opens a stream of what is going on; its messages come one by one, and the
// channel is closed when it ends.
func follow(t testing.TB, base, token string) <-chan told {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, "GET", base+"/api/v1/live/stream", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := (&http.Client{Transport: &http.Transport{}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	messages := make(chan told, 1000)
	t.Cleanup(cancel)
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || kind != "text/event-stream" {
		text, _ := io.ReadAll(answer.Body)
		t.Fatalf("stream: %d %s %.300s", answer.StatusCode, kind, text)
	}
	go func() {
		defer close(messages)
		defer answer.Body.Close()
		read(t, answer.Body, messages)
	}()
	return messages
}

// read takes a stream apart until it ends.
func read(t testing.TB, from io.Reader, messages chan<- told) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<20)
	var m told
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "event":
			m.kind = value
		case "id":
			m.id = value
		case "data":
			if err := json.Unmarshal([]byte(value), &m); err != nil {
				t.Errorf("message %.300s: %v", value, err)
			}
		case "":
			if m.kind != "" {
				messages <- m
			}
			m = told{}
		}
	}
}

// next waits for a message.
func next(t testing.TB, from <-chan told) told {
	t.Helper()
	select {
	case m, ok := <-from:
		if !ok {
			t.Fatal("the stream has ended")
		}
		return m
	case <-time.After(20 * time.Second):
		t.Fatal("waited in vain for a message")
	}
	return told{}
}

// outNow is how many customers of the whole are without supply.
func (m *told) outNow() float64 {
	for _, s := range m.Scopes {
		if s.Level == "whole" {
			return s.Interrupted.Float()
		}
	}
	return -1
}

// An outage that is pushed is on the stream within two seconds.
func TestStreamTellsOfAPush(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	messages := follow(t, s.server.URL, "r3ad")
	if m := next(t, messages); m.kind != "live" || m.outNow() != 0 || m.AsOf != s.status().Snapshot.Provenance.AsOf || m.id != m.Computed.Format(time.RFC3339Nano) {
		t.Errorf("first message %+v, want nobody out at the as-of of the snapshot", m)
	}
	begun := time.Now()
	if status, text := s.do("POST", "/api/v1/events?source=scada", "s3cret", event("P1", "F3", "2022-04-01 08:00:00", "", 200, 1)); status != http.StatusOK {
		t.Fatalf("push: %d %s", status, text)
	}
	m := next(t, messages)
	for m.outNow() == 0 {
		m = next(t, messages)
	}
	took := time.Since(begun)
	t.Logf("on the stream after %v", took)
	if m.outNow() != 200 || len(m.Outages) != 1 || m.Outages[0].EventID != "P1" {
		t.Errorf("message %+v, want the outage of 200 customers", m)
	}
	if took > 2*time.Second && !underRace {
		t.Errorf("it took %v, want 2 s at most", took)
	}
}

// A stream says nothing while nothing changes, and no more often than it may.
func TestStreamIsCalm(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+open4)
	s.until("a snapshot", func() bool { return s.status().Snapshot != nil })
	messages := follow(t, s.server.URL, "r3ad")
	next(t, messages)
	begun, count := time.Now(), 0
	for time.Since(begun) < 3*time.Second {
		select {
		case <-messages:
			count++
		case <-time.After(100 * time.Millisecond):
		}
	}
	if count > 2 {
		t.Errorf("%d messages in 3 s, though time alone has passed", count)
	}
}

// Streams that are open hold up nobody who stops the program.
func TestShutdownWithStreams(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: s.Handler(prometheus.NewRegistry()), ReadHeaderTimeout: time.Second}
	server.RegisterOnShutdown(s.EndStreams)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	var streams []<-chan told
	for range 5 {
		messages := follow(t, "http://"+listener.Addr().String(), "r3ad")
		next(t, messages)
		streams = append(streams, messages)
	}
	begun := time.Now()
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("the shutdown took %v, want a second at most", took)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
	for _, messages := range streams {
		for range messages { //nolint:revive // until its end
		}
	}
}

// The end of the program ends streams, and questions that come too late are told so.
func TestEndOfTheProgram(t *testing.T) {
	t.Parallel()
	r := newRig(t, config, "base.csv", smallBase, "events/1.csv", header+e1).begin(nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	select {
	case <-r.site().Done:
	default:
		t.Error("streams go on")
	}
	if _, err := r.askFeeders(t.Context(), "", snapshot.Question{}); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("error %v, want that the work was interrupted", err)
	}
}

// A stream that is opened before there is a snapshot begins with the first one.
func TestStreamBeforeTheFirstSnapshot(t *testing.T) {
	t.Parallel()
	s := newStation(t, newRig(t, config+"rescan: 1s\n"))
	messages := follow(t, s.server.URL, "")
	select {
	case m := <-messages:
		t.Errorf("message %+v, want none", m)
	case <-time.After(200 * time.Millisecond):
	}
	s.put("base.csv", smallBase, noon.Add(-time.Hour))
	s.put("events/1.csv", header+open4, noon.Add(-time.Hour))
	if m := next(t, messages); len(m.Scopes) == 0 {
		t.Errorf("message %+v, want who is without supply", m)
	}
}
