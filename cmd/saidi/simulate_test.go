package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/simulate"
	"github.com/saidi-exporter/saidi/snapshot"
)

// simulated runs the command simulate into a folder of its own, and gives the
// arguments that report it.
func simulated(t *testing.T, ending string, args ...string) []string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "province")
	var stdout, stderr bytes.Buffer
	w := world{args: append([]string{"simulate", "--out", dir}, args...), stdout: &stdout, stderr: &stderr, now: time.Now}
	if code := run(w); code != exitDone {
		t.Fatalf("simulate: status %d: %s", code, stderr.String())
	}
	return []string{
		"report", "--format", "json", "--mapping", filepath.Join(dir, "mapping.yaml"), "--base", filepath.Join(dir, "customers"+ending),
		filepath.Join(dir, "events"+ending), filepath.Join(dir, "events-late"+ending),
	}
}

// sizes are the provinces of each level that go through every format, as arguments
// of simulate. Under the race detector workbooks take twenty times as long, and a
// year of the level with more rows has to do; the second pass of make test, without
// it, takes all.
func sizes() map[string][]string {
	if underRace {
		return map[string][]string{levelUnit: {"--level", levelUnit, "--scale", "0.01", "--years", "2022..2022"}}
	}
	return map[string][]string{
		levelFeeder: {"--level", levelFeeder, "--scale", "0.6", "--years", "2021..2022"},
		levelUnit:   {"--level", levelUnit, "--scale", "0.05", "--years", "2021..2022"},
	}
}

// One province in every format gives one answer, byte for byte apart from the
// provenance and from the rows of titles and totals.
func TestSimulatedFormatsAgree(t *testing.T) {
	t.Parallel()
	for level, size := range sizes() {
		var want []byte
		for _, f := range simulate.Formats() {
			s := answer(t, simulated(t, f.Extension(), append(slices.Clone(size), "--format", string(f))...)...)
			if q := s.Quality; q.Accepted == 0 || q.Rejected == 0 || q.OpenEvents == 0 || len(q.RejectedReasons) < 3 {
				t.Errorf("%s, %s: %+v: want rows of every kind", f, level, q)
			}
			for _, file := range s.Provenance.Inputs {
				s.Quality.Rows -= file.Skipped
			}
			s.Provenance = snapshot.Provenance{}
			got := asJSON(t, s)
			if want == nil {
				want = got
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s, %s: another answer than %s", f, level, simulate.Formats()[0])
			}
		}
	}
}

func asJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// level is the average hours without supply of a stratum in the last two years,
// and whether the last is at most 92 % of the one before.
type level struct {
	before, last float64
	reduced      bool
}

// levels are those of the default seed.
var levels = map[string]level{
	"xining urban-core": {2.97, 2.554, true}, "xining urban": {3.78, 3.667, false}, "xining town": {10.13, 8.509, true}, "xining rural": {11.96, 10.525, true},
	"haidong urban-core": {5.66, 4.981, true}, "haidong urban": {10.65, 8.946, true}, "haidong town": {12.58, 13.335, false}, "haidong rural": {24.53, 21.096, true},
	"haixi urban": {7, 6.02, true}, "haixi town": {14.2, 12.496, true}, "haixi rural": {29, 27.55, false},
	"huangnan town": {19, 16.34, true}, "huangnan rural": {33, 32.01, false}, "hainan town": {18, 15.12, true}, "hainan rural": {33, 33.66, false},
	"haibei town": {17.5, 15.225, true}, "haibei rural": {30, 25.8, true}, "golog town": {math.NaN(), 19.36, false}, "golog rural": {math.NaN(), 41.16, false},
	"yushu town": {22, 23.1, false}, "yushu rural": {42, 36.54, true},
}

// The engine finds the levels to which the province is calibrated; at the
// default seed and size it is clear who reduces by 8 % and who meets a cap.
func TestSimulatedLevels(t *testing.T) {
	t.Parallel()
	for _, scale := range []string{"0.3", "1"} {
		values := saidi(answer(t, simulated(t, ".csv", "--scale", scale)...))
		for stratum, want := range levels {
			before, last := values[stratum+" prior_year"], values[stratum+" year"]
			if !near(before, want.before) || !near(last, want.last) {
				t.Errorf("scale %s, %s: %.3f h and %.3f h, want about %.3f h and %.3f h", scale, stratum, before, last, want.before, want.last)
			}
			if ratio := last / before; scale == "1" && (ratio <= 0.92) != want.reduced || math.Abs(ratio-0.92) < 0.015 {
				t.Errorf("scale %s, %s: the last year is %.3f of the one before, too near to 0.92 or on its wrong side", scale, stratum, ratio)
			}
		}
		for _, cap := range []struct {
			scope string
			hours float64
			met   bool
		}{
			{"xining urban-core", 2.73, true}, {"xining urban", 3.48, false}, {"xining town", 9.32, true}, {"xining rural", 11, true},
			{"haidong urban-core", 5.21, true}, {"haidong urban", 9.8, true}, {"haidong town", 11.57, false}, {"haidong rural", 22.57, true},
			{"six-prefectures town", 16.87, true}, {"six-prefectures rural", 29.93, false},
		} {
			if value := values[cap.scope+" year"]; (value <= cap.hours) != cap.met {
				t.Errorf("scale %s, %s: %.3f h against a cap of %v h", scale, cap.scope, value, cap.hours)
			}
		}
	}
}

