package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A server that is away at the start, crashes in the middle, and is away for a
// while costs no row. The test has the server for itself: those that run at once
// begin after it.
func TestServerCrashes(t *testing.T) {
	d := newDatabase(t, "CREATE TABLE t (id int, w timestamptz DEFAULT clock_timestamp())")
	server := needServer(t)
	server.stop(syscall.SIGQUIT)
	up := false
	start := func() {
		if err := server.start(); err != nil {
			t.Fatal(err)
		}
		up = true
		d.conn = d.connect()
	}
	t.Cleanup(func() {
		if !up {
			_ = server.start()
		}
	})
	b := &basket{}
	s := source(t, Config{DSN: d.dsn, Query: "SELECT id, w FROM t", Watermark: "w", Page: 3, Every: time.Millisecond})
	runs(t, s, "", b)
	eventually(t, "the server is missed", func() error {
		if st := s.Status(); st.Err == nil || !strings.Contains(st.Err.Error(), "connect") || !st.LastSuccess.IsZero() {
			return fmt.Errorf("got %+v", st)
		}
		return nil
	})
	id := 0
	for round := range 4 {
		start()
		for range 10 {
			id++
			d.do(fmt.Sprintf("INSERT INTO t VALUES (%d)", id))
		}
		want := id
		eventually(t, "all rows are taken", func() error { return all(t, b, want, s) })
		if !s.Status().LagKnown || s.Status().Lag > patience {
			t.Errorf("got %+v, want a lag", s.Status())
		}
		signal := syscall.SIGQUIT
		if round%2 == 1 {
			signal = syscall.SIGINT
		}
		server.stop(signal)
		up = false
		eventually(t, "the server is missed again", func() error {
			if st := s.Status(); st.Up || st.Err == nil || st.LastSuccess.IsZero() {
				return fmt.Errorf("got %+v", st)
			}
			return nil
		})
	}
	start()
}

// all says which rows from 1 to n were not taken.
func all(t testing.TB, b *basket, n int, s *Source) error {
	met := map[int]bool{}
	b.mu.Lock()
	pages := slices.Clone(b.pages)
	b.mu.Unlock()
	for _, p := range pages {
		for _, row := range fields(t, p) {
			met[int(row["id"].(float64))] = true
		}
	}
	for id := 1; id <= n; id++ {
		if !met[id] {
			return fmt.Errorf("row %d is missing: %w", id, s.Status().Err)
		}
	}
	return nil
}

// The end of ctx ends a query on the server, too, and leaves nothing behind.
func TestCancel(t *testing.T) {
	d := newDatabase(t)
	before := runtime.NumGoroutine()
	name := " application_name=cancel"
	sleeping := func() int {
		return len(query(t, d.conn, "SELECT pid FROM pg_stat_activity WHERE application_name = 'cancel'"))
	}
	b := &basket{}
	s := source(t, Config{DSN: d.dsn + name, Query: "SELECT pg_sleep(600)::text AS w", Watermark: "w", Timeout: time.Hour})
	stop := runs(t, s, "", b)
	eventually(t, "the query runs", func() error {
		if sleeping() != 1 {
			return errors.New("it does not")
		}
		return nil
	})
	began := time.Now()
	stop()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
	eventually(t, "the query is ended", func() error {
		if n := sleeping(); n != 0 {
			return fmt.Errorf("%d sessions", n)
		}
		return nil
	})
	eventually(t, "all goroutines end", func() error {
		if n := runtime.NumGoroutine(); n > before {
			return fmt.Errorf("got %d, there were %d", n, before)
		}
		return nil
	})
}

// The end of ctx while a page is taken is no error of the source.
func TestCancelWhileTaking(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	s := source(t, Config{DSN: d.dsn, Query: "SELECT 1 AS w", Watermark: "w"})
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Run(ctx, "", func(ctx context.Context, _ Page) error {
		cancel()
		return ctx.Err()
	})
	if st := s.Status(); err != nil || st.Err != nil || st.Rows != 0 || st.Position != "" {
		t.Errorf("got %v, %+v, want nothing taken and no error", err, st)
	}
}

// A position that is not one, or of another column, ends Run at once.
func TestRunRefusesPositions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2022-03-01":                   `read the position "2022-03-01": want a type, a watermark and a column`,
		"integer 5 other":              `the position "integer 5 other" is of the column "other", the watermark is now "w"`,
		"timestamptz 2022-03-01 08: w": "give none to begin again",
	} {
		s := source(t, Config{DSN: "host=/nowhere", Query: "SELECT 1 AS w", Watermark: "w"})
		err := s.Run(t.Context(), text, func(context.Context, Page) error { return nil })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
		if st := s.Status(); st.Up || !errors.Is(st.Err, err) {
			t.Errorf("%q: got the status %+v, want the error", text, st)
		}
	}
}

