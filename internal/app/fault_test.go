package app

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/snapshot"
)

// later is a time of writing behind that of all files of the small world.
var later = noon.Add(-time.Minute)

func TestFilesComeAndGo(t *testing.T) {
	t.Parallel()
	r := small(t)
	r.counts("at first", 850)
	r.put("events/3.csv", header+strings.Replace(e1, "E1,F1", "E5,F2", 1), later)
	r.counts("a file more", 950) // F2 has 50 customers
	r.put("events/1.csv", header+strings.Replace(e1, "10:00", "09:00", 1), later.Add(time.Second))
	r.counts("a file changed", 850)
	r.remove("events/2.csv")
	r.counts("a file gone", 250)
	r.put("events/0.csv", header+e3, noon.Add(-48*time.Hour))
	r.counts("an old file", 850)
	r.put("base.csv", strings.Replace(smallBase, "F3,haixi,town,200", "F3,haixi,town,100", 1), later)
	r.counts("the base changed", 550)
	r.is(1, metrics.SourceUp, "grid")
	r.is(1, metrics.SourceUp, "base")
	if got := len(r.status().Sources); got != 3 {
		t.Errorf("%d sources, want the base and two", got)
	}
}

// What is bad from the beginning counts for nothing, and is told until it is
// mended or gone; the others count.
func TestBadFile(t *testing.T) {
	t.Parallel()
	r := small(t)
	r.put("events/bad.csv", "PK\x03\x04 no workbook", later)
	r.counts("a bad file", 850, "grid|events/bad.csv|")
	r.is(0, metrics.SourceUp, "grid")
	r.is(1, metrics.SourceFaults, "grid")
	r.is(1, metrics.SourceUp, "metering")
	since := r.status().Faults[0].Since
	r.counts("still bad", 850, "grid|events/bad.csv|")
	if got := r.status().Faults[0].Since; !got.Equal(since) {
		t.Errorf("the fault is since %v, was since %v", got, since)
	}
	r.put("late/2.csv", header+strings.Replace(e2, "E2", "E6", 1), later.Add(time.Second))
	r.counts("others are read", 850, "grid|events/bad.csv|") // the same customers at the same time
	if got := r.status().Snapshot.Quality.Rows; got != 4 {
		t.Errorf("%d rows, want 4", got)
	}
	r.put("events/bad.csv", header+"E7,F2,2022-03-07 08:00:00,2022-03-07 09:00:00,50\n", later)
	r.counts("mended", 900)
	r.is(1, metrics.SourceUp, "grid")
	r.is(0, metrics.SourceFaults, "grid")
	r.put("events/bad.csv", "a,b\n1,2\n", later.Add(2*time.Second))
	r.counts("bad again: the last good one counts", 900, "grid|events/bad.csv|")
	r.remove("events/bad.csv")
	r.counts("gone", 850)
	for _, want := range []string{"fault is over", "level=WARN msg=fault origin=grid"} {
		if !strings.Contains(r.log.String(), want) {
			t.Errorf("the log does not say %q", want)
		}
	}
}

// A file that counts and is replaced by a bad one goes on counting as it was, and
// so does all that would need the world made anew; what comes behind is added.
func TestGoodFileTurnsBad(t *testing.T) {
	t.Parallel()
	r := small(t)
	r.put("events/1.csv", "event_id,feeder_id\nE1,F1\n", later)
	r.counts("turned bad", 850, "grid|events/1.csv|")
	r.is(0, metrics.SourceUp, "grid")
	r.is(1, metrics.SourceFaults, "grid")
	r.remove("events/2.csv")
	r.counts("another one goes", 850, "grid|events/1.csv|", "|files|other changed files wait until events/1.csv can be read")
	r.put("late/2.csv", header+"E7,F2,2022-03-07 08:00:00,2022-03-07 09:00:00,50\n", later)
	r.counts("another one comes behind", 900, "grid|events/1.csv|", "|files|other changed files wait")
	r.put("events/1.csv", header+strings.Replace(e1, "10:00", "09:00", 1), later.Add(time.Second))
	r.counts("mended", 200)
	r.put("events/1.csv", "no events\n", later.Add(2*time.Second))
	r.counts("bad again", 200, "grid|events/1.csv|")
	r.put("events/1.csv", header+strings.Replace(e1, "10:00", "09:00", 1), later.Add(time.Second))
	r.counts("put back as it was", 200)
}

