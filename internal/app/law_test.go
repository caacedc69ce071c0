package app

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/ingest"
	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/simulate"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/source/folder"
)

// However the files came to be as they are, and whatever the clock went through,
// the snapshot is the one of a program that has just begun and finds the files
// that can be read: nothing is counted twice, kept, or missed.
func TestLawAsIfJustBegun(t *testing.T) {
	t.Parallel()
	tests := []struct {
		zone     string
		from, to time.Time
	}{
		{"Asia/Shanghai", time.Date(2021, time.December, 20, 8, 0, 0, 0, time.UTC), time.Date(2023, time.February, 25, 0, 0, 0, 0, time.UTC)}, // until the year is settled
		{"Europe/Berlin", time.Date(2022, time.March, 20, 8, 0, 0, 0, time.UTC), time.Date(2022, time.November, 5, 0, 0, 0, 0, time.UTC)},     // from before to after summer time
	}
	for seed, tt := range tests {
		t.Run(tt.zone, func(t *testing.T) {
			t.Parallel()
			if underRace { // which takes ten times as long; make quick goes all the way
				tt.to = tt.from.AddDate(0, 0, 75)
			}
			newWalk(t, tt.zone, tt.from, uint64(seed)).run(tt.to)
		})
	}
}

// A walk is a year and more in the life of a folder.
type walk struct {
	*rig
	rand   *rand.Rand
	months []string // files that have not come yet
	spare  []string // of months, to replace files with
	zone   *time.Location

	real    map[string]*content // what is in the folder
	counted map[string]*content // what is to count
	shadow  *rig                // a folder with just that
	fresh   *files              // what begins there
	written int                 // files so far
}

// A content is what a file holds, and since when.
type content struct {
	text string
	folder.File
	bad bool
}

const walkConfig = "policy: policy.yaml\nbase: base\nquiet: 0s\nsources:\n- {name: grid, files: grid, covers: {from: 2021-01-01, to: 2022-06-01}}\n- {name: late, files: late, each_covers: 40d}\n"

