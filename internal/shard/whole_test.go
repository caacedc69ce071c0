package shard

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/internal/testcluster"
)

// A million rows are in the cluster what they were on disk.
func testWhole(t *testing.T, s *station) {
	folder, last := s.simulated(t)
	c := testcluster.Start(t, shards)
	p := &pair{station: s, cluster: c, store: c.URL(""), last: last}
	timed(t, "store copy", func() { program.Output(t, t.TempDir(), s.saidi, "store", "copy", folder, p.store) })
	year := fmt.Sprint(time.Now().Year() - 1)
	for _, args := range [][]string{
		{"--format", "json"},
		{"--format", "csv", "--table", "targets", "--year", year},
		{"--format", "json", "--window", year + "-03-01.." + year + "-07-15"},
	} {
		var got string
		timed(t, fmt.Sprint("report of the cluster ", args), func() { got = s.report(t, p.store, args...) })
		if args[1] == "json" {
			same(t, fmt.Sprintf("the reports %q", args), []byte(got), []byte(s.report(t, folder, args...)))
		} else if want := s.report(t, folder, args...); got != want || want == "" {
			t.Errorf("%q of the cluster is %.2000s\nwant %.2000s", args, got, want)
		}
	}
	for i := range p.both {
		p.both[i] = s.exporter(t, p.store)
		p.both[i].start(t)
	}
	var said *shown
	timed(t, "two exporters", func() { said = p.settled(t) })
	sameShown(t, "the report of the exporters and that of the store on disk", said.text, []byte(s.report(t, folder, said.instant()...)))
	t.Logf("%d rows, %d accepted; the exporters held at most %d and %d MiB", said.Quality.Rows, said.Quality.Accepted, p.both[0].peak(), p.both[1].peak())
}

// simulated tells an exporter with a store on disk of a million rows, and gives
// the folder of the store.
func (s *station) simulated(t *testing.T) (folder string, last int64) {
	t.Helper()
	dir, year := t.TempDir(), time.Now().Year()
	program.Output(t, dir, s.saidi, "simulate", "--out", ".", "--years", fmt.Sprintf("%d..%d", year-4, year), "--scale", "20", "--format", "parquet")
	x := s.exporter(t, "store")
	x.start(t)
	rows := 0
	for _, file := range []struct{ name, path string }{
		{"customers.parquet", "/api/v1/base"}, {"events.parquet", "/api/v1/events"}, {"events-late.parquet", "/api/v1/events"},
	} {
		body, err := os.ReadFile(filepath.Join(dir, file.name))
		if err != nil {
			t.Fatal(err)
		}
		r := x.push(t, file.path, body)
		rows, last = rows+r.Rows, r.Sequence.Last
	}
	x.End(syscall.SIGTERM)
	if rows < 1_000_000 {
		t.Fatalf("%d rows were told, want a million", rows)
	}
	return filepath.Join(x.dir, "store"), last
}

// timed logs how long something took.
func timed(t *testing.T, what string, do func()) {
	t.Helper()
	begun := time.Now()
	do()
	t.Logf("%s: %.1f s", what, time.Since(begun).Seconds())
}