// The place of what is wrong in a file comes through.
func TestFaultNamesThePlace(t *testing.T) {
	t.Parallel()
	r := small(t)
	r.put("base.csv", smallBase+"F4,xining,rural,many\n", later)
	r.counts("a bad base", 850, `base|base.csv|1 bad rows in the base`)
	if what := r.status().Faults[0].What; !strings.Contains(what, "row 5") || !strings.Contains(what, `"many"`) || !strings.Contains(what, "customers") {
		t.Errorf("the fault names neither row, column nor value: %s", what)
	}
}

func TestPlacesGo(t *testing.T) {
	t.Parallel()
	r := small(t)
	r.remove("events/1.csv", "events/2.csv")
	r.counts("all files of a source are gone at once", 850, "grid|events/1.csv|gone, and goes on counting with all that is gone from its place: 2 in all", "grid|events|all files are gone")
	r.is(0, metrics.SourceUp, "grid")
	r.put("late/2.csv", header+"E7,F2,2022-03-07 08:00:00,2022-03-07 09:00:00,50\n", later)
	r.counts("other sources go on", 900, "grid|events/1.csv|", "grid|events|")
	r.remove("events")
	r.counts("the folder is gone", 900, "grid|events/1.csv|", "grid|events|no such file or directory")
	r.put("events/1.csv", header+e1, later)
	r.counts("it comes back with one", 300)
	r.put("events/2.csv", header+e3, later)
	r.counts("and the other", 900)
}

// A fault of one file hides no other that goes.
func TestFileGoesBesideAFault(t *testing.T) {
	t.Parallel()
	r := small(t)
	if err := os.Symlink("nowhere", r.path("events/link.csv")); err != nil {
		t.Fatal(err)
	}
	r.remove("events/2.csv")
	r.counts("a link to nothing", 250, "grid|events/link.csv|a link to nothing")
}

func TestBaseFaults(t *testing.T) {
	t.Parallel()
	r := small(t)
	r.put("base.csv", "feeder_id,area,class,customers\n", later)
	r.counts("a base without rows", 850, "base|base.csv|the base has no rows")
	r.is(0, metrics.SourceUp, "base")
	r.remove("events/2.csv")
	r.counts("files wait for it", 850, "base|base.csv|", "|files|changed files wait until the customer base can be read: base.csv")
	r.remove("base.csv")
	r.counts("the base is gone", 850, "base|base.csv|gone", "base|base.csv|no such file", "|files|changed files wait")
	r.put("base.csv", smallBase, later)
	r.counts("it comes back", 250)
	r.is(1, metrics.SourceUp, "base")
}

// Two files that contradict each other are both told, and either may be mended.
func TestBasesContradict(t *testing.T) {
	t.Parallel()
	config := strings.Replace(config, "base: base.csv", "base: [a.csv, b.csv]", 1)
	a, b := "feeder_id,unit_id,area,class,customers\nF1,T1,xining,rural,100\n", "feeder_id,unit_id,area,class,customers\nF2,T1,xining,rural,100\n"
	r := newRig(t, config, "a.csv", a, "b.csv", b, "events/1.csv", header+e1).begin(nil)
	r.counts("one unit on two feeders", -1, "base|a.csv|", "base|b.csv|", "|files|")
	r.put("b.csv", strings.ReplaceAll(b, "T1", "T2"), later)
	r.counts("mended", 200)
}

