package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/source/folder"
	"github.com/saidi-exporter/saidi/web"
)

// A rig is an App over a folder of its own, whose clock is moved by hand.
type rig struct {
	*App
	t   testing.TB
	dir string
	now time.Time
	log bytes.Buffer
}

const (
	smallBase = `feeder_id,area,class,customers
F1,xining,rural,100
F2,xining,rural,50
F3,haixi,town,200
`
	header = "event_id,feeder_id,start,end,customers\n"
	e1     = "E1,F1,2022-03-01 08:00:00,2022-03-01 10:00:00,100\n" // 200 customer-hours
	e2     = "E2,F2,2022-03-02 08:00:00,2022-03-02 09:00:00,50\n"  // 50
	e3     = "E3,F3,2022-03-03 08:00:00,2022-03-03 11:00:00,200\n" // 600
	open4  = "E4,F3,2022-05-01 08:00:00,,200\n"                    // 200 an hour
	config = "base: base.csv\nquiet: 0s\nsources:\n- {name: grid, files: events}\n- {name: metering, files: late}\n"
)

// noon is a moment at which the outages of the small world are over.
var noon = time.Date(2022, time.April, 1, 12, 0, 0, 0, time.FixedZone("", 8*3600))

// newRig makes a rig of a configuration and files, each a name and its content,
// which are an hour old at noon and a second apart, in this order.
func newRig(t testing.TB, config string, files ...string) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), now: noon}
	r.put("saidi.yml", config, noon)
	for _, dir := range []string{"events", "late"} {
		if err := os.Mkdir(filepath.Join(r.dir, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < len(files); i += 2 {
		r.put(files[i], files[i+1], noon.Add(-time.Hour+time.Duration(i)*time.Second))
	}
	return r
}

// begin makes the App; change may change its options.
func (r *rig) begin(change func(*Options)) *rig {
	r.t.Helper()
	o := Options{
		Load: func() (*Config, error) { return LoadConfig(r.path("saidi.yml")) }, Now: func() time.Time { return r.now },
		Program: "saidi test", TZData: "test", Log: slog.New(slog.NewTextHandler(&r.log, nil)),
	}
	if change != nil {
		change(&o)
	}
	var err error
	if r.App, err = New(o); err != nil {
		r.t.Fatal(err)
	}
	r.Step()
	return r
}

// small is the rig that most tests begin with: three outages in two sources.
func small(t testing.TB, files ...string) *rig {
	t.Helper()
	return newRig(t, config, append([]string{"base.csv", smallBase, "events/1.csv", header + e1, "late/1.csv", header + e2, "events/2.csv", header + e3}, files...)...).begin(nil)
}

func (r *rig) path(name string) string { return filepath.Join(r.dir, name) }

// put writes a file and sets when it was written.
func (r *rig) put(name, content string, modified time.Time) {
	r.t.Helper()
	path := r.path(name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644), os.Chtimes(path, modified, modified)); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) remove(names ...string) {
	r.t.Helper()
	for _, name := range names {
		if err := os.RemoveAll(r.path(name)); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *rig) status() *web.Status { return r.state.Load().status }

// hours is the customer-hours of the whole in the year to date, −1 without a
// snapshot.
func (r *rig) hours() float64 {
	r.t.Helper()
	s := r.status().Snapshot
	if s == nil {
		return -1
	}
	for _, e := range s.Indices {
		if e.Level == "whole" && e.Class == "all" && (e.Window == snapshot.YearToDate || e.Window == snapshot.WholeYear) {
			return e.CustomerSeconds.Float() / 3600
		}
	}
	return 0
}

// value is the sum of the samples of a metric that have some label values, and
// whether there is any.
func value(t testing.TB, p *metrics.Page, name string, labels ...string) (sum float64, ok bool) {
	t.Helper()
	families, err := p.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			var has []string
			for _, l := range m.GetLabel() {
				has = append(has, l.GetValue())
			}
			if !slices.ContainsFunc(labels, func(l string) bool { return !slices.Contains(has, l) }) {
				sum, ok = sum+m.GetGauge().GetValue()+m.GetCounter().GetValue(), true
			}
		}
	}
	return sum, ok
}

// is checks a metric.
func (r *rig) is(want float64, name string, labels ...string) {
	r.t.Helper()
	if got, ok := value(r.t, r.Metrics(), name, labels...); !ok || got != want {
		r.t.Errorf("%s%v is %v (there: %t), want %v", name, labels, got, ok, want)
	}
}

// counts checks the customer-hours, and how many faults there are and that they
// say something.
func (r *rig) counts(what string, hours float64, faults ...string) {
	r.t.Helper()
	r.Step()
	if got := r.hours(); got != hours {
		r.t.Errorf("%s: %v customer-hours, want %v", what, got, hours)
	}
	var told []string
	for _, f := range r.status().Faults {
		told = append(told, f.Source+"|"+strings.TrimPrefix(f.Place, r.dir+"/")+"|"+strings.ReplaceAll(f.What, r.dir+"/", ""))
	}
	slices.Sort(told)
	if len(told) != len(faults) {
		r.t.Errorf("%s: %d faults, want %d:\n%s", what, len(told), len(faults), strings.Join(told, "\n"))
		return
	}
	for i, want := range faults {
		if !strings.Contains(told[i], want) {
			r.t.Errorf("%s: fault %q does not say %q", what, told[i], want)
		}
	}
}

// answerOf is a snapshot as JSON.
func answerOf(t testing.TB, s *snapshot.Snapshot) string {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// file is a file as a look may find it.
func file(path string, modified time.Time) folder.File {
	return folder.File{Path: path, Size: 1, Modified: modified}
}
