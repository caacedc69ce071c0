package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/source/nats"
	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/web"
)

// fill makes a store that has a base and three outages, 850 customer-hours, in a
// segment.
func (r *rig) fill() {
	r.t.Helper()
	st, err := store.Open(r.path("data"), store.Options{Now: func() time.Time { return noon }, SegmentRows: 1})
	if err != nil {
		r.t.Fatal(err)
	}
	p := policy.Qinghai()
	opts := ingest.Options{Names: p.Names(), Zone: p.Zone, Source: "scada"}
	rows, _, err := ingest.Base("base", strings.NewReader(smallBase), opts)
	if err != nil {
		r.t.Fatal(err)
	}
	b := &bases{store: st, policy: p}
	if _, err := b.put(r.t.Context(), store.Head{Stream: store.Stream{Kind: store.Base, Source: "scada", Channel: store.Push, Name: "push/scada"}, Replace: true}, rows); err != nil {
		r.t.Fatal(err)
	}
	in, err := takeIn(st, "push/scada", strings.NewReader(header+e1+e2+e3), opts)
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := put(r.t.Context(), st, []store.Told{{Head: in.head(store.Stream{Kind: store.Events, Source: "scada", Channel: store.Push, Name: "push/scada"}), Parcel: in.parcel}}); err != nil {
		r.t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		r.t.Fatal(err)
	}
}

const pushConfig = "store: data\nquiet: 0s\nrescan: 1s\nrefresh: 1s\ntokens:\n- {name: scada, file: scada.token, access: write}\nsources:\n- {name: scada, push: true}\n"

// flip changes a byte in the middle of the segment of a store, and gives what
// changes it back.
func (r *rig) flip() (path string, back func()) {
	r.t.Helper()
	list, err := filepath.Glob(r.path("data/segments/0*.parquet"))
	if err != nil || len(list) == 0 {
		r.t.Fatalf("segments %q, %v, want one", list, err)
	}
	path = list[len(list)-1]
	data, err := os.ReadFile(path)
	if err != nil {
		r.t.Fatal(err)
	}
	write := func() {
		data[len(data)/2] ^= 0x40
		if err := os.Chmod(path, 0o644); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
	write()
	return path, write
}

// faulty waits for a fault that says all of some texts.
func (s *station) faulty(texts ...string) {
	s.t.Helper()
	s.until(fmt.Sprintf("a fault that says %q", texts), func() bool {
		return slices.ContainsFunc(s.status().Faults, func(f web.Fault) bool {
			return !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(f.Source+" "+f.Place+" "+f.What, text) })
		})
	})
}

func (s *station) faultless() {
	s.t.Helper()
	s.until("no fault", func() bool { return len(s.status().Faults) == 0 })
}

// says checks an answer.
func (s *station) says(method, path, token, body string, status int, texts ...string) {
	s.t.Helper()
	got, text := s.do(method, path, token, body)
	if got != status {
		s.t.Errorf("%s %s: %d %.500s, want %d", method, path, got, text, status)
	}
	for _, want := range texts {
		if !strings.Contains(text, want) {
			s.t.Errorf("%s %s: %.900q does not say %q", method, path, text, want)
		}
	}
}

// A store that is damaged under the running program takes nothing away: what was
// known goes on counting with what comes, a reload does not work and says why,
// and a base that makes everything be counted anew waits.
func TestStoreIsDamagedMeanwhile(t *testing.T) {
	t.Parallel()
	r := newRig(t, pushConfig, "scada.token", "s3cret")
	r.fill()
	s := newStation(t, r)
	s.counts(850)
	segment, back := s.flip()
	s.push(event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1))
	s.counts(1050)
	s.says("POST", "/-/reload", "s3cret", "", 500, "The reload did not work", segment, "the store is damaged", "restore the store from a backup")
	s.faulty("reload", segment, "restore the store from a backup")
	s.counts(1050)
	s.is(0, metrics.ConfigReloadSuccessful)

	s.says("POST", "/api/v1/base?source=scada", "s3cret", strings.Replace(smallBase, "F1,xining,rural,100", "F1,xining,rural,50", 1), 200)
	s.says("POST", "/api/v1/events?source=scada", "s3cret", event("P2", "F3", "2022-03-06 08:00:00", "2022-03-06 09:00:00", 200, 1), 200)
	s.says("GET", "/-/ready", "", "", 200)
	if got := s.hours(); got != 1050 {
		t.Errorf("%v customer-hours, want the 1050 of the last good snapshot", got)
	}
	s.until("the metric of the store's faults", func() bool { n, _ := value(t, s.Metrics(), metrics.StoreFaults); return n > 0 })
	back()
	s.counts(1150) // E1 is of 50 customers now, and P2 counts, too
	s.says("POST", "/-/reload", "s3cret", "", 200)
	s.faultless()
}

