package metrics_test

import (
	"bytes"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/saidi-exporter/saidi/metrics"
	"github.com/saidi-exporter/saidi/snapshot"
)

const day = 86400

// points are n days of the rich snapshot without its detail, in which one value
// grows.
func points(n int) iter.Seq[metrics.Point] {
	return func(yield func(metrics.Point) bool) {
		for i := range n {
			s := richSnapshot()
			s.Detail = nil
			s.Targets[0].ValueHours = new(6 + float64(i)/8)
			if !yield(metrics.Point{Time: asOf.Unix() + int64(i)*day, Snapshot: s}) {
				return
			}
		}
	}
}

func history(t fataler, all iter.Seq[metrics.Point]) string {
	t.Helper()
	var b bytes.Buffer
	if err := metrics.WriteHistory(&b, all); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHistoryGolden(t *testing.T) {
	t.Parallel()
	golden(t, "history.om", history(t, points(3)))
	if got := history(t, points(0)); got != "# EOF\n" {
		t.Errorf("no point: %q", got)
	}
}

// One point of a history is a part of the page of the same snapshot, with the
// same metadata.
func TestHistoryIsOfThePage(t *testing.T) {
	t.Parallel()
	on := map[string]bool{}
	for line := range strings.Lines(exposition(t, page(t, rich()), openMetrics)) {
		on[line] = true
	}
	stamp := regexp.MustCompile(` [0-9]+\n$`)
	number := regexp.MustCompile(` ([0-9-]+)\n$`)
	families := map[string]bool{}
	for line := range strings.Lines(history(t, points(1))) {
		if !strings.HasPrefix(line, "#") {
			name, _, _ := strings.Cut(line, "{")
			families[name] = true
			line = number.ReplaceAllString(stamp.ReplaceAllString(line, "\n"), " $1.0\n")
		}
		if !on[line] {
			t.Errorf("not on the page: %s", line)
		}
	}
	want := []string{
		metrics.ReductionRatio, metrics.SAIDISeconds, metrics.SAIFI, metrics.TargetBudgetCustomerSeconds, metrics.TargetBudgetRemainingCustomerSeconds,
		metrics.TargetExpectedSeconds, metrics.TargetLimitSeconds, metrics.TargetMissProbabilityRatio, metrics.TargetProjectedSeconds, metrics.TargetReductionRatio, metrics.TargetValueSeconds, metrics.TargetVerdict,
	}
	var got []string
	for name := range families {
		got = append(got, name)
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("families (-want +got):\n%s", diff)
	}
}

// A series stands together, in order of time, as the format asks.
func TestHistoryKeepsSeriesTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "points")
		seen, last := map[string]int{}, ""
		for line := range strings.Lines(history(t, points(n))) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			series := line[:strings.LastIndex(line, "}")+1]
			if series != last && seen[series] > 0 {
				t.Fatalf("%s is in two places", series)
			}
			last = series
			seen[series]++
		}
		for series, got := range seen {
			if got != n {
				t.Fatalf("%s has %d samples, want %d", series, got, n)
			}
		}
	})
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteHistoryErrors(t *testing.T) {
	t.Parallel()
	at := func(times ...int64) iter.Seq[metrics.Point] {
		var all []metrics.Point
		for _, at := range times {
			all = append(all, metrics.Point{Time: at, Snapshot: &snapshot.Snapshot{}})
		}
		return slices.Values(all)
	}
	twice := richSnapshot()
	twice.Targets = append(twice.Targets, twice.Targets[0])
	for name, c := range map[string]struct {
		points iter.Seq[metrics.Point]
		want   string
	}{
		"backwards":   {at(5, 6, 4), "write history: a point at 4 comes after one at 6"},
		"standing":    {at(5, 5), "write history: a point at 5 comes after one at 5"},
		"two samples": {slices.Values([]metrics.Point{{Time: 7, Snapshot: twice}}), "two samples with the same labels"},
	} {
		var b bytes.Buffer
		err := metrics.WriteHistory(&b, c.points)
		if err == nil || !strings.Contains(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("%s: got %v after %q, want %q", name, err, b.String(), c.want)
		}
	}
	if err := metrics.WriteHistory(&bytes.Buffer{}, at(-5, 0, 5)); err != nil {
		t.Errorf("ascending: %v", err)
	}
	if err := metrics.WriteHistory(fullDisk{}, points(2)); err == nil || err.Error() != "write history: disk full" {
		t.Errorf("full disk: %v", err)
	}
}

// Prometheus makes blocks of a history, and they hold every sample.
func TestHistoryMakesBlocks(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file, blocks := filepath.Join(folder, "history.om"), filepath.Join(folder, "blocks")
	text := history(t, points(40))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := promtool(t, "", "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=720h", file, blocks); err != nil {
		t.Fatalf("create blocks: %v\n%s", err, said)
	}
	if err := os.Mkdir(filepath.Join(blocks, "wal"), 0o700); err != nil { // dump wants one
		t.Fatal(err)
	}
	dumped, err := promtool(t, "", "tsdb", "dump", blocks)
	if err != nil {
		t.Fatalf("dump: %v\n%s", err, dumped)
	}
	want := strings.Count(text, "\n") - strings.Count(text, "#")
	if got := strings.Count(dumped, "{__name__="); got != want || want == 0 {
		t.Errorf("%d samples, want %d", got, want)
	}
	last := `{__name__="outage_target_value_seconds", class="rural", policy="qinghai-2021-101", rule="reduction", scope="xining", strength="duty", year="2022"} 39150 1659974400000`
	if !strings.Contains(dumped, last) {
		t.Errorf("the last sample is missing: %s", last)
	}
}