// There is nothing until there is a base; then there is everything.
func TestBeginsWithoutBase(t *testing.T) {
	t.Parallel()
	r := newRig(t, config, "events/1.csv", header+e1).begin(nil)
	r.counts("no base", -1, "base|base.csv|no such file", "|files|")
	if _, ok := value(t, r.Metrics(), metrics.SnapshotAsOf); ok {
		t.Error("there is a snapshot of nothing")
	}
	r.put("base.csv", "feeder_id,area,class,customers\n", later)
	r.counts("a base without rows", -1, "base|base.csv|the base has no rows")
	r.counts("which is not tried again", -1, "base|base.csv|the base has no rows", "|files|")
	r.put("base.csv", smallBase, later.Add(time.Second))
	r.counts("a base", 200)
}

// A source that declares what it covers and has no file is out of order, as where
// a drive is not mounted; one that declares nothing waits for its first file. The
// page shows the rows of what counts now, however often they were read.
func TestNoFile(t *testing.T) {
	t.Parallel()
	r := newRig(t, strings.Replace(config, "name: metering", "name: metering, each_covers: 24h", 1), "base.csv", smallBase, "events/1.csv", header+e1)
	r.begin(nil)
	r.counts("covered", 200, "metering|late|there is no file")
	r.is(0, metrics.SourceUp, "metering")
	r.put("late/1.csv", header+e3, later)
	r.counts("a file", 800)
	r.is(1, metrics.SourceUp, "metering")
	for range 3 {
		if err := r.replace(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.Step()
	}
	for _, s := range r.status().Sources[1:] {
		if s.Files != 1 || s.Rows != 1 || s.Accepted != 1 {
			t.Errorf("%s shows %d rows of %d files, %d accepted, want 1 of each", s.Name, s.Rows, s.Files, s.Accepted)
		}
	}
}

// A base is read whole or not at all, and its files of sources are looked at in the
// meantime.
func TestBaseIsBeingWritten(t *testing.T) {
	t.Parallel()
	r := newRig(t, strings.Replace(config, "quiet: 0s", "quiet: 1h", 1), "base.csv", smallBase, "events/1.csv", header+e1)
	r.put("base.csv", smallBase, time.Now())
	r.begin(nil)
	r.counts("at first", -1, "|files|changed files wait until the customer base can be read: base.csv")
	r.put("base.csv", smallBase, noon)
	r.counts("whole", 200)
	r.put("base.csv", smallBase[:40], time.Now())
	r.put("events/1.csv", header+e3, later)
	r.counts("written again", 200, "|files|changed files wait")
	r.put("base.csv", smallBase, later)
	r.counts("whole again", 600)
}

// A file that grows between two looks, or while it is read, is never counted in
// part.
func TestHalfWritten(t *testing.T) {
	t.Parallel()
	r := newRig(t, strings.Replace(config, "quiet: 0s", "quiet: 1h", 1), "base.csv", smallBase, "events/1.csv", header+e1).begin(nil)
	r.put("events/2.csv", header+e3[:30], time.Now())
	r.counts("half of it", 200)
	r.put("events/2.csv", header+e3, time.Now())
	r.counts("all of it, a moment ago", 200)
	r.put("events/2.csv", header+e3, later)
	r.counts("quiet for long", 800)
	r.put("events/1.csv", header, time.Now())
	r.counts("one that counts is written again", 800)

	grows := true
	r = newRig(t, config, "base.csv", smallBase, "events/1.csv", header+e1, "events/2.csv", header+strings.Replace(e3, "11:00", "09:00", 1)).begin(func(o *Options) {
		o.Read = func(path string, opts ingest.Options, emit func(*outage.Batch) error) (*outage.Delivery, error) {
			d, err := ingest.EventsFile(path, opts, emit)
			if strings.HasSuffix(path, "2.csv") && grows {
				grows = false
				return d, errors.Join(err, os.WriteFile(path, []byte(header+e3), 0o644))
			}
			return d, err
		}
	})
	if got := r.hours(); got != 200 || len(r.status().Faults) > 0 {
		t.Errorf("grew while it was read: %v customer-hours, faults %v, want 200 and none", got, r.status().Faults)
	}
	if got := r.status().Sources[1].Files; got != 1 {
		t.Errorf("%d files count, want 1", got)
	}
	r.counts("read again", 800)
}

// A reading that hangs is given up and named; other files go on, it is not asked
// again before it answers, and counts when it does.
func TestReadingHangs(t *testing.T) {
	t.Parallel()
	release, readings := make(chan struct{}), make(chan string, 100)
	r := newRig(t, config+"timeout: 1s\n", "base.csv", smallBase, "events/1.csv", header+e1, "events/2.csv", header+e3, "late/1.csv", header+e2)
	r.begin(func(o *Options) {
		o.Read = func(path string, opts ingest.Options, emit func(*outage.Batch) error) (*outage.Delivery, error) {
			if strings.HasSuffix(path, "events/1.csv") {
				readings <- path
				<-release
			}
			return ingest.EventsFile(path, opts, emit)
		}
	})
	r.counts("hangs", 650, "grid|events/1.csv|nothing came for 1s")
	r.is(0, metrics.SourceUp, "grid")
	r.is(1, metrics.SourceUp, "metering")
	if len(readings) != 1 {
		t.Errorf("%d readings, want one that is waited for", len(readings))
	}
	hang := r.files.sources[0].bad[r.path("events/1.csv")].hang
	close(release)
	<-hang.ended
	r.counts("answers", 850)
}

// So does a base, before which there is nothing.
func TestBaseHangs(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	r := newRig(t, config+"timeout: 1s\n", "base.csv", smallBase, "events/1.csv", header+e1)
	r.begin(func(o *Options) {
		o.ReadBase = func(path string, opts ingest.Options) ([]outage.Customers, *outage.Delivery, error) {
			<-release
			return ingest.BaseFile(path, opts)
		}
	})
	r.counts("hangs", -1, "base|base.csv|nothing came for 1s", "|files|")
	hang := r.files.base.bad[r.path("base.csv")].hang
	close(release)
	<-hang.ended
	r.counts("answers", 200)
}

// A look that does not come back leaves everything as it is.
func TestLookHangs(t *testing.T) {
	t.Parallel()
	r := small(t)
	ended := make(chan struct{})
	r.files.sources[0].hang = &hungError{time.Second, ended}
	r.remove("events/2.csv")
	r.counts("hangs", 850, "grid|events|nothing came for 1s: the file or its file system hangs")
	close(ended)
	r.counts("comes back", 250)
}

func TestReadingPanics(t *testing.T) {
	t.Parallel()
	wrong := true
	r := newRig(t, config, "base.csv", smallBase, "events/1.csv", header+e1, "events/2.csv", header+e3).begin(func(o *Options) {
		o.Read = func(path string, opts ingest.Options, emit func(*outage.Batch) error) (*outage.Delivery, error) {
			d, err := ingest.EventsFile(path, opts, emit)
			if strings.HasSuffix(path, "1.csv") && wrong {
				panic("a wrong turn")
			}
			return d, err
		}
		o.ReadBase = func(path string, opts ingest.Options) ([]outage.Customers, *outage.Delivery, error) {
			if wrong && strings.HasSuffix(path, "b.csv") {
				panic("another one")
			}
			return ingest.BaseFile(path, opts)
		}
	})
	r.counts("panics", 600, "grid|events/1.csv|a mistake in the program: a wrong turn")
	r.put("saidi.yml", strings.Replace(config, "base.csv", "b.csv", 1), later)
	r.put("b.csv", smallBase, later)
	if err := r.reload(t.Context()); err == nil || !strings.Contains(err.Error(), "another one") {
		t.Errorf("got %v of a base whose reading panics", err)
	}
}

// A bad file is tried again after a while although it looks the same: it may have
// been another thing that was wrong. A hanging one is as soon as it answers.
func TestWorthReading(t *testing.T) {
	t.Parallel()
	s := newSource(SourceConfig{Name: "grid"}, 0)
	f := file("a.csv", noon)
	s.isBad(f, errors.New("bad"), noon)
	ended := make(chan struct{})
	s.isBad(file("b.csv", noon), &hungError{time.Second, ended}, noon)
	changed := f
	changed.Size++
	tests := []struct {
		name string
		got  bool
		want bool
	}{
		{"another file", s.worthReading(file("c.csv", noon), noon), true},
		{"the bad one", s.worthReading(f, noon.Add(retryAfter-1)), false},
		{"after a while", s.worthReading(f, noon.Add(retryAfter)), true},
		{"changed", s.worthReading(changed, noon), true},
		{"hanging", s.worthReading(file("b.csv", later), noon.Add(24*time.Hour)), false},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %t, want %t", tt.name, tt.got, tt.want)
		}
	}
	close(ended)
	if !s.worthReading(file("b.csv", noon), noon) {
		t.Error("not read again once it answers")
	}
}

