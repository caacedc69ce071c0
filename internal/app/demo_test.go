package app

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/simulate"
	"github.com/saidi-exporter/saidi/snapshot"
)

// newDemoRig is a demo on whose clock an hour passes in a second.
func newDemoRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, now: noon}
	return r.begin(func(o *Options) { o.Demo, o.DemoSpeed = true, 3600 })
}

// passes lets simulated time pass.
func (r *rig) passes(simulated time.Duration) {
	r.now = r.now.Add(simulated / 3600)
	r.Step()
}

// read is the rows that were read since the clock began.
func (r *rig) read() (n int64) {
	for _, s := range r.status().Sources {
		n += s.Rows
	}
	return n
}

// toldIn is how many rows the delivery of a time told: what is over by its end is
// told once.
func (d *demo) toldIn(from, to int64) (n int64) {
	for _, t := range d.tellings {
		if t.at > from && t.at <= to && (t.over == 0 || t.over > to) {
			n++
		}
	}
	return n
}

// expected is how many rows are read by now, of those of an earlier step and of
// the delivery since.
func (d *demo) expected(before, told int64) int64 {
	switch {
	case d.told == told:
		return before
	case told > d.told: // from the beginning
		return d.expected(d.toldIn(0, d.from), d.from)
	}
	return before + d.toldIn(told, d.told)
}

// The demo goes through its half-year and begins anew; outages are told open and
// end later, and no row is told twice or not at all.
func TestDemo(t *testing.T) {
	t.Parallel()
	r := newDemoRig(t)
	r.is(1, metrics.SnapshotSynthetic)
	if d := r.status().Demo; d == nil || d.Speed != 3600 || !d.To.After(d.From) {
		t.Fatalf("the page says %+v of the demo", d)
	}
	length := time.Duration(r.demo.to-r.demo.from) * time.Second
	opened, closed, out := 0, 0, 0
	step := func(d time.Duration) {
		t.Helper()
		before, told := r.read(), r.demo.told
		r.passes(d)
		if got, want := r.read(), r.demo.expected(before, told); got != want {
			t.Fatalf("%d rows read, %d told", got, want)
		}
		n := r.status().Snapshot.Quality.OpenEvents
		opened, closed, out = opened+max(0, n-out), closed+max(0, out-n), n
	}
	for range 6 {
		step(6 * time.Hour)
	}
	if opened == 0 || closed == 0 {
		t.Errorf("within 36 hours the number of open outages rose %d and fell %d times", opened, closed)
	}
	for passed := 36 * time.Hour; passed+45*24*time.Hour < length; passed += 45 * 24 * time.Hour {
		step(45 * 24 * time.Hour)
	}
	last := r.read()
	r.now = noon.Add(length/3600 - time.Second/3600)
	step(0)
	if r.read() < last {
		t.Error("the clock began anew too early")
	}
	endOfYear(t, r)
	step(10 * 24 * time.Hour)
	if r.demo.round != 1 || r.read() >= last {
		t.Errorf("round %d with %d rows: the clock did not begin anew", r.demo.round, r.read())
	}
	if err := r.reload(t.Context()); err == nil || err.Error() != "the demo has no configuration to reload" {
		t.Errorf("reload: got %v", err)
	}
	r.now = noon
	step(0) // a clock that is set back
}

// endOfYear compares the demo at its end with one file of all the rows.
func endOfYear(t *testing.T, r *rig) {
	t.Helper()
	d := r.demo
	var file bytes.Buffer
	if _, err := simulate.WriteEvents(&file, simulate.CanonicalCSV, rowsOf(d.tellings[:d.next], d.told)); err != nil {
		t.Fatal(err)
	}
	w, err := newWorld(d.policy, d.base, DefaultConfig().StaleAfter)
	if err != nil {
		t.Fatal(err)
	}
	w.worst = DefaultConfig().Worst
	covers := d.province.Covers()
	for i := range covers {
		covers[i].To = min(covers[i].To, d.told)
	}
	load := w.engine.Begin()
	delivery, err := ingest.Events("all.csv", &file, ingest.Options{Names: d.policy.Names(), Zone: d.policy.Zone, Source: demoName, Covers: covers}, load.Add)
	if err != nil {
		t.Fatal(err)
	}
	if err := load.Commit(delivery); err != nil {
		t.Fatal(err)
	}
	got := r.status().Snapshot
	want, _ := w.advance(time.Unix(got.Detail.AsOf, 0), "saidi test", "test")
	if diff := cmp.Diff(want.Indices, got.Indices); diff != "" {
		t.Errorf("indices differ (-at once +told bit by bit):\n%.3000s", diff)
	}
	if diff := cmp.Diff(want.Targets, got.Targets); diff != "" {
		t.Errorf("targets differ (-at once +told bit by bit):\n%.3000s", diff)
	}
	if diff := cmp.Diff(want.Detail, got.Detail); diff != "" {
		t.Errorf("detail differs (-at once +told bit by bit):\n%.3000s", diff)
	}
	if !shownWhole(got) {
		t.Error("there is no year to date of the whole")
	}
}

func shownWhole(s *snapshot.Snapshot) bool {
	for _, e := range s.Indices {
		if e.Level == "whole" && e.Class == "all" && e.Window == snapshot.YearToDate && e.SAIDIHours != nil {
			return true
		}
	}
	return false
}

// Two demos show the same at the same simulated time, whatever steps they took.
func TestDemoIsDeterministic(t *testing.T) {
	t.Parallel()
	a, b := newDemoRig(t), newDemoRig(t)
	for range 3 {
		a.passes(4 * time.Hour)
	}
	b.passes(12 * time.Hour)
	if diff := cmp.Diff(a.status().Snapshot.Detail, b.status().Snapshot.Detail); diff != "" {
		t.Errorf("detail differs (-by 4 h +at once):\n%.3000s", diff)
	}
	if diff := cmp.Diff(a.status().Snapshot.Indices, b.status().Snapshot.Indices); diff != "" {
		t.Errorf("indices differ (-by 4 h +at once):\n%.3000s", diff)
	}
	if !strings.Contains(answerOf(t, a.status().Snapshot), "synthetic/") {
		t.Error("no delivery is named as synthetic")
	}
}
