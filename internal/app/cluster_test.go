package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/internal/testcluster"
	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// TestOnClickHouse starts two servers once, for everything that needs them.
func TestOnClickHouse(t *testing.T) {
	t.Parallel()
	servers := testcluster.Start(t, 2)
	t.Run("the same as in a folder", func(t *testing.T) { sameAsInFolder(t, servers) })
	t.Run("too many rows", func(t *testing.T) { tooManyRows(t, servers) })
	t.Run("reload", func(t *testing.T) { reloadOnCluster(t, servers) })
	t.Run("copy", func(t *testing.T) { copyAnyHistory(t, servers) })
	t.Run("a shard is gone", func(t *testing.T) { shardGone(t, servers) })
}

// keptIn is a station whose store is at a place, and that has a clock.
func keptIn(t *testing.T, place string, now func() time.Time, files ...string) *station {
	t.Helper()
	config := strings.Replace(storeConfig, "store: data", "store: "+place, 1)
	r := newRig(t, config, append([]string{"base.csv", smallBase, "scada.token", "s3cret\n", "other.token", "0ther", "eyes.token", "r3ad"}, files...)...)
	return newStationWith(t, r, func(o *Options) { o.Now = now })
}

// fromNoon is a clock that goes on from noon.
func fromNoon() func() time.Time {
	begun := time.Now()
	return func() time.Time { return noon.Add(time.Since(begun)) }
}

// A pair is two exporters that are told the same by one clock, which stands still
// but while they count.
type pair struct {
	t               *testing.T
	folder, cluster *station
	passed          atomic.Int64 // seconds since noon
}

func newPair(t *testing.T, servers *testcluster.Cluster, files ...string) *pair {
	t.Helper()
	p := &pair{t: t}
	now := func() time.Time { return noon.Add(time.Duration(p.passed.Load()) * time.Second) }
	p.folder, p.cluster = keptIn(t, "data", now, files...), keptIn(t, servers.URL("same"), now, files...)
	return p
}

// both does something with both at the same time, and lets the clock go on once
// both stores have so many deliveries, until both show the answer of one instant.
func (p *pair) both(deliveries int64, do func(*station)) {
	p.t.Helper()
	var doing sync.WaitGroup
	for _, s := range []*station{p.folder, p.cluster} {
		doing.Go(func() { do(s) })
	}
	done := make(chan struct{})
	go func() { doing.Wait(); close(done) }()
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for counting := true; counting; {
		select {
		case <-done:
			counting = false
		case <-ticker.C:
			if p.folder.store.Stats().Deliveries >= deliveries && p.cluster.store.Stats().Deliveries >= deliveries {
				p.passed.Add(1)
			}
		}
	}
	p.passed.Add(2)
	for _, s := range []*station{p.folder, p.cluster} {
		s.until("the answer of the instant", func() bool {
			now := s.status().Snapshot
			return now != nil && now.Detail.AsOf == noon.Unix()+p.passed.Load()
		})
	}
}