// Open outages grow with the clock, and end when the file says so.
func TestOpenOutageGrows(t *testing.T) {
	t.Parallel()
	r := small(t, "events/3.csv", header+open4)
	r.now = time.Date(2022, time.May, 1, 10, 0, 0, 0, noon.Location())
	r.counts("two hours", 850+400)
	r.is(200, metrics.InterruptedCustomers, "haixi")
	r.now = r.now.Add(22 * time.Hour)
	r.counts("a day", 850+24*200)
	r.put("events/4.csv", header+"E4,F3,2022-05-01 08:00:00,2022-05-01 13:00:00,200\n", later)
	r.counts("it ended", 850+1000)
	r.is(0, metrics.InterruptedCustomers, "haixi")
}

// The year to date begins anew at new year; the year before is shown until it is
// settled.
func TestNewYear(t *testing.T) {
	t.Parallel()
	covers := strings.Replace(config, "files: events", "files: events, covers: {from: 2022-01-01, to: 2024-01-01}", 1)
	r := newRig(t, covers, "base.csv", smallBase, "events/1.csv", header+e1+e2+e3).begin(nil)
	r.now = time.Date(2023, time.January, 1, 0, 0, 0, 0, noon.Location())
	r.counts("at midnight the year is whole", 850)
	if !shows(r, snapshot.WholeYear) || shows(r, snapshot.YearToDate) {
		t.Error("at midnight the year is not shown as a whole")
	}
	r.now = r.now.Add(time.Hour)
	r.counts("the new one begins", 0)
	if !shows(r, snapshot.WholeYear) || !shows(r, snapshot.YearToDate) {
		t.Error("the year before is not shown beside the new one")
	}
	r.now = r.now.Add(time.Duration(r.files.policy.Settle) * time.Second)
	r.counts("settled", 0)
	if shows(r, snapshot.WholeYear) {
		t.Error("a settled year is still shown")
	}
}