// At the default seed and size some targets are met and some missed, and some
// cannot be told for want of the base year only.
func TestSimulatedVerdicts(t *testing.T) {
	t.Parallel()
	s := answer(t, simulated(t, ".csv")...)
	if !s.Synthetic || len(s.Targets) != 32 {
		t.Errorf("synthetic %t, %d targets, want 32", s.Synthetic, len(s.Targets))
	}
	for _, x := range s.Targets {
		l, want := levels[x.Scope+" "+x.Class], "missed"
		switch {
		case x.Rule == "cap" && *x.ValueHours <= *x.LimitHours, x.Strength == "duty" && l.reduced:
			want = "met"
		case x.Scope == "golog", x.Strength == "informative":
			want = "cannot-tell"
		}
		if x.Verdict != want {
			t.Errorf("%s %s %s: %s, want %s: %s", x.Scope, x.Class, x.Rule, x.Verdict, want, x.Reasons)
		}
		if reason := x.Reasons[0]; want == "cannot-tell" && reason != "no-base-year" && reason != "base-member-without-data" {
			t.Errorf("%s %s %s cannot be told for %s, want the base year", x.Scope, x.Class, x.Rule, reason)
		}
	}
}

// near says whether a value is within 10 % of another, or both are missing.
func near(got, want float64) bool {
	if math.IsNaN(want) {
		return math.IsNaN(got)
	}
	return math.Abs(got-want) <= want/10
}

// saidi gives the values of an answer by scope, class and window; NaN where
// nobody was ever out.
func saidi(s *snapshot.Snapshot) map[string]float64 {
	values := map[string]float64{}
	for _, e := range s.Indices {
		value := math.NaN()
		if e.SAIDIHours != nil && e.CustomerSeconds > 0 {
			value = *e.SAIDIHours
		}
		values[e.Scope+" "+e.Class+" "+e.Window] = value
	}
	return values
}

// Reported, mended and delivered again, a simulated province has no rejected rows
// and the indices of the province that never was dirty.
func TestSimulatedMended(t *testing.T) {
	t.Parallel()
	for level, scale := range map[string]float64{levelFeeder: 0.6, levelUnit: 0.06} {
		args := []string{"--scale", fmt.Sprint(scale), "--seed", "5", "--level", level}
		clean := answer(t, simulated(t, ".csv", append(args, "--clean")...)...)
		report := simulated(t, ".csv", args...)
		rejects := filepath.Join(t.TempDir(), "rejects.csv")
		dirty := answer(t, append(report, "--rejects", rejects)...)
		if dirty.Quality.Rejected < 10 || bytes.Equal(asJSON(t, dirty.Indices), asJSON(t, clean.Indices)) || clean.Quality.Rejected != 0 {
			t.Fatalf("%s: %d rejected rows, %d in the clean province: want many that matter, and none", level, dirty.Quality.Rejected, clean.Quality.Rejected)
		}
		o := simulate.DefaultOptions()
		o.Seed, o.Scale, o.Units, o.Clean = 5, scale, level == levelUnit, true
		again := deliverAgain(t, o, rejectedEvents(t, rejects))
		mended := answer(t, append(report, again)...)
		if mended.Quality.Rejected != 0 {
			t.Errorf("%s: %d rows are still rejected: %v", level, mended.Quality.Rejected, mended.Quality.RejectedReasons)
		}
		for k := range clean.Indices {
			if got, want := asJSON(t, mended.Indices[k]), asJSON(t, clean.Indices[k]); !bytes.Equal(got, want) {
				t.Fatalf("%s: got %s\nwant %s", level, got, want)
			}
		}
	}
}

// rejectedEvents are the ids in a file of rejected rows.
func rejectedEvents(t *testing.T, path string) []string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], "event_id")
	var ids []string
	for _, row := range rows[1:] {
		ids = append(ids, row[at])
	}
	return ids
}

// deliverAgain writes whole events as they should have been, one revision up.
func deliverAgain(t *testing.T, o simulate.Options, ids []string) string {
	t.Helper()
	p, err := simulate.New(o)
	if err != nil {
		t.Fatal(err)
	}
	var mended iter.Seq[*simulate.Record] = func(yield func(*simulate.Record) bool) {
		for r := range p.Records(simulate.First) {
			if !slices.Contains(ids, r.ID) {
				continue
			}
			r.Revision = 1
			if !yield(r) {
				return
			}
		}
	}
	var b bytes.Buffer
	if rows, err := simulate.WriteEvents(&b, simulate.CanonicalCSV, mended); err != nil || rows < int64(len(ids)) {
		t.Fatalf("%d rows of %d rejected ones, %v", rows, len(ids), err)
	}
	return put(t, t.TempDir(), "again.csv", b.Bytes())
}