// A store that is damaged at the start shows nothing and says so, and keeps what
// is pushed: nothing is refused that can be kept.
func TestStoreIsDamagedAtTheStart(t *testing.T) {
	t.Parallel()
	r := newRig(t, pushConfig, "scada.token", "s3cret")
	r.fill()
	segment, back := r.flip()
	s := newStation(t, r)
	s.faulty(s.path("data"), segment, "the store is damaged", "restore the store from a backup")
	s.says("GET", "/-/ready", "", "", 503, "not ready")
	s.says("GET", "/-/healthy", "", "", 200)
	s.says("GET", "/api/v1/report", "", "", 503)
	s.says("GET", "/?lang=en", "", "", 200, "restore the store from a backup")
	s.says("POST", "/api/v1/events?source=scada&wait=100ms", "s3cret", event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1), 200, `"applied":false`)
	back()
	s.counts(1050) // without a restart
	s.faultless()
}

// What keeps a store from being opened is an error that says what to do.
func TestStoreDoesNotOpen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		happen func(*rig)
		want   error
		says   string
	}{
		{"in use", func(r *rig) {
			st, err := store.Open(r.path("data"), store.Options{Now: time.Now})
			if err != nil {
				r.t.Fatal(err)
			}
			r.t.Cleanup(func() { _ = st.Close() })
		}, store.ErrInUse, "stop it first"},
		{"of a newer program", func(r *rig) { r.catalogue("PRAGMA user_version = 99") }, store.ErrNewer, "use a newer program"},
		{"a file", func(r *rig) { r.remove("data"); r.put("data", "", noon) }, nil, "should be a folder"},
		{"no catalogue of ours", func(r *rig) { r.put("data/catalogue.sqlite", strings.Repeat("no database", 1000), noon) }, store.ErrCorrupt, "restore the store from a backup"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, pushConfig, "scada.token", "s3cret")
			r.fill()
			tt.happen(r)
			a, err := New(Options{Load: func() (*Config, error) { return LoadConfig(r.path("saidi.yml")) }})
			if err == nil || a != nil || tt.want != nil && !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), r.path("data")) {
				t.Errorf("got %v, %v, want an error about %s that says %q", a, err, r.path("data"), tt.says)
			}
		})
	}
}

// catalogue runs a statement in the catalogue of a store.
func (r *rig) catalogue(statement string) {
	r.t.Helper()
	db, err := sql.Open("sqlite", r.path("data/catalogue.sqlite"))
	if err != nil {
		r.t.Fatal(err)
	}
	_, err = db.Exec(statement)
	if err := errors.Join(err, db.Close()); err != nil {
		r.t.Fatal(err)
	}
}

// A file that gives no answer holds up neither pushes nor snapshots, nor a reload,
// nor the end of the program.
func TestFileHangs(t *testing.T) {
	t.Parallel()
	r := newRig(t, strings.Replace(storeConfig, "rescan: 1s", "rescan: 1s\ntimeout: 1h", 1), "base.csv", smallBase, "scada.token", "s3cret", "other.token", "0ther", "eyes.token", "r3ad",
		"events/1.csv", header+e1, "events/2.csv", header+e2)
	free := make(chan struct{})
	var asked atomic.Int64
	s := newStationWith(t, r, func(o *Options) {
		o.Read = func(path string, opts ingest.Options, emit func(*outage.Batch) error) (*outage.Delivery, error) {
			if filepath.Base(path) == "2.csv" {
				asked.Add(1)
				<-free
			}
			return ingest.EventsFile(path, opts, emit)
		}
	})
	s.counts(200)
	s.until("the file is read", func() bool { return asked.Load() > 0 })
	s.push(event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1))
	s.counts(400)
	begun := time.Now()
	s.says("POST", "/-/reload", "s3cret", "", 200)
	s.again()
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("a reload and a restart took %v beside a file that hangs", took)
	}
	s.counts(400)
	close(free)
	s.counts(450)
}

