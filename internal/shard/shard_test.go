package shard

import (
	"os"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/internal/testcluster"
)

// A part is one of the tests. Each starts programs of its own.
type part struct {
	name string
	run  func(*testing.T, *station)
}

func parts() []part {
	return []part{
		{"whole", testWhole},
		{"history", testHistory},
		{"shards", testShards},
		{"members", testMembers},
	}
}

// Several exporters over several shards say what one says over its own disk.
func TestClickHouse(t *testing.T) {
	t.Parallel()
	if os.Getenv("SAIDI_E2E") != "1" {
		t.Log("exporters over shards: SAIDI_E2E=1 go test ./internal/shard, or make e2e-clickhouse")
		return
	}
	s := &station{saidi: program.Saidi(t)}
	for _, p := range parts() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			p.run(t, s)
			t.Logf("%s took %.1f s", p.name, time.Since(begun).Seconds())
		})
	}
}

// A station is where the program is.
type station struct {
	saidi string
}

// report is what the command says of a store.
func (s *station) report(t *testing.T, store string, args ...string) string {
	t.Helper()
	return program.Output(t, t.TempDir(), s.saidi, append([]string{"report", "--store", store}, args...)...)
}

// shards is how many servers a cluster has.
const shards = 2

// A pair is two exporters over one cluster.
type pair struct {
	*station
	cluster *testcluster.Cluster
	store   string // URL
	both    [2]*exporter
	last    int64 // the highest sequence that was acknowledged
}

// pair starts a cluster, and two exporters over it.
func (s *station) pair(t *testing.T) *pair {
	t.Helper()
	c := testcluster.Start(t, shards)
	p := &pair{station: s, cluster: c, store: c.URL("")}
	for i := range p.both {
		p.both[i] = s.exporter(t, p.store)
		p.both[i].start(t)
	}
	return p
}

// tell sends a body to one of the exporters, which has to take it.
func (p *pair) tell(t *testing.T, to int, path string, body []byte) receipt {
	t.Helper()
	r := p.both[to].push(t, path, body)
	p.last = max(p.last, r.Sequence.Last)
	return r
}

// settled waits until both count all that was acknowledged and show the same
// instant, and gives what they show, which is equal.
func (p *pair) settled(t *testing.T) *shown {
	t.Helper()
	var all [2]*shown
	program.Eventually(t, patience, "both show all that was told", func() (err error) {
		for i, x := range p.both {
			if all[i], err = x.report(t.Context(), p.last); err != nil {
				return err
			}
		}
		return all[0].sameInstant(all[1])
	})
	same(t, "the reports of the two exporters", all[1].text, all[0].text)
	return all[0]
}