// shows says whether a window is on the page of metrics.
func shows(r *rig, window string) bool {
	_, ok := value(r.t, r.Metrics(), metrics.EquivalentCustomers, window)
	return ok
}

func TestReload(t *testing.T) {
	t.Parallel()
	r := small(t)
	r.is(1, metrics.ConfigReloadSuccessful)
	reload := func(want string) {
		t.Helper()
		err := r.reload(t.Context())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("reload: got %v, want %q", err, want)
		}
	}
	r.put("saidi.yml", config+"polcy: x\n", later)
	reload(`saidi.yml:6: unknown key "polcy": the nearest known is "policy"`)
	r.counts("a wrong key", 850, `|reload|saidi.yml:6: unknown key "polcy"`)
	r.is(0, metrics.ConfigReloadSuccessful)
	r.put("saidi.yml", config+"mapping: none.yaml\n", later)
	reload("none.yaml")
	r.put("saidi.yml", config+"ledger: none.yaml\n", later)
	reload("read ledger")
	r.put("saidi.yml", strings.Replace(config, "base.csv", "none.csv", 1), later)
	reload("none.csv: no such file")
	r.counts("a base that is not there", 850, "|reload|the customer base cannot be read")
	r.put("saidi.yml", "base: base.csv\nquiet: 0s\nsources:\n- {name: grid, files: events}\n", later)
	reload("")
	r.counts("a source less", 800)
	r.is(1, metrics.ConfigReloadSuccessful)
	r.put("saidi.yml", config, later)
	reload("")
	r.counts("as before", 850)
	n, _ := value(t, r.Metrics(), metrics.IngestRowsTotal, "grid", "accepted")
	if n != 6 {
		t.Errorf("%v rows of grid since the start, want 6: two, read three times", n)
	}
}