// A reload takes in what has changed, and leaves all as it was where something is
// wrong.
func TestReloadWithStore(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1, "new.token", "n3w", "map.yaml", "columns: {customers: kunden}\n", "late/1.csv", header+e2)
	s.counts(200)
	row := func(id string) string {
		return event(id, "F3", "2022-03-0"+id[1:]+" 18:00:00", "2022-03-0"+id[1:]+" 19:00:00", 200, 1)
	}
	reload := func(token, config string, status int, texts ...string) {
		t.Helper()
		s.put("saidi.yml", config, noon)
		s.says("POST", "/-/reload", token, "", status, texts...)
	}
	reload("s3cret", storeConfig+"polcy: x\n", 500, `unknown key "polcy"`)
	reload("s3cret", strings.Replace(storeConfig, "scada.token", "none.token", 1), 500, `token "scada"`, "none.token")
	reload("s3cret", strings.Replace(storeConfig, "store: data", "store: other", 1), 500, `the key "store" has changed: stop the program and start it again`)
	reload("s3cret", strings.Replace(storeConfig, "name: grid", "name: grid, mapping: none.yaml", 1), 500, "none.yaml")
	reload("s3cret", strings.Replace(storeConfig, "tokens:", "writers: [operator]\ntokens:", 1), 500, `writers: "operator" is none of the basic_auth_users`)
	s.is(0, metrics.ConfigReloadSuccessful)
	s.says("POST", "/api/v1/events?source=scada&wait=10s", "s3cret", row("P1"), 200)
	s.counts(400)

	changed := strings.Replace(storeConfig, "scada.token", "new.token", 1)
	changed = strings.Replace(changed, "- {name: other, push: true}", "- {name: other, push: true}\n- {name: scada2, push: true}\n- {name: late, files: late}", 1)
	reload("s3cret", changed, 200)
	s.is(1, metrics.ConfigReloadSuccessful)
	s.says("POST", "/api/v1/events?source=scada", "s3cret", row("P2"), 401)
	s.says("POST", "/api/v1/events?source=scada2", "0ther", row("P2"), 403)
	s.says("POST", "/api/v1/events?source=scada&wait=10s", "n3w", row("P2"), 200)
	s.counts(650) // with the file of late
	s.is(1, metrics.SourceUp, "scada2")

	reload("n3w", strings.Replace(changed, "- {name: scada, push: true}\n", "", 1), 500, `"scada" is no source that is pushed`)
	gone := strings.NewReplacer("- {name: scada, push: true}\n", "", "sources: [scada]", "sources: [scada2]", "- {name: late, files: late}", "").Replace(changed)
	reload("n3w", gone, 200)
	s.says("POST", "/api/v1/events?source=scada", "n3w", row("P3"), 404)
	s.counts(650) // what they told stays

	s.put("events/1.csv", strings.Replace(header, "customers", "kunden", 1)+e1, noon.Add(time.Second))
	s.counts(450) // nobody knows that word
	reload("n3w", strings.Replace(gone, "name: grid", "name: grid, mapping: map.yaml", 1), 200)
	s.counts(650) // the same file, in place of what it held before
	s.inForce("grid", 1)
}

// inForce checks how many deliveries of a source count.
func (s *station) inForce(source string, want int) {
	s.t.Helper()
	n := 0
	for _, d := range s.deliveries(source) {
		if d.WithdrawnBy == 0 {
			n++
		}
	}
	if n != want {
		s.t.Errorf("%d deliveries of %s count, want %d", n, source, want)
	}
}

// decode reads an answer in JSON.
func (s *station) decode(path string, to any) {
	s.t.Helper()
	status, text := s.do("GET", path, "r3ad", "")
	if err := json.Unmarshal([]byte(text), to); err != nil || status != http.StatusOK {
		s.t.Fatalf("%s: %d %.300s %v", path, status, text, err)
	}
}

// Whoever waits for a push that was told before is answered at once, and who
// waits through a reload is not forgotten.
func TestWaiting(t *testing.T) {
	t.Parallel()
	r := newRig(t, strings.Replace(storeConfig, "refresh: 1s", "refresh: 1h", 1), "base.csv", smallBase, "scada.token", "s3cret", "other.token", "0ther", "eyes.token", "r3ad")
	s := newStation(t, r)
	s.counts(0)
	row := event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1)
	s.push(row)
	begun := time.Now()
	if a := s.push(row); !a.Again || !a.Applied {
		t.Errorf("told again: %+v, want that it counts", a)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v to say that what was told before counts", took)
	}

	w := &waits{}
	reached := w.until(7)
	next := &stored{door: &door{waits: &waits{}}}
	next.inherit(&stored{door: &door{waits: w}})
	next.door.waits.applied(6)
	select {
	case <-reached:
		t.Error("6 is not 7")
	default:
	}
	next.door.waits.applied(7)
	select {
	case <-reached:
	default:
		t.Error("who waited at the door before was forgotten")
	}
}