func newWalk(t *testing.T, zone string, begin time.Time, seed uint64) *walk {
	w := &walk{rand: rand.New(rand.NewPCG(seed, 1)), real: map[string]*content{}, counted: map[string]*content{}}
	w.rig = &rig{t: t, dir: t.TempDir(), now: begin}
	w.shadow = &rig{t: t, dir: t.TempDir(), now: begin}
	text, err := os.ReadFile("../../policy/qinghai.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*rig{w.rig, w.shadow} {
		r.put("saidi.yml", walkConfig, begin)
		r.put("policy.yaml", strings.Replace(string(text), "Asia/Shanghai", zone, 1), begin)
		for _, dir := range []string{"base", "grid", "late"} {
			r.put(dir+"/.keep", "", begin)
		}
	}
	if w.zone, err = time.LoadLocation(zone); err != nil {
		t.Fatal(err)
	}
	c, err := LoadConfig(w.shadow.path("saidi.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if w.fresh, err = newFiles(c, w.elsewhere, ingest.BaseFile); err != nil {
		t.Fatal(err)
	}
	w.cut(seed)
	for range 12 {
		w.arrives()
	}
	return w
}

// elsewhere reads a file of the other folder as if it lay in the first.
func (w *walk) elsewhere(path string, opts ingest.Options, emit func(*outage.Batch) error) (*outage.Delivery, error) {
	d, err := ingest.EventsFile(path, opts, emit)
	if d != nil {
		d.Path = strings.Replace(path, w.shadow.dir, w.dir, 1)
	}
	return d, err
}

// cut makes up a province and cuts its deliveries into months.
func (w *walk) cut(seed uint64) {
	o := simulate.DefaultOptions()
	o.Seed, o.First, o.Last, o.Scale = seed, 2021, 2022, 0.02
	p, err := simulate.New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	var base bytes.Buffer
	if _, err := simulate.WriteCustomers(&base, simulate.CanonicalCSV, p.Customers()); err != nil {
		w.t.Fatal(err)
	}
	w.write("base/customers.csv", base.String(), false)
	for _, d := range []simulate.Delivery{simulate.First, simulate.Late} {
		var rows []simulate.Record
		for r := range p.Records(d) {
			rows = append(rows, *r)
		}
		for month := range 26 {
			from := time.Date(2020, time.December+time.Month(month), 1, 0, 0, 0, 0, time.UTC)
			w.months = append(w.months, csvOf(w.t, rows, from.Unix(), from.AddDate(0, 1, 0).Unix()))
		}
	}
	w.spare = w.months
}

// csvOf writes the rows that start in a time.
func csvOf(t testing.TB, rows []simulate.Record, from, to int64) string {
	t.Helper()
	var all iter.Seq[*simulate.Record] = func(yield func(*simulate.Record) bool) {
		for i := range rows {
			if rows[i].Start >= from && rows[i].Start < to && !yield(&rows[i]) {
				return
			}
		}
	}
	var text bytes.Buffer
	if _, err := simulate.WriteEvents(&text, simulate.CanonicalCSV, all); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// write puts a file into the folder, written now.
func (w *walk) write(name, text string, bad bool) {
	w.written++
	at := w.now.Add(time.Duration(w.written) * time.Millisecond)
	w.put(name, text, at)
	w.real[name] = &content{text, folder.File{Path: w.path(name), Size: int64(len(text)), Modified: at}, bad}
}

// arrives puts the next month into one of the sources, sometimes with the time of
// writing that it had elsewhere.
func (w *walk) arrives() {
	if len(w.months) == 0 {
		return
	}
	name := fmt.Sprintf("%s/%03d.csv", []string{"grid", "late"}[w.rand.IntN(2)], len(w.months))
	w.write(name, w.months[0], false)
	w.months = w.months[1:]
	if w.rand.IntN(3) == 0 {
		c := w.real[name]
		c.Modified = c.Modified.Add(-time.Duration(w.rand.IntN(60*24)) * time.Hour)
		w.put(name, c.text, c.Modified)
	}
}

// garbage is what no reader takes for events.
var garbage = []string{"PK\x03\x04 no workbook", "a,b\n1,2\n", "\x1f\x8bno gzip", "PAR1 no parquet"}

// unreadable is garbage, or a month whose reading fails at its very end.
func (w *walk) unreadable() string {
	if w.rand.IntN(2) == 0 {
		return garbage[w.rand.IntN(len(garbage))]
	}
	return w.spare[w.rand.IntN(len(w.spare))]
}

// read reads a file, and fails behind the last row where it is to be bad.
func (w *walk) read(path string, opts ingest.Options, emit func(*outage.Batch) error) (*outage.Delivery, error) {
	d, err := ingest.EventsFile(path, opts, emit)
	if w.real[strings.TrimPrefix(path, w.dir+"/")].bad {
		err = errors.Join(err, errors.New("the file ends too early"))
	}
	return d, err
}

// happens does one thing to the folder.
func (w *walk) happens() {
	var names []string
	for name := range w.real {
		if !strings.HasPrefix(name, "base/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	some := names[w.rand.IntN(len(names))]
	switch w.rand.IntN(10) {
	case 0, 1, 2, 3:
		w.arrives()
	case 4:
		w.write(some, w.spare[w.rand.IntN(len(w.spare))], false)
	case 5: // never the last one of its source
		if dir, _, _ := strings.Cut(some, "/"); slices.IndexFunc(names, func(n string) bool { return n != some && strings.HasPrefix(n, dir) }) >= 0 {
			w.remove(some)
			delete(w.real, some)
		}
	case 6:
		w.write(fmt.Sprintf("grid/bad-%d.csv", w.written), w.unreadable(), true)
	case 7:
		w.write(some, w.unreadable(), true)
	case 8:
		w.mend(names)
	case 9:
		c := w.real["base/customers.csv"]
		switch w.rand.IntN(3) {
		case 0:
			w.write("base/customers.csv", strings.Replace(c.text, ",1", ",2", 1), false)
		case 1:
			w.write("base/customers.csv", "no base\n", true)
			w.real["base/customers.csv"].text = c.text // to be mended with
		case 2:
			w.write("base/customers.csv", c.text, false)
		}
	}
}

// mend replaces everything that cannot be read.
func (w *walk) mend(names []string) {
	for _, name := range names {
		if w.real[name].bad {
			w.write(name, w.spare[w.rand.IntN(len(w.spare))], false)
		}
	}
	if c := w.real["base/customers.csv"]; c.bad {
		w.write("base/customers.csv", c.text, false)
	}
}

// expect works out what is to count: all that can be read; but while something
// that counts cannot be read as it is now, only what comes behind is added.
func (w *walk) expect() {
	readable := maps.Clone(w.real)
	maps.DeleteFunc(readable, func(_ string, c *content) bool { return c.bad })
	blocked := false
	var last candidate
	for name, c := range w.counted {
		now := w.real[name]
		blocked = blocked || now != nil && now.bad
		if d := w.candidate(name, c); !strings.HasPrefix(name, "base/") && last.before(d) {
			last = d
		}
	}
	if !blocked {
		w.counted = readable
		return
	}
	for name, c := range readable {
		if w.counted[name] == nil && last.before(w.candidate(name, c)) {
			w.counted[name] = c
		}
	}
}

func (w *walk) candidate(name string, c *content) candidate {
	if strings.HasPrefix(name, "late/") {
		return candidate{1, c.File}
	}
	return candidate{0, c.File}
}

// moves moves the clock: by hours or days, or to the very midnight.
func (w *walk) moves() {
	if w.rand.IntN(4) == 0 {
		y, m, d := w.now.In(w.zone).Date()
		w.now = time.Date(y, m, d+1, 0, 0, 0, 0, w.zone)
		return
	}
	w.now = w.now.Add([]time.Duration{time.Hour, 20 * time.Hour, 4 * 24 * time.Hour, 20 * 24 * time.Hour}[w.rand.IntN(4)])
}

func (w *walk) run(to time.Time) {
	w.expect()
	w.begin(func(o *Options) { o.Read = w.read })
	w.agrees("at the beginning")
	steps, faulty := 0, 0
	for step := 0; w.now.Before(to); step++ {
		w.moves()
		for range w.rand.IntN(3) {
			w.happens()
		}
		w.expect()
		w.Step()
		w.agrees(fmt.Sprintf("step %d", step))
		steps, faulty = step+1, faulty+len(w.status().Faults)
		if w.t.Failed() {
			return
		}
	}
	least := 40
	if underRace {
		least = 15
	}
	if steps < least || faulty < least/4 {
		w.t.Errorf("%d steps with %d faults: the walk says little", steps, faulty)
	}
}

// agrees compares with a program that has just begun in a folder with what is to
// count.
func (w *walk) agrees(when string) {
	w.t.Helper()
	w.shadow.remove("base", "grid", "late")
	for _, dir := range []string{"base", "grid", "late"} {
		w.shadow.put(dir+"/.keep", "", noon)
	}
	for name, c := range w.counted {
		w.shadow.put(name, c.text, c.Modified)
	}
	want := w.justBegun()
	got := w.status().Snapshot
	if got == nil {
		w.t.Fatalf("%s at %v: no snapshot: %v", when, w.now, w.status().Faults)
	}
	if reflect.DeepEqual(got, want) {
		return
	}
	if g, f := answerOf(w.t, got), strings.ReplaceAll(answerOf(w.t, want), w.shadow.dir, w.dir); g != f {
		w.t.Errorf("%s at %v: the answer differs (-just begun +going on):\n%s", when, w.now, cmp.Diff(strings.Split(f, ","), strings.Split(g, ",")))
	}
	if !reflect.DeepEqual(got.Detail, want.Detail) {
		w.t.Errorf("%s at %v: the detail differs (-just begun +going on):\n%s", when, w.now, cmp.Diff(want.Detail, got.Detail))
	}
}

// justBegun is the first snapshot of a program that begins in the other folder.
func (w *walk) justBegun() *snapshot.Snapshot {
	w.t.Helper()
	f := *w.fresh
	f.base, f.sources = newSource(w.fresh.base.SourceConfig, 0), nil
	for _, s := range w.fresh.sources {
		f.sources = append(f.sources, newSource(s.SourceConfig, 0))
	}
	begun, _ := f.update(time.Now())
	if errs := f.errs(); begun == nil || len(errs) > 0 {
		w.t.Fatalf("nothing to compare with: %v", errs)
	}
	s, _ := begun.advance(w.now, "saidi test", "test")
	return s
}

// While nothing is out and nothing happens, nothing is counted anew; a file counts
// the groups anew that it speaks of.
func TestNothingIsCountedTwice(t *testing.T) {
	t.Parallel()
	r := small(t)
	groups := func() float64 {
		t.Helper()
		n, ok := value(t, r.Metrics(), metrics.GroupsRecomputedTotal)
		if !ok {
			t.Fatal("no such metric")
		}
		return n
	}
	before := groups()
	if before != 3 {
		t.Errorf("%v groups at first, want 3: one a feeder", before)
	}
	for range 100 {
		r.now = r.now.Add(5 * time.Hour)
		r.Step()
	}
	if got := groups(); got != before {
		t.Errorf("%v groups were counted while nothing happened", got-before)
	}
	r.put("late/2.csv", header+"E5,F2,2022-03-05 08:00:00,2022-03-05 09:00:00,50\n", noon)
	r.counts("a file more", 900)
	if got := groups() - before; got < 1 || got > 2 {
		t.Errorf("%v groups were counted, want one, out and in again at most", got)
	}
}
