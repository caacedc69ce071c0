package shard

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/internal/program"
)

// Each shard is killed in the middle of pushes, and started again.
func testShards(t *testing.T, s *station) {
	p := s.pair(t)
	p.tell(t, 0, "/api/v1/base", firstBase())
	first := newAuthor("E", 7).fresh(400)
	p.tell(t, 1, "/api/v1/events", lines(t, first))
	p.settled(t)
	pushing := p.produce(t)
	pushing.more(t, perPhase)
	for n := shards; n > 0; n-- { // the first shard, which has the catalogue, is the last
		p.cluster.Kill(n)
		p.without(t, n)
		if err := p.cluster.Restart(n); err != nil {
			t.Fatal(err)
		}
		timed(t, fmt.Sprintf("pushes go on after shard %d was started again", n), func() { pushing.more(t, perPhase) })
	}
	pushing.end(t)
	p.audit(t, first, pushing)
	for i, x := range p.both {
		program.Eventually(t, patience, "no fault is left", func() error {
			samples, err := x.samples(t.Context())
			if err == nil && (sum(samples, "outage_store_faults") != 0 || sum(samples, shardUp) != shards) {
				err = fmt.Errorf("exporter %d has %v faults and sees %v shards", i, sum(samples, "outage_store_faults"), sum(samples, shardUp))
			}
			return err
		})
	}
}

// downTime is how long a shard is away.
const downTime = 5 * time.Second

// without looks at both exporters while a shard is away: they go on to show the
// last good numbers, and say which it is.
func (p *pair) without(t *testing.T, n int) {
	t.Helper()
	var before [2]*shown
	for i, x := range p.both {
		before[i] = x.showsStill(t, 0)
	}
	for until := time.Now().Add(downTime); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		for i, x := range p.both {
			x.showsStill(t, before[i].Provenance.KnownAt)
		}
	}
	for i, x := range p.both {
		program.Eventually(t, patience, fmt.Sprintf("exporter %d says that shard %d is gone", i, n), func() error { return x.blames(t, p.cluster.Address(n), n) })
	}
}

// showsStill looks at the report, metrics and pages, which are of a sequence or
// later, and full.
func (x *exporter) showsStill(t *testing.T, known int64) *shown {
	t.Helper()
	said, err := x.report(t.Context(), 0)
	if said == nil {
		t.Fatal(err)
	}
	if said.Provenance.KnownAt < known || said.Quality.Accepted == 0 {
		t.Fatalf("the report is as known at %d with %d rows, and was as known at %d before", said.Provenance.KnownAt, said.Quality.Accepted, known)
	}
	samples, err := x.samples(t.Context())
	if err != nil || sum(samples, "outage_customer_interruptions") <= 0 {
		t.Fatalf("/metrics has %d samples of %v interruptions: %v", len(samples), sum(samples, "outage_customer_interruptions"), err)
	}
	for _, path := range []string{"/", "/-/ready"} {
		if page, err := x.get(t.Context(), path); err != nil || len(page) == 0 {
			t.Fatalf("%s has %d bytes: %v", path, len(page), err)
		}
	}
	return said
}

// blames says why metrics and page do not name a shard yet. The password is on
// neither.
func (x *exporter) blames(t *testing.T, address string, n int) error {
	samples, err := x.samples(t.Context())
	if err != nil {
		return err
	}
	page, err := x.get(t.Context(), statusPage)
	if err != nil {
		return err
	}
	if strings.Contains(string(page), "not-so-secret") || strings.Contains(x.Log(), "not-so-secret") {
		t.Fatal("the password is shown")
	}
	up := fmt.Sprintf(`%s{shard="%d"}`, shardUp, n)
	switch {
	case !strings.Contains(string(page), address):
		return fmt.Errorf("the page does not name %s", address)
	case sum(samples, "outage_store_faults") == 0:
		return errors.New("/metrics has no fault of the store")
	case valueOf(samples, up) != "0":
		return fmt.Errorf("%s is %q", up, valueOf(samples, up))
	}
	return nil
}

// audit finds every acknowledged push among the deliveries of either exporter,
// once, and its rows in the report, which is that of a file of all records.
func (p *pair) audit(t *testing.T, records []record, pushing *producers) {
	t.Helper()
	want := map[string]receipt{}
	for _, one := range pushing.all {
		for _, r := range one.receipts {
			if before, twice := want[r.SHA256]; twice {
				t.Errorf("deliveries %d and %d are of one body", before.Delivery, r.Delivery)
			}
			r.Again = false // where the answer to the first try was lost
			want[r.SHA256], p.last = r, max(p.last, r.Sequence.Last)
		}
		records = append(records, one.list...)
		t.Logf("%d pushes acknowledged of %d tries", len(one.receipts), one.tries)
	}
	said := p.settled(t) // by now each knows what the other was told
	for _, x := range p.both {
		if diff := cmp.Diff(want, x.deliveries(t)); diff != "" {
			t.Errorf("deliveries (-acknowledged +listed):\n%.2000s", diff)
		}
	}
	if said.Quality.Rows != len(records) || said.Quality.Rejected != 0 {
		t.Errorf("the report has %d rows, %d rejected; want %d, none", said.Quality.Rows, said.Quality.Rejected, len(records))
	}
	sameShown(t, "the exporters and the command", said.text, []byte(p.report(t, p.store, said.instant()...)))
	p.sameAsFile(t, said, records)
}

// deliveries are all pushes of events behind the first, by their digest.
func (x *exporter) deliveries(t *testing.T) map[string]receipt {
	t.Helper()
	all, last := map[string]receipt{}, receipt{Delivery: 2} // base, first events
	for {
		text, err := x.get(t.Context(), fmt.Sprintf("/api/v1/deliveries?limit=1000&after=%d", last.Delivery))
		if err != nil {
			t.Fatal(err)
		}
		var page struct{ Deliveries []receipt }
		if err := json.Unmarshal(text, &page); err != nil {
			t.Fatalf("deliveries: %v in %.500s", err, text)
		}
		for _, d := range page.Deliveries {
			if d.Delivery != last.Delivery+1 || last.Sequence.Last != 0 && d.Sequence.First != last.Sequence.Last+1 {
				t.Fatalf("delivery %+v follows on %+v", d, last)
			}
			if _, twice := all[d.SHA256]; twice {
				t.Errorf("delivery %d is there twice", d.Delivery)
			}
			all[d.SHA256], last = d, d
		}
		if len(page.Deliveries) == 0 {
			return all
		}
	}
}

// sameAsFile holds a report against that of one file of all records.
func (p *pair) sameAsFile(t *testing.T, said *shown, records []record) {
	t.Helper()
	dir := t.TempDir()
	customers, events := filepath.Join(dir, "base.csv"), filepath.Join(dir, "events.ndjson")
	if err := errors.Join(os.WriteFile(customers, firstBase(), 0o600), os.WriteFile(events, lines(t, records), 0o600)); err != nil {
		t.Fatal(err)
	}
	text := program.Output(t, dir, p.saidi, "report", "--format", "json", "--as-of", said.Provenance.AsOf, "--base", customers, events)
	want := decoded(t, []byte(text))
	got := decoded(t, said.text)
	for _, report := range []map[string]any{got, want} {
		delete(report, "provenance")
		withoutDistinct(report["indices"])
	}
	compare(t, "the exporters and one file of all records", got, want)
}