// An event that is pushed is on the page of metrics within a second, while the
// clock moves on by itself once an hour only.
func TestWithinASecond(t *testing.T) {
	t.Parallel()
	r := newRig(t, strings.NewReplacer("refresh: 1s", "refresh: 1h", "rescan: 1s", "rescan: 1h").Replace(storeConfig), "base.csv", smallBase, "scada.token", "s3cret", "other.token", "0ther", "eyes.token", "r3ad")
	s := newStation(t, r)
	s.counts(0)
	var took []time.Duration
	for i := range 20 {
		want := float64(200 * (i + 1) * 3600)
		begun := time.Now()
		if status, text := s.do("POST", "/api/v1/events?source=scada", "s3cret", event(fmt.Sprint("P", i), "F3", fmt.Sprintf("2022-03-%02d 08:00:00", i+1), fmt.Sprintf("2022-03-%02d 09:00:00", i+1), 200, 1)); status != http.StatusOK {
			t.Fatalf("push: %d %s", status, text)
		}
		for {
			_, page := s.do("GET", "/metrics", "r3ad", "")
			if sumOf(page, metrics.CustomerInterruptionSeconds, `window="ytd"`) == want {
				break
			}
			if time.Since(begun) > 30*time.Second {
				t.Fatalf("event %d is not shown", i)
			}
			time.Sleep(5 * time.Millisecond)
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	t.Logf("from push to metrics: median %v, longest %v", took[len(took)/2], took[len(took)-1])
	if median := took[len(took)/2]; median > 5*time.Second { // generous: the machine may be busy
		t.Errorf("half of the events take longer than %v", median)
	}
}

// sumOf adds up the samples of a metric on a page that have a label.
func sumOf(page, name, label string) (sum float64) {
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, name+"{") && strings.Contains(line, label) {
			var v float64
			if _, err := fmt.Sscan(line[strings.LastIndexByte(line, ' ')+1:], &v); err == nil {
				sum += v
			}
		}
	}
	return sum
}

// A message that the store cannot take just now comes again: it is not made a
// rejected row, which would be acknowledged and lost.
func TestMessagesAreNotLostToTheStore(t *testing.T) {
	t.Parallel()
	r := newRig(t, pushConfig)
	r.fill()
	st, err := store.OpenReadOnly(r.path("data"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close() //nolint:errcheck // it was only read
	opts := ingest.Options{Names: policy.Qinghai().Names(), Zone: policy.Qinghai().Zone, Source: "scada"}
	row := event("P1", "F3", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 200, 1)
	if in, err := takeInMessage(st, "nats/OUTAGES#1", []byte(row), opts); in != nil || !errors.Is(err, errStore) || !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("got %v, %v, want an error of the store", in, err)
	}
}

// What a sender is told of an error is whether to mend the body, to wait, or to
// make room.
func TestErrorsForSenders(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want any
	}{
		{errors.New("no header"), &push.Unreadable{}},
		{fmt.Errorf("make a copy: %w", ingest.ErrTemporary), &push.Full{}},
		{fmt.Errorf("%w: spill: %w", errStore, store.ErrFull), &push.Full{}},
		{fmt.Errorf("%w: %w", errStore, store.ErrClosed), &push.Busy{}},
		{fmt.Errorf("%w: %w", errStore, context.Canceled), nil},
	} {
		got := wordedForSender(tt.err)
		if tt.want == nil {
			if !errors.Is(got, context.Canceled) {
				t.Errorf("%v: got %v, want it as it is", tt.err, got)
			}
		} else if fmt.Sprintf("%T", got) != fmt.Sprintf("%T", tt.want) {
			t.Errorf("%v: got %T, want %T", tt.err, got, tt.want)
		}
	}
}

// What was wrong with a live source is over once it works again, though nothing
// new comes.
func TestLiveSourceRecovers(t *testing.T) {
	t.Parallel()
	r := newRig(t, pushConfig)
	r.fill()
	st, err := store.Open(r.path("data"), store.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close() //nolint:errcheck // nothing more is told
	c := SourceConfig{Name: "stream", Heartbeat: time.Minute, NATS: &nats.Config{URLs: []string{"nats://127.0.0.1:1"}, Stream: "OUTAGES", Durable: "saidi"}}
	l, err := newLive(c, &rules{}, nil, st, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	_ = l.failed(errors.New("the disk is full"))
	if got := l.condition().problems; len(got) != 1 || got[0].err.Error() != "the disk is full" {
		t.Errorf("problems %v, want that the disk is full", got)
	}
	if err := l.beat(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := l.condition().problems; len(got) != 0 {
		t.Errorf("problems %v once a beat was stored, want none", got)
	}
}
