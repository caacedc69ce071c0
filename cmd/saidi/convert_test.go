package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/simulate"
	"github.com/saidi-exporter/saidi/snapshot"
)

// converted runs the command convert and gives the file that it wrote.
func converted(t *testing.T, args ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "converted.parquet")
	var stdout, stderr bytes.Buffer
	w := world{args: append([]string{"convert", "--out", out}, args...), stdout: &stdout, stderr: &stderr, now: time.Now}
	if code := run(w); code != exitDone {
		t.Fatalf("convert: status %d: %s", code, stderr.String())
	}
	return out
}

// A province says the same after its files are converted: every index, target
// and number of quality.
func TestConvertedProvince(t *testing.T) {
	t.Parallel()
	for level, size := range sizes() {
		for _, f := range []simulate.Format{simulate.CanonicalCSV, simulate.UtilityXLSX, simulate.Parquet} {
			report := simulated(t, f.Extension(), append(slices.Clone(size), "--format", string(f), "--clean")...)
			want := withoutProvenance(answer(t, report...))
			n := len(report)
			mapping, base, events, late := report[n-5], report[n-3], report[n-2], report[n-1]
			got := withoutProvenance(answer(t, "report", "--format", "json", "--mapping", mapping,
				"--base", converted(t, "--base", "--mapping", mapping, base),
				converted(t, "--mapping", mapping, events), converted(t, "--mapping", mapping, late)))
			if diff := cmp.Diff(string(asJSON(t, want)), string(asJSON(t, got))); diff != "" {
				t.Errorf("%s, %s (-original +converted):\n%s", level, f, diff)
			}
		}
	}
}

// withoutProvenance is an answer without what tells of the files, and the rows
// of titles and totals.
func withoutProvenance(s *snapshot.Snapshot) *snapshot.Snapshot {
	for _, file := range s.Provenance.Inputs {
		s.Quality.Rows -= file.Skipped
	}
	s.Provenance = snapshot.Provenance{}
	return s
}

// Rows that are rejected are left out and nothing else changes; what was flagged
// is flagged again.
func TestConvertedRows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	base := put(t, dir, "base.csv", []byte("feeder_id,area,class,customers\nF1,西宁市,市区,120\nF1,西宁市,农村,80\nF2,海东市,城镇,300\n三号线,玉树州,农村,40\n"))
	mapping := put(t, dir, "mapping.yaml", []byte("columns: {event_id: nr, customers: n, feeder_id: line}\nvalues: {nature: {计划: planned_maintenance}}\nsource: dms\nrepeated: stages\n"))
	remaining := put(t, dir, "remaining.yaml", []byte("repeated: stages\n"))
	events := map[string][]byte{
		"truth": asCSV(truth(400), ','),
		"odd": []byte("nr,line,地市,地区特征,停电开始时间,停电结束时间,n,停电性质,停电时户数,steps,revision,cancelled,配变容量\n" +
			"E1,F1,西宁,,2022-01-05 08:00,2022-01-05 10:00,10,计划,20,,,,315.5\nE1,F1,西宁,,2022-01-05 08:00,2022-01-05 11:00,20,计划,,,,,\n" +
			"E2,F1,,火星,2022-02-05 08:00,2022-02-05 23:59:59,30,谜,1000,,,,\nE3,F2,Atlantis,城镇,2022-02-05 08:00,2022-05-05 10:00,5,,,,2,,\n" +
			"E4,F2,,,2022-03-01 08:00,2022-03-01 12:00,100,故障,,\"[{\"\"at\"\":\"\"2022-03-01 09:30\"\",\"\"restored\"\":60}]\",,,\n" +
			"E5,F2,,,2022-03-02 08:00,2022-03-02 07:00,9,,,,,,\nE6,F2,,,,,,,,,1,是,\nE3,F2,,,,,,,,,3,是,\nE7,F2,,,2022-12-01 08:00,,7,,,,,,\n"),
	}
	for name, text := range events {
		path := put(t, dir, name+".csv", text)
		report := []string{"report", "--base", base, "--format", "json", "--as-of", "2023-01-01"}
		convert, again := []string{path}, report
		if name == "odd" {
			report, convert, again = append(report, "--mapping", mapping), append(convert, "--mapping", mapping), append(again, "--mapping", remaining)
		}
		want, got := answer(t, append(report, path)...), answer(t, append(again, converted(t, convert...))...)
		if want.Quality.Rejected == 0 {
			t.Errorf("%s: %d rejected rows: want some", name, want.Quality.Rejected)
		}
		if diff := cmp.Diff(string(asJSON(t, want.Indices)), string(asJSON(t, got.Indices))); diff != "" {
			t.Errorf("%s: indices (-original +converted):\n%s", name, diff)
		}
		want.Quality.Rows, want.Quality.Rejected, want.Quality.RejectedReasons = got.Quality.Rows, got.Quality.Rejected, got.Quality.RejectedReasons
		if diff := cmp.Diff(string(asJSON(t, want.Quality)), string(asJSON(t, got.Quality))); diff != "" {
			t.Errorf("%s: quality (-original +converted):\n%s", name, diff)
		}
	}
}