// A reload takes nothing away that cannot be read just now. What is gone from a
// place that can be read, it does.
func TestReloadKeeps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		happen func(*rig)
		want   string // the error
		hours  float64
	}{
		{"a file turned bad", func(r *rig) { r.put("events/1.csv", "no events", later) }, "events/1.csv counts and cannot be read now", 850},
		{"a folder is gone", func(r *rig) { r.remove("events") }, "counts and cannot be read now", 850},
		{"a file is being written", func(r *rig) {
			r.put("saidi.yml", strings.Replace(config, "quiet: 0s", "quiet: 1h", 1), later)
			r.put("events/1.csv", header, time.Now())
		}, "it is being written", 650},
		{"the base is being written", func(r *rig) {
			r.put("saidi.yml", strings.Replace(config, "quiet: 0s", "quiet: 1h", 1), later)
			r.put("base.csv", smallBase, time.Now())
		}, "changed files wait until the customer base can be read", 850},
		{"all files are gone", func(r *rig) { r.remove("events/1.csv", "events/2.csv") }, "", 50},
		{"a bad file that never counted", func(r *rig) { r.put("events/3.csv", "no events", later) }, "", 850},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := small(t)
			tt.happen(r)
			r.Step()
			if err := r.reload(t.Context()); (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			r.Step()
			if got := r.hours(); got != tt.hours {
				t.Errorf("%v customer-hours, want %v", got, tt.hours)
			}
		})
	}
}

// Sources may tell of the same events: the file that was written last has the last
// word, whichever source it is of and whenever it came.
func TestLastWordOverSources(t *testing.T) {
	t.Parallel()
	named := "event_id,feeder_id,start,end,customers,source\n"
	row := func(end string) string {
		return named + "E1,F1,2022-03-01 08:00:00,2022-03-01 " + end + ":00:00,100,scada\n"
	}
	r := newRig(t, config, "base.csv", smallBase, "late/1.csv", row("09"), "events/1.csv", row("10")).begin(nil)
	r.counts("the later one", 200)
	r.put("late/2.csv", row("11"), later)
	r.counts("a later one", 300)
	r.put("events/2.csv", row("12"), later.Add(-time.Second))
	r.counts("an older one that comes late", 300)
	if err := r.reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.counts("as after a restart", 300)
}

// Without anything to follow the program runs and says nothing.
func TestNothingFollowed(t *testing.T) {
	t.Parallel()
	r := &rig{t: t, now: noon}
	r.begin(func(o *Options) {
		o.Load = func() (*Config, error) { c := DefaultConfig(); return &c, nil }
	})
	r.counts("nothing", -1)
	if err := r.reload(t.Context()); err != nil {
		t.Error(err)
	}
	r.is(1, metrics.ConfigReloadSuccessful)
}

// What is wrong with the configuration at the start is an error, not a fault.
func TestNewFails(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"configuration": "bse: a\n", "mapping": "mapping: none.yaml\n", "ledger": "ledger: none.yaml\n", "mapping of a source": "base: a.csv\nsources: [{name: a, files: a.csv, mapping: none.yaml}]\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, text)
			a, err := New(Options{Load: func() (*Config, error) { return LoadConfig(r.path("saidi.yml")) }})
			if err == nil || a != nil {
				t.Errorf("got %v, %v, want an error", a, err)
			}
		})
	}
}

// Whoever asks for a reload and goes away is not waited for.
func TestReloadIsGivenUp(t *testing.T) {
	t.Parallel()
	r := small(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Reload(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was given up", err)
	}
}