// sameAsInFolder tells two exporters the same, and wants the same answers.
func sameAsInFolder(t *testing.T, servers *testcluster.Cluster) {
	p := newPair(t, servers, "events/1.csv", header+e1+e3)
	folder, cluster := p.folder, p.cluster
	p.both(2, func(s *station) { s.counts(800) })
	sameAnswers(t, "the beginning", folder, cluster)
	steps := []struct {
		name, body string
	}{
		{"an outage", event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1)},
		{"the same again", event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1)},
		{"a correction on another feeder", event("P1", "F1", "2022-03-05 08:00:00", "2022-03-05 10:00:00", 100, 2)},
		{"rows that cannot count", event("P2", "F1", "2022-03-05 08:00:00", "2022-03-04 09:00:00", 100, 0) + event("P3", "F9", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 100, 0)},
		{"a feeder that nobody knows", event("P4", "F9", "2022-03-06 08:00:00", "2022-03-06 09:00:00", 10, 0, `,"area":"haidong"`)},
		{"supply is out", event("P5", "F2", "2022-04-01 08:00:00", "", 50, 1)},
		{"it is back", event("P5", "F2", "2022-04-01 08:00:00", "2022-04-01 11:00:00", 50, 2)},
		{"never happened", event("P1", "F1", "2022-03-05 08:00:00", "2022-03-05 10:00:00", 100, 3, `,"cancelled":true`)},
	}
	for _, step := range steps {
		var want, got *push.Answer
		p.both(folder.store.Stats().Deliveries+1, func(s *station) {
			if answer := s.push(step.body); s == folder {
				want = answer
			} else {
				got = answer
			}
		})
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s: answers to the push differ (-folder +cluster):\n%s", step.name, diff)
		}
		sameAnswers(t, step.name, folder, cluster)
	}
	sameMetrics(t, folder, cluster)
	folder.again()
	cluster.again()
	p.both(0, func(s *station) { s.until("an answer", func() bool { return s.status().Snapshot != nil }) })
	sameAnswers(t, "started again", folder, cluster)
}

// sameAnswers asks both the same questions.
func sameAnswers(t *testing.T, step string, folder, cluster *station) {
	t.Helper()
	for _, path := range []string{
		"/api/v1/report", "/api/v1/events", "/api/v1/events?scope=xining&class=rural", "/api/v1/events?scope=six-prefectures&index=saidi-f", "/api/v1/feeders", "/api/v1/feeders?scope=haixi",
		"/api/v1/curve", "/api/v1/record?source=scada&event=P1", "/api/v1/record?source=grid&event=E1", "/api/v1/record?source=grid&event=none", "/api/v1/rejected", "/api/v1/live",
		"/api/v1/deliveries", "/api/v1/deliveries/3", "/api/v1/deliveries/5", "/api/v1/report.html", "/events", "/record?source=scada&event=P5", "/area/xining",
	} {
		wantStatus, want := folder.do("GET", path, "r3ad", "")
		gotStatus, got := cluster.do("GET", path, "r3ad", "")
		if wantStatus != gotStatus {
			t.Errorf("%s: %s: status %d, in a folder %d: %s", step, path, gotStatus, wantStatus, got)
			continue
		}
		if diff := gocmp.Diff(plain(folder, want), plain(cluster, got)); diff != "" {
			t.Errorf("%s: %s differs (-folder +cluster):\n%s", step, path, diff)
		}
	}
	const plan = "event_id,feeder_id,start,end,customers,nature\nX,F1,2022-06-01 08:00:00,2022-06-01 12:00:00,100,planned_maintenance\n"
	for _, s := range []*station{folder, cluster} {
		if status, text := s.send("POST", "/api/v1/plan", "r3ad", "text/csv", plan); status != http.StatusOK {
			t.Errorf("%s: plan: %d %s", step, status, text)
		}
	}
	_, want := folder.send("POST", "/api/v1/plan", "r3ad", "text/csv", plan)
	_, got := cluster.send("POST", "/api/v1/plan", "r3ad", "text/csv", plan)
	if diff := gocmp.Diff(plain(folder, want), plain(cluster, got)); diff != "" {
		t.Errorf("%s: what a plan costs differs (-folder +cluster):\n%s", step, diff)
	}
}

// plain is a text in lines without the folder of the station.
func plain(s *station, text string) []string {
	var doc any
	if json.Unmarshal([]byte(text), &doc) == nil {
		indented, err := json.MarshalIndent(doc, "", " ")
		if err == nil {
			text = string(indented)
		}
	}
	lines := strings.Split(strings.ReplaceAll(text, s.dir, "DIR"), "\n")
	return slices.DeleteFunc(lines, func(l string) bool { // when it was made, and what names the folder
		return strings.Contains(l, "<footer>") || strings.HasPrefix(l, ` "computed"`) || strings.HasPrefix(l, `   "position"`)
	})
}

