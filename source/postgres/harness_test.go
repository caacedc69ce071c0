package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"
)

// source makes a source of a test.
func source(t failer, c Config) *Source {
	t.Helper()
	if c.Now == nil {
		c.Now = time.Now
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.backoff = backoff{least: 5 * time.Millisecond, most: 40 * time.Millisecond}
	return s
}

// resume gives a source from a position on that is looked by hand.
func resume(t failer, c Config, text string) *Source {
	t.Helper()
	s := source(t, c)
	at, err := readPosition(text)
	if err != nil {
		t.Fatal(err)
	}
	s.at = at
	return s
}

// A basket is what was taken, one string a row without the braces.
type basket struct {
	mu    sync.Mutex
	pages []Page
	fail  func() error // asked before each page; nil: never
}

func (b *basket) take(_ context.Context, p Page) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		if err := b.fail(); err != nil {
			return err
		}
	}
	b.pages = append(b.pages, p)
	return nil
}

// rows gives all rows that were taken.
func (b *basket) rows() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []string{}
	for _, p := range b.pages {
		list = append(list, lines(p)...)
	}
	return list
}

// counts gives how many rows each page had.
func (b *basket) counts() []int {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []int{}
	for _, p := range b.pages {
		list = append(list, p.Count)
	}
	return list
}

// last is the position of the last page.
func (b *basket) last() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.pages) == 0 {
		return ""
	}
	return b.pages[len(b.pages)-1].Position
}

// empty forgets what was taken.
func (b *basket) empty() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pages = nil
}

func lines(p Page) []string {
	var list []string
	for line := range strings.Lines(string(p.Rows)) {
		list = append(list, strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "{"), "}"))
	}
	return list
}

// fields reads the rows of a page, and fails where they are not JSON, one a line,
// as many as the page says.
func fields(t failer, p Page) []map[string]any {
	t.Helper()
	var list []map[string]any
	for line := range bytes.Lines(p.Rows) {
		var row map[string]any
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		list = append(list, row)
	}
	if len(list) != p.Count {
		t.Fatalf("got %d rows, the page says %d", len(list), p.Count)
	}
	return list
}

// looks looks once, to its end, and fails the test if that goes wrong.
func looks(t failer, s *Source, b *basket) {
	t.Helper()
	for {
		met, err := s.look(context.Background(), b.take)
		if err != nil {
			t.Fatal(err)
		}
		if !met.again {
			return
		}
		s.disconnect()
	}
}

// runs runs a source until the test or the stop ends it.
func runs(t testing.TB, s *Source, position string, b *basket) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, position, b.take) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("run: got %v, want nil", err)
			}
		case <-time.After(patience):
			t.Error("the run does not end")
		}
	})
	t.Cleanup(stop)
	return stop
}