// Run goes on at a position, and has nothing to say where nothing is new.
func TestRunResumes(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "CREATE TABLE t AS SELECT n AS id, '2022-03-01+00'::timestamptz + n * interval '1 hour' AS w FROM generate_series(1, 20) AS n")
	c := Config{DSN: d.dsn, Query: "SELECT id, w FROM t", Watermark: "w", Page: 5, Every: time.Millisecond}
	first := &basket{}
	stop := runs(t, source(t, c), "", first)
	eventually(t, "all is taken", func() error { return all(t, first, 20, source(t, c)) })
	stop()
	if got := first.last(); got != "timestamptz 2022-03-01T20:00:00Z w" {
		t.Fatalf("got the position %q", got)
	}
	d.do("INSERT INTO t VALUES (21, '2022-03-01 20:30+00')")
	second := &basket{}
	s := source(t, c)
	runs(t, s, first.last(), second)
	eventually(t, "the new row is taken", func() error {
		if len(second.rows()) == 0 {
			return fmt.Errorf("got nothing, %w", s.Status().Err)
		}
		return nil
	})
	d.do("INSERT INTO t VALUES (22, '2022-03-01 20:31+00')")
	eventually(t, "another new row is taken", func() error {
		if got := len(second.rows()); got < 3 {
			return fmt.Errorf("got %d rows, %w", got, s.Status().Err)
		}
		return nil
	})
	want := []string{`"id":20,"w":"2022-03-01T20:00:00Z"`, `"id":21,"w":"2022-03-01T20:30:00Z"`, `"id":22,"w":"2022-03-01T20:31:00Z"`}
	if got := second.rows(); !slices.Equal(got, want) {
		t.Errorf("got %v, want the row of the position once more and the new ones, each once", got)
	}
}

// Passwords come from files that may change, and are told nobody.
func TestPassword(t *testing.T) {
	t.Parallel()
	const secret = "Geheim-7"
	d := newDatabase(t, "DROP ROLE IF EXISTS keeper", "SET password_encryption = 'scram-sha-256'", "CREATE ROLE keeper LOGIN PASSWORD '"+secret+"'")
	dsn := strings.Replace(d.dsn, "user=postgres", "user=keeper", 1)
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := []struct {
		name  string
		c     Config
		wrong bool
	}{
		{"in a file", Config{DSN: dsn, PasswordFile: file("password", secret+"\n")}, false},
		{"in the dsn of a file", Config{DSNFile: file("dsn", dsn+" password="+secret+"\n")}, false},
		{"in the password file of all clients", Config{DSN: dsn + " passfile=" + file("pass", "*:*:*:keeper:"+secret+"\n")}, false},
		{"wrong", Config{DSN: dsn + " password=" + secret + "x"}, true},
		{"none", Config{DSN: dsn + " passfile=/nowhere"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.c.Query, tt.c.Watermark = "SELECT 1 AS w", "w"
			s := source(t, tt.c)
			defer s.disconnect()
			b := &basket{}
			_ = s.turn(t.Context(), b.take)
			st := s.Status()
			switch {
			case !tt.wrong && (!st.Up || st.Rows != 1):
				t.Errorf("got %v, want a row", st.Err)
			case tt.wrong && (st.Err == nil || !strings.Contains(st.Err.Error(), "check user and password") && !strings.Contains(st.Err.Error(), "password")):
				t.Errorf("got %v, want that the password is wrong", st.Err)
			case tt.wrong && strings.Contains(st.Err.Error(), secret):
				t.Errorf("got %v, which tells the password", st.Err)
			}
		})
	}
	t.Run("changed", func(t *testing.T) {
		t.Parallel()
		path := file("password", "old")
		s := source(t, Config{DSN: dsn, PasswordFile: path, Query: "SELECT 1 AS w", Watermark: "w"})
		defer s.disconnect()
		b := &basket{}
		_ = s.turn(t.Context(), b.take)
		if err := os.WriteFile(path, []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
		_ = s.turn(t.Context(), b.take)
		if len(b.rows()) != 1 {
			t.Errorf("got %v with the new password, want a row", s.Status().Err)
		}
	})
}