// sameMetrics wants all samples that do not tell of the store itself or of how long
// something took to be the same.
func sameMetrics(t *testing.T, folder, cluster *station) {
	t.Helper()
	want, got := samples(t, folder), samples(t, cluster)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("metrics differ (-folder +cluster):\n%s", diff)
	}
	if len(want) < 100 {
		t.Errorf("%d samples, want those of a whole page", len(want))
	}
	_, page := cluster.do("GET", "/metrics", "r3ad", "")
	for _, line := range []string{"outage_cluster_members 1", "outage_cluster_slots 256", "outage_cluster_slots_pending 0", `outage_cluster_shard_up{shard="2"} 1`} {
		if !strings.Contains(page, "\n"+line+"\n") {
			t.Errorf("/metrics lacks %q", line)
		}
	}
}

func samples(t *testing.T, s *station) map[string]string {
	t.Helper()
	_, page := s.do("GET", "/metrics", "r3ad", "")
	all := map[string]string{}
	for line := range strings.SplitSeq(strings.ReplaceAll(page, s.dir, "DIR"), "\n") {
		name, value, ok := strings.Cut(line, " ")
		family, _, _ := strings.Cut(name, "{")
		switch {
		case !ok || strings.HasPrefix(line, "#") || !strings.HasPrefix(name, "outage_"):
		case strings.HasPrefix(name, "outage_cluster_"), slices.Contains([]string{"outage_store_bytes", "outage_store_tail_rows", "outage_store_segments", "outage_groups_recomputed_total"}, family):
		case strings.Contains(name, "duration"), strings.HasSuffix(family, "_seconds_total"), strings.HasSuffix(family, "timestamp_seconds") && strings.HasPrefix(value, "1.7"):
		case strings.HasPrefix(family, "outage_push_"):
		default:
			all[name] = value
		}
	}
	for name := range all {
		if strings.Contains(name, "computed") || strings.Contains(name, "last_success") || strings.Contains(name, "reload") {
			delete(all, name)
		}
	}
	return all
}

// tooManyRows asks for more rows than a question may need.
func tooManyRows(t *testing.T, servers *testcluster.Cluster) {
	s := keptIn(t, servers.URL("many"), fromNoon(), "events/1.csv", header+e1+e2+e3)
	s.counts(850)
	if err := s.App.ask(t.Context(), func() { s.stored.shared.most = 1 }); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/events", "/api/v1/feeders", "/api/v1/report.html", "/api/v1/report.xlsx"} {
		status, text := s.do("GET", path, "r3ad", "")
		if status != http.StatusUnprocessableEntity || !strings.Contains(text, "this needs 3 rows of the store, more than the 1") {
			t.Errorf("%s: %d %s, want 422 that says why", path, status, text)
		}
	}
	const plan = "event_id,feeder_id,start,end,customers\nX,F1,2022-06-01 08:00:00,2022-06-01 12:00:00,100\n"
	if status, text := s.send("POST", "/api/v1/plan", "r3ad", "text/csv", plan); status != http.StatusUnprocessableEntity || !strings.Contains(text, "saidi report, explain or plan with --store") {
		t.Errorf("plan: %d %s, want 422 that says what to do", status, text)
	}
	for _, path := range []string{"/api/v1/feeders?scope=haixi", "/api/v1/record?source=grid&event=E3", "/api/v1/curve", "/api/v1/report"} {
		if status, text := s.do("GET", path, "r3ad", ""); status != http.StatusOK {
			t.Errorf("%s: %d %s, want 200: it needs one row at most", path, status, text)
		}
	}
}

// reloadOnCluster reloads other rules while the last answer stays.
func reloadOnCluster(t *testing.T, servers *testcluster.Cluster) {
	s := keptIn(t, servers.URL("reloaded"), fromNoon(), "events/1.csv", header+e1)
	s.counts(200)
	s.put("saidi.yml", strings.Replace(storeConfig, "store: data", "stale_after: 24h\nworst: 3\nstore: "+servers.URL("reloaded"), 1), noon)
	if err := s.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.status().Snapshot == nil {
		t.Error("the last good snapshot is gone with the reload")
	}
	s.push(event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1))
	s.counts(400)
	s.put("saidi.yml", strings.Replace(storeConfig, "store: data", "store: "+servers.URL("elsewhere"), 1), noon)
	if err := s.Reload(t.Context()); err == nil || strings.Contains(err.Error(), testcluster.Password) {
		t.Errorf("another store: error %v, want one without the password", err)
	}
}

// copyAnyHistory copies random histories from a folder into servers and back.
func copyAnyHistory(t *testing.T, servers *testcluster.Cluster) {
	ctx, n := context.Background(), 0
	rapid.Check(t, func(t *rapid.T) {
		if n++; n > 5 {
			return // each draw is dear
		}
		dir, err := os.MkdirTemp("", "copy")
		if err != nil {
			t.Fatalf("folder: %v", err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // it has served its purpose
		source := newChronicler(t, filepath.Join(dir, "from"))
		defer source.st.Close() //nolint:errcheck // likewise
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			source.some()
		}
		there := servers.URL(fmt.Sprint("copy", n))
		copyTo(ctx, t, source.st, there)
		far, err := KeepReadOnly(ctx, there)
		if err != nil {
			t.Fatalf("open the copy: %v", err)
		}
		defer far.Close() //nolint:errcheck // likewise
		copyTo(ctx, t, far, filepath.Join(dir, "back"))
	})
}

func copyTo(ctx context.Context, t *rapid.T, from store.Keeper, place string) {
	t.Helper()
	clock := &Recorded{}
	to, err := Keep(ctx, place, clock.Now)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer to.Close() //nolint:errcheck // it has served its purpose
	if _, err := (&Copying{From: from, To: to, Clock: clock}).Run(ctx); err != nil {
		t.Fatalf("copy: %v", err)
	}
	equal, err := Equal(ctx, from, to, 0)
	if err != nil {
		t.Fatalf("compare: %v", err)
	}
	if len(equal.Different) > 0 {
		t.Fatalf("the copy differs:\n%s", strings.Join(equal.Different, "\n"))
	}
}

// shardGone kills a shard: the last good snapshot stays, and the fault names the
// shard; once it is back, everything counts.
func shardGone(t *testing.T, servers *testcluster.Cluster) {
	s := keptIn(t, servers.URL("gone"), fromNoon(), "events/1.csv", header+e1)
	s.counts(200)
	servers.Kill(2)
	s.until("the fault names the shard", func() bool {
		for _, f := range s.status().Faults {
			if strings.Contains(f.What, "shard 2") && f.Place == clickhouse.Redacted(servers.URL("gone")) {
				return true
			}
		}
		return false
	})
	if got := s.hours(); got != 200 {
		t.Errorf("%v customer-hours while a shard is gone, want the last good 200", got)
	}
	_, page := s.do("GET", "/metrics", "r3ad", "")
	if !strings.Contains(page, "\noutage_cluster_shard_up{shard=\"2\"} 0\n") || strings.Contains(page, "\noutage_store_faults 0\n") {
		t.Error("/metrics do not tell that shard 2 is gone")
	}
	for _, path := range []string{"/", "/data", "/metrics", "/api/v1/deliveries"} {
		if _, text := s.do("GET", path, "r3ad", ""); strings.Contains(text, testcluster.Password) {
			t.Errorf("%s shows the password", path)
		}
	}
	if err := servers.Restart(2); err != nil {
		t.Fatal(err)
	}
	s.until("the fault is over", func() bool { return len(s.status().Faults) == 0 })
	s.push(event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1))
	s.counts(400)
	if took := time.Since(s.status().Computed); took > time.Minute {
		t.Errorf("the snapshot was made %v ago", took)
	}
}
